"""One control of an explorer as ipywidgets."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from dlbasics.explorers._controls import Choice, Control, Slider, Value

FEW = 5  # choices that stand side by side; more become a list to open


class Knob:
    """Widgets that turn one control; `changed()` is called once for each change.

    A slider whose control can parse gets a text field for any value beside it. While
    that holds something wrong, the reason stands next to it and `valid` is False.
    """

    def __init__(
        self, control: Control, label: str, value: Value, changed: Callable[[], None]
    ) -> None:
        self.control, self.changed = control, changed
        self.chooser = chooser(control, label)
        self.field = widgets.Text(placeholder="or any value", continuous_update=False)
        self.field.layout.width = "8rem"
        self.readout, self.reason = widgets.Label(), widgets.HTML()
        self._quiet = False
        self.set(value)
        self.chooser.observe(self._chosen, names="value")
        self.field.observe(self._typed, names="value")
        said = [self.readout] if isinstance(control, Slider) else []
        free = [self.field, self.reason] if control.parse else []
        self.box = widgets.HBox([self.chooser, *said, *free])
        self.box.layout.flex_flow = "row wrap"

    def set(self, value: Value) -> None:
        """Take a value, listed or not, without calling `changed`."""
        listed = value in self.control.values
        self._quiet = True
        try:
            if listed:
                self.chooser.value = value
            self.field.value = "" if listed else str(value)
        finally:
            self._quiet = False
        self.value, self.valid, self.reason.value = value, True, ""
        self.readout.value = self.control.text(value)

    def _chosen(self, change) -> None:
        if not self._quiet:
            self.set(change.new)
            self.changed()

    def _typed(self, change) -> None:
        if self._quiet:
            return
        text = change.new.strip()
        try:
            self.set(self.control.check(text) if text else self.chooser.value)
        except Exception as error:
            self.valid = False
            self.reason.value = f'<span role="alert">{escape(str(error))}</span>'
        else:
            self.changed()


def chooser(control: Control, label: str) -> widgets.DOMWidget:
    """Make the widget that fits a control."""
    options = [(control.text(value), value) for value in control.values]
    layout = {"width": "auto", "max_width": "100%"}
    style = {"description_width": "initial"}
    common = {"description": label, "style": style, "layout": layout}
    if isinstance(control, Slider):
        layout["width"] = "32rem"
        return widgets.SelectionSlider(options=options, readout=False, **common)
    if not isinstance(control, Choice):
        return widgets.Checkbox(description=label, indent=False)
    if len(options) > FEW:
        return widgets.Dropdown(options=options, **common)
    common["style"] = style | {"button_width": "auto"}
    return widgets.ToggleButtons(options=options, **common)
