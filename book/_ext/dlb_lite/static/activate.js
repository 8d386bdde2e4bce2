// "Activate": the cells of a page become editable and run where they stand.
//
// lite.js imports this when a reader asks for it. Python runs in worker.js.

const HERE = new URL(".", import.meta.url);

/** Make a DOM element: make("button", { type: "button" }, "Run"). */
function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

/** Return text as a terminal shows it: what follows \r overwrites the line. */
const asShown = (text) => text.replace(/[^\n]*\r(?!\n|$)/g, "");

/** Return the text in a node; browsers make elements of the line breaks one types. */
function textOf(node) {
  const kinds = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(node, kinds);
  let text = "";
  while (walker.nextNode()) {
    const { nodeName, data } = walker.currentNode;
    text += nodeName === "BR" ? "\n" : data ?? "";
  }
  return text;
}

/** One worker with Python in it, from the first message to stop(). */
class Python {
  #worker = new Worker(new URL("worker.js", HERE));
  #settled = null;
  #listen = () => {};

  constructor() {
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", (event) => {
      this.#hear({ kind: "failed", text: event.message });
    });
  }

  #hear(message) {
    const settle = { ready: "resolve", done: "resolve", failed: "reject" }[message.kind];
    if (!settle) this.#listen(message);
    else if (settle === "resolve") this.#settled.resolve(message);
    else this.#settled.reject(new Error(message.text));
  }

  /** Send a message; resolve when it is answered. listen hears what comes before. */
  ask(message, listen) {
    this.#listen = listen;
    return new Promise((resolve, reject) => {
      this.#settled = { resolve, reject };
      this.#worker.postMessage(message);
    });
  }

  stop() {
    this.#worker.terminate();
    this.#settled?.reject(new Error("stopped"));
  }
}

/** A code cell of the page, with its code, its output and its buttons. */
class Cell {
  constructor(element, number, n, reason) {
    this.element = element;
    this.reason = reason; // why it fails in a browser, if it does
    // Not the <pre> itself: the theme decides whether that can be reached by keyboard.
    const pre = element.querySelector(".cell_input pre");
    this.code = make("code", { class: "book-live-code" }, ...pre.childNodes);
    pre.append(this.code);
    this.original = { html: this.code.innerHTML, source: this.source };
    this.hasRun = false;
    this.name = `cell ${number} of ${n}`;
    this.said = make("span", { class: "book-live-said" });
    this.runButton = make("button", { type: "button", class: "btn btn-sm" }, "Run");
    this.restoreButton = make(
      "button", { type: "button", class: "btn btn-sm", hidden: "" }, "Restore",
    );
    this.runButton.setAttribute("aria-label", `Run ${this.name}`);
    this.restoreButton.setAttribute("aria-label", `Restore ${this.name}`);
    const bar = make("div", { class: "book-live-bar" },
      this.runButton, this.restoreButton, this.said);
    element.querySelector(".cell_input").append(bar);
    this.#open();
  }

  get source() {
    return textOf(this.code).replace(/\n$/, "");
  }

  #open() {
    const { code } = this;
    for (const [name, value] of Object.entries({
      contenteditable: "plaintext-only", role: "textbox", "aria-multiline": "true",
      "aria-label": `Code of ${this.name}`, spellcheck: "false",
    })) code.setAttribute(name, value);
    if (!code.isContentEditable) code.contentEditable = "true"; // an older browser
    code.addEventListener("beforeinput", (event) => {
      const line = /^insert(Paragraph|LineBreak)$/.test(event.inputType);
      const text = line ? `\n${this.#indent()}`
        : event.inputType === "insertFromPaste"
          ? event.dataTransfer?.getData("text/plain") : null;
      if (text === null || text === undefined) {
        if (event.inputType.startsWith("format")) event.preventDefault();
        return;
      }
      event.preventDefault();
      document.execCommand("insertText", false, text);
    });
    code.addEventListener("input", () => {
      this.hasRun = false;
      this.restoreButton.hidden = this.source === this.original.source;
      this.say("edited");
    });
  }

  /** The spaces at the beginning of the line that the caret is in. */
  #indent() {
    const selection = getSelection();
    const before = document.createRange();
    before.setStart(this.code, 0);
    before.setEnd(selection.anchorNode, selection.anchorOffset);
    return textOf(before.cloneContents()).split("\n").at(-1).match(/^ */)[0];
  }

  say(text) {
    this.said.textContent = text;
  }

  restore() {
    this.code.innerHTML = this.original.html;
    this.hasRun = false;
    this.restoreButton.hidden = true;
    this.say("restored");
  }

  /** Color the code anew, unless somebody is writing in it or has changed it. */
  color(html, source) {
    const paint = () => {
      if (this.source === source) this.code.innerHTML = html;
    };
    if (document.activeElement !== this.code) paint();
    else this.code.addEventListener("blur", paint, { once: true });
  }

  /** Take away the stored output; return what to do with each message of the new. */
  output() {
    let place = this.element.querySelector(".cell_output");
    if (!place) {
      place = make("div", { class: "cell_output docutils container" });
      this.element.append(place);
    }
    const pictures = [];
    for (const part of [...place.children]) {
      if (part.querySelector("img") && !part.matches(".dlb-explorer, :has(.dlb-explorer)")) {
        pictures.push(part);
      } else if (part.matches(".output")) part.remove();
    }
    let text = null;
    let first = true;
    return (message) => {
      if (message.kind === "clear") {
        for (const part of place.querySelectorAll(":scope > .output")) part.remove();
        text = null;
      } else if (message.kind === "text") {
        if (!text) {
          text = make("pre");
          place.append(make("div", { class: "output stream" },
            make("div", { class: "highlight" }, text)));
        }
        text.textContent = asShown(text.textContent + message.text);
      } else if (message.kind === "picture") {
        const part = pictures.shift() ?? make("div", { class: "output" },
          make("img", { alt: `Figure ${first ? "" : "more "}drawn by ${this.name}` }));
        part.querySelector("img").src = `data:image/png;base64,${message.png}`;
        part.hidden = false;
        place.append(part);
        text = null;
        first = false;
      } else if (message.kind === "end") {
        for (const part of pictures) part.hidden = true; // drawn before, and not now
      }
    };
  }
}

