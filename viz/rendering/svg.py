"""Shapes as SVG that can stand in any page, and that is the same on every machine.

No fonts are asked: every piece of text says how wide it is (``textLength``), so that any family fills the same place,
and the characters that many families lack are drawn as outlines. Nothing has an id, so that two pictures in one page
cannot get in each other's way.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from viz.letters.font import EM
from viz.letters.runs import pieces
from viz.rendering.shapes import Curve, Disc, Frame, Line, Shape, Words
from viz.theme import FONT, Theme

__all__ = ["DROP", "HALO", "path", "svg"]

NAMESPACE = "http://www.w3.org/2000/svg"
HALO = 3  # around letters that lie on lines
DROP = 0.35  # of the baseline below the middle of letters, by their size


def svg(shapes: Iterable[Shape], size: tuple[float, float], title: str, theme: Theme, width: float = 0.0) -> str:
    """Shapes in the order in which they are to be painted; shown ``width`` pixels wide, if not in their own size."""
    w, h = size
    shown = width or w
    lines = "".join(f"{_element(shape)}\n" for shape in shapes)
    return (
        f'<svg xmlns="{NAMESPACE}" width="{_n(shown)}" height="{_n(h * shown / w)}" viewBox="0 0 {_n(w)} {_n(h)}" '
        f'style="max-width:100%;height:auto" role="img" aria-label="{html.escape(title)}" font-family="{FONT}">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<rect width="{_n(w)}" height="{_n(h)}" fill="{theme.background}"/>\n{lines}</svg>\n'
    )


def _element(shape: Shape) -> str:
    tip = f"<title>{html.escape(shape.tooltip)}</title>" if shape.tooltip else ""
    dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
    match shape:
        case Line(start=(x1, y1), end=(x2, y2)):
            return (
                f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{shape.colour}" '
                f'stroke-width="{_n(shape.width)}"{dashes}>{tip}</line>'
            )
        case Curve():
            tail = f'<path d="{_tip(shape)}" fill="{shape.colour}"/>' if shape.tip else ""
            return (
                f'<g>{tip}<path d="{path(shape)}" fill="none" stroke="{shape.colour}" '
                f'stroke-width="{_n(shape.width)}"{dashes}/>{tail}</g>'
            )
        case Frame(corner=(x, y), size=(w, h)):
            rounded = f' rx="{_n(shape.round)}"' if shape.round else ""
            return (
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}"{rounded} fill="{shape.fill}" '
                f'stroke="{shape.line}" stroke-width="{_n(shape.width)}"{dashes}>{tip}</rect>'
            )
        case Disc(centre=(x, y)):
            where = f'cx="{_n(x)}" cy="{_n(y)}" r="{_n(shape.radius)}"'
            return f'<circle {where} fill="{shape.fill}" stroke="{shape.line}"{dashes}>{tip}</circle>'
        case Words(centre=(x, y)):
            plate, (w, h) = "", shape.extent
            if shape.fill:
                line = f' stroke="{shape.line}"{dashes}' if shape.line else ""
                plate = (
                    f'<rect x="{_n(x - w / 2)}" y="{_n(y - h / 2)}" width="{_n(w)}" height="{_n(h)}" rx="3" '
                    f'fill="{shape.fill}"{line}/>'
                )
            written = list(_text(shape))
            cut = (
                f' aria-label="{html.escape(shape.whole)}"'
                if len(written) != 1 or written[0].startswith("<path")
                else ""
            )
            return f"<g{cut}>{tip}{plate}{''.join(written)}</g>"


def _text(words: Words) -> Iterator[str]:
    """A line of text in pieces, each with its place and its width."""
    left, base = words.centre[0] - words.width / 2, words.centre[1] + DROP * words.size
    halo = (
        f' stroke="{words.halo}" stroke-width="{HALO}" paint-order="stroke" stroke-linejoin="round"'
        if words.halo
        else ""
    )
    # Outlines last: the halo of the letters beside one would lie on it.
    for piece in sorted(pieces(words.parts, words.size), key=lambda piece: piece.outline is not None):
        colour, x = piece.run.colour or words.colour, left + piece.start
        if piece.outline is not None:
            place = f"translate({_n(x)} {_n(base)}) scale({words.size / EM:g})"
            yield f'<path transform="{place}" d="{piece.outline}" fill="{colour}"/>'
            continue
        style = (' font-weight="bold"' if piece.run.bold else "") + (' font-style="italic"' if piece.run.italic else "")
        yield (
            f'<text x="{_n(x)}" y="{_n(base)}" font-size="{_n(words.size)}" textLength="{_n(piece.width)}" '
            f'lengthAdjust="spacingAndGlyphs" fill="{colour}"{style}{halo} xml:space="preserve">'
            f"{html.escape(piece.run.text)}</text>"
        )


def path(curve: Curve) -> str:
    """What SVG calls the path of a curve: as far as its tip, whose point would otherwise be blunt."""
    parts = [f"M{_p(curve.start)}"]
    segments = list(curve.segments)
    if curve.tip:
        _, one, other = curve.corners
        segments[-1] = (*segments[-1][:-1], ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2))
    for segment in segments:
        parts.append(("L" if len(segment) == 1 else "C") + " ".join(map(_p, segment)))
    return "".join(parts)


def _tip(curve: Curve) -> str:
    return "M" + "L".join(map(_p, curve.corners)) + "Z"


def _p(point: tuple[float, float]) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(x: float) -> str:
    """A length to a hundredth of a pixel, which is as far as all machines agree."""
    text = f"{x:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
