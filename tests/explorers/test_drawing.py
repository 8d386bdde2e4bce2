"""Explorers on which readers draw: what is baked, stored and shown by a kernel."""

import base64
import gzip
import json
import re
import sys
from functools import partial
from pathlib import Path

import ipywidgets
import numpy as np
import pytest

from dlbasics.datasets import load_mnist
from dlbasics.datasets.drawing import draw_lines, like_mnist
from dlbasics.explorers import _baked, all_explorers
from dlbasics.explorers._bake import draw_one
from dlbasics.explorers._canvas import FILES, STYLE
from dlbasics.explorers._drawing import describe, describe_layer, fold, packed
from dlbasics.explorers._show import MIME, bundle_of
from dlbasics.explorers.drawing import PLACES, draw_a_digit
from dlbasics.functions import softmax
from dlbasics.layers import BatchNorm, Conv2D, Dense, Layer, MaxPool2D, Sigmoid
from dlbasics.models import Sequential
from dlbasics.pretrained import load_pretrained

NETWORK = partial(load_pretrained, "mnist_deep_0")


class ScaleAndShift(Layer):
    """Batch normalization as the page has it."""

    def __init__(self, layer):
        super().__init__()
        self.scale, self.shift = fold(layer)

    def forward(self, x, *, training=False):
        return x * self.scale + self.shift

    def backward(self, dy):
        return dy * self.scale


def values(described):
    kind = {"float16": "<f2", "float32": "<f4"}[described["type"]]
    array = np.frombuffer(base64.b64decode(described["data"]), kind)
    return array.reshape(described["shape"]).astype(np.float32)


def test_folding_changes_no_probability():
    network = NETWORK()
    folded = Sequential(
        {
            name: ScaleAndShift(layer) if isinstance(layer, BatchNorm) else layer
            for name, layer in network.layers.items()
        }
    )
    x = load_mnist(n_train=0, n_test=200, flat=False).x_test
    noise = np.random.default_rng(0).random((40, 28, 28, 1), dtype=np.float32)
    x = np.concatenate([x, noise])
    p, q = (softmax(model.forward(x)) for model in (network, folded))
    assert abs(p - q).max() <= 1e-6


def test_the_page_gets_every_layer_and_every_weight():
    network = NETWORK()
    layers = describe(network)
    kinds = [type(layer).__name__.lower() for layer in network.layers.values()]
    assert [layer["kind"] for layer in layers] == [k for k in kinds if k != "dropout"]
    weights = (v for layer in layers for k, v in layer.items() if k in ("W", "b"))
    stored = [w for name, w in network.params.items() if name[-1] in "Wb"]
    for mine, theirs in zip(weights, stored, strict=True):
        np.testing.assert_array_equal(values(mine), theirs)


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (np.array([0.5, -3, 2**-24, 0, 65504], np.float32), "float16"),
        (np.array([0.1], np.float32), "float32"),
        (np.array([1e6], np.float32), "float32"),
    ],
)
def test_packing_loses_nothing(array, kind):
    described = packed(array)
    assert described["type"] == kind
    np.testing.assert_array_equal(values(described), array)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "layer",
    [
        Sigmoid(),
        Conv2D(1, 2, 3, rng=RNG),
        Conv2D(1, 2, 3, padding="same", stride=2, rng=RNG),
        MaxPool2D(3, stride=2),
    ],
    ids=repr,
)
def test_a_layer_that_the_page_cannot_compute_is_refused(layer):
    message = f"layer2: the page has no layer that computes {layer!r}"
    model = Sequential({"layer1": Dense(2, 2, rng=RNG), "layer2": layer})
    with pytest.raises(TypeError, match=re.escape(message)):
        describe(model)


def test_a_window_of_even_size_is_refused():
    with pytest.raises(TypeError, match="no layer that computes"):
        describe_layer(Conv2D(1, 2, 2, padding="same", rng=RNG))


def test_the_images_are_recognized_and_are_what_they_are_called():
    labels = load_mnist(n_train=0, n_test=max(PLACES.values()) + 1).y_test
    assert sorted(PLACES) == list("0123456789")
    for digit, place in PLACES.items():
        assert labels[place] == int(digit)
        frame = draw_a_digit(digit=digit)
        assert f"the network says {digit} with" in frame.description
        assert frame.reached is False


