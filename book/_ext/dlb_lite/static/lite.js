// Two buttons at the top of a chapter: "Activate" makes its cells run where they stand,
// "Run in your browser" opens it in JupyterLite.
//
// window.bookLite says what `make lite` has put beside the pages. Both need a server: on
// pages opened from disk there is no button.
(() => {
  "use strict";
  const name = location.pathname.split("/").pop().replace(/\.html$/, ".ipynb");
  const row = document.querySelector(".article-header-buttons");
  const { chapters = {}, pyodide, wheels } = window.bookLite ?? {};
  if (location.protocol === "file:" || !row || !Object.hasOwn(chapters, name)) return;

  // Relative to this script, and so right below any address the book is served from.
  const script = document.currentScript.src;
  const from = (address) => new URL(address, script).href;

  const made = (tag, label, title, path) => {
    const button = document.createElement(tag);
    button.className = "btn btn-sm book-lite";
    button.title = title;
    button.innerHTML =
      `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>` +
      `<span>${label}</span>`;
    return button;
  };

  const open = made("a", "Run in your browser",
    "Run this chapter in your browser: nothing to install, opens a new tab",
    "M4 2.5v11l9-5.5z");
  const target = new URL(from("../../lite/notebooks/index.html"));
  target.searchParams.set("path", name);
  Object.assign(open, { href: target.href, target: "_blank", rel: "noopener" });

  const live = made("button", "Activate",
    "Make the code on this page run here: nothing to install",
    "M9 1 3 9h4l-1 6 6-8H8z");
  live.type = "button";
  live.addEventListener("click", async () => {
    live.disabled = true;
    const { activate } = await import(from("activate.js"));
    await activate({
      pyodide: from(pyodide), wheels: wheels.map(from), failing: chapters[name],
    });
  });
  row.prepend(live, open);
})();
