/* What the theme leaves out for keyboards and screen readers. */
(() => {
  // Known before the first paint; the theme's own script, which follows the system too, comes at the end of the page.
  const { dataset } = document.documentElement;
  if (dataset.theme === "auto") dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

  // Pictures have letters of 10.5 points. Below this share of their size nobody reads them: on a narrow screen a wide one
  // scrolls within its box instead.
  const LEGIBLE = 0.65;

  function legible() {
    for (const image of document.querySelectorAll(".cell_output img")) {
      if (!image.complete) {
        image.addEventListener("load", settled, { once: true });
        continue;
      }
      image.style.minWidth = `${Math.round(LEGIBLE * image.naturalWidth)}px`;
      image.parentElement.classList.add("scrolls");
    }
    for (const figure of document.querySelectorAll("figure.pointed")) {
      const least = LEGIBLE * parseFloat(figure.style.maxWidth);
      figure.querySelector("svg").style.minWidth = `${Math.round(least)}px`;
    }
  }

  // What scrolls by itself must be reachable for a keyboard.
  function reachable() {
    const boxes = '.table-wide, .pst-scrollable-table-container, .scrolls, figure.pointed, .katex-display';
    for (const box of document.querySelectorAll(boxes)) {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  // The arrows beside the chapters have no words of their own.
  function named() {
    for (const arrow of document.querySelectorAll(".bd-sidebar summary")) {
      const chapter = arrow.closest("li")?.querySelector("a")?.textContent.trim();
      if (chapter) arrow.setAttribute("aria-label", `Pages of ${chapter}`);
    }
  }

  // Roles that the list of references carries and WAI-ARIA has given up or does not allow there.
  function plain() {
    for (const entry of document.querySelectorAll(".citation-list, .citation")) entry.removeAttribute("role");
  }

  function settled() {
    legible();
    reachable();
  }

  document.addEventListener("DOMContentLoaded", () => {
    named();
    plain();
    settled();
  });
  document.addEventListener("equations", () => document.fonts.ready.then(reachable)); // they come late, their fonts later
  window.addEventListener("resize", reachable);
})();
