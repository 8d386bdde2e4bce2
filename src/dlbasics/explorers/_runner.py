"""Run the latest of several jobs, and let those before it go."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

Alive = Callable[[], bool]


class Outdated(BaseException):
    """Raised inside a computation that nobody waits for any more.

    Like asyncio's cancellation not an Exception, so that an explorer's own error
    handling lets it pass.
    """


class Runner:
    """Call `work(job, alive)` for the latest job, in a thread where there are threads.

    `alive()` turns False as soon as another job is submitted, or this one cancelled.
    Two jobs never run at the same time. In a browser's Python `submit` does the work
    before it returns.
    """

    def __init__(self, work: Callable[[object, Alive], None]) -> None:
        self.work = work
        self.threaded = sys.platform != "emscripten"
        self._latest, self._working = 0, threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, job: object) -> None:
        ticket = self.cancel()
        if self.threaded:
            arguments = ticket, job
            self._thread = threading.Thread(
                target=self._run, args=arguments, daemon=True
            )
            self._thread.start()
        else:
            self._run(ticket, job)

    def cancel(self) -> int:
        self._latest += 1
        return self._latest

    def wait(self, seconds: float) -> bool:
        """Wait for the latest job; tell whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _run(self, ticket: int, job: object) -> None:
        with self._working:
            if ticket == self._latest:
                self.work(job, lambda: ticket == self._latest)
