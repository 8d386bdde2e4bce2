"""Figures for the chapters: data in, axes out.

Nothing here trains, draws random numbers or shows a figure; give an `ax` to draw into
or let a function make one. One concept has one look through the whole book (`LOOK`).

looks        names, colors and sizes
activations  what happens in the layers of a network
arrays       cells, shapes and images
boundaries   two classes and the line between them
circuits     gates and wires
curves       what happens in time
diagrams     boxes and arrows
functions    curves with their derivatives
graphs       values and gradients on the edges of a computational graph
ladders      one change and one number per rung
networks     units and weights as a picture
plane        the plane under a map
selection    splits, searches, and judging what was found
surfaces     contours, gradients and paths over two parameters
windows      windows on cells, feature maps, evidence
"""

from dlbasics.palette import COLORS
from dlbasics.plotting.activations import by_layer, histogram, layer_histograms
from dlbasics.plotting.arrays import (
    broadcasting,
    counts,
    gallery,
    pixels,
    product,
    reductions,
    tensors,
)
from dlbasics.plotting.boundaries import gate, half_plane, two_classes
from dlbasics.plotting.circuits import circuit
from dlbasics.plotting.curves import runs, smooth
from dlbasics.plotting.diagrams import Arrow, diagram
from dlbasics.plotting.functions import function_and_derivative, function_panels
from dlbasics.plotting.graphs import graph
from dlbasics.plotting.ladders import ladder
from dlbasics.plotting.looks import DASHES, LOOK, MARKERS, look, panels
from dlbasics.plotting.networks import network, weight_images
from dlbasics.plotting.plane import cut, paper, plane, two_colors
from dlbasics.plotting.selection import (
    belief,
    confusion,
    dumbbells,
    folds,
    log_contours,
    promise,
    reliability_diagram,
    tried,
)
from dlbasics.plotting.surfaces import contours, gradient_field, paths
from dlbasics.plotting.windows import Cells, evidence, image, maps, mosaic, tables

__all__ = [
    "COLORS",
    "DASHES",
    "LOOK",
    "MARKERS",
    "Arrow",
    "Cells",
    "belief",
    "broadcasting",
    "by_layer",
    "circuit",
    "confusion",
    "contours",
    "counts",
    "cut",
    "diagram",
    "dumbbells",
    "evidence",
    "folds",
    "function_and_derivative",
    "function_panels",
    "gallery",
    "gate",
    "gradient_field",
    "graph",
    "half_plane",
    "histogram",
    "image",
    "ladder",
    "layer_histograms",
    "log_contours",
    "look",
    "maps",
    "mosaic",
    "network",
    "panels",
    "paper",
    "paths",
    "pixels",
    "plane",
    "product",
    "promise",
    "reductions",
    "reliability_diagram",
    "runs",
    "smooth",
    "tables",
    "tensors",
    "tried",
    "two_classes",
    "two_colors",
    "weight_images",
]
