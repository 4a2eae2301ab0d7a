"""``viz.graph``: the computation graph of a Value, at the level of detail that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value
from nn.checks import as_size
from viz.drawing.boxes import DIRECTIONS, Drawing, flat
from viz.drawing.compose import fitted
from viz.drawing.dot import finished
from viz.drawing.formats import Format, format_named
from viz.drawing.placing import too_broad
from viz.graphs.levels import LEVELS, ways
from viz.rendering.picture import Picture
from viz.scenes.scene import Scene, reaching, scene
from viz.scenes.unfolding import unfolded
from viz.theme import LIGHT, Theme, theme_named

__all__ = ["captioned", "draw_dot", "graph"]

MOST_BOXES = 300


def graph(
    root: Value,
    level: str = "auto",
    wrt: Value | None = None,
    names: Mapping[str, object] | None = None,
    model: Any = None,
    direction: str = "LR",
    max_nodes: int = MOST_BOXES,
    theme: str = "light",
    unfold: bool = False,
    fit: str = "readme",
) -> Picture:
    """Draw how ``root`` was computed, with the derivative of ``root`` in every box.

    Parameters
    ----------
    root : Value
        The end of the computation. Once ``root.backward()`` has been called, derivatives are shown.
    level : str
        What has a box of its own. ``"value"``: every Value, in frames by layer and neuron. ``"named"``: labelled
        Values, the others summed out exactly, as :func:`viz.chain_rule` draws them. ``"neuron"`` and ``"layer"``: a
        neuron or a layer of ``model`` with everything it did, however many examples it was run on; in a layer, each
        parameter is a tile in the colour of its derivative. ``"auto"``: the most detailed that fits; it may also draw
        a chain of ``+`` as one sum, and what was done many times once.
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
    fit : str
        Where the picture goes: ``"readme"`` (888 pixels wide), ``"slide"`` (1600 x 900), ``"phone"`` (390 wide) or
        ``"poster"``, which has room for everything. Long computations are broken into lines; with ``level="auto"``
        detail is left out, and the picture says which, before letters are smaller than can be read there.

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
    if direction not in DIRECTIONS:
        raise ValueError(
            f"direction is one of {', '.join(map(repr, DIRECTIONS))}, got {direction!r}; choose one of these"
        )
    if level not in ("auto", *LEVELS):
        raise ValueError(f"level is 'auto', {', '.join(map(repr, LEVELS))}, got {level!r}; choose one of these")
    if level == "neuron" and model is None:
        raise ValueError("level 'neuron' takes the model whose neurons they are; give model=")
    max_nodes = as_size(max_nodes, "max_nodes")
    place, look = format_named(fit), theme_named(theme)
    return _fitted(scene(root, names, model), level, wrt, direction, max_nodes, look, unfold, place)


def captioned(root: Value, caption: str) -> Picture:
    """:func:`graph` with a line of text below it."""
    return _fitted(scene(root), "auto", None, "LR", MOST_BOXES, LIGHT, False, format_named("readme"), [caption])


def _fitted(
    view: Scene, level: str, wrt: Value | None, direction: str, max_nodes: int, theme: Theme, unfold: bool,
    place: Format, captions: Sequence[str] = (),
) -> Picture:  # fmt: skip
    """The most detailed of the pictures that ``level`` allows and the place has room for."""
    if unfold:
        view, stand_ins = unfolded(view)
        wrt = stand_ins.get(wrt, wrt) if wrt is not None else None
    nodes = view.nodes if wrt is None else reaching(view, wrt)
    options = list(ways(view, nodes, wrt, level, whole=unfold or wrt is not None))
    few = [option for option in options if option.boxes <= max_nodes]
    if not few:
        raise ValueError(
            f"level {options[-1].level!r} would draw {options[-1].boxes:,} boxes and max_nodes is {max_nodes:,}; fold "
            "them with level='layer' (and model=), draw only the paths to one leaf with wrt=, or raise max_nodes"
        )
    for option in few:
        drawing = Drawing(
            f"the graph of {view.root_name}, {option.boxes:,} {LEVELS[option.level]}",
            direction=direction, theme=theme, root=view.root_name,
            notes=[*captions, *option.notes(len(nodes), max_nodes, automatic=level == "auto")],
        )  # fmt: skip
        option.draw(drawing)
        if option is not few[-1] and too_broad(flat(drawing), place.room):
            continue
        whole = fitted(drawing, place)
        broken = drawing.straight and whole.lines > 1  # who feeds whom is not seen across the end of a line
        if place.holds(whole.size, glance=option.coarser) and not (broken and option.coarser):
            break
    return finished(Picture, place, whole)


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Picture:  # noqa: A002 - micrograd's name
    """What micrograd's notebooks call: :func:`graph` at value level.

    Parameters
    ----------
    root : Value
        The end of the computation.
    format : str
        ``"svg"`` or ``"png"``, as there: what ``render`` writes; ``save`` goes by the name of the file.
    rankdir : str
        ``"LR"`` or ``"TB"``.
    """
    if format not in ("svg", "png"):
        raise ValueError(f"format is 'svg' or 'png', got {format!r}; save the picture under a name of another suffix")
    picture = graph(root, level="value", direction=rankdir)
    picture._form = format
    return picture
