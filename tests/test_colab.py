"""The cell that installs the package on Colab, and does nothing elsewhere."""

import shutil
import sys

import build_lite
import colab_cells
import nbformat
import pytest
from chapters import APPENDICES, PATHS, Chapter
from IPython.core.inputtransformer2 import TransformerManager

REPOSITORY = "https://github.com/example/deep"


@pytest.fixture
def folder(tmp_path):
    for path in (*PATHS, *APPENDICES):
        shutil.copy(path, tmp_path)
    return tmp_path


def cell_of(path):
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "colab"]
    return notebook, cell


def test_the_cell_is_written_once_and_taken_away(folder, capsys):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for address in ("https://example.org/old", f"{REPOSITORY}/"):
        colab_cells.main(["--repository", address], folder)
    for path in folder.iterdir():
        notebook, cell = cell_of(path)
        code = [other for other in notebook.cells if other.cell_type == "code"]
        assert code[0] is cell
        assert f"git+{REPOSITORY}" in cell.source
        assert "old" not in cell.source
    colab_cells.main([], folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert capsys.readouterr().out.endswith("notebooks have no cell for Colab\n")


@pytest.mark.parametrize("where", ["on Colab", "elsewhere"])
def test_it_installs_on_colab_only(folder, monkeypatch, where):
    colab_cells.main(["--repository", REPOSITORY], folder)
    _, cell = cell_of(next(folder.glob("07*")))
    if where == "on Colab":
        monkeypatch.setitem(sys.modules, "google.colab", sys)
    asked = []

    class Shell:
        def run_line_magic(self, *command):
            asked.append(command)

    code = TransformerManager().transform_cell(cell.source)
    exec(code, {"get_ipython": Shell})
    install = ("pip", f'install -q "dlbasics @ git+{REPOSITORY}"')
    assert asked == ([install] if where == "on Colab" else [])


def test_the_chapters_contract_does_not_see_it(folder):
    colab_cells.main(["--repository", REPOSITORY], folder)
    for path in PATHS:
        assert len(Chapter(folder / path.name).code) == len(Chapter(path).code)


def test_places_on_the_page_do_not_move(folder, tmp_path, monkeypatch):
    """Pages do not show the cell; reasons are found by a cell's place on the page."""
    before = build_lite.write_chapters(tmp_path / "before")
    colab_cells.main(["--repository", REPOSITORY], folder)
    monkeypatch.setattr(build_lite, "NOTEBOOKS", folder)
    assert build_lite.write_chapters(tmp_path / "after") == before


def test_what_is_no_address_changes_nothing(folder, capsys):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(SystemExit):
        colab_cells.main(["--repository", "github.com/example/deep"], folder)
    assert "expected an https:// address" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
