"""Train the network of `dlbasics.landscape` at every point of its grid.

    python scripts/make_landscape.py        # about three minutes on one core

Writes `landscape.npz`; put the printed SHA-256 into `dlbasics/landscape.py`.
"""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
from tqdm import tqdm

from dlbasics import landscape


def errors(point):
    """Mean error over the seeds after each number of epochs; 0.9 if it diverges."""
    lr, decay = point
    found = np.empty((len(landscape.SEEDS), len(landscape.EPOCHS)))
    for (s, seed), (e, epochs) in product(
        enumerate(landscape.SEEDS), enumerate(landscape.EPOCHS)
    ):
        how = {"lr": lr, "decay": decay, "epochs": epochs}
        try:
            error = landscape.digit_error(**how, rng=np.random.default_rng(seed))
        except FloatingPointError:
            error = 0.9
        found[s, e] = error
    return found.mean(axis=0)


def main():
    points = list(product(landscape.RATES, landscape.DECAYS))
    with ProcessPoolExecutor() as pool:
        work = pool.map(errors, points, chunksize=5)
        found = np.array(list(tqdm(work, total=len(points))))
    shape = len(landscape.RATES), len(landscape.DECAYS), len(landscape.EPOCHS)
    table = found.reshape(shape).transpose(2, 0, 1).astype(np.float32)
    np.savez_compressed(landscape.PATH, error=table)
    print(hashlib.sha256(landscape.PATH.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
