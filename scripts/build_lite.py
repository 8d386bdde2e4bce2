"""Put JupyterLite into the built site: every chapter, run by the reader's own browser.

    python scripts/build_lite.py --pyodide https://cdn.jsdelivr.net/pyodide/v0.27.7/full/
    python scripts/build_lite.py --pyodide FOLDER    # the site serves this Pyodide

`make lite` calls this with an environment of its own (docs/decisions/0011). The package
and the few wheels that Pyodide lacks become part of the site, so that nothing is
asked of a package index; only Pyodide comes from the given address.
"""

import argparse
import ast
import json
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
SETTINGS = ROOT / "lite"
SITE = ROOT / "_build" / "html"
WORK = ROOT / "_build" / "lite"
KERNEL_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
KERNEL = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
INSTALL = (
    "# In your browser only: the book's package, from this site.\n"
    "%pip install -q dlbasics"
)
EXCEPT = """\
except Exception as error:
    print(f"{type(error).__name__}: {error}")"""
LITE = "../../lite/"  # from the folder of the pages' script
STAMP = ".built"  # in the folder of JupyterLite, when all of it is there


def for_the_browser(nb, failing=None):
    """Return a notebook with the browser's kernel and a first cell that installs.

    Before each cell whose id is in `failing` it says why that cell fails here.
    """
    install = {"cell_type": "code", "id": "install", "metadata": {}, "source": INSTALL}
    install |= {"execution_count": None, "outputs": []}
    first = next(i for i, c in enumerate(nb["cells"]) if c["cell_type"] == "code")
    cells = []
    for cell in [*nb["cells"][:first], install, *nb["cells"][first:]]:
        if reason := (failing or {}).get(cell.get("id")):
            note = {"cell_type": "markdown", "id": f"note-{cell['id']}", "metadata": {}}
            cells.append(note | {"source": f"> **In your browser.** {reason}"})
            cell = cell | {"source": guarded("".join(cell["source"]))}
        cells.append(cell)
    return nb | {"cells": cells, "metadata": nb["metadata"] | {"kernelspec": KERNEL}}


def guarded(source):
    """Return code that reports what the source raises and lets the next cell run.

    The tag raises-exception would say the same; JupyterLite 0.6 stops all the same.
    """
    code = f"try:\n{textwrap.indent(source, '    ')}\n{EXCEPT}"
    inside = ast.parse(code).body[0].body
    if ast.dump(ast.Module(inside)) != ast.dump(ast.Module(ast.parse(source).body)):
        raise ValueError(f"a text over several lines would be indented in:\n{source}")
    return code


def cells_that_fail():
    """Return {chapter: {cell id: reason}} of what a browser's Python cannot do."""
    return tomllib.loads((SETTINGS / "cells.toml").read_text(encoding="utf-8"))


def write_chapters(folder):
    """Copy the notebooks, outputs and all.

    Return {file name: {place among the code cells: why that cell fails here}}.
    """
    folder.mkdir(parents=True)
    chapters, failing = {}, cells_that_fail()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        nb = json.loads(path.read_text(encoding="utf-8"))
        reasons = failing.get(path.stem, {})
        code = [cell["id"] for cell in nb["cells"] if on_the_page(cell)]
        chapters[path.name] = {code.index(name): why for name, why in reasons.items()}
        nb = for_the_browser(nb, reasons)
        (folder / path.name).write_text(json.dumps(nb), encoding="utf-8")
    return chapters


def on_the_page(cell):
    """Tell whether the page of a notebook shows this cell as code."""
    hidden = "remove-cell" in cell["metadata"].get("tags", ())
    return cell["cell_type"] == "code" and not hidden


def write_settings(folder, pyodide):
    """Say where Pyodide is; a folder is linked to where the build looks for one."""
    kernel = {"disablePyPIFallback": True}
    if "://" in pyodide:
        kernel["pyodideUrl"] = f"{pyodide.rstrip('/')}/pyodide.js"
    else:
        (folder / "static").mkdir()
        (folder / "static" / "pyodide").symlink_to(pyodide_folder(pyodide))
    settings = json.loads((SETTINGS / "jupyter-lite.json").read_text(encoding="utf-8"))
    plugins = settings["jupyter-config-data"].setdefault("litePluginSettings", {})
    plugins[KERNEL_PLUGIN] = kernel
    (folder / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")


def pyodide_folder(name):
    """Return the folder as an absolute path, or end with what is wrong with it."""
    folder = (ROOT / name).resolve()
    if not (folder / "pyodide.js").is_file():
        sys.exit(
            f"lite: expected PYODIDE to be an address, or a folder with Pyodide in it, "
            f"got {name}, which has no pyodide.js"
        )
    return folder


def collect_wheels(folder):
    """Build our wheel and fetch what Pyodide lacks; return the one of the widgets."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder, ROOT], check=True)
    fetch = ["download", "--no-deps", "--only-binary", ":all:", "-d", folder]
    subprocess.run([*pip, *fetch, "-r", SETTINGS / "browser.txt"], check=True)
    return next(folder.glob("jupyterlab_widgets-*.whl"))


def announce(chapters, pyodide="", wheels=()):
    """Tell the pages which chapters they may offer, and with what (book/_ext/dlb_lite).

    Addresses are relative to the script of the pages that reads this.
    """
    target = SITE / "_static" / "lite"
    target.mkdir(parents=True, exist_ok=True)
    told = {"chapters": chapters, "pyodide": pyodide, "wheels": list(wheels)}
    text = f"window.bookLite = {json.dumps(told)};\n"
    (target / "chapters.js").write_text(text, encoding="utf-8")


def build(pyodide):
    """Build everything anew, and offer it to readers when it is complete."""
    announce({})
    for folder in (WORK, SITE / "lite"):
        shutil.rmtree(folder, ignore_errors=True)
    chapters = write_chapters(WORK / "contents")
    write_settings(WORK, pyodide)
    shutil.copy(SETTINGS / "overrides.json", WORK)
    widgets = collect_wheels(WORK / "wheels")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    command += ["--lite-dir", WORK, "--output-dir", SITE / "lite"]
    command += ["--contents", WORK / "contents", "--piplite-wheels", WORK / "wheels"]
    command += [f"--LiteBuildConfig.federated_extensions={widgets}"]
    command += ["--apps", "notebooks", "--apps", "lab", "--apps", "tree"]
    command += ["--no-sourcemaps", "--no-unused-shared-packages"]
    done = subprocess.run(command, cwd=WORK, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nlite: JupyterLite could not be built")
    (SITE / "lite" / STAMP).touch()
    served = pyodide if "://" in pyodide else f"{LITE}static/pyodide"
    wheels = (SITE / "lite" / "pypi").glob("*.whl")
    names = sorted(f"{LITE}pypi/{wheel.name}" for wheel in wheels)
    announce(chapters, f"{served.rstrip('/')}/", names)


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pyodide", required=True, help="an address or a folder")
    args = parser.parse_args(argv)
    if "://" not in args.pyodide:
        pyodide_folder(args.pyodide)  # before anything is removed
    build(args.pyodide)


if __name__ == "__main__":
    main()
