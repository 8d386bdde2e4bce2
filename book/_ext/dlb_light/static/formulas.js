/* Formulas, typeset by MathJax. It weighs more than the rest of a page, so it comes when a
   formula is in sight, when somebody begins to read, or when all else is done, and
   typesets each formula as it comes near. Printing and tests ask for all of them. */
"use strict";

(() => {
  const NEAR = "800px"; // above and below the window, about one screen
  const LATER = 8000; // ms after the page is there
  const { mathjax } = document.currentScript.dataset;
  let loading;

  const load = () =>
    (loading ??= new Promise((done, fail) => {
      const { options, ...rest } = window.MathJax;
      const loader = { load: ["ui/lazy"] };
      window.MathJax = { ...rest, loader, options: { ...options, lazyMargin: NEAR } };
      const script = document.createElement("script");
      script.onload = () => done(window.MathJax.startup.promise);
      script.onerror = fail;
      script.src = mathjax;
      document.head.append(script);
    }));

  // The formulas of a part of the page once more, to be shown elsewhere, as in a preview.
  const twins = async (part) => {
    await load();
    const page = window.MathJax.startup.document;
    const nodes = page
      .getMathItemsWithin(part)
      .map(({ math, display }) => window.MathJax.tex2chtmlPromise(math, { display }));
    await Promise.all(nodes);
    page.updateDocument();
    return Promise.all(nodes);
  };

  const formulas = document.querySelectorAll(".math");
  const all = async () => {
    if (!formulas.length) return;
    await load();
    await window.MathJax.startup.document.lazyTypesetAll();
  };
  window.bookFormulas = { all, twins };
  if (!formulas.length) return;

  const inSight = new IntersectionObserver(
    (seen) => seen.some((each) => each.isIntersecting) && load(),
  );
  inSight.observe(formulas[0]); // whoever sees another one first has scrolled
  for (const sign of ["scroll", "keydown", "pointerdown"]) {
    window.addEventListener(sign, load, { once: true, passive: true });
  }
  window.addEventListener("load", () => setTimeout(load, LATER));
})();
