"""What holds for every input: softmax, sigmoid, one-hot and the losses."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nst

from dlbasics import functions, schedules
from dlbasics.losses import BinaryCrossEntropy, MeanSquaredError, SoftmaxCrossEntropy
from dlbasics.optimizers import SGD, Momentum

DTYPES = st.sampled_from([np.float32, np.float64])


def arrays(n_axes=2, limit=1e4):
    """Arrays of up to 6 entries an axis, between -limit and limit."""

    def of(dtype):
        width = 32 if dtype == np.float32 else 64
        elements = st.floats(-limit, limit, width=width)
        shapes = nst.array_shapes(min_dims=n_axes, max_dims=n_axes, max_side=6)
        return nst.arrays(dtype, shapes, elements=elements)

    return DTYPES.flatmap(of)


def tolerance(x):
    return 1e-5 if x.dtype == np.float32 else 1e-12


@given(arrays(3))
def test_softmax_is_a_distribution(logits):
    p = functions.softmax(logits)
    assert p.dtype == logits.dtype
    assert p.shape == logits.shape
    assert ((p >= 0) & (p <= 1)).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=tolerance(p))
    largest = np.take_along_axis(p, logits.argmax(axis=-1, keepdims=True), axis=-1)
    assert (largest >= p).all()


@given(arrays(limit=100), st.floats(-100, 100, width=32))
def test_softmax_does_not_see_a_shift(logits, shift):
    moved = functions.softmax(logits + logits.dtype.type(shift))
    atol = 1e-4 if logits.dtype == np.float32 else 1e-11
    np.testing.assert_allclose(moved, functions.softmax(logits), atol=atol)


@given(arrays())
def test_log_softmax_is_finite_and_agrees_with_softmax(logits):
    log_p = functions.log_softmax(logits)
    assert log_p.dtype == logits.dtype
    assert np.isfinite(log_p).all()
    assert (log_p <= 0).all()
    np.testing.assert_allclose(
        np.exp(log_p), functions.softmax(logits), atol=10 * tolerance(logits)
    )


@given(arrays())
def test_hardmax_has_a_single_one_at_a_largest_entry(logits):
    hot = functions.hardmax(logits)
    assert (hot.sum(axis=-1) == 1).all()
    np.testing.assert_array_equal((hot * logits).sum(axis=-1), logits.max(axis=-1))


@given(arrays())
def test_sigmoid_stays_between_0_and_1_and_is_symmetric(x):
    y = functions.sigmoid(x)
    assert y.dtype == x.dtype
    assert ((y >= 0) & (y <= 1)).all()
    np.testing.assert_allclose(y + functions.sigmoid(-x), 1, rtol=tolerance(x))
    order = np.argsort(x, axis=None)
    assert (np.diff(y.ravel()[order]) >= -tolerance(x)).all()


@given(arrays(), st.floats(0, 0.99))
def test_activations_agree_above_zero_and_never_rise_below(x, alpha):
    leaky, elu = functions.leaky_relu(x, alpha), functions.elu(x, alpha)
    relu = functions.relu(x)
    for y in (leaky, elu):
        np.testing.assert_array_equal(y[x > 0], x[x > 0])
        assert (y <= relu).all()
    assert (elu >= -alpha - 1e-6).all()
    np.testing.assert_array_equal(functions.step(x), relu > 0)


@given(st.data())
def test_one_hot_and_back(data):
    n_classes = data.draw(st.integers(1, 12))
    labels = data.draw(st.lists(st.integers(0, n_classes - 1), min_size=1))
    rows = functions.one_hot(labels, n_classes)
    assert rows.shape == (len(labels), n_classes)
    assert rows.argmax(axis=1).tolist() == labels
    assert rows.sum() == len(labels)


@given(arrays(), st.data())
def test_cross_entropy_of_any_logits(logits, data):
    n, n_classes = logits.shape
    drawn = data.draw(st.lists(st.integers(0, n_classes - 1), min_size=n, max_size=n))
    loss, labels = SoftmaxCrossEntropy(), np.array(drawn)
    value, gradient = loss.forward(logits, labels), loss.backward()
    assert 0 <= value <= 2.1e4
    assert gradient.dtype == logits.dtype
    assert (np.abs(gradient) <= 1 / n).all()
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=10 * tolerance(logits))
    chosen = gradient[np.arange(n), labels]
    assert (chosen <= 0).all()
    assert (gradient.sum() - chosen.sum()) >= -tolerance(logits)


@given(arrays(1), st.data())
def test_binary_cross_entropy_of_any_logits(logits, data):
    fractions = st.floats(0, 1)
    targets = np.array(
        data.draw(st.lists(fractions, min_size=len(logits), max_size=len(logits)))
    )
    loss = BinaryCrossEntropy()
    value, gradient = loss.forward(logits, targets), loss.backward()
    assert -1e-3 <= value <= 1e4 + 1
    assert gradient.dtype == logits.dtype
    assert (np.abs(gradient) <= (1 + 1e-6) / len(logits)).all()


@given(arrays())
def test_squared_error_is_zero_only_where_it_should_be(y):
    loss = MeanSquaredError()
    assert loss.forward(y, y) == 0
    assert not loss.backward().any()
    assert loss.forward(y, y + 1) > 0.9
    assert (loss.backward() < 0).all()


@settings(max_examples=50)
@given(st.data())
def test_losses_of_extreme_logits_are_finite_and_do_not_warn(data):
    """Warnings are errors in all tests, so an overflow would fail here."""
    dtype = data.draw(DTYPES)
    extreme = st.sampled_from([-1e4, -1e2, -1.0, 0.0, 1e2, 1e4])
    logits = data.draw(nst.arrays(dtype, (4, 3), elements=extreme))
    labels = np.array([0, 1, 2, 0])
    for loss, targets in (
        (SoftmaxCrossEntropy(), labels),
        (SoftmaxCrossEntropy(smoothing=0.1), labels),
        (BinaryCrossEntropy(), np.eye(3)[labels]),
    ):
        value, gradient = loss.forward(logits, targets), loss.backward()
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()
        assert gradient.dtype == dtype


RATES = st.floats(1e-6, 10.0)
SCHEDULES = st.one_of(
    st.builds(schedules.Constant, RATES),
    st.builds(schedules.InverseTime, RATES, k=st.floats(0, 10)),
    st.builds(schedules.Exponential, RATES, st.floats(0.01, 1)),
    st.builds(schedules.InverseSqrt, RATES),
    st.builds(schedules.Staircase, RATES, st.floats(0.01, 1), st.integers(1, 50)),
    st.builds(schedules.Cosine, RATES, st.integers(1, 100)),
)


@given(SCHEDULES, st.integers(1, 50), st.lists(st.integers(0, 300), min_size=2))
def test_schedules_begin_at_their_rate_stay_within_it_and_never_rise(
    schedule, n_steps, steps
):
    rates = [schedule(t) for t in sorted(steps)]
    assert schedule(0) == pytest.approx(schedule.lr)
    assert all(0 <= rate <= schedule.lr * (1 + 1e-12) for rate in rates)
    slack = 1e-12 * schedule.lr
    assert all(b <= a + slack for a, b in pairwise(rates))
    warm = schedules.WarmUp(schedule, n_steps)
    assert warm(0) == pytest.approx(schedule.lr / n_steps)
    for t in steps:
        assert 0 <= warm(t) <= schedule(t)
        assert warm(t + n_steps) == schedule(t + n_steps)


@settings(max_examples=60)
@given(RATES, st.floats(0.1, 0.9), st.integers(0, 5), st.lists(st.floats(0, 1)))
def test_a_plateau_only_lowers_its_rate_and_by_whole_factors(
    lr, factor, patience, losses
):
    schedule, before = schedules.ReduceOnPlateau(lr, factor, patience), lr
    for loss in losses:
        schedule.observe(loss)
        now = schedule(0)
        assert now == before or now == pytest.approx(before * factor)
        before = now
    assert schedule.lr >= lr * factor ** (len(losses) // (patience + 1)) * (1 - 1e-9)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(1.0, 30.0), st.floats(-3, 3))
def test_descent_on_any_bowl_ends_at_its_bottom(seed, condition, shift):
    """f = ½ (w - m)ᵀ A (w - m), A with eigenvalues from 1 to `condition`."""
    random = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(random.standard_normal((3, 3)))
    A = turn @ np.diag([1.0, condition / 2 + 0.5, condition]) @ turn.T
    bottom = np.full(3, shift)
    for optimizer in (SGD(1 / condition), Momentum(0.5 / condition, momentum=0.5)):
        w = random.standard_normal(3)
        height = [0.5 * (w - bottom) @ A @ (w - bottom)]
        for _ in range(600):
            optimizer.step({"w": w}, {"w": A @ (w - bottom)})
            height.append(0.5 * (w - bottom) @ A @ (w - bottom))
        np.testing.assert_allclose(w, bottom, atol=1e-3)
        if type(optimizer) is SGD:  # below 1 / the largest curvature it never climbs
            assert (np.diff(height) <= 1e-12).all()
