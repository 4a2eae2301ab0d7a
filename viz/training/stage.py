"""The figure of a film: laid out once, and from frame to frame only what moves is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from viz.plots.curves import plot_loss
from viz.plots.style import COLOURS, Axes, plt
from viz.theme import LIGHT

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
        self.layers: dict[Any, Any] = {}

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
            self.drawing.clear()
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
        self.figure.draw_without_rendering()
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
        """The drawing from bottom to top, its axes from memory where they are those of an earlier frame."""
        axes.apply_aspect()
        axes.get_xlim(), axes.get_ylim()  # now limits are those of the data
        axes.patch.draw(renderer)
        for artist in sorted((a for a in axes.get_children() if a is not axes.patch), key=lambda a: a.get_zorder()):
            if artist in (axes.xaxis, axes.yaxis):
                self._layer(artist, renderer)
            else:
                artist.draw(renderer)

    def _layer(self, axis: Any, renderer: Any) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        untyped: Any = RendererAgg
        looks = tuple(_looks(axis))
        if looks not in self.layers:
            layer: Any = untyped(renderer.width, renderer.height, DOTS_PER_INCH)
            axis.draw(layer)
            self.layers = {old: pixels for old, pixels in self.layers.items() if old[0] != looks[0]}
            self.layers[looks] = np.asarray(layer.buffer_rgba()).copy()
        renderer.draw_image(renderer.new_gc(), 0, 0, self.layers[looks][::-1])


def _looks(axis: Any) -> Iterator[Any]:
    """All by which an axis may differ from that of another frame."""
    yield axis.axis_name
    yield axis.get_visible()
    yield tuple(axis.axes.get_position().bounds)
    yield tuple(axis.get_view_interval()), axis.get_scale()
    yield axis.label.get_text(), axis.label.get_color(), axis.label.get_fontsize()
    for ticks in (axis.major, axis.minor):
        places = tuple(ticks.locator())
        yield places, tuple(ticks.formatter.format_ticks(places))
    for kind in ("major", "minor"):
        with suppress(AttributeError):
            yield tuple(sorted((name, str(value)) for name, value in axis.get_tick_params(which=kind).items()))
