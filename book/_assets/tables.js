/* Tables marked "searchable": a filter and buttons above, sorting by a click on a heading. Without scripts they stay whole.
   What is chosen stands in the address, so that what is shown can be sent to others. */
(() => {
  const value = (row, column) => row.cells[column].textContent.trim();

  // "17 000", "13,598 ± 2" and "0.92 eV" are numbers; commas and spaces group digits by three.
  function number(text) {
    const found = text.match(/^[+−-]?\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?(?![\d.])|^[+−-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/);
    return found ? parseFloat(found[0].replace("−", "-").replace(/[ ,]/g, "")) : NaN;
  }

  // Numbers first, then words, then the dash of what there is not.
  function order(a, b) {
    const [x, y] = [number(a), number(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
    return Number.isNaN(x) - Number.isNaN(y) || (a === "–") - (b === "–") || a.localeCompare(b);
  }

  // Return whether a row has a word; "reproduced" is not in the verdict "not reproduced".
  function reader(row) {
    const verdict = row.dataset.verdict ?? "";
    const said = [...row.cells].map((cell) => {
      const text = cell.textContent;
      return cell.querySelector("[class^=verdict-]") ? text.replace(verdict, "") : text;
    });
    const text = said.join(" ").toLowerCase();
    return (word) =>
      text.includes(word) || verdict.startsWith(word) || (!verdict.startsWith("not ") && verdict.includes(word));
  }

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // Buttons that choose rows, a line of them for each facet of the table.
  function buttons(box, asked) {
    return Object.entries(JSON.parse(box.dataset.chips ?? "{}")).map(([facet, words]) => {
      const chips = Object.entries(words).map(([name, label]) => {
        const ariaPressed = String(asked.getAll(facet).includes(name));
        const chip = element("button", { type: "button", className: "chip", value: name, ariaPressed }, `${label} `);
        chip.append(element("span", {}));
        return chip;
      });
      const line = element("div", { className: "chips", role: "group", ariaLabel: facet }, `${facet} `, ...chips);
      const chosen = () => chips.filter((chip) => chip.ariaPressed === "true").map((chip) => chip.value);
      return { facet, chips, line, chosen };
    });
  }

  function enliven(box) {
    const body = box.querySelector("tbody");
    const rows = [...body.rows];
    const has = new Map(rows.map((row) => [row, reader(row)]));
    const asked = new URLSearchParams(location.search);
    const placeholder = box.dataset.placeholder || "Filter";
    const input = element("input", { type: "search", placeholder, ariaLabel: placeholder });
    const count = element("span", { role: "status" });
    const facets = buttons(box, asked);
    box.prepend(element("div", { className: "searchable-tools" }, input, count, ...facets.map(({ line }) => line)));

    const filter = () => {
      const words = input.value.toLowerCase().match(/\bnot \S+|\S+/g) ?? [];
      const choice = facets.map(({ facet, chosen }) => [facet, chosen()]);
      const fits = (row, [facet, names]) => !names.length || names.includes(row.dataset[facet]);
      const matches = rows.filter((row) => words.every(has.get(row)));
      const shown = new Set(matches.filter((row) => choice.every((names) => fits(row, names))));
      for (const row of rows) row.hidden = !shown.has(row);
      // On a button stands how many rows it has among what is chosen otherwise.
      for (const { facet, chips } of facets) {
        const others = choice.filter(([name]) => name !== facet);
        const left = matches.filter((row) => others.every((names) => fits(row, names)));
        for (const chip of chips) {
          chip.lastChild.textContent = left.filter((row) => row.dataset[facet] === chip.value).length;
        }
      }
      count.textContent = `${shown.size} of ${rows.length} rows`;
      const pairs = choice.flatMap(([facet, names]) => names.map((name) => [facet, name]));
      return [...(input.value ? [["find", input.value]] : []), ...pairs];
    };
    const changed = () => {
      const state = new URLSearchParams(filter()).toString();
      history.replaceState(null, "", (state ? `?${state}` : location.pathname) + location.hash);
    };
    input.addEventListener("input", changed);
    for (const chip of facets.flatMap(({ chips }) => chips)) {
      chip.addEventListener("click", () => {
        chip.ariaPressed = String(chip.ariaPressed !== "true");
        changed();
      });
    }
    input.value = asked.get("find") || "";
    filter();

    box.querySelectorAll("thead th").forEach((head, column) => {
      const button = element("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        box.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const sign = up ? 1 : -1;
        body.append(...rows.sort((a, b) => sign * order(value(a, column), value(b, column))));
      });
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".searchable").forEach(enliven));
})();
