"""What readers do in a chapter that runs in their browser."""

from lab_page import CHAPTERS, open_chapter, problems, put_cells, run_all

INSTALL = "%pip install -q dlbasics"
EXPLORER = """\
from dlbasics.explorers import show
from dlbasics.explorers.line import line_fit
show(line_fit)
"""
SOURCES = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .map(cell => cell.sharedModel.getSource())"""


def test_a_slider_of_an_explorer_computes(lab, lab_url):
    open_chapter(lab, lab_url, CHAPTERS[0])
    put_cells(lab, INSTALL, EXPLORER)
    assert problems(run_all(lab)) == []
    said = lab.locator(".dlb-live p[role='status']")
    before = said.inner_text()
    slider = lab.locator(".noUi-target").first
    width = slider.bounding_box()["width"]
    slider.click(position={"x": 0.6 * width, "y": 2}, force=True)
    lab.wait_for_function(
        "before => document.querySelector('.dlb-live p[role=status]')?.innerText"
        " !== before",
        arg=before,
    )
    assert "w = 2.25" in said.inner_text()


def test_an_edit_is_kept(lab, lab_url):
    open_chapter(lab, lab_url, CHAPTERS[0])
    editor = lab.locator(".jp-CodeCell .cm-content").first
    editor.click()
    lab.keyboard.press("Control+End")
    lab.keyboard.type("\n# kept in this browser")
    lab.keyboard.press("Control+s")
    lab.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    )
    open_chapter(lab, lab_url, CHAPTERS[0])
    assert any("# kept in this browser" in text for text in lab.evaluate(SOURCES))
