"""Checks for chapter 07, initialization."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from dlbasics.exercises import Wrong, exercise, expect_number, need_function
from dlbasics.layers import Dense
from dlbasics.models import Sequential, capture, mlp


@exercise("07.1", wrong=[0.4, 0.4 * 8, 8.0**8, 0.02**8, "0.00066"])
def eight_layers(answer: float) -> str:
    hints = {
        0.4: "that is one layer; there are eight",
        3.2: "eight layers multiply eight times, they do not add",
        8.0**8: "400 random terms grow like √400, not like 400",
        0.02**8: "each layer adds up 400 terms; that is missing",
    }
    expect_number(answer, 0.4**8, rtol=0.02, hints=hints)
    return "√400 · 0.02 = 0.4 for each layer"


@exercise("07.2", wrong=[math.sqrt(2 / 100), 2 / 104, math.sqrt(2 / 120), 0.1])
def leaky_he(answer: float) -> str:
    hints = {
        math.sqrt(2 / 100): "that is He's σ for α = 0; the negative half counts too",
        2 / 104: "that is the variance; σ is its square root",
        math.sqrt(2 / 120): "the negative half enters with α², since squares are added",
        math.sqrt(1 / 104): "a negative half that is cut down costs a factor of 2",
        math.sqrt(1 / 100): "that is Xavier's σ, for an activation that keeps it all",
    }
    expect_number(answer, math.sqrt(2 / 104), rtol=0.005, hints=hints)
    return "σ² = 2 / ((1 + α²) n)"


@exercise(
    "07.3",
    wrong=[
        5,
        lambda n_in, n_out, rng: rng.standard_normal((n_in, n_out)) * (2 / n_in) ** 0.5,
        lambda n_in, n_out, rng: rng.uniform(-1, 1, (n_in, n_out)) * (2 / n_in) ** 0.5,
        lambda n_in, n_out, rng: rng.uniform(-1, 1, (n_in, n_out)) * (6 / n_out) ** 0.5,
        lambda n_in, n_out, rng: rng.uniform(-1, 1, (n_out, n_in)) * (6 / n_in) ** 0.5,
        lambda n_in, n_out, rng: rng.random((n_in, n_out)) * (6 / n_in) ** 0.5,
        lambda n_in, n_out, rng: np.ones((n_in, n_out)) * (6 / n_in) ** 0.5,
        lambda n_in, n_out, rng: np.random.default_rng().uniform(-1, 1, (n_in, n_out)),
    ],
)
def he_uniform(answer: Callable) -> str:
    need_function(answer)
    n_in, n_out, std = 400, 250, math.sqrt(2 / 400)
    W, again = (answer(n_in, n_out, np.random.default_rng(0)) for _ in range(2))
    if np.shape(W) != (n_in, n_out):
        raise Wrong(f"for n_in=400, n_out=250 the shape is {np.shape(W)}")
    if not np.array_equal(W, again):
        raise Wrong("equal seeds should give equal weights: draw from the given rng")
    if abs(np.mean(W)) > 0.1 * std:
        raise Wrong(f"the mean should be 0, yours is {np.mean(W):.3g}")
    if not math.isclose(np.std(W), std, rel_tol=0.02):
        raise Wrong(
            f"for n_in = 400 the standard deviation should be {std:.3g}, yours is "
            f"{np.std(W):.3g}; mind that a is not σ, and which n counts"
        )
    if np.abs(W).max() > 1.75 * std:
        raise Wrong("there are values beyond √3 σ, so this is not uniform")
    return "the limit is a = √(6 / n_in)"


@exercise("07.4", wrong=[1.0, 1.1, 1.4, 5 / 3, 2.0])
def tune_a_gain(answer: float) -> str:
    expect_number(answer, float(np.clip(answer, 0.5, 3)), rtol=0.001)
    x = np.random.default_rng(7).standard_normal((1000, 100))
    rng = np.random.default_rng(7)
    for _ in range(20):
        x = np.tanh(x @ rng.normal(0, answer / 10, (100, 100)))
    if not 0.47 <= x.std() <= 0.53:
        raise Wrong(
            f"with g = {answer:.3g} the last standard deviation is {x.std():.2f}"
        )
    return f"the last of 20 layers has a standard deviation of {x.std():.1f}"


def network_with_dead_units() -> tuple[Sequential, np.ndarray]:
    """Three dead units in layer 1 and five in layer 2, all others alive for some x."""
    rng = np.random.default_rng(0)
    model = mlp([10, 20, 30, 2], rng=rng)
    model.params["dense1.b"][:3] = -100
    model.params["dense2.b"][10:15] = -100
    model.params["dense1.b"][3:] = model.params["dense2.b"][:10] = 0.5
    model.params["dense2.b"][15:] = 0.5
    return model, rng.standard_normal((200, 10)).astype(np.float32)


def outputs_of(model: Sequential, x: np.ndarray) -> list[np.ndarray]:
    with capture(model) as outputs:
        model.forward(x)
    return [h for name, h in outputs.items() if name.startswith("relu")]


@exercise(
    "07.5",
    wrong=[
        8,
        lambda model, x: sum(int((h == 0).sum()) for h in outputs_of(model, x)),
        lambda model, x: sum(
            int((h == 0).any(axis=0).sum()) for h in outputs_of(model, x)
        ),
        lambda model, x: sum(
            int((h == 0).all(axis=1).sum()) for h in outputs_of(model, x)
        ),
        lambda model, x: sum((h == 0).all(axis=0).mean() for h in outputs_of(model, x)),
        lambda model, x: int((outputs_of(model, x)[0] == 0).all(axis=0).sum()),
    ],
)
def count_dead(answer: Callable) -> str:
    need_function(answer)
    model, x = network_with_dead_units()
    found = answer(model, x)
    if found is None:
        raise Wrong("your function returns nothing")
    hints = {
        3: "you counted only the first ReLU layer",
        0: "a unit is a column: look along the samples, axis 0",
    }
    zeros = [h == 0 for h in outputs_of(model, x)]
    entries = sum(float(zero.sum()) for zero in zeros)
    sometimes = sum(float(zero.any(axis=0).sum()) for zero in zeros)
    hints |= dict.fromkeys([entries, sometimes], "a dead unit is zero for all samples")
    expect_number(found, 8, rtol=1e-6, hints=hints)
    return "3 + 5 dead units in the test network"


def scale_by_variance(model: Sequential, x: np.ndarray) -> None:
    for layer in model.layers.values():
        if isinstance(layer, Dense):
            layer.params["W"] /= layer.forward(x).var()
        x = layer.forward(x)


def scale_all_at_once(model: Sequential, x: np.ndarray) -> None:
    with capture(model) as outputs:
        model.forward(x)
    for name, layer in model.layers.items():
        if isinstance(layer, Dense):
            layer.params["W"] /= outputs[name].std()


def rebind(model: Sequential, x: np.ndarray) -> None:
    for layer in model.layers.values():
        if isinstance(layer, Dense):
            layer.params["W"] = layer.params["W"] / layer.forward(x).std()
        x = layer.forward(x)


@exercise(
    "07.6",
    wrong=[1.0, lambda model, x: None, scale_by_variance, scale_all_at_once, rebind],
)
def unit_variance(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    model = mlp([50, 100, 80, 60, 10], init=0.01, rng=rng)
    x = 3 * rng.standard_normal((500, 50), dtype=np.float32)
    answer(model, x)
    for name, layer in model.layers.items():
        params = {} if not isinstance(layer, Dense) else layer.params
        if any(model.params[f"{name}.{key}"] is not w for key, w in params.items()):
            raise Wrong("write into the arrays (W /= …, W[:] = …), do not replace them")
    with capture(model) as outputs:
        model.forward(x)
    spread = {n: float(h.std()) for n, h in outputs.items() if n.startswith("dense")}
    for name, std in spread.items():
        if not math.isclose(std, 1, rel_tol=0.02):
            raise Wrong(
                f"the outputs of {name} have a standard deviation of {std:.2g}; scale "
                "the layers in order, each with what the scaled ones below send up"
            )
    return "every dense layer sends out standard deviation 1"


@exercise("07.7", wrong=[10, 1, 100, 5, 200])
def tanh_fades(answer: float) -> str:
    hints = {
        10: "the standard deviation is √q; q itself must fall to 0.01",
        100: "the slope of 1/q is 2, so it takes half as many",
    }
    expect_number(answer, 50, rtol=0.2, hints=hints)
    return "1/q grows by 2 in every layer and has to reach 100"
