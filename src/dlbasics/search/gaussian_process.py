"""Bayesian optimization: a guess with error bars, and where it pays to look next."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from dlbasics.arrays import Array
from dlbasics.search.spaces import Candidate, Space, coordinates, sample
from dlbasics.search.trials import Trial


class GaussianProcess:
    """What can be said of a smooth function after some noisy looks at it.

    Before any look the values at points a and b are normal with mean 0, variance 1
    and covariance k(a, b) = exp(-|a - b|² / (2 length²)). After looks y at x:

    mean(a) = k(a, x) (K + noise² I)⁻¹ y
    var(a)  = 1 - k(a, x) (K + noise² I)⁻¹ k(x, a),   K = k(x, x)

    in units in which y has mean 0 and standard deviation 1.
    Source: Rasmussen and Williams (2006), algorithm 2.1.
    """

    def __init__(self, *, length: float = 0.3, noise: float = 0.1) -> None:
        self.length, self.noise = length, noise

    def covariance(self, a: Array, b: Array) -> Array:
        """Return k between all points of a (N, D) and of b (M, D), as (N, M)."""
        squared = ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=-1)
        return np.exp(-squared / (2 * self.length**2))

    def fit(self, x: Array, y: Array) -> GaussianProcess:
        """Take in values y (N,) seen at points x (N, D)."""
        self.x, self.shift, self.scale = x, y.mean(), y.std() or 1.0
        z = (y - self.shift) / self.scale
        K = self.covariance(x, x) + self.noise**2 * np.eye(len(x))
        self.root = np.linalg.cholesky(K)
        half = np.linalg.solve(self.root, z)
        self.weights = np.linalg.solve(self.root.T, half)
        log_det = 2 * np.log(np.diag(self.root)).sum()
        self.log_likelihood = -(half @ half + log_det + len(x) * math.log(2 * math.pi))
        self.log_likelihood /= 2
        return self

    def predict(self, x: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation (N,) of the function at points (N, D)."""
        k = self.covariance(x, self.x)
        half = np.linalg.solve(self.root, k.T)
        std = np.sqrt(np.maximum(1 - (half**2).sum(axis=0), 0))
        return self.shift + self.scale * (k @ self.weights), self.scale * std


def fit_best(x: Array, y: Array) -> GaussianProcess:
    """Fit with the length and the noise under which the values are likeliest."""
    settings = itertools.product((0.1, 0.2, 0.3, 0.5, 1.0), (0.01, 0.03, 0.1, 0.3))
    fits = [GaussianProcess(length=a, noise=b).fit(x, y) for a, b in settings]
    return max(fits, key=lambda process: process.log_likelihood)


def expected_improvement(mean: Array, std: Array, least: float) -> Array:
    """Return by how much a look is expected to undercut `least`, where y ~ N(mean, std)

    E[max(least - y, 0)] = (least - mean) Φ(u) + std φ(u),  u = (least - mean) / std

    with Φ and φ the normal distribution and its density.
    Source: Jones, Schonlau and Welch (1998), doi 10.1023/A:1008306431147.
    """
    std = np.maximum(std, 1e-12)
    u = (least - mean) / std
    below = 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(u / math.sqrt(2)))
    density = np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)
    return (least - mean) * below + std * density


def propose(
    trials: Sequence[Trial],
    space: Space,
    n: int = 1,
    *,
    rng: np.random.Generator,
    n_random: int = 1000,
) -> list[Candidate]:
    """Return n candidates that promise most, out of `n_random` drawn at random.

    A trial without a value counts as bad as the worst. For n > 1 each proposal is
    taken to come out as predicted before the next is chosen, so that they differ.
    """
    values = [trial.value for trial in trials if trial.status == "ok"]
    if len(set(values)) < 2:
        return sample(space, n, rng=rng)
    y = np.array([t.value if t.status == "ok" else max(values) for t in trials])
    x = np.stack([coordinates(space, trial.params) for trial in trials])
    chosen: list[Candidate] = []
    for _ in range(n):
        drawn = sample(space, n_random, rng=rng)
        where = np.stack([coordinates(space, candidate) for candidate in drawn])
        mean, std = fit_best(x, y).predict(where)
        pick = int(expected_improvement(mean, std, y.min()).argmax())
        chosen.append(drawn[pick])
        x, y = np.vstack([x, where[pick]]), np.append(y, mean[pick])
    return chosen
