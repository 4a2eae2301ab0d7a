"""Pictures where people put them: large enough to read, in their cells in every font, no arrow through a box."""

from __future__ import annotations

import functools
import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd import Value
from autograd.testing.strategies import expressions
from nn import MLP, squared_error
from tests.bench.pictures import CASES, READABLE, blank, smallest
from tests.viz.chromium import browser, installed
from tests.viz.reading import boxes, said
from viz.drawing.boxes import Box, Cell
from viz.drawing.formats import FORMATS, LARGEST, format_named
from viz.drawing.frames import frames
from viz.drawing.sheets import sheet
from viz.gallery import EXHIBITS
from viz.rendering.raster import MOST_PIXELS, scale_of
from viz.rendering.shapes import Curve, Frame, Words
from viz.rendering.strokes import strokes
from viz.rendering.svg import HALO, svg
from viz.scenes.scene import values_below
from viz.theme import LETTERS, LIGHT, number

DRAWN = [exhibit for exhibit in EXHIBITS if not exhibit.name.startswith(("plot", "step", "training"))]
ALL = [*(case.name for case in CASES), *(exhibit.name for exhibit in DRAWN)]


@functools.cache
def made(name: str):
    """A root and its model, computed once."""
    return next(case.make for case in CASES if case.name == name)()


@functools.cache
def drawn(name: str, fit: str = "readme", **arguments) -> viz.Picture:
    """One of the cases of the bench in one place, or a picture of the gallery."""
    for exhibit in DRAWN:
        if exhibit.name == name:
            return exhibit.draw()
    root, model = made(name)
    return viz.graph(root, model=model, fit=fit, **arguments)


@pytest.mark.parametrize("fit", READABLE)
@pytest.mark.parametrize("case", [case.name for case in CASES])
def test_smallest_text_can_be_read_where_the_picture_is_shown(case, fit):
    """10 pixels on a page and on a phone, 14 on a slide; and the picture is no larger than its place."""
    picture, place = drawn(case, fit), FORMATS[fit]
    still = picture._still
    assert smallest(picture) >= READABLE[fit] - 0.005
    assert still.shown <= place.width + 0.01
    assert still.size[1] * still.shown / still.size[0] <= place.height + 0.5


@pytest.mark.parametrize("fit", ["readme", "slide"])
@pytest.mark.parametrize("case", [case.name for case in CASES if case.name != "100 squares"])
def test_little_of_a_picture_is_blank(case, fit):
    """At most 35 % of its tiles of 24 points where it is shown; two boxes alone are another matter."""
    assert blank(drawn(case, fit)) <= 0.35


@pytest.mark.parametrize("case", [case.name for case in CASES])
def test_a_slide_is_filled_as_far_as_is_good(case):
    """One side is that of the slide, or letters are 24 pixels high."""
    still, place = drawn(case, "slide")._still, FORMATS["slide"]
    scale = still.shown / still.size[0]
    sides = still.shown / place.width, still.size[1] * scale / place.height
    assert max(*sides, scale * LETTERS / LARGEST) == pytest.approx(1.0)


def test_nothing_is_left_out_while_it_fits():
    """The expression and the chain have a box for every value, on a page and on a slide."""
    for name in ("micrograd's README", "chain of 60"):
        for fit in ("readme", "slide"):
            assert len(boxes(drawn(name, fit).dot)) == len(values_below(made(name)[0]))


@pytest.mark.parametrize("case", ["MLP 3-4-4-1", "attention head", "loss over 5 rows", "100 squares"])
def test_what_is_folded_is_said_with_how_to_see_it(case):
    """How many values there are, in how many boxes, and what to ask for."""
    values, picture = len(values_below(made(case)[0])), drawn(case)
    assert f"{values:,} values in {len(boxes(picture.dot))} boxes: " in said(picture)
    assert "; all of them: level='value'" in said(picture)
    assert len(boxes(viz.graph(made(case)[0], level="value", max_nodes=values, fit="poster").dot)) == values


def test_cards_of_neurons_have_every_number():
    """A row a parameter with its value and its derivative."""
    root, model = made("MLP 3-4-4-1")
    rows = [texts for texts in boxes(drawn("MLP 3-4-4-1").dot).values() if len(texts) > 4]
    written = {texts[i]: texts[i + 1 : i + 3] for texts in rows for i in range(1, len(texts) - 2, 3)}
    for parameter in model.parameters():
        expected = [number(parameter.data), f"∂ {number(parameter.grad)}"]
        assert written[parameter.label] == expected
    assert root.label == "loss"


