"""What the prose of chapter 12 says its explorer and its package show."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from dlbasics import ablation, transfer
from dlbasics.datasets import draw_lines, like_mnist
from dlbasics.datasets.drawing import PEN
from dlbasics.exercises import grade
from dlbasics.exercises.chapter12 import right_after_training
from dlbasics.explorers import depth
from dlbasics.functions import softmax
from dlbasics.gradcheck import check_layer
from dlbasics.pretrained import load_pretrained

ROWS = np.random.default_rng(0).random((6, 14, 14, 1), dtype=np.float32)


# The explorer


def reached(depth_, block, lr) -> bool:
    return depth.depth_and_shortcuts(depth=depth_, block=block, lr=lr).reached


def test_the_default_does_not_reach_the_target_and_a_shortcut_from_zero_does():
    assert not depth.depth_and_shortcuts().reached
    assert reached(32, depth.FROM_ZERO, 0.03)
    assert not reached(16, depth.FROM_ZERO, 0.03), "the target is 32 blocks"


@pytest.mark.parametrize("lr", [0.01, 0.03, 0.1])
@pytest.mark.parametrize("block", [depth.PLAIN, depth.SHORTCUT])
def test_neither_plain_blocks_nor_shortcuts_after_he_reach_it(block, lr):
    frame = depth.depth_and_shortcuts(depth=32, block=block, lr=lr)
    assert not frame.reached
    lost = "overflow" in frame.description
    assert lost or int(re.search(r"(\d+)% of new", frame.description)[1]) < 35


def right(**state) -> float:
    text = depth.depth_and_shortcuts(**state).description
    return int(re.search(r"(\d+)% of new images", text)[1])


def test_what_the_reader_should_have_found():
    plain = {"block": depth.PLAIN, "lr": 0.1}
    assert right(depth=8, **plain) > 55
    assert right(depth=16, **plain) < 45
    for lr in (0.01, 0.03, 0.1):
        assert right(depth=32, block=depth.NORMALIZED, lr=lr) < 33
    zero = {"depth": 32, "block": depth.FROM_ZERO}
    assert 60 < right(lr=0.01, **zero) < 80
    assert right(lr=0.1, **zero) < 80


def test_batch_normalization_makes_gradients_explode():
    x, y = depth.small_digits(100)
    rng = np.random.default_rng(0)
    sizes = depth.gradient_sizes(depth.deep_network(32, depth.NORMALIZED, rng), x, y)
    assert sizes[0] > 1000 * sizes[-1]


def test_blocks_from_zero_are_the_identity():
    x, y = depth.small_digits(50)
    rng = np.random.default_rng(0)
    sizes = depth.gradient_sizes(depth.deep_network(8, depth.FROM_ZERO, rng), x, y)
    assert len(sizes) == 9
    np.testing.assert_allclose(sizes, sizes[0], rtol=1e-5)


def test_images_are_halved_by_means():
    x, y = depth.small_digits(3)
    assert x.shape == (3, 196)
    assert x.dtype == np.float64
    np.testing.assert_array_equal(y, [5, 0, 4])


# The page to draw on

HOUSE = [(70, 230), (70, 130), (140, 60), (210, 130), (210, 230), (70, 230)]
WIDE_A = [[(60, 230), (140, 50), (220, 230)], [(95, 160), (185, 160)]]
T = [[(70, 60), (210, 60)], [(140, 60), (140, 230)]]


@pytest.mark.parametrize("width", [14, PEN, 30])
@pytest.mark.parametrize(
    ("lines", "digit"),
    [([HOUSE], 0), (WIDE_A, 4), (T, 7), ([[(140, 140)]], 0)],
    ids=["house", "A", "T", "dot"],
)
def test_what_is_no_digit_is_called_one_without_a_doubt(lines, digit, width):
    image = like_mnist(draw_lines(lines, width=width)).astype(np.float32)
    scores = load_pretrained("mnist_deep_0").forward(image[None, ..., None])
    assert softmax(scores)[0, digit] > 0.99


# The ladder


@pytest.mark.parametrize("name", ablation.RUNGS)
def test_every_rung_answers_with_probabilities(name):
    model = ablation.build(ablation.RUNGS[name], np.random.default_rng(0))
    answers = ablation.answers(model, ROWS)
    assert answers.shape == (6, 10)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)


def test_rungs_differ_in_one_thing():
    rungs = list(ablation.RUNGS.values())[2:6]
    for one, two in pairwise(rungs):
        different = {k for k, v in one._asdict().items() if v != two._asdict()[k]}
        assert len(different - {"lr"}) == 1


def test_large_windows_have_about_as_many_weights_and_separable_ones_a_sixth():
    def weights(name: str) -> int:
        net = ablation.build(ablation.RUNGS[name], np.random.default_rng(0))
        return sum(w.size for key, w in net.params.items() if "conv" in key)

    pairs = weights("+ batch norm")
    assert 0.85 < weights("5 × 5") / pairs < 1
    assert 1 / 7 < weights("separable") / pairs < 1 / 5.5


# Transfer


def test_the_parts_of_a_task_do_not_overlap():
    task = transfer.task((3, 8), n=500, n_new=300)
    assert task.x.shape == (500, 14, 14, 1)
    assert set(task.y) == set(task.y_new) == {0, 1}
    seen = {image.tobytes() for image in task.x}
    assert not seen & {image.tobytes() for image in task.x_new}


def test_frozen_trunks_stay_as_they_are():
    new = transfer.task(transfer.NEW, n=100, n_new=50)
    body = transfer.trunk(np.random.default_rng(0))
    before = {k: w.copy() for k, w in (body.params | body.buffers).items()}
    for way in (transfer.frozen, transfer.whole):
        way(body, new, 10, 0)
        for name, array in (body.params | body.buffers).items():
            np.testing.assert_array_equal(array, before[name])


def test_the_blocks_of_the_explorer_have_right_gradients():
    block = depth.Residual(
        depth.Sequential(
            [depth.ReLU(), depth.Dense(4, 4, rng=np.random.default_rng(1), dtype=float)]
        )
    )
    check_layer(block, np.random.default_rng(2).standard_normal((5, 4)))


# Exercises


def iou_by_area(a, b):
    """Another right way: with lists and Python's numbers."""
    h = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    w = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return [h * w / (both - h * w)]


