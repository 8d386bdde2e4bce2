"""`python -m dlbasics.explorers bake --out DIR`: compute all frames for the book."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dlbasics.explorers import all_explorers
from dlbasics.explorers._bake import FrameError, bake


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m dlbasics.explorers")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name all explorers")
    baking = commands.add_parser("bake", help="compute all frames that are out of date")
    baking.add_argument("--out", type=Path, required=True, help="folder for the files")
    baking.add_argument(
        "--only", action="append", metavar="NAME", help="bake only these"
    )
    baking.add_argument(
        "-j", "--jobs", type=int, help="processes (default: one a core)"
    )
    options = parser.parse_args(arguments)
    known = all_explorers()
    if options.command == "list":
        print(*(f"{name}: {made.title}" for name, made in known.items()), sep="\n")
        return 0
    wanted = options.only or list(known)
    if unknown := set(wanted) - known.keys():
        parser.error(f"no explorer {min(unknown)!r}; there are {', '.join(known)}")
    if options.jobs is not None and options.jobs < 1:
        parser.error(f"expected --jobs of 1 or more, got {options.jobs}")
    try:
        bake([known[name] for name in wanted], options.out, jobs=options.jobs)
    except FrameError as error:
        print(f"bake failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
