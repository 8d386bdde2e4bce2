"""From a Matplotlib figure to a small SVG that takes its colors from the page.

Matplotlib's own SVG is a faithful print: every style inline, every coordinate with six
decimals, an identifier on everything. `draw` keeps what is seen: text stays text and
takes the page's font, colors of the palette become `var(--dlb-blue,#0072b2)`, styles
become attributes (so a strict content security policy has nothing to object to), and
identifiers remain only where they are referred to. They begin with `{id}`, which
`place` replaces, so that a figure can stand on a page twice.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from dlbasics.explorers._style import style
from dlbasics.palette import COLORS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DECIMALS = 1  # of a point; a page shows a point as about 1.5 pixels
VARIABLES = {value: f"var(--dlb-{name},{value})" for name, value in COLORS.items()}
GEOMETRY = {"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "cx"}
DEFAULTS = {
    ("stroke-linejoin", "round"),
    ("stroke-linecap", "butt"),
    ("font-style", "normal"),
    ("font-variant", "normal"),
    ("font-weight", "400"),
    ("font-weight", "normal"),
    ("font-stretch", "normal"),
    ("text-anchor", "start"),
    ("stroke-width", "1"),
    ("opacity", "1"),
}
FONT = re.compile(r"(?:(?:normal|italic|oblique)\s+)?(?:(bold|\d{3})\s+)?([\d.]+)px")
NUMBER = re.compile(r"-?\d*\.?\d+(?:[eE][-+]?\d+)?")


def draw(figure: Figure) -> str:
    """Render `figure` as one line of SVG with `{id}` at the head of each identifier."""
    buffer = io.StringIO()
    with style():
        figure.savefig(buffer, format="svg", transparent=True)
    root = ElementTree.fromstring(buffer.getvalue())
    for element in root.iter():
        element.tag = local(element.tag)
        element.attrib = dict(attributes(element))
    keep_ids(root)
    view = " ".join(rounded(v, 1) for v in root.get("viewBox").split())
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": view,
        "fill": VARIABLES[COLORS["ink"]],  # Matplotlib leaves out what is black
        "stroke-linejoin": "round",
    }
    return "".join(write(root))


def place(svg: str, *, ident: str, description: str) -> str:
    """Make a drawn SVG an image with alt text; begin its identifiers with `ident`."""
    label = quoteattr(description)
    return svg.replace("<svg ", f'<svg role="img" aria-label={label} ', 1).replace(
        "{id}", ident
    )


def local(name: str) -> str:
    """Strip the namespace: `{http://www.w3.org/2000/svg}path` is a path."""
    return name.rpartition("}")[2]


def rounded(number: str, decimals: int) -> str:
    """Write a number with few decimals and no ornament: 0.50 is .5, -0.0 is 0."""
    text = f"{float(number):.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = re.sub(r"^(-?)0(?=\.)", r"\1", text)
    return "0" if text in ("-0", "-", "") else text


def attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield what is worth keeping, styles as attributes of their own."""
    for name, value in element.attrib.items():
        name = local(name)
        if name == "style":
            yield from presentation(value)
        elif name == "d":
            yield name, path(value)
        elif name in GEOMETRY:
            yield name, rounded(value, DECIMALS) if NUMBER.fullmatch(value) else value
        elif name == "transform":
            if moved := transform(value):
                yield name, moved
        elif name in ("fill", "stroke"):
            yield name, color(value)
        else:
            yield name, value


def presentation(css: str) -> Iterator[tuple[str, str]]:
    """Split a style into attributes, without those that repeat a default."""
    for rule in filter(None, map(str.strip, css.split(";"))):
        name, _, value = map(str.strip, rule.partition(":"))
        if name == "font":  # Matplotlib 3.8 writes the shorthand
            weight, size = FONT.match(value).groups()
            yield "font-size", rounded(size, 2)
            if weight and weight != "400":
                yield "font-weight", weight
        elif name == "font-family" or (name, value) in DEFAULTS:
            continue
        elif name == "image-rendering":  # a style that is no valid attribute
            yield "class", "dlb-pixels"
        elif name in ("fill", "stroke"):
            yield name, color(value)
        else:
            yield name, NUMBER.sub(lambda n: rounded(n[0], 2), value.replace("px", ""))


def color(value: str) -> str:
    """Let the page choose the color, if it is one of the palette."""
    return VARIABLES.get(value.lower(), value)


def transform(value: str) -> str:
    """Round a transform; a turn by nothing is none. Scales need more decimals."""
    if re.match(r"rotate\(-?0[ )]", value):
        return ""
    decimals = 4 if re.search("matrix|scale", value) else DECIMALS
    return NUMBER.sub(lambda number: rounded(number[0], decimals), value)


def path(data: str) -> str:
    """Shorten path data: rounded, and H or V where only one coordinate changes."""
    parts, x, y = [], None, None
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        points = [rounded(n, DECIMALS) for n in numbers.split()]
        if command == "L" and points == [x, y]:
            continue
        if command == "L" and points[1] == y:
            parts.append(f"H{points[0]}")
        elif command == "L" and points[0] == x:
            parts.append(f"V{points[1]}")
        else:
            parts.append(command + " ".join(points))
        x, y = points[-2:] if points else (None, None)
    return "".join(parts)


def keep_ids(root: ElementTree.Element) -> None:
    """Rename the identifiers that something refers to, in order; drop the others."""
    names: dict[str, str] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            pattern = r"#(.+)" if name == "href" else r"url\(#(.+)\)"
            if match := re.fullmatch(pattern, value):
                new = names.setdefault(match[1], f"{{id}}{len(names)}")
                element.set(name, value.replace(match[1], new))
    for element in root.iter():
        ident = element.attrib.pop("id", None)
        if ident in names:
            element.set("id", names[ident])


def write(element: ElementTree.Element) -> Iterator[str]:
    """Write an element without what cannot be seen."""
    if element.tag in ("metadata", "style") or unseen(element):
        return
    inside = [escape(element.text or "")] if element.tag in ("text", "tspan") else []
    for child in element:
        inside += write(child)
        if element.tag == "text" and child.tail:
            inside.append(escape(child.tail.strip()))
    if not inside and element.tag in ("g", "defs", "text"):
        return
    if element.tag == "g" and not element.attrib:
        yield from inside
        return
    names = "".join(f" {k}={quoteattr(v)}" for k, v in element.attrib.items())
    if inside:
        yield f"<{element.tag}{names}>{''.join(inside)}</{element.tag}>"
    else:
        yield f"<{element.tag}{names}/>"


def unseen(element: ElementTree.Element) -> bool:
    """Tell a path that neither fills nor strokes, as Matplotlib's backgrounds."""
    get = element.attrib.get
    return element.tag == "path" and get("fill") == "none" and not get("stroke", "")
