"""What every module shares: the array type and the precision networks are built in."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
DTYPE = np.float32


def shape_of(x: object) -> str:
    """Say what came, for error messages: a shape if there is one, else a type."""
    return str(x.shape) if isinstance(x, np.ndarray) else type(x).__name__
