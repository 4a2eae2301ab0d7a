"""The neuron and the layer level: one box for all Values of a part of the model, however many examples there were."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograd import Value, ops
from viz.drawing.boxes import Arrow, Box, Cell, Drawing, side_by_side
from viz.graphs.matrices import EXPLAINED, matrix_of, tiles
from viz.letters.labels import clean, cut, markup
from viz.scenes.groups import INPUTS
from viz.scenes.scene import CALL_BACKWARD, Scene
from viz.theme import Scale, exact, number

__all__ = ["Part", "counted", "draw_folded", "fold", "heading", "partner", "title_of"]

Place = tuple[str, ...]
MOST_INPUTS = 8  # that have a box each
MOST_ARROWS = 64  # between neurons; more cannot be told apart


@dataclass
class Part:
    """The Values of one box, by what they are."""

    place: Place
    parameters: list[Value] = field(default_factory=list)
    leaves: list[Value] = field(default_factory=list)
    operations: list[Value] = field(default_factory=list)

    @property
    def values(self) -> list[Value]:
        """All of them."""
        return [*self.parameters, *self.leaves, *self.operations]

    @property
    def examples(self) -> int:
        """How many times the part was run: as often as its commonest label occurs among its results."""
        labels = Counter(value.label for value in self.operations if value.label)
        return max(labels.values(), default=1)


def fold(
    nodes: Iterable[Value], parameters: dict[Value, str], place: Callable[[Value], Place], depth: int
) -> list[Part]:
    """Parts of the model in the order of the computation; ``depth`` 1 is layers and 2 neurons and single inputs."""
    parts: dict[Place, Part] = {}
    nodes = list(nodes)
    inputs = _inputs(nodes, place) if depth > 1 else {}
    for value in nodes:
        where = place(value)[:depth] or (("inputs",) if value.op is None else ("operations",))
        where += (inputs[value],) if value in inputs else ()
        part = parts.setdefault(where, Part(where))
        kind = part.operations if value.op else part.parameters if value in parameters else part.leaves
        kind.append(value)
    return list(parts.values())


def _inputs(nodes: Sequence[Value], place: Callable[[Value], Place]) -> dict[Value, str]:
    """What each input is called, one name for those that meet the same weights; nothing if they are too many."""
    met: dict[Value, set[Value | None]] = {value: set() for value in nodes if place(value) == (INPUTS,)}
    for value in nodes:
        for i, arg in enumerate(value.args):
            if isinstance(arg, Value) and arg in met:
                met[arg].add(partner(value, i))
    kinds: dict[frozenset[Value | None], str] = {}
    for value, weights in met.items():
        name = clean(value.label) or f"input {len(kinds)}"
        kinds.setdefault(frozenset(weights), name if name not in kinds.values() else f"{name} #{len(kinds)}")
    return {value: kinds[frozenset(weights)] for value, weights in met.items()} if len(kinds) <= MOST_INPUTS else {}


def partner(value: Value, place: int) -> Value | None:
    """What an operand is multiplied with, if that is a Value."""
    if value.op is ops.dot or (value.op is ops.mul and len(value.args) == 2):
        other = value.args[(place + len(value.args) // 2) % len(value.args)]
        return other if isinstance(other, Value) else None
    return None


def draw_folded(drawing: Drawing, scene: Scene, parts: Sequence[Part], numbers: bool = True) -> None:
    """Add a box for every part, and an arrow where results of one are operands in another, with their number.

    Without ``numbers`` a box has its name alone, in the colour of its derivative.
    """
    derivatives = scene.derivatives
    columns = any(len(part.place) > 1 for part in parts)  # of neurons: there are too many arrows to number them
    names = {value: f"n{i}" for i, part in enumerate(parts) for value in part.values}
    flows: dict[tuple[str, str], list[float]] = {}
    for value in scene.nodes:
        if value.op is None or value not in names:
            continue
        grad = derivatives[value] if derivatives is not None else 0.0
        for arg, partial in zip(value.args, value.partials, strict=True):
            if isinstance(arg, Value) and partial is not None and arg in names and names[arg] != names[value]:
                flow = grad and grad * partial
                flows.setdefault((names[arg], names[value]), []).append(flow)
    sizes = [_size(part, derivatives) for part in parts]
    drawing.header = ["part", "parameters", "operations", "examples", "root-mean-square derivative"]
    drawing.measure = "root-mean-square derivative of"
    if derivatives is None:
        drawing.notes = [*drawing.notes, CALL_BACKWARD]
    else:
        drawing.scale = Scale(size for size in sizes if size is not None)
    matrices = [matrix_of(scene, part.parameters) if drawing.scale and not columns else [] for part in parts]
    if derivatives is not None and drawing.scale is not None and any(matrices):
        drawing.scale = Scale(
            [drawing.scale.largest, *(derivatives[v] for rows in matrices for row in rows for v in row)]
        )
        drawing.notes = [*drawing.notes, EXPLAINED]
    for i, (part, size, rows) in enumerate(zip(parts, sizes, matrices, strict=True)):
        drawing.boxes.append(_box(drawing, part, f"n{i}", size, not columns))
        if rows and drawing.scale is not None:
            drawing.boxes[-1] = replace(drawing.boxes[-1], tiles=tiles(scene, rows, drawing.theme, drawing.scale))
        if not numbers:
            drawing.boxes[-1] = _named(drawing.boxes[-1], part)
    if columns and len(flows) > MOST_ARROWS and derivatives is not None:
        kept = _strongest(flows)
        drawing.notes = [*drawing.notes, f"{len(kept)} of {len(flows)} arrows, those that hand down most"]
        flows = {ends: flows[ends] for ends in flows if ends in kept}
    widths = Scale((math.hypot(*passed) for passed in flows.values()), linear=columns)
    for (tail, head), passed in flows.items():
        arrow = _arrow(drawing, tail, head, passed, widths)
        drawing.arrows.append(replace(arrow, label="", plain=True) if columns else arrow)
    if columns:
        drawing.straight = True
    else:
        drawing.boxes, drawing.arrows = side_by_side(drawing.boxes, drawing.arrows)


def _strongest(flows: Mapping[tuple[str, str], Sequence[float]]) -> set[tuple[str, str]]:
    """The arrows that hand down most, and the strongest into and out of every box, so that none stands alone."""
    ordered = sorted(flows, key=lambda ends: -math.hypot(*flows[ends]))
    into = {head: (tail, head) for tail, head in reversed(ordered)}
    out = {tail: (tail, head) for tail, head in reversed(ordered)}
    return {*ordered[:MOST_ARROWS], *into.values(), *out.values()}


def _size(part: Part, derivatives: dict[Value, float] | None) -> float | None:
    """Root-mean-square derivative of the parameters, where there are none of all Values of the part."""
    if derivatives is None:
        return None
    numbers = [derivatives[value] for value in part.parameters or part.values]
    return math.hypot(*numbers) / math.sqrt(len(numbers))


def title_of(part: Part) -> str:
    """The label of the part's last result where the part is a neuron, else where it stands."""
    labelled = [value.label for value in part.operations if value.label]
    if len(part.place) > 1 and not part.operations and not part.parameters:
        return part.place[-1]
    return clean(labelled[-1]) if labelled and len(part.place) > 1 else " ".join(part.place)


