"""Reading pictures back: what the DOT text of a drawing says."""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

import viz
from autograd import Value
from nn import MLP, squared_error
from viz.rendering.engines import laid_out
from viz.rendering.shapes import Words

BOX = re.compile(r"^\s*(n\d+) \[label=<(.*)> pos=\"[^\"]*\" tooltip=(.*)\]$", re.MULTILINE)
ARROW = re.compile(r"^\s*(n\d+) -> (n\d+)(?::s\d+:[ewns])? \[(.*)\]$", re.MULTILINE)
# Graphviz's plain format: a box with its place, an arrow with its points. Labels come after these, and where they are
# made as HTML some versions write what happens to lie in memory instead, line breaks included.
PLACED = re.compile(rb"^node (n\d+) \S+ (\S+) ", re.MULTILINE)
DRAWN = re.compile(rb"^edge (n\d+) (n\d+) (\d+) ((?:-?[\d.e+-]+ )+)", re.MULTILINE)


class Arrow(NamedTuple):
    """An edge of the DOT text."""

    tail: str
    head: str
    attributes: str

    @property
    def label(self) -> str:
        """The text on it."""
        found = re.search(r"label=<(.*?)>( |$)", self.attributes)
        return found[1] if found else ""


def cells(markup: str) -> list[str]:
    """The texts of the cells of one box, without the empty ones at which arrows enter."""
    texts = [html.unescape(re.sub("<.*?>", "", cell)).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", markup)]
    return [text for text in texts if text]


def boxes(dot: str) -> dict[str, list[str]]:
    """The texts of every box by its id, in their order."""
    return {found[1]: cells(found[2]) for found in BOX.finditer(dot)}


def said(picture: viz.Picture) -> str:
    """What stands beside the boxes: the legend and the notes, whose lines end where there is no more room."""
    assert picture._still is not None
    return " ".join(shape.whole for shape in picture._still.shapes if isinstance(shape, Words) and not shape.tooltip)


def box(dot: str, title: str) -> str:
    """The whole line of the one box whose first cell begins with ``title``."""
    (line,) = [found[0] for found in BOX.finditer(dot) if re.match(rf"{re.escape(title)}( =|$)", cells(found[2])[0])]
    return line


def arrows(dot: str) -> list[Arrow]:
    """Every arrow between two boxes, in their order."""
    return [Arrow(*found.groups()) for found in ARROW.finditer(dot) if "style=invis" not in found[3]]


def rows(dot: str) -> dict[str, float]:
    """How high every box stands, by its id, once it is laid out."""
    return {found[1].decode(): float(found[2]) for found in PLACED.finditer(laid_out(dot, "plain"))}


def heads(dot: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Where every arrow ends, by the ids of its boxes, once it is laid out."""
    drawn = [found.groups() for found in DRAWN.finditer(laid_out(dot, "plain"))]
    ends = {(tail, head): points.split()[: 2 * int(count)][-2:] for tail, head, count, points in drawn}
    return {(tail.decode(), head.decode()): (float(x), float(y)) for (tail, head), (x, y) in ends.items()}


def texts(svg: str) -> list[str]:
    """Every line of text of an SVG, which must be well formed; one of several pieces says as a whole what it reads."""
    found: list[str] = []
    pieces: set[ET.Element] = set()
    for element in ET.fromstring(svg).iter():
        whole = element.get("aria-label")
        if element.tag.endswith("}g") and whole is not None:
            found.append(whole)
            pieces.update(element.iter())
        elif element.tag.endswith("}text") and element not in pieces:
            found.append(element.text or "")
    return found


def titles(svg: str) -> list[str]:
    """Every title of an SVG: of the whole, and then the tooltips."""
    return [element.text or "" for element in ET.fromstring(svg).iter() if element.tag.endswith("}title")]


def document_001(seed: int = 1, labelled_inputs: bool = False) -> tuple[MLP, Value]:
    """The 3-4-1 network of document 001 and its squared error ``ε`` for one row, differentiated."""
    model = MLP(3, [4, 1], bias=False, rng=seed)
    row = [1.0, 0.0, 1.0]
    inputs = [Value(x, label=f"x{i}") for i, x in enumerate(row)] if labelled_inputs else row
    loss = squared_error(model(inputs), 1.0)
    loss.label = "ε"
    loss.backward()
    return model, loss
