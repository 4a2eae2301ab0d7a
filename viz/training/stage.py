"""The figure of a film: laid out once, and from frame to frame only what moves is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from viz.plots.curves import plot_loss
from viz.plots.style import COLOURS, Axes, plt
from viz.theme import LIGHT
from viz.training.looks import looks

__all__ = ["Stage"]

DOTS_PER_INCH = 100
WIDE, NARROW, HIGH = 9.6, 5.2, 4.0  # inches


class Stage:
    """The axes of a drawing, if there is one, and beside them the loss with a point that moves along it."""

    def __init__(self, loss: Sequence[float], scale: str, drawn: bool) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.loss = loss
        size = (WIDE if drawn else NARROW, HIGH)
        self.figure = plt.figure(figsize=size, layout="constrained", dpi=DOTS_PER_INCH, facecolor=LIGHT.background)
        self.canvas: Any = FigureCanvasAgg(self.figure)  # whatever shows figures here; frames are pixels
        try:
            self.drawing = self.figure.add_subplot(1, 2, 1) if drawn else None
            self.curve = self.figure.add_subplot(1, 2 if drawn else 1, 2 if drawn else 1)
            plot_loss(loss, self.curve, scale=scale)
            self.curve.lines[0].set_alpha(0.3)
            (line,) = self.curve.plot([], [], color=COLOURS[0])
            (point,) = self.curve.plot([], [], "o", color=COLOURS[0])
        except BaseException:
            plt.close(self.figure)
            raise
        self.moving = (line, point, self.curve.set_title(" ", loc="right"))
        self.still: Any = None  # pixels of what does not move
        self.seen: set[Any] = set()  # looks of the frame before
        self.layers: dict[Any, Any] = {}  # pixels of what looks as it did there, by their looks

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        plt.close(self.figure)

    @property
    def middle(self) -> int:
        """The column of pixels between the two axes."""
        return round(self.figure.get_figwidth() * DOTS_PER_INCH / 2) if self.drawing is not None else 0

    def frame(self, epoch: int, draw: Callable[[Axes], Any] | None) -> Any:
        """Pixels, shape (rows, columns, 4): the drawing, and the loss up to an epoch on the whole curve."""
        if self.drawing is not None and draw is not None:
            _emptied(self.drawing)
            draw(self.drawing)
            if legend := self.drawing.get_legend():
                legend.set_loc("upper right")  # where there is most room changes from frame to frame
        if self.still is None:
            self._prepare()
        self.canvas.restore_region(self.still)
        renderer = self.canvas.get_renderer()
        if self.drawing is not None:
            self._paint(self.drawing, renderer)
        line, point, title = self.moving
        done = self.loss[:epoch]
        line.set_data(range(1, len(done) + 1), done)
        point.set_data([epoch] if done else [], done[-1:])
        title.set_text(f"epoch {epoch}")
        for artist in self.moving:
            self.curve.draw_artist(artist)
        return np.asarray(self.canvas.buffer_rgba()).copy()

    def _prepare(self) -> None:
        """Lay the figure out, with the first drawing in it, and paint what stays."""
        engine = self.figure.get_layout_engine()
        assert engine is not None
        engine.execute(self.figure)
        self.figure.set_layout_engine("none")
        for artist in self.moving:
            artist.set_animated(True)
        if self.drawing is not None:
            self.drawing.set_visible(False)
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)
        if self.drawing is not None:
            self.drawing.set_visible(True)

    def _paint(self, axes: Axes, renderer: Any) -> None:
        """The drawing from bottom to top; what looks as it did in the frame before comes from memory."""
        axes.apply_aspect()
        axes.get_xlim(), axes.get_ylim()  # now limits are those of the data
        axes.patch.draw(renderer)
        around = tuple(axes.get_position().bounds), tuple(axes.viewLim.bounds), axes.get_xscale(), axes.get_yscale()
        found = [
            (artist, (around, look) if look is not None else None)
            for artist in sorted((a for a in axes.get_children() if a is not axes.patch), key=lambda a: a.get_zorder())
            for look in (looks(artist),)
        ]
        layers: dict[Any, Any] = {}
        for known, run in groupby(found, key=lambda pair: pair[1] in self.seen):
            artists, together = zip(*run, strict=True)
            if not known:
                for artist in artists:
                    artist.draw(renderer)
                continue
            layers[together] = self.layers[together] if together in self.layers else self._layer(artists, renderer)
            renderer.draw_image(renderer.new_gc(), 0, 0, layers[together][::-1])
        self.layers, self.seen = layers, {look for _, look in found if look is not None}

    def _layer(self, artists: Sequence[Any], renderer: Any) -> Any:
        """Artists alone, on nothing."""
        from matplotlib.backends.backend_agg import RendererAgg

        untyped: Any = RendererAgg
        layer: Any = untyped(renderer.width, renderer.height, DOTS_PER_INCH)
        for artist in artists:
            artist.draw(layer)
        return np.asarray(layer.buffer_rgba()).copy()


def _emptied(axes: Axes) -> None:
    """Take away what was drawn, as ``clear`` does in five times the time; ticks, grids and scales stay."""
    for kind in ("lines", "patches", "collections", "images", "texts", "tables", "artists", "child_axes"):
        while found := list(getattr(axes, kind)):
            found[0].remove()  # and with it what belongs to it: contours take their labels along
    if legend := axes.get_legend():
        legend.remove()
    for place in ("left", "center", "right"):
        axes.set_title("", loc=place)
    axes.set(xlabel="", ylabel="", prop_cycle=None)
    axes.set_xlim(0.0, 1.0, auto=True)
    axes.set_ylim(0.0, 1.0, auto=True)
    axes.dataLim.set_points(np.array([[np.inf, np.inf], [-np.inf, -np.inf]]))
