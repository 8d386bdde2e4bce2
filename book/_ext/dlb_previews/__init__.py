"""Sphinx extension: show what a link leads to, on hover and on focus.

The script copies equations, figures and references from the page itself. What glossary
terms mean stands on another page, which a page on a disk cannot read; so it is written
into one file, `_static/previews/terms.js`, from the glossary as it was built.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"
STYLES = ("../tippy/tippy.css", "previews/previews.css")
SCRIPTS = (
    "../tippy/popper.min.js",
    "../tippy/tippy.min.js",
    "previews/terms.js",
    "previews/previews.js",
)


def setup(app: Sphinx) -> dict:
    """Load the scripts on every page, after the page, and write what they show."""
    for name in STYLES:
        app.add_css_file(name)
    for name in SCRIPTS:
        app.add_js_file(name, loading_method="defer")
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def definitions(page: str) -> dict[str, list[str]]:
    """Return headword and definition, as plain text, by the term's anchor."""
    found = {}
    for term in BeautifulSoup(page, "html.parser").select("dl.glossary dt[id]"):
        for link in term.select(".headerlink"):
            link.decompose()
        meaning = term.find_next_sibling("dd").get_text()
        found[term["id"]] = [term.get_text(), " ".join(meaning.split())]
    return found


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Put script, style and all definitions of the book beside the pages."""
    if error or app.builder.format != "html":
        return
    objects = app.env.get_domain("std").objects
    pages = sorted({page for (kind, _), (page, _) in objects.items() if kind == "term"})
    terms = {}
    for page in pages:
        path = Path(app.builder.get_outfilename(page))
        terms |= definitions(path.read_text(encoding="utf-8"))
    target = Path(app.outdir, "_static", "previews")
    shutil.copytree(STATIC, target, dirs_exist_ok=True)
    text = json.dumps(terms, ensure_ascii=False, indent=0)
    (target / "terms.js").write_text(f"window.bookTerms = {text};\n", encoding="utf-8")
