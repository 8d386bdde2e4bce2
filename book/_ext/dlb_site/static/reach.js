// Whatever scrolls sideways can be reached with the keyboard.
//
// The theme sees to code and outputs, but takes what is folded away for a part that does not
// scroll. When something is unfolded it shall look again, as it does when the window changes
// its size. Figures, formulas and tables it leaves out: those are seen to here.
(() => {
  "use strict";
  const WIDE = "article :is(figure, mjx-container[display='true'], table)";
  const lookAgain = () => window.dispatchEvent(new Event("resize"));

  document.addEventListener("toggle", lookAgain, true);
  document.addEventListener("click", ({ target }) => {
    if (target.closest(".admonition-title")) lookAgain();
  });

  const reach = () => {
    const wide = [...document.querySelectorAll(WIDE)];
    const scrolls = wide.map((part) => part.scrollWidth > part.clientWidth);
    wide.forEach((part, i) => {
      if (scrolls[i]) part.tabIndex = 0;
      else if (part.tabIndex === 0) part.removeAttribute("tabindex");
    });
  };
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(reach, 300);
  };
  window.addEventListener("resize", soon);
  // To measure all of a long page takes a phone a while: only when somebody uses keys.
  const start = () => {
    reach();
    const article = document.querySelector("article");
    const how = { childList: true, subtree: true };
    if (article) new MutationObserver(soon).observe(article, how);
  };
  window.addEventListener("keydown", start, { once: true, capture: true });
})();
