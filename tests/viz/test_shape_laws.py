"""What every drawing keeps to, whatever it shows: lines of a legend, frames, ways to fold, names, titles, files."""

from __future__ import annotations

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd import Value, tanh
from nn import MLP, squared_error
from tests.viz.drawn import plt
from viz.__main__ import saved
from viz.drawing.boxes import Box, Cell, Drawing
from viz.drawing.captions import below
from viz.drawing.corners import _rectangles
from viz.graphs.cards import _shown, draw_cards
from viz.graphs.folded import fold
from viz.graphs.levels import ways
from viz.graphs.named import naming
from viz.rendering.shapes import Frame, Words
from viz.scenes.groups import modules, places
from viz.scenes.scene import scene
from viz.theme import Scale

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3)
NUMBERS = st.floats(-1e6, 1e6)
AIR = 3.0  # that the extent of words has beside them


def loss_of(sizes, examples=1, activation="tanh"):
    """A model of two inputs, and its squared error on some examples, differentiated."""
    model = MLP(2, sizes, activation=activation, rng=0)
    outputs = [model([Value(0.1 * i, label="a"), Value(-1.0, label="b")]) for i in range(examples)]
    flat = [y for row in outputs for y in (row if isinstance(row, list) else [row])]
    loss = squared_error(flat, [0.5] * len(flat))
    loss.backward()
    return model, loss


# ── Legends, frames, rectangles ──────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(NUMBERS, min_size=1, max_size=5), st.floats(60.0, 900.0), st.booleans(), st.text("abc ", max_size=40))
def test_words_of_a_legend_stand_beside_each_other_and_inside(derivatives, room, thick, note):
    """In as many lines as it takes, in the middle or to the left; no line is longer than what it is told to be."""
    boxes = [Box("n", [[Cell("n", "#fff", "#000")]], "", "#000", thick=thick)]
    drawing = Drawing("", boxes=boxes, scale=Scale(derivatives), root="f", notes=[note])
    for centred in (True, False):
        block = below(drawing, room, centred)
        lines: dict[float, list[tuple[float, float]]] = {}
        for shape in block.shapes:
            if isinstance(shape, Words) and shape.whole != "0":  # which stands in a frame
                (x, y), half = shape.centre, shape.extent[0] / 2 - AIR
                lines.setdefault(y, []).append((x - half, x + half))
                assert 0.0 < y < block.size[1]
        for spans in lines.values():
            spans.sort()
            assert spans[0][0] >= -1e-6
            assert spans[-1][1] <= block.size[0] + 1e-6
            assert all(one[1] <= other[0] for one, other in pairwise(spans))
        if not centred:
            assert all(min(start for start, _ in spans) < 60.0 for spans in lines.values())


@given(st.floats(0.0, 300.0), st.floats(0.0, 200.0), st.floats(0.5, 90.0), st.floats(0.5, 60.0), st.integers(1, 12))
def test_rectangle_of_a_frame_and_of_words_is_their_own(x, y, wide, high, letters):
    words = Words((x, y), "x" * letters, "#000000")
    (half_wide, half_high) = (length / 2 for length in words.extent)
    assert [*_rectangles(words)] == [(x - half_wide, y - half_high, x + half_wide, y + half_high)]
    assert [*_rectangles(Frame((x, y), (wide, high), "none", "#000000"))] == [(x, y, x + wide, y + high)]


@given(st.lists(st.sampled_from([0.0, 1.0, float("nan"), float("inf")]), min_size=1, max_size=4))
def test_frame_of_what_is_not_finite_is_around_its_box(numbers):
    """As far to the left as to the right, above as below; and no other box has one."""
    root = Value(1.0, label="r")
    for k, x in enumerate(numbers):
        root = root + Value(x, label=f"x{k}")
    picture = viz.graph(root)
    frames = [shape for shape in picture._still.shapes if isinstance(shape, Frame) and shape.width == 3.0]
    whole = {}
    for shape in picture._still.shapes:
        if isinstance(shape, Frame) and shape.tooltip and shape.width == 1.0:
            whole.setdefault(shape.tooltip, []).append(shape)
    boxes = []
    for cells in whole.values():
        left, top = min(f.corner[0] for f in cells), min(f.corner[1] for f in cells)
        right = max(f.corner[0] + f.size[0] for f in cells)
        boxes.append((left, top, right, max(f.corner[1] + f.size[1] for f in cells)))
    for frame in frames:
        (x, y), (wide, high) = frame.corner, frame.size
        around = (x + 1.5, y + 1.5, x + wide - 1.5, y + high - 1.5)
        assert any(around == pytest.approx(box, abs=1e-6) for box in boxes)
    assert bool(frames) == any(x != x or x in (float("inf"), -float("inf")) for x in numbers)


