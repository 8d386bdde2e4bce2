/* Reading progress, kept in this browser and told to nobody: a mark at each chapter
   that was read to its end, and on the welcome page a link to where reading stopped.
   Where the browser keeps nothing (some settings, now and then pages from disk), nothing
   is shown. */
"use strict";

(() => {
  const KEY = "deep-learning-from-the-basics:progress";
  const SETTLED = 500; // ms without scrolling before the place is kept
  const page = DOCUMENTATION_OPTIONS.pagename; // Sphinx's, a constant outside of window
  const root = document.documentElement.dataset.content_root ?? "./";

  const kept = () => {
    try {
      const progress = JSON.parse(localStorage.getItem(KEY));
      return { read: progress.read.map(String), last: progress.last };
    } catch {
      return { read: [], last: null };
    }
  };

  const keep = (change) => {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...kept(), ...change }));
    } catch {
      // The browser keeps nothing: there is no progress, and nothing else to do.
    }
  };

  const element = (tag, words, attributes = {}) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.textContent = words;
    return made;
  };

  /** Mark the chapters in the sidebar that were read to their end. */
  const mark = () => {
    for (const old of document.querySelectorAll(".dlb-read")) old.remove();
    const read = new Set(kept().read);
    const site = new URL(root, location.href).pathname;
    for (const link of document.querySelectorAll(".bd-docs-nav a.reference.internal")) {
      const name = link.pathname.slice(site.length).replace(/\.html$/, "");
      if (!read.has(name)) continue;
      const sign = element("span", "✓", { className: "dlb-read", title: "read to the end" });
      sign.append(element("span", " read", { className: "visually-hidden" }));
      link.append(" ", sign);
    }
  };

  /** Keep the section at the top of the window, and whether the end was reached. */
  const follow = (article) => {
    const headings = [...article.querySelectorAll("section[id] > :is(h1, h2, h3)")];
    let timer;
    const note = () => {
      const passed = headings.filter((h) => h.getBoundingClientRect().top < innerHeight / 2);
      const heading = passed.at(-1) ?? headings[0];
      const words = (h) => h.firstChild.textContent.trim();
      const last = { page, id: heading.parentElement.id, title: words(headings[0]) };
      if (heading !== headings[0]) last.section = words(heading);
      keep({ last });
    };
    addEventListener("scroll", () => {
      clearTimeout(timer);
      timer = setTimeout(note, SETTLED);
    }, { passive: true });
    const end = element("div", "", { className: "dlb-end" });
    article.append(end);
    new IntersectionObserver(([entry], observer) => {
      if (!entry.isIntersecting || !scrollY) return;
      observer.disconnect();
      keep({ read: [...new Set([...kept().read, page])] });
      mark();
    }).observe(end);
  };

  /** Offer the way back to where reading stopped, and to forget all of it. */
  const offer = (article) => {
    const { last } = kept();
    if (!last || !/^notebooks\/\w+$/.test(last.page)) return;
    const box = element("p", "Continue where you stopped: ", { className: "dlb-continue" });
    const where = last.section ? `${last.title} – ${last.section}` : last.title;
    box.append(element("a", where, { href: `${root}${last.page}.html#${encodeURIComponent(last.id)}` }));
    const forget = element("button", "Forget my progress", { type: "button" });
    forget.addEventListener("click", () => {
      try {
        localStorage.removeItem(KEY);
      } catch {
        // Nothing was kept.
      }
      mark();
      box.setAttribute("role", "status");
      box.textContent = "Your progress is forgotten.";
    });
    box.append(forget);
    article.querySelector("h1").after(box);
  };

  const start = () => {
    const article = document.querySelector("article.bd-article");
    if (!article?.querySelector("h1")) return;
    mark();
    if (page === "book/welcome") offer(article);
    if (page.startsWith("notebooks/")) follow(article);
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
