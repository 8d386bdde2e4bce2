"""The exponentially weighted average, by hand and as a property."""

import numpy as np
import pytest
from examples import rng
from hypothesis import given
from hypothesis import strategies as st

from dlbasics.averages import ewa

BETAS = st.floats(0, 0.99)


def test_by_hand():
    np.testing.assert_allclose(ewa([10, 10, 10], 0.9), [1, 1.9, 2.71])
    np.testing.assert_allclose(ewa([10, 10, 10], 0.9, corrected=True), [10, 10, 10])
    np.testing.assert_allclose(ewa([4, 8], 0.5, corrected=True), [4, 5 / 0.75])


@given(beta=BETAS, seed=st.integers(0, 99), n=st.integers(1, 30))
def test_it_is_the_sum_with_falling_weights(beta, seed, n):
    x = rng(seed).standard_normal(n)
    weights = (1 - beta) * beta ** np.arange(n)
    np.testing.assert_allclose(ewa(x, beta)[-1], weights @ x[::-1], atol=1e-12)
    corrected = ewa(x, beta, corrected=True)
    np.testing.assert_allclose(corrected[-1] * weights.sum(), ewa(x, beta)[-1])
    assert (corrected <= x.max() + 1e-9).all()
    assert (corrected >= x.min() - 1e-9).all()


def test_series_side_by_side_are_averaged_each_by_itself():
    x = rng(1).standard_normal((20, 3))
    for k, column in enumerate(ewa(x, 0.8, corrected=True).T):
        np.testing.assert_array_equal(column, ewa(x[:, k], 0.8, corrected=True))


@pytest.mark.parametrize("beta", [-0.1, 1, 1.5])
def test_beta_is_a_share(beta):
    with pytest.raises(ValueError, match=r"ewa expected 0 <= beta < 1, got"):
        ewa([1.0], beta)
