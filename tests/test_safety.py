"""What could harm a reader: code in data, open doors, secrets, scripts of others."""

import ast
import re
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
import pytest
import serve
from chapters import ROOT

from dlbasics.datasets import archive

TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split("\0")
    if name
]
if not TRACKED:
    pytest.skip("expected a clone by git, to know its files", allow_module_level=True)
OURS = [p for p in TRACKED if "_vendor" not in p.parts and p.is_file()]
PYTHON = [p for p in OURS if p.suffix == ".py" and "tests" not in p.parts]
NOTEBOOKS = [p for p in OURS if p.suffix == ".ipynb"]
PAGES = [p for p in OURS if p.suffix in {".md", ".html", ".js"}]
# Work for our own processes travels as pickle, from memory to memory, never by a file.
PICKLING = {"search/run.py", "parallel.py"}


def trees():
    for path in PYTHON:
        yield path, ast.parse(path.read_text(encoding="utf-8"))
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and not cell.source.lstrip().startswith("%"):
                yield path, ast.parse(cell.source)


def calls():
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, ast.unparse(node.func), node


def test_nothing_is_unpickled_from_a_file():
    for path, tree in trees():
        imported = {
            name.name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in node.names
        }
        if imported & {"pickle", "cloudpickle", "shelve", "joblib", "dill", "marshal"}:
            assert str(path).endswith(tuple(PICKLING)), path
    for path, name, node in calls():
        assert name not in {"pickle.load", "cloudpickle.load", "torch.load"}, path
        given = {k.arg: ast.unparse(k.value) for k in node.keywords}
        assert given.get("allow_pickle", "False") == "False", path
        if name == "np.load":
            assert "allow_pickle" in given, path


def test_no_text_becomes_code_and_no_shell_is_asked():
    for path, name, node in calls():
        if path.suffix == ".ipynb":  # a reader runs what they see
            continue
        assert name not in {"eval", "exec", "os.system", "os.popen", "yaml.load"}, path
        assert "shell" not in {keyword.arg for keyword in node.keywords}, path


@pytest.mark.parametrize(
    "path", [p for p in TRACKED if p.suffix == ".npz"], ids=lambda path: path.name
)
def test_shipped_arrays_hold_no_objects(path):
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "fiubU" for name in stored.files)


def test_archives_are_checked_before_they_are_unpacked(tmp_path, monkeypatch):
    def unpack(*_, **__):
        raise AssertionError("unpacked before it was checked")

    monkeypatch.setattr(archive.np, "load", unpack)
    path = tmp_path / "data.npz"
    path.write_bytes(b"PK\x03\x04 not what was shipped")
    with pytest.raises(ValueError, match="is damaged"):
        archive.read_archive(path, "0" * 64)
    for file, name, _ in calls():
        assert not name.endswith(("extractall", "unpack_archive")), file


def test_only_this_machine_is_served(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.txt").write_text("not for the site")
    with serve.make_server(tmp_path / "site", 0, quiet=True) as server:
        assert server.server_address[0] == "127.0.0.1"
    for path in OURS:
        if path.suffix in {".py", ".yml", ".toml"} or path.name == "Makefile":
            doors = r"0\.0\.0\.0|--ip=|allow_origin|disable_check_xsrf"
            if path.name != Path(__file__).name:
                assert not re.search(doors, path.read_text(encoding="utf-8")), path


def test_what_lies_beside_the_site_is_not_served(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.txt").write_text("not for the site")
    with serve.make_server(tmp_path / "site", 0, quiet=True) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        for way in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(address + way)
            caught.value.close()
            assert caught.value.code == 404
        server.shutdown()


def test_no_inline_event_handler():
    """A content security policy can then forbid them all."""
    handler = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
    for path in PAGES:
        found = handler.search(path.read_text(encoding="utf-8"))
        assert not found, (path, found)
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            data = [output.get("data", {}) for output in cell.get("outputs", [])]
            shown = [formats.get("text/html", "") for formats in data]
            prose = cell.source if cell.cell_type == "markdown" else ""
            found = handler.search("\n".join([prose, *map(str, shown)]))
            assert not found, (path, found)


def test_no_secret_and_no_personal_path():
    secret = re.compile(
        r"AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[bap]-\w{10}"
        r"|-----BEGIN [A-Z ]*PRIVATE KEY"
        r"|(?i:password|secret|api_?key|token)\s*[:=]\s*['\"][^'\"{}$]{8,}['\"]"
    )
    personal = re.compile(r"/(?:home|Users)/[a-z]\w+/|C:\\Users\\")
    for path in OURS:
        if path.suffix in {".npz", ".png"} or path.name == Path(__file__).name:
            continue
        text = path.read_text(encoding="utf-8")
        assert not secret.search(text), path
        assert not personal.search(text), path


def test_notebooks_carry_no_traces_of_who_ran_them():
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        assert notebook.metadata.keys() <= {"kernelspec", "language_info"}, path
        for cell in notebook.cells:
            assert not cell.metadata.keys() & {"execution", "collapsed", "vscode"}, path


def test_third_party_code_in_the_site_is_listed_with_its_license():
    listed = (ROOT / "LICENSE-TEXT.md").read_text(encoding="utf-8")
    folders = [p for p in (ROOT / "book" / "_vendor").iterdir() if p.is_dir()]
    assert folders
    for folder in folders:
        assert (folder / "LICENSE").stat().st_size > 500, folder
        assert f"book/_vendor/{folder.name}/" in listed


def test_workflows_may_only_read():
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
        assert "secrets." not in text
        assert "pull_request_target" not in text


def test_the_audit_of_dependencies_is_documented():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "pip-audit --requirement constraints.txt" in text
    assert re.search(r"Last audit: 20\d\d-\d\d-\d\d", text) or "not been run" in text
