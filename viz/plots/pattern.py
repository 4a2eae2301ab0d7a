"""Where a matrix of derivatives has entries, and which of them are constant."""

from __future__ import annotations

from autograd.compiler.program.entries import Pattern
from viz.plots.style import COLOURS, Axes, MaxNLocator, on_axes

__all__ = ["plot_pattern"]

# Inches for the longer side, and the largest number of rows or columns between which there are lines.
SIDE, LINED = 4.4, 40


def plot_pattern(pattern: Pattern, ax: Axes | None = None) -> Axes:
    """A square for each entry of a Jacobian or a Hessian that is not always zero.

    Parameters
    ----------
    pattern : Pattern
        What ``compile(f).pattern(...)`` gives.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        With rows, the results, from top to bottom, and columns, what they are differentiated by, from left to right.
    """
    if not isinstance(pattern, Pattern):
        raise TypeError(f"plot_pattern takes what compile(f).pattern(...) gives, got {type(pattern).__name__}")
    (rows, columns), count = pattern.shape, len(pattern.rows)
    if not rows or not columns:
        raise ValueError(f"plot_pattern takes a matrix of some rows and columns, got shape {pattern.shape}")
    long = max(rows, columns)
    size = max(SIDE * columns / long, 1.2), max(SIDE * rows / long, 1.2)
    with on_axes(ax, grid=False, size=(size[0] + 0.8, size[1] + 1.0)) as ax:
        side = max(0.8 * 72.0 * SIDE / long, 0.7)  # points
        for kind, colour, wanted in (("varies", COLOURS[0], False), ("constant", COLOURS[1], True)):
            chosen = pattern.is_constant == wanted
            if chosen.any():
                label = f"{kind}, {chosen.sum():,}"
                ax.plot(
                    pattern.columns[chosen], pattern.rows[chosen], "s", color=colour, markersize=side, mew=0.0,
                    label=label, rasterized=count > 5_000,
                )  # fmt: skip
        if long <= LINED:
            for k in range(rows + 1):
                ax.axhline(k - 0.5, color="#e4e4e4", linewidth=0.8, zorder=0)
            for k in range(columns + 1):
                ax.axvline(k - 0.5, color="#e4e4e4", linewidth=0.8, zorder=0)
        ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5), aspect="equal", xlabel="by", ylabel="derivative of")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        ax.set_title(f"{rows:,} × {columns:,}, {count:,} not zero ({count / (rows * columns):.2g} of all)")
        if count:
            ax.legend(
                loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, frameon=False, markerscale=7.0 / side
            )  # fmt: skip
    return ax
