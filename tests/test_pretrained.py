"""The shipped networks: they load, they are as good as stated, and bad names say so."""

import re
from functools import cache

import numpy as np
import pytest
import train_pretrained

from dlbasics import pretrained
from dlbasics.datasets import load_mnist
from dlbasics.functions import softmax
from dlbasics.models import save
from dlbasics.pretrained import PRETRAINED, load_pretrained
from dlbasics.training import accuracy, predict

DEEP = [f"mnist_deep_{i}" for i in range(5)]
ALL = pytest.mark.parametrize("name", PRETRAINED)


@cache
def images_for_test(name):
    assert name.startswith("mnist"), "name the data of a new network here"
    mnist = load_mnist(n_train=0, flat=PRETRAINED[name].flat)
    return mnist.x_test, mnist.y_test


@cache
def logits(name):
    return predict(load_pretrained(name), images_for_test(name)[0])


@ALL
def test_accuracy_is_what_is_stated(name):
    reached = accuracy(logits(name), images_for_test(name)[1])
    assert reached == pytest.approx(PRETRAINED[name].test_accuracy, abs=3e-4)


@pytest.mark.parametrize("name", ["mnist_convnet", "mnist_deep_0", "mnist_deep_4"])
def test_accuracy_on_images_held_back_is_what_is_stated(name):
    mnist = load_mnist(n_test=0, flat=False)
    x, y = mnist.x_train[-5000:], mnist.y_train[-5000:]
    reached = accuracy(predict(load_pretrained(name), x), y)
    assert reached == pytest.approx(PRETRAINED[name].validation_accuracy, abs=6e-4)


def test_accuracy_is_what_the_book_asks_for():
    assert PRETRAINED["mnist_mlp"].test_accuracy >= 0.97
    assert PRETRAINED["mnist_convnet"].test_accuracy >= 0.989
    best = max(DEEP, key=lambda name: PRETRAINED[name].validation_accuracy)
    assert PRETRAINED[best].test_accuracy >= 0.9945


def test_five_networks_together_are_better_than_any_alone():
    labels = images_for_test(DEEP[0])[1]
    together = accuracy(np.mean([softmax(logits(name)) for name in DEEP], 0), labels)
    assert together >= 0.9965
    assert together > max(PRETRAINED[name].test_accuracy for name in DEEP)


def test_layers_are_those_of_the_textbook():
    shapes = [w.shape for w in load_pretrained("mnist_mlp").params.values()]
    assert shapes == [(784, 50), (50,), (50, 100), (100,), (100, 10), (10,)]


def test_the_files_are_small_and_every_network_has_one():
    paths = [pretrained.FOLDER / f"{name}.npz" for name in PRETRAINED]
    assert sum(path.stat().st_size for path in paths) <= 4_000_000


def test_layers_of_the_convolutional_networks():
    shapes = [w.shape for w in load_pretrained("mnist_convnet").params.values()]
    weights = [(5, 5, 1, 30), (12 * 12 * 30, 100), (100, 10)]
    assert shapes[::2] == weights
    shapes = [w.shape for w in load_pretrained("mnist_deep_0").params.values()]
    sizes = [shape[2:] for shape in shapes if len(shape) == 4]
    assert sizes == [(1, 16), (16, 16), (16, 32), (32, 32), (32, 64), (64, 64)]
    assert [s for s in shapes if len(s) == 2] == [(3 * 3 * 64, 50), (50, 10)]


def test_there_are_no_other_files_and_each_can_be_made_again():
    files = {path.stem for path in pretrained.FOLDER.glob("*.npz")}
    assert files == set(PRETRAINED) == set(train_pretrained.RECIPES)


@ALL
def test_each_call_returns_a_network_of_its_own(name):
    one = load_pretrained(name)
    for array in one.params.values():
        array[...] = 0
    two = load_pretrained(name)
    assert all(array.any() for key, array in two.params.items() if key.endswith("W"))
    assert {array.dtype for array in two.params.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["mnist", "", "../mnist_mlp", "mnist_mlp.npz", None])
def test_unknown_name(name):
    known = ", ".join(PRETRAINED)
    message = re.escape(f"expected one of {known}; got {name!r}")
    with pytest.raises(ValueError, match=message):
        load_pretrained(name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, "No such file"),
        (lambda data: b"", "not a readable"),
        (lambda data: data[:-500], "not a readable"),
    ],
    ids=["missing", "empty", "truncated"],
)
def test_bad_file(tmp_path, monkeypatch, change, said):
    data = (pretrained.FOLDER / "mnist_mlp.npz").read_bytes()
    if change:
        (tmp_path / "mnist_mlp.npz").write_bytes(change(data))
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=f"{said}.*install the package"):
        load_pretrained("mnist_mlp")