/** All cells of the page and the bar at its foot. */
class Page {
  constructor({ pyodide, wheels, failing }) {
    this.start = { pyodide, wheels, live: new URL("live.py", HERE).href };
    const found = [...document.querySelectorAll(".bd-article .cell")]
      .filter((cell) => cell.querySelector(".cell_input pre"));
    this.cells = found.map((cell, i) => (
      new Cell(cell, i + 1, found.length, failing[i])));
    this.status = make("p", { role: "status" });
    this.allButton = make("button", { type: "button", class: "btn btn-sm" }, "Run all");
    this.stopButton = make("button", { type: "button", class: "btn btn-sm" }, "Stop");
    document.body.append(make("section",
      { class: "book-live-foot", "aria-label": "Python on this page" },
      this.status, this.allButton, this.stopButton));
    this.allButton.addEventListener("click", () => this.runTo(this.cells.at(-1)));
    this.stopButton.addEventListener("click", () => this.stop());
    this.cells.forEach((cell, i) => this.#listen(cell, i));
    this.python = null;
    this.busy = false;
    this.#buttons();
  }

  #listen(cell, i) {
    cell.runButton.addEventListener("click", () => this.runTo(cell));
    cell.restoreButton.addEventListener("click", () => {
      cell.restore();
      cell.runButton.focus();
    });
    cell.code.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey)) return;
      event.preventDefault();
      if (event.shiftKey) this.cells[i + 1]?.code.focus();
      this.runTo(cell);
    });
  }

  #buttons() {
    this.stopButton.hidden = !this.busy;
    this.allButton.hidden = this.busy;
    for (const cell of this.cells) cell.runButton.disabled = this.busy;
  }

  say(text) {
    this.status.textContent = text;
  }

  /** Start Python, if it does not run yet. */
  async #ready() {
    if (this.python) return;
    this.python = new Python();
    this.say("Loading Python …");
    await this.python.ask({ start: this.start }, ({ text }) => this.say(`${text} …`));
  }

  /** Do some work with Python, one at a time. */
  async #busily(work) {
    if (this.busy) return;
    this.busy = true;
    this.#buttons();
    try {
      await this.#ready();
      await work();
    } catch (error) {
      this.#ended(error);
    } finally {
      this.busy = false;
      this.#buttons();
    }
  }

  activate() {
    const text = "Ready. Change what you like; Shift+Enter in a cell runs it.";
    return this.#busily(() => this.say(text));
  }

  /** Run a cell, and before it those above that have not run as they are now. */
  runTo(last) {
    return this.#busily(async () => {
      last.hasRun = false;
      const until = this.cells.indexOf(last) + 1;
      const open = this.cells.slice(0, until).filter((cell) => !cell.hasRun);
      for (const [i, cell] of open.entries()) {
        this.say(`Running ${cell.name}${open.length > 1 ? `, ${open.length - i} to go` : ""}`);
        if (await this.#run(cell)) continue;
        this.say(`An error in ${cell.name}: see below its code.`);
        if (cell !== last) cell.element.scrollIntoView({ block: "nearest" });
        return;
      }
      this.say("Ready. Shift+Enter in a cell runs it.");
    });
  }

  async #run(cell) {
    const { source } = cell;
    const hear = cell.output();
    cell.element.setAttribute("aria-busy", "true");
    cell.say("running …");
    const started = performance.now();
    try {
      const { ok, html } = await this.python.ask({ run: source }, hear);
      cell.hasRun = ok || Boolean(cell.reason);
      if (!ok && cell.reason) hear({ kind: "text", text: `In your browser: ${cell.reason}\n` });
      hear({ kind: "end" });
      if (source !== cell.original.source) cell.color(html, source);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      cell.say(ok ? `ran in ${seconds} s` : "error");
      return cell.hasRun;
    } catch (error) {
      cell.say("stopped");
      throw error;
    } finally {
      cell.element.removeAttribute("aria-busy");
    }
  }

  /** After a stop or a failure there is no Python, and nothing that it knew. */
  #ended(error) {
    this.python?.stop();
    this.python = null;
    for (const cell of this.cells) cell.hasRun = false;
    this.say(error.message === "stopped"
      ? "Stopped. Python starts anew, with the first cell, when you run one."
      : `Python could not go on: ${error.message}`);
  }

  stop() {
    this.python.stop();
  }
}

/** Make the page's cells live. */
export function activate(settings) {
  return new Page(settings).activate();
}
