// A Python of its own for one page, beside it, so that the page never waits.
//
// in:   { start: { pyodide, wheels, live } } or { run: source }
// out:  { kind: "progress", text } | { kind: "ready" } | { kind: "done", ok, html }
//       | { kind: "failed", text } and what live.py posts while a cell runs
"use strict";

// What the book's package needs and Pyodide has; the site has the rest as wheels.
const PACKAGES = ["ipython", "numpy", "matplotlib", "threadpoolctl"];
let python;

async function start({ pyodide, wheels, live }) {
  const progress = (text) => postMessage({ kind: "progress", text });
  progress("Loading Python");
  importScripts(`${pyodide}pyodide.js`);
  python = await self.loadPyodide({ indexURL: pyodide });
  progress("Loading NumPy and Matplotlib");
  const options = { messageCallback() {}, errorCallback() {} };
  await python.loadPackage(PACKAGES, options);
  progress("Loading the book's package and its data");
  await python.loadPackage(wheels, options);
  progress("Starting");
  const code = await fetch(live);
  python.runPython(await code.text());
  postMessage({ kind: "ready" });
}

function run(source) {
  const ok = python.globals.get("run")(source);
  postMessage({ kind: "done", ok, html: python.globals.get("colored")(source) });
}

self.addEventListener("message", async ({ data }) => {
  try {
    if (data.start) await start(data.start);
    else run(data.run);
  } catch (error) {
    postMessage({ kind: "failed", text: String(error.message ?? error) });
  }
});
