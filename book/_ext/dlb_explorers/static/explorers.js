/* Explorers in the page: native controls choose among frames that were computed when
   the book was built. No library, no kernel, no network beyond one script with the
   frames, which is loaded when the figure comes near the view or is touched.

   The address keeps the state: #explore-NAME?control=value&…;explore-OTHER?… names
   the controls that differ from the start. */
"use strict";

(() => {
  const FOLDER = new URL(".", document.currentScript.src);
  const SETTLED = 250; // ms without a change before the address and readers are told
  const loading = new Map(); // file name -> promise of its frames

  /** Load a script of frames once; unpack what it registers. */
  function load(name, file) {
    if (!loading.has(file)) {
      const frames = loadScript(new URL(file, FOLDER)).then(() => unpack(name));
      frames.catch(() => loading.delete(file)); // so that it can be tried again
      loading.set(file, frames);
    }
    return loading.get(file);
  }

  function loadScript(url) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = resolve;
      script.onerror = () => reject(new Error("the file could not be read"));
      document.head.append(script);
    });
  }

  async function unpack(name) {
    const base64 = globalThis.dlbFrames?.[name];
    if (!base64) throw new Error("the file is damaged");
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream();
    const text = stream.pipeThrough(new DecompressionStream("gzip"));
    return new Response(text).json();
  }

  class Explorer {
    constructor(root) {
      Object.assign(this, JSON.parse(root.dataset.explorer));
      this.root = root;
      for (const part of ["message", "picture", "description", "status", "reached",
        "link", "controls", "all"]) {
        this[`$${part}`] = root.querySelector(`.dlb-${part}`);
      }
      for (const control of this.controls) {
        const id = CSS.escape(`${root.id}-${control.name}`);
        control.inputs = [...root.querySelectorAll(`[name=${id}]`)];
        control.output = root.querySelector(`output[for=${id}]`);
      }
      this.$controls.addEventListener("input", () => this.changed(keepInAddress));
      this.$controls.addEventListener("submit", (event) => event.preventDefault());
      this.$controls.addEventListener("reset", (event) => {
        event.preventDefault();
        this.indices = this.start;
        this.changed(keepInAddress);
      });
      this.$all.disabled = false;
      root.classList.add("dlb-ready");
    }

    /** The state as one index for each control, read from and written to the form. */
    get indices() {
      return this.controls.map(({ inputs: [first, ...more] }) => {
        if (first.type === "range") return first.valueAsNumber;
        if (first.type === "checkbox") return Number(first.checked);
        if (first.type === "radio") return [first, ...more].findIndex((r) => r.checked);
        return first.selectedIndex;
      });
    }

    set indices(indices) {
      this.controls.forEach(({ inputs: [first, ...more] }, i) => {
        if (first.type === "range") first.value = indices[i];
        else if (first.type === "checkbox") first.checked = Boolean(indices[i]);
        else if (first.type === "radio") [first, ...more][indices[i]].checked = true;
        else first.selectedIndex = indices[i];
      });
    }

    /** Follow the controls: at once what is seen, a little later what is told. */
    changed(settled) {
      for (const [i, index] of this.indices.entries()) {
        const { texts, output, inputs } = this.controls[i];
        if (!output) continue;
        output.textContent = texts[index];
        inputs[0].setAttribute("aria-valuetext", texts[index]);
      }
      this.$link.href = `#${this.fragment() || this.root.id}`;
      this.show();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        settled?.();
        this.$status.textContent = this.$description.textContent;
      }, SETTLED);
    }

    show() {
      if (this.frames) return this.draw();
      return this.load().then((loaded) => loaded && this.draw());
    }

    /** Get the frames; say so if that takes long or fails. */
    async load() {
      const say = (text) => this.say(text);
      this.$picture.ariaBusy = "true";
      const slow = setTimeout(say, 300, `Loading the figures (${this.kilobytes} kB) …`);
      try {
        this.frames = await load(this.name, this.file);
        say("");
      } catch (error) {
        say(`The figures could not be loaded: ${error.message}. ` +
          "Move a control to try again, or reload the page.");
      } finally {
        clearTimeout(slow);
        this.$picture.ariaBusy = "false";
      }
      return Boolean(this.frames);
    }

    say(text) {
      this.$message.textContent = text;
      this.$message.hidden = !text;
    }

    draw() {
      const { pieces, frames, states, descriptions, reached } = this.frames;
      const state = this.indices.reduce(
        (sum, index, i) => sum * this.controls[i].tokens.length + index, 0);
      const svg = frames[states[state]].map((n) => pieces[n]).join("");
      this.$picture.innerHTML = svg.replaceAll("{id}", `${this.root.id}-i`);
      const image = this.$picture.firstElementChild;
      image.setAttribute("role", "img");
      image.setAttribute("aria-label", descriptions[state]);
      this.$description.textContent = descriptions[state];
      if (this.$reached) this.$reached.hidden = !reached[state];
    }

    /** The part of an address that leads to the present state; empty at the start. */
    fragment() {
      const words = this.indices.flatMap((index, i) => {
        const { name, tokens } = this.controls[i];
        return index === this.start[i] ? [] : `${name}=${encodeURIComponent(tokens[index])}`;
      });
      return words.length ? `${this.root.id}?${words.join("&")}` : "";
    }

    /** Take a state from an address; what cannot be understood stays at the start. */
    restore(words) {
      this.indices = this.controls.map(({ name, tokens }, i) => {
        const index = tokens.indexOf(words.get(name));
        return index < 0 ? this.start[i] : index;
      });
      this.changed();
    }
  }

  /** Write the states of all explorers into the address, without a new entry. */
  function keepInAddress() {
    const fragment = explorers.map((e) => e.fragment()).filter(Boolean).join(";");
    if (!fragment && !location.hash.startsWith("#explore-")) return;
    const page = location.pathname + location.search;
    history.replaceState(history.state, "", fragment ? `#${fragment}` : page);
  }

  /** Bring the explorers to the states in the address, and the first one into view. */
  function followAddress() {
    if (!location.hash.startsWith("#explore-")) return;
    const states = new Map(location.hash.slice(1).split(";").map((part) => {
      const [id, words = ""] = part.split("?");
      return [id, new URLSearchParams(words)];
    }));
    for (const explorer of explorers) {
      explorer.restore(states.get(explorer.root.id) ?? new URLSearchParams());
    }
    document.getElementById(states.keys().next().value)?.scrollIntoView({ behavior: "instant" });
  }

  const explorers = [...document.querySelectorAll(".dlb-explorer:not(.dlb-drawing)")].map((e) => new Explorer(e));
  const nearby = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearby.unobserve(target);
      explorers.find(({ root }) => root === target).load();
    }
  }, { rootMargin: "400px" });
  for (const { root } of explorers) nearby.observe(root);

  const reflow = new ResizeObserver((entries) => {
    for (const { target } of entries) { // reachable by keyboard if it scrolls
      const scrolls = target.scrollWidth > target.clientWidth;
      target.toggleAttribute("tabindex", scrolls);
      if (scrolls) target.tabIndex = 0;
    }
  });
  for (const { $picture } of explorers) reflow.observe($picture);

  addEventListener("hashchange", followAddress);
  followAddress();
})();