def test_operands_come_in_at_the_row_of_their_weight():
    """An arrow from neuron k ends in the middle of row ``w_jk`` of card j."""
    model = MLP(2, [3, 1], bias=False, rng=0)
    loss = squared_error(model([Value(0.5, label="x0"), Value(-1.0, label="x1")]), 1.0)
    loss.backward()
    still = viz.graph(loss, level="neuron", model=model)._still
    ends = {curve.corners[0] for curve in still.shapes if isinstance(curve, Curve)}
    rows = {
        words.whole: words.centre[1] for words in still.shapes if isinstance(words, Words) and words.whole[0] == "w"
    }
    assert {round(y, 3) for y in rows.values()} <= {round(y, 3) for _, y in ends}


def test_repeated_structure_is_found_whatever_the_rows():
    """Queries, keys and values, scores, exponentials, sums, shares, outputs: rows of unequal length are one kind."""
    titles = [texts[0] for texts in boxes(drawn("attention head").dot).values()]
    assert titles.count("Σ × × 16") == 4
    assert {"exp × 10", "Σ × 4", "÷ × 40", "× × 10", "Σ × × 10"} <= set(titles)


def rectangles(picture: viz.Picture) -> list[tuple[float, float, float, float]]:
    """The cells of boxes: frames that carry a tooltip."""
    return [
        (*shape.corner, shape.corner[0] + shape.size[0], shape.corner[1] + shape.size[1])
        for shape in picture._still.shapes
        if isinstance(shape, Frame) and shape.tooltip
    ]


def points(curve: Curve) -> list[tuple[float, float]]:
    """Many points of a curve, without its ends."""
    found, at = [], curve.start
    for segment in curve.segments:
        controls = [at, *segment] if len(segment) == 3 else [at, at, segment[0], segment[0]]
        for i in range(25):
            t = i / 24
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            found.append(tuple(sum(w * p[k] for w, p in zip(weights, controls, strict=True)) for k in (0, 1)))
        at = segment[-1]
    return found


def through(picture: viz.Picture) -> list[tuple[float, float]]:
    """Points of arrows that lie inside a box."""
    cells = rectangles(picture)
    return [
        (x, y)
        for curve in picture._still.shapes
        if isinstance(curve, Curve)
        for x, y in points(curve)
        if any(left + 0.5 < x < right - 0.5 and top + 0.5 < y < bottom - 0.5 for left, top, right, bottom in cells)
    ]


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.floats(0.0, 900.0), st.floats(0.0, 900.0)), max_size=8),
    st.integers(0, 1),
)
def test_neurons_of_a_layer_have_frames_all_or_none(places, parted):
    """In a line of the picture: one alone would look as if it were another kind of thing."""
    groups = [(f"layer {layer}", f"neuron {neuron}") for layer, neuron, _, _ in places]
    boxes = [Box(f"n{i}", [[Cell("1", "#ffffff", "#000000")]], "", "#000000", group=g) for i, g in enumerate(groups)]
    where = {box.name: ((x, y), sheet(box)) for box, (_, _, x, y) in zip(boxes, places, strict=True)}
    lines = [i % 2 if parted else 0 for i in range(len(boxes))]
    found = Counter(frame.path for frame in frames(boxes, where, lines))
    for layer in {group[0] for group in groups}:
        most = Counter(group for group, _ in {*zip(groups, lines, strict=True)} if group[0] == layer)
        if not parted:
            assert len({found[group] for group in most}) == 1
        assert all(found[group] <= count for group, count in most.items())


@pytest.mark.parametrize("name", ALL)
def test_no_arrow_runs_through_a_box(name):
    """In the gallery and in the cases of the bench, in every place."""
    for fit in READABLE if name not in {exhibit.name for exhibit in DRAWN} else ("readme",):
        assert through(drawn(name, fit)) == []


@given(expressions(), st.sampled_from(["LR", "RL", "TB", "BT"]), st.sampled_from(list(FORMATS)))
def test_no_arrow_runs_through_a_box_of_any_graph(program, direction, fit):
    """Nor do two boxes overlap, and all lies inside the picture, whichever way arrows point."""
    _, root = program.record()
    picture = viz.graph(root, level="value", direction=direction, fit=fit)
    width, height = picture._still.size
    assert through(picture) == []
    cells = rectangles(picture)
    assert all(left >= 0 and top >= 0 and right <= width and bottom <= height for left, top, right, bottom in cells)
    for i, (l1, t1, r1, b1) in enumerate(cells):
        for l2, t2, r2, b2 in cells[:i]:
            assert not (l1 < r2 - 0.01 and l2 < r1 - 0.01 and t1 < b2 - 0.01 and t2 < b1 - 0.01)


