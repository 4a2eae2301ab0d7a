"""The parameters of a layer as a matrix of tiles in its box."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd import Value, gradients
from nn import MLP, squared_error
from tests.viz.reading import said
from tests.viz.test_fit import through
from viz.drawing.sheets import TILE
from viz.graphs.matrices import EXPLAINED, LARGEST
from viz.rendering.engines import laid_out
from viz.rendering.shapes import Frame
from viz.theme import LIGHT, Scale, exact


def drawn(sizes, bias=True, inputs=3, **arguments):
    """A network and its layers on one row."""
    model = MLP(inputs, sizes, bias=bias, activation="relu", rng=1)
    outputs = model([Value(0.3 * i - 0.5) for i in range(inputs)])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    loss = squared_error(outputs, [1.0] * len(outputs))
    loss.label = "loss"
    loss.backward()
    return model, loss, viz.graph(loss, level="layer", model=model, **arguments)


def found(picture: viz.Picture) -> list[Frame]:
    """The tiles, in the order in which they are painted."""
    return [s for s in picture._still.shapes if isinstance(s, Frame) and s.size == (TILE, TILE) and s.tooltip]


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=3), st.booleans(), st.sampled_from(["readme", "slide", "phone"])
)
def test_every_parameter_is_a_tile_in_the_colour_of_its_derivative(sizes, bias, fit):
    """Named in its tooltip with both numbers; dashed where the derivative is exactly zero."""
    model, loss, picture = drawn(sizes, bias, fit=fit)
    by_name = {}
    for tile in found(picture):
        name, value, grad = re.fullmatch(r"(.+) = (.+)\nderivative of loss (.+)", tile.tooltip).groups()
        by_name[name] = (value, grad, tile)
    wanted = [layer.parameters() for layer in model.layers if len(layer.parameters()) > 1]
    parameters = [parameter for layer in wanted for parameter in layer]
    assert set(by_name) == {parameter.label for parameter in parameters}
    grads = gradients(loss, parameters)
    sizes_of_parts = [float(row[-1].replace("−", "-")) for row in picture._table[1:]]
    scale = Scale([*grads, *sizes_of_parts])  # one for all that has a colour, which the legend explains
    for parameter, grad in zip(parameters, grads, strict=True):
        value, shown, tile = by_name[parameter.label]
        assert (value, shown) == (exact(parameter.data), exact(grad))
        assert tile.dashed == (grad == 0.0)
        assert tile.fill == LIGHT.shade(abs(grad), scale)
    assert (EXPLAINED in said(picture)) == bool(parameters)
    assert through(picture) == []


@given(st.lists(st.integers(2, 6), min_size=1, max_size=3), st.booleans())
def test_a_row_is_a_neuron_and_a_column_an_input(sizes, bias):
    """From top to bottom and from left to right in the order of the model, the bias last."""
    model, _, picture = drawn(sizes, bias)
    corners = {tile.tooltip.partition(" = ")[0]: tile.corner for tile in found(picture)}
    for layer in model.layers:
        rows = [[corners[parameter.label] for parameter in neuron.parameters()] for neuron in layer.neurons]
        left, top = rows[0][0]
        for i, row in enumerate(rows):
            for j, corner in enumerate(row):
                assert corner == pytest.approx((left + j * TILE, top + i * TILE))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=3), st.sampled_from(["readme", "slide", "phone"]))
def test_tiles_lie_in_their_boxes_and_apart(sizes, fit):
    """Each below the rows of its box, in which no arrow ends above it that should not."""
    _, _, picture = drawn(sizes, fit=fit)
    grounds = [s for s in picture._still.shapes if isinstance(s, Frame) and s.fill == LIGHT.cell and not s.tooltip]
    for tile in found(picture):
        (x, y), inside = tile.corner, []
        for ground in grounds:
            (left, top), (wide, high) = ground.corner, ground.size
            inside.append(left < x and x + TILE < left + wide and top < y and y + TILE < top + high)
        assert sum(inside) == 1
    places = [tile.corner for tile in found(picture)]
    assert len(set(places)) == len(places)


def test_layers_too_large_for_it_have_none():
    """A carpet of tiles says nothing; those of other layers are there."""
    model, _, picture = drawn([LARGEST + 1, 2, 2])
    names = {tile.tooltip.partition(" = ")[0] for tile in found(picture)}
    assert names == {parameter.label for parameter in model.layers[2].parameters()}
    _, _, none = drawn([LARGEST + 1, 1])
    assert found(none) == []
    assert EXPLAINED not in said(none)


def test_before_backward_there_are_no_colours_and_no_tiles():
    """Nor does the picture speak of them."""
    model = MLP(3, [4, 1], rng=1)
    picture = viz.graph(model([1.0, 2.0, 3.0]), level="layer", model=model)
    assert found(picture) == []
    assert EXPLAINED not in said(picture)


def test_graphviz_draws_the_tiles_too(engine):
    """As a table in the box, without a word of complaint, in the same colours."""
    _, _, picture = drawn([4, 3])
    drawing = laid_out(picture.dot, "svg", "nop2")
    assert all(f'fill="{tile.fill}"'.encode() in drawing for tile in found(picture))
    assert picture.dot.count('<td width="9" height="9"') == len(found(picture))
