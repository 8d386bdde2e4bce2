"""Chapter 07: what the size of the first weights does to a deep network."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, Toggle, explorer, positive
from dlbasics.layers import BatchNorm, Dense, make_activation
from dlbasics.models import Sequential, capture
from dlbasics.palette import COLORS

N_INPUTS, N_UNITS, SEED = 1000, 100, 7
SIGMAS = np.logspace(-4, 0, 16).tolist()
NAMED = {"he": math.sqrt(2 / N_UNITS), "xavier": math.sqrt(1 / N_UNITS)}


class Look(NamedTuple):
    """The range to show of an activation, and from where its derivative is about 0."""

    low: float
    high: float
    flat_low: float
    flat_high: float
    flaw: str


LOOKS = {
    "sigmoid": Look(0, 1, 0.01, 0.99, "saturated"),
    "tanh": Look(-1, 1, -0.99, 0.99, "saturated"),
    "relu": Look(0, 4, 0, math.inf, "dead units"),
    "leaky relu": Look(-0.5, 4, -math.inf, math.inf, "never > 0"),
    "elu": Look(-1, 4, -0.99, math.inf, "saturated"),
}
NAMES = {"relu": "ReLU", "leaky relu": "leaky ReLU", "elu": "ELU"}


@explorer(
    title="Activations and gradients in a deep network before training",
    target="Without batch normalization, find a σ that lets signal and gradient "
    "through 20 layers: standard deviation of the last layer within a factor of 2 of "
    "the first, at most 10% saturated or dead, gradient within a factor of 10.",
    activation=Choice(*LOOKS, default="tanh", labels=NAMES),
    sigma=Slider(
        sorted([*SIGMAS, *NAMED], key=lambda s: NAMED.get(s, s)),
        default=SIGMAS[-1],
        label="standard deviation σ of the weights",
        labels={"he": "0.14 = √(2/n), He", "xavier": "0.1 = √(1/n), Xavier"}
        | {sigma: f"{sigma:.2g}" for sigma in SIGMAS},
        parse=positive,
    ),
    depth=Choice(5, 20, label="layers"),
    batch_norm=Toggle(label="batch normalization"),
)
def activation_histograms(activation, sigma, depth, batch_norm) -> Frame:
    """Send 1000 inputs through layers of 100 units and look at what arrives.

    Inputs are N(0, 1), weights N(0, σ²), biases zero; batch normalization, if on, comes
    before the activation and uses the statistics of the 1000 inputs. Each row is a
    layer (1, 5, 10, 15 and 20 of twenty): the histogram of its 100,000 activations,
    their mean and standard deviation, and

    - *saturated*: the share of activations with a derivative near zero (tanh beyond
      ±0.99, sigmoid below 0.01 or above 0.99, ELU below -0.99);
    - *dead units* (ReLU): the share of units that are 0 for all 1000 inputs; *never
      > 0* (leaky ReLU) counts the same, though such a unit still passes 1 %;
    - *gradient*: the norm of ∂L/∂(activations of the layer), where ∂L/∂(activations of
      the last layer) is drawn from N(0, 1), divided by the norm at the last layer.
    """
    size = NAMED.get(sigma, sigma)
    layers = measure(activation, size, depth, batch_norm)
    first, last, look = layers[0], layers[-1], LOOKS[activation]
    figure = draw(layers, look)
    through = 0.5 <= last.std / first.std <= 2 and 0.1 <= first.gradient <= 10
    return Frame(
        figure,
        f"{depth} layers of {NAMES.get(activation, activation)}, σ = {short(size)}, "
        f"{'with' if batch_norm else 'without'} batch normalization. "
        f"Standard deviation of the activations: {short(first.std)} in layer 1, "
        f"{short(last.std)} in layer {depth}; {look.flaw} there: {last.flaw:.0%}. "
        f"The gradient at layer 1 is {short(first.gradient)} times that at the top.",
        reached=bool(depth == 20 and not batch_norm and through and last.flaw <= 0.1),
    )


class Measured(NamedTuple):
    """One layer: its outputs, the share of its flaw, its gradient over the top's."""

    number: int
    outputs: Array
    flaw: float
    gradient: float

    @property
    def mean(self) -> float:
        return self.outputs.mean(dtype=float)

    @property
    def std(self) -> float:
        return self.outputs.std(dtype=float)


