"""Reading a chapter's notebook: its text, its cells, its quiz and its exercises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
PATHS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
APPENDICES = sorted({*(ROOT / "notebooks").glob("*.ipynb")} - {*PATHS})
EXPLORER = "application/vnd.dlbasics.explorer+json"
STARS = {"★", "★★", "★★★"}


@dataclass(frozen=True)
class Question:
    """A quiz question with its options: what one clicks on, and the reason below."""

    text: str
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class Task:
    """An exercise: its directive, the stub's cell and the solution's cells."""

    number: str  # as in "07.1"
    stars: str
    text: str
    stub: nbformat.NotebookNode
    solution: list[nbformat.NotebookNode]


class Chapter:
    """One notebook, taken apart."""

    def __init__(self, path: Path) -> None:
        self.path, self.number = path, path.stem.partition("_")[0]
        self.notebook = nbformat.read(path, as_version=4)
        # The cell for Colab is no part of a chapter (scripts/colab_cells.py).
        self.cells = [c for c in self.notebook.cells if c.get("id") != "colab"]
        self.code = [cell for cell in self.cells if cell.cell_type == "code"]

    @cached_property
    def text(self) -> str:
        return "\n\n".join(c.source for c in self.cells if c.cell_type == "markdown")

    @cached_property
    def prose(self) -> str:
        """The text without code fences, so that a comment is no heading."""
        return re.sub(r"^```.*?^```", "", self.text, flags=re.MULTILINE | re.DOTALL)

    def headings(self, level: int) -> list[str]:
        return re.findall(rf"^{'#' * level} (.+)$", self.prose, flags=re.MULTILINE)

    def section(self, heading: str) -> str:
        """The text from an H2 to the next."""
        parts = re.split(r"^## (.+)$", self.prose, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True)).get(heading, "")

    @cached_property
    def quiz(self) -> list[Question]:
        parts = re.split(
            r"^\*\*(\d+\..+?)\*\*$", self.section("Quiz"), flags=re.M | re.S
        )
        option = re.compile(
            r'<details class="quiz"><summary>(.*?)</summary>\s*(.*?)\s*</details>',
            re.DOTALL,
        )
        questions = zip(parts[1::2], parts[2::2], strict=True)
        return [Question(text, option.findall(body)) for text, body in questions]

    @cached_property
    def tasks(self) -> list[Task]:
        start = re.compile(
            r":::\{exercise\} (★+) [^\n]+\n:label: ex-(\d\d)-(\d+)\n(.*?)\n:::",
            re.DOTALL,
        )
        tasks = []
        for match in start.finditer(self.text):
            stars, chapter, k, text = match.groups()
            where = next(
                i
                for i, c in enumerate(self.cells)
                if f":label: ex-{chapter}-{k}" in c.source
            )
            stub, inside = self.cells[where + 1], []
            for cell in self.cells[where + 2 :]:
                if cell.cell_type == "code":
                    inside.append(cell)
                elif "solution-end" in cell.source:
                    break
            tasks.append(Task(f"{chapter}.{k}", stars, text, stub, inside))
        return tasks

    @cached_property
    def images(self) -> list[tuple[nbformat.NotebookNode, nbformat.NotebookNode]]:
        """Every cell that shows a picture, with the output that holds it."""
        return [
            (cell, output)
            for cell in self.code
            for output in cell.outputs
            if "image/png" in output.get("data", {})
        ]


def printed(cell: nbformat.NotebookNode) -> str:
    """What a cell wrote to standard output."""
    return "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
