"""`make mutants`: break every function that learning rests on; print the score."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from mutants import equivalent
from mutants.checking import Checker
from mutants.targets import targets

ROOT = Path(__file__).resolve().parents[2]
LISTED = ROOT / "tests" / "mutants_equivalent.txt"
# Slow, or about other things: chapters, scripts, files, searches, figures.
LEFT_OUT = (
    *("test_chapter", "test_book", "test_scripts", "test_nbval", "test_notebook"),
    *("test_package", "test_search", "test_parallel", "test_pretrained", "test_paths"),
    *("test_tables", "test_recorded", "test_drawn", "test_mutants", "test_numerals"),
    *("test_gaussian", "test_palette", "test_exercises", "test_augment", "test_safety"),
)


def key(target, mutant) -> equivalent.Key:
    return target.full_name, mutant.before, mutant.after


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--only", default="", help="functions whose name has this")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tests", nargs="+", type=Path, help="test files")
    parser.add_argument("--list", action="store_true", help="show all, run nothing")
    options = parser.parse_args(argv)
    listed, every = equivalent.read(LISTED), set()

    def choose(pairs):
        every.update(key(*p) for p in pairs)
        pairs = [p for p in pairs if options.only in p[0].full_name]
        pairs = [p for p in pairs if key(*p) not in listed]
        if options.sample:
            random.Random(options.seed).shuffle(pairs)
        return pairs[: options.sample]

    if options.list:
        found = {key(t, m) for t in targets() for m in t.mutants()}
        print("\n\n".join(map(equivalent.write, sorted(found))))
        return 0

    def tell(target, mutant, killer):
        if killer == "":
            print(f"survived: {equivalent.write(key(target, mutant))}\n", flush=True)

    checker, start = Checker(choose, jobs=options.jobs, tell=tell), time.monotonic()
    code = check(checker, options.tests or default_tests())
    if code or checker.problems:
        print("tests fail without a mutant:", *checker.problems, sep="\n")
        return 1
    report(checker.counts, sum(k in listed for k in every), time.monotonic() - start)
    stale = [k for k in listed if k not in every]
    for k in stale:
        print(f"no longer a mutant, remove it from {LISTED.name}:\n{k}")
    return int(bool(checker.survivors or stale))


def default_tests() -> list[Path]:
    files = sorted((ROOT / "tests").glob("test_*.py"))
    return [path for path in files if not path.name.startswith(LEFT_OUT)]


def check(checker: Checker, tests: list[Path]) -> int:
    plain = ["-o", "addopts=", "-p", "no:terminal", "-p", "no:xdist"]
    plain += ["-p", "no:cacheprovider", "-p", "no:faulthandler"]
    return pytest.main([*plain, *map(str, tests)], plugins=[checker])


def report(counts: dict, n_equivalent: int, seconds: float) -> None:
    total = sum(counts.values(), Counter())
    print(f"{'module':34}{'mutants':>9}{'noticed':>9}{'hung':>6}{'survived':>10}")
    for module, count in [*sorted(counts.items()), ("all", total)]:
        n, hung, alive = count["mutants"], count["hung"], count["survived"]
        print(f"{module:34}{n:9}{n - hung - alive:9}{hung:6}{alive:10}")
    print(f"{n_equivalent} more compute the same and are listed with the reason.")
    print(f"{seconds:.0f} seconds")


if __name__ == "__main__":
    sys.exit(main())
