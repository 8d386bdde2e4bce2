"""Print the whole book into one PDF with a cover, contents, bookmarks and page numbers.

    python scripts/make_pdf.py [_build/pdf/deep-learning-from-the-basics.pdf]

Needs `make book` and a Chromium. It prints twice: the first time tells on which page
each chapter starts, the second time the table of contents says so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from chromium import launch
from one_page import book_html
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

import dlbasics

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "pdf" / "deep-learning-from-the-basics.pdf"
TITLE = "Deep Learning from the Basics"
COVER = f"""\
<section class="print-cover"><p class="print-title">{TITLE}</p>
<p>An interactive book, on paper</p>
<img src="../html/_static/cover.svg" alt="">
<p class="print-version">Version {dlbasics.__version__}. Text and figures CC BY 4.0,
code MIT. Figures answer and exercises are checked in the interactive form.</p>
</section>"""
FOOTER = """<div style="font: 8pt sans-serif; width: 100%; text-align: center">
<span class="pageNumber"></span></div>"""
MINUTES = 20
HEADINGS = "all => all.map(heading => heading.innerText.trim().replace(/\\s+/g, ' '))"
FILL_IN = """numbers => {
    for (const line of document.querySelectorAll(".print-contents p:has(a)")) {
        const [link, number] = line.children;
        number.textContent = numbers[link.hash.slice(1)];
    }
}"""


def starts(pdf: Path) -> dict[str, int]:
    """Return anchor -> sheet of all places that links of the book lead to."""
    reader = PdfReader(pdf)
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def bookmarks(node) -> Iterator[DictionaryObject]:
    """Yield the bookmarks below a node, in the order of the book."""
    child = node.get("/First")
    while child is not None:
        child = child.get_object()
        yield child
        yield from bookmarks(child)
        child = child.get("/Next")


def retitle(writer: PdfWriter, headings: list[str]) -> int:
    """Correct bookmarks that Chromium names twice over, or without spaces.

    It does so where it moved or broke a heading. Returns how many have no heading.
    """
    unknown = start = 0
    for mark in bookmarks(writer.get_outline_root()):
        given = "".join(mark["/Title"].split())
        for place, title in enumerate(headings[start:], start):
            if given.endswith("".join(title.split())):
                mark[NameObject("/Title")] = TextStringObject(title)
                start = place + 1
                break
        else:
            unknown += 1
    return unknown


def typeset(browser, html: Path):
    """Open the page of the whole book and wait for its formulas."""
    page = browser.new_page()
    page.set_default_timeout(MINUTES * 60_000)
    page.goto(html.as_uri(), wait_until="load")
    page.evaluate("() => MathJax.startup.promise.then(() => document.fonts.ready)")
    return page


def print_page(page, pdf: Path) -> dict[str, int]:
    """Print the page, and return on which sheet each anchor is."""
    page.pdf(
        path=pdf,
        format="A4",
        margin={"top": "18mm", "bottom": "20mm", "left": "20mm", "right": "20mm"},
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        print_background=True,
        outline=True,
        tagged=True,
    )
    return starts(pdf)


def finish(part: Path, target: Path, headings: list[str]) -> None:
    """Say what the file is, and put it in its place only when it is whole."""
    writer = PdfWriter(clone_from=part)
    if unknown := retitle(writer, headings):
        print(f"{unknown} bookmarks are named as Chromium names them")
    writer.add_metadata({"/Title": TITLE, "/Author": f"The authors of {TITLE}"})
    writer.write(part)
    part.replace(target)


def main(argv: list[str] | None = None) -> int:
    target = Path(*(argv or sys.argv[1:]) or [TARGET]).resolve()
    if not (SITE / "index.html").is_file():
        print(f"expected the built book in {SITE}: run `make book`", file=sys.stderr)
        return 1
    folder = SITE.parent / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    html, part = folder / "book.html", target.with_suffix(".part")
    html.write_text(book_html(SITE, ROOT / "_toc.yml", COVER), encoding="utf-8")
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 1
        page = typeset(browser, html)
        headings = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(HEADINGS)
        numbers = print_page(page, part)
        page.evaluate(FILL_IN, numbers)
        if print_page(page, part) != numbers:
            raise RuntimeError("the pages have moved since their numbers were read")
        browser.close()
    finish(part, target, headings)
    pages = len(PdfReader(target).pages)
    print(f"{target}: {pages} pages, {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
