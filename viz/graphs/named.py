"""The named level: labelled Values only, and between them the exact derivatives of one with respect to the next."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from autograd import Value
from nn.model.notation import label
from viz.drawing.boxes import Arrow, Box, Cell, Drawing
from viz.letters.labels import cut, derivative, markup
from viz.scenes.reduction import reduced
from viz.scenes.scene import CALL_BACKWARD, Scene
from viz.theme import Scale, exact, number

__all__ = ["draw_named", "naming", "reduced_scene"]


def naming(view: Scene, nodes: Sequence[Value], wrt: Value | None, most_unnamed: int = 0) -> Scene:
    """The scene with names for what must have one: the root, and what the derivative is with respect to.

    Where no intermediate result has a label and there are at most ``most_unnamed`` Values, all get one: v₁, v₂, …
    """
    names, between = dict(view.names), [node for node in nodes if node.op and node is not view.root]
    if between and len(nodes) <= most_unnamed and not any(node in names for node in between):
        for i, node in enumerate(between, start=1):
            names[node] = label("v", None, i)
    for needed, candidates in ((view.root, ("f", "y", "root")), (wrt, ("x", "leaf"))):
        if needed is not None and needed not in names:
            free = [name for name in candidates if name not in names.values()]
            names[needed] = free[0] if free else f"{candidates[-1]} #{len(names)}"
    return replace(view, names=names)


def reduced_scene(view: Scene, kept: Collection[Value]) -> Scene:
    """The scene of the graph reduced to ``kept``: stand-ins in the order of ``kept``, the root last."""
    stand_ins = reduced(view.root, kept)
    derivatives = None
    if view.derivatives is not None:
        derivatives = {small: view.derivatives[value] for value, small in stand_ins.items()}
    names = {small: view.names[value] for value, small in stand_ins.items() if value in view.names}
    parameters = {small: view.parameters[value] for value, small in stand_ins.items() if value in view.parameters}
    return Scene(stand_ins[view.root], list(stand_ins.values()), names, derivatives, parameters)


def draw_named(drawing: Drawing, view: Scene) -> None:
    """Add the named Values and an arrow from each to what it is made from, with ``∂`` on it.

    ``d`` is the derivative along all paths, ``∂`` along one arrow: where one Value reaches another both directly and
    through a third, the two differ.
    """
    ids = {value: f"n{i}" for i, value in enumerate(view.nodes)}
    grads = view.derivatives
    drawing.header = ["name", "value", f"derivative of {view.root_name}", "made from"]
    if grads is None:
        drawing.notes = [*drawing.notes, CALL_BACKWARD]
    else:
        drawing.scale = Scale(grads.values())
    for value in view.nodes:
        drawing.boxes.append(_box(drawing, view, value, ids))
    for value in view.nodes:
        for operand, partial in zip(value.args, value.partials, strict=True):
            assert isinstance(operand, Value)  # a reduced graph has no constants
            assert partial is not None
            drawing.arrows.append(_arrow(drawing, view, value, operand, partial, ids))


def _box(drawing: Drawing, view: Scene, value: Value, ids: dict[Value, str]) -> Box:
    theme, scale, name, root = drawing.theme, drawing.scale, view.names[value], view.root_name
    fill = theme.cell if value.op else theme.input if view.is_input(value) else theme.parameter
    broken = not math.isfinite(value.data)
    shown = f"<b>{markup(cut(name))}</b> = {number(value.data)}"
    cells = [Cell(shown, theme.broken if broken else fill, theme.cell_text)]
    tooltip = f"{name}\nvalue {exact(value.data)}"
    grad = None if view.derivatives is None else view.derivatives[value]
    if grad is not None and scale is not None:
        symbol = derivative(root, name, "d")
        tooltip += f"\n{symbol} = {exact(grad)}"
        broken = broken or not math.isfinite(grad)
        if value is not view.root:
            shown = markup(derivative(cut(root, 14), cut(name, 14), "d"))
            cells.append(Cell(f"{shown} = {number(grad)}", theme.fill(grad, scale), theme.fill_text(grad)))
    operands = [view.names[arg] for arg in value.args if isinstance(arg, Value)]
    return Box(
        name=ids[value], tooltip=tooltip, thick=broken, dashed=grad == 0.0,
        rows=[[cell] for cell in cells] if value.op else [cells],
        line=theme.broken_line if broken else theme.zero_line if grad == 0.0 else theme.line,
        words=[name, exact(value.data), "" if grad is None else exact(grad), ", ".join(operands)],
    )  # fmt: skip


def _arrow(drawing: Drawing, view: Scene, value: Value, operand: Value, partial: float, ids: dict[Value, str]) -> Arrow:
    theme, scale = drawing.theme, drawing.scale
    of, by = view.names[value], view.names[operand]
    tooltip = f"{derivative(of, by)} = {exact(partial)}"
    line, width, dashed = theme.line, 1.0, False
    if view.derivatives is not None and scale is not None:
        grad = view.derivatives[value]
        flow = grad * partial if grad else 0.0  # a zero adjoint is not propagated, not even to an infinite partial
        line, width, dashed = theme.stroke(flow), scale.width(flow), flow == 0.0
        tooltip += f"\nhands down {exact(grad)} × {exact(partial)} = {exact(flow)}"
    label = f"{markup(derivative(cut(of, 14), cut(by, 14)))} = {number(partial)}"
    return Arrow(ids[value], ids[operand], line, width, label, tooltip, dashed, on_line=True)
