"""The HTML of a stepper page: one file with its picture, style, script and data, and nothing outside."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from viz.layout.place import Point, Segment
from viz.letters.labels import cut, derivative
from viz.rendering.pages import colours, filled, resource
from viz.rendering.picture import Picture
from viz.rendering.shapes import Curve
from viz.rendering.svg import path
from viz.stepper.layout import BOX_HEIGHT, BOX_WIDTH, COLUMN_GAP, ROW_HEIGHT, TITLE_HEIGHT, Edge, Layout
from viz.theme import DARK, DECADES, FONT, LIGHT, Scale, exact

__all__ = ["Box", "json_number", "page"]

DERIVATIVE_WIDTH = 78.0  # of a box; the rest is for its number
LONGEST_NAME, LONGEST_OPERATION = 10, 8  # letters
PASSES = ("stepper/state", "rendering/handed", "stepper/passes", "stepper/program", "rendering/numbers")
PAGE = ("camera", "zoom", "boxes", "code", "ask", "page", "edit", "embed")


@dataclass(frozen=True)
class Box:
    """What one box of the picture says."""

    name: str
    value: float
    operation: str
    leaf: bool
    labelled: bool
    forward: str
    pairs: list[Any]  # of factors: places among the boxes, or a number in a list


@dataclass(frozen=True)
class Code:
    """Lines of the user's program, each a number and text; of each box its line there and the letters that made it."""

    lines: Sequence[Any]
    made_by: Sequence[Any]


def page(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    partials: Sequence[float],
    flat: Sequence[int],
    order: Sequence[int],
    root: int,
    program: Sequence[Any],
    operations: str,
    layout: Layout,
    scale: Scale,
    stale: Sequence[int],
    code: Code,
) -> Picture:
    """Fill the template: ``order`` and ``root`` are places in ``boxes``, and each edge has its partial.

    ``stale`` are boxes whose operands have other numbers by now, ``flat`` the edges along which nothing flows, whatever
    comes. ``program`` has for each of ``order`` its place in ``operations``, its operands and its call, or is empty.
    """
    data = {
        "root": root,
        "order": list(order),
        "program": list(program),
        "values": [json_number(box.value) for box in boxes],
        "names": [box.name for box in boxes],
        "differentials": [derivative(box.name, "").removesuffix("/∂") for box in boxes],
        "leaves": [box.leaf for box in boxes],
        "forward": [box.forward for box in boxes],
        "edges": [[edge.operand, edge.result] for edge in edges],
        "partials": [json_number(partial) for partial in partials],
        "flat": list(flat),
        "stale": list(stale),
        "largest": scale.largest,
        "decades": DECADES,
        "ways": [_way(start, way) for start, way in layout.ways],
        "pairs": {i: box.pairs for i, box in enumerate(boxes) if box.pairs},
        "code": {"lines": list(code.lines), "of": list(code.made_by) if code.lines else []},
        "room": {
            "number": BOX_WIDTH - DERIVATIVE_WIDTH - 8,
            "derivative": DERIVATIVE_WIDTH - 10,
            "gap": COLUMN_GAP,
            "box": [BOX_WIDTH, BOX_HEIGHT],
            "title": TITLE_HEIGHT,
            "row": ROW_HEIGHT,
            "tall": {i: height for i, height in enumerate(layout.heights) if height != BOX_HEIGHT},
            "width": round(layout.width),
            "height": round(layout.height),
            "centres": [[round(x, 1), round(y, 1)] for x, y in layout.centres],
        },
    }
    title = f"Stepping through {boxes[root].name} and its derivatives"
    parts = {
        "title": escape(title),
        "root": escape(boxes[root].name),
        "light": colours(LIGHT),
        "dark": colours(DARK),
        "font": FONT,
        "width": f"{layout.width:.0f}",
        "height": f"{layout.height:.0f}",
        "boxes": "\n".join(_box(i, box, layout) for i, box in enumerate(boxes)),
        "data": json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace(
            "<", "\\u003c"
        ),  # no </script> in a label
        "operations": operations.replace("</", "<\\/"),
        "passes": _script(PASSES),
        "script": _script([f"stepper/{name}" for name in PAGE]),
    }
    parts["style"] = filled(resource("stepper/page.css"), parts)
    return Picture(title, html=filled(resource("stepper/page.html"), parts))


def _script(names: Sequence[str]) -> str:
    """Files of JavaScript without comments and indents: nobody reads them here, and the page is to be small."""
    return re.sub(r"^\s*(//.*\n)?", "", "".join(resource(f"{name}.js") for name in names), flags=re.MULTILINE)


def json_number(x: float) -> float | str:
    """JSON has no nan and no infinity; JavaScript's ``Number`` reads them from text."""
    return x if math.isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN")


def _box(i: int, box: Box, layout: Layout) -> str:
    x, y = layout.centres[i]
    left, top = x - BOX_WIDTH / 2, y - layout.heights[i] / 2
    name = "name" if box.labelled else "name unlabelled"
    longest = LONGEST_NAME if box.operation else LONGEST_NAME + LONGEST_OPERATION
    operation = escape(cut(box.operation, LONGEST_OPERATION))
    return (
        f'<g class="box {"leaf" if box.leaf else "result"}" transform="translate({left:.1f} {top:.1f})">'
        f"<title>{escape(f'{box.name} = {exact(box.value)}')}</title>"
        f'<text class="{name}">{escape(cut(box.name, longest))}</text>'
        + (f'<text class="operation">{operation}</text>' if operation else "")
        + "</g>"
    )


def _way(start: Point, way: tuple[Segment, ...]) -> str:
    """An arrow as the path of SVG; the page puts the rest of it there."""
    rounded = tuple(tuple((round(x, 1), round(y, 1)) for x, y in segment) for segment in way)
    return path(Curve(start, rounded, colour="", width=0.0, tip=False))
