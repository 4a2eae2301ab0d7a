"""What every picture of a graph begins with: its Values in order, their names, their derivatives, whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograd import OperandError, Value, gradients
from autograd.convert import describe
from autograd.graph import topological_order
from viz.letters.labels import named

__all__ = ["CALL_BACKWARD", "Scene", "check_root", "reaching", "replaced", "scene", "values_below"]

CALL_BACKWARD = "call backward() to see derivatives"  # what a picture says that has none


@dataclass(frozen=True)
class Scene:
    """A root and everything below it.

    ``nodes`` are in the order of the computation; ``derivatives`` are those of the root, or None before ``backward()``;
    ``parameters`` have the dotted names of a model.
    """

    root: Value
    nodes: list[Value]
    names: dict[Value, str]
    derivatives: dict[Value, float] | None
    parameters: dict[Value, str]

    def is_input(self, value: Value) -> bool:
        """Whether a leaf is no parameter, which only a model can tell."""
        return bool(self.parameters) and value.op is None and value not in self.parameters

    @property
    def root_name(self) -> str:
        """How the picture calls the root."""
        return self.names.get(self.root, "the root")


def scene(root: Value, names: Mapping[str, object] | None = None, model: Any = None) -> Scene:
    """Look at ``root`` once.

    Derivatives are those of ``root`` at the recorded point, computed without touching any ``grad``: gradients that
    leaves have accumulated over several passes would not fit the numbers on the edges.
    """
    check_root(root)
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(f"names maps names to Values, as locals() does, got {describe(names)}; use {{'x': x}}")
    if model is not None and (isinstance(model, type) or not hasattr(model, "named_parameters")):
        raise TypeError(f"model is one with named_parameters(), got {describe(model)}; leave it out, or give a Module")
    nodes = values_below(root)
    derivatives = None
    if root.grad != 0.0:
        derivatives = dict(zip(nodes, gradients(root, nodes, check=False), strict=True))
    parameters = {value: name for name, value in model.named_parameters()} if model is not None else {}
    given = dict(names or {})
    for value, name in parameters.items():
        if not value.label:
            given.setdefault(name, value)
    return Scene(root, nodes, named(nodes, given), derivatives, parameters)


def check_root(root: Any) -> None:
    """Raise an OperandError unless ``root`` is a Value; it says what to draw instead."""
    if isinstance(root, Value):
        return
    advice = "compute it from Values"
    if hasattr(root, "backward"):
        advice = "make it of autograd's Value instead of that class"
    elif hasattr(root, "parameters"):
        advice = "draw what the model gives for an example, or the model by viz.network"
    raise OperandError(f"a picture takes the root of a graph, a Value, got {describe(root)}; {advice}")


def values_below(root: Value) -> list[Value]:
    """Every Value that ``root`` was made from, and ``root``: operands first, in the order they were written."""
    seen: dict[Value, None] = {}
    for node in topological_order(root):
        for arg in node.args:
            if isinstance(arg, Value):
                seen.setdefault(arg)
        seen.setdefault(node)
    seen.setdefault(root)
    return list(seen)


def reaching(view: Scene, leaf: Value) -> list[Value]:
    """The Values on a path from the root to ``leaf``, operands first."""
    if not isinstance(leaf, Value):
        raise OperandError(f"wrt is a Value that {view.root_name} was made from, got {describe(leaf)}")
    found: set[Value] = {leaf}
    for node in topological_order(view.root):
        if any(arg in found for arg in node.args if isinstance(arg, Value)):
            found.add(node)
    if view.root not in found or leaf not in set(view.nodes):
        called = f"'{leaf.label}'" if leaf.label else f"one of data {leaf.data!r} without a label"
        raise ValueError(
            f"wrt is a Value that {view.root_name} was made from, got {called}, which it does not depend on; "
            "choose a Value below the root"
        )
    return [node for node in view.nodes if node in found]


def replaced(view: Scene, stand_ins: Mapping[Value, Value]) -> Scene:
    """The same scene with other Values in the place of some, which have their numbers, names and derivatives."""
    root = stand_ins.get(view.root, view.root)
    nodes = values_below(root)
    names = {stand_ins.get(value, value): name for value, name in view.names.items()}
    derivatives = view.derivatives
    if derivatives is not None:
        derivatives = dict(zip(nodes, gradients(root, nodes, check=False), strict=True))
    return replace(view, root=root, nodes=nodes, names=names, derivatives=derivatives)
