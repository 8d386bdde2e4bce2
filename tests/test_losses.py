"""Losses and penalties, by hand and by measured slopes."""

import math

import numpy as np
import pytest
from examples import LOSSES, all_subclasses, rng

from dlbasics.gradcheck import check_loss, numerical_gradient
from dlbasics.losses import (
    L1,
    L2,
    BinaryCrossEntropy,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    Penalty,
    SoftmaxCrossEntropy,
)


def test_there_is_an_example_of_every_loss():
    assert {kind for kind, _ in LOSSES} == set(all_subclasses(Loss))


@pytest.mark.parametrize(("kind", "targets"), LOSSES)
def test_gradient(kind, targets):
    check_loss(kind(), rng().standard_normal((6, 4)), targets())


Y, T = np.array([[1.0, -2.0], [3.0, 0.0]]), np.array([[0.0, 0.0], [3.0, 4.0]])


def test_mean_squared_error_by_hand():
    loss = MeanSquaredError()
    assert loss.forward(Y, T) == (1 + 4 + 0 + 16) / 4
    assert loss.backward().tolist() == [[0.5, -1], [0, -2]]


def test_mean_absolute_error_by_hand():
    loss = MeanAbsoluteError()
    assert loss.forward(Y, T) == (1 + 2 + 0 + 4) / 4
    assert loss.backward().tolist() == [[0.25, -0.25], [0, -0.25]]


def test_cross_entropies_of_no_idea_are_the_logarithm_of_the_choices():
    z = np.zeros((5, 4))
    assert SoftmaxCrossEntropy().forward(z, np.arange(5) % 4) == pytest.approx(
        math.log(4)
    )
    assert BinaryCrossEntropy().forward(z[:, 0], np.ones(5)) == pytest.approx(
        math.log(2)
    )


def test_softmax_cross_entropy_by_hand():
    loss = SoftmaxCrossEntropy()
    z = np.log([[1.0, 2.0, 1.0], [1.0, 1.0, 8.0]])
    expected = -(math.log(0.5) + math.log(0.1)) / 2
    assert loss.forward(z, np.array([1, 0])) == pytest.approx(expected)
    gradient = [[0.125, -0.25, 0.125], [-0.45, 0.05, 0.4]]
    np.testing.assert_allclose(loss.backward(), gradient, atol=1e-15)


def test_binary_cross_entropy_by_hand():
    loss, z = BinaryCrossEntropy(), np.log([3.0, 1 / 3])
    assert loss.forward(z, [1, 1]) == pytest.approx(-(math.log(0.75 * 0.25)) / 2)
    np.testing.assert_allclose(loss.backward(), [-0.125, -0.375])


@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_labels_and_one_hot_rows_are_the_same_target(dtype):
    z, labels = rng().standard_normal((6, 4)), np.array([0, 3, 1, 1, 2, 0], dtype)
    results = []
    for targets in (labels, np.eye(4)[labels], np.eye(4, dtype=int)[labels]):
        loss = SoftmaxCrossEntropy()
        results.append((loss.forward(z, targets), loss.backward().tolist()))
    assert results[0] == results[1] == results[2]


def test_softmax_with_two_classes_is_the_binary_cross_entropy():
    z, labels = rng().standard_normal(8), np.arange(8) % 2
    rows = np.stack([np.zeros(8), z], axis=1)
    two, one = SoftmaxCrossEntropy(), BinaryCrossEntropy()
    assert two.forward(rows, labels) == pytest.approx(one.forward(z, labels))
    np.testing.assert_allclose(two.backward()[:, 1], one.backward())


def test_certain_and_wrong_costs_the_logit_not_infinity():
    z = np.array([[1000.0, 0.0]])
    assert SoftmaxCrossEntropy().forward(z, np.array([1])) == 1000
    assert BinaryCrossEntropy().forward(z[0], np.array([0.0, 0.5])) == pytest.approx(
        (1000 + math.log(2)) / 2
    )


@pytest.mark.parametrize(("kind", "targets"), LOSSES)
def test_loss_is_a_plain_float(kind, targets):
    outputs = rng().standard_normal((6, 4)).astype(np.float32)
    assert type(kind().forward(outputs, targets())) is float


@pytest.mark.parametrize(("kind", "targets"), LOSSES)
def test_one_sample_is_enough_and_none_is_not(kind, targets):
    outputs, given = rng().standard_normal((6, 4))[:, :1], targets()[:1]
    given = np.ones((1, 1)) if given.ndim == 2 else given * 0
    thrice = kind().forward(np.repeat(outputs[:1], 3, 0), np.repeat(given, 3, 0))
    assert kind().forward(outputs[:1], given) == pytest.approx(thrice)
    with pytest.raises(ValueError, match=f"{kind.__name__} expected .*, N ≥ 1, got"):
        kind().forward(outputs[:0], given[:0])


