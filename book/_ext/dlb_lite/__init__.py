"""Sphinx extension: buttons that run a chapter in the browser, in two ways.

"Run in your browser" opens it in JupyterLite; "Activate" makes the cells of the page
itself editable and runs them where they stand (`activate.js`, docs/decisions/0019).

JupyterLite is not part of `make book`. `make lite` adds it to a built site and then
writes `_static/lite/chapters.js`, the list of chapters that can be opened; until then
the list is empty and no page shows a button. So no link is ever dead, whichever of the
two ran last, and no page has to be written again.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"
CHAPTERS = "chapters.js"


def setup(app: Sphinx) -> dict:
    """Load list, script and style on every page."""
    app.add_css_file("lite/lite.css")
    for name in (f"lite/{CHAPTERS}", "lite/lite.js"):
        app.add_js_file(name, loading_method="defer")
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Put script and style beside the pages, and an empty list if there is none."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, "_static", "lite")
    shutil.copytree(STATIC, target, dirs_exist_ok=True)
    if not (target / CHAPTERS).exists():
        (target / CHAPTERS).write_text("window.bookLite = {};\n", encoding="utf-8")
