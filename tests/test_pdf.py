"""What is corrected in the printed book."""

import pytest

pypdf = pytest.importorskip("pypdf", reason="the extra `pdf`")
make_pdf = pytest.importorskip("make_pdf", reason="Playwright")


@pytest.fixture
def writer():
    made = pypdf.PdfWriter()
    for _ in range(2):
        made.add_blank_page(width=100, height=100)
    chapter = made.add_outline_item(title="One", page_number=0)
    made.add_outline_item(
        title="What does it losWhat does it lose?", page_number=1, parent=chapter
    )
    made.add_outline_item(title="QuizQuiz", page_number=1)
    return made


def titles(writer):
    return [mark["/Title"] for mark in make_pdf.bookmarks(writer.get_outline_root())]


def test_headings_that_chromium_named_twice(writer):
    headings = ["Not printed", "One", "What does it lose?", "Quiz"]
    assert make_pdf.retitle(writer, headings) == 0
    assert titles(writer) == headings[1:]


def test_a_bookmark_that_is_no_heading_stays_as_it_is(writer):
    assert make_pdf.retitle(writer, ["One", "Quiz"]) == 1
    assert titles(writer) == ["One", "What does it losWhat does it lose?", "Quiz"]
