"""Figures for the chapters: data in, axes out.

Nothing here trains, draws random numbers or shows a figure; give an `ax` to draw into
or let a function make one. One concept has one look through the whole book (`LOOK`).

`looks` holds names, colors and sizes; `activations` what happens in layers;
`boundaries` two classes and the line between them; `circuits` gates and wires; `curves`
what happens in time; `functions` curves with their derivatives; `networks` units and
weights as a picture; `surfaces` contours, gradients and paths over two
parameters.
"""

from dlbasics.plotting.activations import by_layer, histogram, layer_histograms
from dlbasics.plotting.boundaries import gate, half_plane, two_classes
from dlbasics.plotting.circuits import circuit
from dlbasics.plotting.curves import runs, smooth
from dlbasics.plotting.functions import function_and_derivative, function_panels
from dlbasics.plotting.looks import DASHES, LOOK, MARKERS, look, panels
from dlbasics.plotting.networks import network, weight_images
from dlbasics.plotting.surfaces import contours, gradient_field, paths

__all__ = [
    "DASHES",
    "LOOK",
    "MARKERS",
    "by_layer",
    "circuit",
    "contours",
    "function_and_derivative",
    "function_panels",
    "gate",
    "gradient_field",
    "half_plane",
    "histogram",
    "layer_histograms",
    "look",
    "network",
    "panels",
    "paths",
    "runs",
    "smooth",
    "two_classes",
    "weight_images",
]
