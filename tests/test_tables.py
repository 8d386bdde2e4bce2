"""Cars and weather as they are known, and the stored landscape against trainings."""

import csv
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from examples import rng

from dlbasics import landscape
from dlbasics.datasets import CAR_FEATURES, load_cars, load_weather, tables
from dlbasics.explorers.searching import searching

ROOT = Path(__file__).resolve().parents[1]
DATA_CARD = (ROOT / "book" / "data_card.md").read_text(encoding="utf-8")


def test_cars_as_published():
    cars = load_cars()
    assert cars.x.shape == (398, 7)
    assert cars.x.dtype == cars.y.dtype == np.float32
    assert cars.y.mean() == pytest.approx(23.515, abs=1e-3)  # UCI, 398 rows
    assert cars.y.std() == pytest.approx(7.806, abs=1e-3)
    assert (cars.y.min(), cars.y.max()) == (9, pytest.approx(46.6))
    missing = dict(zip(CAR_FEATURES, np.isnan(cars.x).sum(axis=0), strict=True))
    assert missing.pop("horsepower") == 6
    assert set(missing.values()) == {0}
    complete = cars.x[~np.isnan(cars.x).any(axis=1)]
    assert len(complete) == 392
    assert np.bincount(cars.x[:, 6].astype(int)).tolist() == [249, 70, 79]


def test_first_car_and_its_units():
    x = dict(zip(CAR_FEATURES, load_cars().x[0], strict=True))
    assert x["cylinders"] == 8
    assert x["displacement"] == pytest.approx(5.03, abs=0.01)  # 307 cubic inches
    assert x["weight"] == pytest.approx(1589.4, abs=0.1)  # 3504 pounds
    assert (x["horsepower"], x["acceleration"], x["year"]) == (130, 12, 1970)
    assert load_cars().y[0] == 18


def test_cars_are_sorted_by_year_and_models_return():
    cars = load_cars()
    assert (np.diff(cars.x[:, 5]) >= 0).all()
    assert 1981 not in cars.x[:, 5]
    assert 250 < len(np.unique(cars.model)) < 320
    cars.x[:], cars.y[:] = 0, 0  # yours to change
    assert load_cars().y[0] == 18


def test_weather_has_every_day_once():
    weather = load_weather()
    assert {len(column) for column in weather} == {1461}
    assert str(weather.day[0]) == "2012-01-01"
    assert str(weather.day[-1]) == "2015-12-31"
    assert (np.diff(weather.day).astype(int) == 1).all()
    assert (weather.warmest >= weather.coldest).all()
    assert weather.warmest[:3].tolist() == pytest.approx([12.8, 10.6, 11.7])
    assert weather.rain[:3].tolist() == pytest.approx([0.0, 10.9, 0.8])
    july = weather.warmest[weather.day.astype("M8[M]").astype(int) % 12 == 6]
    assert 24 < july.mean() < 29


@pytest.mark.parametrize(
    ("name", "load"), [("CARS", load_cars), ("WEATHER", load_weather)]
)
def test_damage_is_noticed(tmp_path, monkeypatch, name, load):
    good = getattr(tables, name)
    bad = tmp_path / good.name
    bad.write_bytes(good.read_bytes()[:-1])
    monkeypatch.setattr(tables, name, bad)
    with pytest.raises(ValueError, match=rf"{good.stem}\.npz is damaged"):
        load()


def test_the_data_card_says_what_is_there():
    cars = load_cars()
    for digest in (tables.CARS_SHA256, tables.WEATHER_SHA256, landscape.SHA256):
        assert f"`{digest}`" in DATA_CARD
    known = cars.x[:, 2][~np.isnan(cars.x[:, 2])]
    assert f"{np.mean(known % 5 == 0):.0%}".replace("%", " %") in DATA_CARD
    assert "406 cars, of which 398" in DATA_CARD
    assert f"{len(load_weather().day):,} days" in DATA_CARD
    n_trainings = landscape.grid_of_errors().size * len(landscape.SEEDS)
    for text in (DATA_CARD, searching.__doc__):
        assert f"{n_trainings:,}" in text


