"""The normal form of a program: sums of products are one node each, and nothing is computed twice.

A :class:`~autograd.compiler.scalars.builder.Builder` writes programs in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autograd.compiler.scalars.tape import Tape
from autograd.op import REAL, Op

__all__ = ["Normal", "OverExamples", "Sum", "Terms", "batch_sum", "opened", "operands_of"]

# Σ over the examples of a sum of products. What all examples share is broadcast to them, and this is the transpose of
# that; its own transpose is a broadcast again, so the two close the calculus.
batch_sum = Op("batch_sum", "Σₙ", lambda _, a: a, (lambda *_: 1.0,), (REAL,), home=f"{__name__}:OverExamples")


class OverExamples:
    """Where a pickle finds the sum over the examples, which is in no table."""

    op = batch_sum


class Sum(NamedTuple):
    """``± Σ left[k] right[k] + Σ plus − Σ minus``."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    plus: tuple[int, ...]
    minus: tuple[int, ...]
    negative: bool = False


def operands_of(args: Any) -> tuple[int, ...]:
    """All operands of a node, those of a sum included."""
    found: tuple[int, ...] = args.left + args.right + args.plus + args.minus if args.__class__ is Sum else args
    return found


@dataclass(slots=True)
class Normal:
    """Like a :class:`~autograd.compiler.scalars.tape.Tape` with n-ary sums: an entry of ``args`` may be a :class:`Sum`.

    Parameters
    ----------
    ops, args, constants, outputs, sizes
        As there.
    derivatives : list of int
        Operands: the derivatives of the outputs by each parameter, all of the first output's first.
    passes : list of int
        How many nodes there were when each derivation began: those before belong to the pass before.
    order : list of int
        For each node a number: nodes that become one array stand in it by rising numbers.
    origin : dict of int
        For an adjoint the node that it is the adjoint of.
    dropped : set of int
        Nodes that nothing needs any more.
    """

    ops: list[Op | None] = field(default_factory=list)
    args: list[Any] = field(default_factory=list)  # of tuples of int and of sums, which their operation tells apart
    constants: list[float] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    derivatives: list[int] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    origin: dict[int, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)

    def __str__(self) -> str:
        show = Tape(constants=self.constants).shown
        lines = []
        for i, (op, args) in enumerate(zip(self.ops, self.args, strict=True)):
            if op is None:
                lines.append(f"%{i} = place {args[0]}, slot {args[1]}")
            elif isinstance(args, Sum):
                sign = " - " if args.negative else " + "
                text = "".join(f"{sign}{show(a)}*{show(b)}" for a, b in zip(args.left, args.right, strict=True))
                text += "".join(f" + {show(a)}" for a in args.plus) + "".join(f" - {show(a)}" for a in args.minus)
                lines.append(f"%{i} ={' Σₙ' * (op is batch_sum)}{text}")
            elif op is batch_sum:
                lines.append(f"%{i} = Σₙ {show(args[0])}*{show(args[1])}")
            else:
                lines.append(f"%{i} = {op.name}({', '.join(map(show, args))})")
        return "\n".join([*lines, f"return {', '.join(map(show, self.outputs))}"])


class Terms:
    """``Σ ± a·b + Σ ± a`` while it grows: four lists of operands."""

    __slots__ = ("minus", "minus_pairs", "pairs", "plus")

    def __init__(self, *pairs: tuple[int, int]) -> None:
        self.pairs: list[tuple[int, int]] = list(pairs)
        self.minus_pairs: list[tuple[int, int]] = []
        self.plus: list[int] = []
        self.minus: list[int] = []

    def negate(self) -> None:
        """Turn all signs."""
        self.pairs, self.minus_pairs, self.plus, self.minus = self.minus_pairs, self.pairs, self.minus, self.plus

    def extend(self, more: Terms) -> None:
        """Take in the terms of another sum."""
        self.pairs += more.pairs
        self.minus_pairs += more.minus_pairs
        self.plus += more.plus
        self.minus += more.minus

    def __len__(self) -> int:
        return len(self.pairs) + len(self.minus_pairs) + len(self.plus) + len(self.minus)


def opened(total: Sum) -> Terms:
    """The terms of a sum."""
    terms = Terms()
    (terms.minus_pairs if total.negative else terms.pairs).extend(zip(total.left, total.right, strict=True))
    terms.plus.extend(total.plus)
    terms.minus.extend(total.minus)
    return terms
