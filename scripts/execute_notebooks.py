"""Run notebooks and store their outputs, so that a second run changes no byte.

    python scripts/execute_notebooks.py                    # all chapters
    python scripts/execute_notebooks.py notebooks/07_*.ipynb
    python scripts/execute_notebooks.py --check            # write nothing, report

Each notebook gets a fresh kernel, one BLAS thread and no settings from the home
directory. What differs from run to run (times, widget models) or from machine to
machine (kernel and Python version) is not stored. A notebook that fails keeps its
stored file.
"""

import argparse
import base64
import hashlib
import io
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from PIL import Image

from dlbasics.files import write_aside

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CELL_TIMEOUT = 300  # seconds; a whole chapter takes at most 60
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "name": "python"},
}
VOLATILE_CELL_METADATA = ("collapsed", "execution", "scrolled", "trusted")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook."""

    path: Path
    seconds: float
    changed: tuple[str, ...] = ()  # the cells whose stored form is out of date
    error: str | None = None


def kernel_environment(scratch):
    """Return the environment of a kernel: the caller's, less what changes results."""
    env = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    return env | {
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(scratch),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def with_palette(png):
    """Return a picture, base64 in and out, with at most 256 colors: a third in size."""
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    if image.mode != "P":
        how = {"method": Image.Quantize.FASTOCTREE, "dither": Image.Dither.NONE}
        image = image.convert("RGBA").quantize(256, **how)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode() + "\n"


def clean_output(output, alt):
    """Drop what is not the same twice; give pictures a palette and their alt text."""
    data = output.get("data", {})
    data.pop(WIDGET_VIEW, None)
    if "image/png" in data:
        data["image/png"] = with_palette(data["image/png"])
    for mime in data:
        if alt and mime.startswith("image/"):
            output.metadata.setdefault(mime, {})["alt"] = alt
    return output


def clean(nb):
    """Bring an executed notebook into the form in which it is stored, in place."""
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata = nbformat.from_dict(
        {k: v for k, v in nb.metadata.items() if k != "widgets"} | METADATA
    )
    for position, cell in enumerate(nb.cells):
        if "id" not in cell:
            seed = f"{position}\n{cell.source}".encode()
            cell["id"] = hashlib.sha256(seed).hexdigest()[:8]
        for key in VOLATILE_CELL_METADATA:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
            outputs = [clean_output(output, alt) for output in cell.outputs]
            cell.outputs = [o for o in outputs if o.get("data") != {}]
    return nb


def as_text(nb):
    return nbformat.writes(nb).rstrip("\n") + "\n"


def changed_cells(old, new):
    """Return labels of the cells of `new` that are not stored like this in `old`."""
    stored = {cell.get("id"): cell for cell in old.cells}
    cells = enumerate(new.cells, start=1)
    changed = [f"cell {n} ({c.id})" for n, c in cells if stored.get(c.id) != c]
    return tuple(changed) or ("the notebook's metadata or layout",)


def describe(error, path, nb):
    """Return a message that names the notebook, the cell and what happened in it."""
    if isinstance(error, NoSuchKernel):
        return (
            f"{path}: expected a Jupyter kernel {error.name!r}, found none of that "
            "name; install the book's requirements with `make book`"
        )
    for number, cell in enumerate(nb.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and isinstance(error, CellExecutionError):
                lines = ANSI.sub("", "\n".join(output.traceback)).splitlines()
                trace = "\n".join(f"    {line}" for line in lines[-12:])
                return (
                    f"{path}, cell {number} ({cell.get('id')}): "
                    f"{output.ename}: {output.evalue}\n{trace}"
                )
    return f"{path}: {type(error).__name__}: {ANSI.sub('', str(error)).strip()}"


def replace(path, text):
    """Write `text` beside `path`, then rename: the file is the old or the new one."""
    with write_aside(path) as file:
        file.write(text.encode())


def execute(path, *, check=False, show_cells=False):
    """Run one notebook; store it unless it failed or `check` is set."""
    started = time.perf_counter()
    before = path.read_text(encoding="utf-8")
    nb = clean(nbformat.reads(before, as_version=4))
    code = [cell for cell in nb.cells if cell.cell_type == "code"]

    def progress(cell, cell_index, **_):
        done = sum(c.cell_type == "code" for c in nb.cells[: cell_index + 1])
        print(f"\r  {path.name}  cell {done}/{len(code)} ", end="", flush=True)

    client = NotebookClient(
        nb,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # no note on unencrypted local sockets
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=progress if show_cells else None,
    )
    error = None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            client.execute(env=kernel_environment(scratch))
        except (
            CellExecutionError,
            CellTimeoutError,
            DeadKernelError,
            NoSuchKernel,
        ) as failure:
            error = describe(failure, path, nb)
    seconds = time.perf_counter() - started
    if error:
        return Outcome(path, seconds, error=error)

    after = as_text(clean(nb))
    if after == before:
        return Outcome(path, seconds)
    if not check:
        replace(path, after)
    changed = changed_cells(nbformat.reads(before, as_version=4), nb)
    return Outcome(path, seconds, changed)


def report(outcome, *, check):
    """Print one line about a notebook that ran; say whether all is well with it."""
    if outcome.error:
        print(f"\r  {outcome.path.name}  FAILED after {outcome.seconds:.1f} s")
        return False
    state = "unchanged"
    if outcome.changed:
        state = "would change: " if check else "stored: "
        state += ", ".join(outcome.changed)
    print(f"\r  {outcome.path.name}  {outcome.seconds:.1f} s  {state}", flush=True)
    return not (check and outcome.changed)


def run_all(paths, *, jobs, check):
    """Yield an outcome for each notebook as it becomes available."""
    if jobs == 1 or len(paths) == 1:
        for path in paths:
            yield execute(path, check=check, show_cells=sys.stdout.isatty())
        return
    with ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(execute, path, check=check) for path in paths]
        for future in as_completed(futures):
            yield future.result()


def parse(argv):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of them")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--check", action="store_true", help="write nothing, report")
    args = parser.parse_args(argv)
    args.notebooks = args.notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in args.notebooks:
        if path.suffix != ".ipynb" or not path.is_file():
            parser.error(f"expected a notebook, got {path}, which is none")
    if args.jobs < 1:
        parser.error(f"expected --jobs of at least 1, got {args.jobs}")
    if not args.notebooks:
        parser.error(f"expected notebooks in {NOTEBOOKS}, found none")
    return args


def main(argv=None):
    args = parse(argv)
    paths = [path.resolve() for path in args.notebooks]
    print(f"{len(paths)} notebook(s), {args.jobs} at a time", flush=True)
    well, errors = True, []
    for outcome in run_all(paths, jobs=args.jobs, check=args.check):
        well &= report(outcome, check=args.check)
        if outcome.error:
            errors.append(outcome.error)
    for error in errors:
        print(f"\n{error}", file=sys.stderr)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
