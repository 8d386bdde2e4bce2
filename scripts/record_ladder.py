"""Train the networks of chapter 12's ladder and write what became of them.

    python scripts/record_ladder.py            # some minutes of processor time
    python scripts/record_ladder.py --quick    # two rungs, one epoch: does it run?
    python scripts/record_ladder.py --choose   # the learning rate of each rung

Each rung of `dlbasics.ablation` learns the first 1,000 training images, halved to
14 × 14 pixels, from five seeds, and is then shown the 10,000 test images, once.
The learning rates were chosen by the last 5,000 training images; once more all rungs
have the rate 0.001, tuned for none. The five networks of a rung also answer together.
`dlbasics.recorded` says what the arrays hold.

`--output FOLDER` writes elsewhere; `--quick` writes only there.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np

from dlbasics.ablation import EPOCHS, RUNGS, answers, learn, small
from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.recorded import FOLDER
from dlbasics.training import accuracy, progress_bar

N, SEEDS, UNTUNED = 1000, range(5), 0.001


def together(each: list[Array], y: Array) -> list[float]:
    """Return accuracies of averages: without each one in turn, and of all."""
    total = np.sum(each, axis=0)
    return [accuracy(total - one, y) for one in each] + [accuracy(total, y)]


def choose(rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)) -> int:
    """Print the validation accuracy of each rung at each rate, for a sixth seed."""
    data = load_mnist(n_test=0, flat=False)
    x, held_back = small(data.x_train[:N]), small(data.x_train[-5000:])
    for name, rung in RUNGS.items():
        for lr in rates:
            model = learn(rung._replace(lr=lr), 5, x, data.y_train[:N])
            right = accuracy(answers(model, held_back), data.y_train[-5000:])
            print(f"{name}, rate {lr:g}: {right:.4f}", flush=True)
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few updates only")
    parser.add_argument("--choose", action="store_true", help="compare the rates")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    if given.output and not given.output.is_dir():
        parser.error(f"expected a folder, got {given.output}")
    if given.choose:
        return choose()
    names, epochs = (list(RUNGS)[:2], 1) if given.quick else (list(RUNGS), EPOCHS)
    data = load_mnist(n_train=N, n_test=500 if given.quick else 10_000, flat=False)
    x, x_test = small(data.x_train), small(data.x_test)
    shape = len(names), len(SEEDS)
    found = {"single": np.empty(shape), "untuned": np.empty(shape)}
    found["ensemble"] = np.empty((len(names), len(SEEDS) + 1))
    with progress_bar(2 * len(names) * len(SEEDS), shown=True) as bar:
        for kind, i in itertools.product(("single", "untuned"), range(len(names))):
            rung, each = RUNGS[names[i]], []
            rung = rung if kind == "single" else rung._replace(lr=UNTUNED)
            for seed in SEEDS:
                model = learn(rung, seed, x, data.y_train, epochs=epochs)
                each.append(answers(model, x_test))
                bar.update()
            found[kind][i] = [accuracy(one, data.y_test) for one in each]
            if kind == "single":
                found["ensemble"][i] = together(each, data.y_test)
    if folder := given.output or (None if given.quick else FOLDER):
        path = folder / "ladder.npz"
        np.savez_compressed(path, **found)
        print(f"wrote {path}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
