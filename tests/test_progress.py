"""Progress bars: in a terminal, in a notebook, and when something goes wrong."""

import re

import pytest
from examples import rng

from dlbasics.datasets import make_spirals
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD
from dlbasics.training import fit


def run(lr=0.1, **how):
    model, data = mlp([2, 9, 3], rng=rng()), make_spirals(300, rng=rng())
    how |= {"batch_size": 50, "rng": rng()}
    return fit(model, SoftmaxCrossEntropy(), SGD(lr), *data, **how)


def test_progress_in_a_terminal(capfd):
    run(epochs=2, progress=True)
    shown = capfd.readouterr()
    assert shown.out == ""
    assert re.search(r"100%\|.*\| 12/12 \[.*step", shown.err)
    assert re.search(r"loss=\d\.\d{4}", shown.err)
    assert re.search(r"\r +\r$", shown.err)  # the line is wiped at the end


def test_no_progress_unless_asked_for(capfd):
    run(epochs=2)
    assert capfd.readouterr() == ("", "")


def test_progress_is_closed_when_training_stops_early(capfd):
    with pytest.raises(FloatingPointError):
        run(1e30, epochs=9, progress=True)
    assert "0/54" in capfd.readouterr().err
    run(epochs=1, progress=True)
    assert "6/6" in capfd.readouterr().err


NOTEBOOK = """
import numpy as np
from dlbasics import losses, models, optimizers, training
rng = np.random.default_rng(0)
_ = training.fit(
    models.mlp([2, 3], rng=rng), losses.SoftmaxCrossEntropy(), optimizers.SGD(0.1),
    rng.random((8, 2)), np.arange(8) % 3,
    epochs=2, batch_size=4, rng=rng, progress=True,
)
"""


@pytest.mark.filterwarnings("default")  # those of the Jupyter machinery
def test_progress_in_a_notebook_is_a_widget():
    nbformat, nbclient = map(pytest.importorskip, ("nbformat", "nbclient"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    assert [output.output_type for output in outputs] == ["display_data"]
    assert "application/vnd.jupyter.widget-view+json" in outputs[0].data
    widgets = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]
    bars = [
        widget["state"]
        for widget in widgets["state"].values()
        if widget["model_name"] == "FloatProgressModel"
    ]
    assert [(bar["value"], bar["max"]) for bar in bars] == [(4, 4)]
