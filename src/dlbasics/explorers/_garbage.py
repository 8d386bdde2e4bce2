"""When Python looks for garbage: not while a figure is being made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Let garbage wait until the block ends.

    To look at everything takes 0.2 seconds, and the thousands of objects of a figure
    bring it about again and again: a sixth of the time that a bake takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
