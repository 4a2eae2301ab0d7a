"""``viz.graph``: the computation graph of a Value, at the level of detail that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd import Value
from viz.boxes import draw_values
from viz.drawing import PORTS, Drawing
from viz.groups import modules, places
from viz.named import draw_named, naming, reduced_scene
from viz.rendering import Picture
from viz.scene import reaching, scene
from viz.theme import theme_named

__all__ = ["draw_dot", "graph"]

LEVELS = ("value", "named")


def graph(
    root: Value,
    level: str = "auto",
    wrt: Value | None = None,
    names: Mapping[str, object] | None = None,
    model: Any = None,
    direction: str = "LR",
    max_nodes: int = 300,
    theme: str = "light",
) -> Picture:
    """Draw how ``root`` was computed, with the derivative of ``root`` in every box.

    Parameters
    ----------
    root : Value
        The end of the computation. Once ``root.backward()`` has been called, derivatives are shown.
    level : str
        ``"value"``: a box for every Value, in frames by layer and neuron. ``"named"``: labelled Values only, the
        others summed out exactly, as :func:`viz.chain_rule` draws them. ``"auto"``: the first of these that fits.
    wrt : Value, optional
        Only the paths from ``root`` to this Value.
    names : mapping of str to Value, optional
        Names that win over labels; ``locals()`` will do.
    model : nn.Module, optional
        Whose ``named_parameters()`` tell parameters from inputs, and which operations belong to which layer.
    direction : str
        ``"LR"``, ``"RL"``, ``"TB"`` or ``"BT"``: where the arrows point.
    max_nodes : int
        A graph of more boxes is not drawn: at 2,000 the layout takes ten seconds and nobody can read it.
    theme : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError
        If ``root`` is not a Value.
    ValueError
        If an explicit level has more than ``max_nodes`` boxes, and for unknown levels, directions and themes.

    Notes
    -----
    The derivatives are those of ``root`` at the recorded point, not what leaves have accumulated over several
    backward passes; where the two differ, the tooltip says so. An arrow is red where raising the operand raises
    ``root``, and dashed where exactly nothing flows.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> y = 2 * x + x**2
    >>> y.backward()
    >>> picture = graph(y)
    >>> picture
    <Picture: the graph of the root, 4 values>
    """
    if direction not in PORTS:
        raise ValueError(f"direction is one of {', '.join(map(repr, PORTS))}, got {direction!r}; choose one of these")
    if level not in ("auto", *LEVELS):
        raise ValueError(f"level is 'auto', {', '.join(map(repr, LEVELS))}, got {level!r}; choose one of these")
    view = scene(root, names, model)
    nodes = view.nodes if wrt is None else reaching(view, wrt)
    named = naming(view, nodes, wrt)
    kept = [node for node in nodes if node in named.names]
    counts = {"value": len(nodes), "named": len(kept)}
    chosen = next((known for known in LEVELS if counts[known] <= max_nodes), None) if level == "auto" else level
    if chosen is None or counts[chosen] > max_nodes:
        raise ValueError(_too_large(chosen or "named", counts[chosen or "named"], max_nodes))
    title = f"the graph of {view.root_name}, {counts[chosen]} {'values' if chosen == 'value' else 'named values'}"
    drawing = Drawing(title, direction=direction, theme=theme_named(theme), root=view.root_name)
    if chosen == "value":
        draw_values(drawing, view, set(nodes), places(view, modules(view)))
    else:
        draw_named(drawing, reduced_scene(named, kept))
    return drawing.picture(Picture)


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Picture:  # noqa: A002 - micrograd's name
    """What micrograd's notebooks call: :func:`graph` at value level.

    Parameters
    ----------
    root : Value
        The end of the computation.
    format : str
        ``"svg"`` or ``"png"``, as there; the picture can be saved in either form.
    rankdir : str
        ``"LR"`` or ``"TB"``.
    """
    if format not in ("svg", "png"):
        raise ValueError(f"format is 'svg' or 'png', got {format!r}; save the picture under a name of another suffix")
    return graph(root, level="value", direction=rankdir)


def _too_large(level: str, count: int, most: int) -> str:
    return (
        f"level {level!r} would draw {count:,} boxes and max_nodes is {most:,}; draw less with level='named', only the "
        "paths to one leaf with wrt=leaf, or more with a larger max_nodes"
    )
