"""The tests, collected once, and run against one mutant after the other."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from mutants import children
from mutants.changes import Mutant
from mutants.targets import Target, targets

BUDGET = 10  # seconds of tests for a mutant, the shortest first
LIMIT = 30  # seconds of processor time after which a mutant hangs, which is noticed


class Checker:
    """A pytest plugin that runs tests for mutants in place of running them once."""

    def __init__(self, choose: Callable[[list], list], *, jobs: int, tell: Callable):
        self.choose, self.jobs, self.tell = choose, jobs, tell
        self.failed = False
        self.problems: list[str] = []  # tests that fail without any mutant
        self.survivors: list[tuple[Target, Mutant]] = []
        self.counts: dict[str, Counter] = defaultdict(Counter)

    def pytest_configure(self) -> None:
        """The same examples for every mutant, and no search for a smaller one."""
        import hypothesis  # after pytest has prepared it

        hypothesis.settings.register_profile(
            "mutants",
            database=None,
            deadline=None,
            derandomize=True,
            max_examples=40,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        )
        hypothesis.settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report) -> None:
        self.failed |= report.failed

    def pytest_runtestloop(self, session) -> bool:
        pairs = [(t, m) for t in targets() for m in t.mutants()]
        pairs = self.choose(pairs)
        self.items = {item.nodeid: item for item in session.items}
        self.targets = {t.full_name: t for t, _ in pairs}
        seen = children.once(self.look_on, 100 * LIMIT)
        if seen is None or seen["failed"]:
            died = ["a test that takes too long, or the process died"]
            self.problems = seen["failed"] if seen else died
            return True
        self.fitting = {name: chosen(seen, name) for name in self.targets}
        for (target, mutant), killer in children.each(
            pairs, self.try_one, jobs=self.jobs, seconds=LIMIT
        ):
            self.count(target, mutant, killer)
        return True

    def look_on(self) -> dict:
        """Run every test once; note how long it takes and what it calls."""
        seen: dict = {"seconds": {}, "calls": {}, "failed": []}
        for target in self.targets.values():
            target.become(None)
        names = {t.function.__code__: name for name, t in self.targets.items()}
        for nodeid in self.items:
            called: set[str] = set()

            def look(frame, event, _, called=called):
                if event == "call" and frame.f_code in names:
                    called.add(names[frame.f_code])

            sys.setprofile(look)
            start = time.process_time()
            failed = self.fails(nodeid)
            seen["seconds"][nodeid] = time.process_time() - start
            sys.setprofile(None)
            seen["calls"][nodeid] = sorted(called)
            seen["failed"] += [nodeid] if failed else []
        return seen

    def fails(self, nodeid: str) -> bool:
        item, self.failed = self.items[nodeid], False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return self.failed

    def try_one(self, pair: tuple[Target, Mutant]) -> str:
        """Return the first test that notices a mutant, or "" if none does."""
        target, mutant = pair
        target.become(mutant)
        return next(filter(self.fails, self.fitting[target.full_name]), "")

    def count(self, target: Target, mutant: Mutant, killer: str | None) -> None:
        counts = self.counts[target.module.__name__]
        counts["mutants"] += 1
        counts["hung"] += killer is None
        if killer == "":
            counts["survived"] += 1
            self.survivors.append((target, mutant))
        elif killer in (tests := self.fitting[target.full_name]):
            tests.remove(killer)  # what noticed one will notice the next
            tests.insert(0, killer)
        self.tell(target, mutant, killer)


def chosen(seen: dict, name: str) -> list[str]:
    """The tests that call a function, the shortest first, as many as the budget is."""
    calling = [test for test, calls in seen["calls"].items() if name in calls]
    calling.sort(key=seen["seconds"].get)
    total, tests = 0.0, []
    for test in calling:
        total += seen["seconds"][test]
        if total > BUDGET and tests:
            break
        tests.append(test)
    return tests
