"""Controls, the declaration and the list of explorers."""

import subprocess
import sys

import pytest

from dlbasics.explorers import (
    Choice,
    Explorer,
    Frame,
    Slider,
    Toggle,
    explorer,
    positive,
)
from dlbasics.explorers._style import SETTINGS, style


def test_the_first_value_is_the_default():
    assert Choice("a", "b").default == "a"
    assert Slider([1, 2], default=2).default == 2
    assert Toggle().default is False
    assert Toggle(True).default is True


@pytest.mark.parametrize(
    ("value", "text", "token"),
    [
        (0.0063096, "0.00631", "0.00631"),
        (1e-05, "1e-05", "1e-05"),
        (1.0, "1", "1"),
        (20, "20", "20"),
        (True, "on", "on"),
        ("leaky relu", "leaky relu", "leaky-relu"),
        ("Größe?&=#", "Größe?&=#", "größe-"),
    ],
)
def test_values_are_said_and_named(value, text, token):
    control = Choice(value, "other")
    assert control.text(value) == text
    assert control.token(value) == token


def test_labels_override_what_is_said_but_not_the_token():
    control = Choice("relu", "tanh", labels={"relu": "ReLU"})
    assert (control.text("relu"), control.token("relu")) == ("ReLU", "relu")


@pytest.mark.parametrize(
    "values",
    [[], [1], [1, 1], [0.1000001, 0.1000002], ["a b", "a-b"]],
    ids=["none", "one", "equal", "same-token", "same-token-text"],
)
def test_values_that_cannot_be_told_apart_are_refused(values):
    with pytest.raises(ValueError, match="two or more different values"):
        Slider(values)


def test_default_must_be_among_the_values():
    with pytest.raises(ValueError, match="default 3 is not among"):
        Slider([1, 2], default=3)


def test_a_listed_value_is_returned_as_declared():
    value = Slider([0.5, 1.0]).check(1)
    assert value == 1.0
    assert isinstance(value, float)


def test_true_is_not_one():
    with pytest.raises(ValueError, match=r"expected one of 1, 2; got True"):
        Slider([1, 2]).check(True)


@pytest.mark.parametrize("value", ["0.37", 0.37])
def test_parse_accepts_other_values(value):
    assert Slider([1, 2], parse=positive).check(value) == 0.37


@pytest.mark.parametrize("value", ["", "x", -1, 0, float("nan"), "inf", None, [1]])
def test_positive_says_what_came(value):
    with pytest.raises(ValueError, match="expected a number above 0, got"):
        positive(value)


def test_call_fills_in_defaults_and_hands_progress_on(toy):
    seen = []
    frame = toy(slope=0.5, progress=lambda done, total: seen.append((done, total)))
    assert frame.description == "A blue line of slope 0.5."
    assert seen == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        ({"slop": 1}, TypeError, "toy has no control 'slop', but slope, color, dots"),
        (
            {"color": "pink"},
            ValueError,
            "toy: color expected one of 'blue', 'orange'; got 'pink'",
        ),
        ({"slope": -1}, ValueError, "toy: slope expected a number above 0, got -1"),
        ({"dots": 1}, ValueError, "toy: dots expected one of False, True; got 1"),
    ],
)
def test_errors_say_what_was_expected_and_what_came(toy, state, error, message):
    with pytest.raises(error) as caught:
        toy(**state)
    assert str(caught.value) == message


def test_combinations_walk_with_the_last_control_fastest(toy):
    states = [tuple(state.values()) for state in toy.combinations()]
    assert len(states) == len(set(states)) == 12
    assert states[:3] == [
        (0.5, "blue", False),
        (0.5, "blue", True),
        (0.5, "orange", False),
    ]


def test_progress_can_stop_the_work(toy):
    class Stopped(Exception):
        pass

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        toy(progress=stop)


def test_parameters_and_controls_must_agree():
    with pytest.raises(TypeError, match="its controls are"):

        @explorer(title="t", a=Toggle())
        def f(b): ...


def test_a_name_belongs_to_one_module(toy):
    def toy(a): ...

    with pytest.raises(ValueError, match="two explorers toy"):
        explorer(title="t", a=Toggle())(toy)


def test_a_cell_may_be_run_again():
    for _ in range(2):

        @explorer(title="t", a=Toggle())
        def again(a): ...

    assert isinstance(again, Explorer)


@pytest.mark.parametrize("result", [None, "figure", Frame(None, "")])
def test_a_frame_with_a_description_is_required(result):
    made = explorer(title="t", a=Toggle())(lambda a: result)
    with pytest.raises(TypeError, match="expected to return a Frame"):
        made()


def test_style_restores_what_it_set_and_nothing_else():
    import matplotlib as mpl

    with mpl.rc_context({"axes.linewidth": 3, "figure.dpi": 50}):
        with style():
            assert mpl.rcParams["axes.linewidth"] == SETTINGS["axes.linewidth"]
            mpl.rcParams["figure.dpi"] = 60  # as another thread's cell might
        assert mpl.rcParams["axes.linewidth"] == 3
        assert mpl.rcParams["figure.dpi"] == 60


def test_declaring_loads_neither_matplotlib_nor_ipywidgets():
    code = (
        "import sys, dlbasics, dlbasics.explorers\n"
        "print({'matplotlib', 'ipywidgets', 'IPython', 'tqdm'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
