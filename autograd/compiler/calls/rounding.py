"""How far rounding alone may have moved what the engine computes."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import floats, functions, ops
from autograd.graph import topological_order
from autograd.op import Op
from autograd.recorded import recorded_partials
from autograd.value import Value

__all__ = ["SMALLEST", "ULPS", "rounding"]

# An operation is off by up to so much of its result, and where numbers have lost digits by one unit of those.
ULPS, LEAST, SMALLEST = 4e-16, 5e-324, 1e-290
# These are not off at all.
EXACT = frozenset(["abs", "clip", "compare", "maximum", "minimum", "neg", "relu", "step", "stop_gradient", "where"])
# A sum in another order is off by so much of its terms, whatever they add up to.
SUMS = frozenset(["add", "sub", "sum", "dot"])
# So few operands are moved one by one, to meet the other side of a kink or of a jump; of more the slopes are taken.
FEW = 3


def rounding(results: Sequence[Any]) -> npt.NDArray[np.float64]:
    """For each result how far it may be off, if each operation below it is: a running error.

    Leaves are exact. What an operation is handed counts by as much as it moves the result, so a relu whose operand
    cancels may be on either side, and terms that cancel leave an error of their own size.
    """
    errors: dict[Value, float] = {}
    root = functions.sum(results)
    for node in topological_order(root) if isinstance(root, Value) else []:
        errors[node] = _own_error(node) + _handed_on(node, errors)
    return np.array([errors.get(y, 0.0) if isinstance(y, Value) else 0.0 for y in results])


def _own_error(node: Value) -> float:
    op, y, args = node.op, node._data, node.args
    assert op is not None
    if op.name in EXACT:
        return 0.0
    if op.name in SUMS:
        return ULPS * (abs(y) + sum(abs(x._data * partial) for x, partial in recorded_partials(node)))
    lost = abs(y) < SMALLEST and (y != 0.0 or all(map(bool, args)))
    return ULPS * abs(y) + LEAST * lost


def _handed_on(node: Value, errors: dict[Value, float]) -> float:
    """How far the errors of its operands move a result, an operand in several places moving in all of them."""
    op, args = node.op, node.args
    assert op is not None
    wrong = {x: errors[x] for x in args if isinstance(x, Value) and errors.get(x) and not _asks(x, op)}
    if len(args) > FEW:
        slopes = dict.fromkeys(wrong, 0.0)
        for x, partial in recorded_partials(node):
            if x in slopes:
                slopes[x] += partial
        return sum(abs(slope) * wrong[x] for x, slope in slopes.items() if slope)
    found = 0.0
    for moving, error in wrong.items():
        sides: list[float] = []
        for side in (-error, error):
            numbers = [x._data + side if x is moving else x._data if isinstance(x, Value) else x for x in args]
            y = op.value(floats, *numbers)
            sides.append(abs(y - node._data) if y != node._data else 0.0)  # infinite, both
        found += inf if any(map(isnan, sides)) else max(sides)  # nan proves nothing
    return found


def _asks(x: Value, op: Op) -> bool:
    """Whether this is ``b - b``, by which rows of the table ask if b is finite."""
    return op is ops.where and x._made_by is ops.sub and x._a is x._b is not None
