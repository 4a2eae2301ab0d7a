"""``viz.network`` read back: every number, colour and width belongs to the connection or neuron at which it stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from nn import MLP
from viz.networks.network import _tip
from viz.rendering.shapes import Disc, Line, Words
from viz.theme import LIGHT, Scale, number

NEURON = 24.0  # radius of its disc

DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

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


@given(networks())
def test_names_and_counts_stand_at_their_neurons_and_columns(drawn):
    """Neurons count from 0 in their layer, layers from 1; below each column its title and how many it has."""
    model, _ = drawn
    picture = viz.network(model)
    words = [shape for shape in picture._still.shapes if isinstance(shape, Words)]
    named = {shape.centre: shape.whole for shape in words if shape.bold}
    places = columns(picture._still.shapes)
    for i, (column, size) in enumerate(
        zip(places, [len(model.layers[0].neurons[0].weights), *map(_size, model.layers)], strict=True)
    ):
        names = [f"x{j}" if i == 0 else model.layers[i - 1].neurons[j]._output_label for j in range(size)]
        assert [named[place].translate(DIGITS) for place in column] == [name.translate(DIGITS) for name in names]
        captions = [shape.whole for shape in words if shape.centre[0] == column[0][0] and not shape.tooltip][:2]
        kind = "input" if i == 0 else "output" if i == len(model.layers) else f"hidden {i}"
        assert (captions[0].split(" · ")[0], captions[1]) == (kind, str(size))
    largest = max(abs(p.data) for p in model.parameters())
    assert f"±{number(largest)}" in " ".join(shape.whole for shape in words)


def test_dots_below_zero_stand_before_the_neuron_that_is_led_to():
    """In the right half of their line."""
    shapes = viz.network(MLP(6, [6, 1], rng=0))._still.shapes
    lines = {shape.tooltip: shape for shape in shapes if isinstance(shape, Line)}
    dots = [shape for shape in shapes if isinstance(shape, Disc) and shape.radius < NEURON]
    assert dots
    for dot in dots:
        line = lines[dot.tooltip]
        assert math.dist(dot.centre, line.end) < math.dist(dot.centre, line.start)
        assert _distance(dot.centre, line.start, line.end) < 1e-6


@given(st.integers(5, 9), st.integers(5, 9), st.integers(0, 99))
def test_of_a_thicket_the_strongest_lines_are_drawn_and_the_picture_says_so(inputs, hidden, seed):
    """None that is left out is stronger than one that is drawn, but for those that are a neuron's only one."""
    model = MLP(inputs, [hidden, 1], bias=False, rng=seed)
    picture = viz.network(model, max_neurons=9)
    drawn = {shape.tooltip for shape in picture._still.shapes if isinstance(shape, Line)}
    weights = {(j, k): w for j, neuron in enumerate(model.layers[0].neurons) for k, w in enumerate(neuron.weights)}
    kept = {place for place, w in weights.items() if _tip(w) in drawn}
    missing = len(weights) - len(kept)
    assert (missing > 0) == (len(weights) > 40)
    assert {j for j, _ in kept} == set(range(hidden))
    assert {k for _, k in kept} == set(range(inputs))
    said = " ".join(shape.whole for shape in picture._still.shapes if isinstance(shape, Words) and not shape.tooltip)
    assert (f"{missing} weaker ones are left out" in said) == (missing > 0)
    if not missing:
        return
    ranked = sorted(weights, key=lambda place: -abs(weights[place].data))
    assert kept >= set(ranked[:24])
    for place in kept - set(ranked[:24]):
        assert any(place == next(other for other in ranked if other[axis] == place[axis]) for axis in (0, 1))


def _size(layer):
    return len(layer.neurons)
