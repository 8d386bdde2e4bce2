"""The three libraries must compute the same before anybody times them."""

from __future__ import annotations

import numpy as np
import torch

from benchmarks.translate import channels_first, to_textbook, to_torch, walk
from benchmarks.works import BATCH, Work
from dlbasics.layers import Dense, Dropout
from dlbasics.losses import SoftmaxCrossEntropy

TOLERANCE = 1e-3  # of the largest gradient or logit: a unit or two may flip at 0


def check(work: Work) -> float:
    """Compare loss, logits and every gradient of a batch; return the worst difference.

    The difference is relative to the largest logit or gradient. Dropout is set to 0,
    since its masks are random, and the images are noise: on the blank paper around a
    digit all pixels are equal, and rounding would decide which of them pooling takes.

    Raises
    ------
    ArithmeticError
        If two libraries differ by more than `TOLERANCE`.
    """
    rng = np.random.default_rng(0)
    shape = (BATCH, 784) if work.flat else (BATCH, 28, 28, 1)
    x = rng.standard_normal(shape, np.float32)
    y = rng.integers(10, size=BATCH)
    model = work.build(np.random.default_rng(0))
    for layer in model.layers.values():
        if isinstance(layer, Dropout):
            layer.rate = 0.0
    others = by_torch(to_torch(model, x[:1]), x, y)
    textbooks = by_textbook(to_textbook(model, x[:1]), x, y)
    loss = SoftmaxCrossEntropy()
    logits = model.forward(x, training=True)
    values = {"loss": np.array(loss.forward(logits, y)), "logits": logits}
    model.backward(loss.backward())
    for i, (layer, arrays, _) in enumerate(walk(model, x[:1], "grads")):
        if isinstance(layer, Dense):
            arrays[0] = arrays[0].T
        values |= {f"gradient {k} of layer {i}": a for k, a in enumerate(arrays)}
    return max(compare(values, others), compare(values, textbooks))


def by_torch(network: torch.nn.Sequential, x: np.ndarray, y: np.ndarray):
    logits = network.train()(torch.from_numpy(channels_first(x)))
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(y).long())
    loss.backward()
    values = {"loss": loss.detach().numpy(), "logits": logits.detach().numpy()}
    for i, layer in enumerate(network):
        grads = enumerate(p.grad.numpy() for p in layer.parameters())
        values |= {f"gradient {k} of layer {i}": grad for k, grad in grads}
    return values


def by_textbook(network, x: np.ndarray, y: np.ndarray):
    x = channels_first(x).astype(np.float64)
    value = network.gradient(x, y)
    values = {"loss": np.array(value), "logits": network.predict(x, training=True)}
    for i, layer in enumerate(network.layers):
        grads = list(layer.grads.values()) if hasattr(layer, "grads") else []
        if grads and grads[0].ndim == 2:
            grads[0] = grads[0].T
        values |= {f"gradient {k} of layer {i}": g for k, g in enumerate(grads)}
    return values


def compare(ours: dict[str, np.ndarray], others: dict[str, np.ndarray]) -> float:
    """Return the worst relative difference of arrays with the same names."""
    if ours.keys() != others.keys():
        raise ArithmeticError(f"one of two has no {ours.keys() ^ others.keys()}")
    largest = max(np.abs(a).max() for name, a in ours.items() if "gradient" in name)
    worst = 0.0
    for name, array in ours.items():
        scale = largest if "gradient" in name else np.abs(array).max()
        difference = float(np.abs(array - others[name]).max() / scale)
        if not difference <= TOLERANCE:
            raise ArithmeticError(f"{name} differs by {difference:.1e} of its largest")
        worst = max(worst, difference)
    return worst
