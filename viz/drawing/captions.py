"""What stands above and below a drawing: formulas, the legend, notes; in lines that are no longer than allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from viz.drawing.boxes import Drawing
from viz.letters.font import width
from viz.letters.runs import broken
from viz.rendering.shapes import Frame, Shape, Words
from viz.theme import DECADES, LETTERS, Theme, number

__all__ = ["DECADES_SAID", "NOT_FINITE", "ZERO", "Block", "Legend", "above", "below", "legend"]

LINE = 20.0  # from one line to the next
HEADING = 14.0  # size of the letters above
ZERO, NOT_FINITE, DECADES_SAID = "exactly zero", "not finite", "log scale, three decades"
STRIPES = (-1.0, -0.1, -0.01, 0.001, 0.01, 0.1, 1.0)  # of the legend, as shares of the largest derivative
STRIPE = (16.0, 14.0)
APART = 18.0  # between parts of the legend
INDENT = 24.0  # of a formula's second line

Part = tuple[float, list[Shape]]  # its width, and its shapes around a line at zero


@dataclass(frozen=True)
class Legend:
    """What the colours of a drawing mean: those of a bar with the words at its ends, and whether one is not finite."""

    left: str
    fills: Sequence[str]
    right: str
    broken: bool


def legend(drawing: Drawing) -> Legend | None:
    """A bar of colours from the most lowering to the most raising derivative; none where none are shown."""
    theme, scale = drawing.theme, drawing.scale
    if scale is None or scale.largest == 0.0:
        return None
    largest, broken = number(scale.largest), any(box.thick for box in drawing.boxes)
    if drawing.measure:
        fills = [theme.shade(share * scale.largest, scale) for share in STRIPES if share > 0.0]
        left = f"{drawing.measure} {drawing.root} {number(scale.largest / 10**DECADES)}"
        return Legend(left, fills, largest, broken)
    fills = [theme.fill(share * scale.largest, scale) for share in STRIPES]
    return Legend(f"lowers {drawing.root} −{largest}", fills, f"{largest} raises {drawing.root}", broken)


@dataclass
class Block:
    """Shapes in a rectangle of their own."""

    size: tuple[float, float] = (0.0, 0.0)
    shapes: list[Shape] = field(default_factory=list)

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
            right, y = max(right, x + width(line, HEADING)), y + LINE
    if drawing.heading:
        block.size = (right, y + 6.0)
    return block


def below(drawing: Drawing, room: float) -> Block:
    """The legend and the notes."""
    colours = legend(drawing)
    lines = _flowed(_legend(colours, drawing.theme) if colours else [], room)
    for note in drawing.notes:
        for text in broken(note, LETTERS, room):
            lines.append([(width(text, LETTERS), [_left(text, 0.0, 0.0, drawing.theme.muted)])])
    if not lines:
        return Block()
    widths = [sum(wide for wide, _ in line) + APART * (len(line) - 1) for line in lines]
    broad, y, block = max(widths), 8.0, Block()
    for line, wide in zip(lines, widths, strict=True):
        x, y = (broad - wide) / 2, y + LINE
        for part, shapes in line:
            block.shapes += [_moved(shape, x, y - LINE / 2) for shape in shapes]
            x += part + APART
    block.size = (broad, y)
    return block


def _legend(colours: Legend, theme: Theme) -> Iterable[Part]:
    """The bar, and what grey and dashed mean."""
    wide, high = STRIPE
    x = width(colours.left, LETTERS) + 6.0
    bar: list[Shape] = [_left(colours.left, 0.0, 0.0, theme.text)]
    for fill in colours.fills:
        bar.append(Frame((x, -high / 2), STRIPE, fill, theme.line, 0.5))
        x += wide
    bar.append(_left(colours.right, x + 6.0, 0.0, theme.text))
    yield x + 6.0 + width(colours.right, LETTERS), bar
    zero = Frame((0.0, -high / 2), (20.0, high), theme.zero, theme.zero_line, dashed=True)
    yield _sample([zero, Words((10.0, 0.0), "0", theme.zero_text)], ZERO, theme)
    if colours.broken:
        yield _sample([Frame((1.0, -high / 2), (18.0, high), theme.broken, theme.broken_line, 2.0)], NOT_FINITE, theme)
    yield width(DECADES_SAID, LETTERS), [_left(DECADES_SAID, 0.0, 0.0, theme.muted)]


def _sample(shapes: list[Shape], text: str, theme: Theme) -> Part:
    return 26.0 + width(text, LETTERS), [*shapes, _left(text, 26.0, 0.0, theme.text)]


def _flowed(parts: Iterable[Part], room: float) -> list[list[Part]]:
    lines: list[list[Part]] = []
    used = 0.0
    for part in parts:
        if not lines or used + APART + part[0] > room:
            lines.append([part])
            used = part[0]
        else:
            lines[-1].append(part)
            used += APART + part[0]
    return lines


def _left(text: str, x: float, y: float, colour: str, size: float = LETTERS) -> Words:
    return Words((x + width(text, size) / 2, y), text, colour, size)


def _moved(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Frame):
        return replace(shape, corner=(shape.corner[0] + x, shape.corner[1] + y))
    assert isinstance(shape, Words)
    return replace(shape, centre=(shape.centre[0] + x, shape.centre[1] + y))
