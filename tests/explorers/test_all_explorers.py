"""Every explorer there is, at all corners of its controls."""

import itertools
import random
import re
from pathlib import Path

import pytest

import dlbasics.explorers
from dlbasics.explorers import all_explorers
from dlbasics.explorers._bake import compute, draw_one, workers
from dlbasics.explorers._svg import draw
from dlbasics.palette import COLORS

EXPLORERS = all_explorers()
FOLDER = Path(dlbasics.explorers.__file__).parent


def corners(made):
    """First and last value of each slider, all values of the others."""
    ends = [
        (c.values[0], c.values[-1]) if c.kind == "slider" else c.values
        for c in made.controls.values()
    ]
    for values in itertools.product(*ends):
        yield dict(zip(made.controls, values, strict=True))


CORNERS = [
    pytest.param(made, state, id=made.say(state))
    for made in EXPLORERS.values()
    for state in corners(made)
]


@pytest.mark.parametrize(("made", "state"), CORNERS)
def test_it_works_at_a_corner(made, state):
    frame = made(**state)
    assert 20 < len(frame.description) < 400
    assert frame.description.rstrip().endswith((".", "!"))
    assert frame.reached is None or made.target
    engine = frame.figure.get_layout_engine()
    assert engine is None, "axes would move between states, and be laid out each time"
    svg = draw(frame.figure)
    assert len(svg) < 150_000
    assert ">nan<" not in svg
    colors = set(re.findall(r"#[0-9a-f]{6}\b", svg)) - set(COLORS.values())
    assert not colors, f"not of the palette, so lost in dark mode: {colors}"


@pytest.fixture(scope="module")
def pool():
    with workers(2) as started:
        yield started


@pytest.mark.parametrize("made", EXPLORERS.values(), ids=EXPLORERS)
def test_workers_draw_what_a_kernel_shows(made, pool):
    n = 2 if made.has_progress else 5  # these take long
    states = random.Random(0).sample(list(made.combinations()), n)
    baked = compute(made, states, pool)
    assert baked == [draw_one(made, state) for state in states]


@pytest.mark.parametrize("made", EXPLORERS.values(), ids=EXPLORERS)
def test_the_declaration_is_complete(made):
    assert made.title
    assert made.__doc__
    assert made.target.endswith(".")
    assert 2 <= len(list(made.combinations())) <= 1000
    for name in made.controls:
        assert made.label(name)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda p: p.name)
def test_no_pyplot_which_keeps_figures_and_is_not_for_threads(path):
    assert not re.search(r"import.*pyplot", path.read_text(encoding="utf-8"))
