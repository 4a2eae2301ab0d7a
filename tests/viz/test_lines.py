"""Where lines of a picture end, and how arrows run from line to line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.boxes import LIMITS, SIZES, corners, graphs, points
from viz.layout import bands, place
from viz.layout.items import Link, Node, ranks
from viz.layout.place import Placed, placed

TAILS = st.lists(st.integers(0, 9), max_size=4)  # the columns from which arrows come


@given(
    st.lists(st.tuples(SIZES, SIZES, TAILS, st.just(0.0) | SIZES, st.just(0.0) | SIZES), min_size=2, max_size=9),
    st.floats(60.0, 700.0),
)
def test_no_fewer_lines_would_do(columns, limit):
    """Against every way to break the columns in which what is too long is one column."""
    widths, heights, tracks, leads, fans = (list(part) for part in zip(*columns, strict=True))
    tails = [sorted(column for column in found if column <= k + 1) for k, found in enumerate(tracks[:-1])]
    measured = bands.Columns(widths, heights, [20.0] * (len(columns) - 1), tails, leads, fans)

    def rank(beginnings: list[int]) -> tuple[int, int] | None:
        lines = list(pairwise([*beginnings, len(columns)]))
        over = [end - begin for begin, end in lines if measured.width(begin, end) > limit]
        return (len(over), len(lines)) if all(count == 1 for count in over) else None

    ways = [[0, *chosen] for count in range(len(columns)) for chosen in combinations(range(1, len(columns)), count)]
    assert rank(bands.broken(measured, limit)) == min(found for found in map(rank, ways) if found is not None)


@given(graph=graphs(), limit=st.floats(100.0, 900.0))
def test_leaves_do_not_go_around_the_end_of_a_line(graph, limit):
    """They stand in the line of their first use, unless their column is of leaves alone."""
    nodes, links = graph
    found, rank = placed(nodes, links, limit), ranks(len(nodes), links)
    results = {link.head for link in links}
    for i in range(len(nodes)):
        uses = [link.head for link in links if link.tail == i]
        passing = any(rank[link.tail] < rank[i] < rank[link.head] for link in links)
        if i not in results and uses and (passing or any(rank[j] == rank[i] for j in results)):
            assert found.lines[i] == min(found.lines[j] for j in uses)


@given(graph=graphs(), limit=st.floats(100.0, 900.0))
def test_lines_end_where_they_should(graph, limit):
    """Longer than the limit is only a line of one column, which no break can shorten."""
    nodes, links = graph
    found = placed(nodes, links, limit)
    columns: dict[int, set[int]] = {}
    for line, rank in zip(found.lines, ranks(len(nodes), links), strict=True):
        columns.setdefault(line, set()).add(rank)
    assert found.size[0] <= limit + 1e-6 or any(len(ranks) == 1 for ranks in columns.values())


@given(graph=graphs(), limit=LIMITS)
def test_room_for_fans_takes_no_further_line(graph, limit):
    """Columns stand farther apart where many arrows run between them, but not at the price of a line."""
    found = placed(*graph, limit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "FAN", place.CLOSE)
        assert max(found.lines) == max(placed(*graph, limit).lines)


@given(graph=graphs(), limit=st.floats(100.0, 500.0))
def test_what_passes_a_line_runs_beside_it(graph, limit):
    """In the margin: left of every box of a line in which it neither begins nor ends."""
    nodes, links = graph
    found = placed(nodes, links, limit)
    for link, (start, way) in zip(links, found.links, strict=True):
        for i, at in enumerate(found.nodes):
            if found.lines[link.tail] < found.lines[i] < found.lines[link.head]:
                left, top, _, bottom = corners(nodes[i], at)
                assert all(x < left for x, y in points(start, way) if top <= y <= bottom)


def pieces(graph, found: Placed) -> Iterator[tuple[int, tuple[float, ...]]]:
    """Level and upright parts of arrows from line to line, without their round corners, by the tail of the arrow."""
    _, links = graph
    for link, (start, way) in zip(links, found.links, strict=True):
        if found.lines[link.tail] != found.lines[link.head]:
            for segment in way:
                (x1, y1), (x2, y2) = start, segment[-1]
                if len(segment) == 1 and (x1 == x2 or y1 == y2):
                    yield link.tail, (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
                start = segment[-1]


@given(graph=graphs(), limit=st.floats(100.0, 500.0))
def test_arrows_of_two_boxes_do_not_run_on_one_another(graph, limit):
    """They may cross where they must; which is which is seen everywhere."""
    found = placed(*graph, limit)
    for (tail, one), (other_tail, other) in combinations(pieces(graph, found), 2):
        for along in (0, 1):  # level, upright
            across = 1 - along
            alike = all(piece[across] == piece[across + 2] for piece in (one, other))
            if tail != other_tail and alike and abs(one[across] - other[across]) < 1.0:
                assert min(one[along + 2], other[along + 2]) - max(one[along], other[along]) < 0.01


def crossing(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> bool:
    """Whether a level piece of one way of corners meets an upright one of the other."""
    for first, second in ((one, other), (other, one)):
        for (x1, y1), (x2, y2) in pairwise(first):
            for (x3, y3), (x4, y4) in pairwise(second):
                if y1 == y2 and x3 == x4 and min(x1, x2) < x3 < max(x1, x2) and min(y3, y4) < y1 < max(y3, y4):
                    return True
    return False


@given(st.lists(st.tuples(SIZES, SIZES), min_size=2, max_size=7), st.data())
def test_arrows_around_the_end_of_a_line_do_not_cross(sizes, data):
    """What is uppermost where a line ends is uppermost where the next begins."""
    nodes = [Node(100.0, across) for pair in sizes for across in pair] + [Node(100.0, 30.0)]
    count = len(sizes)
    links = [Link(i, count + i) for i in data.draw(st.permutations(range(count)))]
    links += [Link(count + i, 2 * count) for i in range(count)]
    nodes = [Node(100.0, 30.0), *nodes]  # a box from which all come: the first column is of no leaves
    links = [*(Link(0, 1 + i) for i in range(count)), *(Link(1 + link.tail, 1 + link.head) for link in links)]
    for limit in (120.0, 300.0, 420.0):
        found = placed(nodes, links, limit)
        ways = []
        for link, (start, way) in zip(links, found.links, strict=True):
            if found.lines[link.tail] + 1 == found.lines[link.head]:
                turns = [segment[-2] if len(segment) == 3 else segment[-1] for segment in way]
                ways.append((link.tail, [start, *turns]))
        for (tail, one), (other_tail, other) in combinations(ways, 2):
            assert tail == other_tail or not crossing(one, other)


@given(st.lists(st.integers(2, 6), min_size=3, max_size=6), st.floats(100.0, 500.0))
def test_between_dense_layers_one_arrow_goes_around_the_end_of_a_line(layers, limit):
    """All of one line come together, go around and part."""
    numbers = iter(range(sum(layers)))
    columns = [[next(numbers) for _ in range(count)] for count in layers]
    links = [Link(i, j) for before, after in pairwise(columns) for i in before for j in after]
    found = placed([Node(80.0, 30.0)] * sum(layers), links, limit, straight=True)
    ways: dict[int, set[tuple[Any, ...]]] = {}
    for link, (_, way) in zip(links, found.links, strict=True):
        if found.lines[link.tail] != found.lines[link.head]:
            ways.setdefault(found.lines[link.tail], set()).add(tuple(way[1:-2]))
    assert len(ways) == max(found.lines)
    assert all(len(different) == 1 for different in ways.values())
