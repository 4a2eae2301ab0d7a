"""How wide text is and what a font may lack, from a table that is carried along: no machine's fonts are asked."""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["EM", "outline", "width"]

EM = 1000  # parts of an em in which the table counts


class _Weight(NamedTuple):
    widths: dict[str, int]
    outlines: dict[str, str]


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text whose letters are ``size`` high."""
    return _thousandths(text, bold) * size / EM


@lru_cache(4096)  # the same few texts are measured again and again, in each place where they may stand
def _thousandths(text: str, bold: bool) -> int:
    widths = _font()[bold].widths
    return sum([widths.get(letter) or _guessed(letter) for letter in text])


def outline(letter: str, bold: bool = False) -> str | None:
    """The shape of a character that many fonts lack, as an SVG path in thousandths of an em; None of all others."""
    return _font()[bold].outlines.get(letter)


@cache
def _font() -> tuple[_Weight, _Weight]:
    """The weights, regular and bold."""
    table = json.loads(files("viz.letters").joinpath("font.json").read_text(encoding="utf-8"))
    regular, bold = (
        _Weight(
            {letter: int(wide) for wide, letters in table[weight]["widths"].items() for letter in letters},
            table[weight]["outlines"],
        )
        for weight in ("regular", "bold")
    )
    return regular, bold


@cache
def _guessed(letter: str) -> int:
    """What is not in the table: nothing for marks above other letters, an em for those of East Asia and pictographs."""
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return EM if unicodedata.east_asian_width(letter) in "WF" else 700
