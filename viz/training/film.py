"""A training run as a film: a plot of the model, epoch after epoch, beside its loss."""

from __future__ import annotations

import base64
import copy
import html
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd.convert import describe
from nn.checks import as_size
from viz.drawing.formats import LARGEST
from viz.plots.arguments import as_above_zero
from viz.plots.style import Axes, Image
from viz.rendering.pages import colours, filled, resource
from viz.rendering.picture import Picture
from viz.theme import DARK, FONT, LIGHT
from viz.training.few import in_few
from viz.training.stage import Stage

__all__ = ["Film", "Patch", "animate_training"]

LETTER = 13.9  # pixels of the letters in a frame, 10 points at 100 dots an inch
MIDDLE = 0.1  # of the width, to either side
EFFORT = 3  # of 9: a fifth more letters than by 6, in less than half the time
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
        What it drew, titles and limits are taken away before the next frame; ticks, grid and scales stay.
    frames : int
        At most so many epochs are drawn, evenly spread from the start to the end.
    seconds : float
        How long the film takes; above 0.
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
    if not hasattr(history, "loss"):
        raise TypeError(f"animate_training takes a history first, as fit gives it, got {describe(history)}")
    epochs = len(history.loss)
    if not epochs:
        raise ValueError("animate_training takes the history of at least one epoch, got one of none; train first")
    if draw is not None and (model is None or len(getattr(history, "parameters", ())) != epochs + 1):
        recorded = len(getattr(history, "parameters", ()))
        raise ValueError(
            f"a drawn animation takes the model and its parameters at the start and after each of {epochs} epochs, got "
            f"{'no model' if model is None else f'{recorded} records'}; train with fit(..., record='parameters')"
        )
    if as_size(frames, "frames") < 2:
        raise ValueError(f"an animation has at least 2 frames, got {frames}")
    seconds = as_above_zero(seconds, "seconds")
    chosen = np.unique(np.linspace(0, epochs, min(frames, epochs + 1)).round().astype(int)).tolist()
    actor = copy.deepcopy(model)
    shown: list[list[Patch]] = []
    before = None
    with Stage(history.loss, scale, drawn=draw is not None) as stage:
        for epoch in chosen:
            if draw is not None:
                for parameter, number in zip(actor.parameters(), history.parameters[epoch], strict=True):
                    parameter.data = float(number)
            now = stage.frame(epoch, (lambda ax: draw(ax, actor)) if draw is not None else None)
            shown.append(_patches(before, now, stage.parts))
            before = now
    return Film(shown, [f"epoch {epoch}" for epoch in chosen], seconds)


class Patch(NamedTuple):
    """A part of a frame that differs from the frame before: where its upper left corner lies, and a PNG image."""

    x: int
    y: int
    png: bytes


class Film:
    """Pictures shown one after another.

    Parameters
    ----------
    frames : sequence of sequences of Patch
        The first frame, whole; of every other one what is painted over the one before.
    captions : sequence of str
        What each is called.
    seconds : float
        How long they take together.
    """

    def __init__(self, frames: Sequence[Sequence[Patch]], captions: Sequence[str], seconds: float) -> None:
        self.frames = [list(patches) for patches in frames]
        self.captions = list(captions)
        self.seconds = seconds

    @property
    def images(self) -> list[Any]:
        """Every frame whole, as an image of Pillow's."""
        found: list[Any] = []
        for patches in self.frames:
            image = found[-1].copy() if found else None
            for patch in patches:
                part = Image.open(io.BytesIO(patch.png)).convert("RGB")
                image = part if image is None else image
                image.paste(part, (patch.x, patch.y))
            found.append(image)
        return found

    @property
    def html(self) -> str:
        """One self-contained page with the pictures inside, light or dark; space plays and pauses, arrows step."""
        data = {
            "frames": [[[x, y, base64.b64encode(png).decode()] for x, y, png in patches] for patches in self.frames],
            "captions": self.captions,
            "milliseconds": round(1000.0 * self.seconds / len(self.frames)),
        }
        first = Image.open(io.BytesIO(self.frames[0][0].png))
        parts = {
            "title": html.escape(self._title()),
            "light": colours(LIGHT),
            "dark": colours(DARK),
            "font": FONT,
            "width": str(first.width),
            "height": str(first.height),
            "largest": f"{LARGEST / LETTER * first.width:.0f}",
            "cut": str(_gap(first)),
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
            first, *others = [in_few(image) for image in self.images]
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


def _gap(frame: Any) -> int:
    """The column in which a frame can be cut in two, in the middle of what is blank there, or 0 if there is none."""
    pixels = np.asarray(frame.convert("RGB"))
    blank = np.flatnonzero((pixels == pixels[-1, 0]).all(axis=(0, 2)))
    middle = frame.width / 2
    near = blank[abs(blank - middle) < MIDDLE * frame.width]
    if not len(near):
        return 0
    runs = np.split(near, np.flatnonzero(np.diff(near) > 1) + 1)
    return int(np.mean(min(runs, key=lambda run: abs(np.mean(run) - middle))))


def _patches(before: Any, now: Any, parts: Sequence[tuple[slice, slice]]) -> list[Patch]:
    """What has to be painted over one frame to make it the next, in each part of the figure."""
    if before is None:
        return [_patch(now, 0, 0)]
    found = []
    changed = (before.view(np.uint32) != now.view(np.uint32))[..., 0]  # four bytes a pixel, compared at once
    for part in parts:
        rows, columns = (np.flatnonzero(changed[part].any(axis=axis)) for axis in (1, 0))
        if len(rows):
            top, left = part[0].start + int(rows[0]), part[1].start + int(columns[0])
            bottom, right = part[0].start + rows[-1], part[1].start + columns[-1]
            found.append(_patch(now[top : bottom + 1, left : right + 1], left, top))
    return found


def _patch(pixels: Any, x: int, y: int) -> Patch:
    buffer = io.BytesIO()
    image = Image.frombytes("RGB", pixels.shape[1::-1], pixels.tobytes(), "raw", "RGBX")
    in_few(image).save(buffer, format="png", compress_level=EFFORT)
    return Patch(x, y, buffer.getvalue())
