"""Which operation belongs to which part of a model, told from the graph and the parameters' names alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import takewhile

from autograd import Value
from autograd.graph import topological_order
from viz.scenes.scene import Scene

__all__ = ["INPUTS", "layer_of", "layer_title", "modules", "places"]

LOSS, INPUTS = "loss", "inputs"


def modules(scene: Scene) -> dict[Value, str]:
    """The dotted name of the module that each operation and parameter of a model belongs to; others are left out.

    An operation belongs to the module of its parameter operands (of several modules, their common prefix), else to
    the module of an operand that is not yet that module's output, else to none. A module's output is a result with a
    label, unless it is only the input of a labelled function of one operand, as ``z`` is that of ``a = relu(z)``.
    """
    home = {value: owner(name) for value, name in scene.parameters.items()}
    found = dict(home)
    order = topological_order(scene.root)
    outputs = _outputs(scene.root, order)
    for node in order:
        operands = [arg for arg in node.args if isinstance(arg, Value)]
        owners = {home[arg] for arg in operands if arg in home}
        if not owners:
            owners = {found[arg] for arg in operands if arg in found and arg.op and arg not in outputs}
        if owners:
            found[node] = _common(owners)
    below = set(scene.nodes)
    return {value: module for value, module in found.items() if value in below}


def owner(parameter: str) -> str:
    """The module of a parameter: ``layers.0.neurons.2`` for ``layers.0.neurons.2.weights.1``."""
    return re.sub(r"(^|\.)[^.]*(\.\d+)*$", "", parameter)


def layer_of(module: str) -> str:
    """The layer a neuron stands in; any other module is its own layer."""
    return re.sub(r"(^|\.)neurons\.\d+$", "", module)


def places(scene: Scene, found: Mapping[Value, str]) -> Callable[[Value], tuple[str, ...]]:
    """For every Value the titles of the frames it is drawn in: layer and neuron, or the loss, or the inputs."""
    consumers: dict[Value, list[Value]] = {}
    loss: set[Value] = set()
    for node in topological_order(scene.root):
        operands = [arg for arg in node.args if isinstance(arg, Value)]
        if node not in found and any(arg in loss or (arg in found and arg.op) for arg in operands):
            loss.add(node)
        for arg in operands:
            consumers.setdefault(arg, []).append(node)

    def place(value: Value) -> tuple[str, ...]:
        if value in found:
            module = found[value]
            neuron = re.search(r"neurons\.(\d+)$", module)
            return (layer_title(layer_of(module)), *([f"neuron {neuron[1]}"] if neuron else []))
        if not found:
            return ()
        if value in loss or (value.op is None and all(node in loss for node in consumers.get(value, ()))):
            return (LOSS,)
        return (INPUTS,) if value.op is None else ()

    return place


def layer_title(layer: str) -> str:
    """How pictures call a layer: ``layer 1`` for ``layers.0``, as in ``w⁽¹⁾``; other modules by their own names."""
    numbered = re.fullmatch(r"layers\.(\d+)", layer)
    return f"layer {int(numbered[1]) + 1}" if numbered else layer or "model"


def _outputs(root: Value, order: list[Value]) -> set[Value]:
    """Operations that are the output of their module."""
    uses: Counter[Value] = Counter()
    consumer: dict[Value, Value] = {}
    outputs: set[Value] = set()
    for node in order:
        operands = [arg for arg in node.args if isinstance(arg, Value) and arg.op]
        uses.update(operands)
        consumer.update(dict.fromkeys(operands, node))
    for node, after in consumer.items():
        alone = uses[node] == 1 and sum(isinstance(arg, Value) for arg in after.args) == 1
        activation = alone and after.label and after is not root
        if node.label and not activation:
            outputs.add(node)
    return outputs


def _common(owners: set[str]) -> str:
    if len(owners) == 1:
        return next(iter(owners))
    steps = zip(*(name.split(".") for name in owners), strict=False)
    return ".".join(same[0] for same in takewhile(lambda names: len(set(names)) == 1, steps))
