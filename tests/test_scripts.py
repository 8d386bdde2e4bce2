"""The scripts behind the Makefile: what they do, and what they say when they cannot."""

import base64
import importlib.metadata
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import check_large_files
import check_python
import execute_notebooks
import lab
import nbformat
import numpy as np
import pytest
import serve
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]


def notebook(path, *sources, **metadata):
    """Write an unexecuted notebook as an editor leaves it, and return its path."""
    v4 = nbformat.v4
    cells = [v4.new_code_cell(source) for source in sources]
    cells[0].metadata.update(metadata)
    nb = v4.new_notebook(cells=cells)
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Someone's own"}
    nb.metadata["widgets"] = {"state": "of yesterday"}
    nbformat.write(nb, path)
    return path


def execute(*arguments):
    """Run the script as a reader does; return (exit status, all it printed)."""
    script = ROOT / "scripts" / "execute_notebooks.py"
    done = subprocess.run(
        [sys.executable, script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "MPLBACKEND": "agg"},  # must not reach the kernel
    )
    return done.returncode, done.stdout + done.stderr


FIGURE = """\
import matplotlib.pyplot as plt
_ = plt.plot([1, 2])
plt.show()"""


class TestExecute:
    def test_running_twice_changes_no_byte(self, tmp_path):
        path = notebook(
            tmp_path / "a.ipynb",
            FIGURE,
            "import ipywidgets\nprint(1)\nprint(2)\nipywidgets.IntSlider()",
            mystnb={"image": {"alt": "A line that rises."}},
        )
        status, text = execute(path)
        assert status == 0, text
        first = path.read_bytes()
        status, text = execute(path)
        assert (status, path.read_bytes()) == (0, first), text
        assert "unchanged" in text

        nb = json.loads(first)
        (figure,), (stream, widget) = (cell["outputs"] for cell in nb["cells"])
        assert figure["metadata"]["image/png"]["alt"] == "A line that rises."
        assert stream["text"] == ["1\n", "2\n"]
        assert set(widget["data"]) == {"text/plain"}
        assert [cell["execution_count"] for cell in nb["cells"]] == [1, 2]
        assert nb["metadata"] == execute_notebooks.METADATA

    def test_failure_names_the_cell_and_leaves_the_file(self, tmp_path):
        path = notebook(tmp_path / "bad.ipynb", "x = 1", "x / 0")
        before = path.read_bytes()
        status, text = execute(path)
        assert status == 1
        assert "bad.ipynb, cell 2" in text
        assert "ZeroDivisionError: division by zero" in text
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_a_failure_does_not_stop_the_others(self, tmp_path):
        bad = notebook(tmp_path / "bad.ipynb", "1 / 0")
        good = notebook(tmp_path / "good.ipynb", "print(1)")
        status, text = execute(bad, good, "-j", 2)
        assert status == 1
        assert "bad.ipynb  FAILED" in text
        assert "good.ipynb" in text
        assert json.loads(good.read_text())["cells"][0]["outputs"]

    def test_check_reports_and_writes_nothing(self, tmp_path):
        path = notebook(tmp_path / "a.ipynb", "print(1)")
        before = path.read_bytes()
        status, text = execute("--check", path)
        assert status == 1
        assert "would change: cell 1" in text
        assert path.read_bytes() == before
        assert execute(path)[0] == 0
        assert execute("--check", path)[0] == 0

    def test_what_is_no_notebook_is_refused(self, tmp_path):
        status, text = execute(tmp_path / "missing.ipynb")
        assert status == 2
        assert "expected a notebook, got" in text


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text("the book")
    (tmp_path / "a.mjs").write_text("")
    (tmp_path / "404.html").write_text("not in this book")
    server = serve.make_server(tmp_path, port=0, quiet=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_pictures_are_stored_with_a_palette_that_keeps_their_look():
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[..., 3] = np.linspace(0, 255, 60)  # a transparent edge, as of every line
    pixels[10:30, 20:40] = 0, 114, 178, 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    small = execute_notebooks.with_palette(base64.encodebytes(file.getvalue()).decode())
    stored = Image.open(io.BytesIO(base64.b64decode(small)))
    assert stored.mode == "P"
    on_white = [
        np.asarray(Image.alpha_composite(Image.new("RGBA", (60, 40), "white"), image))
        for image in (Image.fromarray(pixels), stored.convert("RGBA"))
    ]
    assert np.abs(np.subtract(*on_white, dtype=int)).max() <= 20  # of 255
    assert execute_notebooks.with_palette(small) == small, "storing again changes it"


class TestServe:
    def test_serves_with_the_right_type(self, site):
        with urllib.request.urlopen(f"{site}/a.mjs") as answer:
            assert answer.headers["Content-Type"].startswith("text/javascript")

    def test_its_own_404_page(self, site):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"{site}/no/such/page.html")
        with error.value as answer:
            assert answer.code == 404
            assert answer.read() == b"not in this book"

    def test_only_this_machine_can_reach_it(self, tmp_path):
        with serve.make_server(tmp_path, port=0) as server:
            assert server.server_address[0] == "127.0.0.1"

    def test_port_in_use(self, tmp_path):
        (tmp_path / "index.html").touch()
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(SystemExit) as error:
                serve.main(["--port", str(port), "--directory", str(tmp_path)])
        assert f"expected port {port} on 127.0.0.1 to be free" in str(error.value)
        assert "make serve PORT=" in str(error.value)

    @pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
    def test_no_port(self, port, capsys):
        with pytest.raises(SystemExit):
            serve.main([f"--port={port}"])
        expected = f"expected a port between 1 and 65535, got {port!r}"
        assert expected in capsys.readouterr().err

    def test_nothing_built_yet(self, tmp_path):
        with pytest.raises(SystemExit, match="run `make book` first"):
            serve.main(["--directory", str(tmp_path)])


