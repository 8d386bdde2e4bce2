"""Pack the built book, the notebooks and the package into one file, for a USB stick.

    python scripts/make_dist.py --wheel FOLDER [--out dist]

The same inputs give the same bytes: entries are sorted and carry no date.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import make_student_notebooks

ROOT = Path(__file__).resolve().parents[1]
NAME = "deep-learning-from-the-basics"
README = """\
Deep Learning from the Basics

site/index.html             the book: open it in a browser, no network needed
notebooks/                  the chapters, to run in Jupyter
notebooks-no-solutions/     the same without the solutions of the exercises
{wheel}
                            the package that the chapters import

To run the chapters you need Python 3.11 or newer and, once, a network:

    python3 -m venv book
    book/bin/python -m pip install {wheel} jupyterlab
    book/bin/jupyter lab notebooks

On Windows, write book\\Scripts\\ in place of book/bin/. How to install a whole
classroom without a network stands on the page for instructors.
"""


def entries(site: Path, notebooks: Path, wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of all that is packed."""
    yield "README.txt", README.format(wheel=wheel.name).encode()
    for name in ("LICENSE", "LICENSE-TEXT.md"):
        yield name, (ROOT / name).read_bytes()
    yield wheel.name, wheel.read_bytes()
    for path in site.rglob("*"):
        parts = path.relative_to(site).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield "/".join(("site", *parts)), path.read_bytes()
    chapters = sorted(notebooks.glob("*.ipynb"))
    for path in chapters:
        yield f"notebooks/{path.name}", path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        make_student_notebooks.main([folder, *map(str, chapters)])
        for path in Path(folder).iterdir():
            yield f"notebooks-no-solutions/{path.name}", path.read_bytes()


def pack(target: Path, files: dict[str, bytes]) -> None:
    """Write a zip in which nothing but the files' names and contents counts."""
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{NAME}/{name}")  # dated 1980
            info.external_attr = 0o644 << 16
            packed.writestr(info, files[name], zipfile.ZIP_DEFLATED, 9)
    part.replace(target)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--notebooks", type=Path, default=ROOT / "notebooks")
    parser.add_argument("--wheel", type=Path, required=True, help="folder of the wheel")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    args = parser.parse_args(argv)
    wheels = sorted(args.wheel.glob("dlbasics-*.whl"))
    if len(wheels) != 1:
        parser.error(
            f"expected one wheel of dlbasics in {args.wheel}, got {len(wheels)}"
        )
    if not (args.site / "index.html").is_file():
        parser.error(f"expected the built book in {args.site}: run `make book`")
    args.out.mkdir(parents=True, exist_ok=True)
    target = args.out / f"{NAME}-{wheels[0].name.split('-')[1]}.zip"
    pack(target, dict(entries(args.site, args.notebooks, wheels[0])))
    print(f"{target}: {target.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
