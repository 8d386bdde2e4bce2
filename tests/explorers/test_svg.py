"""The SVG of a frame: small, strict, themable, the same each time."""

import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from dlbasics.explorers._style import style
from dlbasics.explorers._svg import color, draw, path, place, rounded, transform
from dlbasics.palette import COLORS


def everything() -> Figure:
    """A figure with all that explorers use: marks, text, clipping, images, meshes."""
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots(2, 3)
    x = np.linspace(0, 1, 50)
    axes[0, 0].plot(x, np.sin(9 * x), "o-", color=COLORS["blue"], label="a & <b>")
    axes[0, 0].legend()
    axes[0, 0].set_title("μ = 10⁻³, {braces}")
    axes[0, 1].scatter(x, x**2, c=x, s=90 * x)
    axes[0, 1].set_ylabel("turned", rotation=90)
    axes[0, 2].imshow(np.arange(12).reshape(3, 4), interpolation="none")
    axes[1, 0].pcolormesh(np.arange(12).reshape(3, 4))
    axes[1, 1].fill_between(x, x, 2 * x, alpha=0.3, color=COLORS["orange"])
    axes[1, 1].text(0.5, 0.5, "bold", weight="bold", color=COLORS["green"])
    axes[1, 2].barh([0, 1], [1, 2], hatch="//")
    axes[1, 2].annotate("here", (1, 1), (0, 0), arrowprops={"arrowstyle": "->"})
    return figure


@pytest.fixture(scope="module")
def svg():
    with style():
        return draw(everything())


def test_nothing_that_a_strict_policy_refuses(svg):
    assert "style" not in svg.lower()
    assert "script" not in svg.lower()
    assert not re.search(r"\son\w+=", svg)
    assert not re.search(r'href="(?!#|data:image/png)', svg)


def test_nothing_that_changes_from_day_to_day(svg):
    assert "metadata" not in svg
    assert "<!--" not in svg
    assert "matplotlib" not in svg


def test_the_same_in_another_process(svg):
    code = "from test_svg import *\nwith style(): print(draw(everything()), end='')"
    folder = __file__.rpartition("/")[0]
    for seed in "1", "2":
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        )
        assert done.stdout == svg, done.stderr


def test_at_most_two_decimals_except_in_scales(svg):
    plain = re.sub(r'data:[^"]*|transform="(?:matrix|scale|[^"]*scale)[^"]*"', "", svg)
    attributes = " ".join(re.findall(r'="([^"]*)"', plain))
    assert not re.findall(r"\d*\.\d{3,}", attributes)


def test_colors_are_the_page_s_to_choose(svg):
    for name in ("ink", "muted", "blue", "orange", "green"):
        assert f'"var(--dlb-{name},{COLORS[name]})"' in svg
    assert color("#123456") == "#123456"


def test_text_stays_text(svg):
    assert ">a &amp; &lt;b&gt;</text>" in svg
    assert ">μ = 10⁻³, {braces}</text>" in svg
    assert "font-family" not in svg
    assert re.search(r'<text[^>]*font-weight="(bold|700)"[^>]*>bold<', svg)


def test_identifiers_are_those_referred_to_and_take_the_given_name(svg):
    placed = place(svg, ident="one-", description="d")
    defined = re.findall(r' id="([^"]+)"', placed)
    used = re.findall(r'(?:href="|url\()#([^")]+)', placed)
    assert defined
    assert len(defined) == len(set(defined))
    assert set(defined) == set(used)
    assert all(name.startswith("one-") for name in defined)


def test_alt_text_is_escaped(svg):
    placed = place(svg, ident="x", description='σ < 1 & "so"')
    assert placed.startswith('<svg role="img" aria-label=\'σ &lt; 1 &amp; "so"\' ')


@pytest.mark.parametrize(
    ("number", "text"),
    [("0.50", ".5"), ("-0.04", "0"), ("10.0", "10"), ("-0.55", "-.6"), ("100", "100")],
)
def test_numbers_are_short(number, text):
    assert rounded(number, 1) == text


@pytest.mark.parametrize(
    ("data", "short"),
    [
        ("M 1.04 2 L 1.04 5 L 3 5 \nz", "M1 2V5H3z"),
        ("M 0 0 L 0.01 0.01 L 4 4", "M0 0L4 4"),
        ("M 0 0 C 1 1 2 2 3 3 L 3 9", "M0 0C1 1 2 2 3 3V9"),
        ("M 0 0 L 1 0 z M 1 0 L 1 1", "M0 0H1zM1 0V1"),
    ],
)
def test_paths_are_short(data, short):
    assert path(data) == short


def test_turns_by_nothing_go_and_scales_stay_exact():
    assert transform("rotate(-0 12.3 4.5)") == ""
    assert transform("rotate(-90 12.34 4.5)") == "rotate(-90 12.3 4.5)"
    assert transform("scale(0.03125 -1)") == "scale(.0312 -1)"


def test_pixels_stay_sharp_by_the_style_sheet(svg):
    """`image-rendering` as an attribute knows no "pixelated": the page is not valid."""
    assert 'class="dlb-pixels"' in svg
    assert "image-rendering" not in svg
