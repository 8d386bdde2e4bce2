"""Sphinx extension: pages that show their first line soon.

The theme and a dozen extensions bring more than twenty style sheets and scripts, and a
browser fetches each of them before it shows anything. When all pages are written,

- their style sheets become one, `_static/bundle.css`;
- their scripts wait until the page is there (`defer`);
- the font of icons keeps those that the site shows, 2 kB of 157, and the script that
  would bring two thousand more is left out;
- names and signs in code, most of a page's elements, are plain text, and neighbors of
  one color are one element;
- light or dark is known before the first line, not found when all is there;
- MathJax is loaded by `formulas.js`, where there are formulas and when one is near.

Pages that an earlier build has treated stay as they are.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx

FORMULAS = Path(__file__).parent / "static" / "formulas.js"
BUNDLE, ICONS = "bundle.css", "icons.woff"
FONT = "vendor/fontawesome/webfonts/fa-solid-900"
SHEET = re.compile(r'<link\b[^>]*\bhref="([^"?]+\.css)[^"]*"[^>]*/>\n?')
SCRIPT = re.compile(r'<script (?!defer|async)([^>]*\bsrc="[^"]+"[^>]*></script>)')
OPTIONS = re.compile(
    r'<script [^>]*src="[^"]*/documentation_options\.js[^>]*></script>'
)
ALL_ICONS = re.compile(r'<script [^>]*src="[^"]*/fontawesome\.js[^>]*></script>\n?')
MATHJAX = re.compile(r'<script defer="defer" src="([^"]*/mathjax/tex-chtml\.js[^"]*)">')
PLAIN = re.compile(r'<span class="(?:n|nn|nx|o|p|w)">([^<]*)</span>')  # see book.css
ALIKE = re.compile(r'(<span class="(\w+)">[^<]*)</span><span class="\2">')
THEME = 'dataset.theme = localStorage.getItem("theme") || "auto";'
KNOWN = """dataset.theme = document.documentElement.dataset.mode !== "auto"
      ? document.documentElement.dataset.mode
      : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";"""
VERSION = re.compile(rf"(?<={re.escape(BUNDLE)}\?v=)\w+")
IMPORT = re.compile(r'@import "([^"]+)";')
URL = re.compile(r"url\(([\"']?)(?!data:|#|https?:)([^\"')]+)\1\)")
GLYPH = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')
SOURCES = re.compile(r"/\* bundled: (.*?) \*/")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", lighten, priority=900)  # when all files are there
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def lighten(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    theirs = site / "lite"  # JupyterLite's own pages
    paths = [p for p in sorted(site.rglob("*.html")) if theirs not in p.parents]
    pages = {path: path.read_text("utf-8") for path in paths}
    bundle = bundled(site, sheets(site, pages.values()))
    bundle = with_few_icons(site, bundle, "".join(pages.values()))
    (site / "_static" / BUNDLE).write_text(bundle, "utf-8")
    shutil.copy(FORMULAS, site / "_static")
    version = hashlib.sha256(bundle.encode()).hexdigest()[:8]
    options = (site / "_static" / "documentation_options.js").read_text("utf-8")
    for path, text in pages.items():
        light = light_page(text, version, options)
        if light != text:
            path.write_text(light, "utf-8")


def sheets(site: Path, pages: Iterable[str]) -> list[str]:
    """Return the style sheets of all pages, as paths in the site, in their order.

    Those of pages that an earlier build has treated are named in its bundle.
    """
    lists = [SHEET.findall(text) for text in pages]
    lists = [[n.split("_static/")[1] for n in names] for names in lists]
    old = site / "_static" / BUNDLE
    if old.is_file() and (kept := SOURCES.match(old.read_text("utf-8"))):
        lists.append(kept[1].split())
    longest_first = sorted(lists, key=len, reverse=True)
    names = dict.fromkeys(name for names in longest_first for name in names)
    names.pop(BUNDLE, None)
    return list(names)


def bundled(site: Path, names: list[str]) -> str:
    """Put style sheets one after the other, and say in the first line which."""
    parts = [css(site, posixpath.join("_static", name)) for name in names]
    return "\n".join([f"/* bundled: {' '.join(names)} */", *parts])


def css(site: Path, name: str) -> str:
    """Return a style sheet as it reads from `_static`, what it imports included."""
    name = posixpath.normpath(name)
    folder = posixpath.dirname(name)

    def moved(match: re.Match) -> str:
        there = posixpath.relpath(posixpath.join(folder, match[2]), "_static")
        return f'url("{there}")'

    def imported(match: re.Match) -> str:
        return css(site, posixpath.join(folder, match[1]))

    text = URL.sub(moved, (site / name).read_text("utf-8"))
    return IMPORT.sub(imported, text)


def with_few_icons(site: Path, bundle: str, shown: str) -> str:
    """Write a font of the icons that pages and theme show; point the bundle to it."""
    static = site / "_static"
    shown += (static / "scripts" / "pydata-sphinx-theme.js").read_text("utf-8")
    names, codes = set(re.findall(r"\bfa-[\w-]+", shown)), set()

    def kept(rule: re.Match) -> str:
        if not names & set(re.findall(r"fa-[\w-]+", rule[1])):
            return ""
        codes.add(int(rule[2], 16))
        return rule[0]

    bundle = GLYPH.sub(kept, bundle)
    options = subset.Options(flavor="woff")
    font = subset.load_font(static / f"{FONT}.ttf", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, static / ICONS, options)
    faces = rf'url\("{FONT}\.woff2"\) format\("woff2"\),url\("{FONT}\.ttf"\)'
    few, n_faces = re.subn(
        rf'{faces} format\("truetype"\)', f'url("{ICONS}") format("woff")', bundle
    )
    if n_faces != 1:
        raise ValueError(
            f"expected one font of icons in the theme's style, got {n_faces}"
        )
    return few


def light_page(text: str, version: str, options: str) -> str:
    """Return a page with one style sheet whose scripts wait for it."""
    if first := SHEET.search(text):
        static = first[1].split("_static/")[0] + "_static/"
        link = f'<link rel="stylesheet" href="{static}{BUNDLE}?v={version}">\n'
        head, tail = text[: first.start()], text[first.start() :]
        text = head + link + SHEET.sub("", tail)
        later = rf'<script defer src="{static}formulas.js" data-mathjax="\1">'
        text = MATHJAX.sub(later, text)
    text = joined(PLAIN.sub(r"\1", ALL_ICONS.sub("", text))).replace(THEME, KNOWN)
    text = OPTIONS.sub(lambda _: f"<script>{options}</script>", text)
    return VERSION.sub(version, SCRIPT.sub(r"<script defer \1", text))


def joined(text: str) -> str:
    """Return a page whose code has no two elements of a kind next to each other."""
    while (fewer := ALIKE.sub(r"\1", text)) != text:
        text = fewer
    return text
