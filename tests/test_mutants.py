"""The check of the tests: what `make mutants` breaks, and that it notices."""

import ast
import os
import re
import subprocess
import sys

import pytest
from chapters import ROOT
from mutants import equivalent
from mutants.__main__ import LISTED
from mutants.changes import mutants
from mutants.targets import code_of, parsed, targets

FUNCTION = """
class Layer:
    def backward(self, dy):
        "What it says."
        if dy.ndim < 2:
            raise ValueError(f"got {dy.ndim + 1}")
        {line}
        return dy
"""


def changed(line):
    """What becomes of one line of a method, and nothing else of it."""
    tree = ast.parse(FUNCTION.replace("{line}", line))
    found = list(mutants(tree, "Layer.backward"))
    assert ast.dump(tree) == ast.dump(ast.parse(FUNCTION.replace("{line}", line)))
    return {mutant.after for mutant in found if mutant.before == line}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dx = dy + W", {"dx = dy - W"}),
        ("dx = dy * W", {"dx = dy / W", "dx = dy", "dx = W"}),
        ("dx = dy / W", {"dx = dy * W", "dx = dy"}),
        ("dx = -dy", {"dx = dy"}),
        ("dx -= dy", {"dx += dy", "pass"}),
        ("self.grads[key] = dy", {"pass"}),
        ("np.copyto(dx, dy)", {"pass"}),
        ("b = dy.sum(axis=0)", {"b = dy.sum(axis=1)"}),
        ("b = f(axis=1)", {"b = f(axis=0)", "b = f(axis=2)"}),
        ("m = x > dy", {"m = x <= dy", "m = x >= dy"}),
        ("m = a and (not b)", {"m = a or not b", "m = a and b"}),
        ("n = dy[:, 3]", {"n = dy[:, 4]"}),
        ("y = np.maximum(x, y)", {"y = np.minimum(x, y)"}),
        ("y = np.sqrt(x)", {"y = x"}),
        ("y = x.reshape(-1, n)", set()),
        ("y = f(x, training=True)", {"y = f(x, training=False)"}),
        ("y: int = x", set()),
    ],
)
def test_changes(line, expected):
    assert changed(line) == expected


def test_messages_are_left_alone():
    tree = ast.parse(FUNCTION.replace("{line}", "pass"))
    lines = [(m.before, m.after) for m in mutants(tree, "Layer.backward")]
    assert lines == [
        ("if dy.ndim < 2:", "if dy.ndim >= 2:"),
        ("if dy.ndim < 2:", "if dy.ndim <= 2:"),
        ("if dy.ndim < 2:", "if dy.ndim < 3:"),
    ]


def test_every_backward_pass_and_every_optimizer_is_broken():
    names = {target.full_name for target in targets()}
    for name in (
        "layers.dense.Dense.backward",
        "layers.convolution.Conv2D.fill_grads",
        "layers.windows.fold",
        "layers.windows.Window.borders",
        "losses.SoftmaxCrossEntropy.backward",
        "models.Sequential.backward",
        "models.capture",
        "optimizers.AdamW.update",
        "optimizers.Optimizer.step",
        "schedules.Cosine.__call__",
        "initializers.normal",
        "graph.operations.Divide.local",
    ):
        assert name in names


def test_deleting_a_call_of_super_keeps_what_the_code_refers_to():
    """Or the code could not take the function's place."""
    (target,) = (t for t in targets() if t.full_name == "layers.dense.Dense.__init__")
    free = target.function.__code__.co_freevars
    assert free == ("__class__",)
    mutant = next(m for m in target.mutants() if m.before == "super().__init__()")
    assert mutant.after == "pass"
    parent, field, at = mutant.place
    whole = getattr(parent, field)[at]
    try:
        mutant.make()
        code = compile(parsed(target.module), target.module.__file__, "exec")
        assert code_of(code, target.name).co_freevars == free
    finally:
        getattr(parent, field)[at] = whole


def test_the_list_of_equivalent_mutants_can_be_read(tmp_path):
    for key, reason in equivalent.read(LISTED).items():
        assert len(reason.split()) >= 4, key
    (tmp_path / "list.txt").write_text("layers.f\n- x\n+ y\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"list.txt expected a function, a line '- …'"):
        equivalent.read(tmp_path / "list.txt")


TOY = """
from dlbasics.optimizers import SGD
import numpy as np

def test_a_step():
    w = np.ones(2)
    SGD(0.5).step({"w": w}, {"w": np.full(2, 4.0)})
    assert (w == -1).all()
"""


def run(*arguments):
    paths = [str(ROOT / "scripts"), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", "mutants", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    return done.returncode, done.stdout + done.stderr


def test_what_a_test_sees_is_noticed_and_what_it_does_not_is_named(tmp_path):
    toy = tmp_path / "test_toy.py"
    toy.write_text(TOY, encoding="utf-8")
    code, text = run("--only", "optimizers.SGD", "--tests", toy)
    assert code == 0, text
    assert "dlbasics.optimizers                       5        5" in text
    toy.write_text(TOY.replace("(w == -1).all()", "w.shape == (2,)"), encoding="utf-8")
    code, text = run("--only", "optimizers.SGD.update", "--tests", toy)
    assert code == 1
    assert "survived: optimizers.SGD.update\n- w -= lr * g\n+ w += lr * g" in text
    toy.write_text(TOY.replace("== -1", "== 1"), encoding="utf-8")
    code, text = run("--only", "optimizers.SGD", "--tests", toy)
    assert code != 0
    assert "tests fail without a mutant" in text


def test_a_sample_of_the_optimizers_mutants_is_noticed():
    """All of them: `make mutants`, some minutes."""
    file = ROOT / "tests" / "test_optimizers.py"
    _, text = run("--only", "optimizers.", "--sample", 12, "--tests", file)
    assert re.search(r"^all +12 +12 +0 +0$", text, re.MULTILINE), text
