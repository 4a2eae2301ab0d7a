"""``viz.network``: neurons, connections, and numbers that do not overlap."""

from collections import Counter
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import viz
from autograd import Value
from nn import MLP, Layer, Neuron
from tests.viz.network_shapes import overlap, parts, plates
from tests.viz.reading import document_001, texts, titles
from viz.rendering.shapes import Disc, Line, Words
from viz.theme import LIGHT, number


@given(st.integers(1, 6), st.lists(st.integers(1, 9), min_size=1, max_size=3), st.booleans(), st.integers(0, 99))
@example(3, [3, 1], False, 4)  # has a number too long for its place beside a neuron
def test_numbers_do_not_overlap(inputs, sizes, bias, seed):
    """Whatever the network, no number covers another or a neuron."""
    svg = viz.network(MLP(inputs, sizes, bias=bias, rng=seed)).svg
    numbers = plates(svg)
    assert not [pair for pair in combinations(numbers, 2) if overlap(*pair)]
    for disc in parts(svg, "circle"):
        x, y, r = (float(disc[name]) for name in ("cx", "cy", "r"))
        inner = (x - 0.7 * r, y - 0.7 * r, 1.4 * r, 1.4 * r)
        assert not [plate for plate in numbers if overlap(plate, inner)]


def meets(line, plate):
    """Whether a line runs behind a rectangle, tried at many points of it."""
    (x1, y1), (x2, y2) = line.start, line.end
    (x, y), (w, h) = plate.centre, plate.extent
    shares = np.linspace(0.0, 1.0, 2001)
    across, down = x1 + shares * (x2 - x1), y1 + shares * (y2 - y1)
    return bool(((abs(across - x) < w / 2) & (abs(down - y) < h / 2)).any())


@given(st.integers(1, 6), st.lists(st.integers(1, 9), min_size=1, max_size=2), st.booleans(), st.integers(0, 99))
@example(2, [8, 8], True, 1)
@example(4, [6, 3], True, 0)
def test_one_sees_whose_a_number_is(inputs, sizes, bias, seed):
    """It stands on its own line, and behind it run at most two others; where more would, dots say the sign."""
    shapes = viz.network(MLP(inputs, sizes, bias=bias, rng=seed))._still.shapes
    lines = [shape for shape in shapes if isinstance(shape, Line)]
    for words in (shape for shape in shapes if isinstance(shape, Words) and shape.fill and shape.text[0] != "b"):
        behind = [line for line in lines if meets(line, words)]
        assert words.tooltip in [line.tooltip for line in behind]
        assert len(behind) <= 3


