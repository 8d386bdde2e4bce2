"""Run the notebooks as other machines would: `make matrix` prints a table.

The stored outputs must come out with every kernel of OpenBLAS, whatever processor it
is made for, with one thread and with two, and, in environments of their own, with the
oldest and the newest libraries that the package takes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KERNELS = ("Haswell", "SkylakeX", "Zen", "Prescott")
PYTHONS = ("3.11", "3.12", "3.13")
# The oldest are the lower bounds in pyproject.toml, or the first with a wheel.
OLDEST = {
    "3.11": ("numpy==2.0.*", "matplotlib==3.8.*", "ipywidgets==8.1.0"),
    "3.12": ("numpy==2.0.*", "matplotlib==3.8.*", "ipywidgets==8.1.0"),
    "3.13": ("numpy==2.1.*", "matplotlib==3.9.*", "ipywidgets==8.1.0"),
}
NEWEST = ("numpy", "matplotlib", "ipywidgets")
TESTS = ("pytest", "pytest-xdist", "nbval", "ipykernel", "psutil")
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=600")
NBVAL += ("--nbval-sanitize-with=tests/nbval.cfg", "--dist=loadscope")


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    python: Path
    env: dict[str, str]


def on_processors(kernels: list[str], threads: list[int]) -> list[Setting]:
    return [
        Setting(
            f"{kernel}, {n} thread{'s' * (n > 1)}",
            Path(sys.executable),
            {"OPENBLAS_CORETYPE": kernel, **n_threads(n)},
        )
        for kernel in kernels
        for n in threads
    ]


def n_threads(n: int) -> dict[str, str]:
    return {"OPENBLAS_NUM_THREADS": str(n), "OMP_NUM_THREADS": str(n)}


def with_versions(pythons: list[str], versions: list[str]) -> list[Setting]:
    return [
        Setting(
            f"Python {python}, {version} libraries",
            environment(python, version),
            n_threads(1),
        )
        for python in pythons
        for version in versions
    ]


def environment(python: str, version: str) -> Path:
    """Make a virtual environment, if there is none yet; return its Python."""
    folder = ROOT / "_build" / "matrix" / f"{python}-{version}"
    inside = folder / "bin" / "python"
    if (folder / ".installed").exists():
        return inside
    program = shutil.which(f"python{python}")
    if program is None:
        sys.exit(f"matrix: expected a python{python} on the PATH, found none")
    subprocess.run([program, "-m", "venv", "--clear", folder], check=True)
    wanted = OLDEST[python] if version == "oldest" else NEWEST
    install = [inside, "-m", "pip", "install", "--quiet", "--editable", ROOT]
    subprocess.run([*install, *wanted, *TESTS], check=True)
    (folder / ".installed").touch()
    return inside


def run(setting: Setting, notebooks: list[str], jobs: int) -> tuple[str, float, str]:
    """Return the verdict, the seconds, and what pytest said of the failures.

    Threads of OpenBLAS wait for each other without letting others work: with more of
    them than processors a notebook takes ten times as long. So with two threads half
    the jobs.
    """
    jobs = max(1, jobs // int(setting.env["OPENBLAS_NUM_THREADS"]))
    start = time.monotonic()
    done = subprocess.run(
        [setting.python, "-m", "pytest", "-q", "-n", str(jobs), *NBVAL, *notebooks],
        cwd=ROOT,
        env={**os.environ, **setting.env},
        capture_output=True,
        text=True,
    )
    lines = (done.stdout + done.stderr).splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    verdict = "passed" if done.returncode == 0 else f"{len(failed) or 'all'} failed"
    said = "\n".join(failed or (lines[-20:] if done.returncode else []))
    return verdict, time.monotonic() - start, said


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="matrix", description=__doc__)
    parser.add_argument("notebooks", nargs="*", default=["notebooks"])
    parser.add_argument("--kernels", nargs="*", choices=KERNELS, default=KERNELS)
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--pythons", nargs="*", choices=PYTHONS, default=[])
    versions = ["oldest", "newest"]
    parser.add_argument("--versions", nargs="*", choices=versions, default=versions)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(argv)
    settings = on_processors(options.kernels, options.threads)
    settings += with_versions(options.pythons, options.versions)
    print(f"{'setting':34}{'result':>12}{'seconds':>9}", flush=True)
    bad = 0
    for setting in settings:
        verdict, seconds, said = run(setting, options.notebooks, options.jobs)
        print(f"{setting.name:34}{verdict:>12}{seconds:9.0f}", flush=True)
        bad += verdict != "passed"
        if said:
            print(said, flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
