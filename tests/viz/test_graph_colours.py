"""Graphs read back: the colour of a cell is that of its derivative, that of an arrow of what it hands down."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd import Value, gradients
from autograd.testing.strategies import expressions
from nn import MLP, squared_error
from tests.viz.reading import BOX, arrows, cells
from viz.graphs.folded import fold
from viz.scenes.groups import modules, places
from viz.scenes.scene import scene, values_below
from viz.theme import LIGHT, Scale, number

CELL = re.compile(r'<td [^>]*bgcolor="(#\w+)"[^>]*>.*?</td>')
HALF = re.compile(r"^\t(?:n\d+ -> e\d+|e\d+ -> n\d+) \[(.*)\]$", re.MULTILINE)
DERIVATIVE = re.compile(r"derivative (−?[\d.e−+]+)")
ROW = 20.0  # the height of one


class Look(NamedTuple):
    """An arrow's colour and width."""

    colour: str
    width: float


def look(attributes: str) -> Look:
    """That of an arrow of the DOT text."""
    return Look(re.search(r' ?color="(#\w+)"', attributes)[1], float(re.search(r"penwidth=([\d.]+)", attributes)[1]))


def fills(markup: str) -> list[tuple[str, str]]:
    """The cells of a box that say a derivative, each with its colour."""
    found = [(cells(cell[0])[0], cell[1]) for cell in CELL.finditer(markup) if cells(cell[0])]
    return [(text, fill) for text, fill in found if text.startswith("∂ ") or re.match(r"d\S+/d\S+ = ", text)]


def handed_down(value: Value, grad: float) -> list[float]:
    """What each operand that is a Value gets from one; nothing at all of an adjoint of zero."""
    pairs = zip(value.args, value.partials, strict=True)
    return [grad * partial if grad else 0.0 for arg, partial in pairs if isinstance(arg, Value)]


@given(expressions())
def test_values_and_arrows_have_the_colours_of_their_derivatives(expression):
    """The root's derivative by a Value behind its number; along an arrow the adjoint times the local partial."""
    _, root = expression.record()
    root.backward(check=False)
    dot, nodes = viz.graph(root).dot, values_below(root)
    grads = gradients(root, nodes, check=False)
    scale = Scale(grads)
    found = [fills(box[2]) for box in BOX.finditer(dot)]
    assert found == [[(f"∂ {number(grad)}", LIGHT.fill(grad, scale))] for grad in grads]
    flows = [flow for node, grad in zip(nodes, grads, strict=True) for flow in handed_down(node, grad)]
    expected = [Look(LIGHT.stroke(flow), scale.width(flow)) for flow in flows]
    assert [look(arrow.attributes) for arrow in arrows(dot)] == expected


@given(expressions(max_steps=8), st.randoms(use_true_random=False))
def test_chain_rule_has_the_colours_of_its_derivatives(expression, random):
    """Both halves of an arrow have that of the adjoint times the partial between the two that are named."""
    _, root = expression.record()
    nodes = values_below(root)
    for i, node in enumerate(nodes):
        node.label = f"v{i}" if node is root or node.op is None or random.random() < 0.5 else ""
    if len(nodes) == 1:
        return
    picture = viz.chain_rule(root)
    small, dot = picture._scene.nodes, picture.dot
    grads = gradients(root, [picture._originals[node] for node in small], check=False)
    scale = Scale(grads)
    found = [fill for box in BOX.finditer(dot) for _, fill in fills(box[2])]
    assert found == [LIGHT.fill(grad, scale) for node, grad in zip(small, grads, strict=True) if node is not small[-1]]
    flows = [flow for node, grad in zip(small, grads, strict=True) for flow in handed_down(node, grad)]
    halves = [look(found[1]) for found in HALF.finditer(dot)]
    assert halves == [Look(LIGHT.stroke(flow), scale.width(flow)) for flow in flows for _ in range(2)]


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
def test_cards_have_the_colours_of_their_derivatives_and_arrows_end_at_their_weights(hidden, outputs, seed):
    """From neuron k to the row of weight k, in the colour of the derivative by that neuron along this arrow alone."""
    model = MLP(2, [hidden, outputs], activation="tanh", rng=seed)
    root = squared_error(model([0.5, -1.0]), [1.0] * outputs if outputs > 1 else 1.0)
    root.backward()
    dot = viz.graph(root, level="neuron", model=model).dot
    boxes = {box[1]: box for box in BOX.finditer(dot)}
    cards = {cells(box[2])[0]: name for name, box in boxes.items()}
    scale = Scale(float(x.replace("−", "-")) for box in boxes.values() for x in DERIVATIVE.findall(box[3]))
    for layer in model.layers:
        for neuron in layer.neurons:
            name = cards[neuron._output_label]
            rows = fills(boxes[name][2])[: len(neuron.parameters())]
            assert rows == [(f"∂ {number(p.grad)}", LIGHT.fill(p.grad, scale)) for p in neuron.parameters()]
    drawn = {(arrow.tail, arrow.head): arrow.attributes for arrow in arrows(dot)}
    for neuron in model.layers[1].neurons:
        head = cards[neuron._output_label]
        middle = float(re.search(r'pos="[^,]*,([^"]*)"', boxes[head][0])[1])
        top = middle + ROW / 2 * boxes[head][2].count("<tr>")
        for k, before in enumerate(model.layers[0].neurons):
            attributes = drawn[cards[before._output_label], head]
            assert look(attributes).colour == LIGHT.stroke(neuron.bias.grad * neuron.weights[k].data)
            end = float(re.search(r'pos="e,[^,]*,(\S+) ', attributes)[1])
            assert abs(end - (top - ROW * (k + 1.5))) < 0.1


