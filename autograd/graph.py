"""Topological order and the chain rule: each written once.

Everything here reads nodes by the fields that :class:`autograd.value.Value` documents, in loops, never by recursion:
a chain of a million operations is as good as a chain of ten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from autograd.value import Value

# A leaf is never entered: its mark is above every epoch. Marks of leaves also tell when they were made: they rise with
# every call of :func:`next_era`, so that a function's own leaves can be told from those it finds outside.
LEAF = 1 << 62
leaf_mark = LEAF

# The zero that adjoints are compared with: this very object, which a Value may be compared with whatever is recorded.
ZERO = float("0.0")

# Marks and adjoints live on the nodes, and threads may share leaves, so one pass runs at a time.
PASS = RLock()
# A fork waits for that pass: in the child no thread is left that could end it, open the lock, or add the other half of
# its gradients.
with suppress(AttributeError):  # Windows has no fork
    os.register_at_fork(before=PASS.acquire, after_in_parent=PASS.release, after_in_child=PASS.release)

# Every pass has its number, with which it marks what stands in its order. Old marks are smaller, so nothing is ever
# reset and a pass that was interrupted leaves nothing to clean up.
_epochs = count(2)


def next_era() -> int:
    """The mark of every leaf from now on, even and above that of all there are."""
    global leaf_mark
    with PASS:
        leaf_mark += 2
        return leaf_mark


def topological_order(root: Value) -> list[Value]:
    """Operations below ``root``, every one after its operands and once; leaves are left out.

    The order is that of a depth-first walk through the operands from first to last, so it depends on the
    expression alone: it is the same in every run.
    """
    order: list[Value] = []
    with PASS:
        epoch = next(_epochs)
        stack = [root]
        push, pop, emit = stack.append, stack.pop, order.append
        while stack:
            node = pop()
            while node._mark < epoch:
                a, b = node._a, node._b
                if a is not None and a._mark < epoch:
                    push(node)
                    node = a
                    continue
                if b is not None:
                    if b._mark < epoch:
                        c, d = b._a, b._b
                        if c is None or c._mark < epoch or (d is not None and d._mark < epoch):
                            push(node)
                            node = b
                            continue
                        b._mark = epoch  # a product within a sum, as a rule: there is nothing below it to go down to
                        emit(b)
                elif a is None and (operands := [x for x in reversed(node._da) if x._mark < epoch]):
                    push(node)
                    stack.extend(operands)
                    break
                node._mark = epoch
                emit(node)
    return order


class Adjoint(Protocol):
    """What the chain rule needs of a node: operands, their local partials, and a place for the adjoint.

    ``_a`` and ``_b`` are the one or two operands (None where that operand is a constant) and ``_da``, ``_db`` the
    partials. Where both operands are None, ``_da`` holds any number of operands and ``_db`` their partials.
    """

    _grad: Any
    _a: Any
    _b: Any
    _da: Any
    _db: Any


def chain_rule(order: Sequence[Adjoint]) -> None:
    """Carry adjoints from the last node of ``order`` to the operands of the first.

    Each node hands ``adjoint * partial`` to each of its operands, which add up what they are handed. Adjoints may be
    floats, or Values where the gradient is to be differentiated again.

    Notes
    -----
    An adjoint that is exactly zero is not propagated: a dead relu prunes its subtree, and ``0 * inf`` below the
    branch that ``where`` did not take cannot become nan. It also hides a genuine ``0 * inf``.
    """
    for node in reversed(order):
        adjoint = node._grad
        if adjoint == ZERO:
            continue
        a, b = node._a, node._b
        if a is not None:
            a._grad += adjoint * node._da
            if b is not None:
                b._grad += adjoint * node._db
        elif b is not None:
            b._grad += adjoint * node._db
        else:
            for operand, partial in zip(node._da, node._db, strict=True):
                operand._grad += adjoint * partial


def accumulate_gradients(root: Value) -> None:
    """Add the derivative of ``root`` to the gradient of every leaf; give interior nodes that of this pass."""
    with PASS:
        order = topological_order(root)
        for node in order:
            node._grad = 0.0
        root._grad += 1.0
        chain_rule(order)


class Shadow:
    """A node's stand-in for one differentiation, so that the graph itself stays untouched."""

    __slots__ = ("_a", "_b", "_da", "_db", "_grad")

    _a: Any
    _b: Any
    _da: Any
    _db: Any

    def __init__(self, zero: Any) -> None:
        self._grad: Any = zero
        self._a = self._b = None


def adjoints(
    root: Value,
    wrt: Sequence[Value],
    partials: Callable[[Value], Iterable[tuple[Value, Any]]],
    zero: Any = 0.0,
    one: Any = 1.0,
) -> list[Any]:
    """The derivative of ``root`` with respect to each of ``wrt``, leaving no trace in the graph.

    Only nodes on a path from ``wrt`` to ``root`` take part; the partials of all others are never asked for.

    Parameters
    ----------
    root : Value
        What is differentiated.
    wrt : sequence of Value
        Leaves or results of operations.
    partials : callable
        ``partials(node)`` gives the operands of an operation, each with the derivative of the node with respect to it.
    zero, one : number
        Where sums begin, and the adjoint of the root: floats, or whatever else can be added and multiplied.
    """
    shadows: dict[Value, Shadow] = {x: Shadow(zero) for x in wrt}
    order: list[Shadow] = []
    for node in topological_order(root):
        pairs = [(shadows[x], partial) for x, partial in partials(node) if x in shadows]
        if pairs:
            shadow = shadows.setdefault(node, Shadow(zero))
            shadow._da, shadow._db = zip(*pairs, strict=True)
            order.append(shadow)
    if root in shadows:
        shadows[root]._grad = one
        chain_rule(order)
    return [shadows[x]._grad for x in wrt]
