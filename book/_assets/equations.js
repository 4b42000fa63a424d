/* Equations, drawn by KaTeX, which only a page with equations loads. */
(() => {
  const there = (file) => new URL(`katex/${file}`, document.currentScript.src).href;
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: there("katex.min.css") });
  const script = Object.assign(document.createElement("script"), { src: there("katex.min.js") });

  // Sphinx writes \( … \) and \[ … \] as text.
  function draw() {
    for (const place of document.querySelectorAll(".math")) {
      const [, open, equation] = place.textContent.trim().match(/^(?:\\([([]))?([^]*?)(?:\\[)\]])?$/);
      katex.render(equation, place, { displayMode: open !== "(", throwOnError: false });
    }
    document.dispatchEvent(new Event("equations"));
  }

  script.addEventListener("load", draw);
  document.head.append(sheet, script);
})();