def test_file_of_another_network(tmp_path, monkeypatch):
    other = pretrained.mlp([784, 20, 10], rng=np.random.default_rng(0))
    save(other, tmp_path / "mnist_mlp.npz")
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="does not fit the model"):
        load_pretrained("mnist_mlp")


class TestScript:
    def test_quick_run_learns_and_leaves_the_shipped_file(self, capsys):
        path = pretrained.FOLDER / "mnist_mlp.npz"
        before = path.read_bytes()
        assert train_pretrained.main(["mnist_mlp", "--quick"]) == 0
        text = capsys.readouterr().out
        assert "wrote" not in text
        assert path.read_bytes() == before
        reached = re.search(r"train accuracy (0\.\d+), test accuracy (0\.\d+)", text)
        assert float(reached[2]) > 0.6

    def test_output_folder_and_the_same_bytes_twice(
        self, tmp_path, monkeypatch, capsys
    ):
        written = []
        for _ in range(2):
            to = ["--quick", "--output", str(tmp_path)]
            assert train_pretrained.main(["mnist_mlp", *to]) == 0
            written.append((tmp_path / "mnist_mlp.npz").read_bytes())
        assert written[0] == written[1]
        assert f"wrote {tmp_path / 'mnist_mlp.npz'}" in capsys.readouterr().out
        monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
        x, y = images_for_test("mnist_mlp")
        assert accuracy(predict(load_pretrained("mnist_mlp"), x), y) > 0.6

    def test_an_interrupted_training_goes_on(self, tmp_path, monkeypatch, capsys):
        x, y = images_for_test("mnist_deep_0")
        small = x[:600], y[:600], x[600:900], y[600:900]
        recipe = train_pretrained.RECIPES["mnist_deep_0"]
        recipe = recipe._replace(load_data=lambda: small, n_held_back=100, epochs=3)
        monkeypatch.setitem(train_pretrained.RECIPES, "mnist_deep_0", recipe)
        monkeypatch.setitem(
            PRETRAINED,
            "mnist_deep_0",
            PRETRAINED["mnist_deep_0"]._replace(test_accuracy=0),
        )
        command = ["mnist_deep_0", "--output", str(tmp_path)]

        def train(folder, stop_after=None):
            monkeypatch.setattr(train_pretrained, "CHECKPOINTS", tmp_path / folder)
            calls, move = [], train_pretrained.move

            def counted(images, rng):
                if len(calls) == stop_after:
                    raise KeyboardInterrupt
                calls.append(images)
                return move(images, rng)

            with monkeypatch.context() as patch:
                patch.setattr(train_pretrained, "move", counted)
                train_pretrained.main(command)
            return len(calls), (tmp_path / "mnist_deep_0.npz").read_bytes()

        n_whole, whole = train("whole")
        with pytest.raises(KeyboardInterrupt):
            train("parts", stop_after=8)
        assert (tmp_path / "parts" / "mnist_deep_0.npz").exists()
        n_rest, in_parts = train("parts")
        assert (n_whole, n_rest) == (15, 10)
        assert in_parts == whole
        assert not list((tmp_path / "parts").iterdir())
        assert "validation accuracy 0." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["mnist"], "invalid choice: 'mnist'"),
            (["mnist_mlp", "--output", "/no/such/folder"], "expected a folder"),
        ],
    )
    def test_wrong_arguments(self, capsys, arguments, said):
        with pytest.raises(SystemExit) as error:
            train_pretrained.main(arguments)
        assert error.value.code == 2
        assert said in capsys.readouterr().err

    def test_a_broken_promise_is_an_error(self, tmp_path, monkeypatch, capsys):
        x, y = images_for_test("mnist_mlp")
        small = x[:200], y[:200], x[:200], y[:200]
        recipe = train_pretrained.RECIPES["mnist_mlp"]._replace(load_data=lambda: small)
        monkeypatch.setitem(train_pretrained.RECIPES, "mnist_mlp", recipe)
        monkeypatch.setattr(train_pretrained, "score", lambda *a: 0.5)
        assert train_pretrained.main(["mnist_mlp", "--output", str(tmp_path)]) == 1
        assert "expected a test accuracy of" in capsys.readouterr().out

    def test_choosing_never_looks_at_the_images_for_test(self, monkeypatch, capsys):
        x, y = images_for_test("mnist_mlp")
        nothing = np.full_like(x[:100], np.nan), y[:100]
        recipe = train_pretrained.RECIPES["mnist_mlp"]
        tried = recipe.tried[:1]
        recipe = recipe._replace(
            load_data=lambda: (x[:600], y[:600], *nothing),
            n_held_back=100,
            tried=tried,
            chosen=tried[0],
        )
        monkeypatch.setitem(train_pretrained.RECIPES, "mnist_mlp", recipe)
        assert train_pretrained.main(["mnist_mlp", "--choose"]) == 0
        text = capsys.readouterr().out
        assert "validation accuracy 0." in text
        assert "best: Settings(lr=" in text
