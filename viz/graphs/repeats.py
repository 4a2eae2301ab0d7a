"""A graph in which what was done many times is drawn once: all Values that were made in the same way, as one box."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from autograd import Value, ops
from viz.drawing.boxes import Arrow, Box, Cell, Drawing, side_by_side
from viz.graphs.values import DOT
from viz.letters.labels import cut, markup
from viz.scenes.scene import CALL_BACKWARD, Scene
from viz.theme import Scale, exact, number

__all__ = ["Kind", "draw_repeats", "kinds"]

ROUNDS = 4  # of telling Values apart by what they are used for


@dataclass
class Kind:
    """Values that were made in the same way."""

    values: list[Value] = field(default_factory=list)

    @property
    def first(self) -> Value:
        """One that stands for all."""
        return self.values[0]


def kinds(view: Scene) -> Iterator[list[Kind]]:
    """Ways to sort the Values of a scene into kinds, operands first; each tells more of them apart than the one before.

    Results of one kind come from the same operation on operands of the same kinds. How many operands there are of a
    kind does not matter, so rows of different lengths are alike.
    """
    made: dict[Value, Hashable] = {}
    seen: dict[Hashable, int] = {}
    for value in view.nodes:
        name = view.names.get(value, "").rstrip("0123456789₀₁₂₃₄₅₆₇₈₉ #,")
        operands: list[Hashable] = [made[arg] if isinstance(arg, Value) else None for arg in value.args]
        alike: Hashable = tuple(operands)
        if value.op is ops.dot:
            half = len(operands) // 2
            alike = frozenset(zip(operands[:half], operands[half:], strict=True))
        elif value.op is ops.sum:
            alike = frozenset(operands)
        key = (value.op.name if value.op else "", name, alike)
        made[value] = seen.setdefault(key, len(seen))
    yield _sorted(view, made)
    used = made
    for _ in range(ROUNDS):
        uses: dict[Value, set[Hashable]] = {value: set() for value in view.nodes}
        for value in view.nodes:
            middle = len(value.args) / 2
            for i, arg in enumerate(value.args):
                if isinstance(arg, Value):
                    uses[arg].add((used[value], i >= middle and value.op is not ops.sum))
        finer: dict[Value, Hashable] = {value: (used[value], frozenset(uses[value])) for value in view.nodes}
        numbers: dict[Hashable, int] = {}
        finer = {value: numbers.setdefault(key, len(numbers)) for value, key in finer.items()}
        if len(numbers) == len(set(used.values())):
            return
        used = finer
        yield _sorted(view, used)


def _sorted(view: Scene, key: dict[Value, Hashable]) -> list[Kind]:
    found: dict[Hashable, Kind] = {}
    for value in view.nodes:
        found.setdefault(key[value], Kind()).values.append(value)
    return list(found.values())


def draw_repeats(drawing: Drawing, view: Scene, found: Sequence[Kind]) -> None:
    """Add a box a kind, and an arrow where Values of one are operands of another."""
    grads = view.derivatives
    drawing.header = ["name", "operation", "how many", "values", f"root-mean-square derivative of {view.root_name}"]
    drawing.measure = "root-mean-square derivative of"
    sizes = [None if grads is None else _mean(grads[value] for value in kind.values) for kind in found]
    if grads is None:
        drawing.notes = [*drawing.notes, CALL_BACKWARD]
    else:
        drawing.scale = Scale(size for size in sizes if size is not None)
    names = {value: f"n{i}" for i, kind in enumerate(found) for value in kind.values}
    for i, (kind, size) in enumerate(zip(found, sizes, strict=True)):
        drawing.boxes.append(_box(drawing, view, kind, f"n{i}", size))
    flows: dict[tuple[str, str], list[float]] = {}
    for value in view.nodes:
        grad = 0.0 if grads is None else grads[value]
        for arg, partial in zip(value.args, value.partials, strict=True):
            if isinstance(arg, Value) and partial is not None and arg in names:
                flows.setdefault((names[arg], names[value]), []).append(grad and grad * partial)
    widths = Scale(math.hypot(*passed) for passed in flows.values())
    for (tail, head), passed in flows.items():
        size = math.hypot(*passed)
        nothing = drawing.scale is not None and size == 0.0
        drawing.arrows.append(
            Arrow(
                tail,
                head,
                drawing.theme.zero_line if nothing else drawing.theme.line,
                1.0 if drawing.scale is None else widths.width(size),
                dashed=nothing,
                label=f"{len(passed):,}" if len(passed) > 1 else "",
                tooltip=f"{len(passed):,} operand{'s' * (len(passed) > 1)}",
            )
        )
    drawing.boxes, drawing.arrows = side_by_side(drawing.boxes, drawing.arrows)


def _mean(numbers: Iterator[float]) -> float:
    listed = list(numbers)
    return math.hypot(*listed) / math.sqrt(len(listed))


def _box(drawing: Drawing, view: Scene, kind: Kind, name: str, size: float | None) -> Box:
    theme, first, count = drawing.theme, kind.first, len(kind.values)
    called = view.names.get(first, "")
    last = view.names.get(kind.values[-1], "")
    title = called if count == 1 or called == last else f"{cut(called, 12)} … {cut(last, 12)}"
    symbol = "" if first.op is None else DOT if first.op.name == "dot" else first.op.symbol
    parts = [f"<b>{markup(cut(title))}</b>"] if title else []
    if symbol:
        parts.append(f'<font color="{theme.operation}"><b>{markup(symbol)}</b></font>')
    times = f" × {count:,}" if count > 1 else ""
    low, high = min(value.data for value in kind.values), max(value.data for value in kind.values)
    shown = number(low) if count == 1 or low == high else f"{number(low)} … {number(high)}"
    finite = all(math.isfinite(value.data) for value in kind.values)
    head = theme.cell if first.op else theme.input if view.is_input(first) else theme.parameter
    rows = [
        [Cell((" = ".join(parts) or "<i>leaf</i>") + times, head, theme.cell_text)],
        [Cell(markup(shown), theme.cell if finite else theme.broken, theme.cell_text)],
    ]
    if size is not None and drawing.scale is not None:
        rows.append([Cell(f"rms ∂ {number(size)}", theme.shade(size, drawing.scale), theme.fill_text(size))])
    broken = not finite or (size is not None and not math.isfinite(size))
    return Box(
        name=name, rows=rows, thick=broken, dashed=size == 0.0,
        line=theme.broken_line if broken else theme.zero_line if size == 0.0 else theme.line,
        tooltip=f"{count:,} value{'s' * (count > 1)}{f' made by {first.op.name}' if first.op else ', leaves'}"
        f"\nfrom {exact(low)} to {exact(high)}",
        words=[title, symbol, str(count), shown, "" if size is None else exact(size)],
    )  # fmt: skip
