"""How pictures look and how they write numbers: colours, the scale of derivatives, three significant digits.

Colour is the derivative: red where raising a number raises the root, blue where it lowers it, pale where the effect is
small, grey and dashed where it is exactly zero, magenta where it is nan or infinite. Never colour alone: every picture
prints the sign too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["DARK", "LETTERS", "LIGHT", "THEMES", "Scale", "Theme", "exact", "number", "theme_named"]

FONT = "Helvetica,Arial,DejaVu Sans,sans-serif"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DECADES = 3.0
LETTERS = 12.0  # size of the letters of a picture, of which none are smaller


@dataclass(frozen=True)
class Theme:
    """The colours of a picture, as ``#rrggbb``.

    Text is at least 4.5 : 1 against what it stands on and lines at least 3 : 1 against ``background`` (WCAG 2.2, 1.4.3
    and 1.4.11). Cells are pale in both themes, and ``cell_text`` is what is written on them. Any two ``classes`` are 18
    apart in L*a*b* for those who see no red or no green, and 3 in grey, where markers tell them apart.
    """

    name: str
    background: str
    text: str
    muted: str  # text of second rank, on the background or on a group
    line: str  # edges and frames that carry no derivative
    group: tuple[str, str]  # an outer group (a layer) and an inner one (a neuron)
    group_line: str
    cell: str  # a number
    cell_text: str
    operation: str  # text: the name of an operation
    parameter: str
    input: str
    raises: str
    lowers: str
    small: str
    magnitude: str  # of what has a size and no sign
    zero: str
    zero_text: str
    zero_line: str
    broken: str
    broken_line: str
    highlight: str
    classes: tuple[str, ...]  # of data, and lines of a plot

    def fill(self, derivative: float, scale: Scale) -> str:
        """The colour of a cell that holds a derivative."""
        if not math.isfinite(derivative):
            return self.broken
        if derivative == 0.0:
            return self.zero
        return mixed(self.small, self.raises if derivative > 0.0 else self.lowers, scale.strength(derivative))

    def shade(self, size: float, scale: Scale) -> str:
        """The colour of a cell that holds the size of many derivatives."""
        if not math.isfinite(size):
            return self.broken
        return mixed(self.small, self.magnitude, scale.strength(size)) if size else self.zero

    def fill_text(self, derivative: float) -> str:
        """The colour of text on :meth:`fill`."""
        return self.zero_text if derivative == 0.0 else self.cell_text

    def stroke(self, derivative: float) -> str:
        """The colour of a line along which a derivative flows; its size is told by the width."""
        if not math.isfinite(derivative):
            return self.broken_line
        if derivative == 0.0:
            return self.zero_line
        return self.raises if derivative > 0.0 else self.lowers


class Scale:
    """Sizes in one picture, relative to the largest.

    Parameters
    ----------
    numbers : iterable of float
        Everything the scale is for; nan and infinity are passed over.
    linear : bool
        A linear scale, for weights. Otherwise it is a log scale over three decades, for derivatives.
    """

    def __init__(self, numbers: Iterable[float], linear: bool = False) -> None:
        self.largest = max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
        self.linear = linear

    def strength(self, x: float) -> float:
        """From 0 (zero, or on a log scale a thousandth of the largest or less) to 1 (the largest, nan, infinity)."""
        if not math.isfinite(x):
            return 1.0
        if x == 0.0 or self.largest == 0.0:
            return 0.0
        if self.linear:
            return min(1.0, abs(x) / self.largest)
        return min(1.0, max(0.0, 1.0 + (math.log10(abs(x)) - math.log10(self.largest)) / DECADES))

    def width(self, x: float, thinnest: float = 0.8, thickest: float = 3.6) -> float:
        """Width of the line along which ``x`` flows, in points, rounded to a tenth."""
        return round(thinnest + (thickest - thinnest) * self.strength(x), 1)


LIGHT = Theme(
    name="light", background="#ffffff", text="#1a1a1a", muted="#5c5c5c", line="#6b6b6b",
    group=("#f7f7f8", "#eef3f9"), group_line="#848992",
    cell="#ffffff", cell_text="#111111", operation="#6f2c91", parameter="#fff0c8", input="#dde7f0",
    raises="#d6604d", lowers="#4393c3", small="#f7f7f7", magnitude="#a98fd6",
    zero="#eeeeee", zero_text="#5f5f5f", zero_line="#8a8a8a",
    broken="#f4b6f0", broken_line="#b5008f", highlight="#b87400",
    classes=("#12609e", "#bc4708", "#327056", "#301c66", "#614b70", "#613400", "#2b39b1", "#5c2121"),
)  # fmt: skip

DARK = Theme(
    name="dark", background="#16191d", text="#ececec", muted="#b0b4ba", line="#9aa0a8",
    group=("#1f2329", "#262c34"), group_line="#7c838d",
    cell="#e6e8ea", cell_text="#111111", operation="#6f2c91", parameter="#f3e2b3", input="#c9d8e6",
    raises="#d6604d", lowers="#4393c3", small="#e4e4e4", magnitude="#a98fd6",
    zero="#d4d4d4", zero_text="#484848", zero_line="#757575",
    broken="#f4b6f0", broken_line="#ff5cdc", highlight="#ffb640",
    classes=("#4dbeff", "#ffad22", "#9df5ad", "#988fb6", "#bf7e00", "#ed4159", "#8bab9b", "#9ffeff"),
)  # fmt: skip

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def theme_named(name: str) -> Theme:
    """The theme of that name; a ValueError names the ones there are."""
    if name not in THEMES:
        raise ValueError(f"theme is one of {', '.join(map(repr, THEMES))}, got {name!r}; choose one of these")
    return THEMES[name]


def mixed(start: str, end: str, share: float) -> str:
    """The colour that lies the given share (0 to 1) of the way from one to another."""
    pairs = zip(bytes.fromhex(start[1:]), bytes.fromhex(end[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def number(x: float) -> str:
    """Three significant digits, with a real minus sign: ``−0.566``, ``1.2·10⁻⁷``, ``∞``, ``nan``.

    Whole digits are never rounded away below 100,000 (``1234``). Only zero itself reads ``0``.
    """
    if not math.isfinite(x):
        return str(x).replace("inf", "∞").replace("-", "−")
    if x == 0.0:
        return "0"
    mantissa, exponent = f"{x:.2e}".split("e")
    if -4 < int(exponent) < 3:
        text = f"{x:.3g}"
    elif 3 <= int(exponent) < 5:
        text = f"{x:.0f}"
    else:
        text = f"{mantissa.rstrip('0').rstrip('.')}·10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return text.replace("-", "−")


def exact(x: float) -> str:
    """All digits, for tooltips: the shortest text that reads back as the same number."""
    return repr(float(x)).replace("-", "−")
