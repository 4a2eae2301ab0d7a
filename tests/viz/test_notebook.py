"""Notebooks, run in a real kernel: every cell shows what it draws."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

import autograd

IMPORTS = """
import viz
from autograd import Value
from matplotlib import pyplot as plt
from nn import MLP, fit

X, y = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
model = MLP(2, [2, 1], activation="tanh", output_activation="sigmoid", rng=0)
x = Value(2.0, label="x")
loss = (x * x + 1.0) ** 2
loss.backward()
"""
# In this order: matplotlib sets itself up for a notebook with its first figure, which is one of ours.
PLOTS = {
    "loss": "viz.plot_loss([3.0, 2.0, 1.0])",
    "activations": "viz.plot_activations('tanh')",
    "data": "viz.plot_data(X, y)",
    "boundary": "viz.plot_decision_boundary(model, X, y, resolution=10)",
    "gradients": "viz.plot_gradient_sizes([1e-3, 1e-1])",
    "the user's own": "plt.plot([1.0, 2.0])",
    "the user's axes": "viz.plot_loss([3.0, 2.0, 1.0], plt.subplots()[1])",
}
DRAWINGS = {
    "graph": "viz.graph(loss)",
    "draw_dot": "viz.draw_dot(loss)",
    "chain rule": "viz.chain_rule(loss)",
    "network": "viz.network(model)",
}
TRAINING = {"training": "history = fit(model, X, y, epochs=30)"}
PAGES = {"stepper": "viz.step(loss)", "film": "viz.animate_training(history, frames=2)"}
OTHERS = {
    "two plots": "viz.plot_loss([2.0, 1.0])\nviz.plot_loss([1.0, 0.5])",
    "no plot": "x.grad",
    "a plot that fails": "viz.plot_activations(lambda z: z.nothing)",
}
CELLS = {"imports": IMPORTS, **PLOTS, **DRAWINGS, **TRAINING, **PAGES, **OTHERS}


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[NotebookNode]]:
    """The outputs of each cell of one notebook, run from top to bottom."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
    tested = str(Path(autograd.__file__).parent.parent)
    client = NotebookClient(notebook, timeout=120, allow_errors=True)
    client.execute(cwd=str(tmp_path_factory.mktemp("notebook")), env={**os.environ, "PYTHONPATH": tested})
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


def data(outputs: list[NotebookNode], form: str) -> list[str]:
    """What a cell shows in one form."""
    return [output.data[form] for output in outputs if form in output.get("data", {})]


def pictures(outputs: list[NotebookNode]) -> list[np.ndarray]:
    """The plots below a cell, as arrays of pixels."""
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(png)))) for png in data(outputs, "image/png")]


@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_shown_below_its_cell(shown, name):
    """One picture a cell, not the first cell's alone; and something is on it."""
    (picture,) = pictures(shown[name])
    assert len(np.unique(picture.reshape(-1, picture.shape[-1]), axis=0)) > 10


def test_as_many_pictures_as_plots(shown):
    """Two in a cell that makes two, none in a cell that makes none: no figure waits for a later cell."""
    assert len(pictures(shown["two plots"])) == 2
    assert pictures(shown["no plot"]) == pictures(shown["film"]) == []


def test_a_plot_that_fails_leaves_no_picture(shown):
    """The error alone: half a plot below it would be taken for a result."""
    assert [output.output_type for output in shown["a plot that fails"]] == ["error"]


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_are_shown_as_svg(shown, name):
    """As text that scales, not as pixels."""
    (svg,) = data(shown[name], "image/svg+xml")
    assert svg.startswith("<svg")
    assert pictures(shown[name]) == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_shown_in_a_frame(shown, name):
    """Their scripts and styles stay inside."""
    (page,) = data(shown[name], "text/html")
    assert page.startswith("<iframe srcdoc=")
    assert "&lt;script&gt;" in page


def test_progress_of_training_is_shown(shown):
    """A bar that has reached its end, with the loss beside it."""
    bar = "".join(output.text for output in shown["training"] if output.output_type == "stream")
    assert "30/30" in bar
    assert "loss=" in bar
