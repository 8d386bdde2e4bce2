"""The chapter contract: what every notebook owes its reader."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from chapters import APPENDICES, EXPLORER, PATHS, ROOT, STARS, Chapter, printed

from dlbasics.exercises import EXERCISES, grade
from dlbasics.explorers import REGISTRY, all_explorers

CHAPTERS = [Chapter(path) for path in PATHS]
NOTEBOOKS = [*CHAPTERS, *map(Chapter, APPENDICES)]
MAX_BYTES, MAX_LINES, MAX_WIDTH = 700_000, 15, 80
CLOSING = ["Common mistakes", "Quiz", "Exercises", "Summary", "Further reading"]
ABSOLUTE = re.compile(
    r"(?<![\w.:/~])/(home|root|tmp|Users|work|usr|opt|var)/|\b[A-Z]:\\"
)


@pytest.fixture(params=CHAPTERS, ids=[chapter.path.stem for chapter in CHAPTERS])
def chapter(request) -> Chapter:
    return request.param


@pytest.fixture(params=NOTEBOOKS, ids=[each.path.stem for each in NOTEBOOKS])
def notebook(request) -> Chapter:
    """A chapter, or an appendix, which teaches nothing and so owes less."""
    return request.param


def test_there_are_chapters_and_the_book_lists_them_all():
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\s*- file: (notebooks/\S+)", toc, flags=re.MULTILINE))
    there = {f"notebooks/{each.path.stem}" for each in NOTEBOOKS}
    assert there
    assert listed == there


def test_opening(chapter):
    assert len(chapter.headings(1)) == 1
    opening = chapter.prose.partition("\n## ")[0]
    box = re.search(
        r":::\{admonition\} After this chapter you can\n(.*?)\n:::", opening, re.S
    )
    assert box, "the opening lacks its objectives"
    assert 3 <= len(re.findall(r"^- ", box[1], flags=re.MULTILINE)) <= 5
    for what in (
        r"\*\*Builds on:\*\*",
        r"\*\*Reading:\*\*.*minutes",
        r"\*\*Running:\*\*",
    ):
        assert re.search(what, opening), f"the opening lacks {what}"


def test_sections(chapter):
    sections = chapter.headings(2)
    assert sections[-len(CLOSING) :] == CLOSING
    assert not [s for s in sections if re.match(r"[\d.]+ ", s)], (
        "headings are unnumbered"
    )
    assert not chapter.headings(4), "three levels of headings are enough"
    mistakes = re.findall(
        r"^\*\*.+?\*\*", chapter.section("Common mistakes"), flags=re.M
    )
    assert len(mistakes) >= 3


def test_code_cells_are_short(notebook):
    for cell in notebook.code:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert lines, "an empty code cell"
        assert len(lines) <= MAX_LINES, cell.source
        assert max(map(len, lines)) <= MAX_WIDTH, cell.source
        assert not cell.source.rstrip().endswith(";"), "hides a cell from nbval"


def test_imports_stand_in_the_first_code_cell(notebook):
    imports = re.compile(r"^(import|from) ", re.MULTILINE)
    assert imports.search(notebook.code[0].source)
    for cell in notebook.code[1:]:
        assert not imports.search(cell.source), cell.source


def test_prose_stands_between_code_cells(notebook):
    for one, two in zip(notebook.cells, notebook.cells[1:], strict=False):
        if one.cell_type == two.cell_type == "code":
            kinds = {o.output_type for o in two.outputs}
            assert kinds == {"display_data"}, f"no prose before:\n{two.source}"


def test_a_prediction_is_asked_for(chapter):
    asked = re.findall(
        r"\*\*[^*]*(?:[Pp]redict|[Bb]efore you run|[Ww]rite down)", chapter.prose
    )
    assert len(asked) >= 3


def test_stored_outputs(notebook):
    counts = [cell.execution_count for cell in notebook.code]
    assert counts == [*range(1, len(counts) + 1)], "not run once, from top to bottom"
    for cell in notebook.code:
        tags = cell.metadata.get("tags", [])
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.text
            assert output.output_type != "error" or "raises-exception" in tags
        if {"nbval-ignore-output", "nbval-skip"} & set(tags):
            assert cell.metadata.get("nbval_reason"), (
                "an unchecked output needs a reason"
            )
    assert notebook.notebook.metadata.kernelspec.name == "python3"


def test_no_absolute_path_and_no_secret(notebook):
    found = ABSOLUTE.search(notebook.path.read_text(encoding="utf-8"))
    assert not found, found
    assert notebook.notebook.metadata.keys() <= {"kernelspec", "language_info"}


def test_size(notebook):
    assert notebook.path.stat().st_size <= MAX_BYTES


def test_figures_have_name_caption_and_alt_text(notebook):
    assert len(notebook.images) >= 3
    names = Counter()
    for cell, output in notebook.images:
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        assert figure.get("name", "").startswith("fig-"), cell.source
        assert len(figure.get("caption", "")) >= 40, cell.source
        alt = output.metadata.get("image/png", {}).get("alt", "")
        assert len(alt) >= 60, f"alt text {alt!r} of\n{cell.source}"
        names[figure["name"]] += 1
    assert set(names.values()) == {1}


def test_explorers(chapter):
    all_explorers()
    shown = [
        o.data[EXPLORER]["explorer"] for _, o in chapter.images if EXPLORER in o.data
    ]
    assert shown, "a chapter needs an explorer"
    for name in shown:
        assert REGISTRY[name].target, f"{name} sets no target"


def test_quiz(chapter):
    assert len(chapter.quiz) >= 3
    places = {
        [reason[:7] for _, reason in question.options].index("**Yes.*")
        for question in chapter.quiz
    }
    assert len(places) > 1, "the right option always stands in the same place"
    for question in chapter.quiz:
        assert len(question.options) >= 2, question.text
        right = [
            reason for _, reason in question.options if reason.startswith("**Yes.**")
        ]
        assert len(right) == 1, question.text
        for option, reason in question.options:
            assert option
            assert re.match(r"\*\*(Yes|No|Not known)\.\*\*", reason), reason
            assert len(reason.split()) >= 6, f"{option}: no reason in {reason!r}"


def test_exercises(chapter):
    tasks = chapter.tasks
    labels = re.findall(r":label: (ex-\S+)", chapter.text)
    assert len(tasks) == len(labels) >= 5
    assert {task.stars for task in tasks} == STARS
    assert [t.number for t in tasks] == [
        f"{chapter.number}.{k + 1}" for k in range(len(tasks))
    ]
    for task in tasks:
        assert " = None\n" in task.stub.source, task.number
        assert f'check("{task.number}"' in task.stub.source
        assert "not attempted" in printed(task.stub), task.number
        assert task.solution, f"{task.number} has no executed solution"
        final = task.solution[-1]
        assert f"Exercise {task.number}, correct" in printed(final), task.number
        for cell in task.solution:
            assert cell.metadata.get("jupyter", {}).get("source_hidden"), task.number
    about = " ".join(task.text.lower() for task in tasks)
    for kind in ("write", "deriv", "experiment"):
        assert kind in about, f"no exercise asks the reader to {kind}"


def test_checks_reject_typical_wrong_answers(chapter):
    for task in chapter.tasks:
        assert grade(task.number, None).status == "not attempted"
        wrong = EXERCISES[task.number].wrong
        assert len(wrong) >= 2, task.number
        for answer in wrong:
            verdict = grade(task.number, answer)
            assert verdict.status == "not yet", (task.number, answer)
            assert len(verdict.message.split()) >= 3, (task.number, verdict.message)


def test_references_resolve(chapter):
    bib = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    known = set(re.findall(r"^@\w+\{(\w+),", bib, flags=re.MULTILINE))
    cited = {
        key.strip()
        for group in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", chapter.text)
        for key in group.split(",")
    }
    assert len(cited) >= 3
    assert cited <= known, cited - known
    further = chapter.section("Further reading")
    points = re.findall(r"^- (?:.+\n?(?:  .+\n?)*)", further, flags=re.MULTILINE)
    assert points
    assert all("{cite" in point for point in points), "a reading without its citation"


def test_equations_and_figures_exist_where_they_are_named(notebook):
    equations = set(re.findall(r"\$\$ \((eq-[\w-]+)\)", notebook.text))
    assert set(re.findall(r"\{eq\}`(eq-[\w-]+)`", notebook.text)) <= equations
    figures = {c.metadata.mystnb.figure.name for c, _ in notebook.images}
    assert set(re.findall(r"\{numref\}`(fig-[\w-]+)`", notebook.text)) <= figures


def test_labels_are_unique_in_the_book():
    """Numbers and previews of equations and figures find each other by these names."""
    labels = Counter()
    for notebook in NOTEBOOKS:
        labels.update(re.findall(r"\$\$ \((eq-[\w-]+)\)", notebook.text))
        labels.update(cell.metadata.mystnb.figure.name for cell, _ in notebook.images)
        labels.update(task.number for task in notebook.tasks)
    assert [label for label, count in labels.items() if count > 1] == []


GLOSSARY = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
TERMS = {t.lower() for t in re.findall(r"^(\w.*)$", GLOSSARY, flags=re.MULTILINE)}


def test_bold_words_are_explained_in_the_glossary(notebook):
    """Bold are terms where they are defined; labels and requests end in a stop."""
    body = notebook.prose.partition("\n## ")[2].partition("\n## Common mistakes")[0]
    bold = {" ".join(b.split()) for b in re.findall(r"\*\*([^*]+?)\*\*", body)}
    terms = {b.lower() for b in bold if not re.search(r"[.?:]$", b)}
    assert {t for t in terms if not {t, t.removesuffix("s")} & TERMS} == set()
    linked = set(re.findall(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", notebook.text))
    assert {t for t in linked if t.lower() not in TERMS} == set()


def test_every_explorer_of_the_package_is_shown_somewhere():
    shown = {
        output.data[EXPLORER]["explorer"]
        for chapter in CHAPTERS
        for _, output in chapter.images
        if EXPLORER in output.data
    }
    all_explorers()
    ours = {name for name, e in REGISTRY.items() if e.module.startswith("dlbasics.")}
    assert shown == ours


def test_prose_is_plain(notebook):
    banned = (
        r"\b(in this section|let's dive|it is important to note|simply|obviously)\b"
    )
    assert not re.findall(banned, notebook.prose, flags=re.IGNORECASE)
    assert "!" not in re.sub(r"`[^`]*`|<!--.*?-->|!\[", "", notebook.prose)
