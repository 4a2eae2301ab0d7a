"""The style of the plots: calm axes, colours that tell classes and runs apart, and where a plot is drawn.

Style is applied while a plot is drawn and to nothing else: afterwards its settings are again the user's. No other
setting is touched, not even to put it back: matplotlib sets itself up for notebooks and windows with its first figure,
and what it sets then has to stay.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

from viz.theme import LIGHT, SUPERSCRIPTS, mixed, number

try:
    from contourpy import contour_generator  # comes with matplotlib, as Pillow does
    from matplotlib import pyplot as plt
    from matplotlib import rcParams
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.markers import MarkerStyle
    from matplotlib.ticker import LogFormatterMathtext, MaxNLocator, ScalarFormatter
    from matplotlib.transforms import IdentityTransform
    from PIL import Image
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "plots are drawn by matplotlib, which is not installed; run: pip install 'scalar-autograd[plot]'",
        name=error.name,
    ) from error

__all__ = [
    "COLOURS", "DASHES", "MARKERS", "TINTS", "Axes", "AxesImage", "IdentityTransform", "Image", "Line2D",
    "MarkerStyle", "MaxNLocator", "PathCollection", "both_signs", "contour_generator", "decimals", "explained",
    "on_axes", "plt", "steady", "told_apart", "whole",
]  # fmt: skip

# Dark enough for lines and markers on white and on all tints (3 : 1). None is the red or blue of a derivative.
COLOURS = LIGHT.classes
TINTS = tuple(mixed("#ffffff", colour, share) for colour, share in zip(COLOURS, (0.3,) * 3 + (0.24,) * 5, strict=True))
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*")
DASHES = ("solid", "dashed", "dashdot", "dotted")

STYLE: Any = {
    "font.size": 10.0,
    "axes.titlesize": 11.0,
    "axes.labelsize": 10.0,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "legend.fontsize": 8.5,
    "legend.labelspacing": 0.3,
    "legend.handletextpad": 0.5,
    "legend.borderpad": 0.35,
    "legend.framealpha": 0.8,
    "legend.edgecolor": "#d9d9d9",
    "text.color": LIGHT.text,
    "axes.labelcolor": LIGHT.text,
    "axes.edgecolor": LIGHT.line,
    "xtick.color": LIGHT.line,
    "ytick.color": LIGHT.line,
    "xtick.labelcolor": LIGHT.text,
    "ytick.labelcolor": LIGHT.text,
    "axes.facecolor": LIGHT.background,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "axes.unicode_minus": True,
}


NAME = 30  # letters of a name in a legend, before it goes on in another line


def explained(ax: Axes, most: int) -> None:
    """A legend, beside the axes where it has more than ``most`` entries and something makes room for it there."""
    many = len(ax.get_legend_handles_labels()[1]) > most and ax.figure.get_layout_engine() is not None
    legend = ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0) if many else ax.legend()
    for text in legend.get_texts():
        text.set_text(textwrap.fill(text.get_text(), NAME))


def told_apart(i: int, points: int, log: bool = False) -> dict[str, Any]:
    """The look of one of several lines of so many points: colour, markers at eight places of its own, then dashes.

    With ``log`` the places are as far apart on a logarithmic axis.
    """
    step, shift = max(1, points // len(MARKERS)), i % len(MARKERS) / len(MARKERS)
    powers = {round(points ** ((k + shift) / len(MARKERS))) - 1 for k in range(len(MARKERS))}
    return {
        "color": COLOURS[i % len(COLOURS)],
        "linestyle": DASHES[i // len(COLOURS) % len(DASHES)],
        "marker": MARKERS[i % len(MARKERS)],
        "markevery": sorted(powers) if log else (i * step // len(MARKERS), step),
        "markersize": 5.0,
    }


def steady(x: Any) -> Any:
    """Numbers to 36 binary digits: those behind are another machine's, and would shade an edge between two pixels."""
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.rint(np.ldexp(mantissa, 36)), exponent - 36)


def decimals(axis: Any) -> None:
    """Write the ticks of a logarithmic axis as numbers, not as powers, where none is very large or very small."""
    for ticks in (axis.major, axis.minor):
        ticks.formatter = _Decimals(minor_thresholds=ticks.formatter.minor_thresholds, labelOnlyBase=False)
        ticks.formatter.set_axis(axis)


def whole(axis: Any) -> None:
    """Ticks at whole numbers alone: there is no epoch one and a half."""
    axis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 2.5, 5, 10], min_n_ticks=1))


class _Plain(ScalarFormatter):
    """Ticks without what is to be added to each, and with their common power as people write it."""

    def __init__(self) -> None:
        super().__init__(useOffset=False)

    def get_offset(self) -> str:
        power = super().get_offset().replace("−", "-").partition("e")[2]
        return f"·10{power.translate(SUPERSCRIPTS)}" if power else ""


class _Decimals(LogFormatterMathtext):
    def __call__(self, x: float, pos: int | None = None) -> str:
        powers: str = super().__call__(x, pos)
        axis: Any = self.axis
        low, high = sorted(axis.get_view_interval())
        return number(x) if powers and low > 1e-4 and high < 1e5 else powers


def both_signs(ax: Axes, sizes: Sequence[float]) -> None:
    """A linear axis, or where sizes span more than two decades one that is logarithmic on both sides of zero."""
    if sizes and max(sizes) > 100.0 * min(sizes):
        lowest, highest = math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes)))
        ax.set_yscale("symlog", linthresh=10.0**lowest)
        apart = math.ceil((highest - lowest) / 4)  # decades from tick to tick: both signs need room for their numbers
        low, high = ax.get_ylim()
        nearest = lowest + (apart if low < 0.0 < high else 0)  # none beside the zero between both signs
        powers = [10.0**exponent for exponent in range(highest, nearest - 1, -apart)]
        ax.set_yticks([tick for tick in (0.0, *powers, *(-power for power in powers)) if low <= tick <= high])


@contextmanager
def on_axes(ax: Axes | None, grid: bool = True, size: tuple[float, float] = (5.2, 4.0)) -> Iterator[Axes]:
    """The axes to draw on, in the style of this package: those given, or those of a new figure of ``size`` inches."""
    if ax is not None and not isinstance(ax, Axes):
        raise TypeError(
            f"ax takes one matplotlib Axes, got {type(ax).__name__}; of several, as subplots gives, pass one: axes[0]"
        )
    with _new_axes(size) if ax is None else nullcontext(ax) as ax, _style():
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_axisbelow(True)
        if grid or any(axis.get_tick_params()["gridOn"] for axis in (ax.xaxis, ax.yaxis)):
            ax.grid(False)
        if grid:
            ax.grid(color="#e4e4e4", linewidth=0.8)
        for axis in (ax.xaxis, ax.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(_Plain())
        yield ax


@contextmanager
def _new_axes(size: tuple[float, float]) -> Iterator[Axes]:
    """The axes of a new figure, which is closed where drawing fails: half a plot would be taken for a whole one."""
    figure = plt.figure(figsize=size, layout="constrained", facecolor=LIGHT.background)
    try:
        with _style():
            ax = figure.add_subplot()
        yield ax
    except BaseException:
        plt.close(figure)
        raise


@contextmanager
def _style() -> Iterator[None]:
    """The settings of ``STYLE``, and afterwards those that there were; ``rc_context`` would put back all others too."""
    theirs = {name: rcParams[name] for name in STYLE}
    rcParams.update(STYLE)
    try:
        yield
    finally:
        rcParams.update(theirs)
