"""Give each chapter the cell that Colab needs: make colab REPOSITORY=https://…

Colab opens a notebook of a public repository without what lies beside it. The cell
installs the package there, and does nothing elsewhere. The address in it is that of the
repository, so whoever publishes the book writes it, and commits the notebooks. Without
an address the cells are taken away again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NAME = "colab"
SOURCE = """\
import sys

if "google.colab" in sys.modules:  # elsewhere there is nothing to install
    %pip install -q "dlbasics @ git+{repository}\""""


def with_cell(notebook: nbformat.NotebookNode, repository: str) -> None:
    """Put the cell before the first code cell; without a repository only remove it."""
    cells = [cell for cell in notebook.cells if cell.get("id") != NAME]
    if repository:
        first = next(i for i, cell in enumerate(cells) if cell.cell_type == "code")
        source = SOURCE.format(repository=repository)
        cell = nbformat.v4.new_code_cell(source, id=NAME)
        cell.metadata["tags"] = ["remove-cell"]  # no reader of the page needs it
        cells.insert(first, cell)
    notebook.cells = cells


def address(text: str) -> str:
    if text and not (text.startswith("https://") and urlsplit(text).netloc):
        raise argparse.ArgumentTypeError(f"expected an https:// address, got {text!r}")
    return text.rstrip("/")


def main(argv: list[str] | None = None, folder: Path = ROOT / "notebooks") -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repository", type=address, default="")
    repository = parser.parse_args(argv).repository
    paths = sorted(folder.glob("*.ipynb"))
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        with_cell(notebook, repository)
        part = path.with_suffix(".part")
        nbformat.write(notebook, part)
        part.replace(path)
    done = f"install from {repository}" if repository else "have no cell for Colab"
    print(f"{len(paths)} notebooks {done}")


if __name__ == "__main__":
    main()