def test_rows_may_miss_1_by_rounding_only():
    z, rows = np.zeros((1, 2)), np.array([[0.5, 0.5]])
    SoftmaxCrossEntropy().forward(z, rows * 1.0005)
    for wrong in (0.99, 1.01):
        with pytest.raises(ValueError, match="rows that sum to 1"):
            SoftmaxCrossEntropy().forward(z, rows * wrong)


def test_integer_outputs_do_not_truncate_the_targets():
    outputs = np.array([[1, 2]])
    assert MeanSquaredError().forward(outputs, [[0.5, 2.5]]) == 0.25
    assert MeanAbsoluteError().forward(outputs, [[0.5, 2.5]]) == 0.5
    half = [[0.5, 0.5]]
    for loss in (BinaryCrossEntropy(), SoftmaxCrossEntropy()):
        assert loss.forward(outputs, half) == loss.forward(outputs.astype(float), half)


PARAMS = {
    "W": np.array([[1.0, -2.0], [0.5, 3.0]]),
    "filters": np.array([[[-1.0, 4.0]]]),
    "b": np.array([100.0, -100.0]),
}


def test_penalties_by_hand_leave_biases_alone():
    assert L1(0.1).forward(PARAMS) == pytest.approx(0.1 * (6.5 + 5))
    assert L2(0.1).forward(PARAMS) == pytest.approx(0.05 * (14.25 + 17))
    assert L1(0).forward(PARAMS) == L2(0).forward(PARAMS) == 0


@pytest.mark.parametrize("penalty", [L1(0.3), L2(0.3)])
def test_penalty_adds_its_slope_to_the_gradient(penalty):
    grads = {name: np.ones_like(w) for name, w in PARAMS.items()}
    penalty.backward(PARAMS, grads)
    for name, w in PARAMS.items():
        slope = numerical_gradient(lambda: penalty.forward(PARAMS), w)
        np.testing.assert_allclose(grads[name], 1 + slope, rtol=1e-6)


def test_penalty_writes_in_place_and_keeps_precision():
    params = {name: w.astype(np.float32) for name, w in PARAMS.items()}
    for penalty in (L1(0.3), L2(0.3)):
        grads = {name: np.zeros_like(w) for name, w in params.items()}
        held = dict(grads)
        penalty.backward(params, grads)
        assert all(grads[name] is array for name, array in held.items())
        assert all(array.dtype == np.float32 for array in grads.values())
        assert type(penalty.forward(params)) is float


def test_there_is_a_test_of_every_penalty():
    assert set(all_subclasses(Penalty)) == {L1, L2}


# Label smoothing


def test_smoothing_takes_from_the_right_class_and_gives_to_all():
    z = rng().standard_normal((5, 4))
    labels = np.array([0, 1, 2, 3, 1])
    rows = np.full((5, 4), 0.2 / 4)
    rows[np.arange(5), labels] += 0.8
    smooth, soft = SoftmaxCrossEntropy(smoothing=0.2), SoftmaxCrossEntropy()
    assert smooth.forward(z, labels) == pytest.approx(soft.forward(z, rows), rel=1e-12)
    np.testing.assert_allclose(smooth.backward(), soft.backward(), rtol=1e-12)


def test_smoothing_is_least_at_the_logit_gap_that_the_book_derives():
    """z_right - z_other = log(1 + K (1 - ε) / ε), where the gradient is zero."""
    loss, z = SoftmaxCrossEntropy(smoothing=0.1), np.zeros((1, 10))
    z[0, 3] = math.log(91)
    loss.forward(z, np.array([3]))
    np.testing.assert_allclose(loss.backward(), 0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_smoothing_has_the_gradient_it_claims_and_keeps_the_precision(dtype):
    loss = SoftmaxCrossEntropy(smoothing=0.3)
    check_loss(loss, rng().standard_normal((6, 4)), rng(5).integers(4, size=6))
    loss.forward(rng().standard_normal((6, 4)).astype(dtype), np.arange(6) % 4)
    assert loss.backward().dtype == dtype


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_smoothing_is_a_share(smoothing):
    said = f"SoftmaxCrossEntropy expected 0 <= smoothing < 1, got {smoothing}"
    with pytest.raises(ValueError, match=said):
        SoftmaxCrossEntropy(smoothing=smoothing)
