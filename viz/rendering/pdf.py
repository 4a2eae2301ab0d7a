"""Shapes as PDF: one page of paths and text.

Text is written in fonts of its own, whose letters are programs (Type 3), so that it can be searched and copied, and
looks the same everywhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from viz.rendering.shapes import Shape
from viz.rendering.strokes import SIZE, Letters, Stroke, glyph_of, parts
from viz.theme import Theme

__all__ = ["pdf"]

POINT = 72.0 / 96.0  # of a pixel
ROOM = 255  # letters of a font; the code 0 is left out
FIRST = 6  # object of those of fonts


def pdf(shapes: Iterable[Shape], size: tuple[float, float], title: str, theme: Theme, shown: float = 1.0) -> bytes:
    """Shapes as a page ``shown`` times as large as their own size, with nothing in it of when it was written.

    References
    ----------
    ISO 32000-1:2008, Document management, Portable document format, sections 7.5, 8.5, 9.6.5 and 9.10.3.
    """
    wide, high = (length * shown * POINT for length in size)
    scale, fonts = shown * POINT, _Fonts()
    lines = [f"{scale:.6f} 0 0 {-scale:.6f} 0 {_n(high)} cm 10 M", f"{_colour(theme.background)} rg"]
    lines.append(f"0 0 {_n(size[0])} {_n(size[1])} re f")
    for shape in shapes:
        for part in parts(shape):
            if isinstance(part, Letters) and not part.halo:
                lines.append(fonts.written(part))
            else:
                lines.append(_painted(part.stroke if isinstance(part, Letters) else part))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_n(wide)} {_n(high)}] /Contents 4 0 R "
        f"/Resources << /Font << {fonts.names(FIRST)} >> >> >>".encode(),
        _stream("\n".join(lines)),
        f"<< /Title <FEFF{title.encode('utf-16-be').hex()}> >>".encode(),
        *fonts.objects(FIRST),
    ]
    return _file(objects)


class _Fonts:
    """Every letter that is written, with its code in one of the fonts."""

    def __init__(self) -> None:
        self._fonts: list[tuple[bool, bool, list[str]]] = []
        self._codes: dict[tuple[str, bool, bool], tuple[int, int]] = {}

    def written(self, letters: Letters) -> str:
        """The operators that write text."""
        parted: list[tuple[int, str]] = []
        for letter in letters.text:
            font, code = self._code(letter, letters.bold, letters.italic)
            before = parted.pop()[1] if parted and parted[-1][0] == font else ""
            parted.append((font, f"{before}{code:02x}"))
        shown = " ".join(f"/F{font} 1 Tf <{codes}> Tj" for font, codes in parted)
        a, d = (scale * SIZE for scale in letters.scale)
        x, y = letters.start
        return f"{_colour(letters.colour)} rg BT {a:.4f} 0 0 {d:.4f} {_n(x)} {_n(y)} Tm {shown} ET"

    def _code(self, letter: str, bold: bool, italic: bool) -> tuple[int, int]:
        key = letter, bold, italic
        if key not in self._codes:
            fonts = ((i, found[2]) for i, found in enumerate(self._fonts) if found[:2] == (bold, italic))
            at = next((i for i, found in fonts if len(found) < ROOM), len(self._fonts))
            if at == len(self._fonts):
                self._fonts.append((bold, italic, []))
            self._fonts[at][2].append(letter)
            self._codes[key] = at, len(self._fonts[at][2])
        return self._codes[key]

    def names(self, first: int) -> str:
        """As resources of the page, the first object of the first font being ``first``."""
        found = []
        for i, (_, _, letters) in enumerate(self._fonts):
            found.append(f"/F{i} {first} 0 R")
            first += 2 + len(letters)
        return " ".join(found)

    def objects(self, first: int) -> list[bytes]:
        """Of every font itself, what its codes mean, and its letters."""
        found: list[bytes] = []
        for bold, italic, letters in self._fonts:
            at = first + len(found)
            glyphs = [glyph_of(letter, bold, italic) for letter in letters]
            corners = [corner for glyph in glyphs for corner in glyph.vertices.tolist()] or [[0.0, 0.0]]
            xs, ys = zip(*corners, strict=True)
            box = f"{_n(min(xs))} {_n(min(ys))} {_n(max(xs))} {_n(max(ys))}"
            names = " ".join(f"/g{k}" for k in range(1, len(letters) + 1))
            programs = " ".join(f"/g{k} {at + 1 + k} 0 R" for k in range(1, len(letters) + 1))
            widths = " ".join(_n(glyph.advance) for glyph in glyphs)
            found += [
                f"<< /Type /Font /Subtype /Type3 /FontBBox [{box}] /FontMatrix [{1 / SIZE:g} 0 0 {1 / SIZE:g} 0 0] "
                f"/FirstChar 1 /LastChar {len(letters)} /Widths [{widths}] /Encoding << /Type /Encoding "
                f"/Differences [1 {names}] >> /CharProcs << {programs} >> /Resources << >> /ToUnicode {at + 1} 0 R "
                ">>".encode(),
                _stream(_meanings(letters)),
                *(
                    _stream(f"{_n(g.advance)} 0 {box} d1\n{_path(g.vertices.tolist(), g.codes.tolist())} f")
                    for g in glyphs
                ),
            ]
        return found


def _meanings(letters: list[str]) -> str:
    """The table from codes to letters, a hundred at a time, as it may have no more in one list."""
    lines = []
    for begin in range(0, len(letters), 100):
        some = letters[begin : begin + 100]
        lines.append(f"{len(some)} beginbfchar")
        lines += [f"<{k:02x}> <{letter.encode('utf-16-be').hex()}>" for k, letter in enumerate(some, start=begin + 1)]
        lines.append("endbfchar")
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /letters def /CMapType 2 def",
            "1 begincodespacerange <00> <ff> endcodespacerange",
            *lines,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


def _painted(stroke: Stroke) -> str:
    """The operators that draw a path, fill it, or both."""
    lines = [_path(stroke.path.vertices.tolist(), None if stroke.path.codes is None else stroke.path.codes.tolist())]
    before = f"{_colour(stroke.face)} rg " if stroke.face else ""
    if stroke.line:
        dashes = f"[{_n(4.0 * stroke.width)} {_n(3.0 * stroke.width)}] 0 d" if stroke.dashed else "[] 0 d"
        join = 1 if stroke.join == "round" else 0
        before += f"{_colour(stroke.line)} RG {_n(stroke.width)} w {join} j {dashes} "
    return f"{before}{lines[0]} {'B' if stroke.face and stroke.line else 'f' if stroke.face else 'S'}"


def _path(vertices: list[list[float]], codes: list[int] | None) -> str:
    """Moves, lines and curves; those with one control have two that give the same."""
    from matplotlib.path import Path

    found, points = [], list(map(tuple, vertices))
    i = 0
    at: tuple[float, ...] = (0.0, 0.0)
    kinds = codes or [int(Path.MOVETO), *[int(Path.LINETO)] * (len(points) - 1)]
    while i < len(points):
        kind = kinds[i]
        if kind == Path.CLOSEPOLY:
            found.append("h")
            i += 1
            continue
        count = {int(Path.CURVE3): 2, int(Path.CURVE4): 3}.get(kind, 1)
        run = points[i : i + count]
        if kind == Path.CURVE3:
            control, end = run
            run = [*(_between(point, control) for point in (at, end)), end]
        operator = "m" if kind == Path.MOVETO else "l" if count == 1 else "c"
        found.append(" ".join([*(f"{_n(x)} {_n(y)}" for x, y in run), operator]))
        i, at = i + count, run[-1]
    return " ".join(found)


def _between(point: tuple[float, ...], control: tuple[float, ...]) -> tuple[float, ...]:
    """Two thirds of the way from the end of a curve to its one control."""
    return tuple(p + 2.0 / 3.0 * (c - p) for p, c in zip(point, control, strict=True))


def _stream(text: str) -> bytes:
    data = zlib.compress(text.encode("ascii"))
    return b"<< /Length %d /Filter /FlateDecode >> stream\n%b\nendstream" % (len(data), data)


def _file(objects: list[bytes]) -> bytes:
    """Objects and where each begins; the first is the catalog, the fifth says what the file is."""
    parts, at, places = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"], 15, []
    for k, body in enumerate(objects, start=1):
        places.append(at)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (k, body))
        at += len(parts[-1])
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    parts.append(
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{at}\n%%EOF\n".encode()
    )
    return b"".join(parts)


def _colour(name: str) -> str:
    """A colour as ``#rrggbb``, in shares of one."""
    return " ".join(f"{int(name[i : i + 2], 16) / 255:.4g}" for i in (1, 3, 5))


def _n(x: float) -> str:
    """A length to a hundredth."""
    text = f"{x:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
