"""Notebooks, run in a real kernel: every cell shows what it draws."""

from __future__ import annotations

import base64
import html
import io
import re

import numpy as np
import pytest
from nbformat import NotebookNode
from PIL import Image

from autograd import Value
from tests.kernel import data, executed, printed, written

IMPORTS = """
import viz
from autograd import Value
from matplotlib import pyplot as plt
from nn import MLP, History, Module, fit

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
# What is no picture and is shown as one: the last line of a cell, as users leave it there.
LAST_LINES = {
    "value": "loss",
    "value before backward": "y_ = (x * 3.0).tanh()\ny_",
    "large value": "total = sum([((x * float(i)) ** 2 + 1.0).log() for i in range(500)])\ntotal",
    "value of nan": "(x * float('nan')) + 1.0",
    "module": "model",
    "neuron": "model.layers[0].neurons[0]",
    "large module": "MLP(30, [40, 1], rng=0)",
    "micrograd's module": "from nn import micrograd\nmicrograd.Layer(2, 3)",
}
# As text: what has no picture.
TEXTS = {
    "leaf": "x",
    "values": "[x, loss]",
    "module of one's own": """
class Line(Module):
    def __init__(self):
        self.slope = Value(2.0)

    def __call__(self, x):
        return self.slope * x

Line()""",
    "no epochs": "History()",
    "one epoch": "History(loss=[1.0])",
    "nan throughout": "History(loss=[float('nan')] * 3)",
}
# As text too, with the reason why there is no picture.
REASONS = {
    "huge value": (
        "for _ in range(20_001):\n    x = x + 1.0\nx",
        "Value(data=20003.0, grad=0.0)\nIts graph has 20,001 operations and is not drawn unasked; viz.graph(...)",
    ),
    "value without _backward": (
        "Value(1.0, (Value(2.0),), '<f>') * 2.0",
        "Value(data=2.0, grad=0.0)\nIts graph is drawn once every result made by Value(data, _children, _op) has its",
    ),
    "deep module": ("MLP(2, [2] * 20, rng=0)", "Its network has 21 columns and would be small here; viz.network(...)"),
}
TRAINING = {"training": "history = fit(model, X, y, epochs=30)"}
CURVES = {"history": "history"}
PAGES = {"stepper": "viz.step(loss)", "film": "viz.animate_training(history, frames=2)"}
OTHERS = {
    "two plots": "viz.plot_loss([2.0, 1.0])\nviz.plot_loss([1.0, 0.5])",
    "no plot": "x.grad",
    "a plot that fails": "viz.plot_activations(lambda z: z.nothing)",
    "module that shows itself": """
class Mine(MLP):
    def _repr_html_(self):
        return "<b>mine</b>"

Mine(2, [1], rng=0)""",
}
CELLS = {
    "imports": IMPORTS, **PLOTS, **DRAWINGS, **LAST_LINES, **TEXTS, **TRAINING, **CURVES, **PAGES, **OTHERS,
    **{name: source for name, (source, _) in REASONS.items()},
}  # fmt: skip


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[NotebookNode]]:
    """The outputs of each cell of one notebook, run from top to bottom."""
    return dict(zip(CELLS, executed(CELLS.values(), tmp_path_factory.mktemp("notebook")), strict=True))


def pictures(outputs: list[NotebookNode]) -> list[np.ndarray]:
    """The plots below a cell, as arrays of pixels."""
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(png)))) for png in data(outputs, "image/png")]


def split(page: str) -> tuple[str, str]:
    """The script of a cell, and the rest."""
    rest, script = page.split("<script>")
    return script.removesuffix("</script>"), rest


def image_in(page: str) -> str:
    """The drawing in the only image of a cell's HTML."""
    (encoded,) = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]*)"', page)
    return base64.b64decode(encoded).decode()


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


@pytest.mark.parametrize("name", [*DRAWINGS, *LAST_LINES])
def test_drawings_are_shown_as_svg(shown, name):
    """As text that scales, not as pixels; the same once more as an image in HTML, for what takes all else out of it."""
    (svg,) = data(shown[name], "image/svg+xml")
    assert svg.startswith("<svg")
    assert pictures(shown[name]) == []
    (page,) = data(shown[name], "text/html")
    assert image_in(page) == svg


@pytest.mark.parametrize("name", [*DRAWINGS, *LAST_LINES])
def test_a_cell_has_one_small_script_and_no_ids(shown, name):
    """The same in every cell; nothing of it is fetched."""
    ((script, rest),) = [split(page) for page in data(shown[name], "text/html")]
    assert script == split(data(shown["graph"], "text/html")[0])[0]
    assert len(script) < 5_500
    assert not re.search(r"\bid=|https?:|url\(", script + rest)


