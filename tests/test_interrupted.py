"""Interruptions, a full disk, a killed build: nothing lost, nothing half-written."""

import os
import resource
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import execute_notebooks
import nbformat
import pytest
from chapters import ROOT
from examples import rng

from dlbasics import models
from dlbasics.search import Serial, search


def contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


@pytest.fixture
def workshop(tmp_path):
    """The Makefile in a folder of its own, with tools that do what a test says."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("src", "book", "notebooks", ".venv/bin"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    for name in ("_config.yml", "_toc.yml", ".venv/.installed"):
        (tmp_path / name).touch()
    return tmp_path


def tool(workshop, name, script):
    path = workshop / ".venv" / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def start_make(workshop, *arguments):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.Popen(
        ["make", *arguments],
        cwd=workshop,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )


def heed_interrupts():
    """Undo what a shell does to a test run in the background: it ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_failed_build_is_done_again_from_the_start(workshop):
    tool(workshop, "python", "exit 0")
    tool(workshop, "jupyter-book", "mkdir -p _build/.doctrees; exit 1")
    make = start_make(workshop, "book")
    make.communicate()
    assert make.returncode == 2
    assert not (workshop / "_build" / ".built").exists()
    assert not (workshop / "_build" / ".doctrees").exists()
    tool(workshop, "jupyter-book", "exit 0")
    make = start_make(workshop, "book")
    assert "The book is built" in make.communicate()[0]
    assert (workshop / "_build" / ".built").exists()


def test_after_a_change_of_style_all_pages_are_written(workshop):
    """Sphinx copies styles and scripts only when it has a page to write."""
    style, page = workshop / "book" / "_static" / "book.css", workshop / "book" / "a.md"
    style.parent.mkdir()
    tool(workshop, "python", "exit 0")
    tool(workshop, "jupyter-book", 'echo "built: $*"')
    flags = []
    for changed in (page, style, page):
        changed.touch()
        stamp = workshop / "_build" / ".built"
        if stamp.exists():
            now = time.time()
            os.utime(stamp, (now - 10, now - 10))
            for old in {page, style, style.parent, *workshop.iterdir()} - {changed}:
                os.utime(old, (now - 60, now - 60))
        lines = start_make(workshop, "book").communicate()[0].splitlines()
        (built,) = [line for line in lines if line.startswith("built: ")]
        flags.append("--all" in built)
    assert flags == [False, True, False]


def test_a_failed_bake_builds_no_page(workshop):
    tool(workshop, "python", "exit 3")
    tool(workshop, "jupyter-book", "touch pages; exit 0")
    make = start_make(workshop, "book")
    make.communicate()
    assert make.returncode == 2
    assert not (workshop / "_build" / ".baked").exists()
    assert not (workshop / "pages").exists()


@pytest.mark.parametrize("step", ["bake", "pages"])
def test_an_interrupted_build_is_done_again(workshop, step):
    wait = "touch working; sleep 60"
    tool(workshop, "python", wait if step == "bake" else "exit 0")
    tool(workshop, "jupyter-book", wait)
    make = start_make(workshop, "book")
    until = time.monotonic() + 30
    while not (workshop / "working").exists() and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(make.pid, signal.SIGINT)
    make.communicate()
    assert make.returncode != 0
    stamp = ".baked" if step == "bake" else ".built"
    assert not (workshop / "_build" / stamp).exists()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (["VENV=elsewhere", "PYTHON=/nowhere/python"], "/nowhere/python"),
        (["PORT=abc"], "serve.py --port abc"),
        (["PORT="], "serve.py --port"),
    ],
)
def test_variables_reach_the_program_that_explains_them(workshop, variables, expected):
    tool(workshop, "python", "exit 0")
    tool(workshop, "jupyter-book", "exit 0")
    make = start_make(workshop, "--dry-run", "serve", *variables)
    assert expected in make.communicate()[0]


@contextmanager
def full_disk():
    """No file grows beyond 64 bytes, and the operating system says so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def a_model(path, seed):
    models.save(models.mlp([4, 3], rng=rng(seed)), path)


def a_search(path, seed):
    candidates = [{"x": float(x)} for x in range(3 + seed)]
    search(lambda *, x, rng: x, candidates, executor=Serial(), path=path)


def a_notebook(path, seed):
    execute_notebooks.replace(path, f"{seed}" * 1000)


@pytest.mark.parametrize("write", [a_model, a_search, a_notebook])
def test_a_full_disk_keeps_what_was_there(tmp_path, write):
    path = tmp_path / "it"
    write(path, 0)
    before = contents(tmp_path)
    assert path.name in before
    with full_disk(), pytest.raises(OSError, match="File too large"):
        write(path, 1)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("write", [a_model, a_search, a_notebook])
def test_a_full_disk_leaves_no_half_of_a_new_file(tmp_path, write):
    with full_disk(), pytest.raises(OSError, match="File too large"):
        write(tmp_path / "it", 0)
    assert contents(tmp_path) == {}


def test_an_interrupted_make_execute_keeps_the_notebook(tmp_path, monkeypatch):
    path = tmp_path / "one.ipynb"
    cell = nbformat.v4.new_code_cell("1 + 1")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    before = contents(tmp_path)

    def interrupted(self, **_):
        self.nb.cells[0].source = "half done"
        raise KeyboardInterrupt

    monkeypatch.setattr(execute_notebooks.NotebookClient, "execute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        execute_notebooks.main([str(path)])
    assert contents(tmp_path) == before
