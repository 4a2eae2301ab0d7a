"""What a notebook shows below a cell: of a Value its graph, of a module its network, of a history its curve.

What has no picture is shown as text, and where one would expect a picture, the text says why there is none.
"""

from __future__ import annotations

import base64
import html as markup
import io
import textwrap
from typing import Any

import numpy as np

from autograd import Value
from autograd.graph import topological_order
from autograd.micrograd import lacks_backward
from nn import History, Module
from viz.graphs.graph import captioned
from viz.networks.network import network
from viz.networks.neurons import layers_of
from viz.rendering.picture import Picture
from viz.rendering.raster import available

__all__ = ["bundle"]

MOST = 20_000  # operations, of which a graph is folded within a second
MOST_COLUMNS = 10  # of a network, whose letters can just be read side by side
SIZE, SHARP = (5.2, 3.4), 200  # of a curve: inches, and dots an inch, which is two a pixel
LINE = 84  # letters over it


def bundle(thing: Any) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Every form in which it is shown, by its MIME type, and of some how large; nothing of what is text alone."""
    if reason := _reason(thing):
        return {"text/html": f"<pre>{markup.escape(repr(thing))}\n{markup.escape(reason)}</pre>"}, {}
    if isinstance(thing, Value) and thing.op is not None:
        return _drawn(captioned(thing, repr(thing))), {}
    if isinstance(thing, Module) and layers_of(thing):
        return _drawn(network(thing)), {}
    if isinstance(thing, History) and _points(thing):
        return _curve(thing)
    return {}, {}


def _drawn(picture: Picture) -> dict[str, str]:
    return {form: text for form, text in picture._repr_mimebundle_().items() if form != "text/plain"}


def _curve(history: History) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Twice as fine as it is large, and its size in pixels."""
    from matplotlib.figure import Figure  # not pyplot, which would show the figure a second time

    from viz.plots import plot_loss

    figure = Figure(figsize=SIZE, dpi=SHARP, layout="constrained", facecolor="white")
    axes = plot_loss(history, figure.add_subplot())
    axes.set_title(textwrap.fill(repr(history), LINE), fontsize=9.0)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    width, height = figure.canvas.get_width_height()
    shown = {"width": width // 2, "height": height // 2}
    return {"image/png": base64.b64encode(buffer.getvalue()).decode()}, {"image/png": shown}


def _reason(thing: Any) -> str:
    """Why there is no picture where one would expect it, and what to do; nothing where there is one."""
    if isinstance(thing, Value) and thing.op is not None:
        order = topological_order(thing)
        if len(order) > MOST:
            return (
                f"Its graph has {len(order):,} operations and is not drawn unasked; viz.graph(...) folds it, "
                "viz.chain_rule(...) shows what has a label."
            )
        if any(map(lacks_backward, order)):
            return "Its graph is drawn once every result made by Value(data, _children, _op) has its _backward."
    elif isinstance(thing, Module) and layers_of(thing):
        columns = len(layers_of(thing)) + 1
        if columns > MOST_COLUMNS:
            return f"Its network has {columns} columns and would be small here; viz.network(...).save('network.svg')."
    elif isinstance(thing, History) and _points(thing) and not available():
        return "Its curve is drawn by matplotlib: pip install 'scalar-autograd[plot]'"
    return ""


def _points(history: History) -> bool:
    """Whether there is a curve: two epochs, and one number that can be drawn."""
    return len(history) > 1 and bool(np.isfinite(history.loss).any())
