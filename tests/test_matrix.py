"""What `make matrix` asks for, and how it says that an output differs."""

import subprocess
import tomllib
from pathlib import Path

import matrix
import pytest


@pytest.fixture
def pytest_says(monkeypatch):
    """Let every run print this and end with this status; return what was asked."""
    asked = []

    def says(text, status):
        def run(command, env, **_):
            asked.append((command, env))
            return subprocess.CompletedProcess(command, status, text, "")

        monkeypatch.setattr(matrix.subprocess, "run", run)
        return asked

    return says


def test_every_kernel_with_one_and_two_threads(pytest_says, capsys):
    asked = pytest_says("896 passed", 0)
    assert matrix.main([]) == 0
    settings = [(env["OPENBLAS_CORETYPE"], env["OMP_NUM_THREADS"]) for _, env in asked]
    kernels = ("Haswell", "SkylakeX", "Zen", "Prescott")
    assert settings == [(kernel, n) for kernel in kernels for n in "12"]
    assert capsys.readouterr().out.count("passed") == 8


def test_two_threads_get_half_the_jobs(pytest_says):
    asked = pytest_says("", 0)
    matrix.main(["--kernels", "Zen", "--jobs", "4"])
    assert [command[command.index("-n") + 1] for command, _ in asked] == ["4", "2"]


def test_an_output_that_differs_is_named_and_an_error(pytest_says, capsys):
    pytest_says("....F\nFAILED notebooks/06.ipynb::Cell 54 - differs\n1 failed", 1)
    assert matrix.main(["--kernels", "Zen", "--threads", "2"]) == 1
    said = capsys.readouterr().out
    assert "Zen, 2 threads" in said
    assert "1 failed" in said
    assert "FAILED notebooks/06.ipynb::Cell 54" in said


def test_a_run_that_cannot_start_shows_why(pytest_says, capsys):
    pytest_says("ImportError: no nbval", 4)
    assert matrix.main(["--kernels", "Zen", "--threads", "1"]) == 1
    assert "all failed" in (said := capsys.readouterr().out)
    assert "ImportError: no nbval" in said


def test_libraries_run_with_one_thread_in_their_own_environment(
    pytest_says, monkeypatch, tmp_path
):
    asked = pytest_says("", 0)
    monkeypatch.setattr(matrix, "environment", lambda *which: tmp_path.joinpath(*which))
    matrix.main(["--kernels", "--pythons", "3.11", "3.13", "--jobs", "3"])
    found = [(Path(command[0]).relative_to(tmp_path), env) for command, env in asked]
    versions = ("oldest", "newest")
    expected = [Path(python, v) for python in ("3.11", "3.13") for v in versions]
    assert [path for path, _ in found] == expected
    assert {env["OPENBLAS_NUM_THREADS"] for _, env in found} == {"1"}


def test_the_oldest_are_the_lower_bounds_of_the_package():
    settings = tomllib.loads((matrix.ROOT / "pyproject.toml").read_text("utf-8"))
    bounds = dict(need.split(">=") for need in settings["project"]["dependencies"])
    oldest = dict(need.split("==") for need in matrix.OLDEST["3.11"])
    for name, version in oldest.items():
        assert version.startswith(bounds[name]), name


def test_a_python_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(matrix, "ROOT", tmp_path)
    monkeypatch.setattr(matrix.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match=r"expected a python3\.12 on the PATH"):
        matrix.environment("3.12", "oldest")
