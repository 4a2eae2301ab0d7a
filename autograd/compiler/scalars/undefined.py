"""Where a program may meet nan and infinity, as the domains say: zero adjoints are guarded there."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from autograd import ops
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Sum, batch_sum, operands_of
from autograd.op import REAL, Op

__all__ = ["discarded_nan", "may_be_infinite", "may_be_undefined"]


def may_be_infinite(op: Op, literals: Sequence[float | None]) -> bool:
    """Whether a partial can be infinite or nan where the operands are finite, overflow apart: so says the domain."""
    if op is ops.mul_no_nan:  # infinite operands are what it is for
        return not any(x is not None and isfinite(x) for x in literals)
    if op is ops.where or (op is ops.pow and literals[1] is not None and literals[1] >= 1.0):
        return False
    domains = op.domain if op.arity else op.domain * len(literals)
    return any(d != REAL and not (x is not None and x in d) for d, x in zip(domains, literals, strict=True))


def discarded_nan(builder: Builder) -> set[int]:
    """Nodes that may be nan, or have an operand that is, while the results are not, because an operation discards it.

    ``where`` discards the operand it does not choose, and a product that respects a zero adjoint the other factor. A
    zero that comes back to such a node has to win over nan. Examples and parameters that are nan themselves are not
    looked for: with them every product would be guarded, and no matrix be found.
    """
    out = builder.out
    if ops.where not in out.ops and ops.mul_no_nan not in out.ops:
        return set()
    kept: list[tuple[int, ...]] = [
        args[1:] if op is ops.where or op is ops.mul_no_nan else () for op, args in zip(out.ops, out.args, strict=True)
    ]
    undefined: list[bool] = []
    for op, args in zip(out.ops, out.args, strict=True):
        if op is None:
            undefined.append(False)
            continue
        operands = operands_of(args)
        literals = [] if isinstance(args, Sum) else [builder.number(a) if a < 0 else None for a in args]
        undefined.append(any(a >= 0 and undefined[a] for a in operands) or may_be_undefined(op, literals))
    hidden = [False] * len(out.ops)
    found: set[int] = set()
    for i in range(len(out.ops) - 1, -1, -1):
        op = out.ops[i]
        if op is None:
            continue
        operands = operands_of(out.args[i])
        for a in operands if hidden[i] else kept[i]:
            if a >= 0:
                hidden[a] = True
        if hidden[i] and undefined[i]:
            found.add(i)
    return found


def may_be_undefined(op: Op, literals: Sequence[float | None]) -> bool:
    """Whether a result can be nan or infinite where the operands are finite, overflow apart."""
    if op is ops.where or op is ops.mul_no_nan or op is batch_sum or not literals:
        return False
    if op is ops.pow and literals[1] is not None:
        return not (literals[1] >= 0.0 and literals[1].is_integer())
    return may_be_infinite(op, literals)
