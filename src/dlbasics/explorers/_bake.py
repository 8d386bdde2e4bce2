"""Compute all frames of the explorers, in parallel, unless nothing has changed."""

from __future__ import annotations

import ast
import hashlib
import importlib
import multiprocessing
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

import dlbasics
from dlbasics.explorers import _baked
from dlbasics.explorers._declaration import REGISTRY, Explorer, State
from dlbasics.explorers._garbage import collecting_later
from dlbasics.explorers._svg import draw

PACKAGE = Path(dlbasics.__file__).parent
HERE = Path(__file__).parent
THREADS = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
DATA = {".npz", ".npy", ".csv", ".json", ".txt"}
KERNEL_ONLY = {"_show.py", "_live.py", "_knobs.py", "_runner.py", "_canvas.py"}
CHUNK = 6  # frames for one trip to a worker


class FrameError(RuntimeError):
    """An explorer failed at some state, which the message names."""


def bake(
    explorers: Iterable[Explorer], folder: Path, *, jobs: int | None = None
) -> list[dict]:
    """Bring `folder` up to date and return the manifests.

    An explorer is computed again if its files are missing or damaged, or if anything
    has changed that it depends on: a module it imports, directly or not, or a version.
    """
    explorers = list(explorers)
    manifests = {made.name: current(made, folder) for made in explorers}
    stale = [made for made in explorers if manifests[made.name] is None]
    if stale:
        with workers(jobs or os.cpu_count() or 1) as pool:
            for made in stale:
                key = fingerprint(made)  # before, in case a source changes meanwhile
                frames = compute(made, list(made.combinations()), pool)
                manifests[made.name] = _baked.write(folder, made, key, frames)
    for name, manifest in manifests.items():
        print(
            f"{name}: {manifest['frames']} frames, {manifest['drawings']} of them "
            f"different, {manifest['bytes'] / 1000:.0f} kB"
        )
    return list(manifests.values())


def current(made: Explorer, folder: Path) -> dict | None:
    """Return the manifest of an explorer that need not be baked again."""
    try:
        manifest = _baked.read_manifest(folder, made.name)
    except FileNotFoundError:
        return None
    except _baked.DamagedError as error:
        print(f"{error}; baking it again")
        return None
    return manifest if manifest.get("key") == fingerprint(made) else None


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """Start processes that use one thread each for linear algebra."""
    names = [f"{library}_NUM_THREADS" for library in THREADS]
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def compute(
    made: Explorer, states: Sequence[State], pool: Executor
) -> list[_baked.Drawn]:
    """Draw the given states and return their frames in the same order."""
    chunks = [states[i : i + CHUNK] for i in range(0, len(states), CHUNK)]
    waiting = [pool.submit(draw_all, made.module, made.name, chunk) for chunk in chunks]
    with tqdm(total=len(states), desc=made.name, unit="frame", mininterval=1) as bar:
        for done in as_completed(waiting):
            bar.update(len(done.result()))
    return [frame for done in waiting for frame in done.result()]


def draw_all(module: str, name: str, states: list[State]) -> list[_baked.Drawn]:
    """Draw some states, in a worker process."""
    importlib.import_module(module)
    with collecting_later():
        return [draw_one(REGISTRY[name], state) for state in states]


def draw_one(made: Explorer, state: State) -> _baked.Drawn:
    """Draw one state, as a bake stores it."""
    try:
        frame = made(**state)
        return _baked.Drawn(draw(frame.figure), frame.description, frame.reached)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise FrameError(f"{made.say(state)} raised {what}") from error


def fingerprint(made: Explorer) -> str:
    """Hash all that an explorer's frames depend on."""
    digest = hashlib.sha256(made.name.encode())
    for name in ("numpy", "matplotlib"):
        digest.update(f"{name} {version(name)}\n".encode())
    digest.update(platform.python_version().encode())
    own = Path(importlib.import_module(made.module).__file__)
    for path in sorted(sources_of([own, Path(__file__)])):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()


def sources_of(start: list[Path]) -> set[Path]:
    """Follow imports within the package; count the data files beside a module."""
    found, waiting = set(), list(start)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        found |= {p for p in path.parent.iterdir() if p.suffix in DATA}
        for name in imported(path.read_text(encoding="utf-8")):
            file = PACKAGE.parent.joinpath(*name.split("."))
            files = file.with_suffix(".py"), file / "__init__.py"
            waiting += [f for f in files if f.is_file() and f.name not in KERNEL_ONLY]
    return found


def imported(source: str) -> set[str]:
    """Name the modules of the package that a source may import, and what is in them."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            names.add(node.module)
    return {name for name in names if name.startswith(PACKAGE.name)}
