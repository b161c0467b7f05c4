/* What the pages need besides the theme: whatever scrolls sideways can be reached and scrolled by keyboard; excerpts of
   search results are text of the page. */
(() => {
  const mayScroll = ".katex-display, .highlight pre, .pst-scrollable-table-container, .cell_output pre";
  const mark = () => {
    for (const box of document.querySelectorAll(mayScroll)) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else if (box.tabIndex === 0) box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", mark);
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(mark, 150);
  });
  document.addEventListener("toggle", mark, true); // a folded cell was opened

  // Sphinx's own excerpts hold buttons, lists of contents and TeX; from disk, where no page can be read, it fails
  const furniture = ".headerlink, script, style, noscript, annotation, .katex-html, svg, button, summary, .live-controls, " +
    ".live-data, .live-problem, .live-status, .live-print, .bd-header-article, .prev-next-area, #jb-print-docs-body";
  document.addEventListener("DOMContentLoaded", () => {
    if (typeof Search === "undefined") return;
    if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
    Search.htmlToText = (html, anchor) => {
      const page = new DOMParser().parseFromString(html, "text/html").querySelector(".bd-article");
      for (const part of page?.querySelectorAll(furniture) || []) part.remove();
      const from = anchor && page?.querySelector("#" + CSS.escape(anchor.slice(1))) || page;
      return from?.textContent.replace(/\s+/g, " ").trim() || " ";
    };
  });
})();
