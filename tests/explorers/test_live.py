"""The widgets of a live kernel, turned without a browser."""

import gc
import sys
import threading
import time

import ipywidgets as widgets
import pytest
from matplotlib.figure import Figure

from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.explorers._knobs import Knob
from dlbasics.explorers._live import LiveExplorer
from dlbasics.explorers._runner import Outdated, Runner


@pytest.fixture(params=["threads", "browser"])
def platform(request, monkeypatch):
    """With threads, and as under Pyodide, where there are none."""
    if request.param == "browser":
        monkeypatch.setattr(sys, "platform", "emscripten")
        monkeypatch.setattr(threading.Thread, "start", None)


@pytest.fixture
def live(platform, toy):
    return LiveExplorer(toy, toy.state({}))


def settle(live):
    assert live.runner.wait(30), "the computation did not end"


def test_it_starts_with_the_given_state(live):
    assert "A blue line of slope 1." in live.picture.value
    assert "A &lt;toy&gt; &amp; its line" in live.head.value
    assert "Target. Make it steep." in live.head.value
    assert live.error.value == ""
    assert live.busy.layout.display == "none"


def test_each_control_has_a_fitting_widget(live):
    kinds = {name: type(knob.chooser) for name, knob in live.knobs.items()}
    assert kinds == {
        "slope": widgets.SelectionSlider,
        "color": widgets.ToggleButtons,
        "dots": widgets.Checkbox,
    }
    many = Choice(*"abcdef")
    assert isinstance(Knob(many, "m", "a", print).chooser, widgets.Dropdown)


def test_a_change_computes_once(live, calls):
    calls.clear()
    live.knobs["color"].chooser.value = "orange"
    settle(live)
    assert calls == [(1.0, "orange", False)]
    assert 'aria-label="A orange line of slope 1."' in live.picture.value
    live.knobs["dots"].chooser.value = True
    settle(live)
    assert calls[1:] == [(1.0, "orange", True)]


def test_any_value_may_be_typed(live, calls):
    calls.clear()
    live.knobs["slope"].field.value = "0.37"
    settle(live)
    assert calls == [(0.37, "blue", False)]
    assert "slope 0.37" in live.picture.value
    assert live.knobs["slope"].readout.value == "0.37"


def test_typing_a_listed_value_moves_the_slider(live):
    live.knobs["slope"].field.value = "0.5"
    settle(live)
    assert live.knobs["slope"].chooser.value == 0.5
    assert live.knobs["slope"].field.value == ""


@pytest.mark.parametrize("text", ["-1", "x<y", "0"])
def test_a_wrong_value_is_explained_beside_the_field(live, calls, text):
    calls.clear()
    knob = live.knobs["slope"]
    knob.field.value = text
    settle(live)
    assert 'role="alert"' in knob.reason.value
    assert "expected a number above 0, got" in knob.reason.value
    assert "<y" not in knob.reason.value
    assert calls == []
    live.knobs["dots"].chooser.value = True  # still in error: nothing to compute
    settle(live)
    assert calls == []
    knob.field.value = "2"
    settle(live)
    assert (knob.reason.value, calls) == ("", [(2.0, "blue", True)])


def test_moving_the_slider_clears_the_field(live, calls):
    knob = live.knobs["slope"]
    knob.field.value = "-3"
    calls.clear()
    knob.chooser.value = "big"
    settle(live)
    assert (knob.field.value, knob.reason.value) == ("", "")
    assert calls == [(10.0, "blue", False)]


def test_a_target_that_is_reached_is_marked(live):
    assert "reached" not in live.head.value
    live.knobs["slope"].chooser.value = "big"
    settle(live)
    assert "✓ reached" in live.head.value


def test_reset_computes_once(live, calls):
    live.knobs["slope"].field.value = "7"
    live.knobs["dots"].chooser.value = True
    settle(live)
    calls.clear()
    live.reset.click()
    settle(live)
    assert calls == [(1.0, "blue", False)]
    assert live.state == live.start
    assert live.knobs["slope"].field.value == ""


def test_an_exception_is_shown_and_the_next_change_works(live):
    live.knobs["slope"].field.value = "1000"
    settle(live)
    assert 'role="alert"' in live.error.value
    assert "<strong>OverflowError</strong>: too &lt;steep&gt;" in live.error.value
    assert "toy(slope=1000.0, color=&#x27;blue&#x27;, dots=False)" in live.error.value
    assert "<details>" in live.error.value
    assert "Traceback (most recent call last)" in live.error.value
    assert live.busy.layout.display == "none"
    live.knobs["slope"].field.value = "2"
    settle(live)
    assert live.error.value == ""
    assert "slope 2" in live.picture.value


def slow_explorer(started, go_on, log):
    @explorer(title="slow", n=Slider([1, 2, 3]))
    def slow(n, progress):
        try:
            for step in range(100):
                progress(step, 100)
                started.set()
                assert go_on.wait(10)
                if n == 2:
                    time.sleep(0.01)
        except Exception as error:  # an explorer's own handling must not swallow it
            log.append(error)
        except Outdated:
            log.append(f"{n} stopped")
            raise
        log.append(f"{n} done")
        return Frame(Figure(figsize=(1, 1)), f"frame {n}")

    return slow


def slow_and_shown():
    """A slow explorer that has shown its first figure, and what steers it."""
    started, go_on, log = threading.Event(), threading.Event(), []
    made = slow_explorer(started, go_on, log)
    go_on.set()
    live = LiveExplorer(made, made.state({}))
    log.clear()
    started.clear()
    return live, started, go_on, log


def test_garbage_is_collected_when_the_figure_is_there(platform):
    while_computing = []

    @explorer(title="quick", n=Slider([1, 2, 3]))
    def quick(n):
        while_computing.append(gc.isenabled())
        if n == 3:
            raise ValueError("three")
        return Frame(Figure(figsize=(1, 1)), f"frame {n}")

    live = LiveExplorer(quick, quick.state({}))
    for n in 2, 3:
        live.knobs["n"].chooser.value = n
        settle(live)
        assert gc.isenabled()
    assert while_computing == [True, False, False]


def test_progress_shows_and_a_new_change_stops_the_old():
    live, started, go_on, log = slow_and_shown()
    go_on.clear()
    live.knobs["n"].chooser.value = 2
    assert started.wait(10)
    assert live.busy.layout.display is None
    assert live.bar.max == 100
    live.knobs["n"].chooser.value = 3
    go_on.set()
    settle(live)
    assert log == ["2 stopped", "3 done"]
    assert "frame 3" in live.picture.value
    assert live.busy.layout.display == "none"


def test_stop_keeps_the_last_figure():
    live, started, _, log = slow_and_shown()
    live.knobs["n"].chooser.value = 2
    assert started.wait(10)
    live.stop.click()
    settle(live)
    assert log == ["2 stopped"]
    assert "frame 1" in live.picture.value
    assert live.busy.layout.display == "none"


def test_of_many_quick_changes_the_last_one_stays():
    done = []
    runner = Runner(lambda job, alive: (time.sleep(0.02), done.append(job)))
    for job in range(20):
        runner.submit(job)
    assert runner.wait(10)
    assert done[-1] == 19
    assert len(done) < 10


def test_identifiers_of_two_on_a_page_differ(toy):
    import re

    pages = [LiveExplorer(toy, toy.state({})).picture.value for _ in range(2)]
    first, second = ({*re.findall(r' id="([^"]+)"', page)} for page in pages)
    assert first
    assert not first & second
