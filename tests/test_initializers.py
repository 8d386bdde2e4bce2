"""The size of the first weights: means, standard deviations, rotations."""

import math
from functools import partial

import numpy as np
import pytest

from dlbasics.initializers import (
    INITIALIZERS,
    as_initializer,
    constant,
    fans,
    glorot,
    he,
    normal,
    orthogonal,
    xavier,
)


def draw(init, shape, seed=0, **kwargs):
    return init(shape, rng=np.random.default_rng(seed), **kwargs)


def test_fans_of_dense_and_convolution():
    assert fans((5, 3)) == (5, 3)
    assert fans((3, 2, 5, 7)) == (30, 42)


@pytest.mark.parametrize("shape", [(300, 200), (200, 300), (3, 5, 20, 200)])
@pytest.mark.parametrize(
    ("init", "variance"),
    [
        (xavier, lambda n_in, n_out: 1 / n_in),
        (glorot, lambda n_in, n_out: 2 / (n_in + n_out)),
        (he, lambda n_in, n_out: 2 / n_in),
        (normal(0.3), lambda n_in, n_out: 0.09),
    ],
)
def test_mean_and_standard_deviation(init, variance, shape):
    w = draw(init, shape)
    sigma = math.sqrt(variance(*fans(shape)))
    assert w.shape == shape
    assert w.std() == pytest.approx(sigma, rel=0.02)
    assert abs(w.mean()) < 4 * sigma / math.sqrt(w.size)
    inside = np.mean(np.abs(w) < sigma)
    assert inside == pytest.approx(0.683, abs=0.01)  # normal, not uniform


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5), (2, 3, 2, 5)])
def test_orthogonal_columns_or_rows(shape):
    w = draw(orthogonal, shape, dtype=np.float64).reshape(-1, shape[-1])
    short = w.T @ w if w.shape[0] >= w.shape[1] else w @ w.T
    np.testing.assert_allclose(short, np.eye(len(short)), atol=1e-12)


def test_orthogonal_is_evenly_spread():
    """The trace of a random rotation has mean 0; without the signs it has not."""
    traces = [np.trace(draw(orthogonal, (3, 3), seed)) for seed in range(2000)]
    assert abs(np.mean(traces)) < 4 / math.sqrt(2000)
    assert np.var(traces) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("init", [*INITIALIZERS.values(), normal(0.1), constant(0.5)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision(init, dtype):
    assert draw(init, (4, 3), dtype=dtype).dtype == dtype
    assert draw(init, (4, 3)).dtype == np.float32


@pytest.mark.parametrize("init", [*INITIALIZERS.values(), normal(0.1)])
def test_seed_decides(init):
    np.testing.assert_array_equal(draw(init, (4, 3)), draw(init, (4, 3)))
    assert (draw(init, (4, 3)) != draw(init, (4, 3), seed=1)).any()


def test_a_single_weight_is_a_layer_too():
    assert fans((1, 1)) == (1, 1)
    assert abs(draw(orthogonal, (1, 1))) == 1


def test_constant_needs_no_rng():
    assert constant(0.5)((2, 2)).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_standard_deviation_of_zero_is_allowed():
    assert not draw(normal(0), (3, 3)).any()


@pytest.mark.parametrize("name", ["xavier", "glorot", "he", "orthogonal"])
def test_names(name):
    assert as_initializer(name) is INITIALIZERS[name]
    assert INITIALIZERS[name].__name__ == name


@pytest.mark.parametrize("std", [1, 0.25, np.float32(0.25), np.float64(0.25)])
def test_numbers_are_standard_deviations(std):
    expected = draw(normal(float(std)), (4, 3))
    got = draw(as_initializer(std), (4, 3))
    np.testing.assert_array_equal(got, expected, strict=True)


def test_functions_are_taken_as_they_are():
    init = partial(he, dtype=np.float64)
    assert as_initializer(init) is init
