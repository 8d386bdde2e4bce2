"""Data that travels with the package: nothing is ever downloaded."""

from dlbasics.datasets.mnist import Mnist, load_mnist
from dlbasics.datasets.synthetic import GATES, make_moons, make_spirals

__all__ = ["GATES", "Mnist", "load_mnist", "make_moons", "make_spirals"]
