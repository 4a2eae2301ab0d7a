"""How high everything stands in its column: near what it is connected with, and long arrows level."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import accumulate, pairwise

from viz.layout.items import Item
from viz.layout.order import apart

__all__ = ["centre", "nearest", "settle"]

STIFF = (1.0, 2.0, 8.0)  # how strongly two neighbours pull each other, by how many of them are passing arrows
SWEEPS = 24  # places settle to a tenth of a pixel on graphs of 500 nodes
ROUNDING = 1e-6


def settle(columns: Sequence[Sequence[Item]]) -> None:
    """Move every item towards the mean of its neighbours, as far as its column's order and gaps allow.

    What is used in many places pulls each of them less: a weight is to stand beside its neuron, not an input. Passing
    arrows pull each other most, so that long ones run level (Gansner et al., IEEE Transactions on Software Engineering
    19, 1993, section 4).
    """
    here = {id(item) for column in columns for item in column}
    offsets = centre(columns)
    forth = [(column, [_pulls(item, here) for item in column], offset)
             for column, offset in zip(columns, offsets, strict=True)]  # fmt: skip
    for _ in range(SWEEPS // 2):
        for column, pulls, offset in (*forth, *reversed(forth)):
            wanted = [_middle(pull) if pull else None for pull in pulls]
            for item, y in zip(column, nearest(_beside(wanted, offset), offset), strict=True):
                item.y = y
    _level(columns)


Pull = tuple[Item, float, float]  # what pulls, how far below it, and how strongly


def _pulls(item: Item, here: Set[int]) -> list[Pull]:
    """What pulls an item, of those that are here."""
    pulls = [(other, port, _stiff(item, other)) for other, port in item.right]
    pulls += [(other, -port, _stiff(item, other) / len(other.right)) for other, port in item.left]
    return [pull for pull in pulls if id(pull[0]) in here]


def _middle(pulls: Sequence[Pull]) -> float:
    """Where they pull to; added one by one, for ``sum`` adds in other ways in other Pythons."""
    height = weight = 0.0
    for other, below, strength in pulls:
        height += (other.y + below) * strength
        weight += strength
    return height / weight


def _beside(wanted: Sequence[float | None], offsets: Sequence[float]) -> list[float]:
    """The same, where what nothing pulls wants to stand close to the next that something pulls, above or else below."""
    other = next((i for i, y in enumerate(wanted) if y is not None), None)
    if other is None:
        return [offset - (offsets[-1] if offsets else 0.0) / 2 for offset in offsets]
    found = []
    for i, y in enumerate(wanted):
        other = other if y is None else i
        found.append(y if y is not None else (wanted[other] or 0.0) + offsets[i] - offsets[other])
    return found


def centre(columns: Sequence[Sequence[Item]]) -> list[list[float]]:
    """Put the middle of every column at one height; the result is how far below its first each item is at least."""
    offsets = [_offsets(column) for column in columns]
    for column, offset in zip(columns, offsets, strict=True):
        for item, y in zip(column, offset, strict=True):
            item.y = y - (offset[-1] if offset else 0.0) / 2
    return offsets


def _stiff(one: Item, other: Item) -> float:
    return STIFF[(one.node is None) + (other.node is None)]


def _level(columns: Sequence[Sequence[Item]]) -> None:
    """Bring the places of a passing arrow to one height, as many one after the other as have room for that.

    That height is the one at which it leaves or enters a box, if there is room there: it then bends once.
    """
    beside: dict[int, tuple[Item | None, Item | None]] = {}
    for column in columns:
        for above, here, below in zip([None, *column], column, [*column[1:], None], strict=False):
            beside[id(here)] = above, below
    done: set[int] = set()
    for item in (item for column in columns for item in column if item.node is None):
        run: list[Item] = []
        low, high, here = float("-inf"), float("inf"), item
        while here.node is None and id(here) in beside and id(here) not in done:
            above, below = beside[id(here)]
            least = above.y + _between(above, here) if above else float("-inf")
            most = below.y - _between(here, below) if below else float("inf")
            if max(low, least) > min(high, most) + ROUNDING:
                break
            low, high = max(low, least), min(high, most)
            run.append(here)
            done.add(id(here))
            here = next((other for other, _ in here.right if other.node is None), here)
        if run:
            ends = [other.y - port for other, port in run[0].left if id(other) in beside]  # not those of other lines
            ends += [other.y + port for other, port in run[-1].right if id(other) in beside]
            mean = sum(place.y for place in run) / len(run)
            height = next((y for y in ends if low <= y <= high), min(max(mean, low), high))
            for place in run:
                place.y = height


def _between(above: Item, below: Item) -> float:
    """How far apart the middles of two neighbours are at least."""
    return (above.across + below.across) / 2 + apart(above, below)


def _offsets(column: Sequence[Item]) -> list[float]:
    """How far below the first item each one is at least."""
    return list(accumulate((_between(a, b) for a, b in pairwise(column)), initial=0.0))[: len(column)]


def nearest(wanted: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """The positions nearest to ``wanted`` in the sense of least squares whose gaps are at least those of ``offsets``.

    Less its offset, a position may not fall from one item to the next: isotonic regression, by pooling neighbours that
    are in the wrong order (Ayer et al., Annals of Mathematical Statistics 26, 1955).
    """
    pools: list[tuple[float, int]] = []  # mean, number of items
    for y, offset in zip(wanted, offsets, strict=True):
        mean, size = y - offset, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        pools.append((mean, size))
    levels = [mean for mean, size in pools for _ in range(size)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]