class TestPython:
    def test_this_one_will_do(self):
        assert check_python.problem(sys.version_info, []) is None

    def test_too_old(self):
        text = check_python.problem((3, 10, 4), [])
        assert "expected Python 3.11 or newer, got 3.10" in text
        assert "make book PYTHON=" in text

    def test_no_ensurepip(self):
        text = check_python.problem((3, 12), ["ensurepip"])
        assert "ensurepip is missing" in text
        assert "python3-venv" in text


class TestLab:
    def test_this_environment_has_its_kernel(self):
        assert lab.kernel_problem(lab.installed_kernels()) is None

    def test_no_kernel(self):
        text = lab.kernel_problem({"ir": ["R"]}, interpreter="/v/bin/python")
        assert "expected a Jupyter kernel 'python3' that runs /v/bin/python" in text
        assert "found: ir" in text
        assert "/v/bin/python -m ipykernel install" in text

    def test_kernel_of_another_python(self):
        text = lab.kernel_problem({"python3": ["/old/python", "-m", "ipykernel"]})
        assert "but it runs /old/python" in text


def test_large_files_are_refused(tmp_path):
    big, small = tmp_path / "big.bin", tmp_path / "small.bin"
    big.write_bytes(bytes(check_large_files.LIMIT + 1))
    small.write_bytes(bytes(10))
    (problem,) = check_large_files.too_large([str(big), str(small)])
    assert "big.bin: expected at most 1,000,000 bytes, got 1,000,001" in problem
    assert all((ROOT / name).is_file() for name in check_large_files.MEANT)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on the PATH")
class TestMake:
    def make(self, *arguments):
        outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # of the `make test` around us
        done = subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={key: value for key, value in os.environ.items() if key not in outer},
        )
        return done.returncode, done.stdout + done.stderr

    def test_help_is_the_default_and_lists_every_target(self):
        makefile = (ROOT / "Makefile").read_text()
        phony = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))
        status, text = self.make()
        listed = set(re.findall(r"^  make (\S+) +\S", text, re.MULTILINE))
        assert (status, listed) == (0, phony)
        assert {"book", "serve", "lab", "test", "execute", "lint", "clean"} <= listed

    @pytest.mark.parametrize(
        ("vendor", "family", "flags", "asked", "wanted"),
        [
            ("AuthenticAMD", 26, "avx2 avx512f avx512vl", (), "SkylakeX"),
            ("AuthenticAMD", 26, "avx2 avx512f avx512vl", ("Zen",), "Zen"),
            ("AuthenticAMD", 26, "avx2", (), ""),
            ("AuthenticAMD", 25, "avx2 avx512f avx512vl", (), ""),
            ("GenuineIntel", 26, "avx2 avx512f avx512vl", (), ""),
        ],
    )
    def test_a_wide_kernel_is_asked_for_where_openblas_overlooks_it(
        self, vendor, family, flags, asked, wanted, tmp_path, monkeypatch
    ):
        monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
        for name in asked:
            monkeypatch.setenv("OPENBLAS_CORETYPE", name)
        told = {"vendor_id": vendor, "cpu family": family, "flags": f"fpu {flags} sha"}
        lines = [f"{name}\t: {value}\n" for name, value in told.items()]
        (tmp_path / "cpuinfo").write_text("".join(lines))
        rule = "--eval=show: ; @echo kernel=$$OPENBLAS_CORETYPE"
        answer = self.make(rule, f"CPUINFO={tmp_path / 'cpuinfo'}", "show")
        assert answer == (0, f"kernel={wanted}\n")

    def test_an_old_python_is_refused_before_anything_is_made(self, tmp_path):
        old = tmp_path / "python3"
        old.write_text(
            f"#!{sys.executable}\n"
            "import runpy, sys\n"
            "sys.version_info = (3, 10, 4, 'final', 0)\n"
            "runpy.run_path(sys.argv[1], run_name='__main__')\n"
        )
        old.chmod(0o755)
        venv = tmp_path / "venv"
        status, text = self.make("book", f"PYTHON={old}", f"VENV={venv}")
        assert status == 2
        assert "expected Python 3.11 or newer, got 3.10" in text
        assert not venv.exists()


def pins():
    """Return name -> version of everything that constraints.txt holds."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def test_every_requirement_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"]]
    for extra in ("book", "lab", "test", "pdf"):
        asked += extras[extra]
    names = {canonicalize_name(Requirement(line).name) for line in asked}
    assert names - {canonicalize_name(name) for name in pins()} == set()


def test_every_pin_accepts_the_oldest_python():
    """Debian 12 has Python 3.11.2: a package that asks for 3.11.5 stops the install."""
    oldest = "{}.{}.0".format(*check_python.OLDEST)
    refusing = []
    for name, version in pins().items():
        try:
            package = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # wanted on another platform only
        wanted = package["Requires-Python"] or ""
        if package["Version"] == version and oldest not in SpecifierSet(wanted):
            refusing.append(f"{name} {version} asks for Python {wanted}")
    assert refusing == []
