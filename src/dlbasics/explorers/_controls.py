"""What a reader can turn: sliders, choices and toggles over finitely many values.

Every control has its values, a default among them, and for each value a *label* that
people read and a *token* that stands in addresses and file indices. All three are
plain data, so that the same declaration serves a web page and a live kernel.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

Value = Hashable
Parse = Callable[[object], Value]


@dataclass(frozen=True, kw_only=True)
class Control:
    """Some values, one of them the default.

    `label` names the control and defaults to the parameter's name. `labels` overrides
    what is shown for single values. `parse` turns anything else, typed text included,
    into a value or raises ValueError with what it expected; without it, nothing but
    the listed values is accepted. Only a live kernel can follow such a value.
    """

    values: tuple[Value, ...]
    default: Value = None
    label: str = ""
    labels: Mapping[Value, str] = field(default_factory=dict, hash=False)
    parse: Parse | None = None

    def __post_init__(self) -> None:
        if self.default is None and self.values:
            object.__setattr__(self, "default", self.values[0])
        tokens = [self.token(value) for value in self.values]
        if len(tokens) < 2 or len(set(tokens)) < len(tokens):
            raise ValueError(f"expected two or more different values, got {tokens}")
        if self.default not in self.values:
            raise ValueError(f"default {self.default!r} is not among {self.values}")

    def text(self, value: Value) -> str:
        """Say the value to a reader."""
        return self.labels.get(value) or say(value)

    def token(self, value: Value) -> str:
        """Name the value in an address: letters, digits, points, signs."""
        return re.sub(r"[^\w.+-]+", "-", say(value).lower())

    def check(self, value: object) -> Value:
        """Return the value if it may be used; else say what was expected."""
        for known in self.values:  # so that 1 stays 1.0, and True is not 1
            if known == value and isinstance(known, bool) == isinstance(value, bool):
                return known
        if self.parse is not None:
            return self.parse(value)
        known = ", ".join(repr(v) for v in self.values)
        raise ValueError(f"expected one of {known}; got {value!r}")


def say(value: Value) -> str:
    """Write a value in few characters: on, off, 0.29, 0.0063, tanh."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


class Slider(Control):
    """Values with an order: numbers, perhaps with named ones among them."""

    kind = "slider"

    def __init__(self, values: Sequence[Value], **options) -> None:
        super().__init__(values=tuple(values), **options)


class Choice(Control):
    """Values without an order."""

    kind = "choice"

    def __init__(self, *values: Value, **options) -> None:
        super().__init__(values=values, **options)


class Toggle(Control):
    """Off or on."""

    kind = "toggle"

    def __init__(self, default: bool = False, **options) -> None:
        super().__init__(values=(False, True), default=default, **options)


def positive(value: object) -> float:
    """Parse a finite number above zero: `Slider(..., parse=positive)`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"expected a number above 0, got {value!r}")
    return number
