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
from dlbasics.layers.convolution import Conv2D, DepthwiseConv2D, PlainConv2D
from dlbasics.layers.dense import Dense
from dlbasics.layers.dropout import Dropout, OriginalDropout
from dlbasics.layers.normalization import BatchNorm
from dlbasics.layers.pooling import (
    AveragePool2D,
    GlobalAveragePool2D,
    GlobalMaxPool2D,
    MaxPool2D,
)
from dlbasics.layers.shape import Flatten
from dlbasics.layers.windows import Window

__all__ = [
    "ACTIVATIONS",
    "ELU",
    "AveragePool2D",
    "BatchNorm",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePool2D",
    "GlobalMaxPool2D",
    "Identity",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "OriginalDropout",
    "PReLU",
    "PlainConv2D",
    "ReLU",
    "Sigmoid",
    "Step",
    "Tanh",
    "Window",
    "make_activation",
]
