"""Every chapter runs from top to bottom in a browser's Python, with no other host."""

import json
import time

import pytest
from lab_page import CHAPTERS, NOTEBOOKS, open_chapter, problems, put_cells, run_all


@pytest.mark.parametrize("name", CHAPTERS)
def test_runs_from_top_to_bottom(lab, lab_url, name):
    open_chapter(lab, lab_url, name)
    started = time.perf_counter()
    cells = run_all(lab)
    print(f"{name}: {time.perf_counter() - started:.0f} s")
    stored = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    assert len(cells) == 1 + sum(cell["cell_type"] == "code" for cell in stored)
    assert problems(cells) == []


def test_a_cell_that_fails_is_seen(lab, lab_url):
    open_chapter(lab, lab_url, CHAPTERS[0])
    put_cells(lab, "1 + 1", "assert 1 + 1 == 3", "'never run'")
    failed, skipped = problems(run_all(lab))
    assert "AssertionError" in failed
    assert "was not run" in skipped
