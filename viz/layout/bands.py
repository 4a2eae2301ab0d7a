"""Columns broken into lines, as text is: where, and how arrows go from the end of one line to the next."""

from __future__ import annotations

from collections.abc import Sequence

from viz.layout.items import TRACK, Item, Route, connect

__all__ = ["LANE", "SPREAD", "broken", "cut"]

LANE = 7.0  # between arrows that run side by side around the end of a line
SPREAD = 12.0  # beside and between lines


def broken(
    widths: Sequence[float], gaps: Sequence[float], entries: Sequence[float], tracks: Sequence[int], limit: float
) -> list[int]:
    """The columns with which lines begin, the first included.

    As few lines as ``limit`` allows, then few arrows around their ends and lines of equal length. ``gaps`` and
    ``tracks`` (arrows that pass) are those between each column and the next, ``entries`` what each column needs before
    it at the beginning of a line.
    """
    count = len(widths)
    best: list[tuple[float, float, list[int]]] = [(0.0, 0.0, [])]  # lines, cost, beginnings: of the columns before
    for end in range(1, count + 1):
        found: list[tuple[float, float, list[int]]] = []
        for begin in range(end):
            width = sum(widths[begin:end]) + sum(gaps[begin : end - 1])
            width += SPREAD + LANE * tracks[begin - 1] + entries[begin] if begin else 0.0
            width += SPREAD + LANE * tracks[end - 1] if end < count else 0.0
            over = max(0.0, width - limit) if end - begin == 1 else 0.0
            if width > limit and end - begin > 1:
                continue
            lines, cost, beginnings = best[begin]
            ragged = ((limit - width) / limit) ** 2 if limit < float("inf") else 0.0
            passing = tracks[end - 1] if end < count else 0
            found.append((lines + 1 + 1000.0 * (over > 0), cost + passing + 4.0 * ragged, [*beginnings, begin]))
        best.append(min(found, key=lambda option: option[:2]))
    return best[count][2]


def cut(columns: list[list[Item]], routes: Sequence[Route], beginnings: Sequence[int]) -> list[list[list[Item]]]:
    """The lines, each a list of columns.

    Every line but the first begins with a column of places in which the arrows from the line before come in, in the
    order in which they left.
    """
    lines = []
    for line, begin in enumerate(beginnings):
        end = beginnings[line + 1] if line + 1 < len(beginnings) else len(columns)
        entries = _entries(columns[begin - 1], routes) if line else []
        lines.append([entries, *columns[begin:end]] if line else columns[begin:end])
    return lines


def _entries(leaving: Sequence[Item], routes: Sequence[Route]) -> list[Item]:
    found: list[Item] = []
    for item in leaving:
        if not item.right:
            continue
        entry = Item(0.0, TRACK, turn=item.turn)
        for other, port in item.right:
            other.left = [(entry if left is item else left, there) for left, there in other.left]
            entry.right.append((other, port))
        item.right = []
        connect(item, entry)
        found.append(entry)
        for route in routes:
            for i, step in enumerate(route[:-1]):
                if step is item:
                    route.insert(i + 1, entry)
                    break
    return found
