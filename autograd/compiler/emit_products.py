"""Matrix products as source: which axes are whose, with and without a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autograd.compiler.statements import MatMul

if TYPE_CHECKING:
    from autograd.compiler.emit_arrays import Emitter

__all__ = ["emit_product"]


def emit_product(emitter: Emitter, s: MatMul) -> None:
    """One call of ``matmul``, with the axes where NumPy wants them."""
    target, left, right = s.target, s.left, s.right
    if left.batched and right.batched and not target.batched:
        _over_the_batch(emitter, s)
        return
    blocks, rows, columns = target.shape
    drop: tuple[int, ...] = (0,) if blocks == 1 else ()
    if left.batched:
        args = emitter.whole(left, "first"), emitter.whole(right.transposed(0, 2, 1), "first")
        out, form = target, "first"
    elif right.batched:
        form = ""
        if columns == 1:
            args = emitter.whole(left.without(drop)), emitter.whole(right.without((*drop, 1)))
            out = target.without((*drop, 2))
        else:
            out = target.transposed(0, 2, 1).without(drop)
            if blocks == 1:
                args = emitter.whole(left.without(drop)), emitter.whole(right.without(drop))
            else:
                spread = replace(
                    left, shape=(blocks, 1, *left.shape[1:]), strides=(left.strides[0], 0, *left.strides[1:])
                )
                args = emitter.whole(spread), emitter.whole(right)
    else:
        form = ""
        if columns == 1 and blocks == 1:
            args, out = (
                (emitter.whole(left.without((0,))), emitter.whole(right.without((0, 1)))),
                target.without((0, 2)),
            )
        elif rows == 1 and blocks == 1:
            args, out = (
                (emitter.whole(right.without((0,))), emitter.whole(left.without((0, 1)))),
                target.without((0, 1)),
            )
        else:
            args = emitter.whole(left.without(drop)), emitter.whole(right.transposed(0, 2, 1).without(drop))
            out = target.without(drop)
    if s.mode == "=":
        emitter.call("matmul", *args, out=emitter.names(out, form))
    else:
        shape = out.shape
        scratch = emitter.temporary(("batch_size", *shape) if form else shape, out.batched and not form)  # type: ignore[arg-type]
        emitter.call("matmul", *args, out=scratch)
        name = emitter.names(out, form)
        emitter.call("add" if s.mode == "+=" else "subtract", name, scratch, out=name)


def _over_the_batch(emitter: Emitter, s: MatMul) -> None:
    """``Σₖ Σ_batch``: a product over the batch for each term, then their sum."""
    target, left, right = s.target, s.left, s.right
    blocks, _, terms = left.shape
    columns = right.shape[1]
    drop: tuple[int, ...] = (0,) if blocks == 1 else ()
    if terms == 1:
        if columns == 1 and blocks == 1:
            args = emitter.whole(left.without((0, 2))), emitter.whole(right.without((0, 1, 2)))
            out = target.without((0, 2))
        else:
            args = emitter.whole(left.without((*drop, 2))), emitter.whole(right.without((*drop, 2)), "T")
            out = target.without(drop)
        source = emitter.names(out) if s.mode == "=" else emitter.temporary(out.shape, False)
        emitter.call("matmul", *args, out=source)
    else:
        a, b = left.transposed(0, 2, 1).without(drop), right.transposed(0, 2, 1).without(drop)
        out = target.without(drop)
        shape = (*out.shape[:-2], terms, *out.shape[-2:])
        each = emitter.temporary(shape, False)
        emitter.call("matmul", emitter.whole(a), emitter.whole(b, "T"), out=each)
        source = emitter.names(out) if s.mode == "=" else emitter.temporary(out.shape, False)
        emitter.call("add.reduce", each, str(len(shape) - 3), "None", source)
    if s.mode != "=":
        emitter.accumulate(out, s.mode, source)
