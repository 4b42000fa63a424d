/* A click on the verdict of a printed number opens what lies behind it; see workflow/browser.py. Without scripts the verdict
   is a link to the number's row. */
"use strict";
const drawer = (() => {
  const root = new URL("..", document.currentScript.src); // of the book
  const SVG = "http://www.w3.org/2000/svg";
  const known = {}; // number → what is told of it, once the script of its experiment is here
  const scripts = {}; // experiment → its script, once it was asked for

  function numbers({ parts, shared, own }) {
    for (const [id, number] of Object.entries(own)) known[id] = { parts, ...shared, ...number };
  }

  function loaded(experiment) {
    return (scripts[experiment] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: new URL(`numbers/${experiment}.js`, root), onload: resolve, onerror: reject });
      document.head.append(script);
    }));
  }

  function add(parent, name, text = "", attributes = {}) {
    const drawn = parent.namespaceURI === SVG || name === "svg";
    const made = drawn ? document.createElementNS(SVG, name) : document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  // Words that lead somewhere become links, all others stay text.
  function linked(parent, text, links) {
    const word = Object.keys(links).find((one) => text.includes(one));
    if (!word) return parent.append(text);
    const at = text.indexOf(word);
    linked(parent, text.slice(0, at), links);
    add(parent, "a", word, { href: new URL(links[word], root) });
    linked(parent, text.slice(at + word.length), links);
  }

  // A button that copies; where a browser does not let it, the text is selected instead.
  function copier(parent, text) {
    const button = add(parent, "button", "copy", { type: "button", class: "copy" });
    button.addEventListener("click", () => {
      const done = () => (button.textContent = "copied");
      const select = () => getSelection().selectAllChildren(parent.querySelector("code, pre, a"));
      navigator.clipboard ? navigator.clipboard.writeText(text).then(done, select) : select();
    });
  }

  /* ---- picture ------------------------------------------------------------------------------------------------- */

  const [EDGE, LINE] = [24, 46];

  function picture(parent, number) {
    const { values, published, near, interval } = number;
    const wide = Math.min(innerWidth, 520) - 50;
    const ends = [published, ...values, ...(near ?? []), ...(interval ?? [])];
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const x = (value) => EDGE + ((value - low) / (high - low || 1)) * (wide - 2 * EDGE);
    const figure = add(parent, "figure");
    const name = `Seeds at ${values.join(", ")}; printed ${number.printed}`;
    const svg = add(figure, "svg", "", { viewBox: `0 0 ${wide} 92`, role: "img", "aria-label": name });
    const bar = ([from, to], kind, y, height) =>
      add(svg, "rect", "", { class: kind, x: x(from), width: Math.max(x(to) - x(from), 1), y, height });
    if (near) bar(near, "near", LINE - 24, 48);
    add(svg, "line", "", { class: "axis", x1: 0, x2: wide, y1: LINE, y2: LINE });
    if (interval) bar(interval, "interval", LINE - 5, 10);
    if (interval && x(interval[1]) - x(interval[0]) > 70) {
      const below = { class: "end", y: LINE + 40, "text-anchor": "middle" };
      interval.forEach((end, i) => add(svg, "text", number.ends[i], { ...below, x: x(end) }));
    }
    add(svg, "line", "", { class: "printed", x1: x(published), x2: x(published), y1: LINE - 26, y2: LINE + 26 });
    const side = x(published) < 90 ? "start" : x(published) > wide - 90 ? "end" : "middle";
    add(svg, "text", `printed ${number.printed}`, { x: x(published), y: 14, "text-anchor": side });
    for (const [i, value] of values.entries()) {
      // Those at the same place stand one above another.
      const below = values.slice(0, i).filter((other) => Math.abs(x(other) - x(value)) < 3).length;
      const dot = add(svg, "circle", "", { cx: x(value), cy: LINE - 9 * below, r: 5 });
      add(dot, "title", `${value} ${number.unit}`.trim());
    }
    const legend = add(figure, "figcaption");
    add(legend, "span", values.length > 1 ? "a seed" : "ours", { class: "dot" });
    const reach = values.length > 1 ? "interval of one more training" : "half of the last digit";
    if (interval) add(legend, "span", reach, { class: "interval" });
    if (near) add(legend, "span", "near the printed value", { class: "near" });
  }

  /* ---- drawer -------------------------------------------------------------------------------------------------- */

  function filled(dialog, number, link) {
    dialog.replaceChildren();
    const close = add(dialog, "button", "×", { type: "button", class: "close", "aria-label": "Close" });
    close.addEventListener("click", () => dialog.close());
    const head = add(dialog, "p");
    add(head, "span", number.verdict, { class: `verdict-${number.verdict.replaceAll(" ", "-")}` });
    if (number.caveats.length) add(head, "span", ` ${number.caveats.join(", ")}`, { class: "note" });
    add(dialog, "h2", number.quantity, { id: "drawer-title" });
    add(dialog, "p", `Printed: ${number.printed} ${number.unit} (${number.where})`, { class: "note" });
    if (number.values.length) picture(dialog, number);
    add(dialog, "p", `${number.rule[0].toUpperCase()}${number.rule.slice(1)}.`, { class: "rule" });
    const list = add(dialog, "dl");
    for (const label of number.parts.filter((label) => number[`part ${label}`])) {
      add(list, "dt", label);
      for (const text of number[`part ${label}`]) linked(add(list, "dd"), text, number.links);
    }
    for (const [label, command] of Object.entries(number.commands)) {
      const line = add(dialog, "p", `${label} `, { class: "command" });
      copier(line, command);
      add(line, "code", command);
    }
    for (const [label, entry] of Object.entries(number.cite)) {
      const box = add(dialog, "details");
      add(box, "summary", `Cite ${label} (BibTeX)`);
      copier(box, entry);
      add(box, "pre", entry);
    }
    const foot = add(dialog, "p", "¶ ", { class: "permalink" });
    const address = add(foot, "a", decodeURI(link.href), { href: link.href });
    address.addEventListener("click", () => dialog.close());
    copier(foot, link.href);
  }

  function open(link) {
    const named = { class: "drawer", "aria-labelledby": "drawer-title" };
    const dialog = document.querySelector("dialog.drawer") ?? add(document.body, "dialog", "", named);
    filled(dialog, known[link.dataset.number], link);
    dialog.onclick = (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    };
    dialog.onclose = () => link.focus({ preventScroll: true });
    dialog.showModal();
    dialog.scrollTop = 0;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.why");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const follow = () => (location.href = link.href);
    loaded(link.dataset.number.split("/")[0]).then(() => open(link), follow);
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll("a.why")) link.setAttribute("aria-haspopup", "dialog");
  });

  return { numbers };
})();
