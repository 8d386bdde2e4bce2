// The button "Run in your browser" among those at the top of a chapter.
//
// window.bookLite lists the notebooks that `make lite` has put beside the pages.
// JupyterLite needs a server: on pages opened from disk there is no button.
(() => {
  "use strict";
  const name = location.pathname.split("/").pop().replace(/\.html$/, ".ipynb");
  const row = document.querySelector(".article-header-buttons");
  if (location.protocol === "file:" || !row || !window.bookLite?.includes(name)) return;

  // Relative to this script, and so right below any address the book is served from.
  const target = new URL("../../lite/notebooks/index.html", document.currentScript.src);
  target.searchParams.set("path", name);

  const button = document.createElement("a");
  button.className = "btn btn-sm book-lite";
  button.href = target.href;
  button.target = "_blank";
  button.rel = "noopener";
  button.title = "Run this chapter in your browser: nothing to install, opens a new tab";
  button.innerHTML =
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2.5v11l9-5.5z"/></svg>' +
    "<span>Run in your browser</span>";
  row.prepend(button);
})();
