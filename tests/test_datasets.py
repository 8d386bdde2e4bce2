"""MNIST as it is known, subsets of it, damaged files; small synthetic sets."""

import time

import numpy as np
import pytest
from examples import rng

from dlbasics.datasets import GATES, load_mnist, make_moons, make_spirals, mnist
from dlbasics.datasets.archive import read_archive


@pytest.fixture(scope="module")
def whole():
    return load_mnist()


def test_counts_of_the_ten_digits(whole):
    train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(whole.y_train).tolist() == train
    assert np.bincount(whole.y_test).tolist() == test


def test_first_labels_are_the_famous_ones(whole):
    assert whole.y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert whole.y_test[:5].tolist() == [7, 2, 1, 0, 4]


def test_shapes_and_values(whole):
    assert whole.x_train.shape == (60_000, 784)
    assert whole.x_test.shape == (10_000, 784)
    for x in (whole.x_train, whole.x_test):
        assert x.dtype == np.float32
        assert (x.min(), x.max()) == (0, 1)
    assert whole.y_train.dtype == whole.y_test.dtype == np.intp
    assert whole.x_train.mean() == pytest.approx(0.1307, abs=1e-4)
    assert whole.x_train.std() == pytest.approx(0.3081, abs=1e-4)


def test_images_keep_their_rows_and_gain_a_channel(whole):
    images = load_mnist(n_train=3, n_test=2, flat=False)
    assert images.x_train.shape == (3, 28, 28, 1)
    assert images.x_test.shape == (2, 28, 28, 1)
    np.testing.assert_array_equal(images.x_train.reshape(3, 784), whole.x_train[:3])
    ink = images.x_train[0, :, :, 0]  # a five: ink inside, paper around
    assert ink[14].any()
    assert not ink[:4].any()
    assert not ink[:, :4].any()


def test_the_first_ones_without_rng(whole):
    small = load_mnist(n_train=100, n_test=50)
    np.testing.assert_array_equal(small.x_train, whole.x_train[:100])
    np.testing.assert_array_equal(small.y_test, whole.y_test[:50])


def test_a_draw_is_without_repetition_and_labels_go_with_images(whole):
    drawn = load_mnist(n_train=2000, n_test=500, rng=rng(3))
    for part in ("train", "test"):
        images, labels = getattr(whole, f"x_{part}"), getattr(whole, f"y_{part}")
        x, y = getattr(drawn, f"x_{part}"), getattr(drawn, f"y_{part}")
        places = {image.tobytes(): i for i, image in enumerate(images)}
        found = [places[image.tobytes()] for image in x]
        assert len(set(found)) == len(x)
        np.testing.assert_array_equal(labels[found], y)
        assert max(found) > len(x)


def test_seed_decides_what_is_drawn():
    first, same, other = (
        load_mnist(n_train=50, n_test=5, rng=rng(s)) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.x_train, same.x_train)
    assert (first.y_train != other.y_train).any()


@pytest.mark.parametrize("random", [None, rng()])
def test_arrays_are_yours_to_change(random):
    for array in load_mnist(n_train=5, n_test=5, rng=random):
        array[...] = 1
    assert load_mnist(n_train=5, n_test=5).y_train.tolist() == [5, 0, 4, 1, 9]


def test_none_may_be_asked_for():
    assert load_mnist(n_train=0, n_test=1).x_train.shape == (0, 784)


def test_loading_again_is_fast(whole):
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        load_mnist()
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.5


def test_file_is_read_once(whole, monkeypatch):
    monkeypatch.setattr(mnist.np, "load", None)
    assert len(load_mnist(n_train=1, n_test=1).x_train) == 1


