"""How good are predictions? Confusion, precision and recall, calibration."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array, shape_of


def confusion_matrix(predicted: Array, labels: Array, n_classes: int) -> Array:
    """Count how often class i (row) was called class j (column): (K, K) integers."""
    predicted, labels = np.asarray(predicted), np.asarray(labels)
    if predicted.shape != labels.shape or labels.ndim != 1:
        raise ValueError(
            "confusion_matrix expected two arrays of labels (N,), got "
            f"{shape_of(predicted)} and {shape_of(labels)}"
        )
    both = np.concatenate([predicted, labels])
    if both.dtype.kind not in "iu" or not set(both.tolist()) <= set(range(n_classes)):
        raise ValueError(
            f"confusion_matrix expected integer labels 0 … {n_classes - 1}, got "
            f"{both.dtype} from {both.min()} to {both.max()}"
        )
    cell = labels * n_classes + predicted
    return np.bincount(cell, minlength=n_classes**2).reshape(n_classes, n_classes)


def precision(said: Array, true: Array) -> float:
    """Of all that is called positive, the share that is: TP / (TP + FP).

    said, true : (N,) booleans. NaN if nothing is called positive.
    """
    said, true = flags(said, true)
    return float(np.mean(true[said])) if said.any() else math.nan


def recall(said: Array, true: Array) -> float:
    """Of all that is positive, the share that is called so: TP / (TP + FN).

    said, true : (N,) booleans. NaN if nothing is positive.
    """
    said, true = flags(said, true)
    return float(np.mean(said[true])) if true.any() else math.nan


def f1(said: Array, true: Array) -> float:
    """Harmonic mean of precision P and recall R: 2PR / (P + R) = 2TP / (2TP + FP + FN).

    NaN if nothing is positive and nothing is called so.
    """
    said, true = flags(said, true)
    n = int(said.sum() + true.sum())
    return 2 * int((said & true).sum()) / n if n else math.nan


def flags(said: Array, true: Array) -> tuple[Array, Array]:
    """Return both as booleans of one shape (N,), or say what came."""
    said, true = np.asarray(said), np.asarray(true)
    booleans = said.dtype == true.dtype == bool
    if not booleans or said.shape != true.shape or said.ndim != 1:
        raise ValueError(
            f"expected two arrays of booleans (N,), got {said.dtype} "
            f"{shape_of(said)} and {true.dtype} {shape_of(true)}"
        )
    return said, true


def standard_error(share: float, n: int) -> float:
    """√(p (1 - p) / n): how much a share p of n independent samples scatters."""
    return math.sqrt(share * (1 - share) / n)


class Reliability(NamedTuple):
    """Bins of answers by confidence: three arrays, without the empty bins.

    confidence : mean confidence of the answers in each bin.
    accuracy : share of them that is right.
    count : how many there are.
    """

    confidence: Array
    accuracy: Array
    count: Array


def reliability(confidence: Array, right: Array, *, n_bins: int = 10) -> Reliability:
    """Sort answers into bins of equal width by confidence, and see how many are right.

    confidence : (N,) numbers in [0, 1], such as the largest softmax output.
    right : (N,) booleans, whether the answer was right.
    Source: DeGroot and Fienberg (1983); Guo et al. (2017), arXiv 1706.04599.
    """
    confidence, right = np.asarray(confidence, float), np.asarray(right)
    inside = confidence.size and confidence.min() >= 0 and confidence.max() <= 1
    if confidence.shape != right.shape or not inside:
        raise ValueError(
            "reliability expected confidences in [0, 1] and as many booleans, got "
            f"{shape_of(confidence)} and {shape_of(right)}"
        )
    place = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    count = np.bincount(place, minlength=n_bins)
    sums = [np.bincount(place, w, n_bins) for w in (confidence, right.astype(float))]
    full = count > 0
    return Reliability(*(s[full] / count[full] for s in sums), count[full])


def calibration_error(bins: Reliability) -> float:
    """Σ n_b / N · |accuracy_b - confidence_b|: the expected calibration error.

    Source: Naeini, Cooper and Hauskrecht (2015).
    """
    gap = np.abs(bins.accuracy - bins.confidence)
    return float(np.sum(bins.count * gap) / bins.count.sum())
