"""Boxes of any size and arrows between them, as pictures give them to the layout."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from viz.layout.items import Link, Node

__all__ = ["LIMITS", "SIZES", "corners", "graphs", "graphs_with_ends", "links_into", "points"]

SIZES = st.floats(10.0, 120.0)
GROUPS = st.sampled_from([(), ("inputs",), ("layer 1", "neuron 0"), ("layer 1", "neuron 1")])
LIMITS = st.one_of(st.just(float("inf")), st.floats(100.0, 900.0))


def links_into(result: int, operands: list[int], across: float, label: float = 0.0) -> list[Link]:
    """An arrow from each operand, in the order in which they are written."""
    ports = [((i + 0.5) / len(operands) - 0.5) * across for i in range(len(operands))]
    return [Link(operand, result, port, (label, 12.0)) for operand, port in zip(operands, ports, strict=True)]


@st.composite
def graphs(draw) -> tuple[list[Node], list[Link]]:
    """Boxes of any size, results after their operands, as pictures give them to the layout."""
    leaves = draw(st.integers(1, 6))
    count = leaves + draw(st.integers(1, 15))
    nodes = [Node(draw(SIZES), draw(SIZES), draw(GROUPS), fixed=i < leaves) for i in range(count)]
    links: list[Link] = []
    for result in range(leaves, count):
        operands = draw(st.lists(st.integers(0, result - 1), min_size=1, max_size=4))
        if result == count - 1:  # the root, which everything leads to
            operands += sorted(set(range(count - 1)) - {link.tail for link in links} - set(operands))
        links += links_into(result, operands, nodes[result].across, draw(st.floats(0.0, 40.0)))
    return nodes, links


@st.composite
def graphs_with_ends(draw) -> tuple[list[Node], list[Link]]:
    """The same whose root has something after it, and that again, which can stand below it."""
    nodes, links = draw(graphs())
    for result in range(len(nodes), len(nodes) + draw(st.integers(1, 3))):
        nodes.append(Node(draw(SIZES), draw(SIZES), draw(GROUPS)))
        links += links_into(result, [result - 1], nodes[result].across, draw(st.floats(0.0, 40.0)))
    return nodes, links


def corners(node: Node, at: tuple[float, float]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    return at[0] - node.along / 2, at[1] - node.across / 2, at[0] + node.along / 2, at[1] + node.across / 2


def points(start: tuple[float, float], way: list[tuple[tuple[float, float], ...]]) -> list[tuple[float, float]]:
    """Places along each segment of an arrow."""
    found = []
    for segment in way:
        controls = [start, *segment]
        for i in range(13):
            t, stops = i / 12, controls
            while len(stops) > 1:  # de Casteljau
                stops = [(a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairwise(stops)]
            found.append(stops[0])
        start = segment[-1]
    return found
