"""What a link leads to, shown on hover, on focus, and until Escape."""

import pytest
from built_site import WRITTEN
from test_pages import open_page

CHAPTER = next((n for n in WRITTEN if n.endswith("07_initialization.html")), "none")
BOX = ".tippy-box"


@pytest.fixture
def chapter(page, root):
    open_page(page, root, CHAPTER)
    page.wait_for_function("() => window.tippy")
    return page


@pytest.fixture(params=["http", "file"])
def root(request, site_url, site_dir):
    return site_url if request.param == "http" else f"{site_dir.as_uri()}/"


def shown(page):
    """The text of the one preview that is open."""
    page.wait_for_selector(BOX)
    assert page.locator(BOX).count() == 1
    return page.locator(BOX).inner_text()


def test_a_term_shows_its_definition_on_hover(chapter):
    link = chapter.locator("article a[href$='#term-vanishing-gradient']").first
    link.hover()
    words = shown(chapter)
    assert words.startswith("vanishing gradient")
    assert "shrinks from layer to layer" in words
    chapter.locator(BOX).hover()  # it stays for a pointer that moves onto it
    chapter.wait_for_timeout(100)
    assert chapter.locator(BOX).is_visible()
    chapter.mouse.move(2, 2)
    chapter.wait_for_selector(BOX, state="detached")


def test_it_opens_on_focus_is_announced_and_closes_on_escape(chapter):
    link = chapter.locator("article a[href$='#term-gain']").first
    link.focus()
    assert "makes up" in shown(chapter) or "make up" in shown(chapter)
    described = link.get_attribute("aria-describedby")
    assert chapter.locator(f"#{described}").inner_text().startswith("gain")
    chapter.keyboard.press("Escape")
    chapter.wait_for_selector(BOX, state="detached")
    assert link.get_attribute("aria-describedby") is None


@pytest.mark.parametrize(
    ("link", "part"),
    [
        ("a.reference[href='#equation-eq-xavier']", "mjx-container"),
        ("a.reference[href='#fig-three-sigmas']", "img[alt^='Grid of histograms']"),
        (".bibtex-citation a", "p"),
    ],
    ids=["equation", "figure", "reference"],
)
def test_other_links_show_their_targets(chapter, link, part):
    chapter.locator(f"article {link}").first.focus()
    shown(chapter)
    assert chapter.locator(f"{BOX} {part}").count() >= 1
    assert chapter.locator(f"{BOX} [id]").count() == 0, "an anchor exists twice"


def test_an_equation_that_was_not_near_yet_is_typeset_for_its_preview(page, site_url):
    page.goto(f"{site_url}{CHAPTER}")
    link = page.locator("article a.reference[href='#equation-eq-xavier']").first
    link.evaluate("link => link.focus({ preventScroll: true })")
    shown(page)
    page.wait_for_selector(f"{BOX} mjx-math")
    there = page.locator("[id='equation-eq-xavier'] mjx-math")
    assert there.count() == 0, "it had been typeset in its place"
    assert page.locator(f"{BOX} [id]").count() == 0


def test_links_to_sections_and_exercises_show_nothing(chapter):
    chapter.locator("article a[href='#ex-07-1']").first.focus()
    chapter.wait_for_timeout(300)
    assert chapter.locator(BOX).count() == 0


def test_a_preview_fits_a_phone(page, site_url):
    page.set_viewport_size({"width": 320, "height": 640})
    open_page(page, site_url, CHAPTER)
    page.locator("article a.reference[href='#fig-three-sigmas']").first.focus()
    shown(page)
    box = page.locator(BOX).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
