"""Statements as source in which every step writes into a buffer that is already there.

``bind`` makes all views once for a set of buffers; the functions it returns hold nothing but calls of NumPy with
``out=``, so a step allocates nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.compiler.backends.numpy.elementwise import UFUNCS, evaluate
from autograd.compiler.backends.numpy.lines import Lines
from autograd.compiler.backends.numpy.products import emit_product
from autograd.compiler.matrices.statements import Linear, Map, MatMul, Reduce, Segments, Statement, Take, Total
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.expressions import Expression, symbols
from autograd.op import Op

__all__ = ["Emitter"]


class Emitter(Lines):
    """Writes statements as source lines; one emitter for a program, because its passes share names."""

    def emit(self, statements: Sequence[Statement]) -> list[str]:
        """Source lines of a pass."""
        rules: dict[type, Callable[[Any], None]] = {
            Take: self._take, Map: self._map, Linear: self._linear, MatMul: lambda s: emit_product(self, s),
            Total: self._total, Segments: self._segments, Reduce: self._reduce,
        }  # fmt: skip
        for statement in statements:
            rules[type(statement)](statement)
            self.in_use = {}
        lines, self.lines = self.lines, []
        return lines

    # ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _map(self, s: Map) -> None:
        leaves = [Expression(self.operand(a, s.target.batched)) if isinstance(a, View) else a for a in s.args]
        evaluate(self, s.op.value(symbols, *leaves), s.target, self.views(s.target))

    def _linear(self, s: Linear) -> None:
        batched = s.target.batched
        mode = s.mode
        terms = [(sign, [self.operand(f, batched) for f in factors]) for sign, factors in s.terms]
        # Begin with a product, not a minus; but a number less one product is written in two calls.
        terms.sort(key=lambda term: (mode == "=" and term[0] < 0, -len(term[1])))
        out = self.views(s.target)
        if mode == "=" and len(terms) == 2 and terms[1][0] < 0 < terms[0][0] and len(terms[0][1]) == 1:
            (_, (a,)), (_, factors) = terms
            if len(factors) > 1:
                self.call("multiply", *factors, out=out)
                factors = [out]
            self.call("subtract", a, factors[0], out=out)
            return
        if mode == "=" and len(terms) > 1 and all(len(f) == 1 for _, f in terms[:2]) and terms[0][0] > 0:
            (_, (a,)), (sign, (b,)), *terms = terms
            self.call("add" if sign > 0 else "subtract", a, b, out=out)
            mode = "+="
        for sign, factors in terms:
            self.in_use = {}
            source = factors[0]
            if len(factors) > 1:
                source = out if mode == "=" else self.temporary(s.target.shape, batched)
                self.call("multiply", *factors, out=source)
            if mode != "=":
                self.call("add" if (sign > 0) == (mode == "+=") else "subtract", out, source, out=out)
                continue
            if sign < 0:
                self.call("negative", source, out=out)
            elif len(factors) == 1:
                self.call("copyto", out, source)
            mode = "+="

    # ── Whole arrays ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, s: Take) -> None:
        source, target = self.operand(s.source, s.target.batched), self.views(s.target)
        index = self.index(s.index)
        if s.positions is not None:
            self.lines.append(f"{target}[{self.index(s.positions)}] = {source}[{index}]")
        else:
            self.call("take", source, index, "0", target, "'clip'")  # 'clip': the one mode that does not buffer

    def _total(self, s: Total) -> None:
        out = self.views(s.target) if s.mode == "=" else self.temporary(s.target.shape, s.target.batched)
        source, target = s.source, s.target
        last = s.axes == (len(source.shape) - 1,)
        if source.contiguous and target.contiguous and s.over_batch and not s.axes and len(source.shape) == 1:
            self.call("dot", self.views(source), self.ones("batch_size"), out=out)
        elif source.contiguous and target.contiguous and not source.batched and last and len(source.shape) == 2:
            self.call("dot", self.views(source), self.ones(source.shape[1]), out=out)
        else:
            axes = [*s.axes, *([len(source.shape)] if s.over_batch else [])]
            axis = str(axes[0]) if len(axes) == 1 else str(tuple(axes))
            self.call("add.reduce", self.whole(source), axis, "None", out)
        if s.mode != "=":
            self.accumulate(target, s.mode, out)

    def _segments(self, s: Segments) -> None:
        out = self.views(s.target) if s.mode == "=" else self.temporary(s.target.shape, s.target.batched)
        self.call("add.reduceat", self.whole(s.source), self.index(s.starts), "0", "None", out)
        if s.mode != "=":
            self.accumulate(s.target, s.mode, out)

    def _reduce(self, s: Reduce) -> None:
        axis = len(s.source.shape) - 1
        function = _folded(s.op)
        if function:
            self.call(f"{function}.reduce", self.whole(s.source), str(axis), "None", self.views(s.target))
            return
        columns = [
            Expression(
                self.views(View(s.source.place, s.source.offset + k * s.source.strides[-1], s.target.shape, strides))
            )
            for strides in [s.source.strides[:-1]]
            for k in range(s.source.shape[-1])
        ]
        evaluate(self, s.op.value(symbols, *columns), s.target, self.views(s.target))


def _folded(op: Op) -> str:
    """The ufunc that an operation of any number of operands applies from the left to the right, if it is that."""
    a, b, c = (Expression(name) for name in "abc")
    value = op.value(symbols, a, b, c)
    if not isinstance(value, Expression) or value.function not in UFUNCS:
        return ""
    fold = value.function
    step = Expression(fold, (Expression(fold, (a, b)), c))
    begun = Expression(fold, (Expression(fold, (Expression(fold, (0.0, a)), b)), c))
    same = value.key == step.key or (fold == "hypot" and value.key == begun.key)  # of which 0 is the neutral element
    return UFUNCS[fold] if same else ""
