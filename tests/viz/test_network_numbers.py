"""``viz.network`` read back: every number, colour and width belongs to the connection or neuron at which it stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from nn import MLP
from viz.rendering.shapes import Disc, Line, Words
from viz.theme import LIGHT, Scale, number

NEURON = 24.0  # radius of its disc

Place = tuple[float, float]


def columns(shapes) -> list[list[Place]]:
    """The centres of the neurons of each column, from left to right and from top to bottom."""
    centres = sorted(shape.centre for shape in shapes if isinstance(shape, Disc) and shape.radius == NEURON)
    return [[place for place in centres if place[0] == x] for x in sorted({x for x, _ in centres})]


@st.composite
def networks(draw):
    """A small network, differentiated, and an example for it."""
    inputs, sizes = draw(st.integers(1, 4)), draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    model = MLP(inputs, sizes, activation="tanh", bias_init="xavier", rng=draw(st.integers(0, 99)))
    example = np.random.default_rng(len(sizes)).uniform(-1.0, 1.0, inputs).tolist()
    outputs = model(example)
    (sum(outputs[1:], outputs[0]) if isinstance(outputs, list) else outputs).backward()
    return model, example


@pytest.mark.parametrize("color", ["weight", "grad"])
@given(networks())
def test_connection_has_the_number_of_its_weight(color, drawn):
    """From input k to neuron j: colour and width are those of that weight, and so is the plate that stands on it."""
    model, _ = drawn
    shapes = viz.network(model, color=color)._still.shapes
    measure = (lambda p: p.data) if color == "weight" else (lambda p: p.grad)
    scale = Scale(map(measure, model.parameters()), linear=color == "weight")
    places = columns(shapes)
    weights = {
        (places[i][k], places[i + 1][j]): measure(weight)
        for i, layer in enumerate(model.layers)
        for j, neuron in enumerate(layer.neurons)
        for k, weight in enumerate(neuron.weights)
    }
    lines = [shape for shape in shapes if isinstance(shape, Line)]
    assert {(line.start, line.end) for line in lines} == set(weights)
    tips = {}
    for line in lines:
        x = weights[line.start, line.end]
        assert (line.colour, line.width) == (LIGHT.stroke(x), scale.width(x, 0.7, 4.2))
        tips.setdefault(line.tooltip, []).append((line.start, line.end))
    for plate in shapes:
        if isinstance(plate, Words) and plate.fill and not plate.whole.startswith("b "):
            on = [ends for ends in tips[plate.tooltip] if _distance(plate.centre, *ends) < 1e-6]
            assert len(on) == 1
            x = weights[on[0]]
            assert (plate.whole, plate.fill, plate.line) == (number(x), LIGHT.fill(x, scale), LIGHT.stroke(x))


@pytest.mark.parametrize("color", ["weight", "grad"])
@given(networks())
def test_bias_stands_below_its_neuron(color, drawn):
    """With its number and its colour."""
    model, _ = drawn
    shapes = viz.network(model, color=color)._still.shapes
    measure = (lambda p: p.data) if color == "weight" else (lambda p: p.grad)
    scale = Scale(map(measure, model.parameters()), linear=color == "weight")
    plates = {
        (plate.centre[0], plate.centre[1] - NEURON - 9.0): (plate.whole, plate.fill, plate.line)
        for plate in shapes
        if isinstance(plate, Words) and plate.fill and plate.whole.startswith("b ")
    }
    expected = {}
    for column, layer in zip(columns(shapes)[1:], model.layers, strict=True):
        for place, neuron in zip(column, layer.neurons, strict=True):
            b = measure(neuron.bias)
            expected[place] = (f"b {number(b)}", LIGHT.fill(b, scale), LIGHT.stroke(b))
    assert plates == expected


@given(networks())
def test_neuron_has_its_own_activation(drawn):
    """The number below its name is what the model's layers give for the example, at that index."""
    model, example = drawn
    shapes = viz.network(model, example=example)._still.shapes
    given_by_layers = [np.array(example), *(layer[0] for layer in model.activations([example]))]
    inside = {
        (words.centre[0], words.centre[1] - 8.0): words.whole
        for words in shapes
        if isinstance(words, Words) and words.tooltip and not words.fill and not words.bold
    }
    for column, outputs in zip(columns(shapes), given_by_layers, strict=True):
        assert [inside[place] for place in column] == [number(x) for x in outputs.tolist()]


def _distance(point: Place, start: Place, end: Place) -> float:
    """From a point to the line through two others."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    return abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / math.hypot(x2 - x1, y2 - y1)
