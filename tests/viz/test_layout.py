"""Where boxes stand and arrows run: apart, in order, nothing in an arrow's way; wrapped where lines have an end."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.boxes import LIMITS, SIZES, corners, graphs, graphs_with_ends, links_into, points
from viz.layout.items import ROW_GAP, Link, Node, ranks
from viz.layout.place import Placed, placed
from viz.layout.settle import nearest
from viz.layout.stacks import last_ones, stacked


def laid(graph: tuple[list[Node], list[Link]], limit: float, stack: bool) -> Placed:
    """As pictures ask for it: with the last boxes below each other, if they are to be and can."""
    last = last_ones(*graph)
    return stacked(*graph, limit, last) if stack and last else placed(*graph, limit)


@st.composite
def trees(draw) -> tuple[list[Node], list[Link]]:
    """Expressions in which every result is used once; the root is the last box."""
    parents = [draw(st.integers(max(0, node - 6), node)) for node in range(draw(st.integers(1, 20)))]
    count = len(parents) + 1
    operands = [[i for i, parent in enumerate(parents, start=1) if parent == node] for node in range(count)]
    links = [
        link for result in reversed(range(count)) for link in links_into(count - 1 - result, operands[result], 40.0)
    ]
    return [Node(80.0, 40.0)] * count, [
        Link(count - 1 - link.tail, link.head, link.port, link.room, link.length) for link in links
    ]


@given(graph=graphs() | graphs_with_ends(), limit=LIMITS, stack=st.booleans())
def test_boxes_do_not_overlap(graph, limit, stack):
    """Any two boxes are apart in one direction at least."""
    nodes, _ = graph
    found = laid(graph, limit, stack)
    for one, other in combinations(map(corners, nodes, found.nodes), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@given(graph=graphs() | graphs_with_ends(), limit=LIMITS, stack=st.booleans())
def test_no_arrow_runs_through_a_box(graph, limit, stack):
    """Whatever its line and however many columns it crosses, it meets the boxes at its ends alone."""
    nodes, links = graph
    found = laid(graph, limit, stack)
    for link, (start, way) in zip(links, found.links, strict=True):
        for x, y in points(start, way):
            for i, (node, at) in enumerate(zip(nodes, found.nodes, strict=True)):
                left, top, right, bottom = corners(node, at)
                if i not in (link.tail, link.head):
                    assert not (left + 0.01 < x < right - 0.01 and top + 0.01 < y < bottom - 0.01)


@given(graph=graphs(), limit=LIMITS)
def test_arrows_begin_and_end_at_their_boxes(graph, limit):
    """At the side where numbers leave, and at the port where they come in."""
    nodes, links = graph
    found = placed(nodes, links, limit)
    for link, (start, way) in zip(links, found.links, strict=True):
        _, _, right, _ = corners(nodes[link.tail], found.nodes[link.tail])
        left, _, _, _ = corners(nodes[link.head], found.nodes[link.head])
        assert abs(start[0] - right) < 1e-6
        assert abs(start[1] - found.nodes[link.tail][1]) < 1e-6
        assert abs(way[-1][-1][0] - left) < 1e-6
        assert abs(way[-1][-1][1] - found.nodes[link.head][1] - link.port) < 1e-6


@given(graph=graphs_with_ends(), limit=LIMITS)
def test_the_last_ones_stand_below_each_other(graph, limit):
    """Each below the one it is made from, with room for the label of the upright arrow between; nothing else there."""
    nodes, links = graph
    last = last_ones(nodes, links)
    if not last:
        return
    found = stacked(nodes, links, limit, last)
    (alone,) = {link.head for link in links} - {link.tail for link in links}
    assert last[-1] == alone
    for link, (start, way) in zip(links, found.links, strict=True):
        if link.tail in last:
            upper, lower = (corners(nodes[i], found.nodes[i]) for i in (link.tail, link.head))
            assert upper[0] == pytest.approx(lower[0])
            assert lower[1] - upper[3] > link.room[1]
            assert start == pytest.approx((way[-1][-1][0], upper[3]))
            assert way[-1][-1][1] == pytest.approx(lower[1])
            assert upper[0] < start[0] < min(upper[2], lower[2])


@given(graph=graphs_with_ends())
def test_a_stack_is_no_higher_than_what_stands_beside_it(graph):
    """Otherwise a chain would run down the page."""
    nodes, links = graph
    columns: dict[int, float] = {}
    for node, rank in zip(nodes, ranks(len(nodes), links), strict=True):
        columns[rank] = columns.get(rank, 0.0) + node.across + ROW_GAP
    assert sum(nodes[i].across for i in last_ones(nodes, links)) <= max(columns.values())


@given(graph=graphs())
def test_what_takes_no_arrow_along_stands_right_before_its_use(graph):
    """What is made from leaves that are used nowhere else, and leaves themselves; all others as early as they can."""
    nodes, links = graph
    rank = ranks(len(nodes), links)
    users = [{link.head for link in links if link.tail == i} for i in range(len(nodes))]
    loose = [False] * len(nodes)
    for i in range(len(nodes)):  # results come after their operands
        operands = {link.tail for link in links if link.head == i}
        loose[i] = all(loose[j] and users[j] == {i} for j in operands)
        if loose[i] and users[i]:
            assert rank[i] == min(rank[j] for j in users[i]) - 1
        elif not loose[i]:
            assert rank[i] == max(rank[j] for j in operands) + 1


@given(graph=graphs())
def test_numbers_flow_one_way(graph):
    """In one line, every operand ends before its result begins, with the room that a label asks for."""
    nodes, links = graph
    found = placed(nodes, links)
    for link in links:
        _, _, right, _ = corners(nodes[link.tail], found.nodes[link.tail])
        left, _, _, _ = corners(nodes[link.head], found.nodes[link.head])
        assert left - right > link.room[0]


@given(graph=graphs() | graphs_with_ends(), limit=LIMITS, stack=st.booleans())
def test_the_size_holds_everything(graph, limit, stack):
    """Nothing is cut at the border."""
    nodes, _ = graph
    found = laid(graph, limit, stack)
    inside = [point for way in found.links for point in points(*way)]
    for left, top, right, bottom in map(corners, nodes, found.nodes):
        inside += [(left, top), (right, bottom)]
    assert all(-1e-6 <= x <= found.size[0] + 1e-6 for x, _ in inside)
    assert all(y >= -1e-6 for _, y in inside)


@given(steps=st.integers(3, 20), widest=SIZES)
def test_long_arrows_run_level(steps, widest):
    """Past a chain whose boxes differ in height, an arrow keeps its height."""
    nodes = [Node(60.0, widest if i % 2 else 40.0) for i in range(steps + 1)]
    links = [link for i in range(1, steps) for link in links_into(i, [i - 1], nodes[i].across)]
    links += links_into(steps, [0, steps - 1], 40.0)
    _, way = placed(nodes, links).links[-2]
    levels = [segment[-1][1] for segment in way[:-2]]
    assert max(levels) - min(levels) < 0.01


@given(tree=trees())
def test_operands_stand_in_written_order(tree):
    """Of one result and in one column: from top to bottom as they are written from left to right."""
    nodes, links = tree
    centres = placed(nodes, links).nodes
    for first, second in combinations(links, 2):
        if first.head == second.head and centres[first.tail][0] == centres[second.tail][0]:
            assert (centres[first.tail][1] < centres[second.tail][1]) == (first.port < second.port)


@given(tree=trees())
def test_arrows_of_a_tree_do_not_cross(tree):
    """Between the same two columns, what belongs to a higher result stands higher."""
    nodes, links = tree
    centres = placed(nodes, links).nodes
    for first, second in combinations(links, 2):
        (x1, y1), (x2, y2) = centres[first.tail], centres[second.tail]
        (x3, y3), (x4, y4) = centres[first.head], centres[second.head]
        if x1 == x2 and x3 == x4 and y3 != y4:
            assert (y1 < y2) == (y3 < y4)


@given(graph=graphs())
def test_arrows_into_a_free_box_come_in_as_they_stand(graph):
    """Those from one column do not cross before it; each port is still taken once."""
    nodes, links = graph
    found = placed([replace(node, free=True) for node in nodes], links)
    ends = [way[-1][-1][1] - found.nodes[link.head][1] for link, (_, way) in zip(links, found.links, strict=True)]
    for head in range(len(nodes)):
        into = [i for i, link in enumerate(links) if link.head == head]
        assert sorted(ends[i] for i in into) == pytest.approx(sorted(links[i].port for i in into))
    rank = ranks(len(nodes), links)
    for (i, first), (j, second) in combinations(enumerate(links), 2):
        if first.head == second.head and rank[first.tail] == rank[second.tail] == rank[first.head] - 1:
            above, below = found.nodes[first.tail][1], found.nodes[second.tail][1]
            assert above == below or (above < below) == (ends[i] < ends[j])


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
