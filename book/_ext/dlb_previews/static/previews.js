/* What a link leads to, shown on hover, on keyboard focus and on a long touch.
   Terms come from terms.js; equations, figures and references from this page. */
"use strict";

(() => {
  const text = (tag, words) => {
    const element = document.createElement(tag);
    element.textContent = words;
    return element;
  };

  const copy = (element) => {
    const twin = element.cloneNode(true);
    for (const part of [twin, ...twin.querySelectorAll("[id]")]) part.removeAttribute("id");
    for (const part of twin.querySelectorAll(".headerlink, .eqno")) part.remove();
    return twin;
  };

  // The copy of an equation that has not come near yet has to be typeset first.
  const equation = (box, there, link) => {
    box.append(copy(there));
    if (there.querySelector("mjx-math")) return;
    window.bookFormulas.twins(there).then((nodes) => {
      box.replaceChildren(...nodes);
      link._tippy?.popperInstance?.update();
    });
  };

  const preview = (link) => {
    const box = document.createElement("div");
    const target = decodeURIComponent(link.hash.slice(1));
    const term = window.bookTerms[target];
    if (term && link.querySelector(".std-term")) {
      box.append(text("strong", term[0]), text("p", term[1]));
    } else if (link.dataset.reference) {
      box.append(text("p", link.dataset.reference));
    } else if (link.getAttribute("href").startsWith("#")) {
      const there = document.getElementById(target);
      if (there?.matches("div.math")) equation(box, there, link);
      if (there?.matches("figure")) {
        for (const part of there.querySelectorAll(":scope > img, :scope figcaption")) {
          box.append(copy(part));
        }
      }
    }
    return box;
  };

  const hideOnEscape = {
    name: "hideOnEscape",
    defaultValue: true,
    fn(instance) {
      const onKey = (event) => event.key === "Escape" && instance.hide();
      return {
        onShow: () => document.addEventListener("keydown", onKey),
        onHide: () => document.removeEventListener("keydown", onKey),
      };
    },
  };

  const start = () => {
    // The browser's own hint would lie over the preview and does not show on focus.
    for (const link of document.querySelectorAll(".bibtex-citation a[title]")) {
      link.dataset.reference = link.title;
      link.removeAttribute("title");
    }
    window.tippy.delegate("article", {
      target: "a.reference.internal[href*='#']",
      // Tippy also asks for the article's own content, which is never shown.
      content: (element) => (element.matches("a") ? preview(element) : ""),
      onShow: (instance) => instance.props.content.hasChildNodes(),
      plugins: [hideOnEscape],
      appendTo: () => document.body,
      aria: { content: "describedby", expanded: false },
      arrow: false,
      delay: [150, 0],
      duration: 0,
      interactive: true,
      maxWidth: 420,
      placement: "top-start",
      popperOptions: { strategy: "fixed" },
      touch: ["hold", 400],
      zIndex: 1100,
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
