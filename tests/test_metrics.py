"""Confusion, precision and recall, calibration: by hand, and at the edges."""

import math
import re

import numpy as np
import pytest
from examples import rng

from dlbasics import metrics

TRUE = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], bool)
SAID = np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0], bool)


def test_ten_samples_by_hand():
    assert metrics.precision(SAID, TRUE) == 3 / 4
    assert metrics.recall(SAID, TRUE) == 3 / 5
    assert metrics.f1(SAID, TRUE) == pytest.approx(6 / 9)


def test_f1_is_the_harmonic_mean():
    for seed in range(20):
        said, true = rng(seed).random((2, 50)) < 0.4
        p, r = metrics.precision(said, true), metrics.recall(said, true)
        assert metrics.f1(said, true) == pytest.approx(2 * p * r / (p + r))


def test_nothing_called_and_nothing_there():
    none = np.zeros(10, bool)
    assert math.isnan(metrics.precision(none, TRUE))
    assert metrics.recall(none, TRUE) == metrics.f1(none, TRUE) == 0
    assert math.isnan(metrics.recall(SAID, none))
    assert math.isnan(metrics.f1(none, none))


@pytest.mark.parametrize(
    ("said", "true"),
    [
        (SAID.astype(int), TRUE),
        (SAID, TRUE.astype(float)),
        (SAID[:4], TRUE),
        (SAID[:, None], TRUE[:, None]),
    ],
)
@pytest.mark.parametrize("metric", [metrics.precision, metrics.recall, metrics.f1])
def test_two_arrays_of_booleans_are_needed(metric, said, true):
    with pytest.raises(ValueError, match=r"expected two arrays of booleans \(N,\)"):
        metric(said, true)


def test_confusion_counts_pairs_with_what_it_is_in_rows():
    counts = metrics.confusion_matrix(
        np.array([0, 1, 1, 2, 0]), np.array([0, 1, 2, 2, 1]), 4
    )
    assert counts.tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]


def test_confusion_holds_precision_and_recall():
    said, true = rng(1).integers(3, size=(2, 300))
    counts = metrics.confusion_matrix(said, true, 3)
    assert counts.sum() == 300
    for k in range(3):
        flags = said == k, true == k
        assert counts[k, k] / counts[:, k].sum() == metrics.precision(*flags)
        assert counts[k, k] / counts[k].sum() == metrics.recall(*flags)


@pytest.mark.parametrize(
    ("predicted", "labels", "message"),
    [
        ([0, 1], [0], "two arrays of labels (N,), got (2,) and (1,)"),
        ([0, 3], [0, 1], "integer labels 0 … 2, got int64 from 0 to 3"),
        ([0, 1], [-1, 1], "integer labels 0 … 2, got int64 from -1 to 1"),
        ([0.0, 1.0], [0, 1], "integer labels 0 … 2, got float64"),
    ],
)
def test_bad_labels(predicted, labels, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        metrics.confusion_matrix(np.array(predicted), np.array(labels), 3)


def test_standard_error_is_what_repeated_samples_show():
    assert metrics.standard_error(0.98, 10_000) == pytest.approx(0.0014)
    shares = rng().binomial(400, 0.9, size=20_000) / 400
    assert metrics.standard_error(0.9, 400) == pytest.approx(shares.std(), rel=0.03)


def test_reliability_by_hand():
    confidence = np.array([0.05, 0.55, 0.65, 0.66, 1.0])
    right = np.array([False, True, True, False, True])
    bins = metrics.reliability(confidence, right)
    np.testing.assert_allclose(bins.confidence, [0.05, 0.55, 0.655, 1.0])
    assert bins.accuracy.tolist() == [0, 1, 0.5, 1]
    assert bins.count.tolist() == [1, 1, 2, 1]
    expected = (0.05 + 0.45 + 2 * 0.155 + 0) / 5
    assert metrics.calibration_error(bins) == pytest.approx(expected)


def test_honest_answers_have_little_error_and_bluffs_much():
    random = rng()
    p = random.uniform(0.5, 1, 100_000)
    right = random.random(100_000) < p
    honest = metrics.calibration_error(metrics.reliability(p, right))
    bluff = metrics.calibration_error(metrics.reliability(np.sqrt(p), right))
    assert honest < 0.01
    assert bluff == pytest.approx(np.mean(np.sqrt(p) - p), abs=0.01)


def test_number_of_bins():
    p = rng().random(5000)
    bins = metrics.reliability(p, p > 0.5, n_bins=4)
    assert len(bins.count) == 4
    assert bins.count.sum() == 5000
    assert bins.accuracy.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("bad", [[1.2, 0.3], [-0.1, 0.3], [0.5], []])
def test_confidences_outside_of_0_and_1(bad):
    with pytest.raises(ValueError, match=r"reliability expected confidences in \[0, 1"):
        metrics.reliability(np.array(bad), np.array([True, False])[: max(len(bad), 2)])
