"""The declaration of an explorer, and the list of all there are."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dlbasics.explorers._controls import Control, Value
from dlbasics.explorers._style import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Progress = Callable[[int, int], None]
State = Mapping[str, Value]


class Frame(NamedTuple):
    """What an explorer shows for one state of its controls.

    `description` says in one or two sentences what is to be seen, numbers included:
    it is the figure's alt text and stands below it. `reached` tells whether this
    state meets the explorer's target; None if there is nothing to reach.
    """

    figure: Figure
    description: str
    reached: bool | None = None


class Explorer:
    """A function from a few controls to a `Frame`, and what is known about it.

    Calling it checks the values, fills in the defaults and computes. `progress(done,
    total)` is handed on to functions that take it; it may raise to stop the work.
    """

    kind = "frames"

    def __init__(
        self,
        function: Callable[..., Frame],
        controls: dict[str, Control],
        *,
        title: str,
        target: str = "",
    ) -> None:
        self.function, self.controls = function, controls
        self.title, self.target = title, target
        self.name, self.module = function.__name__, function.__module__
        self.__doc__, self.__wrapped__ = function.__doc__, function
        takes = set(inspect.signature(function).parameters)
        self.has_progress = "progress" in takes
        if takes - {"progress"} != controls.keys():
            raise TypeError(
                f"{self.name} takes {takes}, its controls are {[*controls]}"
            )

    def __call__(self, *, progress: Progress | None = None, **state: Value) -> Frame:
        state = self.state(state)
        extra = {"progress": progress or ignore} if self.has_progress else {}
        with style():
            frame = self.function(**state, **extra)
        if not isinstance(frame, Frame) or not frame.description:
            raise TypeError(f"{self.name} expected to return a Frame, got {frame!r}")
        return frame

    def state(self, given: State) -> dict[str, Value]:
        """Check the given values and add the defaults of the others."""
        unknown = given.keys() - self.controls.keys()
        if unknown:
            known = ", ".join(self.controls)
            raise TypeError(f"{self.name} has no control {min(unknown)!r}, but {known}")
        state = {}
        for name, control in self.controls.items():
            try:
                state[name] = control.check(given.get(name, control.default))
            except ValueError as error:
                raise ValueError(f"{self.name}: {name} {error}") from None
        return state

    def combinations(self) -> Iterator[dict[str, Value]]:
        """Walk through all states, the last control changing fastest."""
        for values in itertools.product(*(c.values for c in self.controls.values())):
            yield dict(zip(self.controls, values, strict=True))

    def label(self, name: str) -> str:
        """Name a control to a reader."""
        return self.controls[name].label or name.replace("_", " ")

    def for_page(self) -> dict:
        """Return what a page must know of it besides title, target and controls."""
        return {"kind": self.kind}

    def for_script(self) -> dict:
        """Return what the page's script needs besides the frames."""
        return {}

    def say(self, state: State) -> str:
        """Write a state as the call that makes it."""
        values = ", ".join(f"{name}={value!r}" for name, value in state.items())
        return f"{self.name}({values})"

    def __repr__(self) -> str:
        return f"<explorer {self.name}: {', '.join(self.controls)}>"


def ignore(done: int, total: int) -> None:
    """Take notice of no progress."""


REGISTRY: dict[str, Explorer] = {}


def explorer(*, title: str, target: str = "", **controls: Control):
    """Declare the decorated function an explorer with these controls.

    `title` heads the figure; `target` is the task it sets to the reader. Parameters
    take their label from their name unless the control brings one.
    """

    def declare(function: Callable[..., Frame]) -> Explorer:
        return enter(Explorer(function, controls, title=title, target=target))

    return declare


def enter(made: Explorer) -> Explorer:
    """Enter an explorer into the list of all; two of one name are an error."""
    known = REGISTRY.setdefault(made.name, made)
    if known.module != made.module:
        raise ValueError(f"two explorers {made.name}: {known.module}, {made.module}")
    REGISTRY[made.name] = made
    return made


def all_explorers() -> dict[str, Explorer]:
    """Import every module here that declares explorers, and return those by name.

    Modules with an underscore are the machinery, the others declare explorers.
    """
    package = importlib.import_module("dlbasics.explorers")
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if not module.name.rpartition(".")[2].startswith("_"):
            importlib.import_module(module.name)
    return dict(sorted(REGISTRY.items()))
