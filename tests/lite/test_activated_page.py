"""The cells of a page run where they stand, with Python."""

import pytest

CHAPTERS = ["02_perceptrons", "how_fast"]
MINUTES = 10


@pytest.fixture
def activated(lab, lab_url):
    def activated(name):
        lab.goto(f"{lab_url}notebooks/{name}.html")
        lab.get_by_role("button", name="Activate").click()
        lab.get_by_text("Ready.").wait_for()
        return lab.locator(".bd-article .cell")

    return activated


def write(cell, text):
    cell.get_by_role("textbox").fill(text)
    cell.get_by_role("button", name="Run").click()


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_from_top_to_bottom(activated, lab, name):
    cells = activated(name)
    captions = lab.locator("figcaption").all_inner_texts()
    lab.get_by_role("button", name="Run all").click()
    end = lab.get_by_text("Ready.").or_(lab.get_by_text("An error in"))
    end.wait_for(timeout=60_000 * MINUTES)
    wrong = cells.filter(has_text="Traceback")
    assert wrong.all_text_contents() == []
    said = cells.locator(".book-live-said").all_text_contents()
    assert [text for text in said if not text.startswith("ran in")] == []
    assert lab.locator("figcaption").all_inner_texts() == captions
    drawn = lab.locator(".cell_output img[src^='data:image/png']")
    assert drawn.count() >= lab.locator(".cell_output figure > img").count() > 0
    silent = "imgs => imgs.filter(img => !img.alt).length"
    assert drawn.evaluate_all(silent) == 0


def test_what_python_says_is_seen(activated, lab):
    cells = activated("02_perceptrons")
    cell = cells.nth(0)
    shown = cell.locator(".output.stream")
    write(cell, "import sys\nprint('10 %', end='\\r')\nprint('done')\n1 + 1")
    lab.get_by_text("Ready.").wait_for()
    assert shown.inner_text().split() == ["done", "2"]
    write(
        cell, "def area(r):\n    return r**2\n\nimport inspect\ninspect.getsource(area)"
    )
    lab.get_by_text("Ready.").wait_for()
    assert "return r**2" in shown.inner_text()
    assert cell.locator("pre .k, pre .kn").count() > 0
    write(cell, "1 / 0")
    lab.get_by_text("An error in cell 1").wait_for()
    assert "ZeroDivisionError: division by zero" in shown.inner_text()
    write(cell, "while True: pass")
    lab.get_by_role("button", name="Stop").click()
    lab.get_by_text("Stopped. Python starts").wait_for()
    write(cell, "'area' in globals()")
    lab.get_by_text("Ready.").wait_for()
    assert shown.inner_text().strip() == "False"
