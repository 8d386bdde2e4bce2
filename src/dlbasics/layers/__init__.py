"""Layers: each one differentiable step with its own `forward` and `backward`."""

from dlbasics.layers.activations import (
    ACTIVATIONS,
    ELU,
    Identity,
    LeakyReLU,
    PReLU,
    ReLU,
    Sigmoid,
    Step,
    Tanh,
    make_activation,
)
from dlbasics.layers.base import Layer
from dlbasics.layers.dense import Dense
from dlbasics.layers.dropout import Dropout, OriginalDropout
from dlbasics.layers.normalization import BatchNorm
from dlbasics.layers.shape import Flatten

__all__ = [
    "ACTIVATIONS",
    "ELU",
    "BatchNorm",
    "Dense",
    "Dropout",
    "Flatten",
    "Identity",
    "Layer",
    "LeakyReLU",
    "OriginalDropout",
    "PReLU",
    "ReLU",
    "Sigmoid",
    "Step",
    "Tanh",
    "make_activation",
]
