"""What a graph can say about itself in words: where a nan began."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograd.graph import topological_order

if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["call", "first_non_finite", "name", "non_finite"]


def name(value: Value) -> str:
    """How messages call a value: its label, else its operation, else "a leaf"."""
    if value.label:
        return value.label
    return "a leaf" if value.op is None else f"the result of {value.op.name}"


def call(value: Value) -> str:
    """The operation with its operands, as in ``log(p=-1.5)``."""
    if value.op is None:
        return name(value)
    shown = [
        f"{arg:g}" if isinstance(arg, float) else f"{arg.label}={arg.data:g}" if arg.label else f"{arg.data:g}"
        for arg in value.args
    ]
    if len(shown) > 6:
        shown[3:-2] = ["…"]
    return f"{value.op.name}({', '.join(shown)})"


def first_non_finite(root: Value) -> Value | None:
    """The first value below ``root`` that is nan or infinite although its operands are finite; a leaf may be one."""
    for node in topological_order(root) or [root]:
        for arg in node.args:
            if not isinstance(arg, float) and arg.op is None and not math.isfinite(arg.data):
                return arg
        if not math.isfinite(node.data):
            return node
    return None


def non_finite(root: Value) -> str:
    """One sentence for a root that is not finite: where that began and what to do."""
    culprit = first_non_finite(root)
    assert culprit is not None  # the root itself is not finite
    subject = root.label or "the root"
    if culprit is root and root.op is None:
        return f"{subject} is {root.data}, a leaf that no operation made; give it a finite number"
    begin = f"{call(culprit)} = {culprit.data}" if culprit.op else f"the leaf {culprit.label or 'without a label'}"
    if culprit.op is None:
        begin += f" = {culprit.data}"
    steps = _distance(root, culprit)
    where = "the root itself" if steps == 0 else f"{steps} operation{'s' * (steps > 1)} below {subject}"
    return f"{subject} is {root.data}; it began at {begin}, {where}; {_advice(culprit)}"


def _advice(culprit: Value) -> str:
    op = culprit.op
    if op is None:
        return "give it a finite number"
    domains = op.domain if op.arity else op.domain * len(culprit.args)
    for arg, domain in zip(culprit.args, domains, strict=True):
        number = arg if isinstance(arg, float) else arg.data
        if math.isfinite(number) and number not in domain:
            subject = f"the constant {number}" if isinstance(arg, float) else arg.label or "its operand"
            if domain.low == 0.0:
                return f"keep {subject} positive, for instance exp(w) or softplus(w)"
            if number in domain.poles:
                return f"keep {subject} away from {number:g}"
            return f"keep {subject} in {domain}"
    if not all(math.isfinite(arg if isinstance(arg, float) else arg.data) for arg in culprit.args):
        return "a constant operand is not finite; give it a finite number"
    return "the result is too large for a float; make the operands smaller"


def _distance(root: Value, target: Value) -> int:
    """Number of operations from ``root`` down to ``target`` by the shortest way."""
    steps, level, seen = 0, [root], {root}
    while target not in seen:
        steps += 1
        below = dict.fromkeys(arg for node in level for arg in node.args if not isinstance(arg, float))
        level = [node for node in below if node not in seen]
        seen.update(level)
    return steps
