"""Sphinx extension: put baked explorers into the pages that show them.

MyST-NB leaves a marked container where a notebook's output is an explorer
(`dlbasics.explorers._myst`). Each time such a page is written, `Fill` replaces the
container by the figure and its controls; the page gets our script, and the frames are
copied into `_static/explorers`. An explorer that is not baked, or damaged, is a
warning, which makes a strict build fail.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from dlb_explorers.page import Start, figure_html
from dlbasics.explorers._baked import DamagedError, read_manifest
from dlbasics.explorers._canvas import FILES, SCRIPTS
from dlbasics.explorers._canvas import STYLE as DRAWING_STYLE
from dlbasics.palette import COLORS, DARK, css

LOGGER = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
DARK_PAGE = 'html[data-theme="dark"]'
BAKED = "dlb_explorers"  # in a page's metadata: the files it was written with


def setup(app: Sphinx) -> dict:
    """Register all of it; `dlb_explorers_folder` is where the bake put its files."""
    app.add_config_value("dlb_explorers_folder", "_build/explorers", "env")
    app.add_post_transform(Fill)
    app.connect("doctree-read", remember)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", add_files)
    app.connect("build-finished", copy_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def folder(app: Sphinx) -> Path:
    """Return the folder of the baked files."""
    return Path(app.confdir, app.config.dlb_explorers_folder)


def explorers_in(tree: nodes.Node) -> list[nodes.container]:
    """Find the containers that are to be filled."""
    return [n for n in tree.findall(nodes.container) if "dlb_explorer" in n]


def baked_file(app: Sphinx, name: str) -> str:
    """Return the name of an explorer's frames, which tells whether they are new."""
    try:
        return read_manifest(folder(app), name)["file"]
    except (FileNotFoundError, DamagedError) as error:
        return str(error)


def remember(app: Sphinx, tree: nodes.document) -> None:
    """Note which frames a page shows."""
    names = sorted({node["dlb_explorer"]["explorer"] for node in explorers_in(tree)})
    if names:
        files = {name: baked_file(app, name) for name in names}
        app.env.metadata[app.env.docname][BAKED] = files


def outdated(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Name the pages whose frames were baked again."""
    return [
        page
        for page, metadata in env.metadata.items()
        if page in env.found_docs
        and any(baked_file(app, n) != f for n, f in metadata.get(BAKED, {}).items())
    ]


class Fill(SphinxPostTransform):
    """Replace the containers by figures, once MyST-NB has chosen among the formats."""

    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs) -> None:
        count: Counter[str] = Counter()
        for node in explorers_in(self.document):
            stored = node["dlb_explorer"]
            name, state = stored["explorer"], stored.get("state", {})
            count[name] += 1
            number = "" if count[name] == 1 else f"-{count[name]}"
            try:
                manifest = read_manifest(folder(self.app), name)
                start = Start.of(manifest, state)
                html = figure_html(folder(self.app), manifest, start, name + number)
            except (FileNotFoundError, DamagedError, ValueError) as error:
                LOGGER.warning("%s: run `make book`", error, location=node)
                continue
            node.replace_self(nodes.raw("", html, format="html"))


def add_files(app: Sphinx, page: str, template, context, tree) -> None:
    """Load our script and style on the pages that have an explorer, and no others."""
    if app.env.metadata.get(page, {}).get(BAKED):
        app.add_js_file("explorers/explorers.js", loading_method="defer")
        for script in SCRIPTS if shows_drawing(app, page) else ():
            app.add_js_file(f"explorers/{script}", loading_method="defer")
        app.add_css_file("explorers/explorers.css")


def shows_drawing(app: Sphinx, page: str) -> bool:
    """Tell whether a page has an explorer on which readers draw."""
    for name in app.env.metadata[page][BAKED]:
        try:
            kind = read_manifest(folder(app), name).get("kind")
        except (FileNotFoundError, DamagedError):
            continue  # `Fill` has said so
        if kind == "drawing":
            return True
    return False


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """Copy the frames that pages show, the script and the style with the palette."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, "_static", "explorers")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    wanted = {n for m in app.env.metadata.values() for n in m.get(BAKED, {})}
    for name in sorted(wanted):
        source = folder(app) / baked_file(app, name)
        if source.is_file():
            shutil.copyfile(source, target / source.name)
    shutil.copyfile(STATIC / "explorers.js", target / "explorers.js")
    for script in SCRIPTS:
        shutil.copyfile(FILES / script, target / script)
    styles = STATIC / "explorers.css", FILES / DRAWING_STYLE
    style = "".join(path.read_text(encoding="utf-8") for path in styles)
    palette = css(":root", COLORS) + f"@media screen{{{css(DARK_PAGE, DARK)}}}\n"
    (target / "explorers.css").write_text(palette + style, encoding="utf-8")
