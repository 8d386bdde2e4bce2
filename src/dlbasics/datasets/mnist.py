"""MNIST: 70,000 images of handwritten digits.

Yann LeCun, Corinna Cortes and Christopher Burges; CC BY-SA 3.0. The book's data card
says where it comes from and what it is good for.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets.archive import read_archive

PATH = Path(__file__).with_name("mnist.npz")
SHA256 = "6ff3272174ad1dcb2ce270847ad63698633925ed0249e1e856d6fd92a3fbd58e"


class Mnist(NamedTuple):
    """Images in [0, 1] as float32 and labels 0 … 9 as intp, NumPy's indices."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


def load_mnist(
    *,
    n_train: int = 60_000,
    n_test: int = 10_000,
    rng: np.random.Generator | None = None,
    flat: bool = True,
) -> Mnist:
    """Return images and labels for training and for testing.

    Parameters
    ----------
    n_train, n_test : how many images of the 60,000 and of the 10,000.
    rng : draws which images, without repetition; without it, the first ones.
    flat : images as rows (N, 784), or as (N, 28, 28, 1) if False.

    Returns
    -------
    (x_train, y_train, x_test, y_test), new arrays that are yours to change:
    ink from 0 (paper) to 1 in float32; labels in intp, the type of NumPy's indices,
    which is int64 on a machine of 64 bits and int32 in a browser.

    Raises
    ------
    ValueError
        If more images are asked for than there are, or the data file is damaged.
    """
    arrays = read_mnist(PATH)
    picked = []
    for part, n in (("train", n_train), ("test", n_test)):
        images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if not 0 <= n <= len(images):
            raise ValueError(
                f"load_mnist expected n_{part} from 0 to {len(images)}, got {n}"
            )
        if rng is not None:
            pick = rng.choice(len(images), n, replace=False)
            images, labels = images[pick], labels[pick]
        x = np.divide(images[:n], 255, dtype=np.float32)
        picked.append(x if flat else x.reshape(-1, 28, 28, 1))
        picked.append(labels[:n].astype(np.intp))
    return Mnist(*picked)


def read_mnist(path: Path) -> dict[str, Array]:
    """Read and verify the four uint8 arrays; later calls return the same ones."""
    return read_archive(path, SHA256)
