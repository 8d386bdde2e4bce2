"""Chapter 11: small kernels, made by hand, applied to a digit."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Choice, Frame, Toggle, explorer
from dlbasics.layers.windows import Window, multiply
from dlbasics.plotting.arrays import table
from dlbasics.plotting.windows import image

KERNELS = {
    "identity": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "shift": np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    "blur": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "outline": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "left": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "right": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "top": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "bottom": np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
    "diagonal": np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]]),
}
NAMES = {
    "identity": "only the pixel itself",
    "shift": "only the pixel on the left",
    "blur": "a weighted mean",
    "sharpen": "sharpen",
    "outline": "8 times the pixel minus its neighbors",
    "left": "right column minus left column",
    "right": "left column minus right column",
    "top": "bottom row minus top row",
    "bottom": "top row minus bottom row",
    "diagonal": "along a diagonal",
}
PICTURES = {"7": 0, "1": 2, "0": 3, "4": 4, "5": 8}  # places among the test images
BAR, LEG = np.s_[4:12], np.s_[14:]  # lines of the 7


def picture(digit: str) -> Array:
    """Return a test image, (28, 28)."""
    k = PICTURES[digit]
    return load_mnist(n_train=0, n_test=k + 1, flat=False).x_test[k, ..., 0]


def apply(kernel: Array, x: Array) -> Array:
    """Slide a kernel over an image (28, 28) with a border of zeros."""
    window = Window(kernel.shape, padding="same")
    W = kernel[..., None, None].astype(x.dtype)
    return multiply(window, x[None, ..., None], W)[0, ..., 0]


def lean(y: Array) -> float:
    """Return how many times as strongly the bar of the 7 answers as its leg."""
    bar, leg = (np.abs(y[part]).sum() for part in (BAR, LEG))
    return float(bar / leg) if leg else np.inf


@explorer(
    title="Kernels on a digit",
    target="Make the bar of the 7 answer at least twice as strongly as its leg.",
    kernel=Choice(*KERNELS, labels=NAMES, default="identity", label="kernel"),
    relu=Toggle(label="ReLU: what is negative becomes 0"),
    digit=Choice(*PICTURES, label="test image"),
)
def filters_on_a_digit(kernel, relu, digit) -> Frame:
    """Slide one 3 × 3 kernel over a digit; nothing here is learned.

    Left, the image; in the middle the kernel; right, the output on a scale of its own:
    blue is positive, orange negative, zero has the color of the page.
    """
    x, k = picture(digit), KERNELS[kernel]
    y = apply(k, x)
    y = np.maximum(y, 0) if relu else y
    n_negative = np.mean(y < -1e-6)
    text = (
        f"The {digit} under the kernel \u201c{NAMES[kernel]}\u201d"
        f"{', then ReLU' if relu else ''}: outputs from {y.min():.1f} to "
        f"{y.max():.1f}, {n_negative:.0%} of them negative."
    )
    ratio = lean(y)
    if digit == "7":
        text += f" The bar answers {ratio:.1f} times as strongly as the leg."
    reached = bool(digit == "7" and ratio >= 2)
    return Frame(draw(x, k, y), text.replace("-", "−"), reached=reached)


def draw(x: Array, kernel: Array, y: Array) -> Figure:
    """Draw image, kernel and output side by side."""
    figure = Figure(figsize=(6.8, 2.7))
    room = {"left": 0.02, "right": 0.98, "bottom": 0.03, "top": 0.9, "wspace": 0.1}
    axes = figure.subplots(1, 3, width_ratios=(1, 0.75, 1), gridspec_kw=room)
    image(x, ax=axes[0], limit=1.0, title="image")
    values = kernel * 16 if np.abs(kernel).max() < 1 else kernel
    label = "kernel, times 1/16" if values is not kernel else "kernel"
    table(axes[1], values, (0, 0), color="orange", label=label)
    axes[1].set(xlim=(-0.5, 3.5), ylim=(4, -1), aspect="equal")
    axes[1].set_axis_off()
    image(y, ax=axes[2], title="output")
    return figure
