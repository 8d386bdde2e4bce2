"""Would the notebook test notice? It must fail on a changed output, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with=tests/nbval.cfg"]


def run_nbval(path: Path) -> subprocess.CompletedProcess:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", *OPTIONS, "-p", "no:xdist"]
    command += ["-p", "no:cacheprovider", str(path)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("stored", "passes"), [("loss 2.30\n", True), ("loss 2.31\n", False)]
)
def test_strict_comparison(tmp_path, stored, passes):
    cell = nbformat.v4.new_code_cell("print(f'loss {2.3:.2f}')", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=stored)]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    path = tmp_path / "one_cell.ipynb"
    nbformat.write(notebook, path)
    result = run_nbval(path)
    assert (result.returncode == 0) is passes, result.stdout + result.stderr
    assert ("1 passed" if passes else "1 failed") in result.stdout


def test_the_makefile_compares_strictly():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--nbval " in makefile
    assert "--nbval-lax" not in makefile
    assert "--nbval-sanitize-with=tests/nbval.cfg" in makefile