@given(expressions(), st.sampled_from(["LR", "RL", "TB", "BT"]), st.sampled_from(list(FORMATS)))
def test_the_legend_has_a_place_of_its_own(program, direction, fit):
    """In a corner or below: no box and no arrow is behind it, and it is inside the picture."""
    _, root = program.record()
    root.backward(check=False)
    picture = viz.graph(root, level="value", direction=direction, fit=fit)
    still, cells = picture._still, rectangles(picture)
    run = [point for curve in still.shapes if isinstance(curve, Curve) for point in points(curve)]
    legend = [shape for shape in still.shapes if isinstance(shape, Words) and not shape.tooltip]
    assert legend or not root.grad
    for words in legend:
        (x, y), (w, h) = words.centre, words.extent
        left, top, right, bottom = x - w / 2, y - h / 2, x + w / 2, y + h / 2
        assert min(left, top, still.size[0] - right, still.size[1] - bottom) >= 0.0
        assert not any(l1 < right and left < r1 and t1 < bottom and top < b1 for l1, t1, r1, b1 in cells)
        assert not any(left < x < right and top < y < bottom for x, y in run)


@pytest.mark.parametrize("name", ALL)
def test_svg_is_the_same_bytes_whatever_the_machine_has(name, fonts, monkeypatch):
    """No font and no program is asked: none is started."""
    expected = drawn(name).svg

    def start(*args, **kwargs):
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", start)
    drawn.cache_clear()
    assert drawn(name).svg == expected


OUTSIDE = """
[...document.querySelectorAll('text')].filter(text => {
  const box = text.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
  const cells = [...document.querySelectorAll('svg rect')].map(cell => cell.getBoundingClientRect()).filter(
    cell => cell.left <= x && x <= cell.right && cell.top <= y && y <= cell.bottom);
  const cell = cells.reduce((a, b) => a.width * a.height <= b.width * b.height ? a : b);
  return box.left < cell.left - 0.5 || box.right > cell.right + 0.5;
}).map(text => text.textContent)
"""


def test_text_stays_in_its_cell_in_a_browser(fonts, tmp_path):
    """Of every picture of the gallery and of the bench, in the letters that the machine has."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    with browser(program) as tab:
        for i, name in enumerate(ALL):
            tab.open(drawn(name).save(tmp_path / f"{i}.html").as_uri())
            assert tab.evaluate(OUTSIDE) == [], name


@pytest.mark.parametrize("name", ALL)
def test_text_stays_in_its_place_in_png_and_pdf(name):
    """In the outlines that matplotlib paints: no wider than the text is said to be, but for what a letter leans out."""
    pytest.importorskip("matplotlib")
    for words in (shape for shape in drawn(name)._still.shapes if isinstance(shape, Words)):
        for stroke in strokes(words):
            if not (words.halo or words.fill):
                extents = stroke.path.get_extents()
                assert extents.x0 >= words.centre[0] - words.width / 2 - 1.0
                assert extents.x1 <= words.centre[0] + words.width / 2 + 1.0


def test_no_halo_lies_on_a_character_that_is_drawn():
    """In SVG as in PNG: the halo of the letters beside ``₀`` would hide a part of it."""
    words = [shape for shape in drawn("chain_rule")._still.shapes if isinstance(shape, Words) and shape.halo]
    assert any("₀/∂" in shape.whole for shape in words)
    for shape in words:
        written = svg([shape], (100.0, 20.0), "", LIGHT)
        assert written.rfind("<text") < written.find("<path") or "<path" not in written
        halos = [stroke.width == HALO for stroke in strokes(shape)]
        assert halos == sorted(halos, reverse=True)


@given(st.floats(1.0, 1e5), st.floats(1.0, 1e5))
def test_png_has_twenty_megapixels_at_most(width, height):
    """Two pixels for one of the picture as long as that is fewer."""
    scale = scale_of((width, height))
    assert width * height * scale**2 <= MOST_PIXELS * (1 + 1e-9)
    assert scale == 2.0 or width * height * 4.0 > MOST_PIXELS


def test_place_of_another_name_is_refused():
    """The error lists the places."""
    expected = "fit is one of 'readme', 'slide', 'phone', 'poster', got 'wall'; choose one of these"
    with pytest.raises(ValueError, match=expected):
        format_named("wall")
    with pytest.raises(ValueError, match=expected):
        viz.graph(Value(1.0), fit="wall")
