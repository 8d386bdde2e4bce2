"""Put an explorer into a notebook: widgets for a live kernel, and what is stored."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from dlbasics.explorers._declaration import Explorer, Frame
from dlbasics.explorers._style import style

if TYPE_CHECKING:
    from ipywidgets import Widget

    from dlbasics.explorers._declaration import State, Value

MIME = "application/vnd.dlbasics.explorer+json"
WIDGET = "application/vnd.jupyter.widget-view+json"


def show(made: Explorer, **start: Value) -> None:
    """Show an explorer, starting from the given values and else from the defaults.

    Reset returns to this state, also in the book, where every value given must be one
    of those declared.
    """
    from IPython.display import display

    bundle, metadata = bundle_of(made, start)
    display(bundle, metadata=metadata, raw=True)


def bundle_of(made: Explorer, start: State) -> tuple[dict, dict]:
    """Return the output in all its forms, and its metadata.

    A notebook front end takes the widgets, the book our own type, GitHub the picture
    with its alt text, a terminal the title. Text holds no computed number, for it is
    compared when the notebook is tested on another machine.
    """
    state = made.state(start)
    frame = made(**state)
    box = widget_of(made, state, frame)
    tokens = {name: made.controls[name].token(value) for name, value in state.items()}
    bundle = {
        "text/plain": f"{made.title} (explorer {made.name})",
        "image/png": base64.b64encode(png(frame)).decode(),
        MIME: {"explorer": made.name, "state": tokens},
        WIDGET: {"version_major": 2, "version_minor": 0, "model_id": box.model_id},
    }
    return bundle, {"image/png": {"alt": frame.description}}


def widget_of(made: Explorer, state: State, frame: Frame) -> Widget:
    """Return what a live kernel shows: a canvas, or controls and a figure."""
    if made.kind == "drawing":
        from dlbasics.explorers._canvas import live_drawing

        return live_drawing(made, state, frame)
    from dlbasics.explorers._live import LiveExplorer

    return LiveExplorer(made, state, frame).box


def png(frame: Frame) -> bytes:
    """Draw a frame as a picture on white, the same bytes each time."""
    buffer = io.BytesIO()
    with style():
        frame.figure.savefig(
            buffer, dpi=110, facecolor="white", metadata={"Software": None}
        )
    return buffer.getvalue()
