"""A graph whose sums of products are drawn as products and a sum."""

from __future__ import annotations

from autograd import Value, ops
from autograd.graph import topological_order
from viz.scenes.reduction import stand_in
from viz.scenes.scene import Scene, replaced

__all__ = ["unfolded"]


def unfolded(view: Scene) -> tuple[Scene, dict[Value, Value]]:
    """The same scene with ``×`` and ``Σ`` for every ``dot``, and the stand-in of each Value that has one.

    Numbers and derivatives stay what they are. Only what comes after a ``dot`` needs a stand-in; leaves never do.
    """
    stand_ins: dict[Value, Value] = {}
    for value in topological_order(view.root):
        args = [stand_ins.get(arg, arg) if isinstance(arg, Value) else arg for arg in value.args]
        if value.op is ops.dot:
            half = len(args) // 2
            products = [a * b for a, b in zip(args[:half], args[half:], strict=True)]
            ones = [1.0 for product in products if isinstance(product, Value)]
            stand_ins[value] = stand_in(value, ops.sum, products, ones)
        elif value.op and any(new is not old for new, old in zip(args, value.args, strict=True)):
            partials = [partial for partial in value.partials if partial is not None]
            stand_ins[value] = stand_in(value, value.op, args, partials)
    return replaced(view, stand_ins), stand_ins
