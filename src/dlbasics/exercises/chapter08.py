"""Checks for chapter 08, batch normalization."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_array,
    expect_number,
    expect_numbers,
    need_function,
)
from dlbasics.gradcheck import numerical_gradient
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD
from dlbasics.training import accuracy, predict, train

ROOT3 = 3**0.5
NORMALIZED = np.array([-1, -1, -1, 3]) / ROOT3


def alone(answer):
    """Take the number out of a list that holds nothing else."""
    return answer[0] if isinstance(answer, list) and len(answer) == 1 else answer


@exercise(
    "08.1",
    wrong=[
        NORMALIZED,
        2 * NORMALIZED,
        2 * np.array([-1, -1, -1, 3]) / 3 + 1,
        [0, 0, 0, 4],
        1.0,
        "-0.15",
    ],
)
def by_hand(answer: Sequence[float]) -> str:
    found, right = expect_numbers(answer, 4, "four numbers"), 2 * NORMALIZED + 1
    centered = np.array([-1, -1, -1, 3])
    hints = [
        (NORMALIZED, "that is x̂; γ and β come after it"),
        (2 * NORMALIZED, "the shift β = 1 is missing"),
        (2 * centered / 3 + 1, "3 is the variance; divide by its square root"),
        (centered + 1, "the variance of a batch divides by n, not by n − 1"),
        (centered, "the mean is gone, now divide by the standard deviation"),
        (NORMALIZED + 1, "the scale γ = 2 is missing"),
        (2 * (NORMALIZED + 1), "scale first, then shift: γ x̂ + β"),
    ]
    for wrong, hint in hints:
        if np.allclose(found, wrong, atol=0.01):
            raise Wrong(hint)
    expect_array(found, right, atol=0.01)
    return "x̂ is −0.58 three times and 1.73, then times 2, plus 1"


@exercise("08.2", wrong=[44, 458, 458.21, 66, 0.366, 460, "459"])
def forgetting(answer: float) -> str:
    whole = "that solves the equation; the answer is a whole number of batches"
    hints = {
        44: "that is the number for a decay of 0.9",
        458.2: whole,
        458.21: whole,
        458.211: whole,
        458: "0.99 to the power of 458 is 0.01002, still a little above",
        66: "that is where a half is left; 1 % is asked for",
        460: "one batch less is enough",
    }
    expect_number(alone(answer), 459, rtol=1e-6, hints=hints)
    return "log 0.01 / log 0.99 = 458.2, so the 459th batch"


@exercise("08.3", wrong=[1.25, 1.0, 0.8, 0.444, 6.25, 5.25])
def variance_shift(answer: float) -> str:
    hints = {
        1.25: "E[h²] grows by 1/(1 − p), but the variance is E[h²] − (E h)²",
        6.25: "that is E[h²] in training; subtract the square of the mean",
        0.444: "the other way round: training divided by inference",
        0.8: "that is the share kept; what does it do to E[h²]?",
    }
    expect_number(alone(answer), 2.25, rtol=0.01, hints=hints)
    return "(5/0.8 − 4) / 1"


def normalize(x: Array, gamma, beta, eps: float, axes) -> Array:
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def upright(v: Array) -> Array:
    return np.asarray(v)[:, None, None]


def cut_anew(x: Array, gamma, beta, eps: float) -> Array:
    """Make the slip of reshaping where axes should be swapped."""
    rows = x.reshape(-1, x.shape[1])
    return normalize(rows, gamma, beta, eps, 0).reshape(x.shape)


@exercise(
    "08.4",
    wrong=[
        3,
        lambda x, gamma, beta, eps: x,
        lambda x, gamma, beta, eps: normalize(x, upright(gamma), upright(beta), eps, 0),
        lambda x, gamma, beta, eps: normalize(
            x, upright(gamma), upright(beta), eps, (2, 3)
        ),
        lambda x, gamma, beta, eps: normalize(
            x, upright(gamma), upright(beta), eps, (1, 2, 3)
        ),
        lambda x, gamma, beta, eps: normalize(x, 1, 0, eps, (0, 2, 3)),
        lambda x, gamma, beta, eps: (
            upright(gamma)
            * (x - x.mean((0, 2, 3), keepdims=True))
            / (x.var((0, 2, 3), keepdims=True) + eps)
            + upright(beta)
        ),
        lambda x, gamma, beta, eps: normalize(
            x, upright(gamma), upright(beta), 0, (0, 2, 3)
        ),
        lambda x, gamma, beta, eps: cut_anew(x, gamma, beta, eps),
    ],
)
def features_first(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    x = rng.normal(2, 3, (6, 3, 4, 5)) * np.array([1, 2, 5])[:, None, None]
    gamma, beta, eps = np.array([0.5, 2, 3]), np.array([1.0, -1, 4]), 0.1
    right = normalize(x, upright(gamma), upright(beta), eps, (0, 2, 3))
    found = answer(x.copy(), gamma.copy(), beta.copy(), eps)
    if np.shape(found) != x.shape:
        raise Wrong(f"expected the shape {x.shape} of x, got {np.shape(found)}")
    slips = {
        0: "you took statistics over the samples only, so for each pixel by itself",
        (2, 3): "you took statistics for each image by itself",
        (1, 2, 3): "you mixed the channels: axis 1 must not be summed over",
    }
    for axes, hint in slips.items():
        if np.allclose(found, normalize(x, upright(gamma), upright(beta), eps, axes)):
            raise Wrong(hint)
    if np.allclose(found, normalize(x, 1, 0, eps, (0, 2, 3))):
        raise Wrong("γ and β are missing")
    if np.allclose(found, cut_anew(x, gamma, beta, eps)):
        raise Wrong("reshape keeps the order of the numbers; transpose swaps axes")
    var, n = x.var((0, 2, 3), keepdims=True), x.size / x.shape[1]
    divisors = [
        (np.sqrt(var) + eps, "ε belongs under the root: √(σ² + ε)"),
        (np.sqrt(var), "ε is missing"),
        (var + eps, "divide by the square root of the variance"),
        (np.sqrt(var * n / (n - 1) + eps), "divide the variance by n, not n − 1"),
    ]
    for divisor, hint in divisors:
        x_hat = (x - x.mean((0, 2, 3), keepdims=True)) / divisor
        if np.allclose(found, upright(gamma) * x_hat + upright(beta)):
            raise Wrong(hint)
    expect_array(found, right)
    return "statistics over the axes 0, 2 and 3"


def folded(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


@exercise(
    "08.5",
    wrong=[
        1,
        lambda W, b, gamma, beta, mean, var, eps: (W, b),
        lambda W, b, gamma, beta, mean, var, eps: W * gamma,
        lambda W, b, gamma, beta, mean, var, eps: (
            W * gamma / (var + eps),
            (b - mean) * gamma / (var + eps) + beta,
        ),
        lambda W, b, gamma, beta, mean, var, eps: (
            W * gamma / np.sqrt(var + eps),
            b * gamma / np.sqrt(var + eps) + beta,
        ),
        lambda W, b, gamma, beta, mean, var, eps: (
            W * gamma / np.sqrt(var + eps),
            beta - mean * gamma / np.sqrt(var + eps),
        ),
    ],
)
def fold(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    W, b, beta, mean = (rng.normal(1, 1, s) for s in ((5, 4), 4, 4, 4))
    gamma, var, eps, x = rng.uniform(0.5, 2, 4), rng.uniform(1, 9, 4), 0.1, np.eye(5)
    arrays = [a.copy() for a in (W, b, gamma, beta, mean, var)]
    found = answer(*arrays, eps)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise Wrong("return two arrays, the new W and the new b")
    for name, mine, old in zip(("W", "b"), found, (W, b), strict=True):
        if np.shape(mine) != old.shape:
            raise Wrong(f"the new {name} should have the shape {old.shape} of the old")
    right_W, right_b = folded(W, b, gamma, beta, mean, var, eps)
    if not np.allclose(found[0], right_W):
        raise Wrong("W is wrong: each column is multiplied by γ / √(var + ε)")
    if not np.allclose(x @ found[0] + found[1], x @ right_W + right_b):
        raise Wrong("W is right; b has to take up the old b, the mean and β")
    return "one dense layer does the work of both"


@cache
def final_accuracy(lr: float) -> float:
    """Train the network of the sweep with σ = 0.54 and batch normalization."""
    mnist = load_mnist(n_train=1000, n_test=0)
    x, y = mnist.x_train, mnist.y_train
    weights, order = np.random.default_rng(0).spawn(2)
    sizes, sigma = [784, *[100] * 5, 10], np.logspace(0, -4, 16)[1]
    model = mlp(sizes, init=sigma, batch_norm=True, rng=weights)
    how = {"epochs": 20, "batch_size": 100, "rng": order}
    try:
        for _ in train(model, SoftmaxCrossEntropy(), SGD(lr), x, y, **how):
            pass
    except FloatingPointError:
        return 0.0
    return accuracy(predict(model, x), y)


@exercise("08.6", wrong=[0.01, 0.02, 100.0, -0.1, "large", "0.3"])
def a_rate_for_large_weights(answer: float) -> str:
    if isinstance(answer, str):
        raise Wrong("expected a number, got str")
    (lr,) = expect_numbers(answer, 1, "one number")
    if not 0 < lr < np.inf:
        raise Wrong("expected a rate above 0")
    reached = final_accuracy(float(lr))
    if reached < 0.95:
        raise Wrong(f"at the rate {lr:g} it ends at {reached:.0%}")
    return "a larger rate makes up for the larger weights"


def layer_norm_slope(dy, x, gamma, eps, *, inside=True, axis=-1, through=True):
    """The right gradient, or one with a slip."""
    mean, var = x.mean(axis, keepdims=True), x.var(axis, keepdims=True)
    s = np.sqrt(var + eps)
    x_hat, d = (x - mean) / s, dy * gamma if inside else dy
    if not through:
        return d / s
    d = d - d.mean(axis, keepdims=True) - x_hat * (d * x_hat).mean(axis, keepdims=True)
    return d / s if inside else gamma * d / s


@exercise(
    "08.7",
    wrong=[
        0,
        lambda dy, x, gamma, eps: layer_norm_slope(dy, x, gamma, eps, inside=False),
        lambda dy, x, gamma, eps: layer_norm_slope(dy, x, gamma, eps, axis=0),
        lambda dy, x, gamma, eps: layer_norm_slope(dy, x, gamma, eps, through=False),
        lambda dy, x, gamma, eps: layer_norm_slope(dy, x, gamma, eps)[0],
        lambda dy, x, gamma, eps: layer_norm_slope(dy, x, 1, eps),
        lambda dy, x, gamma, eps: layer_norm_slope(dy, x, gamma, 0),
    ],
)
def layer_norm_backward(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    x, dy, eps = rng.normal(1, 2, (5, 7)), rng.standard_normal((5, 7)), 0.01
    gamma = rng.uniform(0.5, 2, 7)
    found = answer(dy.copy(), x.copy(), gamma.copy(), eps)

    def value() -> float:
        mean, var = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return float(np.sum(dy * gamma * (x - mean) / np.sqrt(var + eps)))

    right = numerical_gradient(value, x)
    if np.shape(found) != x.shape:
        raise Wrong(f"expected the shape {x.shape} of x, got {np.shape(found)}")
    slips = [
        ({"inside": False}, "γ differs from feature to feature, and the sums now run "
         "over features: multiply dy by γ before you sum"),
        ({"axis": 0}, "that is batch normalization: sum over the features of a sample"),
        ({"through": False}, "mean and variance depend on x too"),
        ({"gamma": 1}, "γ is missing: y = γ x̂ + β, so dx̂ = γ dy"),
        ({"eps": 0}, "ε is missing: divide by √(σ² + ε)"),
    ]  # fmt: skip
    for slip, hint in slips:
        how = {"gamma": gamma, "eps": eps} | slip
        if np.allclose(found, layer_norm_slope(dy, x, **how), atol=1e-6):
            raise Wrong(hint)
    expect_array(found, right, atol=1e-6)
    return "it agrees with the numerical gradient"
