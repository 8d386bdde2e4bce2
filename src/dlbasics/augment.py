"""New images from old: moved, turned, sheared, zoomed, flipped, cropped, brightened.

Images have shape (N, H, W, C) with ink in [0, 1], paper being 0, and come back as new
arrays of the same shape and precision. Functions named `random_…` draw other numbers
for each image, from `rng` and nowhere else. A 2 × 2 matrix A acts on (down, right),
counted from the middle of the image; matrices combine by `@`, the right one first.
"""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import Array, shape_of

BLOCK = 64  # images at a time, so that the arrays in between stay in the cache


def rotation(degrees: Array | float) -> Array:
    """Return matrices (…, 2, 2) that turn by an angle, counterclockwise if positive."""
    t = np.radians(degrees)
    return matrices(np.cos(t), -np.sin(t), np.sin(t), np.cos(t))


def shear(amount: Array | float) -> Array:
    """Return matrices that slant: what lies one pixel higher goes `amount` right."""
    return matrices(1.0, 0.0, -np.asarray(amount), 1.0)


def zoom(factor: Array | float) -> Array:
    """Return matrices that make everything `factor` times as large."""
    return matrices(factor, 0.0, 0.0, factor)


def matrices(a: Array, b: Array, c: Array, d: Array) -> Array:
    """Return [[a, b], [c, d]], one for each entry of the arguments."""
    entries = np.broadcast_arrays(a, b, c, d)
    return np.stack(entries, axis=-1).reshape(*entries[0].shape, 2, 2)


def affine(images: Array, matrix: Array, move: Array = (0.0, 0.0)) -> Array:
    """Turn, slant or zoom images about their middle, then move them.

    The ink at p (down, right from the middle) goes to A p + m. Computed backwards:
    each pixel q of the result looks up the ink at A⁻¹ (q - m) of the image, by
    `sample`, so that none is left empty.

    Parameters
    ----------
    matrix : A, of shape (2, 2), or (N, 2, 2) with one for each image.
    move : m in pixels down and right, of shape (2,) or (N, 2).

    Raises
    ------
    ValueError
        If shapes do not fit, or if a matrix cannot be inverted.
    """
    check_images(images)
    n, height, width, _ = images.shape
    A, move = np.asarray(matrix, float), np.asarray(move, float)
    fits = A.shape in {(2, 2), (n, 2, 2)} and move.shape in {(2,), (n, 2)}
    if not fits or not np.all(np.abs(np.linalg.det(A)) > 1e-9):
        raise ValueError(
            f"affine expected invertible matrices (2, 2) or ({n}, 2, 2) and moves (2,) "
            f"or ({n}, 2), got {A.tolist() if fits else A.shape} and {move.shape}"
        )
    back = np.broadcast_to(np.linalg.inv(A), (n, 2, 2)).round(9)  # cos 90° is 6e-17
    middle = np.array([height - 1, width - 1]) / 2
    start = middle - np.einsum(
        "nij,nj->ni", back, middle + np.broadcast_to(move, (n, 2))
    )
    back, start = (part.astype(images.dtype)[..., None, None] for part in (back, start))
    i, j = np.arange(height)[:, None], np.arange(width)
    i, j = i.astype(images.dtype), j.astype(images.dtype)
    result = np.empty_like(images, order="C")
    for first in range(0, n, BLOCK):
        part = slice(first, first + BLOCK)
        B, s = back[part], start[part]
        rows, columns = (s[:, k] + B[:, k, 0] * i + B[:, k, 1] * j for k in (0, 1))
        result[part] = sample(images[part], rows, columns)
    return result


def sample(images: Array, rows: Array, columns: Array) -> Array:
    """Look up ink between pixels, by bilinear interpolation; outside there is none.

    With i = ⌊row⌋, u = row - i and j = ⌊column⌋, v = column - j the value is

        (1-u) [(1-v) x[i, j] + v x[i, j+1]] + u [(1-v) x[i+1, j] + v x[i+1, j+1]].

    `rows` and `columns` have shape (N, H', W'): where each pixel of the result looks.
    """
    n, height, width, channels = images.shape
    padded = np.zeros((n, height + 3, width + 3, channels), images.dtype)
    padded[:, 1:-2, 1:-2] = images  # whoever looks outside finds this paper
    rows = np.clip(rows, -1, height) + 1
    columns = np.clip(columns, -1, width) + 1
    i, j = rows.astype(np.intp), columns.astype(np.intp)
    u = (rows - i).astype(images.dtype)[..., None]
    v = (columns - j).astype(images.dtype)[..., None]
    flat = padded.reshape(-1, channels)
    i *= width + 3
    i += j
    i += (height + 3) * (width + 3) * np.arange(n)[:, None, None]
    above, right, below, both = (
        flat[step:].take(i, axis=0, mode="clip")
        for step in (0, 1, width + 3, width + 4)
    )
    above += v * (right - above)
    below += v * (both - below)
    return above + u * (below - above)