def measure(activation, sigma: float, depth: int, batch_norm: bool) -> list[Measured]:
    """Run one batch forward and one gradient backward; return five of the layers."""
    for_x, for_weights, for_gradient = np.random.default_rng(SEED).spawn(3)
    shape, steps = (N_INPUTS, N_UNITS), {}
    for k in range(1, depth + 1):
        steps[f"dense{k}"] = Dense(N_UNITS, N_UNITS, rng=for_weights, init=sigma)
        if batch_norm:
            steps[f"norm{k}"] = BatchNorm(N_UNITS)
        steps[f"layer{k}"] = make_activation(activation)
    model = Sequential(steps)
    with capture(model) as outputs, capture(model, "backward") as gradients:
        model.forward(for_x.standard_normal(shape, np.float32), training=True)
        model.backward(for_gradient.standard_normal(shape, np.float32))

    def measured(k: int) -> Measured:
        name = f"layer{k}"
        top = np.linalg.norm(gradients[f"layer{depth}"])
        size = np.linalg.norm(gradients[name].astype(float)) / top
        return Measured(k, outputs[name], flaw(outputs[name], LOOKS[activation]), size)

    shown = range(1, 6) if depth == 5 else (1, 5, 10, 15, 20)
    return [measured(k) for k in shown]


def flaw(outputs: Array, look: Look) -> float:
    """Return the share of saturated activations, or of units that are never on."""
    if look.flaw == "saturated":
        return np.mean((outputs < look.flat_low) | (outputs > look.flat_high))
    return np.mean(np.all(outputs <= 0, axis=0))


N_BINS = 41  # odd, so that zero is inside one
TOP = 0.15  # share at which the bars of a histogram are cut off
FAR = 6  # decades of gradient that fit on the axis, either way
COLUMNS = 0.14, 0.45, 0.77
MIDDLE = 0.3  # of a row, where its numbers stand
MUTED = {"color": COLORS["muted"]}


def draw(layers: list[Measured], look: Look) -> Figure:
    """Put the layers below each other: histogram, numbers, gradient."""
    figure = Figure(figsize=(7.0, 4.0))
    panels = {
        "left": 0.045,
        "right": 0.895,
        "bottom": 0.14,
        "top": 0.91,
        "wspace": 0.02,
    }
    ax, table, gradients = figure.subplots(
        1, 3, width_ratios=(4, 2.7, 1.9), gridspec_kw=panels
    )
    for panel in figure.axes:
        panel.set(ylim=(-0.12, len(layers)), yticks=[])
        panel.spines["left"].set_visible(False)
    table.set_axis_off()
    for row, layer in enumerate(reversed(layers)):
        histogram(ax, row, layer.outputs, look)
        gradient(gradients, row + MIDDLE, layer.gradient)
        place = {"transform": ax.get_yaxis_transform(), "va": "center", "ha": "center"}
        ax.text(-0.055, row + MIDDLE, layer.number, weight="bold", **place)
        mean = 0 if abs(layer.mean) < layer.std / 100 else layer.mean
        numbers = short(mean), short(layer.std), f"{layer.flaw:.0%}"
        for x, number in zip(COLUMNS, numbers, strict=True):
            table.text(x, row + MIDDLE, number, ha="center", va="center")
    ax.set_title("layer and its activations", **MUTED)
    for x, name in zip(COLUMNS, ("mean", "std", look.flaw), strict=True):
        table.text(x, len(layers) + 0.13, name, ha="center", **MUTED)
    gradients.set_title("gradient, top = 1", **MUTED)
    gradients.axvline(0, linewidth=0.8, **MUTED)
    gradients.set_xlim(-FAR - 0.5, FAR + 0.5)
    gradients.set_xticks([-FAR, 0, FAR], ["10⁻⁶", "1", "10⁶"])
    legend = (
        (0.045, "■ in range", "blue"),
        (0.165, "■ flat: derivative ≈ 0", "orange"),
        (0.385, "■ beyond the axis", "purple"),
    )
    for x, text, name in legend:
        figure.text(x, 0.025, text, color=COLORS[name], size="small")
    return figure


