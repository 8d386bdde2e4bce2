"""The book as one page to print: links lead on, and nothing is given away or lost."""

import re

import pytest

one_page = pytest.importorskip("one_page", reason="the book's extras")

TOC = """\
root: book/welcome
parts:
  - caption: Part
    chapters:
      - file: notebooks/one
"""
HEAD = """<head><link rel="stylesheet" href="../_static/book.css?v=1">
<script>window.MathJax = {}</script></head>"""
WELCOME = """<article class="bd-article"><section id="top"><h1>Welcome</h1>
<a href="../notebooks/one.html#here">one</a> <a href="https://example.org/">out</a>
<a href="../genindex.html">index</a></section></article>"""
CHAPTER = """<article class="bd-article"><section id="top"><h1>One</h1>
<p id="here">Text <a class="headerlink" href="#here">#</a> <a href="#top">up</a></p>
<p><b>Question?</b></p>
<details class="quiz"><summary>Yes</summary><p>No: because.</p></details>
<details class="quiz"><summary>No</summary><p>Yes: so.</p></details>
<p><b>Another?</b></p>
<details class="quiz"><summary>Maybe</summary><p>Right.</p></details>
<div class="solution" id="s">Four.</div>
<img src="../_images/a.png"><svg><g clip-path="url(#c)"/><defs id="c"/></svg>
<p>Last words.</p></section></article>"""


@pytest.fixture
def book(tmp_path):
    for name, body in (("book/welcome", WELCOME), ("notebooks/one", CHAPTER)):
        path = tmp_path / "html" / f"{name}.html"
        path.parent.mkdir(parents=True)
        path.write_text(f"<html>{HEAD}<body>{body}</body></html>")
    (tmp_path / "_toc.yml").write_text(TOC)
    html = one_page.book_html(tmp_path / "html", tmp_path / "_toc.yml", "<p>cover</p>")
    return one_page.BeautifulSoup(html, "html.parser")


def test_links_lead_on(book):
    anchors = [part["id"] for part in book.select("[id]")]
    assert len(anchors) == len(set(anchors))
    targets = [link["href"] for link in book.select("article a")]
    assert targets == [
        "#notebooks-one--here",
        "https://example.org/",
        "#",
        "#notebooks-one--top",
    ]
    inside = [t for t in targets if t.startswith("#") and t != "#"]
    contents = [link["href"] for link in book.select(".print-contents a")]
    assert contents == ["#book-welcome", "#notebooks-one"]
    assert {t[1:] for t in inside + contents} <= set(anchors)
    assert "url(#notebooks-one--c)" in str(book)
    assert book.select_one("article img")["src"] == "../html/_images/a.png"
    styles = [link["href"] for link in book.select("link")]
    assert styles[0] == "../html/_static/book.css?v=1"


def test_answers_and_solutions_stand_at_the_end(book):
    words = " ".join(book.select_one("#notebooks-one").get_text(" ").split())
    first, _, end = words.partition("Last words.")
    assert re.findall(r"\b\d[a-z]\b", first) == ["1a", "1b", "2a"]
    assert "because" not in first
    assert "Four" not in first
    assert re.findall(r"\b\d[a-z]\b", end) == ["1a", "1b", "2a"]
    assert end.index("Yes: so.") < end.index("Right.") < end.index("Four.")
