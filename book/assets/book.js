/* What the pages need besides the theme: whatever scrolls sideways can be reached and scrolled by keyboard. */
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
})();
