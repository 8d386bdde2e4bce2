"""Is a hand-written gradient right? Compare it with slopes measured by small steps.

A check can lie in three ways, and these functions refuse all three: in float32 the
rounding error drowns the slope, at a kink there is no slope, and a gradient that is
zero everywhere agrees with everything.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlbasics.arrays import Array
from dlbasics.layers import Layer
from dlbasics.losses import Loss


def numerical_gradient(f: Callable[[], float], w: Array, *, h: float = 1e-5) -> Array:
    """Slope of f() along every entry of w, which is changed in place and put back.

    (f(w + h) - f(w - h)) / 2h, whose error is of order h² plus rounding / h.
    """
    if w.dtype != np.float64:
        raise ValueError(f"numerical_gradient expected float64, got {w.dtype}")
    slopes = np.empty_like(w)
    for i in np.ndindex(w.shape):
        kept = w[i]
        w[i] = kept + h
        above = f()
        w[i] = kept - h
        below = f()
        w[i] = kept
        slopes[i] = (above - below) / (2 * h)
    return slopes


def compare(name: str, exact: Array, numeric: Array, *, tolerance: float) -> float:
    """Return the largest error relative to the largest slope, or raise."""
    if exact.shape != numeric.shape:
        raise AssertionError(
            f"{name}: expected a gradient of shape {numeric.shape}, got {exact.shape}"
        )
    scale = np.abs(numeric).max()
    if scale == 0 and np.abs(exact).max() == 0:
        raise AssertionError(f"{name}: every slope is zero, so the check says nothing")
    error = np.abs(exact - numeric).max() / max(scale, 1e-8)
    if not error <= tolerance:
        raise AssertionError(
            f"{name}: gradient off by {error:.1e} of its largest entry, expected at "
            f"most {tolerance:.0e} (is there a kink within one step of a value?)"
        )
    return float(error)


def check_layer(
    layer: Layer, x: Array, *, tolerance: float = 1e-6, seed: int = 0
) -> dict[str, float]:
    """Check ∂L/∂x and the gradient of every parameter for L = sum(y · R), R random.

    Parameters
    ----------
    layer : in float64; with an attribute `rng` it is re-seeded before every pass.
    x : float64 batch of at least 4 samples, away from kinks of the layer.

    Returns
    -------
    The relative error of each gradient, by name.

    Raises
    ------
    ValueError, AssertionError
        If the check could not tell right from wrong, or if a gradient is wrong.
    """
    if x.dtype != np.float64 or len(x) < 4:
        raise ValueError(
            f"check_layer expected 4 or more float64 rows, got {x.dtype} {x.shape}"
        )

    def forward() -> Array:
        if hasattr(layer, "rng"):
            layer.rng = np.random.default_rng(seed)
        return layer.forward(x, training=True)

    R = np.random.default_rng(seed + 1).standard_normal(forward().shape)
    R.flags.writeable = False
    exact = {"x": layer.backward(R), **{n: g.copy() for n, g in layer.grads.items()}}
    errors = {}
    for name, w in {"x": x, **layer.params}.items():
        numeric = numerical_gradient(lambda: float((forward() * R).sum()), w)
        where = f"{layer!r}, {name}"
        errors[name] = compare(where, exact[name], numeric, tolerance=tolerance)
    return errors


def check_loss(
    loss: Loss, outputs: Array, targets: Array, *, tolerance: float = 1e-6
) -> float:
    """Check a loss's gradient with respect to its outputs; return the error."""
    loss.forward(outputs, targets)
    exact = loss.backward()
    numeric = numerical_gradient(lambda: loss.forward(outputs, targets), outputs)
    return compare(type(loss).__name__, exact, numeric, tolerance=tolerance)
