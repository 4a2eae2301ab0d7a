"""The last boxes below each other in one column, where each would have a column to itself and stand in a blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from viz.layout.items import Link, Node, broadest, ranks
from viz.layout.place import Placed, placed

__all__ = ["last_ones", "stacked"]

DOWN = 22.0  # between two boxes of a stack, without the label of the arrow between them
BETWEEN_FRAMES = 27.0  # more of it where one of them has a frame of its own


def last_ones(nodes: Sequence[Node], links: Sequence[Link]) -> list[int]:
    """The nodes at the end that can stand below each other, the first uppermost; none if there are not two.

    Each but the first is made from the one above alone and is all that is made from it; together they are no higher
    than the highest column.
    """
    rank = ranks(len(nodes), links)
    columns: dict[int, list[int]] = {}
    for i, r in enumerate(rank):
        columns.setdefault(r, []).append(i)
    into: list[list[Link]] = [[] for _ in nodes]
    out: list[list[Link]] = [[] for _ in nodes]
    for link in links:
        into[link.head].append(link)
        out[link.tail].append(link)
    last = max(columns, default=0)
    found = columns.get(last, [])
    if len(found) != 1:
        return []
    room = broadest(nodes, links) - nodes[found[0]].across
    for r in range(last - 1, -1, -1):
        arrows, column = into[found[0]], columns.get(r, [])
        if len(arrows) != 1 or column != [arrows[0].tail] or len(out[column[0]]) != 1:
            break
        room -= nodes[column[0]].across + _down(nodes, arrows[0])
        if room < 0.0:
            break
        found = [column[0], *found]
    return found if len(found) > 1 else []


def stacked(nodes: Sequence[Node], links: Sequence[Link], limit: float, last: Sequence[int]) -> Placed:
    """Like :func:`placed`, with the ``last`` ones below each other."""
    first, inside = last[0], set(last)
    arrows = {link.tail: i for i, link in enumerate(links) if link.tail in inside}
    downs = [_down(nodes, links[arrows[i]]) for i in last[:-1]]
    whole = Node(max(nodes[i].along for i in last), sum(nodes[i].across for i in last) + sum(downs), nodes[first].group,
                 free=nodes[first].free)  # fmt: skip
    sunk = whole.across / 2 - nodes[first].across / 2  # of the stack's middle below that of its first
    kept = [i for i in range(len(nodes)) if i not in inside or i == first]
    index = {i: k for k, i in enumerate(kept)}
    others = [i for i, link in enumerate(links) if link.tail not in inside]
    found = placed(
        [whole if i == first else nodes[i] for i in kept],
        [
            replace(link, tail=index[link.tail], head=index[link.head], port=link.port - sunk * (link.head == first))
            for link in (links[i] for i in others)
        ],
        limit,
    )
    places = {i: found.nodes[k] for i, k in index.items()}
    ways, labels = dict(zip(others, found.links, strict=True)), dict(zip(others, found.labels, strict=True))
    left, top = places[first][0] - whole.along / 2, places[first][1] - whole.across / 2
    for i, down in zip(last, [*downs, 0.0], strict=True):
        places[i] = left + nodes[i].along / 2, top + nodes[i].across / 2
        top += nodes[i].across + down
        if i in arrows:
            link = links[arrows[i]]
            x = left + min(nodes[i].along, nodes[link.head].along) / 2
            ways[arrows[i]] = (x, top - down), [((x, top),)]
            labels[arrows[i]] = x, top - down / 2
    line = found.lines[index[first]]
    return Placed(
        nodes=[places[i] for i in range(len(nodes))],
        links=[ways[i] for i in range(len(links))],
        labels=[labels[i] for i in range(len(links))],
        lines=[line if i in inside else found.lines[index[i]] for i in range(len(nodes))],
        size=found.size,
    )


def _down(nodes: Sequence[Node], link: Link) -> float:
    """How far the head of a link stands below its tail."""
    apart = nodes[link.tail].group != nodes[link.head].group
    return DOWN + link.room[1] + (BETWEEN_FRAMES if apart else 0.0)
