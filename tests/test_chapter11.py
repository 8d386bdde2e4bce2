"""What the prose of chapter 11 says its explorers and its package show."""

from __future__ import annotations

import numpy as np
import pytest
import record_convnet_seeds

from dlbasics.datasets import load_mnist
from dlbasics.exercises import grade
from dlbasics.explorers.class_activation import class_activation, opinions
from dlbasics.explorers.convolution_window import (
    IMAGE,
    KERNELS,
    convolution_window,
    missed,
)
from dlbasics.explorers.feature_maps import PICTURES, activations, feature_maps
from dlbasics.explorers.filters_on_a_digit import KERNELS as MADE
from dlbasics.explorers.filters_on_a_digit import (
    apply,
    filters_on_a_digit,
    lean,
    picture,
)
from dlbasics.layers import Window
from dlbasics.pretrained import PRETRAINED, load_pretrained
from dlbasics.recorded import load_recorded
from dlbasics.training import accuracy, predict

# The window


def test_the_default_window_misses_the_target_and_the_prose_names_two_that_do_not():
    assert not convolution_window().reached
    wanted = {"side": 7, "stride": 2}
    assert convolution_window(size=3, padding="same", **wanted).reached
    assert convolution_window(size=5, padding=2, **wanted).reached
    for state in convolution_window.combinations():
        if state["size"] == 1 and state["stride"] == 2:  # jumps over pixels
            assert not convolution_window(**state).reached


def test_a_stride_that_does_not_fit_says_why():
    said = convolution_window(side=6, size=3, stride=2, padding="valid").description
    assert "(6 − 3)/2 + 1 = 2.5, so 2 × 2" in said
    assert "one more step lacks 1 pixel, so no window sees 1 row and 1 column" in said
    said = convolution_window(side=6, size=1, stride=3, padding="valid").description
    assert "no window sees 2 rows and 2 columns" in said
    said = convolution_window(side=6, size=5, stride=2, padding=2).description
    assert "what no window sees is only border" in said


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", 1, 2])
@pytest.mark.parametrize("size", KERNELS)
def test_missed_lines_are_those_that_windows_leave(size, padding, stride):
    for side in (6, 7):
        window = Window((size, size), stride, padding)
        whole = side + sum(window.borders((1, side, side, 1))[0])
        seen = {
            start + i
            for start in range(0, whole - size + 1, stride)
            for i in range(size)
        }
        assert missed(window, side) == whole - 1 - max(seen)


def test_the_window_shows_the_number_it_makes():
    frame = convolution_window(side=7, size=2, stride=1, place="beside")
    made = (IMAGE[:2, 1:3] * KERNELS[2]).sum()
    assert f"The window here makes {made};".replace("-", "−") in frame.description


def test_at_a_stride_of_3_a_window_of_2_jumps():
    for side, padding in ((7, 2), (7, 1)):
        frame = convolution_window(side=side, size=2, stride=3, padding=padding)
        assert "jumps" in frame.description or "fit" in frame.description
    assert (
        "jumps" in convolution_window(side=7, size=2, stride=3, padding=2).description
    )


# Kernels


def test_only_one_kernel_with_relu_reaches_the_target():
    reached = [
        (s["kernel"], s["relu"], s["digit"])
        for s in filters_on_a_digit.combinations()
        if filters_on_a_digit(**s).reached
    ]
    assert reached == [("top", True, "7")]
    assert not filters_on_a_digit().reached


def test_without_relu_the_leg_answers_more_than_half_as_strongly():
    y = apply(MADE["top"], picture("7"))
    assert lean(y) < 2 < lean(np.maximum(y, 0))


def test_the_outline_kernel_is_silent_on_even_ink():
    assert MADE["outline"].sum() == 0
    even = np.ones((28, 28), np.float32)
    assert np.abs(apply(MADE["outline"], even)[1:-1, 1:-1]).max() == 0


def test_the_wide_strokes_of_the_0_have_an_inside_and_the_7_has_none():
    paper = np.pad(np.ones((26, 26), bool), 1)
    for digit, least, most in (("0", 5, 28 * 28), ("7", 0, 0)):
        ink = picture(digit) > 0.95
        views = np.lib.stride_tricks.sliding_window_view(ink, (3, 3))
        inside = np.pad(views.all(axis=(2, 3)), 1) & paper
        assert least <= inside.sum() <= most
        assert np.abs(apply(MADE["outline"], picture(digit))[inside] < 0.5).all()


def test_the_shift_kernel_moves_to_the_right():
    x = picture("4")
    np.testing.assert_array_equal(apply(MADE["shift"], x)[:, 1:], x[:, :-1])


# Feature maps


def test_only_the_fourth_layer_reaches_the_target():
    for state in feature_maps.combinations():
        assert feature_maps(**state).reached == (state["layer"] == "relu2")


def test_the_fifth_layer_is_half_empty_and_one_map_of_the_1_is_empty():
    shares = [np.mean(activations(d)["relu3"] == 0) for d in PICTURES]
    assert 0.4 < min(shares) < np.mean(shares) < 0.6
    empty = {
        d: int((activations(d)["relu2"].max(axis=(0, 1)) == 0).sum()) for d in PICTURES
    }
    assert empty == {"0": 0, "1": 1, "4": 0, "7": 0, "8": 0}


