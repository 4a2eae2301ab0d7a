"""What stands above and below a drawing: formulas, the legend, notes; in lines that are no longer than allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from viz.drawing.boxes import Drawing
from viz.letters.font import width
from viz.letters.labels import markup
from viz.letters.runs import broken
from viz.rendering.shapes import Frame, Shape, Words
from viz.theme import DECADES, LETTERS, Scale, Theme, number

__all__ = ["Block", "above", "below"]

LINE = 20.0  # from one line to the next
HEADING = 14.0  # size of the letters above
STRIPES = (-1.0, -0.1, -0.01, 0.001, 0.01, 0.1, 1.0)  # of the legend, as shares of the largest derivative
STRIPE = (16.0, 14.0)
APART = 18.0  # between parts of the legend
INDENT = 24.0  # of a formula's second line


class Part(NamedTuple):
    """A part of a line: its width, its shapes around a line at zero, and the same as cells of a table in DOT text."""

    width: float
    shapes: list[Shape]
    cells: str


@dataclass
class Block:
    """Shapes in a rectangle of their own, and the same as rows of a table in DOT text."""

    size: tuple[float, float] = (0.0, 0.0)
    shapes: list[Shape] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> list[Shape]:
        """The same with its upper left corner there."""
        return [_moved(shape, x, y) for shape in self.shapes]


def above(drawing: Drawing, room: float) -> Block:
    """The formulas over a drawing: two columns, the second broken where it is too long."""
    first = max((width(left, HEADING) for left, _ in drawing.heading), default=0.0) + 6.0
    block, y, right = Block(), 0.0, 0.0
    for left, text in drawing.heading:
        block.shapes.append(_left(left, 0.0, y + LINE / 2, drawing.theme.text, HEADING))
        for i, line in enumerate(broken(text, HEADING, room - first, INDENT)):
            x = first + (INDENT if i else 0.0)
            block.shapes.append(_left(line, x, y + LINE / 2, drawing.theme.text, HEADING))
            start, indent = ("", "    ") if i else (left, "")
            block.rows.append(f'<td align="left">{markup(start)}</td><td align="left">{indent}{markup(line)}</td>')
            right, y = max(right, x + width(line, HEADING)), y + LINE
    if drawing.heading:
        block.size = (right, y + 6.0)
    return block


def below(drawing: Drawing, room: float, centred: bool = True) -> Block:
    """The legend and the notes."""
    lines = _flowed(_legend(drawing, drawing.scale, room) if drawing.scale is not None else [], room)
    for note in drawing.notes:
        lines += [[_words(text, drawing.theme.muted)] for text in broken(note, LETTERS, room)]
    if not lines:
        return Block()
    widths = [sum(part.width for part in line) + APART * (len(line) - 1) for line in lines]
    broad, y, block = max(widths), 0.0, Block()
    for line, wide in zip(lines, widths, strict=True):
        x, y = (broad - wide) / 2 if centred else 0.0, y + LINE
        for part in line:
            block.shapes += [_moved(shape, x, y - LINE / 2) for shape in part.shapes]
            x += part.width + APART
        cells = "<td>    </td>".join(part.cells for part in line)
        block.rows.append(f'<td><table border="0" cellborder="0" cellspacing="0"><tr>{cells}</tr></table></td>')
    block.size = (broad, y)
    return block


def _legend(drawing: Drawing, scale: Scale, room: float) -> Iterable[Part]:
    """Bars of colours, one where there is room, else more; and what grey and dashed mean."""
    theme, largest = drawing.theme, number(scale.largest)
    if scale.largest == 0.0:
        return
    if drawing.measure:
        fills = [theme.shade(share * scale.largest, scale) for share in STRIPES if share > 0.0]
        name, least = f"{drawing.measure} {drawing.root}", number(scale.largest / 10**DECADES)
        whole = _bar(f"{name} {least}", fills, largest, theme)
        lines = [_words(line, theme.text) for line in broken(name, LETTERS, room)]
        parts = [*lines, _bar(least, fills, largest, theme)]
    else:
        fills = [theme.fill(share * scale.largest, scale) for share in STRIPES]
        low = len(fills) // 2
        whole = _bar(f"lowers {drawing.root} −{largest}", fills, f"{largest} raises {drawing.root}", theme)
        parts = [
            _bar("", fills[:low], f"−{largest} lowers {drawing.root}", theme),
            _bar("", fills[:low:-1], f"{largest} raises {drawing.root}", theme),
        ]
    yield from [whole] if whole.width <= room else parts
    zero = Frame((0.0, -STRIPE[1] / 2), (20.0, STRIPE[1]), theme.zero, theme.zero_line, dashed=True)
    yield _sample(
        [zero, Words((10.0, 0.0), "0", theme.zero_text)], "exactly zero", theme,
        f'<td border="1" style="dashed" color="{theme.zero_line}" bgcolor="{theme.zero}">'
        f'<font color="{theme.zero_text}"> 0 </font></td>',
    )  # fmt: skip
    if any(box.thick for box in drawing.boxes):
        frame = Frame((1.0, -STRIPE[1] / 2), (18.0, STRIPE[1]), theme.broken, theme.broken_line, 2.0)
        cell = f'<td border="2" color="{theme.broken_line}" bgcolor="{theme.broken}">    </td>'
        yield _sample([frame], "not finite", theme, cell)
    yield _words("log scale, three decades", theme.muted)


def _bar(left: str, fills: Sequence[str], right: str, theme: Theme) -> Part:
    """Colours between what the outermost of them mean."""
    wide, high = STRIPE
    x = width(left, LETTERS) + 6.0 if left else 0.0
    shapes: list[Shape] = [_left(left, 0.0, 0.0, theme.text)] if left else []
    for fill in fills:
        shapes.append(Frame((x, -high / 2), STRIPE, fill, theme.line, 0.5))
        x += wide
    shapes.append(_left(right, x + 6.0, 0.0, theme.text))
    cells = "".join(f'<td width="{wide:.0f}" bgcolor="{fill}"> </td>' for fill in fills)
    cells = (f"<td>{markup(left)} </td>" if left else "") + f"{cells}<td> {markup(right)}</td>"
    return Part(x + 6.0 + width(right, LETTERS), shapes, cells)


def _sample(shapes: list[Shape], text: str, theme: Theme, cell: str) -> Part:
    shapes = [*shapes, _left(text, 26.0, 0.0, theme.text)]
    return Part(26.0 + width(text, LETTERS), shapes, f"{cell}<td> {text}</td>")


def _words(text: str, colour: str) -> Part:
    cell = f'<td><font color="{colour}">{markup(text)}</font></td>'
    return Part(width(text, LETTERS), [_left(text, 0.0, 0.0, colour)], cell)


def _flowed(parts: Iterable[Part], room: float) -> list[list[Part]]:
    lines: list[list[Part]] = []
    used = 0.0
    for part in parts:
        if not lines or used + APART + part.width > room:
            lines.append([part])
            used = part.width
        else:
            lines[-1].append(part)
            used += APART + part.width
    return lines


def _left(text: str, x: float, y: float, colour: str, size: float = LETTERS) -> Words:
    return Words((x + width(text, size) / 2, y), text, colour, size)


def _moved(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Frame):
        return replace(shape, corner=(shape.corner[0] + x, shape.corner[1] + y))
    assert isinstance(shape, Words)
    return replace(shape, centre=(shape.centre[0] + x, shape.centre[1] + y))
