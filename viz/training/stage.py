"""The figure of a film: laid out once, and from frame to frame only what moves is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axis import Axis
from matplotlib.legend import Legend
from matplotlib.offsetbox import OffsetBox

from viz.plots.curves import plot_loss
from viz.plots.style import COLOURS, Axes, plt
from viz.theme import LIGHT
from viz.training.looks import looks

__all__ = ["Stage"]

DOTS_PER_INCH = 100
WIDE, NARROW, HIGH = 9.6, 5.2, 4.0  # inches
SPARE = 5  # pixels of a point that lies above its axes
KEPT = 40  # layers, for frames in which something looks as it did once


class Layer(NamedTuple):
    """Pixels of an artist, from the lowest row upwards, and where the lower left corner lies in the figure."""

    x: int
    y: int
    pixels: Any


class Stage:
    """The axes of a drawing, if there is one, and beside them the loss with a point that moves along it."""

    def __init__(self, loss: Sequence[float], scale: str, drawn: bool) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.loss = loss
        size = (WIDE if drawn else NARROW, HIGH)
        self.figure = plt.figure(figsize=size, layout="tight", dpi=DOTS_PER_INCH, facecolor=LIGHT.background)
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
        self.number = self.curve.set_title(" ", loc="right")
        self.moving = (line, point, self.number)
        self.still: Any = None  # pixels of what does not move
        self.seen: set[Any] = set()  # looks of the frame before
        self.layers: dict[Any, Layer] = {}  # of what looks as it did there, by their looks
        self.empty: Any = None  # where they are painted

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        plt.close(self.figure)

    @property
    def parts(self) -> list[tuple[slice, slice]]:
        """Rows and columns of pixels in which changes lie apart: the drawing, the curve, and what stands above it."""
        width, height = (round(length) for length in self.figure.bbox.size)
        middle, top = (width // 2 if self.drawing is not None else 0), height - round(self.curve.bbox.y1) - SPARE
        right = slice(middle, width)
        drawing = [(slice(0, height), slice(0, middle))] if middle else []
        return [*drawing, (slice(0, top), right), (slice(top, height), right)]

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
        line, point, number = self.moving
        done = self.loss[:epoch]
        line.set_data(range(1, len(done) + 1), done)
        point.set_data([epoch] if done else [], done[-1:])
        number.set_text(f"{epoch}")
        for artist in self.moving:
            self.curve.draw_artist(artist)
        return np.asarray(self.canvas.buffer_rgba()).copy()

    def _prepare(self) -> None:
        """Lay the figure out, with the first drawing in it, and paint what stays."""
        engine: Any = self.figure.get_layout_engine()
        engine.set(pad=0.8, w_pad=1.5)
        engine.execute(self.figure)
        self.figure.set_layout_engine("none")
        self._name_the_number()
        for artist in self.moving:
            artist.set_animated(True)
        if self.drawing is not None:
            self.drawing.set_visible(False)
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)
        if self.drawing is not None:
            self.drawing.set_visible(True)

    def _name_the_number(self) -> None:
        """The word before it, which would be half the work of a frame's letters, as far left as the longest takes."""
        self.number.set_text(f" {len(self.loss)}")
        width = self.number.get_window_extent(self.canvas.get_renderer()).width
        (right, base), fonts = self.number.get_position(), self.number.get_fontproperties()
        style: dict[str, Any] = {"fontproperties": fonts, "color": self.number.get_color(), "ha": "right"}
        left = right - width / self.curve.bbox.width
        self.curve.text(left, base, "epoch", transform=self.number.get_transform(), va="baseline", **style)

    def _paint(self, axes: Axes, renderer: Any) -> None:
        """The drawing from bottom to top; what looks as it did before comes from memory."""
        axes.apply_aspect()
        axes.get_xlim(), axes.get_ylim()  # now limits are those of the data
        axes.patch.draw(renderer)
        around = tuple(axes.get_position().bounds), tuple(axes.viewLim.bounds), axes.get_xscale(), axes.get_yscale()
        before, self.seen = self.seen, set()
        for artist in sorted((a for a in axes.get_children() if a is not axes.patch), key=lambda a: a.get_zorder()):
            look = looks(artist)
            if look is None:
                artist.draw(renderer)
                continue
            key = around, look
            self.seen.add(key)
            if key not in self.layers and key not in before and not isinstance(artist, Axis | Legend):
                artist.draw(renderer)  # most that has changed will change again, and is painted at once
                continue
            layer = self.layers.pop(key, None) or self._layer(artist, renderer)
            self.layers[key] = layer  # what was used last stands last
            if layer.pixels.size:
                renderer.draw_image(renderer.new_gc(), layer.x, layer.y, layer.pixels)
        for key in list(self.layers)[:-KEPT]:
            del self.layers[key]

    def _layer(self, artist: Any, renderer: Any) -> Layer:
        """An artist alone, on nothing."""
        from matplotlib.backends.backend_agg import RendererAgg

        if self.empty is None:
            untyped: Any = RendererAgg
            self.empty = untyped(renderer.width, renderer.height, DOTS_PER_INCH)
        self.empty.clear()
        if isinstance(artist, Legend):
            boxes: list[Any] = artist.findobj(OffsetBox)
            for box in boxes:
                box.get_bbox = cache(box.get_bbox)  # of a text it is asked for six times
        artist.draw(self.empty)
        painted = np.asarray(self.empty.buffer_rgba())[::-1]
        rows, columns = (np.flatnonzero(painted[..., 3].any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return Layer(0, 0, painted[:0])
        (top, bottom), (left, right) = rows[[0, -1]], columns[[0, -1]]
        return Layer(int(left), int(top), painted[top : bottom + 1, left : right + 1].copy())


def _emptied(axes: Axes) -> None:
    """Take away what was drawn, as ``clear`` does in five times the time; ticks, grids and scales stay."""
    for kind in ("lines", "patches", "collections", "images", "texts", "tables", "artists", "child_axes"):
        for artist in list(getattr(axes, kind)):
            if artist.axes is not None:  # what belongs to another went with that: contours take their labels along
                artist.remove()
    if legend := axes.get_legend():
        legend.remove()
    for place in ("left", "center", "right"):
        if axes.get_title(loc=place):
            axes.set_title("", loc=place)
    axes.xaxis.label.set_text("")
    axes.yaxis.label.set_text("")
    axes.set_prop_cycle(None)
    axes.set_xlim(0.0, 1.0, auto=True)
    axes.set_ylim(0.0, 1.0, auto=True)
    axes.dataLim.set_points(np.array([[np.inf, np.inf], [-np.inf, -np.inf]]))
