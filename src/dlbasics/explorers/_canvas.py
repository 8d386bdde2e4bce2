"""The HTML of a drawing, in the book and in a live kernel."""

from __future__ import annotations

import base64
import itertools
import json
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dlbasics.explorers import _baked
from dlbasics.explorers._svg import draw, place
from dlbasics.palette import COLORS, DARK, css

if TYPE_CHECKING:
    import ipywidgets

    from dlbasics.explorers._declaration import Frame, State
    from dlbasics.explorers._drawing import Drawing

FILES = Path(__file__).with_name("_page")
SCRIPTS = ("network.js", "drawing.js")
STYLE = "drawing.css"
IDENTS = (f"dlb-canvas-{number}" for number in itertools.count())
KEYS = (
    "By keyboard: arrow keys move the pen, with Shift in small steps; space puts it "
    "down or lifts it; the digits put test images on the canvas, Z undoes."
)


def drawing_html(manifest: dict, digit: str, drawn: _baked.Drawn, ident: str) -> str:
    """Return the whole drawing: the canvas, and the still picture if no script runs."""
    title, digits = escape(manifest["title"]), manifest["controls"][0]["tokens"]
    data = {key: manifest[key] for key in ("name", "file", "goal", "bytes")}
    data |= {"start": digit, "digits": digits}
    svg = place(drawn.svg, ident=f"{ident}-i", description=drawn.description)
    buttons = "".join(
        f'<button type="button" data-digit="{d}">{d}</button>' for d in sorted(digits)
    )
    bars = "".join(
        f'<li><span>{d}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none" '
        'aria-hidden="true"><rect width="0" height="10"/></svg><output></output></li>'
        for d in range(10)
    )
    return f"""\
<div class="dlb-explorer dlb-drawing" id="{ident}" role="group" \
aria-labelledby="{ident}-title" data-lm-suppress-shortcuts="true" \
data-explorer="{escape(json.dumps(data, ensure_ascii=False))}">
<p class="dlb-title" id="{ident}-title">{title}</p>
<p class="dlb-target"><strong>Target.</strong> {escape(manifest["target"])} \
<span class="dlb-reached" hidden>✓ reached. {escape(manifest["praise"])}</span></p>
<p class="dlb-message" role="alert" hidden></p>
<div class="dlb-desk">
<div class="dlb-draw">
<div class="dlb-sheet"><canvas class="dlb-paper" tabindex="0" role="application" \
aria-label="Canvas: draw a digit" aria-describedby="{ident}-keys"></canvas></div>
<p class="dlb-hint" aria-hidden="true"></p>
<div class="dlb-tools"><button type="button" data-do="undo">Undo</button>
<button type="button" data-do="clear">Clear</button></div>
</div>
<figure class="dlb-seen"><div class="dlb-sheet"><canvas class="dlb-image" width="28" \
height="28" role="img" aria-label="What the network sees"></canvas></div>
<figcaption>what the network sees</figcaption></figure>
<div class="dlb-says"><p id="{ident}-bars">probabilities</p>
<ol class="dlb-bars" aria-labelledby="{ident}-bars">{bars}</ol></div>
<div class="dlb-samples" role="group" aria-labelledby="{ident}-samples">\
<span id="{ident}-samples">Put a test image on the canvas:</span> {buttons}</div>
<p class="dlb-keys" id="{ident}-keys">{KEYS}</p>
</div>
<div class="dlb-picture">{svg}</div>
<p class="dlb-description">{escape(drawn.description)}</p>
<p class="dlb-status" role="status"></p>
</div>
"""


def live_drawing(made: Drawing, start: State, frame: Frame) -> ipywidgets.Widget:
    """Return a widget with the same canvas as in the book, and all that it needs.

    An output that a widget holds may run scripts, since a kernel has just made it; what
    a notebook stores of a drawing holds none, and asks no reader for trust.
    """
    import ipywidgets

    drawn = _baked.Drawn(draw(frame.figure), frame.description, None)
    manifest = {
        "name": made.name,
        "title": made.title,
        "target": made.target,
        **made.for_page(),
        "controls": [_baked.describe(made, "digit")],
        "file": "",  # nothing to load: the script below brings it
        "bytes": 0,
    }
    page = drawing_html(manifest, str(start["digit"]), drawn, next(IDENTS))
    scripts = "\n".join((FILES / name).read_text("utf-8") for name in SCRIPTS)
    html = (
        f"<style>{palette()}{(FILES / STYLE).read_text('utf-8')}</style>"
        f'<div class="dlb-live">{page}</div>'
        f"<script>{content_of(made)}{scripts}</script>"
    )
    data = {"text/html": html, "text/plain": made.title}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    return ipywidgets.VBox([ipywidgets.Output(outputs=(output,))])


@cache
def content_of(made: Drawing) -> str:
    """Return the script that carries network and images, as a bake writes it."""
    packed = base64.b64encode(_baked.compress(made.for_script())).decode()
    return _baked.SCRIPT % (made.name, packed)


def palette() -> str:
    """Return the colors for a notebook's page, light and dark."""
    dark = '[data-jp-theme-light="false"] .dlb-live, .vscode-dark .dlb-live'
    ink = "--dlb-ink:var(--jp-ui-font-color1,var(--vscode-foreground,#222));"
    return css(".dlb-live", COLORS) + css(dark, DARK) + f".dlb-live{{{ink}}}"
