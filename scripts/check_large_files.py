"""Refuse files above 1 MB: what is committed once is cloned for ever."""

import sys
from pathlib import Path

LIMIT = 1_000_000  # bytes
MEANT = {
    "src/dlbasics/datasets/mnist.npz",  # all of MNIST, so that nothing is downloaded
    "book/_vendor/mathjax/tex-chtml.js",  # the formulas, for the same reason
}


def too_large(names):
    for name in names:
        size = Path(name).stat().st_size
        if size > LIMIT and name not in MEANT:
            yield f"{name}: expected at most {LIMIT:,} bytes, got {size:,}"


if __name__ == "__main__":
    problems = list(too_large(sys.argv[1:]))
    print(*problems, sep="\n")
    sys.exit(bool(problems))
