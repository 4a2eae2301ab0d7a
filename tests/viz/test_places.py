"""What changes with the place where a picture goes: numbers beside names, names alone, what is seen at a glance."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from nn import MLP, squared_error
from tests.bench.pictures import CASES, READABLE, smallest
from tests.viz.boxes import graphs
from tests.viz.reading import boxes, said
from tests.viz.test_fit import through
from viz.drawing.boxes import Box, Cell, Drawing, flat
from viz.drawing.compose import TOGETHER
from viz.drawing.formats import FORMATS, LARGEST
from viz.drawing.placing import laid_out
from viz.gallery import document_001, expression, moons, small
from viz.graphs.values import draw_values
from viz.layout.items import rows
from viz.layout.order import untangle
from viz.rendering.shapes import Curve, Frame, Words
from viz.scenes.scene import scene
from viz.theme import LETTERS, number

SCREENS = 1400.0  # two of a phone
GRAPHS = {
    "graph": (lambda: (None, expression()), {}),
    "graph_network": (document_001, {"level": "value"}),
    "graph_dark": (small, {"level": "value", "unfold": True}),
    "graph_neurons": (moons, {"level": "neuron"}),
    "graph_layers": (moons, {"level": "layer"}),
}


def drawn(name: str, fit: str, **arguments) -> viz.Picture:
    """A graph of the gallery, in another place."""
    case, given_arguments = GRAPHS[name]
    model, root = case()
    return viz.graph(root, model=model, fit=fit, **(arguments or given_arguments))


def shown(picture: viz.Picture) -> tuple[float, float]:
    """How wide and how high it is where it is shown."""
    still = picture._still
    return still.shown, still.size[1] * still.shown / still.size[0]


@given(graph=graphs())
def test_arrows_pass_between_groups_and_not_within_the_innermost(graph):
    """The boxes of a neuron stay together, those of a layer too, but for arrows between its neurons."""
    columns, _ = rows(*graph)
    untangle(columns)
    for column in columns:
        runs = [
            group for group, _ in groupby(item.group for item in column if item.group or item.node is None) if group
        ]
        assert len(runs) == len(set(runs))
        layers = [layer for layer, _ in groupby(item.group[:1] for item in column if item.node is not None) if layer]
        assert len(layers) == len(set(layers))


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_of_the_gallery_fill_a_slide(name):
    """From side to side or from top to bottom, or with the largest letters; all can be read, no arrow is in the way."""
    picture, place = drawn(name, "slide"), FORMATS["slide"]
    wide, high = shown(picture)
    assert max(wide / place.width, high / place.height, smallest(picture) / LARGEST) == pytest.approx(1.0)
    assert smallest(picture) >= READABLE["slide"]
    assert through(picture) == []


@pytest.mark.parametrize(
    ("name", "least"), [("graph_network", 0.85), ("graph_dark", 0.85), ("graph_neurons", 0.85), ("graph_layers", 0.85)]
)
def test_networks_take_most_of_a_slide(name, least):
    """They are neither a strip nor a tower: so much of it is the picture."""
    wide, high = shown(drawn(name, "slide"))
    assert wide * high >= least * FORMATS["slide"].width * FORMATS["slide"].height


@pytest.mark.parametrize("name", GRAPHS)
def test_on_a_phone_a_graph_is_seen_in_two_screens(name):
    """Unless every value is asked for: parts of the model have a box each, and the picture says how to see the rest."""
    picture = drawn(name, "phone", level="auto")
    assert shown(picture)[1] <= SCREENS
    assert smallest(picture) >= READABLE["phone"] - 0.005
    if len(boxes(picture.dot)) < len(scene(GRAPHS[name][0]()[1]).nodes):
        assert "all of them: level='value'" in said(picture)


@given(st.lists(st.integers(1, 16), min_size=1, max_size=3), st.integers(1, 3))
def test_on_a_phone_one_sees_which_neuron_feeds_which(sizes, examples):
    """All stand in one line of the picture; where numbers take too much room for that, names stand alone."""
    model = MLP(3, [*sizes, 1], rng=1)
    loss = squared_error([model([0.1 * i, 1.0, -0.5]) for i in range(examples)], [1.0] * examples)
    loss.backward()
    picture = viz.graph(loss, level="neuron", model=model, fit="phone")
    assert TOGETHER not in said(picture)
    assert shown(picture)[1] <= SCREENS
    assert smallest(picture) >= READABLE["phone"] - 0.005
    texts = boxes(picture.dot).values()
    alone = all(len(text) == 1 for text in texts)
    assert alone == ("colours for derivatives (numbers: fit='poster')" in said(picture))
    poster = viz.graph(loss, level="neuron", model=model, fit="poster")
    assert all(len(text) > 1 for text in boxes(poster.dot).values())


def test_names_alone_have_the_colours_of_their_numbers():
    """The same as the cells of the numbers that they stand for, and the tooltip says these."""
    with_numbers, alone = drawn("graph_neurons", "slide"), drawn("graph_neurons", "phone")

    def fills(picture):
        return Counter(shape.fill for shape in picture._still.shapes if isinstance(shape, Frame) and shape.tooltip)

    assert fills(alone).total() == 36
    assert fills(alone) <= fills(with_numbers)
    tips = [shape.tooltip for shape in alone._still.shapes if isinstance(shape, Frame) and shape.tooltip]
    assert all("root-mean-square derivative of loss" in tip for tip in tips)
    assert sum("25 examples" in tip for tip in tips) == 33


NUMBERS = st.lists(st.floats(-1e4, 1e4).map(number), min_size=1, max_size=3)


@given(st.lists(st.tuples(st.text("wab₀₁", min_size=1, max_size=4), NUMBERS), min_size=1, max_size=6))
def test_flat_boxes_say_the_same_in_one_row_and_are_aligned(leaves):
    """Of leaves in one column with as many numbers the cells stand below each other."""

    def cell(text, span=1):
        return Cell(text, "#ffffff", "#000000", span)

    drawing = Drawing("leaves")
    drawing.boxes = [
        Box(f"n{i}", [[cell(name, len(numbers))], [cell(x) for x in numbers]], "", "#000000", leaf=True)
        for i, (name, numbers) in enumerate(leaves)
    ]
    low = flat(drawing)
    assert [[c.text for c in box.rows[0]] for box in low.boxes] == [[name, *numbers] for name, numbers in leaves]
    found = laid_out(low, float("inf"))
    borders: dict[int, set[tuple[float, ...]]] = {}
    for (name, numbers), sheet in zip(leaves, found.sheets, strict=True):
        assert sheet.height < laid_out(drawing, float("inf")).sheets[0].height, name
        borders.setdefault(len(numbers), set()).add(tuple(round(part.x, 6) for part in sheet.cells))
        for one, other in pairwise(sheet.cells):
            assert one.x + one.width == pytest.approx(other.x)
    assert all(len(found) == 1 for found in borders.values())


def test_operations_with_several_operands_are_not_flattened():
    """Their arrows need the height."""
    drawing = Drawing("values")
    view = scene(expression())
    draw_values(drawing, view, set(view.nodes), lambda value: ())
    for before, after in zip(drawing.boxes, flat(drawing).boxes, strict=True):
        assert len(after.rows) == (1 if before.leaf else 2)


@pytest.mark.parametrize("fit", FORMATS)
@pytest.mark.parametrize("name", ["graph_network", "graph_neurons"])
def test_the_dot_text_has_the_boxes_that_are_shown(name, fit):
    """In the order of the rows in which they are shown, whichever way that is."""
    picture = drawn(name, fit)
    cells = [
        shape.whole for shape in picture._still.shapes if isinstance(shape, Words) and shape.tooltip and not shape.halo
    ]
    assert Counter(cells) == Counter(text for texts in boxes(picture.dot).values() for text in texts)
    widths = [shape.size[0] for shape in picture._still.shapes if isinstance(shape, Frame) and shape.tooltip]
    assert sum(f'width="{width:.0f}"' in picture.dot for width in widths) == len(widths)


def test_a_frame_that_goes_on_in_another_line_says_so():
    """On a phone layer 1 has its sums in one line and its activations in the next."""
    picture = drawn("graph_network", "phone", level="value")
    names = [s for s in picture._still.shapes if isinstance(s, Words) and s.whole.startswith("layer 1")]
    assert [s.whole for s in sorted(names, key=lambda s: s.centre[1])] == ["layer 1", "layer 1, continued"]


def test_what_all_neurons_of_a_layer_take_comes_in_between_them():
    """The inputs stand in the middle beside the weights, as far from the first neuron as from the last."""
    picture = drawn("graph_network", "slide")
    heights: dict[str, list[float]] = {}
    for shape in picture._still.shapes:
        if isinstance(shape, Words) and shape.whole.startswith(("x", "w⁽¹⁾")):
            heights.setdefault(shape.whole[0], []).append(shape.centre[1])
    inputs, weights, apart = heights["x"], heights["w"], LETTERS
    assert len(inputs) == 3
    assert len(weights) == 12
    assert sorted(weights)[5] - 2 * apart < sum(inputs) / 3 < sorted(weights)[6] + 2 * apart


def test_a_chain_is_broken_for_larger_letters_only_where_height_is_left():
    """One line that takes three quarters of a slide stays one; a flat one is broken."""
    root, model = next(case.make for case in CASES if case.name == "attention head")()
    broken = viz.graph(root, model=model, fit="slide")
    whole = viz.chain_rule(document_001(labelled=False)[1], fit="slide")
    assert (
        max(curve.start[0] - curve.segments[-1][-1][0] for curve in broken._still.shapes if isinstance(curve, Curve))
        > 0
    )
    assert (
        max(curve.start[0] - curve.segments[-1][-1][0] for curve in whole._still.shapes if isinstance(curve, Curve)) < 0
    )
    assert smallest(whole) > 1.4 * LETTERS
