"""Where things stand in a drawing: rectangles around arrows, corners with room, four directions, frames and pitches."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.boxes import points
from viz.drawing.boxes import DIRECTIONS, Arrow, Box, Cell, Drawing
from viz.drawing.captions import Block
from viz.drawing.corners import AIR, FINE, _rectangles, free_corner
from viz.drawing.placing import CLOSE, PITCH, laid_out
from viz.drawing.sheets import sheet
from viz.layout.items import ROW_GAP, Item
from viz.layout.order import GROUP_GAP, OVER, TRACK_GAP, UNDER, apart
from viz.rendering.shapes import Curve, Frame, Words

PLACES = st.tuples(st.floats(0.0, 300.0), st.floats(0.0, 200.0))
SEGMENTS = st.one_of(st.tuples(PLACES), st.tuples(PLACES, PLACES, PLACES))
AREA = (0.0, 0.0, 300.0, 200.0)


def drawing(labels: list[str], direction: str = "LR", slots: bool = False, on_line: bool = False) -> Drawing:
    """Arrows with these labels from boxes of different sizes into one, which leads to a last."""
    names = [f"from {i}" for i in range(len(labels))]
    tails = [Box(name, [[Cell("x" * (3 + 2 * i), "#fff", "#000")]], "", "#000") for i, name in enumerate(names)]
    one = Box("one", [[Cell("one", "#fff", "#000")]], "", "#000", slots=len(labels) if slots else 1)
    last = Box("last", [[Cell("the last of all", "#fff", "#000")]], "", "#000")
    arrows = [
        Arrow(name, "one", "#000", 1.0, label, slot=i if slots else None, on_line=on_line)
        for i, (name, label) in enumerate(zip(names, labels, strict=True))
    ]
    return Drawing("", direction, boxes=[*tails, one, last], arrows=[*arrows, Arrow("one", "last", "#000", 1.0)])


@given(PLACES, st.lists(SEGMENTS, min_size=1, max_size=4))
def test_rectangles_of_an_arrow_are_small_and_follow_it(start, segments):
    """Each begins where the one before ended, on the arrow; a straight part goes less than FINE both ways in one."""
    found = list(_rectangles(Curve(start, tuple(segments), "#000000", 1.0)))
    at = start
    for segment in segments:
        end = segment[-1]
        shorter = min(abs(end[0] - at[0]), abs(end[1] - at[1]))
        count = 1 + math.floor(shorter / FINE)
        own, found = found[:count], found[count:]
        assert len(own) == count
        way = points(at, [segment]) if len(segment) > 1 else [at, end]
        for i, (left, top, right, bottom) in enumerate(own):
            assert left <= right
            assert top <= bottom
            if len(segment) == 1:
                assert min(right - left, bottom - top) < FINE + 1e-9
                assert right - left == pytest.approx(abs(end[0] - at[0]) / count, abs=1e-9)
                assert bottom - top == pytest.approx(abs(end[1] - at[1]) / count, abs=1e-9)
            for x, y in (way[0],) if i == 0 else (way[-1],) if i == count - 1 else ():
                assert left - 1e-9 <= x <= right + 1e-9
                assert top - 1e-9 <= y <= bottom + 1e-9
        for (l0, t0, r0, b0), (l1, t1, r1, b1) in pairwise(own):
            assert max(l0, l1) <= min(r0, r1) + 1e-9
            assert max(t0, t1) <= min(b0, b1) + 1e-9
        at = end
    assert not found


@given(st.lists(st.tuples(PLACES, st.floats(1.0, 90.0), st.floats(1.0, 60.0), st.booleans()), max_size=5), st.data())
def test_corner_with_room_is_the_first_in_which_nothing_stands(taken, data):
    """Low before high, right before left; with air around, and of the blocks the first that has room there."""
    sizes = data.draw(st.lists(st.tuples(st.floats(20.0, 320.0), st.floats(20.0, 220.0)), min_size=1, max_size=3))
    blocks = [Block(size) for size in sizes]
    shapes, boxes = [], []
    for (x, y), wide, high, words in taken:
        if words:
            shape = Words((x, y), "x" * int(wide / 9), "#000000")
            wide, high = shape.extent
            boxes.append((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
        else:
            shape = Frame((x, y), (wide, high), "none", "#000000")
            boxes.append((x, y, x + wide, y + high))
        shapes.append(shape)
    expected = None
    for bottom, right in ((True, True), (True, False), (False, True), (False, False)):
        for block in blocks:
            wide, high = block.size
            left, top = 300.0 - wide if right else 0.0, 200.0 - high if bottom else 0.0
            free = all(
                x1 <= left - AIR or x0 >= left + wide + AIR or y1 <= top - AIR or y0 >= top + high + AIR
                for x0, y0, x1, y1 in boxes
            )
            if expected is None and wide <= 300.0 and high <= 200.0 and free:
                expected = block, (left, top)
    assert free_corner(AREA, shapes, blocks) == expected


@given(st.lists(st.sampled_from(["", "w₁", "a longer label"]), min_size=1, max_size=5), st.booleans())
def test_four_directions_are_two_drawings_and_their_mirror_images(labels, on_line):
    """To the last box; everything is inside, and something is at each side."""
    labels = [label or "w" for label in labels] if on_line else labels
    found = {d: laid_out(drawing(labels, d, on_line=on_line), math.inf) for d in DIRECTIONS}
    for one, other, axis in (("LR", "RL", 0), ("TB", "BT", 1)):
        size = found[one].size
        assert found[other].size == size
        assert [s.width for s in found[other].sheets] == [s.width for s in found[one].sheets]

        def mirrored(at, size=size, axis=axis):
            return pytest.approx(tuple(size[axis] - x if i == axis else x for i, x in enumerate(at)))

        assert found[other].places == [mirrored(at) for at in found[one].places]
        assert found[other].labels == [mirrored(at) for at in found[one].labels]
        for (start, way), (turned, back) in zip(found[one].ways, found[other].ways, strict=True):
            assert turned == mirrored(start)
            assert [p for part in back for p in part] == [mirrored(p) for part in way for p in part]
    for layout in found.values():
        sheets = layout.sheets
        corners = [
            (x - s.width / 2, y - s.height / 2, x + s.width / 2, y + s.height / 2)
            for s, (x, y) in zip(sheets, layout.places, strict=False)
        ]
        assert min(c[0] for c in corners) >= -1e-9
        assert min(c[1] for c in corners) >= -1e-9
        assert max(c[2] for c in corners) <= layout.size[0] + 1e-9
        assert max(c[3] for c in corners) <= layout.size[1] + 1e-9
    for direction, axis in (("LR", 0), ("RL", 0), ("TB", 1), ("BT", 1)):
        layout = found[direction]
        one, last = layout.places[len(labels)], layout.places[len(labels) + 1]
        assert (last[axis] > one[axis]) == (direction in ("LR", "TB"))
        ends = [s.width if axis == 0 else s.height for s in layout.sheets]
        far = last[axis] + math.copysign(ends[-1] / 2, last[axis] - one[axis])
        assert far == pytest.approx(layout.size[axis] if last[axis] > one[axis] else 0.0)


@given(st.lists(st.sampled_from(["", "w₁", "a longer label"]), min_size=2, max_size=9), st.booleans())
def test_box_has_room_for_what_comes_in_side_by_side(labels, on_line):
    """A pitch for every slot, the wide one where an arrow with a label comes in that does not interrupt its line."""
    labels = ["w"] * len(labels) if on_line else labels
    whole = drawing(labels, slots=True, on_line=on_line)
    box = whole.boxes[len(labels)]
    pitch = PITCH if any(labels) and not on_line else CLOSE
    found = laid_out(whole, math.inf).sheets[len(labels)]
    assert found.height == max(sheet(box).height, len(labels) * pitch)


def test_passing_arrows_keep_off_the_frames_of_groups():
    """Below one its line has room, above one its name too; between boxes frames stand apart."""
    gaps = {
        (above, below): apart(Item(1.0, 1.0, None, above), Item(1.0, 1.0, 0, below))
        for above in ((), ("a",)) for below in ((), ("b",))
    }  # fmt: skip
    plain = gaps[(), ()]
    assert plain == TRACK_GAP
    assert gaps[("a",), ()] == plain + UNDER
    assert gaps[(), ("b",)] == plain + OVER
    assert gaps[("a",), ("b",)] == plain + UNDER + OVER
    for above in ((), ("a",)):
        for below in ((), ("a",), ("b",)):
            found = apart(Item(1.0, 1.0, 0, above), Item(1.0, 1.0, 1, below))
            assert found == (ROW_GAP if above == below else ROW_GAP + GROUP_GAP)
