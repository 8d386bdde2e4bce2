"""Chapter 09: how far a digit may be moved before a network changes its mind."""

from __future__ import annotations

from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.augment import affine, rotation
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.explorers.softmax import percent
from dlbasics.functions import softmax
from dlbasics.palette import COLORS
from dlbasics.pretrained import load_pretrained

PICTURES = {"6": 21, "7": 0, "4": 4}  # places among the test images


@explorer(
    title="A digit is moved, a network looks",
    target="Make the network more than 90 % sure that the 6 is a 9.",
    digit=Choice(*PICTURES, label="test image"),
    angle=Slider(
        [-90, -60, -45, -30, -15, 0, 15, 30, 45, 60, 90, 135, 180],
        default=0,
        label="turned counterclockwise (degrees)",
    ),
    right=Slider([-6, -3, 0, 3, 6], default=0, label="moved right (pixels)"),
)
def moved_digit(digit, angle, right) -> Frame:
    """Turn and move a test image and ask the network of chapter 03 what it is.

    Left, the image that the network gets; right, its probabilities. The network has
    784-50-100-10 units, gets 98 % of the test images right and has never been shown a
    moved one.
    """
    image = moved(digit, angle, right)
    p = softmax(load_pretrained("mnist_mlp").forward(image.reshape(1, -1)))[0]
    says = int(p.argmax())
    text = (
        f"The {digit}, turned by {angle}°, moved {right} pixels right: "
        f"the network says {says} with {percent(p[says])} and gives the {digit} "
        f"{percent(p[int(digit)])}."
    ).replace("-", "−")
    reached = bool(digit == "6" and says == 9 and p[9] > 0.9)
    return Frame(draw(image[0, ..., 0], p, int(digit)), text, reached=reached)


def moved(digit: str, angle: float, right: float) -> Array:
    """Return the moved image, (1, 28, 28, 1)."""
    k = PICTURES[digit]
    image = load_mnist(n_train=0, n_test=k + 1, flat=False).x_test[k:]
    return affine(image, rotation(angle), (0.0, right))


def draw(image: Array, p: Array, digit: int) -> Figure:
    """Draw the image, and a bar for each class; that of the digit is hatched."""
    figure = Figure(figsize=(6.6, 2.7))
    room = {"left": 0.02, "right": 0.97, "bottom": 0.19, "top": 0.97, "wspace": 0.22}
    left, bars = figure.subplots(1, 2, width_ratios=(1, 1.7), gridspec_kw=room)
    left.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[])
    left.spines[:].set_visible(True)
    look = {"color": COLORS["blue"], "edgecolor": COLORS["paper"]}
    for k, share in enumerate(p.round(3)):
        bars.bar(k, share, 0.8, hatch="//" if k == digit else "", **look)
    bars.set_xticks(range(10))
    bars.set(ylim=(0, 1), xlabel="class", ylabel="probability")
    return figure
