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
        const text = row.textContent.toLowerCase();
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

  // What scrolls by itself must be reachable for a keyboard.
  function reachable() {
    for (const box of document.querySelectorAll(".table-wide, .pst-scrollable-table-container")) {
      const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".searchable").forEach(enliven);
    reachable();
  });
  window.addEventListener("resize", reachable);
})();