def test_script_reads_the_original_format():
    from make_tables import weather

    header = "date,precipitation,temp_max,temp_min,wind,weather"
    rows = [header, "2012/01/01,0.0,12.8,5.0,4.7,drizzle", "2012/01/02,1,2,3,4,rain"]
    made = weather("\n".join(rows))
    assert {k: v.tolist() for k, v in made.items()}["wind"] == pytest.approx([4.7, 4])
    with pytest.raises(ValueError, match="one row for each day"):
        weather("\n".join([*rows, rows[1]]))
    assert len(next(csv.reader([header]))) == 6


@pytest.fixture(scope="module")
def sampled():
    """Sixteen points of the grid with their errors, trained again: (16, epochs)."""
    shape = landscape.grid_of_errors().shape[1:]
    points = np.sort(rng(0).choice(np.prod(shape), 16, replace=False))
    i, j = np.unravel_index(points, shape)
    return i, j, np.array([trained(*point) for point in zip(i, j, strict=True)])


def trained(i, j):
    """Mean error over both seeds after each number of epochs."""
    errors = np.empty((len(landscape.EPOCHS), len(landscape.SEEDS)))
    for (e, epochs), (s, seed) in product(
        enumerate(landscape.EPOCHS), enumerate(landscape.SEEDS)
    ):
        how = {"lr": landscape.RATES[i], "decay": landscape.DECAYS[j]}
        try:
            errors[e, s] = landscape.digit_error(**how, epochs=epochs, rng=rng(seed))
        except FloatingPointError:
            errors[e, s] = 0.9
    return errors.mean(axis=1)


def test_stored_errors_are_those_of_trainings(sampled):
    i, j, found = sampled
    table = landscape.grid_of_errors()
    off = np.abs(found - table[:, i, j].T)
    steady = landscape.RATES[i] < 0.8  # above, rounding decides what becomes of some
    assert steady.sum() >= 12
    assert off[steady].max() < 0.004
    assert off.max() < 0.15
    assert off.mean() < 0.005


def test_neighbors_in_the_table_would_be_noticed(sampled):
    i, j, found = sampled
    table = landscape.grid_of_errors()
    moved = {
        "rates": np.roll(table, 1, axis=1),
        "penalties": np.roll(table, 1, axis=2),
        "epochs": np.roll(table, 1, axis=0),
    }
    steady = landscape.RATES[i] < 0.8
    for name, wrong in moved.items():
        assert np.abs(found - wrong[:, i, j].T)[steady].max() > 0.02, name


def test_at_a_point_the_stored_error_is_looked_up():
    table = landscape.grid_of_errors()
    for (e, epochs), i, j in product(enumerate(landscape.EPOCHS), (0, 20), (0, 16)):
        how = {"lr": landscape.RATES[i], "decay": landscape.DECAYS[j]}
        found = landscape.stored_error(**how, epochs=epochs)
        assert found == pytest.approx(table[e, i, j], abs=1e-5)


def test_between_points_it_is_linear_and_outside_it_stays():
    table, (a, b) = landscape.grid_of_errors()[1], landscape.RATES[10:12]
    decay = landscape.DECAYS[4]
    middle = landscape.stored_error(lr=(a * b) ** 0.5, decay=decay)
    assert middle == pytest.approx((table[10, 4] + table[11, 4]) / 2, abs=1e-6)
    corner = landscape.stored_error(lr=1e-9, decay=1e9)
    assert corner == pytest.approx(table[0, -1], abs=1e-6)
    with pytest.raises(ValueError, match=re.escape("epochs from (1, 3, 9), got 2")):
        landscape.stored_error(lr=0.1, decay=0.1, epochs=2)


def test_a_diverging_rate_says_so():
    with pytest.raises(FloatingPointError, match="diverged"):
        landscape.digit_error(lr=100.0, decay=1.0, rng=rng())
