"""``viz.network``: a model as neurons and connections, its weights or their gradients as colour and width."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd.convert import describe
from nn.checks import as_size
from nn.model.notation import label
from viz.drawing.formats import format_named
from viz.letters.font import width
from viz.letters.labels import clean, cut
from viz.letters.runs import broken
from viz.networks.marks import below_zero, numbered, strongest
from viz.networks.neurons import Layer, activations_of, layers_of, title_of
from viz.rendering.picture import Picture, Still
from viz.rendering.pinned import dot
from viz.rendering.shapes import Disc, Line, Shape, Words
from viz.scenes.scene import CALL_BACKWARD
from viz.theme import LETTERS, Scale, Theme, exact, number, theme_named

__all__ = ["network"]

RADIUS = 24.0
ROW = 76.0
COLUMN = (74.0, 210.0)  # from one to the next, at least and at most
MARGIN = 46.0
CAPTION = 62.0
LINE = 16.0  # from a line of a caption to the next
NOTE = 12.0  # size of the letters below the drawing
ELLIPSIS = -1


@dataclass(frozen=True)
class Column:
    """The neurons of one layer that are drawn, by index; ``ELLIPSIS`` stands for those that are not."""

    title: str
    count: int
    shown: list[int]
    x: float

    def place(self, row: int, height: float) -> tuple[float, float]:
        """The centre of the neuron in a row of the drawing."""
        return self.x, height / 2 + (row - (len(self.shown) - 1) / 2) * ROW


def network(
    model: Any,
    color: str = "weight",
    max_neurons: int = 8,
    example: Sequence[Any] | None = None,
    theme: str = "light",
    fit: str = "readme",
) -> Picture:
    """Draw the neurons of a model and their connections.

    Parameters
    ----------
    model : nn.MLP, nn.Layer or nn.Neuron
        Anything with ``layers`` of ``neurons`` that have ``weights`` and perhaps a ``bias`` will do; so will ``w`` and
        ``b``, as micrograd calls them.
    color : str
        What colour and width show: ``"weight"``, or ``"grad"`` for its gradient.
    max_neurons : int
        A layer with more neurons is drawn with an ellipsis.
    example : sequence of numbers, optional
        Inputs of one example; each neuron then shows its activation for it.
    theme : str
        ``"light"`` or ``"dark"``.
    fit : str
        Where the picture goes, as in :func:`viz.graph`: columns stand as close as that takes.

    Returns
    -------
    Picture
        Plain geometry: SVG and HTML need no Graphviz.
    """
    if color not in ("weight", "grad"):
        raise ValueError(f"color is 'weight' or 'grad', got {color!r}; choose one of these")
    if as_size(max_neurons, "max_neurons") < 3:
        raise ValueError(f"max_neurons is at least 3, got {max_neurons}; an ellipsis stands between two neurons")
    look, place, layers = theme_named(theme), format_named(fit), layers_of(model)
    if not layers:
        raise TypeError(
            "network draws a model of layers of neurons, each with a weight for every neuron of the layer before, got "
            f"{describe(model)}; viz.graph draws any computation"
        )
    counts = [len(layers[0].neurons[0].weights), *(len(layer.neurons) for layer in layers)]
    titles = [title_of(layers, i) for i in range(len(counts))]
    step = min(COLUMN[1], max(COLUMN[0], (place.room[0] - 3 * MARGIN) / (len(counts) - 1)))
    room = step - 8.0  # of a caption, up to the next one
    margin = max(MARGIN, *(width(line, LETTERS) / 2 + 3.0 for i in (0, -1) for line in _lines(titles[i], room)))
    columns = [Column(titles[i], n, _shown(n, max_neurons), margin + i * step) for i, n in enumerate(counts)]
    height = max(len(column.shown) for column in columns) * ROW + 2 * MARGIN - ROW
    parameters = [p for layer in layers for neuron in layer.neurons for p in neuron.parameters]
    scale = Scale((_measure(p, color) for p in parameters), linear=color == "weight")
    known = color == "weight" or any(_measure(p, color) != 0.0 for p in parameters)  # else backward() was not called
    shapes: list[Shape] = []
    numbers: list[Words] = []
    dots: list[Disc] = []
    left_out = 0
    biases = _biases(layers, columns, height, color, scale, look) if known else []
    for i, layer in enumerate(layers):
        lines, weaker = _connections(layer, columns, i, height, color, scale, look)
        left_out += weaker
        shapes += [line if known else replace(line, colour=look.line, dashed=False) for line, _ in lines]
        written = numbered(lines, scale, look, biases) if known else []
        numbers += written
        dots += [] if written else below_zero(lines)
    shapes += [*dots, *numbers]
    shapes += [*_neurons(layers, columns, height, example, look), *biases]
    broad = 2 * margin + (len(columns) - 1) * step
    most = max(counts) if any(ELLIPSIS in column.shown for column in columns) else 0
    notes = _notes(color, scale, example, most, broad, known, dots=bool(dots), left_out=left_out)
    captions = height + LINE * (max(len(_lines(title, room)) for title in titles) - 1)  # where their last lines stand
    size = (broad, captions + CAPTION + 18.0 * len(notes))
    shapes += _captions(columns, captions, notes, size, room, look)
    title = f"the network {' – '.join(map(str, counts))}, " + ("its weights" if color == "weight" else "its gradients")
    return Picture(
        title,
        dot=lambda: dot(shapes, size, look),
        still=Still(shapes, size, place.shown(size)),
        layout="nop2",
        theme=look,
    )


def _shown(count: int, most: int) -> list[int]:
    if count <= most:
        return list(range(count))
    first = most // 2
    return [*range(first), ELLIPSIS, *range(count - (most - 1 - first), count)]


def _measure(parameter: Any, color: str) -> float:
    return float(parameter.data if color == "weight" else parameter.grad)


def _tip(parameter: Any) -> str:
    name = f"{parameter.label}\n" if parameter.label else ""
    return f"{name}value {exact(parameter.data)}\ngrad {exact(parameter.grad)}"


def _connections(
    layer: Layer, columns: list[Column], i: int, height: float, color: str, scale: Scale, theme: Theme
) -> tuple[list[tuple[Line, float]], int]:
    """The lines into one layer, each with its number, the large ones last; and how many are left out."""
    every = []
    for row, j in enumerate(columns[i + 1].shown):
        for before, k in enumerate(columns[i].shown):
            if ELLIPSIS not in (j, k):
                weight = layer.neurons[j].weights[k]
                every.append((before, row, weight, _measure(weight, color)))
    every.sort(key=lambda connection: scale.strength(connection[3]))
    kept = strongest([(before, row) for before, row, _, _ in every])
    lines = []
    for before, row, weight, x in (every[index] for index in kept):
        start, end = columns[i].place(before, height), columns[i + 1].place(row, height)
        lines.append((Line(start, end, theme.stroke(x), scale.width(x, 0.7, 4.2), _tip(weight), dashed=x == 0.0), x))
    return lines, len(every) - len(lines)


def _neurons(
    layers: list[Layer], columns: list[Column], height: float, example: Sequence[Any] | None, theme: Theme
) -> Iterable[Shape]:
    activations = activations_of(layers, example)
    for i, column in enumerate(columns):
        for row, j in enumerate(column.shown):
            x, y = column.place(row, height)
            if j == ELLIPSIS:
                yield Words((x, y), "⋮", theme.text, size=22.0)
                continue
            name = label("x", None, j) if i == 0 else label("a", i, *([j] if column.count > 1 else []))
            value = None if activations is None else activations[i][j]
            tip = name if value is None else f"{name} = {exact(value)}"
            fill = theme.input if i == 0 else theme.cell
            broken = value is not None and not math.isfinite(value)
            yield Disc((x, y), RADIUS, theme.broken if broken else fill, theme.line, tip)
            lift = 0.0 if value is None else 6.0
            yield Words((x, y - lift), name, theme.cell_text, size=12.0, bold=True, tooltip=tip)
            if value is not None:
                yield Words((x, y + 8.0), number(value), theme.cell_text, size=12.0, tooltip=tip)


def _biases(
    layers: list[Layer], columns: list[Column], height: float, color: str, scale: Scale, theme: Theme
) -> list[Words]:
    """A plate below every neuron that has one."""
    found = []
    for column, layer in zip(columns[1:], layers, strict=True):
        for row, j in enumerate(column.shown):
            bias = layer.neurons[j].bias if j != ELLIPSIS else None
            if bias is not None:
                (x, y), b = column.place(row, height), _measure(bias, color)
                found.append(
                    Words(
                        (x, y + RADIUS + 9.0), f"b {number(b)}", theme.fill_text(b), size=12.0,
                        fill=theme.fill(b, scale), line=theme.stroke(b), tooltip=_tip(bias), dashed=b == 0.0,
                    )
                )  # fmt: skip
    return found


def _notes(
    color: str, scale: Scale, example: Sequence[Any] | None, most: int, width: float, known: bool, dots: bool,
    left_out: int,
) -> list[str]:  # fmt: skip
    """What colours, lines and numbers mean, and how to see all ``most`` neurons, in lines that fit below."""
    what = "weights" if color == "weight" else "gradients"
    notes = [f"red above zero, blue{' (a dot at its end)' * dots} below, dashed exactly zero"]
    if scale.largest:
        notes.append(f"width: {what} on a {'linear' if scale.linear else 'log'} scale up to ±{number(scale.largest)}")
    if not known:
        notes = [CALL_BACKWARD]
    if left_out:
        notes.append(f"between wide layers the strongest lines; {left_out} weaker ones are left out")
    if most:
        notes.append(f"⋮ stands for the neurons left out; all of them: max_neurons={most}")
    if example is not None:
        notes.append("in each neuron: its activation for the example")
    return [line for note in notes for line in broken(note, NOTE, width - 12.0)]


def _captions(
    columns: list[Column], y: float, notes: list[str], size: tuple[float, float], room: float, theme: Theme
) -> Iterable[Words]:
    """Title and count of each column, the counts in one row, and below them the notes."""
    for column in columns:
        lines = _lines(column.title, room)
        for i, line in enumerate(lines):
            tip = "" if clean(column.title) == " · ".join(lines) else column.title
            yield Words((column.x, y + 8.0 + LINE * (i - len(lines) + 1)), line, theme.text, tooltip=tip)
        yield Words((column.x, y + 24.0), str(column.count), theme.muted)
    for i, note in enumerate(notes):
        yield Words((size[0] / 2, y + CAPTION - 10.0 + 18.0 * i), note, theme.muted, size=NOTE)


def _lines(title: str, room: float) -> list[str]:
    """The title of a column, in two lines or cut where it would meet the next one."""
    shown = cut(clean(title), 28)
    parts = clean(title).split(" · ", 1)
    if width(shown, LETTERS) > room and all(width(part, LETTERS) <= room for part in parts):
        return parts
    while width(shown, LETTERS) > room:
        shown = cut(shown, len(shown) - 1)
    return [shown]
