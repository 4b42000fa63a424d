/* Tables marked "searchable": a filter above, sorting by a click on a heading. Without scripts they stay whole. */
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
    tools.append(input, count);
    box.prepend(tools);

    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    input.addEventListener("input", filter);
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
