"""``viz.graph``: the computation graph of a Value, at the level of detail that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd import Value
from viz.boxes import draw_values
from viz.dot import pictured
from viz.drawing import PORTS, Drawing
from viz.folded import draw_folded, fold
from viz.groups import modules, places
from viz.named import draw_named, naming, reduced_scene
from viz.rendering import Picture
from viz.scene import reaching, scene
from viz.theme import theme_named
from viz.unfolding import unfolded

__all__ = ["draw_dot", "graph"]

LEVELS = {"value": "values", "named": "named values", "neuron": "boxes by neuron", "layer": "boxes by layer"}


def graph(
    root: Value,
    level: str = "auto",
    wrt: Value | None = None,
    names: Mapping[str, object] | None = None,
    model: Any = None,
    direction: str = "LR",
    max_nodes: int = 300,
    theme: str = "light",
    unfold: bool = False,
) -> Picture:
    """Draw how ``root`` was computed, with the derivative of ``root`` in every box.

    Parameters
    ----------
    root : Value
        The end of the computation. Once ``root.backward()`` has been called, derivatives are shown.
    level : str
        What has a box of its own. ``"value"``: every Value, in frames by layer and neuron. ``"named"``: labelled
        Values, the others summed out exactly, as :func:`viz.chain_rule` draws them. ``"neuron"`` and ``"layer"``: a
        neuron or a layer of ``model`` with everything it did, however many examples it was run on. ``"auto"``: the
        first of these that fits.
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
    unfold : bool
        At value level, draw a sum of products (``dot``) as products and a sum instead of as one box.

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
    >>> graph(y)
    <Picture: the graph of the root, 4 values>
    """
    if direction not in PORTS:
        raise ValueError(f"direction is one of {', '.join(map(repr, PORTS))}, got {direction!r}; choose one of these")
    if level not in ("auto", *LEVELS):
        raise ValueError(f"level is 'auto', {', '.join(map(repr, LEVELS))}, got {level!r}; choose one of these")
    if level == "neuron" and model is None:
        raise ValueError("level 'neuron' takes the model whose neurons they are; give model=")
    view = scene(root, names, model)
    if unfold:
        view, stand_ins = unfolded(view)
        wrt = stand_ins.get(wrt, wrt) if wrt is not None else None
    nodes = view.nodes if wrt is None else reaching(view, wrt)
    named = naming(view, nodes, wrt)
    kept = [node for node in nodes if node in named.names]
    place = places(view, modules(view))
    parts = {"neuron": fold(nodes, view.parameters, place, 2), "layer": fold(nodes, view.parameters, place, 1)}
    counts = {"value": len(nodes), "named": len(kept)} | {fine: len(found) for fine, found in parts.items()}
    chosen = _level(level, counts, model is not None, max_nodes)
    drawing = Drawing(
        f"the graph of {view.root_name}, {counts[chosen]:,} {LEVELS[chosen]}",
        direction=direction,
        theme=theme_named(theme),
        root=view.root_name,
        notes=_notes(chosen, len(nodes), counts[chosen], level == "auto"),
    )
    if chosen == "value":
        draw_values(drawing, view, set(nodes), place)
    elif chosen == "named":
        draw_named(drawing, reduced_scene(named, kept))
    else:
        draw_folded(drawing, view, parts[chosen])
    return pictured(drawing, Picture)


def _level(level: str, counts: dict[str, int], has_model: bool, most: int) -> str:
    """The level asked for, or the first that shows something and fits."""
    if level != "auto":
        candidates = [level]
    else:
        candidates = ["value", *(["named"] if counts["named"] > 1 else []), *(["neuron"] if has_model else []), "layer"]
    for candidate in candidates:
        if counts[candidate] <= most:
            return candidate
    last = candidates[-1]
    raise ValueError(
        f"level {last!r} would draw {counts[last]:,} boxes and max_nodes is {most:,}; fold them with level='layer' "
        "(and model=), draw only the paths to one leaf with wrt=, or raise max_nodes"
    )


def _notes(chosen: str, values: int, boxes: int, automatic: bool) -> list[str]:
    """What was left out of the picture, under it."""
    if chosen == "value":
        return []
    what = {"named": "labelled values only, the others summed out exactly"}.get(chosen, f"folded into {chosen}s")
    because = " (level='auto')" if automatic else ""
    return [f"{values:,} values in {boxes:,} boxes: {what}{because}"]


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
