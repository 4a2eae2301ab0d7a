"""A box a Value: its name and operation, its number, its derivative; an arrow an operand, with the local partial."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import replace

from autograd import Value, ops
from viz.drawing.boxes import Arrow, Box, Cell, Drawing
from viz.letters.labels import bracketed, clean, cut, markup
from viz.scenes.groups import INPUTS
from viz.scenes.scene import CALL_BACKWARD, Scene
from viz.theme import Scale, Theme, exact, number

__all__ = ["draw_values", "operation_text"]

INFIX = {"+", "−", "×", "÷", "^"}
ONES = {"add", "sum"}  # whose partials are all 1 and go without saying
DOT = "Σ ×"  # a lone dot in a box would not be seen
ORDERED = {"div", "pow", "atan2"}  # where an arrow must say which operand it is


def draw_values(
    drawing: Drawing, scene: Scene, shown: Collection[Value], group: Callable[[Value], tuple[str, ...]]
) -> None:
    """Add a box for every Value that is shown and an arrow for every operand of it that is shown too.

    An operand that is used twice has two arrows; constants stand in the text of the operation.
    """
    nodes = [node for node in scene.nodes if node in shown]
    ids = {node: f"n{i}" for i, node in enumerate(nodes)}
    derivatives = scene.derivatives
    drawing.header = ["name", "operation", "value", f"derivative of {scene.root_name}", "made from"]
    if derivatives is None:
        drawing.notes = [*drawing.notes, CALL_BACKWARD]
    else:
        drawing.scale = Scale(derivatives[node] for node in nodes)
    for node in nodes:
        drawing.boxes.append(_box(drawing.theme, drawing.scale, scene, node, ids, group(node)))
        operands = _operands(node)
        for slot, (i, arg, partial) in enumerate(operands):
            if arg in ids:
                arrow = _arrow(drawing, scene, node, i, arg, partial, ids)
                length = 2 if group(arg) == (INPUTS,) else 1  # inputs stand before the parameters, not among them
                drawing.arrows.append(replace(arrow, length=length, slot=slot if len(operands) > 1 else None))


def operation_text(node: Value) -> str:
    """The operation with its constants where they were written: ``+``, ``2 ×``, ``^2``, ``maximum(·, 0.5)``."""
    if node.op is None:
        return ""
    if node.op is ops.dot:
        return DOT  # a constant factor stands on the arrow of the other, as its partial
    symbol = node.op.symbol
    constants = [arg for arg in node.args if isinstance(arg, float)]
    if not constants:
        return symbol
    if symbol in INFIX and len(node.args) == 2:
        first = isinstance(node.args[0], float)
        written = number(constants[0])
        if first:
            return f"{written} {symbol}"
        return f"^{written}" if symbol == "^" else f"{symbol} {bracketed(written)}"
    listed = [number(arg) if isinstance(arg, float) else "·" for arg in node.args]
    if len(listed) > 6:
        listed[4:-1] = ["…"]
    return f"{symbol}({', '.join(listed)})"


def _box(
    theme: Theme, scale: Scale | None, scene: Scene, node: Value, ids: dict[Value, str], group: tuple[str, ...]
) -> Box:
    name, operation, grad = scene.names.get(node, ""), operation_text(node), _derivative(scene, node)
    head = theme.cell if node.op else theme.input if scene.is_input(node) else theme.parameter
    parts = [f"<b>{markup(cut(name))}</b>"] if name else []
    if operation:
        parts.append(f'<font color="{theme.operation}"><b>{markup(operation)}</b></font>')
    title = " = ".join(parts) or "<i>leaf</i>"
    finite = math.isfinite(node.data)
    numbers = [Cell(markup(number(node.data)), theme.cell if finite else theme.broken, theme.cell_text)]
    if scale is not None and grad is not None:
        numbers.append(Cell(f"∂ {number(grad)}", theme.fill(grad, scale), theme.fill_text(grad)))
    broken = not finite or (grad is not None and not math.isfinite(grad))
    operands = [_called(arg, scene, ids) for arg in node.args]
    return Box(
        name=ids[node],
        rows=[[Cell(title, head, theme.cell_text, span=len(numbers))], numbers],
        tooltip=_tooltip(scene, node, grad, operands),
        line=theme.broken_line if broken else theme.zero_line if grad == 0.0 else theme.line,
        thick=broken,
        dashed=grad == 0.0,
        leaf=node.op is None,
        slots=len(_operands(node)),
        group=group,
        words=[
            name or ids[node], operation, exact(node.data), "" if grad is None else exact(grad), ", ".join(operands)
        ],
    )  # fmt: skip


def _arrow(
    drawing: Drawing, scene: Scene, node: Value, i: int, arg: Value, partial: float, ids: dict[Value, str]
) -> Arrow:
    theme, scale, grad = drawing.theme, drawing.scale, _derivative(scene, node)
    name = node.op.name if node.op else ""
    order = f"{'①②'[i]} " if name in ORDERED and all(isinstance(other, Value) for other in node.args) else ""
    tooltip = f"operand {i + 1} of {len(node.args)} of {operation_text(node)}\nlocal partial {exact(partial)}"
    line, width, dashed = theme.line, 1.0, False
    if scale is not None and grad is not None:
        flow = grad * partial if grad else 0.0  # a zero adjoint is not propagated, not even to an infinite partial
        line, width, dashed = theme.stroke(flow), scale.width(flow), flow == 0.0
        tooltip += f"\nhands down {exact(grad)} × {exact(partial)} = {exact(flow)}"
    return Arrow(
        tail=ids[arg], head=ids[node], line=line, width=width, dashed=dashed, tooltip=tooltip,
        label=order + ("" if name in ONES else number(partial)),
    )  # fmt: skip


def _operands(node: Value) -> list[tuple[int, Value, float]]:
    """The operands that are Values: the place of each, itself, and the local partial."""
    pairs = enumerate(zip(node.args, node.partials, strict=True))
    return [(i, arg, partial) for i, (arg, partial) in pairs if isinstance(arg, Value) and partial is not None]


def _derivative(scene: Scene, node: Value) -> float | None:
    return None if scene.derivatives is None else scene.derivatives[node]


def _called(arg: Value | float, scene: Scene, ids: dict[Value, str]) -> str:
    if isinstance(arg, float):
        return number(arg)
    return scene.names.get(arg) or ids.get(arg, "…")


def _tooltip(scene: Scene, node: Value, grad: float | None, operands: list[str]) -> str:
    name = scene.names.get(node) or clean(node.label)
    made = f"{node.op.name}({', '.join(operands)})" if node.op else "a leaf"
    if node in scene.parameters:
        made = f"parameter {scene.parameters[node]}"
    sign = " = " if node.op else ": "
    lines = [f"{name}{sign}{made}" if name else made, f"value {exact(node.data)}"]
    if grad is not None:
        lines.append(f"derivative of {scene.root_name} {exact(grad)}")
        if node.op is None and node.grad != grad:
            lines.append(f"grad {exact(node.grad)}, accumulated over several passes or reset since")
    return "\n".join(lines)
