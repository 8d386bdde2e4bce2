"""How the core is built: what imports what, how long things are, what is not used."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dlbasics

ROOT = Path(dlbasics.__file__).parent
SHARED = ["arrays", "files"]  # what every module may use
CORE = [
    "functions",
    "initializers",
    "layers",
    "losses",
    "models",
    "schedules",
    "optimizers",
    "training",
    "checkpoints",
    "validation",
    "metrics",
    "graph",
    "gradcheck",
    "datasets",
    "landscape",
    "pretrained",
    "recorded",
]
FILES = [
    path
    for name in [*SHARED, *CORE]
    for path in sorted(ROOT.glob(f"{name}.py")) + sorted(ROOT.glob(f"{name}/*.py"))
]
EVERY_FILE = pytest.mark.parametrize(
    "path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES]
)


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path):
    """All modules that a file imports, at its top or within a function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_all_files_of_the_core_are_looked_at():
    assert {module_of(path) for path in FILES} == {*SHARED, *CORE}
    assert len(FILES) >= 20


def test_the_package_names_its_modules_in_reading_order():
    named = re.findall(r"^(\w+)  +\S", dlbasics.__doc__, flags=re.MULTILINE)
    assert [name for name in named if name in CORE] == CORE
    assert all(
        (ROOT / name).is_dir() or (ROOT / f"{name}.py").exists() for name in CORE
    )


@EVERY_FILE
def test_imports_go_one_way(path):
    order = [*SHARED, *CORE]
    here = order.index(module_of(path))
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "dlbasics":
            imported = rest.split(".")[0]
            assert imported in order, f"{path.name} imports {name}"
            same = imported == module_of(path)
            assert same or order.index(imported) < here, f"{path.name} imports {name}"


@EVERY_FILE
def test_numpy_is_all_that_is_needed(path):
    allowed = {"dlbasics", "numpy", *sys.stdlib_module_names}
    foreign = {name.split(".")[0] for name in imports(path)} - allowed
    assert foreign <= ({"tqdm"} if path.name == "training.py" else set())


@pytest.mark.parametrize("modules", [[], CORE], ids=["package", "core"])
def test_importing_loads_numpy_and_nothing_else(modules):
    code = "\n".join(
        ["import sys, dlbasics", *(f"import dlbasics.{m}" for m in modules)]
    )
    code += "\nprint(*sorted({name.split('.')[0] for name in sys.modules}))"
    command = [sys.executable, "-I", "-c", code]
    bare = [sys.executable, "-I", "-c", "import sys, numpy\n" + code.splitlines()[-1]]
    loaded, before = (
        set(
            subprocess.run(c, capture_output=True, text=True, check=True).stdout.split()
        )
        for c in (command, bare)
    )
    assert loaded - before - sys.stdlib_module_names <= {"dlbasics"}
    assert "dlbasics" in loaded


@EVERY_FILE
def test_files_fit_a_chapter(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def code_lines(node, source):
    """Lines of a class body without docstrings and blank lines."""
    text = set()
    for inner in ast.walk(node):
        kinds = (ast.ClassDef, ast.FunctionDef)
        if isinstance(inner, kinds) and ast.get_docstring(inner) is not None:
            text |= set(range(inner.body[0].lineno, inner.body[0].end_lineno + 1))
    body = range(node.body[0].lineno, node.end_lineno + 1)
    return sum(1 for i in body if i not in text and source[i - 1].strip())


@EVERY_FILE
def test_classes_fit_a_screen_and_say_what_they_are(path):
    source = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            assert code_lines(node, source) <= 30, node.name
            assert ast.get_docstring(node), node.name


@EVERY_FILE
def test_files_and_public_functions_say_what_they_are(path):
    module = tree(path)
    assert ast.get_docstring(module)
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and len(node.body) > 3:
            assert ast.get_docstring(node), node.name


@EVERY_FILE
def test_no_global_randomness(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            base = node.value
            if base.attr == "random" and getattr(base.value, "id", "") == "np":
                assert node.attr in ("Generator", "default_rng"), node.attr
        if isinstance(node, ast.Name):
            assert node.id != "RandomState"
    assert not {name for name in imports(path) if name.split(".")[0] == "random"}


@EVERY_FILE
def test_no_pickle(path):
    source = path.read_text(encoding="utf-8")
    assert "pickle" not in source.replace("allow_pickle=False", "")
    assert source.count("np.load(") == source.count("allow_pickle=False")


@EVERY_FILE
def test_no_square_root_of_a_scalar_by_numpy(path):
    """np.sqrt(2) is a float64 that would widen what it meets; math.sqrt is not."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.sqrt":
            assert not isinstance(node.args[0], ast.Constant)
