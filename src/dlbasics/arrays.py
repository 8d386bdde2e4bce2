"""What every module shares: the array type and the precision networks are built in."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
DTYPE = np.float32


def shape_of(x: object) -> str:
    """Say what came, for error messages: a shape if there is one, else a type."""
    return str(x.shape) if isinstance(x, np.ndarray) else type(x).__name__


def share(owner: object, name: str, value: float) -> float:
    """Check a share of something (kept, dropped): at least 0 and less than 1."""
    if not 0 <= value < 1:
        kind = type(owner).__name__
        raise ValueError(f"{kind} expected 0 <= {name} < 1, got {value}")
    return float(value)


def sum_features(x: Array, *, out: Array | None = None) -> Array:
    """Sum over every axis but the last: (N, …, D) to (D,).

    As a product with a row of ones, which with most kernels of BLAS is several times as
    fast as `np.sum` if the samples are many.
    """
    rows = x.reshape(-1, x.shape[-1])
    return np.matmul(np.ones(len(rows), x.dtype), rows, out=out)
