"""Where the boxes of a stepper page stand: apart, in order, nothing in an edge's way."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.step_layout import BOX_HEIGHT, BOX_WIDTH, COLUMN_GAP, Edge, layered, nearest


@st.composite
def graphs(draw) -> tuple[int, list[Edge]]:
    """Numbers of boxes and edges as ``layered`` takes them: leaves first, then results after their operands."""
    leaves = draw(st.integers(1, 6))
    count = leaves + draw(st.integers(1, 15))
    used: set[int] = set()
    edges: list[Edge] = []
    for result in range(leaves, count):
        operands = draw(st.lists(st.integers(0, result - 1), min_size=1, max_size=4))
        if result == count - 1:
            operands += [i for i in range(count - 1) if i not in used | set(operands)]
        used |= set(operands)
        edges += [Edge(operand, result, place, len(operands)) for place, operand in enumerate(operands)]
    return count, edges


@given(graph=graphs())
def test_boxes_do_not_overlap(graph):
    """Any two boxes are apart in one direction at least."""
    centres = layered(*graph).centres
    for i, (x, y) in enumerate(centres):
        for other_x, other_y in centres[:i]:
            assert abs(x - other_x) >= BOX_WIDTH or abs(y - other_y) >= BOX_HEIGHT


@given(graph=graphs())
def test_every_operand_is_to_the_left_of_its_result(graph):
    """Numbers flow from left to right, with room for the edge."""
    count, edges = graph
    centres = layered(count, edges).centres
    assert all(centres[e.result][0] - centres[e.operand][0] >= BOX_WIDTH + COLUMN_GAP for e in edges)


@given(graph=graphs())
def test_leaves_stand_right_before_their_first_use(graph):
    """A leaf is one column to the left of the first result it is used in."""
    count, edges = graph
    centres = layered(count, edges).centres
    for leaf in set(range(count)) - {edge.result for edge in edges}:
        first = min(centres[edge.result][0] for edge in edges if edge.operand == leaf)
        assert first - centres[leaf][0] == pytest.approx(BOX_WIDTH + COLUMN_GAP)


@given(graph=graphs())
def test_picture_holds_every_box(graph):
    """Nothing is cut at the border."""
    layout = layered(*graph)
    assert all(BOX_WIDTH / 2 <= x <= layout.width - BOX_WIDTH / 2 for x, _ in layout.centres)
    assert all(BOX_HEIGHT / 2 <= y <= layout.height - BOX_HEIGHT / 2 for _, y in layout.centres)


@given(graph=graphs())
def test_edges_cross_columns_between_the_boxes(graph):
    """Where an edge runs straight through a column, no box of that column is in its way."""
    layout = layered(*graph)
    for path in layout.paths:
        pieces = path.split("C")[1:]
        for piece in pieces:
            if "H" not in piece:
                continue
            curve, right = piece.split("H")
            left, y = map(float, curve.split()[-2:])
            for centre_x, centre_y in layout.centres:
                if left < centre_x < float(right):
                    assert abs(centre_y - y) > BOX_HEIGHT / 2


@st.composite
def trees(draw) -> tuple[int, list[Edge]]:
    """Expressions in which every result is used once; box 0 is the root."""
    parents = [draw(st.integers(max(0, node - 6), node)) for node in range(draw(st.integers(1, 20)))]
    operands = [[i for i, parent in enumerate(parents, start=1) if parent == node] for node in range(len(parents) + 1)]
    order = [node for node in reversed(range(len(operands))) if operands[node]]
    edges = [
        Edge(x, result, place, len(operands[result])) for result in order for place, x in enumerate(operands[result])
    ]
    return len(operands), edges


@given(tree=trees())
def test_operands_stand_in_written_order(tree):
    """Of one result and in one column: from top to bottom as they are written from left to right."""
    count, edges = tree
    centres = layered(count, edges).centres
    for first, second in combinations(edges, 2):
        if first.result == second.result and centres[first.operand][0] == centres[second.operand][0]:
            assert (centres[first.operand][1] < centres[second.operand][1]) == (first.place < second.place)


@given(tree=trees())
def test_edges_of_a_tree_do_not_cross(tree):
    """Between the same two columns, what belongs to a higher result stands higher."""
    count, edges = tree
    centres = layered(count, edges).centres
    for first, second in combinations(edges, 2):
        (x1, y1), (x2, y2) = centres[first.operand], centres[second.operand]
        (x3, y3), (x4, y4) = centres[first.result], centres[second.result]
        if x1 == x2 and x3 == x4 and y3 != y4:
            assert (y1 < y2) == (y3 < y4)


@given(
    wanted=st.lists(st.floats(-100, 100), min_size=1, max_size=8),
    gaps=st.lists(st.floats(1, 20), min_size=7, max_size=7),
    moves=st.lists(st.floats(0, 5), min_size=8, max_size=8),
    shift=st.floats(-10, 10),
)
def test_positions_are_the_nearest_that_keep_the_gaps(wanted, gaps, moves, shift):
    """The gaps are kept, and no other positions that keep them are nearer to the wanted ones."""
    offsets = [0.0]
    for gap in gaps[: len(wanted) - 1]:
        offsets.append(offsets[-1] + gap)
    found = nearest(wanted, offsets)
    assert all(
        b - a >= high - low - 1e-9 for (a, b), (low, high) in zip(pairwise(found), pairwise(offsets), strict=True)
    )

    def distance(positions):
        return sum([(x - y) ** 2 for x, y in zip(positions, wanted, strict=True)])

    rise = 0.0
    others = []
    for offset, move in zip(offsets, moves, strict=False):
        rise += move
        others.append(offset + rise + shift)
    between = [0.9 * x + 0.1 * y for x, y in zip(found, others, strict=True)]  # the set is convex: a step towards it
    assert distance(found) <= distance(between) + 1e-6
