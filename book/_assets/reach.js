/* What the theme leaves out for keyboards and screen readers. */
(() => {
  // What scrolls by itself must be reachable for a keyboard.
  function reachable() {
    for (const box of document.querySelectorAll(".table-wide, .pst-scrollable-table-container")) {
      const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
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

  document.addEventListener("DOMContentLoaded", () => {
    named();
    plain();
    reachable();
  });
  window.addEventListener("resize", reachable);
})();
