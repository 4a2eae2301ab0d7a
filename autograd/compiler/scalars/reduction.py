"""What becomes of the results of the examples: their mean or their sum, as part of the program."""

from __future__ import annotations

from autograd import ops
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Sum, Terms, opened, operands_of

__all__ = ["reduce_examples"]


def reduce_examples(builder: Builder, how: str) -> None:
    """Make the results of the examples their "mean" or "sum"."""
    out = builder.out
    sums = [y for y in out.outputs if builder.is_batched(y) and isinstance(out.args[y], Sum)]
    read = {a for args in out.args for a in operands_of(args)} if sums else set()
    outputs = []
    for y in out.outputs:
        terms = Terms()
        terms.plus.append(y)
        if y in sums and y not in read and all(map(builder.is_batched, operands_of(out.args[y]))):
            terms = opened(out.args[y])  # which is one product then, or a few
            out.dropped.add(y)
        if not builder.is_batched(y):
            outputs.append(y if how == "mean" else builder.operation(ops.mul, (builder.count, y)))
            continue
        total = builder.sum(builder.total(terms))
        outputs.append(builder.operation(ops.mul, (builder.inverse, total)) if how == "mean" else total)
    out.outputs = outputs
    out.order += range(len(out.order), len(out.ops))
