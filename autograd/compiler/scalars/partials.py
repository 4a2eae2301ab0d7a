"""Rows of the op table as steps: for operands of one sort they are read once, and then written for each operation.

A row says its partials over a namespace ``m``, here that of :mod:`~autograd.compiler.scalars.expressions`. A step makes
a node of earlier ones, which are counted: the operands, the result, constants, and what the steps before made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isfinite
from operator import itemgetter
from typing import NamedTuple

from autograd import ops
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.expressions import Expression, Term, symbols
from autograd.compiler.scalars.normal import Terms
from autograd.compiler.scalars.undefined import may_be_infinite
from autograd.op import REAL, Op

__all__ = ["FITTED", "Partial", "Rule", "flat_operands", "literals_of", "rule_of"]

# Operations of which some constants make another one that is simpler.
FITTED = frozenset((ops.pow, ops.where, ops.mul_no_nan))


class Partial(NamedTuple):
    """The derivative by the operand at a position, or minus that: which node it is."""

    position: int
    node: int
    negative: bool


class Rule(NamedTuple):
    """The partials of an operation.

    Parameters
    ----------
    constants : tuple of int
        Operands below zero.
    steps : tuple of callable
        Each writes a node, from the list of all before it, and gives its operand.
    partials : tuple of Partial
    unbounded : bool
        Whether one may be infinite where the operands are finite, overflow apart.
    """

    constants: tuple[int, ...]
    steps: tuple[Callable[[list[int]], int], ...]
    partials: tuple[Partial, ...]
    unbounded: bool

    def write(self, args: tuple[int, ...], y: int) -> list[int]:
        """What the partials speak of, for these operands and this result."""
        nodes = [*args, y, *self.constants]
        for step in self.steps:
            nodes.append(step(nodes))
        return nodes


def literals_of(builder: Builder, op: Op, args: Sequence[int]) -> tuple[str | None, ...]:
    """The constants among the operands that make other partials than a number that is computed."""
    domains = op.domain if op.arity else op.domain * len(args)
    found: list[str | None] = [None] * len(args)
    for k, a in enumerate(args):
        if a < 0:
            x = builder.number(a)
            if op in FITTED or domains[k] != REAL or x in (0.0, 1.0, -1.0) or not isfinite(x):
                found[k] = x.hex()  # 0.0 and -0.0 are two numbers
    return tuple(found)


def rule_of(builder: Builder, op: Op, literals: tuple[str | None, ...], wanted: tuple[int, ...]) -> Rule:
    """The partials by the operands at the positions ``wanted``; the literals among the operands simplify them."""
    writer = _Writer(len(literals))
    partials = []
    for position, partial in zip(wanted, _row(op, literals, wanted), strict=True):
        negative = isinstance(partial, Expression) and partial.function == "neg" and bool(partial.args)
        if isinstance(partial, Expression) and negative:
            partial = partial.args[0]
        partials.append((position, writer.node(partial), negative))
    first = len(literals) + 1  # constants stand there, in front of what the steps make
    count = len(writer.constants)
    move: Callable[[int], int] = lambda k: first - 1 - k if k < 0 else k + count if k >= first else k
    return Rule(
        tuple([builder.constant(x) for x in writer.constants]),
        tuple([_step(builder, op, operands, move) for op, operands in writer.steps]),
        tuple([Partial(position, move(node), negative) for position, node, negative in partials]),
        may_be_infinite(op, [None if x is None else float.fromhex(x) for x in literals]),
    )


def _step(
    builder: Builder, op: Op, operands: tuple[int, ...] | Terms, move: Callable[[int], int]
) -> Callable[[list[int]], int]:
    """What writes one node."""
    if not isinstance(operands, Terms):
        select = itemgetter(*map(move, operands))
        write = builder.operation
        if len(operands) == 1:
            return lambda nodes: write(op, (select(nodes),))
        return lambda nodes: write(op, select(nodes))
    pairs, minus_pairs = [[(move(a), move(b)) for a, b in pairs] for pairs in (operands.pairs, operands.minus_pairs)]
    plus, minus = [list(map(move, plain)) for plain in (operands.plus, operands.minus)]

    def add_up(nodes: list[int]) -> int:
        return builder.add_up(
            [(nodes[a], nodes[b]) for a, b in pairs] if pairs else (),
            [(nodes[a], nodes[b]) for a, b in minus_pairs] if minus_pairs else (),
            [nodes[a] for a in plus],
            [nodes[a] for a in minus],
        )

    return add_up


class _Writer:
    """Numbers operands, the result, and what each step makes; constants from -1 downwards."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.constants: list[float] = []
        self.steps: list[tuple[Op, tuple[int, ...] | Terms]] = []
        self.nodes: dict[object, int] = {}

    def node(self, e: Term) -> int:
        """The number of an expression over a result and its operands."""
        if not isinstance(e, Expression):
            self.constants.append(float(e))
            return -len(self.constants)
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