def shift(images: Array, down: Array | float, right: Array | float) -> Array:
    """Move images, by numbers or by one number (N,) for each; the gap is paper."""
    return affine(images, np.eye(2), np.stack(np.broadcast_arrays(down, right), -1))


def flip(images: Array) -> Array:
    """Mirror images, left for right."""
    check_images(images)
    return images[:, :, ::-1].copy()


def crop(images: Array, top: int, left: int, height: int, width: int) -> Array:
    """Cut the same rectangle out of every image: (N, height, width, C)."""
    check_images(images)
    _, h, w, _ = images.shape
    if not (0 <= top < top + height <= h and 0 <= left < left + width <= w):
        raise ValueError(
            f"crop expected a rectangle inside {(h, w)}, got rows {top} to "
            f"{top + height} and columns {left} to {left + width}"
        )
    return images[:, top : top + height, left : left + width].copy()


def brightness(images: Array, factor: Array | float) -> Array:
    """Multiply the ink by a number, or by one (N,) for each image; 1 is the limit."""
    check_images(images)
    factor = np.asarray(factor, images.dtype)
    if factor.shape not in {(), images.shape[:1]} or not np.all(factor >= 0):
        raise ValueError(
            f"brightness expected a factor >= 0, or {len(images)} of them, got {factor}"
        )
    return np.minimum(images * factor.reshape(-1, 1, 1, 1), 1)


def random_affine(
    images: Array,
    *,
    rng: np.random.Generator,
    shift: float = 0.0,
    rotate: float = 0.0,
    shear: float = 0.0,
    zoom: float = 0.0,
) -> Array:
    """Turn, slant, zoom and move every image in its own way.

    Each number is a limit, and amounts are uniform between minus and plus it: `shift`
    in pixels, down and right; `rotate` in degrees; `shear` in pixels to the right for
    each pixel up; `zoom` as a share, so that 0.1 means factors from 0.9 to 1.1.
    """
    limits = {"shift": shift, "rotate": rotate, "shear": shear, "zoom": zoom}
    if min(limits.values()) < 0 or zoom >= 1:
        raise ValueError(
            f"random_affine expected limits >= 0 and zoom < 1, got {limits}"
        )
    check_images(images)
    turn, slant, size, *move = rng.uniform(-1, 1, (5, len(images)))
    A = rotation(rotate * turn) @ matrices(1.0, 0.0, -shear * slant, 1.0)
    A *= (1 + zoom * size)[:, None, None]
    return affine(images, A, shift * np.stack(move, axis=-1))


def random_flip(images: Array, *, rng: np.random.Generator) -> Array:
    """Mirror each image, left for right, with a chance of one half."""
    check_images(images)
    chosen = rng.random(len(images)) < 0.5
    return np.where(chosen[:, None, None, None], images[:, :, ::-1], images)


def random_crop(images: Array, size: int, *, rng: np.random.Generator) -> Array:
    """Cut a square of `size` pixels out of each image, each at its own place."""
    check_images(images)
    n, height, width, _ = images.shape
    if not 1 <= size <= min(height, width):
        raise ValueError(
            f"random_crop expected a size from 1 to {min(height, width)}, got {size}"
        )
    top = rng.integers(height - size + 1, size=(n, 1, 1))
    left = rng.integers(width - size + 1, size=(n, 1, 1))
    rows, columns = top + np.arange(size)[:, None], left + np.arange(size)
    return images[np.arange(n)[:, None, None], rows, columns]


def random_brightness(
    images: Array, amount: float, *, rng: np.random.Generator
) -> Array:
    """Multiply the ink of each image by its own factor, 1 ± at most `amount`."""
    if not 0 <= amount <= 1:
        raise ValueError(f"random_brightness expected 0 <= amount <= 1, got {amount}")
    check_images(images)
    return brightness(images, 1 + amount * rng.uniform(-1, 1, len(images)))


def check_images(images: Array) -> None:
    """Say so if these are not floating-point images."""
    ok = isinstance(images, np.ndarray) and images.ndim == 4
    if not ok or images.dtype.kind != "f":
        kind = f" of {images.dtype}" if ok else ""
        raise ValueError(
            "expected images of shape (N, H, W, C) as floats in [0, 1], got "
            f"{shape_of(images)}{kind}; flat rows need reshape(-1, 28, 28, 1)"
        )