def two_passes(parts):
    n = sum(map(len, parts))
    mean = sum(x.sum(0) for x in parts) / n
    return [mean, sum(((x - mean) ** 2).sum(0) for x in parts) / n]


def halving(g):
    scale = 2**60
    while float(np.abs(g).max()) * scale > 65504:
        scale /= 2
    return scale


def descending(g):
    """Another right way for all sizes: from far above, on Python's numbers."""
    largest = max(abs(float(value)) for value in g)
    return next(2.0**k for k in range(60, -60, -1) if 2.0**k * largest <= 65504)


@pytest.mark.parametrize("g", [0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_from_half_of_he_on_less_than_three_quarters_are_right(g):
    share = right_after_training(g)
    assert share < (0.73 if g == 0.5 else 0.3)


def test_the_last_that_does_it_is_not_a_matter_of_rounding():
    assert right_after_training(0.4) > 0.76


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("12.1", [51200.0, 2848.0]),
        ("12.1", np.array([51200, 2848])),
        ("12.2", 175),
        ("12.3", iou_by_area),
        ("12.4", 0.21),
        ("12.4", np.float32(0.2105)),
        ("12.5", two_passes),
        ("12.6", 0.4),
        ("12.6", np.float32(0.4)),
        ("12.7", halving),
        ("12.7", descending),
    ],
)
def test_other_right_answers_are_accepted(number, answer):
    verdict = grade(number, answer)
    assert verdict.status == "correct", verdict
