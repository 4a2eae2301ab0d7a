"""``viz.chain_rule``: how a derivative comes about, in symbols and in numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from autograd import Path, Value, gradients, paths
from viz.derivation.formulas import PathsTo, derivation, latex, text
from viz.drawing.boxes import Drawing
from viz.drawing.dot import pictured
from viz.drawing.formats import format_named
from viz.graphs.named import draw_named, naming, reduced_scene
from viz.letters.labels import derivative
from viz.rendering.picture import Picture
from viz.scenes.scene import Scene, reaching, scene
from viz.theme import theme_named

__all__ = ["ChainRule", "chain_rule"]

MOST_BOXES = 300
MOST_UNNAMED = 40  # a computation without names is shown in full up to here
MOST_PATHS = 12  # a leaf; the rest is given as one number
MOST_HEADING = 4  # paths written over the drawing


class ChainRule(Picture):
    """A picture of the chain rule, with its formulas."""

    _scene: Scene
    _leaves: list[Value]
    _originals: dict[Value, Value]

    @cached_property
    def formula(self) -> str:
        """The derivative by each leaf shown, or the one asked for: the sum over paths, in symbols and in numbers."""
        return text(self._scene, self._found)

    @cached_property
    def latex(self) -> str:
        """The same as LaTeX, for an ``align*`` environment."""
        return latex(self._scene, self._found)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The paths, largest first for each leaf, from named Value to named Value."""
        return tuple(
            path._replace(nodes=tuple(self._originals[node] for node in path.nodes))
            for to in self._found
            for path in to.paths
        )

    @cached_property
    def _found(self) -> list[PathsTo]:
        return [_paths_to(self._scene, leaf, MOST_PATHS) for leaf in self._leaves]


def chain_rule(root: Value, wrt: Value | None = None, theme: str = "light", fit: str = "readme") -> ChainRule:
    """Draw how ``root`` depends on its named Values, every arrow with its partial derivative.

    Parameters
    ----------
    root : Value
        What is differentiated. ``backward()`` need not have been called, and no ``grad`` is touched.
    wrt : Value, optional
        Only the paths from ``root`` to this Value; the formula stands over the picture. Otherwise all leaves with a
        label.
    theme : str
        ``"light"`` or ``"dark"``.
    fit : str
        Where the picture goes, as in :func:`viz.graph`: long chains are broken into lines there.

    Returns
    -------
    ChainRule
        A :class:`viz.Picture` with ``.formula``, ``.latex`` and ``.paths``.

    Raises
    ------
    TypeError
        If ``root`` or ``wrt`` is not a Value.
    ValueError
        If ``root`` does not depend on ``wrt``, if no Value has a label, or if more than 300 have one.

    Notes
    -----
    Values without a label are summed out exactly: ``∂a/∂w`` on an arrow is the sum over all paths between the two
    that meet no other named Value. ``dε/dw`` in a box is the derivative along all arrows together. Where no
    intermediate result has a label, a small computation is shown whole, its results called v₁, v₂, … in the order in
    which they are computed (Griewank and Walther, "Evaluating Derivatives", SIAM 2008, section 2.2).

    Examples
    --------
    >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
    >>> a = w * x
    >>> a.label = "a"
    >>> loss = (a - 5.0) ** 2
    >>> loss.label = "L"
    >>> print(chain_rule(loss, wrt=w).formula)
    dL/dw = ∂L/∂a·∂a/∂w = (2)·(3) = 6
    """
    view = scene(root)
    nodes = view.nodes if wrt is None else reaching(view, wrt)
    view = naming(view, nodes, wrt, MOST_UNNAMED)
    kept = [node for node in nodes if node in view.names]
    _check(view, kept)
    view = replace(view, derivatives=dict(zip(view.nodes, gradients(root, view.nodes, check=False), strict=True)))
    small = reduced_scene(view, kept)
    originals = dict(zip(small.nodes, [*(node for node in kept if node is not root), root], strict=True))
    leaves = [node for node in small.nodes if (originals[node] is wrt if wrt is not None else node.op is None)]
    note = f"{derivative(view.root_name, '…', 'd')} is the derivative along all arrows together, ∂ that along one"
    drawing = Drawing(_title(view, wrt), theme=theme_named(theme), root=view.root_name, notes=[note])
    draw_named(drawing, small)
    if wrt is not None:
        (leaf,) = leaves
        drawing.heading = derivation(small, _paths_to(small, leaf, MOST_HEADING))
    picture = pictured(drawing, ChainRule, format_named(fit))
    picture._scene, picture._leaves, picture._originals = small, leaves, originals
    return picture


def _paths_to(view: Scene, leaf: Value, most: int) -> PathsTo:
    """The paths, and the derivative as the whole graph has it: where adjoints cancel or are infinite, sums differ."""
    assert view.derivatives is not None
    found = paths(view.root, leaf, most)
    found.gradient = view.derivatives[leaf]
    return PathsTo(leaf, found)


def _title(view: Scene, wrt: Value | None) -> str:
    return f"the chain rule of {view.root_name}" + ("" if wrt is None else f" with respect to {view.names[wrt]}")


def _check(view: Scene, kept: list[Value]) -> None:
    """Something to show, and not too much of it."""
    if len(kept) > MOST_BOXES:
        raise ValueError(
            f"chain_rule draws up to {MOST_BOXES} named Values, got {len(kept):,} below {view.root_name}; use wrt= for "
            "the paths to one leaf, viz.graph(root, level='layer'), or fewer labels"
        )
    if len(kept) < 2 and view.root.op is not None:
        raise ValueError(
            f"chain_rule draws named Values, and none below {view.root_name} has a label; give them one, as in "
            "Value(2.0, label='w'), or use wrt="
        )
