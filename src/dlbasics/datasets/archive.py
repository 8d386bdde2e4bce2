"""Reading the arrays that travel with the package, and noticing damage."""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path

import numpy as np

from dlbasics.arrays import Array


@cache
def read_archive(path: Path, sha256: str) -> dict[str, Array]:
    """Read and verify a `.npz` archive; later calls return the same arrays.

    The arrays are read-only.

    Raises
    ------
    ValueError
        If the file is missing, or its SHA-256 is not the expected one.
    """
    data = path.read_bytes() if path.exists() else b""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        state = f"damaged (SHA-256 {found[:12]}…)" if data else "missing"
        raise ValueError(
            f"{path} is {state}; expected SHA-256 {sha256[:12]}…: "
            "install the package dlbasics again"
        )
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for array in arrays.values():
        array.flags.writeable = False
    return arrays
