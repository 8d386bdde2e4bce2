"""The file for a USB stick: whole, the same twice, and refused when something lacks."""

import subprocess
import sys
import zipfile
from pathlib import Path

import make_dist
import nbformat
import pytest


@pytest.fixture
def parts(tmp_path):
    """A small site, one chapter, and a wheel that can be installed."""
    site = tmp_path / "html"
    (site / "book").mkdir(parents=True)
    (site / "index.html").write_text('<a href="book/a.html">in</a>')
    (site / "book" / "a.html").write_text("A")
    (site / ".buildinfo").write_text("of no use to readers")
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    cells = [
        nbformat.v4.new_markdown_cell("Ask.\n\n:::{solution-start} a\n:::", id="a"),
        nbformat.v4.new_code_cell("answer = 4", id="b"),
        nbformat.v4.new_markdown_cell(":::{solution-end}\n:::", id="c"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "01_a.ipynb")
    wheel = tmp_path / "wheel"
    wheel.mkdir()
    info = "dlbasics-0.1.0.dist-info"
    with zipfile.ZipFile(wheel / "dlbasics-0.1.0-py3-none-any.whl", "w") as packed:
        packed.writestr("dlbasics/__init__.py", "answer = 42\n")
        packed.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: dlbasics\nVersion: 0.1.0\n",
        )
        packed.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        packed.writestr(f"{info}/RECORD", "")
    return {"site": site, "notebooks": notebooks, "wheel": wheel}


def dist(parts, out):
    flags = [f"--{name}={path}" for name, path in parts.items()]
    assert make_dist.main([*flags, f"--out={out}"]) == 0
    return out / f"{make_dist.NAME}-0.1.0.zip"


def test_all_of_it_and_nothing_else(parts, tmp_path):
    with zipfile.ZipFile(dist(parts, tmp_path / "out")) as packed:
        assert packed.testzip() is None
        names = {name.removeprefix(f"{make_dist.NAME}/") for name in packed.namelist()}
        packed.extractall(tmp_path / "stick")
    assert names == {
        "LICENSE",
        "LICENSE-TEXT.md",
        "README.txt",
        "dlbasics-0.1.0-py3-none-any.whl",
        "notebooks/01_a.ipynb",
        "notebooks-no-solutions/01_a.ipynb",
        "site/index.html",
        "site/book/a.html",
    }
    stick = tmp_path / "stick" / make_dist.NAME
    assert "answer" in (stick / "notebooks" / "01_a.ipynb").read_text()
    assert "answer" not in (stick / "notebooks-no-solutions/01_a.ipynb").read_text()


def test_the_wheel_installs(parts, tmp_path):
    with zipfile.ZipFile(dist(parts, tmp_path / "out")) as packed:
        packed.extractall(tmp_path)
    (wheel,) = (tmp_path / make_dist.NAME).glob("*.whl")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([sys.executable, *install, tmp_path / "lib", wheel], check=True)
    assert (tmp_path / "lib" / "dlbasics" / "__init__.py").is_file()


def test_the_same_bytes_twice(parts, tmp_path):
    first = dist(parts, tmp_path / "one").read_bytes()
    for path in parts["site"].rglob("*.html"):
        path.touch()
    assert dist(parts, tmp_path / "two").read_bytes() == first


@pytest.mark.parametrize(
    ("lacks", "message"),
    [
        ("site/index.html", "run `make book`"),
        ("wheel/dlbasics-0.1.0-py3-none-any.whl", "expected one wheel"),
    ],
)
def test_what_lacks_is_said(parts, tmp_path, capsys, lacks, message):
    folder, _, name = lacks.partition("/")
    Path(parts[folder], name).unlink()
    with pytest.raises(SystemExit):
        dist(parts, tmp_path / "out")
    assert message in capsys.readouterr().err
