"""A graph whose chains of ``+`` are drawn as one sum, and sums of products as one box: the other way of unfolding."""

from __future__ import annotations

from collections import Counter

from autograd import Value, ops
from autograd.graph import topological_order
from viz.scenes.reduction import stand_in
from viz.scenes.scene import Scene, replaced

__all__ = ["gathered"]


def gathered(view: Scene) -> tuple[Scene, dict[Value, Value]]:
    """The same scene with ``Σ`` for every chain of ``+`` and ``Σ ×`` where all its terms are products.

    Numbers and derivatives stay what they are. What has a name, or is used twice, keeps a box of its own.
    """
    order = topological_order(view.root)
    inner = _inner(view, order)
    stand_ins: dict[Value, Value] = {}
    terms: dict[Value, list[Value | float]] = {}
    products: set[Value] = set()  # that go into one sum each
    for value in order:
        args = [stand_ins.get(arg, arg) if isinstance(arg, Value) else arg for arg in value.args]
        if value.op in (ops.add, ops.sum):
            open_ones = any(isinstance(arg, Value) and arg in terms for arg in args)
            flat: list[Value | float] = []
            for arg in args:
                more: list[Value | float] = (
                    terms.pop(arg, [arg]) if isinstance(arg, Value) else [arg] if arg else []
                )  # sum() begins with 0
                if flat:
                    flat += more
                else:  # the list of a chain grows as the chain does, without a copy at every step
                    flat = more
            if value in inner:
                terms[value] = flat
                continue
            if open_ones or len(flat) < len(args):
                stand_ins[value] = _sum(value, flat, products)
                continue
        if value.op and any(new is not old for new, old in zip(args, value.args, strict=True)):
            partials = [partial for partial in value.partials if partial is not None]
            stand_ins[value] = stand_in(value, value.op, args, partials)
        if value in inner and value.op is ops.mul:
            products.add(stand_ins.get(value, value))
    return replaced(view, stand_ins), stand_ins


def _inner(view: Scene, order: list[Value]) -> set[Value]:
    """Results without a name that are used once, and by a sum: sums and products that may go into it."""
    uses: Counter[Value] = Counter()
    user: dict[Value, Value] = {}
    for value in order:
        for arg in value.args:
            if isinstance(arg, Value):
                uses[arg] += 1
                user[arg] = value
    return {
        value
        for value in order
        if value is not view.root
        and value not in view.names
        and uses[value] == 1
        and user[value].op in (ops.add, ops.sum)
        and value.op in (ops.add, ops.sum, ops.mul)
    }


def _sum(value: Value, terms: list[Value | float], products: set[Value]) -> Value:
    """``value`` as a sum of terms, or of products where all terms are."""
    pairs = [term.args for term in terms if isinstance(term, Value) and term in products]
    if len(pairs) == len(terms):
        operands = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
        numbers = [arg.data if isinstance(arg, Value) else arg for arg in operands]
        others = numbers[len(pairs) :] + numbers[: len(pairs)]
        partials = [other for arg, other in zip(operands, others, strict=True) if isinstance(arg, Value)]
        return stand_in(value, ops.dot, operands, partials)
    return stand_in(value, ops.sum, terms, [1.0 for term in terms if isinstance(term, Value)])
