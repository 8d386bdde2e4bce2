"""Optimizers: first steps by hand, in place, with schedules, on convex problems."""

import numpy as np
import pytest
from examples import OPTIMIZERS, all_subclasses, copies, read_only, rng
from hypothesis import given, settings
from hypothesis import strategies as st

from dlbasics.constraints import Constrained
from dlbasics.functions import RAVINE, ROSENBROCK, SADDLE
from dlbasics.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from dlbasics.schedules import Exponential

EVERY = pytest.mark.parametrize("kind", OPTIMIZERS)


def test_there_is_an_example_of_every_optimizer():
    assert set(OPTIMIZERS) == set(all_subclasses(Optimizer))


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (SGD(0.1), [0.8, 0.4]),
        (Momentum(0.1, momentum=0.5), [0.8, 0.3]),
        (Nesterov(0.1, momentum=0.5), [0.7, 0.05]),
        (AdaGrad(0.1, eps=0), [0.9, 0.9 - 0.4 / 20**0.5]),
        (RMSProp(0.1, decay=0.75, eps=0), [0.8, 0.8 - 0.4 / 4.75**0.5]),
        (
            Adam(0.1, beta1=0.5, beta2=0.75, eps=0),
            [0.9, 0.9 - (10 / 30) / (76 / 7) ** 0.5],
        ),
        (AdamW(0.1, weight_decay=0.5, beta1=0, beta2=0, eps=0), [0.85, 0.7075]),
        (SGD(Exponential(0.1, 0.5)), [0.8, 0.6]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_two_steps_by_hand(optimizer, expected):
    """w starts at 1; the gradient is 2, then 4."""
    w, found = np.array([1.0]), []
    for g in (2.0, 4.0):
        optimizer.step({"w": w}, {"w": np.array([g])})
        found.append(w.item())
    assert found == pytest.approx(expected)
    assert optimizer.t == 2


def test_adamw_without_decay_is_adam():
    one, other = np.ones(3), np.ones(3)
    for optimizer, w in ((Adam(0.1), one), (AdamW(0.1, weight_decay=0), other)):
        optimizer.step({"w": w}, {"w": np.array([1.0, -2.0, 3.0])})
    np.testing.assert_array_equal(one, other)


def test_weight_decay_pulls_without_a_gradient_and_momentum_coasts():
    w, zero = np.array([1.0]), np.array([0.0])
    optimizer = AdamW(0.1, weight_decay=0.5)
    optimizer.step({"w": w}, {"w": zero})
    assert w == pytest.approx(0.95)
    momentum, v = Momentum(0.1, momentum=0.5), np.array([0.0])
    momentum.step({"v": v}, {"v": np.array([1.0])})
    momentum.step({"v": v}, {"v": zero})
    assert v == pytest.approx(-0.15)


def test_settings_that_are_not_chosen():
    assert vars(Momentum(1)).items() >= {"lr": 1.0, "momentum": 0.9, "t": 0}.items()
    assert vars(AdaGrad()).items() >= {"lr": 0.01, "eps": 1e-10}.items()
    assert vars(RMSProp()).items() >= {"lr": 0.001, "decay": 0.9, "eps": 1e-8}.items()
    adam = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert vars(Adam()).items() >= adam.items()
    assert vars(AdamW()).items() >= (adam | {"weight_decay": 0.01}).items()


@EVERY
def test_parameters_change_in_place_and_gradients_not_at_all(kind):
    params = {"W": rng(0).standard_normal((3, 2)), "b": rng(1).standard_normal(2)}
    grads = {
        name: read_only(rng(2).standard_normal(w.shape)) for name, w in params.items()
    }
    held, before = dict(params), copies(params)
    optimizer = OPTIMIZERS[kind]()
    optimizer.step(params, grads)
    state = {name: list(slots) for name, slots in optimizer.state.items()}
    optimizer.step(params, grads)
    for name, w in params.items():
        assert w is held[name]
        assert (w != before[name]).all()
        assert len(optimizer.state[name]) == kind.n_slots
        assert all(
            a is b for a, b in zip(optimizer.state[name], state[name], strict=True)
        )


@EVERY
def test_the_first_step_goes_downhill_in_every_entry(kind):
    w, g = np.full(50, 0.0), rng().standard_normal(50)
    OPTIMIZERS[kind]().step({"w": w}, {"w": g})
    assert (np.sign(w) == -np.sign(g)).all()


@pytest.mark.parametrize("kind", [k for k in OPTIMIZERS if k is not Constrained])
@pytest.mark.parametrize("rate", [np.float64(0.01), np.float32(0.01), 1])
def test_rates_become_plain_floats_that_cannot_change_the_precision(kind, rate):
    class Watch(kind):
        def update(self, w, g, lr, *slots):
            assert type(lr) is float
            super().update(w, g, lr, *slots)

    for lr in (rate, lambda t: rate):
        w = np.ones(3, np.float32)
        Watch(lr).step({"w": w}, {"w": w.copy()})
        assert (w < 1).all()


@EVERY
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_of_parameters_and_memory(kind, dtype):
    w, optimizer = np.ones(3, dtype), OPTIMIZERS[kind]()
    optimizer.step({"w": w}, {"w": w.copy()})
    assert {array.dtype for array in (w, *optimizer.state["w"])} == {np.dtype(dtype)}


def test_schedule_is_asked_for_the_number_of_updates_made():
    asked = []
    optimizer = SGD(lambda t: asked.append(t) or 0.1)
    for _ in range(3):
        optimizer.step({"w": np.ones(1)}, {"w": np.ones(1)})
    assert asked == [0, 1, 2]


@EVERY
def test_memory_is_kept_apart_by_name(kind):
    """Two parameters in one optimizer move as they would in two."""
    together = {"a": np.array([1.0]), "b": np.array([-3.0])}
    alone = copies(together)
    both, single = OPTIMIZERS[kind](), {name: OPTIMIZERS[kind]() for name in alone}
    for _ in range(4):
        both.step(together, copies(together))
        for name, optimizer in single.items():
            optimizer.step({name: alone[name]}, {name: alone[name].copy()})
    for name, w in together.items():
        np.testing.assert_array_equal(w, alone[name])


def minimize(optimizer, gradient, start, n_steps):
    p = np.array(start, float)
    for _ in range(n_steps):
        optimizer.step({"p": p}, {"p": gradient(p)})
    return p


@EVERY
def test_bottom_of_the_ravine_is_found(kind):
    p = minimize(OPTIMIZERS[kind](), RAVINE.gradient, RAVINE.start, 3000)
    assert RAVINE.value(p) < 1e-3


def test_bend_and_saddle():
    p = minimize(Adam(0.02), ROSENBROCK.gradient, ROSENBROCK.start, 3000)
    np.testing.assert_allclose(p, ROSENBROCK.minimum, atol=1e-2)
    p = minimize(Momentum(0.1), SADDLE.gradient, SADDLE.start, 500)
    np.testing.assert_allclose(p, SADDLE.minimum, atol=1e-3)


def test_momentum_is_faster_than_sgd_in_the_ravine():
    sgd = minimize(SGD(0.1), RAVINE.gradient, RAVINE.start, 60)
    momentum = minimize(Momentum(0.1, momentum=0.8), RAVINE.gradient, RAVINE.start, 60)
    assert RAVINE.value(momentum) < RAVINE.value(sgd) / 10


@EVERY
@settings(deadline=None, max_examples=15)
@given(
    curvatures=st.lists(st.floats(0.2, 3), min_size=1, max_size=4),
    seed=st.integers(0, 1000),
)
def test_convex_problems_are_solved(kind, curvatures, seed):
    """f = sum of c (p - m)² / 2, from anywhere near."""
    c, random = np.array(curvatures), rng(seed)
    middle = random.uniform(-1, 1, c.shape)
    start = random.uniform(-2, 2, c.shape)
    p = minimize(OPTIMIZERS[kind](), lambda p: c * (p - middle), start, 800)
    before, after = (c @ (q - middle) ** 2 / 2 for q in (start, p))
    assert after <= max(1e-3, 1e-3 * before)