@given(st.integers(1, 5), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_every_neuron_and_connection_is_drawn(inputs, sizes):
    """A disc a neuron, a line a weight, a title with its whole number."""
    model = MLP(inputs, sizes, bias=False, rng=0)
    svg = viz.network(model).svg
    assert len([disc for disc in parts(svg, "circle") if float(disc["r"]) > 20.0]) == inputs + sum(sizes)
    assert len(parts(svg, "line")) == len(model.parameters())
    tips = titles(svg)
    assert all(any(f"{w.label}\nvalue {w.data!r}".replace("-", "−") in tip for tip in tips) for w in model.parameters())


@given(st.integers(1, 8), st.lists(st.integers(1, 8), min_size=1, max_size=3), st.integers(0, 99))
def test_signs_survive_grey_print(inputs, sizes, seed):
    """A connection has its number, or a dot before its end where it is below zero; and nothing covers the dot."""
    model = MLP(inputs, sizes, rng=seed)
    shapes = viz.network(model)._still.shapes
    dots = [shape for shape in shapes if isinstance(shape, Disc) and shape.radius < 20.0]
    plates = [shape for shape in shapes if isinstance(shape, Words) and shape.fill]
    numbers = {words.tooltip for words in plates}
    weights = [(line.tooltip, "value −" in line.tooltip) for line in shapes if isinstance(line, Line)]
    assert Counter(dot.tooltip for dot in dots) == Counter(
        tip for tip, below in weights if below and tip not in numbers
    )
    for dot in dots:
        for words in plates:
            (x, y), (w, h) = words.centre, words.extent
            assert abs(dot.centre[0] - x) > w / 2 or abs(dot.centre[1] - y) > h / 2


def test_document_001_shows_every_weight():
    """Sixteen numbers, and there is room for all of them."""
    model, _ = document_001()
    written = texts(viz.network(model).svg)
    assert all(number(weight.data) in written for weight in model.parameters())


def test_gradients_are_shown_on_request():
    """The numbers are the gradients, and what is exactly zero is dashed."""
    model, _ = document_001()
    svg = viz.network(model, color="grad").svg
    written = texts(svg)
    assert all(number(weight.grad) in written for weight in model.parameters())
    dead = sum(weight.grad == 0.0 for weight in model.parameters())
    assert sum("stroke-dasharray" in line for line in parts(svg, "line")) == dead > 0


def test_before_backward_there_are_no_gradients_to_see():
    """The picture says what to call, and shows no zeros and dashes as if those were known."""
    model = MLP(2, [2, 1], rng=0)
    svg = viz.network(model, color="grad").svg
    assert "call backward() to see derivatives" in texts(svg)
    assert not [text for text in texts(svg) if text in ("0", "b 0")]
    assert {line["stroke"] for line in parts(svg, "line")} == {LIGHT.line}
    assert not [line for line in parts(svg, "line") if "stroke-dasharray" in line]
    model([1.0, 2.0]).backward()
    assert "call backward() to see derivatives" not in texts(viz.network(model, color="grad").svg)


def test_a_scale_up_to_zero_is_not_spoken_of():
    """Where every weight is zero no width shows any."""
    model = MLP(2, [2, 1], bias=False, rng=0)
    for weight in model.parameters():
        weight.data = 0.0
    assert not [text for text in texts(viz.network(model).svg) if "width" in text]


def test_colour_and_width_tell_sign_and_size():
    """Red and thick, blue and thin."""
    neuron = Neuron(2, "linear", bias=False, rng=0)
    neuron.weights[0].data, neuron.weights[1].data = 2.0, -0.5
    lines = {line["stroke"]: float(line["stroke-width"]) for line in parts(viz.network(neuron).svg, "line")}
    assert set(lines) == {LIGHT.raises, LIGHT.lowers}
    assert lines[LIGHT.raises] > 2 * lines[LIGHT.lowers]


@given(st.integers(9, 40), st.integers(3, 8))
def test_wide_layers_have_an_ellipsis(width, most):
    """As many rows as asked for; the caption has the true number."""
    svg = viz.network(MLP(1, [width, 1], rng=0), max_neurons=most).svg
    assert len(parts(svg, "circle")) == 1 + (most - 1) + 1
    assert texts(svg).count("⋮") == 1
    assert str(width) in texts(svg)


def test_example_shows_activations():
    """What the model computes for one example stands in its neurons, inputs included."""
    model = MLP(2, [3, 1], activation="tanh", rng=3)
    written = texts(viz.network(model, example=[0.25, -1.5]).svg)
    hidden = [neuron([0.25, -1.5]).data for neuron in model.layers[0].neurons]
    for x in (0.25, -1.5, *hidden, model([0.25, -1.5]).data):
        assert number(x) in written


def test_columns_say_what_they_are():
    """Input, hidden layers with their activation, output."""
    written = texts(viz.network(MLP(2, [3, 3, 1], activation="tanh", rng=0)).svg)
    assert [text for text in written if " · " in text or text == "input"] == [
        "input", "hidden 1 · tanh", "hidden 2 · tanh", "output · linear",
    ]  # fmt: skip


@pytest.mark.parametrize("model", [Layer(2, 3, rng=0), Neuron(2, rng=0)], ids=["layer", "neuron"])
def test_parts_of_a_network_are_networks(model):
    """A layer and a neuron are drawn like a model of one layer."""
    assert len(parts(viz.network(model).svg, "circle")) == 2 + len(getattr(model, "neurons", [model]))


def test_anything_with_layers_of_neurons_will_do():
    """The drawing asks for attributes, not for a class."""
    neuron = SimpleNamespace(weights=[Value(1.0), Value(2.0)], bias=None)
    model = SimpleNamespace(layers=[SimpleNamespace(neurons=[neuron])])
    assert len(parts(viz.network(model).svg, "line")) == 2
