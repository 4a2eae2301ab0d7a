"""Which back end runs a program that was not told: one that runs it number by number, or one for arrays."""

from __future__ import annotations

from math import prod

from autograd.compiler.backends import BACKENDS
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import Schedule, schedule
from autograd.compiler.matrices.statements import MatMul
from autograd.compiler.scalars.normal import Normal, Sum, operands_of

__all__ = ["FEW", "MANY", "NARROW", "NARROW_LANES", "SMALL", "SMALL_ALONE", "choose", "choose_for_arrays"]

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


def choose(normal: Normal, has_examples: bool) -> tuple[str, Schedule | None]:
    """The row of the table of back ends, before matrices are found, and the groups if they had to be found out.

    "arrays" means that matrices are to be looked for.
    """
    operations = _operations(normal)
    if has_examples:
        kind, most = "lanes", max(MANY, operations / NARROW_LANES)
    else:
        kind = "c" if operations > FEW and "c" in BACKENDS else "python"
        most = operations / NARROW[kind]
    if kind not in BACKENDS:
        return "arrays", None
    if _is_as_deep(normal, most):  # each level has a group
        return kind, None
    plan = schedule(normal)
    return kind if most <= sum(map(len, plan.passes)) else "arrays", plan


def choose_for_arrays(program: ArrayProgram) -> str:
    """The row of the table of back ends, now that matrices have been found."""
    products = [s for statements in program.passes for s in statements if isinstance(s, MatMul)]
    largest = max([prod(s.target.shape) * s.left.shape[2] for s in products], default=0)
    sums = any(isinstance(s, MatMul) and s.left.shape[2] > 1 for s in program.passes[0])
    kind = "tiles" if sums or not program.arguments else "lanes"
    return kind if kind in BACKENDS and largest <= (SMALL if program.arguments else SMALL_ALONE) else "arrays"


def _operations(normal: Normal) -> int:
    """How many scalar operations there are."""
    sums = [args for args in normal.args if args.__class__ is Sum]
    others = len(normal.ops) - normal.ops.count(None) - len(sums)
    return others + sum([len(right) + len(plus) + len(minus) for _, right, plus, minus, _ in sums])


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
