"""The cells of an activated page, with a worker that only plays Python.

Python itself is in tests/lite, which needs Pyodide.
"""

import json

import pytest
from built_site import ROOT, WRITTEN
from test_accessibility import in_scheme, violations
from test_pages import every, open_page

NAMES = [name for name in WRITTEN if name.startswith("notebooks/")]
CHAPTER = next((name for name in NAMES if "07_" in name), "none")
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAA"
    "SUVORK5CYII="
)
# It prints what it was told to run, and obeys a few words in it.
WORKER = f"""
self.onmessage = ({{ data }}) => {{
    if (data.start) return postMessage({{ kind: "ready" }});
    const source = data.run;
    if (source.includes("forever")) return;
    if (source.includes("plot")) postMessage({{ kind: "picture", png: "{PNG}" }});
    postMessage({{ kind: "text", text: "ran: 10 %\\rran: " }});
    postMessage({{ kind: "text", text: source.split("\\n")[0] + "\\n" }});
    const ok = !source.includes("fail");
    postMessage({{ kind: "done", ok, html: `<b>${{source}}</b>` }});
}};
"""


@pytest.fixture
def activate(page, site_url, answer):
    """Return a function that opens a chapter and activates it."""

    def activate(name=CHAPTER, failing=None):
        notebook = name.rpartition("/")[2].replace(".html", ".ipynb")
        told = {"chapters": {notebook: failing or {}}, "pyodide": "p/", "wheels": []}
        answer("lite/chapters.js", f"window.bookLite = {json.dumps(told)};")
        answer("lite/worker.js", WORKER)
        open_page(page, site_url, name)
        page.get_by_role("button", name="Activate").click()
        page.get_by_text("Ready.").wait_for()
        return page.locator(".bd-article .cell")

    return activate


def write(cell, text):
    """Select all of a cell's code, and type something else."""
    cell.get_by_role("textbox").click()
    cell.page.keyboard.press("Control+a")
    for i, line in enumerate(text.split("\n")):
        if i:
            cell.page.keyboard.press("Enter")
        cell.page.keyboard.type(line)


def shown(cell):
    return cell.locator(".cell_output .output.stream").inner_text().strip()


@every(NAMES)
def test_every_code_cell_can_run(activate, name):
    path = ROOT / name.replace(".html", ".ipynb")
    stored = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(c["source"]) for c in stored if c["cell_type"] == "code"]
    cells = activate(name)
    sources = cells.get_by_role("textbox", include_hidden=True).evaluate_all(
        "parts => parts.map(part => part.textContent.trimEnd())"
    )
    assert sources == code


def test_a_cell_runs_after_those_above_it(activate, page):
    cells = activate()
    write(cells.nth(1), "for i in x:\n    y\nz")
    cells.nth(1).get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    assert shown(cells.nth(1)) == "ran: for i in x:"
    above = cells.nth(0).get_by_role("textbox").inner_text()
    assert shown(cells.nth(0)) == "ran: " + above.split("\n")[0]
    source = cells.nth(1).get_by_role("textbox").inner_text()
    assert source.split("\n")[:3] == ["for i in x:", "    y", "    z"]
    assert cells.nth(2).locator(".book-live-said").inner_text() == ""


def test_shift_enter_runs_and_goes_on(activate, page):
    cells = activate()
    cells.nth(0).get_by_role("textbox").focus()
    page.keyboard.press("Shift+Enter")
    assert (
        cells.nth(1)
        .get_by_role("textbox")
        .evaluate("code => code === document.activeElement")
    )
    page.get_by_text("Ready.").wait_for()
    assert cells.nth(0).locator(".book-live-said").inner_text().startswith("ran in")


def test_code_and_its_button_are_reached_with_the_tab_key(activate, page):
    cells = activate()
    page.wait_for_timeout(600)  # the theme looks for what scrolls
    cells.nth(1).get_by_role("textbox").focus()
    page.keyboard.press("Tab")  # to the button that copies
    page.keyboard.press("Tab")
    assert (
        cells.nth(1)
        .get_by_role("button", name="Run")
        .evaluate("button => button === document.activeElement")
    )
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert (
        cells.nth(1)
        .get_by_role("textbox")
        .evaluate("code => code === document.activeElement")
    )


def test_an_edit_can_be_taken_back(activate, page):
    cells = activate()
    code = cells.nth(0).get_by_role("textbox")
    before = code.inner_html()
    write(cells.nth(0), "1 + 1")
    cells.nth(0).get_by_role("button", name="Restore").click()
    assert code.inner_html() == before
    assert cells.nth(0).get_by_role("button", name="Restore").count() == 0


def test_code_that_was_edited_is_colored_when_it_has_run(activate, page):
    cells = activate()
    write(cells.nth(0), "1 + 1")
    cells.nth(0).get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    assert cells.nth(0).locator("pre b").first.inner_text() == "1 + 1"


def test_an_error_ends_the_run(activate, page):
    cells = activate()
    write(cells.nth(1), "fail")
    cells.nth(2).get_by_role("button", name="Run").click()
    page.get_by_text("An error in cell 2").wait_for()
    assert cells.nth(2).locator(".book-live-said").inner_text() == ""


def test_a_cell_that_a_browser_cannot_run_says_why(activate, page):
    cells = activate(failing={1: "It has no threads."})
    write(cells.nth(1), "fail")
    cells.nth(2).get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    assert "In your browser: It has no threads." in shown(cells.nth(1))


def test_what_runs_forever_can_be_stopped(activate, page):
    cells = activate()
    write(cells.nth(0), "forever")
    cells.nth(0).get_by_role("button", name="Run").click()
    assert cells.nth(1).get_by_role("button", name="Run").is_disabled()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped. Python starts").wait_for()
    write(cells.nth(0), "1 + 1")
    cells.nth(0).get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    assert shown(cells.nth(0)) == "ran: 1 + 1"


def test_a_new_picture_takes_the_place_of_the_old_one(activate, page):
    cells = activate()
    i = cells.evaluate_all(
        "cells => cells.findIndex(cell => cell.querySelector('.cell_output figure'))"
    )
    cell = cells.nth(i)
    caption = cell.locator("figcaption").inner_text()
    write(cell, "plot")
    cell.get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    pictures = cell.locator(".cell_output img")
    assert pictures.count() == 1
    assert pictures.first.get_attribute("src") == f"data:image/png;base64,{PNG}"
    assert cell.locator("figcaption").inner_text() == caption
    for code, seen in (("1 + 1", False), ("plot", True)):
        write(cell, code)
        cell.get_by_role("button", name="Run").click()
        page.get_by_text("Ready.").wait_for()
        assert cell.locator("figcaption").is_visible() == seen
    assert pictures.count() == 1


def test_explorers_stay_as_they_are(activate, page):
    cells = activate()
    i = cells.evaluate_all(
        "cells => cells.findIndex(cell => cell.querySelector('.dlb-explorer'))"
    )
    cells.nth(i).get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    assert cells.nth(i).locator(".dlb-explorer").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everyone(activate, page, scheme):
    page.set_viewport_size({"width": 320, "height": 640})
    cells = activate()
    cells.nth(0).get_by_role("button", name="Run").click()
    page.get_by_text("Ready.").wait_for()
    in_scheme(page, scheme)
    page.keyboard.press("Tab")  # whoever uses keys reaches what scrolls
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
