"""Write the chapters without the solutions of their exercises, to hand out.

    python scripts/make_student_notebooks.py FOLDER [notebooks/05_backpropagation.ipynb]

The exercises, their stubs (`answer = None`) and their checks stay; so do the stored
outputs of everything else. The chapters themselves are not touched.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
START, END = ":::{solution-start}", ":::{solution-end}"
MARKS = re.compile(rf"^({START}|{END}\n:::)", re.MULTILINE)


def without_solutions(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy without what stands between the marks of solutions."""
    student, inside = nbformat.from_dict(notebook), False
    student.cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            if not inside:
                student.cells.append(cell)
            continue
        kept = []
        for piece in MARKS.split(cell.source):
            if piece.startswith((START, END)):
                if inside is piece.startswith(START):
                    raise ValueError(f"marks of solutions do not match: {piece!r}")
                inside = not inside
            elif not inside:
                kept.append(piece.strip("\n"))
        if source := "\n\n".join(filter(None, kept)):
            student.cells.append(nbformat.from_dict(cell | {"source": source}))
    if inside:
        raise ValueError("a solution has no end")
    return student


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the student version goes")
    parser.add_argument("notebooks", type=Path, nargs="*", help="all, unless named")
    args = parser.parse_args(argv)
    paths = args.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    if args.folder.resolve() in {path.resolve().parent for path in paths}:
        parser.error(
            f"expected another folder than that of the chapters: {args.folder}"
        )
    args.folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        whole = nbformat.read(path, as_version=4)
        try:
            student = without_solutions(whole)
        except ValueError as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
        nbformat.write(student, args.folder / path.name)
        removed = len(whole.cells) - len(student.cells)
        print(f"{path.name}: {removed} cells fewer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