def histogram(ax: Axes, row: int, outputs: Array, look: Look) -> None:
    """Draw shares; what is flat or beyond the axis has a bar of its own at the edge."""
    width = (look.high - look.low) / N_BINS
    ax.axhline(row, linewidth=0.8, **MUTED)
    ax.set_xlim(look.low - 3 * width, look.high + 3 * width)
    flat = (outputs <= look.flat_low), (outputs >= look.flat_high)
    rest = outputs[~(flat[0] | flat[1])]
    n, edges = outputs.size, np.linspace(look.low, look.high, N_BINS + 1)
    bars(ax, row, np.histogram(rest, edges)[0] / n, edges, "blue")
    left, right = look.low - 2.5 * width, look.high + 0.5 * width
    for x, at_end, outside in (
        (left, flat[0], rest < look.low),
        (right, flat[1], rest > look.high),
    ):
        edge = np.array([x, x + 2 * width])
        bars(ax, row, np.array([at_end.sum() / n]), edge, "orange")
        bars(ax, row, np.array([outside.sum() / n]), edge, "purple")


def bars(ax: Axes, row: int, shares: Array, edges: Array, name: str) -> None:
    """Draw bars up to `TOP`; say how much the highest is, if it is cut off."""
    if not shares.any():
        return
    heights = row + 0.85 * np.minimum(shares / TOP, 1)
    steps = StepPatch(heights, edges, baseline=row, color=COLORS[name])
    ax.add_artist(steps)  # `ax.stairs` would also look for new limits: 30 ms a frame
    cut = np.flatnonzero(shares > TOP)
    share = f"{shares[cut].sum():.0%}"
    style = {"va": "center", "size": "small"}
    if len(cut) and len(shares) == 1:  # upright, inside the bar
        turned = {"rotation": 90, "rotation_mode": "anchor", "ha": "center"}
        at = edges.mean(), row + 0.42
        ax.text(*at, share, color=COLORS["paper"], **turned, **style)
    elif len(cut):
        free = cut.max() + 1 + np.argmax(np.append(shares[cut.max() + 1 :], 0) < 0.1)
        at = edges[free] + 0.2 * (edges[1] - edges[0]), row + 0.7
        ax.text(*at, share, color=COLORS[name], **style)


def gradient(ax: Axes, y: float, size: float) -> None:
    """Draw how far a gradient is from 1, in decades; an arrow leaves the axis."""
    decades = math.log10(size) if size > 0 else -math.inf
    reach = min(max(decades, -FAR), FAR)
    name = "blue" if abs(decades) <= FAR else "purple"
    marker = "o" if abs(decades) <= FAR else "<" if decades < 0 else ">"
    ax.plot([-FAR, FAR], [y, y], color=COLORS["grid"], linewidth=0.8)
    ax.plot([0, reach], [y, y], color=COLORS[name], linewidth=2.5)
    ax.plot(reach, y, marker, color=COLORS[name], markersize=6)
    ax.text(FAR + 1, y, short(size), va="center")


def short(number: float) -> str:
    """Write two digits; small and large numbers with a power of ten: 4.8·10⁻⁵."""
    if number == 0 or not math.isfinite(number):
        return "0" if number == 0 else str(number)
    number = float(f"{number:.1e}")
    if 0.001 <= abs(number) < 1000:
        text = f"{number:.2g}"
        return (str(round(float(text))) if "e" in text else text).replace("-", "−")
    digits, power = f"{number:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}·10{raised}".replace("-", "−")
