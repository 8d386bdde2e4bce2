"""Put the chapters of the built book one after the other into a single page to print.

What works on a screen only is left out or rearranged: quiz reasons and solutions go to
the end of their chapter, so that paper does not give them away.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

NO_PAPER = (
    ".headerlink, .toggle-button, .dlb-controls, .dlb-message, .dlb-status, script, "
    "form, .toctree-wrapper, .dlb-target, canvas, button"
)


def pages_in_order(toc: Path) -> list[tuple[str, list[str]]]:
    """Return (caption, page names) of each part of `_toc.yml`."""
    contents = yaml.safe_load(toc.read_text(encoding="utf-8"))
    return [
        ("", [contents["root"]]),
        *(
            (part["caption"], [entry["file"] for entry in part["chapters"]])
            for part in contents["parts"]
        ),
    ]


def prefix(page: str) -> str:
    """Return what stands before the anchors of a page, which must be unique."""
    return page.replace("/", "-")


class Printed:
    """One page of the site, as a part of the printed one."""

    def __init__(self, site: Path, page: str, pages: set[str]):
        self.page, self.pages, self.prefix = page, pages, prefix(page)
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        self.soup = BeautifulSoup(text, "html.parser")
        self.article = self.soup.select_one("article.bd-article")
        for part in self.article.select(NO_PAPER):
            part.decompose()
        self.title = self.article.select_one("h1").get_text().strip()
        self.move_quizzes()
        self.move_solutions()
        self.point()

    def html(self) -> str:
        """Return the article with anchors that are unique in the whole book."""
        text = re.sub(
            r"url\(#", f"url(#{self.prefix}--", str(self.article.decode_contents())
        )
        return f'<article class="bd-article" id="{self.prefix}">{text}</article>'

    def tag(self, name: str, *inside: str | Tag, **attributes) -> Tag:
        made = self.soup.new_tag(name, attrs=attributes)
        made.extend(inside)
        return made

    def chapter_end(self, title: str, parts: list[Tag]) -> None:
        """Add a section at the end of the chapter, unless it were empty."""
        if parts:
            section = self.tag("section", self.tag("h2", title), *parts)
            self.article.select_one("section").append(section)

    def move_quizzes(self) -> None:
        """Turn the options into letters, and keep their reasons for the end."""
        reasons, number, last = [], 0, None
        for option in self.article.select("details.quiz"):
            before = option.find_previous_sibling()
            if last is None or before is not last:
                number, letter = number + 1, "a"
                option.insert_before(label := self.tag("p", f"Quiz {number}"))
                label["class"] = "quiz-number"
            name = f"{number}{letter}"
            letter = chr(ord(letter) + 1)
            summary = option.select_one("summary").extract()
            words = list(summary.contents)
            choice = self.tag("div", self.tag("b", f"{name}  "), *words)
            choice["class"] = "quiz-option"
            option.insert_before(choice)
            reason = self.tag("div", self.tag("b", f"{name}  "), *list(option.contents))
            reason["class"] = "quiz-reason"
            reasons.append(reason)
            option.decompose()
            last = choice
        self.chapter_end("Answers to the quizzes", reasons)

    def move_solutions(self) -> None:
        solutions = [part.extract() for part in self.article.select(".solution")]
        self.chapter_end("Solutions of the exercises", solutions)

    def point(self) -> None:
        """Make anchors unique, and lead links and pictures to where they are now."""
        for part in self.article.find_all(True):
            for name in ("aria-labelledby", "aria-describedby", "for"):
                part.attrs.pop(name, None)
            if part.get("id"):
                part["id"] = f"{self.prefix}--{part['id']}"
            if part.get("src"):
                part["src"] = self.from_root(part["src"], "../html/")
            for name in ("href", "xlink:href"):
                if part.get(name):
                    part[name] = self.target(part[name])

    def from_root(self, address: str, root: str) -> str:
        if urlsplit(address).scheme:
            return address
        return root + posixpath.normpath(f"{posixpath.dirname(self.page)}/{address}")

    def target(self, address: str) -> str:
        """Return where a link leads in the printed book."""
        url = urlsplit(address)
        if url.scheme:
            return address
        if not url.path:
            return f"#{self.prefix}--{unquote(url.fragment)}"
        page = self.from_root(url.path, "").removesuffix(".html")
        if page not in self.pages:
            return "#"
        return f"#{prefix(page)}" + (
            f"--{unquote(url.fragment)}" if url.fragment else ""
        )


def contents_html(parts: list[tuple[str, list[Printed]]]) -> str:
    """Return the table of contents, with room for page numbers."""
    lines = ['<nav class="print-contents"><p class="print-heading">Contents</p>']
    for caption, printed in parts:
        lines.append(f'<p class="print-part">{caption}</p>' if caption else "")
        for page in printed:
            link = f'<a href="#{page.prefix}">{page.title}</a>'
            lines.append(f"<p>{link}<span>000</span></p>")
    return "\n".join([*lines, "</nav>"])


def book_html(site: Path, toc: Path, cover: str) -> str:
    """Return the whole book as one page, which lies in a folder beside the site's."""
    order = pages_in_order(toc)
    names = {page for _, pages in order for page in pages}
    parts = [
        (caption, [Printed(site, page, names) for page in pages])
        for caption, pages in order
    ]
    welcome = (site / f"{order[0][1][0]}.html").read_text(encoding="utf-8")
    head = BeautifulSoup(welcome, "html.parser").head
    names = [
        a["href"].split("_static/")[1] for a in head.select("link[rel=stylesheet]")
    ]
    names += ["explorers/explorers.css", "print.css"]
    styles = [f'<link rel="stylesheet" href="../html/_static/{n}">' for n in names]
    math = next(s for s in head.select("script") if "window.MathJax" in s.text)
    body = "\n".join(page.html() for _, printed in parts for page in printed)
    return f"""\
<!doctype html>
<html lang="en" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>Deep Learning from the Basics</title>
{"".join(styles)}
{math}<script defer src="../html/mathjax/tex-chtml.js"></script></head>
<body class="whole-book">
{cover}
{contents_html(parts)}
<div class="bd-main"><div class="bd-content"><div class="bd-article-container">
{body}
</div></div></div></body></html>"""
