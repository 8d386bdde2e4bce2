/* A canvas on which a reader draws, and a network that looks at it at every frame.
   `network.js` computes; here are the pen, the buttons and what is shown and told. */
"use strict";

(() => {
  const { SIDE, PEN, IMAGE, addLine, addPiece, addImage, likeMnist, forward, unpack } =
    globalThis.dlbNetwork;
  const FOLDER = document.currentScript?.src;
  const SETTLED = 600; // ms without a change before readers are told
  const STEP = 10, SMALL = 2; // of the pen, by keyboard
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const EMPTY = { digit: null, lines: [] };

  /** Get what a drawing needs: a script beside this one, or what the page has already. */
  async function load(name, file) {
    if (!globalThis.dlbFrames?.[name] && file) {
      await new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(file, FOLDER);
        script.onload = resolve;
        script.onerror = () => reject(new Error("the file could not be read"));
        document.head.append(script);
      });
    }
    const base64 = globalThis.dlbFrames?.[name];
    if (!base64) throw new Error("the file is damaged");
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const { network, images } = await new Response(stream).json();
    return { network: unpack(network), images: unpack(images).values };
  }

  class Drawing {
    constructor(root) {
      Object.assign(this, JSON.parse(root.dataset.explorer));
      this.root = root;
      for (const part of ["message", "paper", "image", "hint", "description", "status",
        "reached", "desk"]) {
        this[`$${part}`] = root.querySelector(`.dlb-${part}`);
      }
      this.bars = [...root.querySelectorAll(".dlb-bars li")];
      this.ink = new Float64Array(SIDE * SIDE);
      this.state = { digit: this.start, lines: [] }; // an image below, lines upon it
      this.untouched = true; // the first line replaces the image of the start
      this.past = [];
      this.pen = null; // of the keyboard: { at, down }
      this.listen();
      root.classList.add("dlb-ready");
      this.refresh();
    }

    listen() {
      const { $paper } = this;
      const on = (type, what) => $paper.addEventListener(type, (event) => what(event));
      on("pointerdown", (event) => {
        if (!event.isPrimary || event.button || this.pointer) return;
        $paper.setPointerCapture(event.pointerId);
        this.pen = null;
        this.startLine(this.place(event));
        this.pointer = true;
      });
      on("pointermove", (event) => {
        if (!this.pointer || !event.isPrimary) return;
        const all = event.getCoalescedEvents?.() ?? [];
        for (const one of all.length ? all : [event]) this.goOn(this.place(one));
      });
      const lift = (event) => {
        if (!this.pointer || !event.isPrimary) return;
        this.pointer = false;
        this.refresh();
      };
      on("pointerup", lift);
      on("pointercancel", lift);
      on("keydown", (event) => this.key(event));
      on("blur", () => { this.pen = null; this.refresh(); });
      this.$desk.addEventListener("click", ({ target }) => {
        const { do: what, digit } = target.closest("button")?.dataset ?? {};
        if (what === "undo") this.undo();
        if (what === "clear") this.change(EMPTY);
        if (digit) this.change({ digit, lines: [] });
      });
      new ResizeObserver(() => this.refresh()).observe($paper);
      new IntersectionObserver((entries, watching) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watching.disconnect();
        this.ready();
      }, { rootMargin: "400px" }).observe(this.root);
    }

    /** Where on the canvas an event is, in pixels of the ink. */
    place({ clientX, clientY }) {
      const box = this.$paper.getBoundingClientRect();
      return [(clientX - box.left) / box.width * SIDE, (clientY - box.top) / box.height * SIDE];
    }

    // ------------------------------------------------------------------------- changes

    startLine(point) {
      const below = this.untouched ? EMPTY : this.state;
      this.change({ digit: below.digit, lines: [...below.lines, [point]] });
    }

    goOn(point) {
      const line = this.state.lines.at(-1), last = line.at(-1);
      if (Math.max(Math.abs(point[0] - last[0]), Math.abs(point[1] - last[1])) < 1) return;
      line.push(point);
      addPiece(this.ink, last, point);
      this.refresh();
    }

    change(state) {
      this.past.push({ state: this.state, untouched: this.untouched });
      this.become({ state, untouched: false });
    }

    undo() {
      if (this.past.length) this.become(this.past.pop());
    }

    become(before) {
      Object.assign(this, before);
      this.pointer = false; // a line that was being drawn has ended
      if (this.pen) this.pen.down = false;
      this.fill();
      this.refresh();
    }

    /** Put the state's ink on the canvas, from the beginning. */
    fill() {
      const { digit, lines } = this.state;
      this.ink.fill(0);
      if (digit !== null && this.images) addImage(this.ink, this.sample(digit));
      for (const line of lines) addLine(this.ink, line);
    }

    sample(digit) {
      const from = this.digits.indexOf(digit) * IMAGE * IMAGE;
      return this.images.subarray(from, from + IMAGE * IMAGE);
    }

    key(event) {
      const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
      const undo = key.toLowerCase() === "z";
      if (altKey || ((ctrlKey || metaKey) && !undo)) return;
      if (key in ARROWS) this.movePen(ARROWS[key], shiftKey ? SMALL : STEP);
      else if (key === " ") this.putPen();
      else if (undo) this.undo();
      else if (/^\d$/.test(key)) this.change({ digit: key, lines: [] });
      else if (key === "Escape" && this.pen?.down) this.putPen();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    movePen([dx, dy], step) {
      this.pen ??= { at: [SIDE / 2, SIDE / 2], down: false };
      const inside = (v) => Math.min(SIDE - PEN / 2, Math.max(PEN / 2, v));
      this.pen.at = [inside(this.pen.at[0] + dx * step), inside(this.pen.at[1] + dy * step)];
      if (this.pen.down) this.goOn(this.pen.at);
      this.refresh();
    }

    putPen() {
      this.pen ??= { at: [SIDE / 2, SIDE / 2], down: false };
      const down = !this.pen.down;
      if (down) this.startLine(this.pen.at);
      this.pen.down = down;
      this.refresh();
      this.tell(down ? "Pen down." : "Pen lifted.");
    }

    // --------------------------------------------------------------------- what is shown

    /** Get the network, once; say so if that fails. */
    async ready() {
      if (this.network || this.waiting) return;
      this.waiting = true;
      try {
        Object.assign(this, await load(this.name, this.file));
        this.say("");
      } catch (error) {
        this.say(`The network could not be loaded: ${error.message}. ` +
          "Draw a line to try again, or reload the page.");
      }
      this.waiting = false;
      if (!this.network) return;
      this.fill();
      this.refresh();
    }

    say(text) {
      this.$message.textContent = text;
      this.$message.hidden = !text;
    }

    /** Look at the canvas anew, at the next frame and no more than once for each. */
    refresh() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.drawPaper();
        if (this.network) this.look();
        else if (this.past.length) this.ready();
      });
    }

    /** Draw what the reader drew, as sharp as the screen is. */
    drawPaper() {
      const { $paper, pen, state: { digit, lines } } = this;
      const size = Math.round($paper.clientWidth * devicePixelRatio);
      if ($paper.width !== size || $paper.height !== size) $paper.width = $paper.height = size;
      const context = $paper.getContext("2d"), scale = size / SIDE;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, SIDE, SIDE);
      if (digit !== null && this.images) {
        context.imageSmoothingEnabled = false;
        context.drawImage(picture(this.sample(digit)), 0, 0, SIDE, SIDE);
      }
      Object.assign(context, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
      for (const line of lines) {
        context.beginPath();
        context.moveTo(...line[0]);
        for (const point of line) context.lineTo(...point);
        context.stroke();
      }
      if (!pen) return;
      Object.assign(context, { lineWidth: 3, strokeStyle: "#0072b2", fillStyle: "#0072b2" });
      context.beginPath();
      context.arc(...pen.at, PEN / 2, 0, 2 * Math.PI);
      if (pen.down) context.fill();
      else context.stroke();
      Object.assign(context, { strokeStyle: "#000", fillStyle: "#000" });
    }

    /** Ask the network, and show its answer. */
    look() {
      this.seen = likeMnist(this.ink);
      const inked = this.seen.some((v) => v > 0);
      const p = this.p = inked ? forward(this.network, this.seen) : null;
      this.$image.getContext("2d").putImageData(pixels(this.seen), 0, 0);
      const first = p ? p.indexOf(Math.max(...p)) : -1;
      this.bars.forEach((bar, k) => {
        bar.querySelector("rect").setAttribute("width", p ? (100 * p[k]).toFixed(1) : 0);
        bar.querySelector("output").textContent = p ? percent(p[k]) : "";
        bar.classList.toggle("dlb-first", k === first);
      });
      const text = `${this.what()}${p ? `: ${verdict(p)}` : "."}`;
      this.$description.textContent = text;
      this.$hint.textContent = this.untouched
        ? `Your first line replaces this ${this.state.digit}.`
        : inked ? "" : "Draw a digit here.";
      const { digit, lines } = this.state, { goal } = this;
      const reached = Boolean(p) && digit === goal.digit && lines.length === goal.lines &&
        first === goal.says && p[first] > goal.above;
      this.$reached.hidden = !reached;
      if (this.told !== text) this.tell(reached ? `${text} Target reached.` : text);
      this.told = text;
    }

    what() {
      const { digit, lines: { length } } = this.state;
      if (digit === null) return length ? "Your drawing" : "The canvas is empty";
      const added = length ? ` with ${length} line${length > 1 ? "s" : ""} added` : "";
      return `A ${digit} of the test images${added}`;
    }

    /** Tell those who listen, once it has settled; not what the page shows at its start. */
    tell(text) {
      if (!this.past.length && !this.pen && !this.told) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { this.$status.textContent = text; }, SETTLED);
    }
  }

  function verdict(p) {
    const order = [...p.keys()].sort((a, b) => p[b] - p[a]);
    const [first, second] = order;
    return `the network says ${first} with ${percent(p[first])}, ` +
      `then ${second} with ${percent(p[second])}.`;
  }

  /** As in the stills: never rounded to 0 or 100. */
  function percent(share) {
    if (share >= 0.9995) return "> 99.9 %";
    return share < 0.0005 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`;
  }

  /** Black ink as thick as the numbers say; the style turns it over on dark pages. */
  function pixels(image) {
    const data = new ImageData(IMAGE, IMAGE);
    image.forEach((v, i) => { data.data[4 * i + 3] = Math.round(255 * v); });
    return data;
  }

  function picture(image) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = IMAGE;
    canvas.getContext("2d").putImageData(pixels(image), 0, 0);
    return canvas;
  }

  for (const root of document.querySelectorAll(".dlb-drawing:not(.dlb-ready)")) {
    root.drawing = new Drawing(root);
  }
})();