# ── Ways to fold ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(SIZES, st.integers(1, 3), st.sampled_from(["auto", "value", "neuron", "layer"]))
def test_every_way_draws_the_boxes_it_speaks_of_and_says_what_it_leaves_out(sizes, examples, level):
    """But the one that leaves out nothing."""
    model, loss = loss_of(sizes, examples)
    view = scene(loss, model=model)
    found = [*ways(view, view.nodes, None, level, whole=False)]
    assert found
    for way in found:
        drawing = Drawing("", root=view.root_name)
        way.draw(drawing)
        assert len(drawing.boxes) == way.boxes
        (note,) = way.notes(len(view.nodes), 10**9, automatic=False) or [""]
        if way.boxes < len(view.nodes):
            assert re.fullmatch(rf"{len(view.nodes):,} values in {way.boxes:,} boxes: \w[^…]+", note)
        assert {len(box.words) for box in drawing.boxes} <= {0, len(drawing.header)}
        if way.level in ("neuron", "layer"):
            assert drawing.header[:4] == ["part", "parameters", "operations", "examples"]
            rows = [box.words for box in drawing.boxes]
            assert sum(int(row[1].replace(",", "")) for row in rows) == len(model.parameters())
            assert sum(int(row[2].replace(",", "")) for row in rows) == sum(node.op is not None for node in view.nodes)


@given(SIZES, st.integers(1, 3), st.sampled_from(["relu", "tanh", "linear"]))
def test_a_card_counts_the_operations_that_it_does_not_write_out(sizes, examples, activation):
    model, loss = loss_of(sizes, examples, activation)
    view = scene(loss, model=model)
    parts = fold(view.nodes, view.parameters, places(view, modules(view)), 2)
    drawing = Drawing("", root=view.root_name)
    draw_cards(drawing, view, parts)
    for part, box in zip(parts, drawing.boxes, strict=True):
        texts = [cell.text for row in box.rows for cell in row]
        more = [int(text.split()[0].replace(",", "")) for text in texts if "more operation" in text]
        written = sum(value.op is not None for value in _shown(part))
        if not part.parameters:
            assert sum(more) + written == len(part.operations)


# ── Names and titles ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.sets(st.sampled_from(["f", "y", "root", "x", "leaf"])))
def test_what_has_no_name_gets_one_that_nothing_else_has(taken):
    """The first that is free, and a numbered one where none is."""
    labelled = [Value(1.0, label=name) for name in sorted(taken)]
    leaf = Value(2.0)
    root = tanh(leaf)
    for value in labelled:
        root = root * value
    view = scene(root)
    names = naming(view, view.nodes, leaf).names
    for value, candidates in ((root, ("f", "y", "root")), (leaf, ("x", "leaf"))):
        free = [name for name in candidates if name not in taken]
        name = names[value]
        assert name == free[0] if free else name.startswith(f"{candidates[-1]} #")
        assert sum(other == name for other in names.values()) == 1


def test_title_of_a_chain_rule_says_with_respect_to_what():
    """To what it is told, if it is; both are what a screen reader says first."""
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    z = x * y
    z.label = "z"
    assert viz.chain_rule(z).title == "the chain rule of z"
    assert viz.chain_rule(z, wrt=y).title == "the chain rule of z with respect to y"


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_drawn_is_saved_as_what_it_is(tmp_path):
    """A picture, a page, a film and a plot, whose figure is closed."""
    root = tanh(Value(2.0, label="x"))
    ax = viz.plot_loss([3.0, 2.0, 1.0])
    drawn = {
        "a.svg": viz.graph(root),
        "b.html": viz.step(root),
        "c.gif": viz.animate_training(SimpleNamespace(loss=[3.0, 2.0, 1.0]), frames=2),
        "d.png": ax,
    }
    for name, each in drawn.items():
        assert saved(each, tmp_path, name[0]) == tmp_path / name
        assert (tmp_path / name).stat().st_size > 100
    assert not plt.fignum_exists(ax.figure.number)
