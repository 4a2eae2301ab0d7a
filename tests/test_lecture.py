"""Notebooks in micrograd's words run in a real kernel, and show what they should."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.kernel import data, executed, printed, written
from tests.notebooks import NOTEBOOKS

CELLS = [(name, title) for name, cells in NOTEBOOKS.items() for title in cells]
# What cells print: known from mathematics, or compared within the cell with what came another way.
PRINTED = {
    ("lecture", "a slope by hand"): "slope -1.9998",
    ("lecture", "their picture"): "7 6 9",  # an arrow for each operand, and from each of three operations to its result
    ("lecture", "a step by hand"): "-1.793904",  # (2.92 * -1.88 + 5.04) * 3.99
    ("lecture", "all of them in that order"): "True",
    ("lecture", "the same at once"): "True True",
    ("lecture", "twice the same"): "2.0",
    ("lecture", "tanh in parts"): "True",
    ("lecture", "an operation of one's own"): "True",
    ("demo", "model"): "MLP: 105 parameters",
}
WRITTEN = {
    ("lecture", "values"): {"E", "u", "−4", "call backward() to see derivatives"},
    ("lecture", "a neuron"): {"x1*w1 + x2*w2", "tanh", "0.462"},
    ("lecture", "an operation of one's own"): {"squash", "∂ 1"},
    ("lecture", "the network of one's own"): {"input", "hidden 2", "output"},
    ("demo", "a neuron"): {"relu", "∂ 1"},
    ("demo", "their other picture"): {"relu", "∂ 1"},
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The outputs of each cell of each notebook."""
    return {
        (name, title): outputs
        for name, cells in NOTEBOOKS.items()
        for title, outputs in zip(cells, executed(cells.values(), tmp_path_factory.mktemp(name)), strict=True)
    }


@pytest.mark.parametrize("cell", CELLS, ids=": ".join)
def test_every_cell_runs(shown, cell):
    """Without an error, and without a warning."""
    if cell == ("lecture", "twice the same") and shutil.which("dot") is None:
        pytest.skip("graphviz draws by the program dot, which is not installed")
    assert [output for output in shown[cell] if output.output_type == "error" or output.get("name") == "stderr"] == []


@pytest.mark.parametrize("cell", PRINTED, ids=": ".join)
def test_cells_print_the_numbers_that_they_should(shown, cell):
    """To as many digits as the cell itself can have right."""
    assert re.sub(r"\d\.\d{5,}", lambda x: f"{float(x[0]):.7g}", printed(shown[cell])).startswith(PRINTED[cell])


@pytest.mark.parametrize("cell", WRITTEN, ids=": ".join)
def test_pictures_have_the_numbers(shown, cell):
    """They are shown by a last line alone."""
    assert written(shown[cell]) >= WRITTEN[cell]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_training_prints_losses_that_fall(shown, name):
    """One a step."""
    lines = printed(shown[name, "training"])
    losses = [float(loss) for loss in re.findall(r"^(?:step )?\d+ (?:loss )?([\d.e-]+)", lines, re.MULTILINE)]
    assert len(losses) == {"lecture": 30, "demo": 40}[name]
    assert max(losses[-5:]) < losses[0]


def test_lists_of_values_are_shown_as_their_numbers(shown):
    """Predictions, and what the student's own walk has found, operands first."""
    (text,) = data(shown["lecture", "an order by hand"], "text/plain")
    labels = re.findall(r"label='(.*?)'", text)
    assert labels == ["x1", "w1", "x1*w1", "x2", "w2", "x2*w2", "x1*w1 + x2*w2", "b", "n", "o"]
    (text,) = data(shown["lecture", "predictions"], "text/plain")
    assert text.count("Value(data=") == 4


def test_the_stepper_opens_below_its_cell(shown):
    """In a frame of its own."""
    (page,) = data(shown["lecture", "the loss, step by step"], "text/html")
    assert page.startswith("<iframe srcdoc=")
