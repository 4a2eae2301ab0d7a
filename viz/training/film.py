"""A training run as a film: a plot of the model, epoch after epoch, beside its loss."""

from __future__ import annotations

import base64
import copy
import html
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from viz.plots.curves import plot_loss
from viz.plots.style import COLOURS, Axes, Image, plt
from viz.rendering.pages import colours, filled, resource
from viz.rendering.picture import Picture
from viz.theme import FONT, LIGHT

__all__ = ["Film", "animate_training"]

DOTS_PER_INCH = 100
PAUSE = 1.5  # seconds on the last frame of a GIF, before it begins again


def animate_training(
    history: Any,
    model: Any = None,
    draw: Callable[[Axes, Any], Any] | None = None,
    *,
    frames: int = 50,
    seconds: float = 6.0,
    scale: str = "linear",
) -> Film:
    """Watch a model learn.

    Parameters
    ----------
    history : History
        Of ``nn.fit``: anything with ``loss``, one number an epoch, and, where there is a ``draw``, ``parameters``: one
        array at the start and one after each epoch (``fit(..., record="parameters")``).
    model : Module, optional
        What was trained. A copy of it goes through the recorded parameters; the model itself is not touched.
    draw : callable, optional
        ``draw(ax, model)`` draws one frame, for instance
        ``lambda ax, model: viz.plot_decision_boundary(model, X, y, ax)``. Without it the loss alone is shown.
    frames : int
        At most so many epochs are drawn, evenly spread from the start to the end.
    seconds : float
        How long the film takes.
    scale : {"linear", "semilogy", "loglog"}
        Of the loss, as in :func:`viz.plot_loss`.

    Returns
    -------
    Film
        ``.save("training.gif")`` or ``.save("training.html")``; a notebook shows it.

    Examples
    --------
    >>> from nn import MLP, datasets, fit
    >>> X, y = datasets.moons(40)
    >>> model = MLP(2, [2, 1], activation="tanh", rng=0)
    >>> history = fit(model, X, y, epochs=3, record="parameters", progress=False)
    >>> from viz.plots import plot_decision_boundary
    >>> len(animate_training(history, model, lambda ax, model: plot_decision_boundary(model, X, y, ax)).frames)
    4
    """
    epochs = len(history.loss)
    if not epochs:
        raise ValueError("animate_training takes the history of at least one epoch, got one of none; train first")
    if draw is not None and (model is None or len(getattr(history, "parameters", ())) != epochs + 1):
        recorded = len(getattr(history, "parameters", ()))
        raise ValueError(
            f"a drawn animation takes the model and its parameters at the start and after each of {epochs} epochs, got "
            f"{'no model' if model is None else f'{recorded} records'}; train with fit(..., record='parameters')"
        )
    if frames < 2:
        raise ValueError(f"an animation has at least 2 frames, got {frames}")
    chosen = np.unique(np.linspace(0, epochs, min(frames, epochs + 1)).round().astype(int)).tolist()
    actor = copy.deepcopy(model)
    pictures = [_frame(history, epoch, actor, draw, scale) for epoch in chosen]
    return Film(pictures, [f"epoch {epoch}" for epoch in chosen], seconds)


class Film:
    """Pictures shown one after another.

    Parameters
    ----------
    frames : sequence of bytes
        PNG images of one size.
    captions : sequence of str
        What each is called.
    seconds : float
        How long they take together.
    """

    def __init__(self, frames: Sequence[bytes], captions: Sequence[str], seconds: float) -> None:
        self.frames = list(frames)
        self.captions = list(captions)
        self.seconds = seconds

    @property
    def html(self) -> str:
        """One self-contained page with the pictures inside; space plays and pauses, arrows step."""
        data = {
            "frames": [base64.b64encode(frame).decode() for frame in self.frames],
            "captions": self.captions,
            "milliseconds": round(1000.0 * self.seconds / len(self.frames)),
        }
        parts = {
            "title": html.escape(self._title()),
            "light": colours(LIGHT),
            "font": FONT,
            "width": str(Image.open(io.BytesIO(self.frames[0])).width),
            "data": json.dumps(data).replace("<", "\\u003c"),
        }
        return filled(resource("training/film.html"), parts)

    def save(self, path: str | Path) -> Path:
        """Write the film to a file that ends in ``.gif`` or ``.html``, and return its path."""
        path = Path(path)
        form = path.suffix.lower()
        if form == ".html":
            path.write_text(self.html, encoding="utf-8")
        elif form == ".gif":
            first, *others = (Image.open(io.BytesIO(frame)).convert("RGB") for frame in self.frames)
            each = round(1000.0 * self.seconds / len(self.frames))
            shown = [each] * len(others) + [each + round(1000.0 * PAUSE)]
            first.save(path, save_all=True, append_images=others, duration=shown, loop=0)
        else:
            raise ValueError(f"a film is saved as .gif or .html, got {path.name!r}; choose one of these suffixes")
        return path

    def _title(self) -> str:
        return f"Training, {self.captions[0]} to {self.captions[-1]}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return Picture(self._title(), html=self.html)._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        return f"<Film: {self._title()}, {len(self.frames)} frames>"


def _frame(history: Any, epoch: int, model: Any, draw: Callable[[Axes, Any], Any] | None, scale: str) -> bytes:
    """One picture: the model after an epoch, and the loss up to there on the whole curve, which is faint."""
    figure = plt.figure(figsize=(5.2 if draw is None else 9.6, 4.0), layout="constrained", dpi=DOTS_PER_INCH)
    try:
        if draw is not None:
            for parameter, number in zip(model.parameters(), history.parameters[epoch], strict=True):
                parameter.data = float(number)
            draw(figure.add_subplot(1, 2, 1), model)
        ax = figure.add_subplot(1, 1 if draw is None else 2, 1 if draw is None else 2)
        plot_loss(history.loss, ax, scale=scale)
        ax.lines[0].set_alpha(0.3)
        done = history.loss[:epoch]
        ax.plot(range(1, len(done) + 1), done, color=COLOURS[0])
        ax.plot([epoch] if done else [], done[-1:], "o", color=COLOURS[0])
        ax.set_title(f"epoch {epoch}", loc="right")
        for legend in filter(None, (axes.get_legend() for axes in figure.axes)):
            legend.set_loc("upper right")  # where there is most room changes from frame to frame
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
    finally:
        plt.close(figure)
    return buffer.getvalue()
