"""What the prose of chapter 04 says its explorers and its package show."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.exercises import grade
from dlbasics.explorers.descent import PLACES, descend, descent
from dlbasics.explorers.line import LEAST, WLIM, T, X, gradient, line_fit, loss
from dlbasics.gradcheck import numerical_gradient

RATES = descent.controls["lr"].values


def at(surface: str, start: str) -> dict[float, str]:
    return {
        lr: descent(surface=surface, lr=lr, start=start).description for lr in RATES
    }


def test_only_one_rate_reaches_the_goal():
    states = [s for s in descent.combinations() if descent(**s).reached]
    assert states == [{"surface": "ravine", "lr": 0.9, "start": "left"}]
    place = PLACES["ravine"]
    for lr, coordinate in ((0.8, 0), (0.95, 1)):  # the flat, the steep direction
        end = place.surface.value(descend(place.surface, place.starts["left"], lr)[-1])
        left = descend(place.surface, place.starts["left"], lr)[-1]
        parts = left[0] ** 2 / 20, left[1] ** 2
        assert end > 0.01
        assert np.argmax(parts) == coordinate


def test_a_round_bowl_needs_one_step_at_rate_one():
    said = at("bowl", "left")
    assert "below 0.01 since step 1." in said[1.0]
    assert "back and forth" in said[2.0]
    assert {lr for lr in RATES if "diverges" in said[lr]} == {2.1}


def test_the_limit_of_the_ravine_is_one():
    said = at("ravine", "left")
    assert {lr for lr in RATES if "diverges" in said[lr]} == {
        lr for lr in RATES if lr > 1
    }


def test_on_the_axis_the_ravine_is_harmless():
    said = at("ravine", "axis")
    assert not any("diverges" in text for text in said.values())
    ravine = PLACES["ravine"].surface
    ends = {lr: ravine.value(descend(ravine, (-7.0, 0.0), lr)[-1]) for lr in RATES}
    assert ends[2.1] == min(ends.values()) < ends[0.9]
    assert abs(descend(ravine, (-7.0, 0.0), 19.9)[-1][0]) < 7
    assert abs(descend(ravine, (-7.0, 0.0), 20.1)[-1][0]) > 7


def test_two_valleys_and_where_they_are_left():
    place = PLACES["valleys"]
    near = {lr: descend(place.surface, place.starts["across"], lr)[-1] for lr in RATES}
    assert all(near[lr][0] > 0.9 for lr in (0.3, 0.5, 0.7, 0.8, 0.9))
    assert "diverges" in descent(surface="valleys", lr=1.1, start="left").description
    assert (
        "diverges" not in descent(surface="valleys", lr=1.1, start="across").description
    )
    assert round(3 * 1.7**2 - 1, 1) == 7.7


@pytest.mark.parametrize("key", PLACES)
def test_surfaces_have_the_gradients_they_claim(key):
    surface, p = PLACES[key].surface, np.array([0.7, -1.2])
    measured = numerical_gradient(lambda: float(surface.value(p)), p)
    np.testing.assert_allclose(surface.gradient(p), measured, atol=1e-8)
    for minimum in PLACES[key].minima:
        np.testing.assert_allclose(surface.gradient(np.array(minimum)), 0)


def test_any_rate_of_a_live_kernel_is_drawn():
    for lr in (1e-9, 1.5e6, 1e300):
        assert descent(surface="valleys", lr=lr, start="left").description


def test_lines_that_meet_the_target():
    reached = {
        (s["w"], s["b"]) for s in line_fit.combinations() if line_fit(**s).reached
    }
    assert reached == {(2.0, 1.0), (1.75, 1.5)}
    assert not line_fit().reached


def test_too_high_an_intercept_wants_too_low_a_slope():
    w = np.linspace(*WLIM, 1301)
    best = w[np.argmin(loss(np.stack([w, np.full_like(w, 3.0)])))]
    assert best == pytest.approx(1.28, abs=0.03)


def test_the_line_has_the_gradient_it_claims():
    p = np.array([0.4, -1.0])
    measured = numerical_gradient(lambda: float(loss(p)), p)
    np.testing.assert_allclose(gradient(*p), measured, atol=1e-7)
    assert loss(p) > LEAST


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("04.1", [1.073, np.float32(1.0729), np.array(1.073), np.array([1.0729])]),
        ("04.2", [7820, 7820.0, np.int64(7820), np.array(7820)]),
        ("04.3", [0.125, 1 / 8, np.float32(0.125), np.array(0.125)]),
        (
            "04.4",
            [
                lambda y, t: list(np.tanh(y - t) / len(t)),
                lambda y, t: np.sinh(y - t) / np.cosh(y - t) / y.size,
                lambda y, t: (np.tanh(y - t) / len(y)).astype(np.float32),
            ],
        ),
        (
            "04.5",
            [
                lambda x: 2 / np.linalg.eigvals(
                    2 * np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]])
                ).max(),
                lambda x: np.array(1 / np.linalg.norm(np.c_[x, x**0], 2) ** 2 * len(x)),
            ],
        ),
        ("04.6", [0.02, 0.03, np.float32(0.05), np.array(0.03)]),
        (
            "04.7",
            [
                lambda f, x, h: f(x + 1j * h).imag / h,
                lambda f, x, h: float(np.imag(f(complex(x, h)) / h)),
                lambda f, x, h: np.array(np.imag(f(np.array([x + 1j * h]))) / h),
            ],
        ),
    ],
)  # fmt: skip
def test_right_answers_in_other_forms_pass(number, answers):
    for answer in answers:
        verdict = grade(number, answer)
        assert verdict.status == "correct", (number, verdict)


def test_the_best_slope_under_an_intercept_that_is_too_high():
    offered = line_fit.controls["w"].values
    assert min(offered, key=lambda w: loss(np.array([w, 3]))) == 1.5
    assert round(np.sum(X * (T - 3)) / np.sum(X * X), 2) == 1.29
