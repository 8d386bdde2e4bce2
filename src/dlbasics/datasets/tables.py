"""Two real tables: cars and their fuel, and four years of weather.

Cars: collected for StatLib by Ernesto Ramos and David Donoho (1982), the "Auto MPG"
set of the UCI repository (Quinlan 1993, CC BY 4.0). Weather: NOAA, public domain. The
book's data card says what they are good for and where they are wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import DTYPE, Array
from dlbasics.datasets.archive import read_archive

CARS, WEATHER = (Path(__file__).with_name(f"{n}.npz") for n in ("cars", "seattle"))
CARS_SHA256 = "04282a61de9b0022ec79ac31172eef9f3262f03f01981349db7640f57a1b3093"
WEATHER_SHA256 = "1372fd8d84da6fa22a3ba028325c7fb281144a2a84b4ae7f1f713f8235cde4dd"

LITERS, KILOGRAMS = 0.0163871, 0.45359237  # in a cubic inch, in a pound
CAR_FEATURES = (
    "cylinders",
    "displacement",
    "horsepower",
    "weight",
    "acceleration",
    "year",
    "origin",
)
ORIGINS = ("USA", "Europe", "Japan")


class Cars(NamedTuple):
    """Features x (398, 7), miles per gallon y (398,), and the model's number (398,)."""

    x: Array
    y: Array
    model: Array


class Weather(NamedTuple):
    """One entry for each of 1461 days: four arrays of measurements and the day."""

    day: Array
    rain: Array
    warmest: Array
    coldest: Array
    wind: Array


def load_cars() -> Cars:
    """Return 398 cars of the years 1970 to 1982, sorted by year, to predict y from x.

    Returns
    -------
    x : float32, columns `CAR_FEATURES`: cylinders; displacement (liters); horsepower,
        NaN where it is not known (6 cars); weight (kg); acceleration (seconds to reach
        60 miles an hour); year; origin, an index into `ORIGINS`.
    y : float32, miles per US gallon; times 0.425 it is kilometers per liter.
    model : intp; cars of the same name, in several years, have the same number.

    Liters and kilograms are converted here from cubic inches and pounds. The 8 cars
    of the original 406 whose y is not known are left out.
    """
    table = read_archive(CARS, CARS_SHA256)
    x = np.stack([table[name] for name in CAR_FEATURES], axis=1).astype(DTYPE)
    x[:, CAR_FEATURES.index("displacement")] *= LITERS
    x[:, CAR_FEATURES.index("weight")] *= KILOGRAMS
    known = ~np.isnan(table["mpg"])
    model = table["model"].astype(np.intp)
    return Cars(x[known], table["mpg"][known], model[known])


def load_weather() -> Weather:
    """Return the weather of Seattle on each day of 2012 to 2015, in order of time.

    Returns
    -------
    day : datetime64[D].
    rain : precipitation in millimeters.
    warmest, coldest : temperatures in degrees Celsius.
    wind : mean speed in meters per second.
    """
    table = read_archive(WEATHER, WEATHER_SHA256)
    day = np.datetime64("2012-01-01") + np.arange(len(table["wind"]))
    names = ("precipitation", "temp_max", "temp_min", "wind")
    return Weather(day, *(table[name].copy() for name in names))
