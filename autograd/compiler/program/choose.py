"""Which back end runs a program that was not told: one that runs it number by number, or one for arrays."""

from __future__ import annotations

from math import prod
from typing import Any

from autograd.compiler.backends import BACKENDS
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import Schedule, schedule
from autograd.compiler.matrices.statements import MatMul
from autograd.compiler.scalars.normal import Normal, Sum, operands_of
from autograd.op import Op

__all__ = [
    "FEW", "MANY", "NARROW", "NARROW_LANES", "SMALL", "SMALL_ALONE", "choose", "choose_for_arrays",
    "choose_for_examples", "narrow_for_examples",
]  # fmt: skip

# An array statement costs as much as this many scalar operations (`python -m tests.bench costs`): a program with fewer
# beside each other, on the average, is quicker number by number.
NARROW = {"python": 30, "c": 150}
# A program of so few operations is over in Python before the numbers are where C reads them.
FEW = 80
# Programs with examples that have more groups than MANY, and narrower ones than NARROW_LANES, are not searched for
# matrices: lanes compute their numbers in less time than it takes to go through statements.
MANY, NARROW_LANES = 100, 12
# Products of matrices with more multiplications than this are quicker by the BLAS that NumPy calls: those for an
# example, and those of a program without examples.
SMALL, SMALL_ALONE = 500, 100_000


def choose_for_examples(program: ArrayProgram) -> str:
    """The row of the table of back ends for a program with examples whose matrices have been found."""
    sums = any(isinstance(s, MatMul) and s.left.shape[2] > 1 for s in program.passes[0])
    kind = "arrays" if _largest_product(program) > SMALL else "tiles" if sums else "lanes"
    return kind if kind in BACKENDS else "arrays"


def choose_for_arrays(program: ArrayProgram) -> str:
    """The row of the table of back ends for a program without examples that is wide enough for matrices."""
    return "tiles" if "tiles" in BACKENDS and _largest_product(program) <= SMALL_ALONE else "arrays"


def _largest_product(program: ArrayProgram) -> int:
    """How many multiplications the largest product of matrices has, for an example if there are any."""
    products = [s for statements in program.passes for s in statements if isinstance(s, MatMul)]
    return max([prod(s.target.shape) * s.left.shape[2] for s in products], default=0)


def narrow_for_examples(normal: Normal) -> tuple[bool, Schedule | None]:
    """Whether a program with examples is too narrow to be searched for matrices; and the groups if they were needed."""
    if "lanes" not in BACKENDS:
        return False, None
    most = max(MANY, sum(map(_operations, normal.ops, normal.args)) / NARROW_LANES)  # groups that are worth it
    if _is_as_deep(normal, most):
        return True, None
    plan = schedule(normal)
    return most <= sum(map(len, plan.passes)), plan


def choose(normal: Normal) -> tuple[str, Schedule | None]:
    """The row of the table of back ends, and the groups if they had to be found out; for programs without examples."""
    operations = sum(map(_operations, normal.ops, normal.args))
    c = operations > FEW and "c" in BACKENDS
    number_by_number = "c" if c else "python"
    most = operations / NARROW[number_by_number]  # groups that pay
    if _is_as_deep(normal, most):  # each level has a group
        return number_by_number, None
    plan = schedule(normal)
    return (number_by_number if most <= sum(map(len, plan.passes)) else "arrays"), plan


def _operations(op: Op | None, args: Any) -> int:
    """How many scalar operations a node is."""
    if args.__class__ is Sum:
        return len(args.right) + len(args.plus) + len(args.minus)
    return op is not None


def _is_as_deep(normal: Normal, most: float) -> bool:
    """Whether the longest path has so many operations."""
    # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
    levels = [0] * (len(normal.ops) + len(normal.constants))
    level = levels.__getitem__
    for i, (op, args) in enumerate(zip(normal.ops, normal.args, strict=True)):
        if op is not None:
            levels[i] = deep = 1 + max(map(level, operands_of(args)), default=0)
            if deep >= most:
                return True
    return most <= 0
