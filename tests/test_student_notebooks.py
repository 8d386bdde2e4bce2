"""The student version of the chapters: no solution is left, nothing else is lost."""

import re
from pathlib import Path

import make_student_notebooks as student
import nbformat
import pytest
from chapters import PATHS

CHAPTERS = PATHS


def notebook(*cells):
    """Make a notebook; a string that starts with > is code."""
    make = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    cells = [make[not c.startswith(">")](c.removeprefix(">")) for c in cells]
    return nbformat.v4.new_notebook(cells=cells)


def sources(made):
    return [cell.source for cell in made.cells]


def test_a_solution_may_share_its_cells_with_the_text_around():
    whole = notebook(
        "Before.",
        ">answer = None",
        ":::{solution-start} one\n:class: dropdown\n:::\nBecause.",
        ">answer = 4",
        "So it is.\n\n:::{solution-end}\n:::\n\n:::{exercise} Two\nAsk.\n:::",
        ">answer = None",
        ":::{solution-start} two\n:::\n\nWords only.\n\n:::{solution-end}\n:::",
        "After.",
    )
    assert sources(student.without_solutions(whole)) == [
        "Before.",
        "answer = None",
        ":::{exercise} Two\nAsk.\n:::",
        "answer = None",
        "After.",
    ]
    assert len(whole.cells) == 8, "the original has changed"


@pytest.mark.parametrize("marks", ["+--", "++--", "+", "-"])
def test_marks_that_do_not_match_are_refused(marks):
    long = {"+": ":::{solution-start} a\n:::", "-": ":::{solution-end}\n:::"}
    with pytest.raises(ValueError, match="solution"):
        student.without_solutions(notebook(*(long[mark] for mark in marks)))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapters(tmp_path, path):
    assert student.main([str(tmp_path), str(path)]) == 0
    made = nbformat.read(tmp_path / path.name, as_version=4)
    nbformat.validate(made)
    whole = nbformat.read(path, as_version=4)
    assert not [c for c in made.cells if "solution" in c.metadata.get("tags", [])]
    text = "\n".join(sources(made))
    assert "{solution-" not in text
    for kept in (r"^:::\{exercise\}", r"^\w+ = None$", r"^## "):
        count = [
            len(re.findall(kept, t, re.M)) for t in (text, "\n".join(sources(whole)))
        ]
        assert count[0] == count[1] > 0, kept
    code = [
        c.source
        for c in whole.cells
        if c.cell_type == "code" and "solution" not in c.metadata.get("tags", [])
    ]
    assert [c.source for c in made.cells if c.cell_type == "code"] == code


def test_the_chapters_are_never_overwritten(capsys):
    with pytest.raises(SystemExit):
        student.main([str(Path(student.ROOT / "notebooks"))])
    assert "expected another folder" in capsys.readouterr().err