def _box(drawing: Drawing, part: Part, name: str, size: float | None, detailed: bool) -> Box:
    theme, title, examples = drawing.theme, title_of(part), part.examples
    head = theme.parameter if part.parameters else theme.cell if part.operations else theme.input
    lines = [counted(len(part.parameters), "parameter"), counted(len(part.leaves), "value")]
    lines.append(counted(len(part.operations), "operation"))
    relus = [value for value in part.operations if value.op is ops.relu]
    if relus:
        lines.append(f"{sum(value.data > 0.0 for value in relus):,} of {counted(len(relus), 'relu')} active")
    rows = [[Cell(heading(part), head, theme.cell_text)]]
    broken = size is not None and not math.isfinite(size)
    if size is not None and drawing.scale is not None:
        fill = theme.shade(size, drawing.scale)
        rows.append([Cell(f"rms ∂ {number(size)}", fill, theme.fill_text(size))])
    if detailed:
        rows += [[Cell(line, theme.cell, theme.cell_text)] for line in lines if line]
    tooltip = "\n".join([" ".join(part.place), *filter(None, lines)])
    if size is not None:
        tooltip += f"\nroot-mean-square derivative of {drawing.root} {exact(size)}"
    return Box(
        name=name, rows=rows, tooltip=tooltip, thick=broken, dashed=size == 0.0,
        line=theme.broken_line if broken else theme.zero_line if size == 0.0 else theme.line,
        words=[
            title, str(len(part.parameters)), str(len(part.operations)), str(examples),
            "" if size is None else exact(size),
        ],
    )  # fmt: skip


def _named(box: Box, part: Part) -> Box:
    """A box with its name alone, in the colour of the number that it would have."""
    last = box.rows[-1][0]
    name = f"<b>{markup(cut(title_of(part)))}</b>"
    return replace(
        box, rows=[[replace(last, text=name)]], tooltip="\n".join([*box.tooltip.splitlines(), *_times(part)])
    )


def _times(part: Part) -> list[str]:
    return [f"{part.examples:,} examples"] if part.examples > 1 else []


def heading(part: Part) -> str:
    """What a box is called, and how many times it was run."""
    return f"<b>{markup(cut(title_of(part)))}</b>" + (f" × {part.examples:,}" if part.examples > 1 else "")


def counted(count: int, noun: str) -> str:
    """How many of what there are; nothing of none."""
    return f"{count:,} {noun}{'s' * (count > 1)}" if count else ""


def _arrow(drawing: Drawing, tail: str, head: str, flow: list[float], widths: Scale) -> Arrow:
    size = math.hypot(*flow)
    nothing = drawing.scale is not None and size == 0.0
    tooltip = counted(len(flow), "operand")
    if drawing.scale is not None:
        tooltip += f"\nhands down {exact(size / math.sqrt(len(flow)))} (root-mean-square)"
    return Arrow(
        tail=tail, head=head, line=drawing.theme.zero_line if nothing else drawing.theme.line,
        width=widths.width(size, 0.5, 2.4) if drawing.scale is not None else 1.0, tooltip=tooltip, dashed=nothing,
        label=f"{len(flow):,}" if len(flow) > 1 else "",
    )  # fmt: skip
