"""The settings under which frames are drawn, in a bake and in a live kernel alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dlbasics.palette import RC

SETTINGS = {**RC, "svg.fonttype": "none", "svg.hashsalt": "dlbasics"}
LOCK = threading.RLock()


@contextmanager
def style() -> Iterator[None]:
    """Draw in the book's style, in one thread at a time; then restore what was set.

    Only what was set is restored: `matplotlib.rc_context` would also take back what
    another thread's cell has changed in the meantime.
    """
    import matplotlib as mpl

    with LOCK:
        before = {key: mpl.rcParams[key] for key in SETTINGS}
        mpl.rcParams.update(SETTINGS)
        try:
            yield
        finally:
            mpl.rcParams.update(before)