@pytest.mark.parametrize("name", LAST_LINES)
def test_values_and_modules_are_shown_as_pictures(shown, name):
    """A last line is enough; the text is there too, for whoever shows no pictures."""
    (svg,) = data(shown[name], "image/svg+xml")
    assert svg.startswith("<svg")
    (text,) = data(shown[name], "text/plain")
    assert text.startswith(("Value(data=", "MLP: ", "Neuron(", "Layer("))


def test_the_picture_of_a_value_has_its_numbers_to_the_last_digit(shown):
    """Boxes have three digits each; ``grad`` is of the last pass, which may have begun elsewhere."""
    assert written(shown["value"]) >= {"x", "2", "∂ 40", "Value(data=25.0, grad=1.0)"}
    assert written(shown["value before backward"]) >= {"tanh", "Value(data=0.9999877116507956, grad=0.0)"}
    assert "call backward() to see derivatives" in written(shown["value before backward"])


def test_large_pictures_say_how_to_see_more(shown):
    """What they leave out, and what to call for all of it."""
    assert "level='value'" in " ".join(written(shown["large value"]))
    assert "max_neurons=40" in " ".join(written(shown["large module"]))


@pytest.mark.parametrize("name", TEXTS)
def test_what_has_no_picture_is_shown_as_text(shown, name):
    """And as nothing else."""
    (output,) = shown[name]
    assert list(output["data"]) == ["text/plain"]


@pytest.mark.parametrize("name", REASONS)
def test_where_a_picture_is_expected_the_text_says_why_there_is_none(shown, name):
    """Below the text, in the same words as anywhere."""
    (page,) = data(shown[name], "text/html")
    assert REASONS[name][1] in html.unescape(page)
    assert data(shown[name], "image/svg+xml") == []


def test_a_history_is_shown_as_its_curve(shown):
    """One picture, fine enough for a screen of small pixels, in its size; below it is no second one."""
    (output,) = shown["history"]
    (picture,) = pictures([output])
    assert output.metadata["image/png"]["width"] * 2 == picture.shape[1]
    assert len(np.unique(picture.reshape(-1, picture.shape[-1]), axis=0)) > 10
    assert output.data["text/plain"].startswith("History(30 epochs")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> list[list[NotebookNode]]:
    """The outputs of a notebook on a machine with neither matplotlib nor Graphviz."""
    cells = [
        "import sys\nsys.modules.update(dict.fromkeys(['matplotlib', 'PIL', 'pygraphviz']))",
        "from autograd import Value\nfrom nn import MLP, History\n'viz' in sys.modules",
        "Value(2.0) * 3.0",
        "MLP(2, [2, 1], rng=0)",
        "History(loss=[2.0, 1.0])",
    ]
    return executed(cells, tmp_path_factory.mktemp("bare"), PATH="")


def test_without_matplotlib_and_graphviz_all_is_shown_but_curves(bare):
    """Whose text says what to install; ``viz`` is loaded when there is something to draw."""
    assert data(bare[1], "text/plain") == ["False"]
    assert [len(data(outputs, "image/svg+xml")) for outputs in bare[2:]] == [1, 1, 0]
    (page,) = data(bare[4], "text/html")
    assert "History(2 epochs, loss 2 → 1)\nIts curve is drawn by matplotlib: pip install" in html.unescape(page)
    assert {output.output_type for outputs in bare for output in outputs} == {"execute_result"}


def test_what_shows_itself_is_left_to_it(shown):
    """A subclass has a picture of its own, and no second one beside it."""
    (output,) = shown["module that shows itself"]
    assert set(output["data"]) == {"text/html", "text/plain"}
    assert output["data"]["text/html"] == "<b>mine</b>"


def test_a_fault_in_drawing_is_not_hidden(monkeypatch):
    """Only what is known to have no picture is shown as text alone."""
    monkeypatch.setattr("viz.notebook.captioned", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        (Value(2.0) * 3.0)._repr_mimebundle_()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_shown_in_a_frame(shown, name):
    """Their scripts and styles stay inside."""
    (page,) = data(shown[name], "text/html")
    assert page.startswith("<iframe srcdoc=")
    assert "&lt;script&gt;" in page


def test_progress_of_training_is_shown(shown):
    """A bar that has reached its end, with the loss beside it."""
    bar = printed(shown["training"])
    assert "30/30" in bar
    assert "loss=" in bar
