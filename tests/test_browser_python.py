"""The package in a Python without processes, as a browser has."""

import subprocess
import sys

import pytest

# What makes a Python a browser's, as far as the package can tell.
POOR = """\
import sys, sysconfig
sysconfig.get_config_vars()  # reads a file that is named after the platform
sys.modules['_multiprocessing'] = None
sys.platform = 'emscripten'
"""


def without_processes(code):
    """Run `code` in a Python that cannot start another; return what it prints."""
    command = [sys.executable, "-W", "error", "-c", POOR + code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_stand_in_is_poor():
    with pytest.raises(AssertionError, match="_multiprocessing"):
        without_processes("import concurrent.futures.process")


def test_every_module_that_a_chapter_may_import_is_there():
    text = without_processes(
        "import importlib, pkgutil, dlbasics\n"
        "for info in pkgutil.walk_packages(dlbasics.__path__, 'dlbasics.'):\n"
        "    if info.name.split('.')[-1] not in ('__main__', '_bake', '_myst'):\n"
        "        importlib.import_module(info.name)\n"
        "        print(info.name)\n"
    )
    assert {"dlbasics.parallel", "dlbasics.search.run"} <= set(text.split())


def test_a_search_and_one_worker_run_in_the_only_process():
    text = without_processes(
        "import numpy as np\n"
        "from dlbasics import parallel, search\n"
        "trials = search.search(lambda x, rng: x, [{'x': 2}, {'x': 1}])\n"
        "print([trial.value for trial in trials])\n"
        "print(parallel.run(lambda ring: ring.all_reduce(np.ones(2)), 1))\n"
    )
    assert text == "[2.0, 1.0]\n[array([1., 1.])]\n"
