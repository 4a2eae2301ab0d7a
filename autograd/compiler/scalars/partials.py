"""Rows of the op table as steps: for operands of one sort they are read once, and then written for each operation.

A row says its partials over a namespace ``m``, here that of :mod:`~autograd.compiler.scalars.expressions`. A step makes
a node of earlier ones, which are counted: the operands, the result, and what the steps before made; a constant is
itself, an operand below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from autograd import ops
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.expressions import Expression, Term, symbols
from autograd.compiler.scalars.normal import Terms
from autograd.compiler.scalars.undefined import may_be_infinite
from autograd.op import Op

__all__ = ["Partial", "Rule", "flat_operands", "rule_of"]


class Partial(NamedTuple):
    """The derivative by the operand at a position, or minus that: a number of a node, or a constant."""

    position: int
    node: int
    negative: bool


class Rule(NamedTuple):
    """The partials of an operation.

    Parameters
    ----------
    steps : tuple
        For each the operation and its operands; for a sum these are its terms.
    partials : tuple of Partial
    unbounded : bool
        Whether one may be infinite where the operands are finite, overflow apart.
    """

    steps: tuple[tuple[Op, tuple[int, ...] | Terms], ...]
    partials: tuple[Partial, ...]
    unbounded: bool

    def write(self, builder: Builder, args: tuple[int, ...], y: int) -> list[int]:
        """The nodes that the partials speak of, for these operands and this result."""
        nodes = [*args, y]
        for op, operands in self.steps:
            if not isinstance(operands, Terms):
                nodes.append(builder.operation(op, tuple([nodes[a] if a >= 0 else a for a in operands])))
                continue
            terms = Terms()
            if operands.pairs:
                terms.pairs = [(nodes[a] if a >= 0 else a, nodes[b] if b >= 0 else b) for a, b in operands.pairs]
            if operands.minus_pairs:
                terms.minus_pairs = [
                    (nodes[a] if a >= 0 else a, nodes[b] if b >= 0 else b) for a, b in operands.minus_pairs
                ]
            terms.plus = [nodes[a] if a >= 0 else a for a in operands.plus]
            terms.minus = [nodes[a] if a >= 0 else a for a in operands.minus]
            nodes.append(builder.sum(terms))
        return nodes


def rule_of(builder: Builder, op: Op, args: Sequence[int], wanted: tuple[int, ...]) -> Rule:
    """The partials by the operands at the positions ``wanted``; constants among the operands simplify them."""
    literals = [builder.number(a) if a < 0 else None for a in args]
    shown = tuple([None if x is None else x.hex() for x in literals])  # 0.0 and -0.0 are two numbers
    writer = _Writer(builder, len(args))
    partials = []
    for position, partial in zip(wanted, _row(op, shown, wanted), strict=True):
        negative = isinstance(partial, Expression) and partial.function == "neg" and bool(partial.args)
        if isinstance(partial, Expression) and negative:
            partial = partial.args[0]
        partials.append(Partial(position, writer.node(partial), negative))
    return Rule(tuple(writer.steps), tuple(partials), may_be_infinite(op, literals))


class _Writer:
    def __init__(self, builder: Builder, count: int) -> None:
        self.builder, self.count = builder, count
        self.steps: list[tuple[Op, tuple[int, ...] | Terms]] = []
        self.nodes: dict[object, int] = {}

    def node(self, e: Term) -> int:
        """The number of an expression over a result and its operands."""
        if not isinstance(e, Expression):
            return self.builder.constant(float(e))
        if not e.args:
            return self.count if e.function == "y" else int(e.function)
        if e.key not in self.nodes:
            if e.function in ("add", "sub", "neg"):
                terms = Terms()
                self._spread(e, False, terms)
                self.steps.append((ops.sum, terms))
            else:
                operands = tuple([self.node(a) for a in e.args])
                self.steps.append((ops.TABLE[e.function], operands))
            self.nodes[e.key] = self.count + len(self.steps)
        return self.nodes[e.key]

    def _spread(self, e: Term, negative: bool, terms: Terms) -> None:
        """Add an expression to terms, opening what is a sum."""
        if not isinstance(e, Expression) or not e.args or e.function not in ("add", "sub", "neg", "mul"):
            (terms.minus if negative else terms.plus).append(self.node(e))
        elif e.function == "neg":
            self._spread(e.args[0], not negative, terms)
        elif e.function == "mul":
            first, second = [self.node(a) for a in e.args]
            (terms.minus_pairs if negative else terms.pairs).append((first, second))
        else:
            self._spread(e.args[0], negative, terms)
            self._spread(e.args[1], negative ^ (e.function == "sub"), terms)


@lru_cache(4096)
def _row(op: Op, literals: tuple[str | None, ...], wanted: tuple[int, ...]) -> Sequence[Term]:
    """The partials of an operation as expressions: operand ``k`` is the leaf of that name, unless it is a constant."""
    leaves = [Expression(str(k)) if x is None else float.fromhex(x) for k, x in enumerate(literals)]
    return op.differentiate(symbols, Expression("y"), leaves, wanted)


@lru_cache(4096)
def flat_operands(op: Op) -> frozenset[int]:
    """Positions of operands that an operation does not depend on at all, wherever it is smooth."""
    if not op.arity:
        return frozenset()
    leaves = [Expression(str(k)) for k in range(op.arity)]
    partials = op.differentiate(symbols, Expression("y"), leaves)
    return frozenset([k for k, partial in enumerate(partials) if partial is ops.FLAT])
