"""The HTML of a stepper page: one file with its picture, style, script and data, and nothing outside."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from viz.letters.labels import cut, derivative
from viz.rendering.pages import colours, filled, resource
from viz.rendering.picture import Picture
from viz.rendering.shapes import Curve
from viz.rendering.svg import path
from viz.stepper.layout import BOX_HEIGHT, BOX_WIDTH, COLUMN_GAP, Edge, Layout
from viz.theme import DARK, DECADES, FONT, LIGHT, Scale, exact

__all__ = ["Box", "json_number", "page"]

TITLE_HEIGHT = 19.0
DERIVATIVE_WIDTH = 78.0  # of a box; the rest is for its number
LONGEST_NAME, LONGEST_OPERATION = 10, 8  # letters
PASSES = ("stepper/state", "rendering/handed", "stepper/passes", "stepper/program", "rendering/numbers")
PAGE = ("camera", "page", "edit")


@dataclass(frozen=True)
class Box:
    """What one box of the picture says."""

    name: str
    value: float
    operation: str
    leaf: bool
    labelled: bool
    forward: str


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
) -> Picture:
    """Fill the template: ``order`` and ``root`` are places in ``boxes``, and each edge has its partial.

    ``flat`` are the edges along which nothing flows, whatever comes. ``program`` has for each of ``order`` its place in
    ``operations``, its operands and its call; it may be empty.
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
        "largest": scale.largest,
        "decades": DECADES,
        "ends": [[round(x, 1) for x in way[-1][-1]] for _, way in layout.ways],
        "shapes": _shapes(),
        "room": {
            "number": BOX_WIDTH - DERIVATIVE_WIDTH - 8,
            "derivative": DERIVATIVE_WIDTH - 10,
            "gap": COLUMN_GAP,
            "box": [BOX_WIDTH, BOX_HEIGHT],
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
        "edges": "\n".join(_edge(i, layout) for i in range(len(edges))),
        "boxes": "\n".join(_box(i, box, layout.centres[i]) for i, box in enumerate(boxes)),
        "data": json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace(
            "<", "\\u003c"
        ),  # no </script> in a label
        "operations": operations.replace("</", "<\\/"),
        "passes": "".join(resource(f"{name}.js") for name in PASSES),
        "script": "".join(resource(f"stepper/{name}.js") for name in PAGE),
    }
    parts["style"] = filled(resource("stepper/page.css"), parts)
    return Picture(title, html=filled(resource("stepper/page.html"), parts))


def json_number(x: float) -> float | str:
    """JSON has no nan and no infinity; JavaScript's ``Number`` reads them from text."""
    return x if math.isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN")


def _shapes() -> dict[str, str]:
    """What every box has, and the page adds to each by itself: five hundred copies would be half of the file."""
    split, below = BOX_WIDTH - DERIVATIVE_WIDTH, TITLE_HEIGHT + (BOX_HEIGHT - TITLE_HEIGHT) * 0.68
    width, height, head = f"{BOX_WIDTH:g}", f"{BOX_HEIGHT:g}", f"{TITLE_HEIGHT:g}"
    return {
        "behind": f'<rect class="body" width="{width}" height="{height}" rx="4"/>'
        f'<path class="head" d="M0 {head}V4a4 4 0 0 1 4-4H{BOX_WIDTH - 4:g}a4 4 0 0 1 4 4V{head}z"/>'
        f'<path class="cell" d="M{split:g} {head}H{width}V{BOX_HEIGHT - 4:g}a4 4 0 0 1-4 4H{split:g}z"/>',
        "before": f'<text class="number" x="7" y="{below:.1f}"></text>'
        f'<text class="derivative" x="{BOX_WIDTH - 7:g}" y="{below:.1f}"></text>'
        f'<rect class="frame" width="{width}" height="{height}" rx="4"/>',
    }


def _box(i: int, box: Box, centre: tuple[float, float]) -> str:
    left, top, middle = centre[0] - BOX_WIDTH / 2, centre[1] - BOX_HEIGHT / 2, TITLE_HEIGHT * 0.72
    name = "name" if box.labelled else "name unlabelled"
    longest = LONGEST_NAME if box.operation else LONGEST_NAME + LONGEST_OPERATION
    operation = escape(cut(box.operation, LONGEST_OPERATION))
    return (
        f'<g class="box {"leaf" if box.leaf else "result"}" data-box="{i}" transform="translate({left:.1f} {top:.1f})">'
        f"<title>{escape(f'{box.name} = {exact(box.value)}')}</title>"
        f'<text class="{name}" x="7" y="{middle:.1f}">{escape(cut(box.name, longest))}</text>'
        + (f'<text class="operation" x="{BOX_WIDTH - 7:g}" y="{middle:.1f}">{operation}</text>' if operation else "")
        + "</g>"
    )


def _edge(i: int, layout: Layout) -> str:
    start, way = layout.ways[i]
    return f'<g class="edge"><path class="line" d="{path(Curve(start, way, colour="", width=0.0, tip=False))}"/></g>'