def damaged(data):
    return data[:1000] + b"?" + data[1001:]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (None, "is missing"),
        (lambda data: b"", "is missing"),
        (damaged, r"is damaged \(SHA-256 [0-9a-f]{12}…\)"),
        (lambda data: data[:-1], "is damaged"),
        (lambda data: data + b"more", "is damaged"),
    ],
    ids=["missing", "empty", "one byte", "truncated", "longer"],
)
def test_bad_file(tmp_path, monkeypatch, change, state):
    path = tmp_path / "mnist.npz"
    if change:
        path.write_bytes(change(mnist.PATH.read_bytes()))
    monkeypatch.setattr(mnist, "PATH", path)
    message = (
        rf"mnist\.npz {state}.*expected SHA-256 6ff3272174ad…: install the package"
    )
    with pytest.raises(ValueError, match=message):
        load_mnist()


def test_a_mended_file_is_read_again(tmp_path, monkeypatch):
    path, good = tmp_path / "mnist.npz", mnist.PATH
    monkeypatch.setattr(mnist, "PATH", path)
    with pytest.raises(ValueError, match="is missing"):
        load_mnist()
    path.symlink_to(good)
    assert load_mnist(n_train=1, n_test=0).y_train.tolist() == [5]
    read_archive.cache_clear()


@pytest.mark.parametrize(
    ("name", "gate"),
    [
        ("AND", lambda a, b: a and b),
        ("NAND", lambda a, b: not (a and b)),
        ("OR", lambda a, b: a or b),
        ("XOR", lambda a, b: a != b),
    ],
)
def test_gates(name, gate):
    x, y = GATES[name]
    assert x.dtype == np.float32
    assert [gate(*row) for row in x] == y.tolist()
    assert len(np.unique(x, axis=0)) == 4


@pytest.mark.parametrize("make", [make_moons, make_spirals])
def test_synthetic_sets(make):
    points, labels = make(3000, rng=rng())
    assert points.shape == (3000, 2)
    assert points.dtype == np.float32
    assert labels.shape == (3000,)
    counts = np.bincount(labels)
    assert len(counts) == (2 if make is make_moons else 3)
    assert counts.min() > 0.9 * 3000 / len(counts)
    np.testing.assert_array_equal(make(3000, rng=rng())[0], points)
    assert (make(3000, rng=rng(1))[0] != points).all()


def test_moons_without_noise_lie_on_their_half_circles():
    points, labels = make_moons(500, noise=0, rng=rng())
    for label, center, side in ((0, (0, 0), 1), (1, (1, 0.5), -1)):
        moon = points[labels == label] - center
        np.testing.assert_allclose(np.hypot(*moon.T), 1, rtol=1e-5)
        assert (side * moon[:, 1] > -1e-6).all()


def test_spirals_without_noise_turn_alike():
    points, labels = make_spirals(600, n_classes=4, noise=0, rng=rng())
    radius, angle = np.hypot(*points.T), np.arctan2(*points.T[::-1])
    assert radius.max() <= 1
    start = angle - 4 * radius - 2 * np.pi * labels / 4
    np.testing.assert_allclose(np.cos(start), 1, atol=1e-4)


def test_noise_of_moons_is_the_standard_deviation_of_both_coordinates():
    still, noisy = (make_moons(2000, noise=noise, rng=rng())[0] for noise in (0, 0.3))
    np.testing.assert_allclose((noisy - still).std(axis=0), 0.3, rtol=0.05)
    np.testing.assert_array_equal(
        make_moons(9, rng=rng())[0], make_moons(9, noise=0.1, rng=rng())[0]
    )


def test_noise_of_spirals_is_an_angle():
    still, noisy = (make_spirals(2000, noise=noise, rng=rng())[0] for noise in (0, 0.3))
    np.testing.assert_allclose(np.hypot(*noisy.T), np.hypot(*still.T), rtol=1e-4)
    angle, turned = (np.arctan2(*points.T[::-1]) for points in (still, noisy))
    turn = (turned - angle + np.pi) % (2 * np.pi) - np.pi
    assert turn.std() == pytest.approx(0.3, rel=0.05)
    np.testing.assert_array_equal(
        make_spirals(9, rng=rng())[0], make_spirals(9, noise=0.1, rng=rng())[0]
    )
