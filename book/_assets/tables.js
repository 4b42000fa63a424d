/* Tables marked "searchable": a filter and the verdicts above, sorting by a click on a heading. Without scripts they stay
   whole. Words and verdicts stand in the address, so that what is shown can be sent to others. */
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

  const verdict = (row) => row.querySelector("[class^=verdict-]")?.textContent.trim();

  // Buttons that choose rows by their verdict, where a table has several; "reproduced" is not in "not reproduced".
  function verdicts(rows, chosen) {
    const counts = new Map();
    for (const name of rows.map(verdict).filter(Boolean)) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size < 2) return [];
    return [...counts].map(([name, n]) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.value = name;
      chip.textContent = `${name} ${n}`;
      chip.ariaPressed = chosen.includes(name) ? "true" : "false";
      return chip;
    });
  }

  function enliven(box) {
    const body = box.querySelector("tbody");
    const rows = [...body.rows];
    const tools = document.createElement("div");
    tools.className = "searchable-tools";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = box.dataset.placeholder || "Filter";
    input.setAttribute("aria-label", input.placeholder);
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const asked = new URLSearchParams(location.search);
    const chips = verdicts(rows, asked.getAll("verdict"));
    tools.append(input, ...chips, count);
    box.prepend(tools);

    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = chips.filter((chip) => chip.ariaPressed === "true").map((chip) => chip.value);
      let shown = 0;
      for (const row of rows) {
        const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
        const judged = !chosen.length || chosen.includes(verdict(row));
        row.hidden = !judged || !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = `${shown} of ${rows.length} rows`;
      return [...(input.value ? [["find", input.value]] : []), ...chosen.map((name) => ["verdict", name])];
    };
    const changed = () => {
      const state = new URLSearchParams(filter()).toString();
      history.replaceState(null, "", (state ? `?${state}` : location.pathname) + location.hash);
    };
    input.addEventListener("input", changed);
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        chip.ariaPressed = chip.ariaPressed === "true" ? "false" : "true";
        changed();
      });
    }
    input.value = asked.get("find") || "";
    filter();

    box.querySelectorAll("thead th").forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
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