# Evidence


def test_the_target_is_reached_by_the_two_errors_only():
    reached = [
        (s["picture"], s["k"])
        for s in class_activation.combinations()
        if class_activation(**s).reached
    ]
    assert reached == [("another 7", 2), ("another 9", 4)]
    assert not class_activation().reached
    assert "3" in class_activation(picture="3", k=5).description


def test_the_errors_shown_are_the_surest_of_their_digit():
    mnist = load_mnist(n_train=0, n_test=2000, flat=False)
    outputs = predict(load_pretrained("mnist_gap"), mnist.x_test)
    outputs = outputs - outputs.max(axis=1, keepdims=True)
    p = np.exp(outputs).max(axis=1) / np.exp(outputs).sum(axis=1)
    wrong = outputs.argmax(axis=1) != mnist.y_test
    for digit, place in ((7, 1226), (9, 359)):
        mine = np.where(wrong & (mnist.y_test == digit), p, 0)
        assert mine.argmax() == place
    assert accuracy(outputs, mnist.y_test) > 0.985


@pytest.mark.parametrize("name", ["mnist_convnet", "mnist_gap"])
def test_shipped_networks_are_as_good_as_stated_and_as_the_prose_says(name):
    mnist = load_mnist(n_train=0, flat=False)
    reached = accuracy(predict(load_pretrained(name), mnist.x_test), mnist.y_test)
    assert reached == pytest.approx(PRETRAINED[name].test_accuracy, abs=3e-4)
    assert reached > 0.989


@pytest.mark.parametrize("name", ["7", "4", "another 9"])
def test_the_mean_of_the_evidence_and_the_bias_are_the_logits(name):
    _, maps, logits = opinions(name)
    bias = load_pretrained("mnist_gap").params["dense1.b"]
    np.testing.assert_allclose(maps.mean(axis=(0, 1)) + bias, logits, atol=1e-3)


def test_what_speaks_against_1_and_9_in_the_7():
    maps = opinions("7")[1]
    bar, leg = np.s_[3:6], np.s_[7:13]
    assert maps[bar, 3:11, 1].mean() < -5
    assert maps[leg, 5:9, 1].mean() > 5
    left, right = maps[3:6, 2:6, 9].mean(), maps[3:6, 7:10, 9].mean()
    assert left < -4
    assert left < right


# Recorded


def test_the_recorded_script_runs_and_writes_only_where_it_is_told(tmp_path, capsys):
    assert record_convnet_seeds.main(["--quick", "--output", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    with np.load(path, allow_pickle=False) as stored:
        assert stored["convolution"].shape == stored["dense"].shape == (5,)
        assert stored["convolution"].min() > 150  # of 500
        assert stored["moved_flat"].shape == stored["moved_mean"].shape == (3, 9)
    assert "wrote" in capsys.readouterr().out


def test_the_recording_holds_numbers_of_test_images():
    seeds = load_recorded("convnet_seeds")
    assert {*seeds} == {"convolution", "dense", "moved_flat", "moved_mean"}
    for end in ("moved_flat", "moved_mean"):
        right = seeds.pop(end)
        assert right.shape == (3, 9)
        assert (right <= 1000).all()
        assert (right[:, 0] > 900).all()
    for right in seeds.values():
        assert right.shape == (5,)
        assert (right > 9000).all()
        assert (right <= 10_000).all()


# Exercises


def columns(w, n):
    return np.array([[w[i - r] if 0 <= i - r < len(w) else 0.0
                      for r in range(n - len(w) + 1)] for i in range(n)])  # fmt: skip


def looping(model, image, k, size):
    rows = image.shape[0] - size + 1
    out = np.zeros((rows, image.shape[1] - size + 1, 1))
    before = model.forward(image[None])[0]
    for r in range(rows):
        for c in range(out.shape[1]):
            mask = np.ones_like(image)
            mask[r : r + size, c : c + size] = 0
            out[r, c] = before[k] - model.forward((image * mask)[None])[0, k]
    return out


def from_the_top(windows):
    """Count back from one unit: (n - 1) s + m pixels are under n neighbors."""
    n = 1
    for size, stride in reversed(windows):
        n = (n - 1) * stride + size
    return np.int64(n)


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("11.1", [(5, 21002), [5.0, 21002.0], np.array([5, 21002])]),
        ("11.2", [[[0, 0, 1], [0, 0, 0], [0, 0, 0]], np.eye(9)[2].reshape(3, 3)]),
        ("11.3", [from_the_top, lambda windows: [int(from_the_top(windows))]]),
        ("11.4", [[3, 6, -2, 2, -1, 0], np.array([[3.0, 6, -2, 2, -1, 0]])]),
        ("11.5", [columns, lambda w, n: columns(w, n).tolist()]),
        ("11.6", [6, 6.0, np.int64(6)]),
        ("11.7", [looping, lambda *a: looping(*a)[..., 0].tolist()]),
    ],
)
def test_right_answers_in_other_forms_pass(number, answers):
    for answer in answers:
        verdict = grade(number, answer)
        assert verdict.status == "correct", (number, verdict)
