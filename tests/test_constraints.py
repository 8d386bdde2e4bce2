"""Max-norm, soft thresholding, and the optimizer that applies them."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.constraints import Constrained, MaxNorm, SoftThreshold
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD, Adam, Momentum
from dlbasics.schedules import Exponential
from dlbasics.training import train


def test_max_norm_by_hand():
    w = np.array([[3.0, 0.3, 0], [4.0, 0.4, 0]])
    MaxNorm(2.5)(w, 0.1)
    np.testing.assert_allclose(w, [[1.5, 0.3, 0], [2.0, 0.4, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_max_norm_is_a_projection(dtype):
    rng = np.random.default_rng(0)
    w = rng.standard_normal((3, 3, 2, 40)).astype(dtype)
    once = w.copy()
    MaxNorm(4)(once, 0.1)
    length = np.sqrt((once**2).sum(axis=(0, 1, 2)))
    before = np.sqrt((w**2).sum(axis=(0, 1, 2)))
    np.testing.assert_allclose(length, np.minimum(before, 4), rtol=1e-6)
    assert (before > 4).any()
    assert (before < 4).any()
    twice = once.copy()
    MaxNorm(4)(twice, 0.1)
    np.testing.assert_allclose(twice, once, rtol=1e-6)
    assert once.dtype == dtype


def test_soft_threshold_by_hand():
    w = np.array([[0.5, -0.5, 0.05, -0.05, 0.0]])
    SoftThreshold(2)(w, 0.1)
    np.testing.assert_allclose(w, [[0.3, -0.3, 0, 0, 0]])
    assert np.count_nonzero(w) == 2


def test_soft_threshold_minimizes_what_it_claims():
    """w is the minimum of (w - v)²/2 + η λ |w|, found on a grid."""
    v = np.linspace(-1, 1, 9)[None]
    w = v.copy()
    SoftThreshold(3)(w, 0.1)
    grid = np.linspace(-1, 1, 2001)[:, None]
    best = grid[np.argmin((grid - v) ** 2 / 2 + 0.3 * np.abs(grid), axis=0), 0]
    np.testing.assert_allclose(w[0], best, atol=1e-3)


def test_constrained_steps_first_and_leaves_biases_alone():
    params = {"W": np.array([[3.0], [4.0]]), "b": np.array([9.0])}
    grads = {"W": np.array([[-30.0], [-40.0]]), "b": np.array([10.0])}
    held = dict(params)
    Constrained(SGD(0.1), MaxNorm(5)).step(params, grads)
    np.testing.assert_allclose(params["W"], [[3], [4]])  # (6, 8), pulled back
    np.testing.assert_allclose(params["b"], [8])
    assert all(params[name] is array for name, array in held.items())


def test_constraints_are_applied_in_their_order():
    for order, expected in (
        ((MaxNorm(1), SoftThreshold(1)), 0.9),
        ((SoftThreshold(1), MaxNorm(1)), 1.0),
    ):
        params = {"W": np.array([[5.0]])}
        Constrained(SGD(0.1), *order).step(params, {"W": np.zeros((1, 1))})
        assert params["W"].item() == pytest.approx(expected)


def test_a_schedule_reaches_the_constraint_and_the_optimizer():
    params, grads = {"W": np.array([[1.0]])}, {"W": np.array([[0.0]])}
    seen = []
    optimizer = Constrained(SGD(Exponential(0.4, 0.5)), lambda w, lr: seen.append(lr))
    for _ in range(3):
        optimizer.step(params, grads)
    np.testing.assert_allclose(seen, [0.4, 0.2, 0.1])
    assert {type(lr) for lr in seen} == {float}
    assert optimizer.optimizer.t == optimizer.t == 3


@pytest.mark.parametrize("inner", [lambda: Adam(0.05), lambda: Momentum(0.05)])
def test_what_is_within_the_limit_feels_nothing(inner):
    def weights(optimizer):
        rng = np.random.default_rng(0)
        model = mlp([4, 6, 3], rng=rng)
        x, y = rng.standard_normal((30, 4)).astype(np.float32), np.arange(30) % 3
        how = {"epochs": 3, "batch_size": 10, "rng": rng}
        for _ in train(model, SoftmaxCrossEntropy(), optimizer, x, y, **how):
            pass
        return model.params

    free, limited = weights(inner()), weights(Constrained(inner(), MaxNorm(1e6)))
    for name, w in free.items():
        np.testing.assert_array_equal(limited[name], w)


def test_misuse():
    with pytest.raises(ValueError, match=r"^MaxNorm expected a limit > 0, got 0$"):
        MaxNorm(0)
    with pytest.raises(ValueError, match=r"^SoftThreshold expected a λ >= 0, got -1$"):
        SoftThreshold(-1)
    with pytest.raises(ValueError, match="at least one constraint, got none"):
        Constrained(SGD(0.1))


def test_a_threshold_of_zero_moves_nothing():
    w = np.array([[0.5, -0.25]])
    SoftThreshold(0)(w, 0.1)
    np.testing.assert_array_equal(w, [[0.5, -0.25]])
