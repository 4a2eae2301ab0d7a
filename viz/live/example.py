"""The graph of one example's loss, which the page runs forward and backward by itself."""

from __future__ import annotations

from itertools import count
from typing import Any

from autograd import Value
from autograd.graph import topological_order
from autograd.ops import FLAT
from nn.measures.losses import Loss
from nn.model.module import Module
from nn.model.state import call_once
from viz.layout.items import Link, Node
from viz.layout.place import placed
from viz.letters.labels import named
from viz.rendering.operations import Operations

__all__ = ["example"]

MAX_DRAWN = 700
BOX_WIDTH, BOX_HEIGHT, GAP = 46.0, 22.0, 26.0
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def example(model: Module, loss: Loss, x: Any, y: Any) -> dict[str, Any]:
    """Nodes in the order of the forward pass: operation, operands, flat ones among these; and where they are drawn.

    An operand is a node's place, or ``-1 - k`` for constant ``k``. Parameters, inputs and targets come first. The text
    of ``operations`` is JavaScript: for each operation its value and its partials, as the table has them.
    """
    xs = [Value(e, label=f"x{_below(k)}") for k, e in enumerate(x.reshape(-1).tolist())]
    several = y.ndim > 0
    ys = [Value(e, label=f"y{_below(k)}" if several else "y") for k, e in enumerate(y.reshape(-1).tolist())]
    root = call_once(model, lambda: loss(model(xs if x.ndim else xs[0]), ys if several else ys[0]))
    root = root if isinstance(root, Value) else Value(root)
    parameters = model.parameters()
    leaves = [*parameters, *xs, *ys]
    results = [node for node in topological_order(root) if node.op is not None]
    found = dict.fromkeys(arg for node in results for arg in node.args if isinstance(arg, Value) and arg.op is None)
    others = [leaf for leaf in found if leaf not in set(leaves)]
    nodes = [*leaves, *others, *results]
    place = {node: k for k, node in enumerate(nodes)}
    constants: list[float] = []
    written = Operations()
    steps = []
    for node in results:
        args = []
        for arg in node.args:
            if isinstance(arg, Value):
                args.append(place[arg])
            else:
                constants.append(arg)
                args.append(-len(constants))
        assert node.op is not None
        flat = [k for k, partial in enumerate(node.partials) if partial is FLAT]
        steps.append([written.place(node.op, [None] * len(args)), args, flat])
    if root.op is None:
        results = []
    return {
        "counts": [len(parameters), len(xs), len(ys), len(others)],
        "others": [leaf.data for leaf in others],
        "constants": constants,
        "steps": steps,
        "root": place[root],
        "names": _names(nodes, root)[len(parameters) :],
        "operations": written.text(),
        "drawing": _drawing(len(parameters), steps, len(leaves) + len(others), len(nodes)),
    }


def _below(k: int) -> str:
    return str(k).translate(SUBSCRIPTS)


def _names(nodes: list[Value], root: Value) -> list[str]:
    known = named(nodes)
    taken = set(known.values())
    free = (name for k in count(1) if (name := f"v{_below(k)}") not in taken)
    return [known.get(node) or ("loss" if node is root else next(free)) for node in nodes]


def _drawing(parameters: int, steps: list[Any], first: int, nodes: int) -> dict[str, Any] | None:
    """Where every node but the parameters stands, as shares of a box of that size; None where there are too many."""
    if nodes - parameters > MAX_DRAWN or not steps:
        return None
    links = []
    for k, (_, args, _) in enumerate(steps):
        links += [Link(a - parameters, first + k - parameters, 0.0) for a in args if a >= parameters]
    found = placed([Node(BOX_WIDTH, BOX_HEIGHT)] * (nodes - parameters), links, gap=GAP)
    return {
        "width": round(found.size[0]),
        "height": round(found.size[1]),
        "box": [BOX_WIDTH, BOX_HEIGHT],
        "places": [[round(x), round(y)] for x, y in found.nodes],
    }
