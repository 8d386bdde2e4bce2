"""The button that opens a chapter in JupyterLite: there when it leads somewhere."""

import json

import pytest
from built_site import WRITTEN
from test_pages import open_page

CHAPTER = next((n for n in WRITTEN if n.endswith("07_initialization.html")), "none")
NOTEBOOK = "07_initialization.ipynb"


@pytest.fixture
def offer(answer):
    """Return a function that says which chapters `make lite` has built."""

    def offer(*names):
        chapters = {name: {} for name in names}
        told = {"chapters": chapters, "pyodide": "p/", "wheels": []}
        answer("lite/chapters.js", f"window.bookLite = {json.dumps(told)};")

    return offer


def test_it_leads_to_the_chapter_from_where_the_page_is(page, site_url, offer):
    offer(NOTEBOOK)
    open_page(page, site_url, CHAPTER)
    button = page.get_by_role("link", name="Run in your browser")
    wanted = f"{site_url}lite/notebooks/index.html?path={NOTEBOOK}"
    assert button.get_attribute("href") == wanted
    assert button.get_attribute("rel") == "noopener"


def test_it_keeps_its_name_on_a_phone_and_fits(page, site_url, offer):
    offer(NOTEBOOK)
    page.set_viewport_size({"width": 320, "height": 640})
    open_page(page, site_url, CHAPTER)
    assert page.get_by_role("link", name="Run in your browser").is_visible()
    assert page.get_by_role("button", name="Activate").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("names", [(), ("02_perceptrons.ipynb",)])
def test_there_is_none_for_a_chapter_that_was_not_built(page, site_url, offer, names):
    offer(*names)
    open_page(page, site_url, CHAPTER)
    assert page.locator(".book-lite").count() == 0


def test_there_is_none_on_a_page_opened_from_disk(page, site_dir, offer):
    offer(NOTEBOOK)
    open_page(page, f"{site_dir.as_uri()}/", CHAPTER)
    assert page.locator(".book-lite").count() == 0
