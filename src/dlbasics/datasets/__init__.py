"""Data that travels with the package: nothing is ever downloaded."""

from dlbasics.datasets.drawing import draw_lines, like_mnist
from dlbasics.datasets.mnist import Mnist, load_mnist
from dlbasics.datasets.synthetic import GATES, make_moons, make_spirals
from dlbasics.datasets.tables import (
    CAR_FEATURES,
    ORIGINS,
    Cars,
    Weather,
    load_cars,
    load_weather,
)

__all__ = [
    "CAR_FEATURES",
    "GATES",
    "ORIGINS",
    "Cars",
    "Mnist",
    "Weather",
    "draw_lines",
    "like_mnist",
    "load_cars",
    "load_mnist",
    "load_weather",
    "make_moons",
    "make_spirals",
]