@pytest.fixture(scope="module")
def baked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("baked")
    frames = [draw_one(draw_a_digit, s) for s in draw_a_digit.combinations()]
    return folder, _baked.write(folder, draw_a_digit, "key", frames)


def test_the_baked_file_is_small_and_holds_frames_and_network(baked):
    folder, manifest = baked
    assert manifest["kind"] == "drawing"
    assert manifest["bytes"] <= 400_000
    assert len(_baked.read_frames(folder, manifest)) == len(PLACES)


def test_its_page_is_well_formed_and_stands_twice(baked):
    pytest.importorskip("sphinx")
    sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
    from dlb_explorers.page import Start, figure_html

    folder, manifest = baked
    starts = {"a": {}, "a-2": {"digit": "4"}}
    html = "".join(
        figure_html(folder, manifest, Start.of(manifest, tokens), key)
        for key, tokens in starts.items()
    )
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    refers = re.findall(r' aria-(?:labelledby|describedby)="([^"]+)"', html)
    assert set(refers) <= set(ids)
    assert not re.search(r"<[^>]* (style|on\w+)=|<script|<style|javascript:", html)
    assert "A 4 of the test images: the network says 4 with" in html
    assert html.count("<div") == html.count("</div>")


def test_a_notebook_stores_a_reference_and_a_picture():
    bundle, metadata = bundle_of(draw_a_digit, {})
    assert bundle[MIME] == {"explorer": "draw_a_digit", "state": {"digit": "7"}}
    assert bundle["text/plain"].endswith("(explorer draw_a_digit)")
    assert "text/html" not in bundle
    assert len(json.dumps(bundle)) < 40_000
    assert metadata["image/png"]["alt"].startswith("A 7 of the test images")


def test_a_kernel_shows_the_page_with_all_that_it_needs():
    bundle, _ = bundle_of(draw_a_digit, {"digit": "4"})
    model_id = bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    box = ipywidgets.widget_serialization["from_json"](f"IPY_MODEL_{model_id}", None)
    ((output,),) = (inner.outputs for inner in box.children)
    html = output["data"]["text/html"]
    assert "&quot;start&quot;: &quot;4&quot;" in html
    packed_text = re.search(r'\["draw_a_digit"\] = "([^"]+)"', html)[1]
    content = json.loads(gzip.decompress(base64.b64decode(packed_text)))
    assert content.keys() == {"network", "images"}
    loaded = re.findall(r'(?:src|href)="(?!#|data:)[^"]*', html)
    assert loaded == []
    assert html.count("</script") == 1, "a script would end too soon"


def test_it_is_in_the_list_of_all():
    assert all_explorers()["draw_a_digit"] is draw_a_digit


def test_its_style_touches_no_other_explorer():
    """Both stand in one style sheet, and in a notebook on one page."""
    style = re.sub(r"/\*.*?\*/", "", (FILES / STYLE).read_text("utf-8"), flags=re.S)
    ours = "drawing|desk|draw|seen|says|samples|keys|hint|sheet|paper|image|tools|bars"
    selectors = re.findall(r"(?:^|[{};])\s*([^@{};]+)\{", style)
    assert len(selectors) > 30
    for selector in ",".join(selectors).split(","):
        assert re.search(rf"\.dlb-({ours})\b", selector), selector


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([[(70, 220), (70, 120), (140, 60), (210, 120), (210, 220), (70, 220)]], 0),
        ([[(70, 220), (140, 50), (210, 220)], [(100, 150), (180, 150)]], 4),
        ([[(60, 60), (220, 60)], [(140, 60), (140, 220)]], 7),
        ([[(140, 140)]], 0),
    ],
    ids=["house", "letter A", "letter T", "dot"],
)
def test_what_is_no_digit_is_called_one_with_certainty(lines, says):
    """As chapter 12 says."""
    image = like_mnist(draw_lines(lines))[None, ..., None]
    p = softmax(load_pretrained("mnist_deep_0").forward(image))[0]
    assert p.argmax() == says
    assert p.max() > 0.99