@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 99))
def test_layers_have_the_shade_of_their_size_and_count_active_relus(hidden, examples, seed):
    """The root mean square of a layer's gradient behind its number; a relu is active above zero."""
    model = MLP(2, [hidden, 1], activation="relu", output_activation="linear", rng=seed)
    rows = np.random.default_rng(seed).uniform(-1.0, 1.0, (examples, 2)).tolist()
    root = squared_error([model(row) for row in rows], [1.0] * examples)
    root.label = "L"
    root.backward()
    boxes = list(BOX.finditer(viz.graph(root, level="layer", model=model).dot))
    (first,) = [cells(box[2]) for box in boxes if cells(box[2])[0].startswith("layer 1")]
    active = sum(neuron(row).data > 0.0 for neuron in model.layers[0].neurons for row in rows)
    relus = hidden * examples
    assert f"{active} of {relus} relu{'s' * (relus > 1)} active" in first
    sizes = [float(re.search(r'derivative of L (\S+)"', box[3])[1].replace("−", "-")) for box in boxes]
    shades = [cell[1] for box in boxes for cell in CELL.finditer(box[2]) if "rms" in cell[0]]
    scale = Scale([*sizes, *(parameter.grad for parameter in model.parameters())])  # each of which is a tile
    assert shades == [LIGHT.shade(size, scale) for size in sizes]


@given(st.integers(1, 4), st.integers(1, 4), st.booleans(), st.integers(0, 99))
def test_cards_of_several_examples_count_active_relus(hidden, examples, dead, seed):
    """Of each neuron as many as there are examples, active where its output is above zero."""
    model = MLP(2, [hidden, 1], activation="relu", output_activation="linear", rng=seed)
    model.layers[0].neurons[0].bias.data = -9.0 if dead else 0.0
    rows = np.random.default_rng(seed).uniform(-1.0, 1.0, (examples, 2)).tolist()
    root = squared_error([model(row) for row in rows], [1.0] * examples)
    dot = viz.graph(root, level="neuron", model=model).dot
    cards = [cells(box[2]) for box in BOX.finditer(dot)]
    found = [text for card in cards for text in card if text.endswith("active")]
    counts = [sum(neuron(row).data > 0.0 for row in rows) for neuron in model.layers[0].neurons]
    relus = f"{examples} relu{'s' * (examples > 1)}"
    assert sorted(found) == sorted(f"{count} of {relus} active" for count in counts if examples > 1)


@given(st.sampled_from(["layer", "neuron"]), st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_arrows_between_folded_parts_are_as_wide_as_what_they_hand_down(level, hidden, examples, seed):
    """All that flows from one part to another, as the length of one vector, however many numbers that are."""
    model = MLP(13, [hidden, hidden, 1], activation="tanh", rng=seed)  # too many weights for a card
    rows = np.random.default_rng(seed).uniform(-1.0, 1.0, (examples, 13)).tolist()
    root = squared_error([model(row) for row in rows], [1.0] * examples)
    root.backward()
    view = scene(root, None, model)
    parts = fold(view.nodes, view.parameters, places(view, modules(view)), 1 if level == "layer" else 2)
    names = {value: f"n{i}" for i, part in enumerate(parts) for value in part.values}
    flows: dict[tuple[str, str], list[float]] = {}
    for node, grad in zip(view.nodes, gradients(root, view.nodes), strict=True):
        ends = [(names[arg], names[node]) for arg in node.args if isinstance(arg, Value)]
        for (tail, head), flow in zip(ends, handed_down(node, grad), strict=True):
            if tail != head:
                flows.setdefault((tail, head), []).append(flow)
    sizes = {ends: math.hypot(*flow) for ends, flow in flows.items()}
    scale = Scale(sizes.values(), linear=level == "neuron")
    drawn = arrows(viz.graph(root, level=level, model=model).dot)
    found = {(arrow.tail, arrow.head): look(arrow.attributes).width for arrow in drawn}
    assert found == {ends: scale.width(size, 0.5, 2.4) for ends, size in sizes.items()}
