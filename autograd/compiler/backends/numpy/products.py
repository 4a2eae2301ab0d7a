"""Matrix products as source: which axes are whose, with and without a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograd.compiler.backends.numpy.lines import Lines
from autograd.compiler.matrices.statements import MatMul
from autograd.compiler.matrices.views import View

__all__ = ["emit_product"]


def emit_product(lines: Lines, s: MatMul) -> None:
    """One matrix product, with the axes where NumPy wants them."""
    target, left, right = s.target, s.left, s.right
    blocks, _, columns = target.shape
    plain = "multiply" if left.shape[2] == 1 else "dot"  # an outer product, which dot is not right for, see _write
    drop: tuple[int, ...] = (0,) if blocks == 1 else ()
    if s.over_batch:
        _over_the_batch(lines, s)
    elif left.batched:
        args = lines.whole(left, "first"), lines.whole(right.transposed(0, 2, 1), "first")
        _write(lines, s.mode, args, target, "first")
    elif not right.batched:
        out = target.without(drop)
        if _lies_on_its_side(out):
            left, right, out = right, left, out.transposed(1, 0)
        args = lines.whole(left.without(drop)), lines.whole(right.transposed(0, 2, 1).without(drop))
        _write(lines, s.mode, args, out, plain=plain)
    elif columns == 1:
        args = lines.whole(left.without(drop)), lines.whole(right.without((*drop, 1)))
        _write(lines, s.mode, args, target.without((*drop, 2)), plain=plain)
    else:  # every column is a product of its own
        left = replace(left, shape=(blocks, 1, *left.shape[1:]), strides=(left.strides[0], *left.strides))
        args = lines.whole(left.without(drop)), lines.whole(right.without(drop))
        _write(lines, s.mode, args, target.transposed(0, 2, 1).without(drop))


def _lies_on_its_side(out: View) -> bool:
    """Whether a matrix is contiguous column by column, so that its transpose is the better one to write."""
    return len(out.shape) == 2 and not out.contiguous and out.transposed(1, 0).contiguous


def _write(lines: Lines, mode: str, args: tuple[str, str], out: View, form: str = "", plain: str = "dot") -> None:
    """``plain`` where it can be: ``dot`` is the same product with half the overhead, for two matrices.

    But for a column and a matrix of one number, or that and a row: these are handed to ``axpy`` of BLAS, which leaves
    out what is multiplied by zero, be it nan.
    """
    name = plain if not form and len(out.shape) + out.batched <= 2 else "matmul"
    if mode == "=":
        lines.call(name if out.contiguous or name != "dot" else "matmul", *args, out=lines.views(out, form))
        return
    shape: tuple[Any, ...] = ("batch_size", *out.shape) if form else out.shape
    scratch = lines.temporary(shape, out.batched and not form)
    lines.call(name, *args, out=scratch)
    target = lines.views(out, form)
    lines.call("add" if mode == "+=" else "subtract", target, scratch, out=target)


def _over_the_batch(lines: Lines, s: MatMul) -> None:
    """``Σₖ Σ_batch``: a product over the batch for each term, then their sum."""
    target, left, right = s.target, s.left, s.right
    blocks, _, terms = left.shape
    drop: tuple[int, ...] = (0,) if blocks == 1 else ()
    out = target.without(drop)
    if terms == 1:
        if _lies_on_its_side(out):
            left, right, out = right, left, out.transposed(1, 0)
        args = lines.whole(left.without((*drop, 2))), lines.whole(right.without((*drop, 2)), "T")
        # With one example it is a column by a row; if one of these is one number, see _write.
        _write(lines, s.mode, args, out, plain="dot" if out.shape.count(1) != 1 else "matmul")
        return
    a, b = left.transposed(0, 2, 1).without(drop), right.transposed(0, 2, 1).without(drop)
    shape = (*out.shape[:-2], terms, *out.shape[-2:])
    each = lines.temporary(shape)
    lines.call("matmul", lines.whole(a), lines.whole(b, "T"), out=each)
    source = lines.views(out) if s.mode == "=" else lines.temporary(out.shape)
    lines.call("add.reduce", each, str(len(shape) - 3), "None", source)
    if s.mode != "=":
        lines.accumulate(out, s.mode, source)
