"""The picture of a graph, by what it shows and by what must not touch."""

from __future__ import annotations

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from dlbasics import plotting
from dlbasics.explorers.graphs import EXAMPLES
from dlbasics.graph import Add, Divide, Exp, Input, Multiply
from dlbasics.palette import COLORS
from dlbasics.plotting.graphs import text_of


def sigmoid():
    power = Exp(Multiply(Input("x", 1), -1))
    return Divide(1, Add(power, 1), name="y")


def square():
    x = Input("x", 3)
    return Multiply(x, x, name="x²")


def bags():
    n = Input("number", 2)
    fruit = Multiply(Input("price", 100), n)
    return Multiply(Add(fruit, Multiply(n, 5)), 1.1, name="payment")


def around():
    x = Input("x", 3)
    return Multiply(x, Add(x, 1), name="f")


def chain():
    x = Input("x", 1)
    return Add(Multiply(x, 2), Exp(Multiply(x, 2)), name="y")


GRAPHS = {**EXAMPLES, "sigmoid": sigmoid, "square": square, "bags": bags,
          "around": around, "chain": chain}  # fmt: skip


def draw(make, size=(6.4, 3.2)):
    output = make()
    output.forward()
    output.backward()
    plt.figure(figsize=size)
    return plotting.graph(output), output


def texts(ax):
    return [text.get_text().strip() for text in ax.texts]


@pytest.mark.parametrize("name", GRAPHS)
def test_no_two_texts_touch_and_none_is_cut_off(name):
    ax, _ = draw(GRAPHS[name])
    figure = ax.figure
    figure.canvas.draw()
    boxes = [(t.get_text(), t.get_window_extent()) for t in ax.texts]
    page = figure.bbox
    for (one, a), (two, b) in combinations(boxes, 2):
        touch = min(a.x1, b.x1) > max(a.x0, b.x0) and min(a.y1, b.y1) > max(a.y0, b.y0)
        assert not touch, (one, two)
    for text, box in boxes:
        assert box.x0 >= page.x0, text
        assert box.x1 <= page.x1, text
        assert box.y0 >= page.y0 and box.y1 <= page.y1, text  # noqa: PT018


def test_values_and_gradients_stand_on_the_edges():
    ax, _ = draw(EXAMPLES["apples and oranges"])
    colors = {t.get_text(): to_hex(t.get_color()) for t in ax.texts}
    for value in ("2", "100", "150", "3", "200", "450", "650", "715"):
        assert value in colors
    for gradient in ("110", "2.2", "3.3", "165", "1.1", "1"):
        assert gradient in colors
    assert colors["715"] == COLORS["blue"]
    assert colors["165"] == COLORS["orange"]
    assert sorted(texts(ax)).count("×") == 3


def test_forward_is_solid_and_backward_is_dashed():
    ax, _ = draw(sigmoid)
    looks = [
        (to_hex(p.get_edgecolor()), p.get_linestyle())
        for p in ax.patches
        if isinstance(p, FancyArrowPatch)
    ]
    assert looks.count((COLORS["blue"], "-")) == 5
    assert looks.count((COLORS["orange"], "--")) == 5
    assert len(looks) == 10


def test_constants_are_written_into_the_circles():
    ax, _ = draw(sigmoid)
    assert {"×−1", "exp", "+1", "1÷", "x", "y"} <= set(texts(ax))


def test_what_is_not_known_is_left_out():
    output = square()
    plt.figure()
    ax = plotting.graph(output)
    assert set(texts(ax)) == {"x", "x²", "×", "3"}
    output.forward()
    plt.figure()
    assert set(texts(plotting.graph(output))) == {"x", "x²", "×", "3", "9"}


def test_a_fork_shows_the_sum():
    assert "sum 6" in texts(draw(square)[0])
    assert "sum 115.5" in texts(draw(bags)[0])
    assert not any("sum" in t for t in texts(draw(EXAMPLES["two apples"])[0]))


def test_the_highlighted_node_is_filled():
    output = square()
    ax = plotting.graph(output, highlight=output)
    faces = [to_hex(line.get_markerfacecolor()) for line in ax.lines]
    assert faces == [COLORS["ink"]]


def test_edges_lead_to_the_circles_in_a_given_ax():
    _, ax = plt.subplots()
    output = square()
    output.forward()
    assert plotting.graph(output, ax=ax) is ax
    end = ax.lines[0].get_xydata()[0]
    for arrow in ax.patches[:2]:
        tip = arrow._path_original.vertices[-1]
        points = ax.transData.transform([tip, end]) * 72 / ax.figure.dpi
        assert np.isclose(np.hypot(*(points[0] - points[1])), 15)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (220.00000000000003, "220"),
        (-0.14629, "−0.146"),
        (115.5, "115.5"),
        (-1808.04, "−1808"),
        (0.000552, "0.0006"),
        (-0.0, "0"),
        (1e9, "1,000,000,000"),
        (1, "1"),
    ],
)
def test_numbers_are_short(value, text):
    assert text_of(value) == text
