"""An explorer in a live kernel: ipywidgets, any value, real computation."""

from __future__ import annotations

import itertools
import time
import traceback
from html import escape

import ipywidgets as widgets

from dlbasics.explorers._controls import Value
from dlbasics.explorers._declaration import Explorer, Frame, State
from dlbasics.explorers._garbage import collecting_later
from dlbasics.explorers._knobs import Knob
from dlbasics.explorers._runner import Alive, Outdated, Runner
from dlbasics.explorers._svg import draw, place
from dlbasics.palette import COLORS, DARK, css

IDENTS = (f"dlb{number}-" for number in itertools.count())
DARK_PAGES = (
    '[data-jp-theme-light="false"] .dlb-live, .vscode-dark .dlb-live, '
    'html[data-theme="dark"] .dlb-live'
)
STYLE = (
    f"<style>{css('.dlb-live', COLORS)}{css(DARK_PAGES, DARK)}"
    ".dlb-live{--dlb-ink:var(--jp-ui-font-color1,var(--vscode-foreground,#222));"
    "color:var(--dlb-ink);line-height:1.4;max-width:52rem}"
    ".dlb-live svg{display:block;width:100%;min-width:28rem}"
    ".dlb-live .dlb-pixels{image-rendering:pixelated}"
    ".dlb-live pre{overflow-x:auto}.dlb-live .dlb-wrong{color:var(--dlb-red)}</style>"
)
OFTEN = 0.1  # seconds between two moves of the progress bar


class LiveExplorer:
    """The widgets of one explorer, in `box`, and what happens when they change."""

    def __init__(
        self, made: Explorer, start: State, frame: Frame | None = None
    ) -> None:
        self.made, self.start = made, dict(start)
        self.knobs = {
            name: Knob(control, made.label(name), start[name], self.changed)
            for name, control in made.controls.items()
        }
        self.ident = next(IDENTS)
        # Not for a training: what it leaves behind can be much.
        quick = not made.has_progress
        self.runner = Runner(
            collecting_later()(self.compute) if quick else self.compute
        )
        self.head, self.picture, self.error = (widgets.HTML() for _ in range(3))
        self.bar = widgets.IntProgress(description="computing")
        self.stop = widgets.Button(description="Stop")
        self.stop.on_click(lambda _: self.stopped())
        self.reset = widgets.Button(description="Reset")
        self.reset.on_click(lambda _: self.back_to_start())
        self.busy = widgets.HBox([self.bar, self.stop])
        self.busy.layout.display = "none"
        knobs = [knob.box for knob in self.knobs.values()]
        parts = self.head, *knobs, self.reset, self.busy, self.error, self.picture
        self.box = widgets.VBox(parts)
        self.publish(frame or made(**start))

    @property
    def state(self) -> dict[str, Value]:
        return {name: knob.value for name, knob in self.knobs.items()}

    def changed(self) -> None:
        """Compute for the present values, unless one of them is in error."""
        if all(knob.valid for knob in self.knobs.values()):
            if self.made.has_progress:
                self.bar.value, self.busy.layout.display = 0, None
            self.runner.submit(self.state)

    def back_to_start(self) -> None:
        """Set all controls at once and compute once."""
        for name, knob in self.knobs.items():
            knob.set(self.start[name])
        self.changed()

    def stopped(self) -> None:
        """Give up what is being computed; the last figure stays."""
        self.runner.cancel()
        self.busy.layout.display = "none"

    def compute(self, state: State, alive: Alive) -> None:
        """Do the work of one change and show how it ended."""
        try:
            frame = self.made(progress=self.progress(alive), **state)
            svg = draw(frame.figure)
        except Outdated:
            return
        except Exception as error:
            if alive():
                self.fail(state, error)
        else:
            if alive():
                self.publish(frame, svg)

    def progress(self, alive: Alive):
        """Return a function that moves the bar, and stops what is outdated."""
        last = -OFTEN

        def progress(done: int, total: int) -> None:
            nonlocal last
            if not alive():
                raise Outdated
            now = time.monotonic()
            if now - last >= OFTEN:
                last = now
                self.bar.max, self.bar.value = total, done
                self.busy.layout.display = None

        return progress

    def publish(self, frame: Frame, svg: str = "") -> None:
        """Show a frame with its description."""
        svg = place(
            svg or draw(frame.figure), ident=self.ident, description=frame.description
        )
        sentence = f'<p role="status">{escape(frame.description)}</p>'
        self.picture.value = f'{STYLE}<div class="dlb-live">{svg}{sentence}</div>'
        self.head.value = heading(self.made, frame.reached)
        self.error.value = ""
        self.busy.layout.display = "none"

    def fail(self, state: State, error: Exception) -> None:
        """Show an exception with its traceback; the last figure stays below it."""
        lines = "".join(traceback.format_exception(error))
        self.error.value = (
            f'{STYLE}<div class="dlb-live" role="alert"><p class="dlb-wrong">'
            f"<strong>{type(error).__name__}</strong>: {escape(str(error))}</p>"
            f"<p>raised by <code>{escape(self.made.say(state))}</code>; the figure "
            "below is the one before.</p>"
            f"<details><summary>Traceback</summary><pre>{escape(lines)}</pre></details>"
            "</div>"
        )
        self.busy.layout.display = "none"


def heading(made: Explorer, reached: bool | None) -> str:
    """Return title and target as HTML."""
    done = " <strong>✓ reached</strong>" if reached else ""
    target = f"<br>Target. {escape(made.target)}{done}" if made.target else ""
    return f'<div class="dlb-live"><strong>{escape(made.title)}</strong>{target}</div>'
