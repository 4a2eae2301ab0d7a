"""Writes ``viz/letters/font.json``: ``python -m tests.viz.font_table FOLDER``, where DejaVu Sans Condensed lies.

DejaVu's Condensed cut lies between the families that browsers take for ``sans-serif``: Arial, Helvetica and Liberation
are 3 % narrower, DejaVu Sans is 11 % wider. Its licence (Bitstream Vera's; DejaVu's changes are in the public domain)
allows what is taken here: advance widths, and the outlines of a few dozen characters.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import viz

WIDE_RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x2B0, 0x2DD), (0x370, 0x3FF), (0x400, 0x45F), (0x1E00, 0x1EFF),
    (0x2010, 0x2027), (0x2030, 0x2044), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2100, 0x214F), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2460, 0x2473), (0x25A0, 0x25FF),
)  # fmt: skip
# Superscripts, subscripts and digits in circles: of these, widespread families have three or none.
DRAWN = "²³¹⁰ⁱ⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓ①②③④⑤⑥⑦⑧⑨⋮∇"
TABLE = Path(viz.__file__).parent / "letters" / "font.json"
UNIT = 1000  # parts of an em
FILES = {"regular": "DejaVuSansCondensed.ttf", "bold": "DejaVuSansCondensed-Bold.ttf"}
NOTICE = (
    "Widths and outlines from DejaVu Sans Condensed. Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. "
    "Bitstream Vera is a trademark of Bitstream, Inc. DejaVu changes are in public domain. The font's licence permits "
    "to use, copy, merge, publish, distribute and modify it, also as part of a larger software package."
)


def table(folder: Path) -> dict[str, Any]:
    """Widths by character and weight, and outlines as SVG paths, y downwards, both in thousandths of an em."""
    from fontTools.ttLib import TTFont

    found: dict[str, Any] = {"notice": NOTICE}
    for weight, name in FILES.items():
        with TTFont(folder / name) as font:
            known, shapes = font.getBestCmap(), font.getGlyphSet()
            scale = UNIT / font["head"].unitsPerEm
            codes = [code for first, last in WIDE_RANGES for code in range(first, last + 1) if code in known]
            widths: dict[int, list[str]] = {}
            for code in codes:
                widths.setdefault(round(shapes[known[code]].width * scale), []).append(chr(code))
            found[weight] = {
                "widths": {str(width): "".join(widths[width]) for width in sorted(widths)},
                "outlines": {c: _outline(shapes, known[ord(c)], scale) for c in DRAWN if ord(c) in known},
            }
    return found


def _outline(shapes: Any, name: str, scale: float) -> str:
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    pen = SVGPathPen(shapes, ntos=lambda x: str(round(x)))
    shapes[name].draw(TransformPen(pen, (scale, 0.0, 0.0, -scale, 0.0, 0.0)))
    return str(pen.getCommands())


def text(folder: Path) -> str:
    """The file as it lies in ``viz/letters``."""
    return json.dumps(table(folder), ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    TABLE.write_text(text(Path(sys.argv[1])), encoding="utf-8")
