"""Open the chapters in JupyterLab with the kernel of this virtual environment."""

import os
import sys
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
KERNEL = "python3"


def kernel_problem(kernels, interpreter=sys.executable):
    """Return why `kernels` (name -> command line) cannot run the book, or None."""
    expected = f"lab: expected a Jupyter kernel {KERNEL!r} that runs {interpreter}"
    if KERNEL not in kernels:
        found = ", ".join(sorted(kernels)) or "none"
        return f"{expected}, found: {found}; {repair(interpreter)}"
    program = kernels[KERNEL][0]
    if program not in ("python", "python3", interpreter):
        return f"{expected}, but it runs {program}; {repair(interpreter)}"
    return None


def repair(interpreter):
    return (
        "run `make distclean book`, or "
        f"{interpreter} -m ipykernel install --sys-prefix --name {KERNEL}"
    )


def installed_kernels():
    from jupyter_client.kernelspec import KernelSpecManager

    # Only kernels with a file: this tells a broken installation from a sound one.
    manager = KernelSpecManager(ensure_native_kernel=False)
    specs = manager.get_all_specs()
    return {name: spec["spec"]["argv"] for name, spec in specs.items()}


def main():
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    if problem := kernel_problem(installed_kernels()):
        sys.exit(problem)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={NOTEBOOKS}"]
    command += sys.argv[1:]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
