"""How long explorers take to answer in a kernel.

    make bench-explorers

Each is moved to states drawn at random, as a reader's hand would, and timed until the
new picture is there: at most 200 ms where nothing is trained. Where something is, the
first move of the bar is timed, and how long the work goes on after Stop.
"""

from __future__ import annotations

import argparse
import random
import time

import numpy as np

from dlbasics.explorers import all_explorers
from dlbasics.explorers._live import LiveExplorer

BAR = 200  # milliseconds
PATIENCE = 120  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, default=9, help="for each explorer")
    asked = parser.parse_args()
    answers, trained = {}, {}
    for name, made in all_explorers().items():
        if made.kind == "drawing":
            continue  # it computes in the page, in a notebook too (tests/site)
        states = random.Random(0).sample(list(made.combinations()), asked.states)
        (trained if made.has_progress else answers)[name] = made, states
    table(
        "answer, ms", {n: [answer(m, s) for s in ss] for n, (m, ss) in answers.items()}
    )
    progress = {n: [first(m, s) for s in ss] for n, (m, ss) in trained.items()}
    for i, title in enumerate(("first progress, ms", "work after Stop, ms")):
        table(title, {n: [times[i] for times in all_] for n, all_ in progress.items()})


def move(live: LiveExplorer, state: dict) -> float:
    """Set the controls as Reset does; return when."""
    for name, knob in live.knobs.items():
        knob.set(state[name])
    started = time.perf_counter()
    live.changed()
    return started


def answer(made, state: dict) -> float:
    """Return the milliseconds from a change to the new picture."""
    live = LiveExplorer(made, made.state({}))
    started = move(live, state)
    if not live.runner.wait(PATIENCE) or live.error.value:
        raise RuntimeError(f"{made.say(state)} did not answer: {live.error.value}")
    return 1000 * (time.perf_counter() - started)


def first(made, state: dict) -> tuple[float, float]:
    """Return the milliseconds until progress shows, and those of work after Stop."""
    live, seen = LiveExplorer(made, made.state({})), []
    live.bar.observe(lambda _: seen.append(time.perf_counter()), "value")
    started = move(live, state)
    while not seen and not live.runner.wait(0.001):
        pass
    ended = time.perf_counter()
    live.stopped()
    live.runner.wait(PATIENCE)
    after = time.perf_counter() - ended
    return 1000 * ((seen[0] if seen else ended) - started), 1000 * after


def table(title: str, rows: dict[str, list[float]]) -> None:
    print(f"{title:26s}{'median':>8s}{'most':>8s}")
    for name, values in rows.items():
        late = "" if max(values) <= BAR else f"  over {BAR}"
        print(f"  {name:24s}{np.median(values):8.0f}{max(values):8.0f}{late}")


if __name__ == "__main__":
    main()
