"""The neuron level in full: a card a neuron, with a row for each of its parameters, at which its operands come in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from autograd import Value, ops
from viz.drawing.boxes import Arrow, Box, Cell, Drawing
from viz.graphs.folded import Part, counted, heading, partner, title_of
from viz.graphs.values import operation_text
from viz.letters.labels import cut, markup
from viz.scenes.scene import CALL_BACKWARD, Scene
from viz.theme import Scale, exact, number

__all__ = ["draw_cards", "fit_on_cards"]

MOST_ROWS = 12  # of a card
MOST_STEPS = 5  # of a part without parameters that are written out


def fit_on_cards(parts: Sequence[Part]) -> bool:
    """Whether no part has more parameters than a card has rows."""
    return all(len(part.parameters) <= MOST_ROWS for part in parts)


def draw_cards(drawing: Drawing, scene: Scene, parts: Sequence[Part]) -> None:
    """Add a card for every part, and an arrow for every operand that comes from another part, to its weight's row."""
    drawing.header = ["part", "parameters", "operations", "examples", "parameters' values and derivatives"]
    derivatives = scene.derivatives
    if derivatives is None:
        drawing.notes = [*drawing.notes, CALL_BACKWARD]
    else:
        drawing.scale = Scale(derivatives[value] for part in parts for value in _shown(part))
    names = {value: f"n{i}" for i, part in enumerate(parts) for value in part.values}
    rows: dict[Value, int] = {}
    for i, part in enumerate(parts):
        drawing.boxes.append(_card(drawing, scene, part, f"n{i}", rows))
    slots = {box.name: box.slots for box in drawing.boxes}
    flows: dict[tuple[str, str, int | None], list[float]] = {}
    for value in scene.nodes:
        for place, (arg, partial) in enumerate(zip(value.args, value.partials, strict=True)):
            if (
                value in names
                and isinstance(arg, Value)
                and partial is not None
                and arg in names
                and names[arg] != names[value]
            ):
                grad = 0.0 if derivatives is None else derivatives[value]
                weight = partner(value, place)
                row = rows[weight] if weight in rows else rows.get(value)
                flows.setdefault((names[arg], names[value], row), []).append(grad and grad * partial)
    widths = Scale(math.hypot(*passed) for passed in flows.values())
    for (tail, head, row), passed in flows.items():
        drawing.arrows.append(_arrow(drawing, tail, head, row if slots[head] > 1 else None, passed, widths))


def _shown(part: Part) -> list[Value]:
    """The Values that have a row of their own."""
    if part.parameters:
        return [*part.parameters, *(part.operations[-1:] if part.examples == 1 else [])]
    if len(part.leaves) == 1 and not part.operations:
        return part.leaves
    return part.operations if len(part.operations) <= MOST_STEPS else part.operations[-1:]


def _card(drawing: Drawing, scene: Scene, part: Part, name: str, rows: dict[Value, int]) -> Box:
    theme, shown = drawing.theme, _shown(part)
    table: list[list[Cell]] = []
    for value in shown:
        rows[value] = len(table) + 1
        called = (
            markup(cut(scene.names.get(value, "") if value.op is None else operation_text(value), 16)) or "<i>leaf</i>"
        )
        if value.op is not None:
            called = f'<font color="{theme.operation}"><b>{called}</b></font>'
        fill = theme.cell if value.op else theme.input if scene.is_input(value) else theme.parameter
        grad = None if scene.derivatives is None else scene.derivatives[value]
        broken = not math.isfinite(value.data)
        cells = [
            Cell(called, fill, theme.cell_text),
            Cell(markup(number(value.data)), theme.broken if broken else theme.cell, theme.cell_text),
        ]
        if grad is not None and drawing.scale is not None:
            cells.append(Cell(f"∂ {number(grad)}", theme.fill(grad, drawing.scale), theme.fill_text(grad)))
        table.append(cells)
    relus = [value for value in part.operations if value.op is ops.relu]
    if part.examples > 1 and relus:
        active = f"{sum(value.data > 0.0 for value in relus):,} of {counted(len(relus), 'relu')} active"
        table.append([Cell(active, theme.cell, theme.cell_text, span=3)])
    hidden = len(part.operations) - sum(value.op is not None for value in shown)
    if not part.parameters and (hidden or len(part.leaves) > 1):
        for text in (counted(len(part.leaves), "value"), counted(hidden, "more operation")):
            if text:
                table.append([Cell(text, theme.cell, theme.cell_text, span=3)])
    head = theme.parameter if part.parameters else theme.cell if part.operations else theme.input
    alone = len(table) == 1 and not part.operations and len(part.leaves) == 1
    if alone:  # as a Value is drawn: its name over its numbers
        (name_cell, *numbers), rows[shown[0]] = table[0], 0
        table = [[replace(name_cell, text=f"<b>{name_cell.text}</b>", span=len(numbers))], numbers]
    else:
        table.insert(0, [Cell(heading(part), head, theme.cell_text, span=len(table[0]) if table else 1)])
    grads = [] if scene.derivatives is None else [scene.derivatives[value] for value in shown]
    broken = any(not math.isfinite(x) for x in (*grads, *(value.data for value in shown)))
    dead = bool(grads) and all(grad == 0.0 for grad in grads)
    return Box(
        name=name, rows=table, thick=broken, dashed=dead, slots=len(table),
        line=theme.broken_line if broken else theme.zero_line if dead else theme.line,
        tooltip="\n".join([" ".join(part.place), *(_line(scene, value) for value in shown)]),
        words=[
            title_of(part), str(len(part.parameters)), str(len(part.operations)), str(part.examples),
            "; ".join(_line(scene, value) for value in part.parameters),
        ],
    )  # fmt: skip


def _line(scene: Scene, value: Value) -> str:
    name = scene.names.get(value) or (operation_text(value) if value.op else "leaf")
    grad = "" if scene.derivatives is None else f", derivative {exact(scene.derivatives[value])}"
    return f"{name} = {exact(value.data)}{grad}"


def _arrow(drawing: Drawing, tail: str, head: str, row: int | None, passed: Sequence[float], widths: Scale) -> Arrow:
    """Coloured where one number flows; where several do, they may differ in sign."""
    theme, size = drawing.theme, math.hypot(*passed)
    arrow = Arrow(tail, head, theme.line, 1.0, slot=row, tooltip=counted(len(passed), "operand"))
    if drawing.scale is None:
        return arrow
    line = theme.stroke(passed[0]) if len(passed) == 1 else theme.line if size else theme.zero_line
    return replace(
        arrow, line=line, width=widths.width(size), dashed=size == 0.0,
        tooltip=f"{arrow.tooltip}\nhands down {', '.join(map(exact, passed[:5]))}{', …' * (len(passed) > 5)}",
    )  # fmt: skip
