"""Pass 2, normalise: chains of additions become one sum of products each, and what is computed twice is merged."""

from __future__ import annotations

from autograd import ops
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Terms
from autograd.compiler.scalars.tape import Tape
from autograd.op import Op

__all__ = ["normalise"]

_ADDITIVE = frozenset((ops.add, ops.sub, ops.neg, ops.sum, ops.dot))
_ABSORBING = frozenset((ops.add, ops.sub, ops.neg, ops.sum))


def normalise(tape: Tape) -> Builder:
    """Flatten sums, pair single-use products under them, fold constants, merge what is identical."""
    return _Normaliser(tape).run()


class _Normaliser:
    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.builder = Builder(tape.constants, tape.sizes)
        self.new: list[int] = [0] * len(tape.ops)  # tape index -> new operand, of what is not absorbed
        # Terms of a sum that is still growing, with a sign each relative to ``flipped`` of the owner.
        self.terms: dict[int, tuple[list[int], list[bool], bool]] = {}

    def run(self) -> Builder:
        tape, builder, new = self.tape, self.builder, self.new
        self.inner, self.product = inner, product = self._absorbed()
        for i, (op, args) in enumerate(zip(tape.ops, tape.args, strict=True)):
            if op is None:
                new[i] = builder.new_leaf(args)
            elif op in _ADDITIVE:
                if inner[i] or any(a >= 0 and (inner[a] or product[a]) for a in args) or op is ops.dot:
                    terms = self._collected(op, args)
                    if inner[i]:
                        self.terms[i] = terms
                    else:
                        new[i] = self._finish(*terms)
                else:
                    plus = [new[a] if a >= 0 else a for a in args]
                    minus = [plus.pop()] if op is ops.sub or op is ops.neg else ()
                    new[i] = builder.add_up((), (), plus, minus)
            elif not self.product[i]:
                new[i] = builder.operation(op, tuple([new[a] if a >= 0 else a for a in args]))
        builder.out.outputs = [self._operand(a) for a in tape.outputs]
        builder.out.order = list(range(len(builder.out.ops)))
        return builder

    def _absorbed(self) -> tuple[list[bool], list[bool]]:
        """Which additions and which products have one use, and that in a sum."""
        tape = self.tape
        uses, absorbed = [0] * len(tape.ops), [0] * len(tape.ops)
        for op, args in zip(tape.ops, tape.args, strict=True):
            if op is not None:
                for a in args:
                    if a >= 0:
                        uses[a] += 1
                if op in _ABSORBING:
                    for a in args:
                        if a >= 0:
                            absorbed[a] += 1
        for a in tape.outputs:
            if a >= 0:
                uses[a] += 1
        single = [n == 1 == m for n, m in zip(uses, absorbed, strict=True)]
        inner = [s and op in _ADDITIVE for s, op in zip(single, tape.ops, strict=True)]
        product = [s and op is ops.mul for s, op in zip(single, tape.ops, strict=True)]
        return inner, product

    def _operand(self, a: int) -> int:
        return self.new[a] if a >= 0 else a

    # ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    # A term is a node of the tape, or (dot) a pair of them written as a product that has no node.

    def _collected(self, op: Op, args: tuple[int, ...]) -> tuple[list[int], list[bool], bool]:
        """The terms of a sum, taking over the list of an operand that only serves this sum."""
        if op is ops.dot:
            n = len(args) // 2
            return list(zip(args[:n], args[n:], strict=True)), [False] * n, False  # type: ignore[arg-type]
        signs = (False, True) if op is ops.sub else (True,) if op is ops.neg else (False,) * len(args)
        inner = self.inner
        nodes: list[int] = []
        minus: list[bool] = []
        flipped = False
        for a, negative in zip(args, signs, strict=True):
            if a >= 0 and inner[a]:
                more, more_minus, more_flipped = self.terms.pop(a)
                more_flipped ^= negative
                if len(more) > len(nodes):  # keep the longer list: a chain of a million terms is copied never
                    nodes, more = more, nodes
                    minus, more_minus = more_minus, minus
                    flipped, more_flipped = more_flipped, flipped
                nodes.extend(more)
                change = flipped ^ more_flipped
                minus.extend([not m for m in more_minus] if change else more_minus)
            else:
                nodes.append(a)
                minus.append(negative ^ flipped)
        return nodes, minus, flipped

    def _finish(self, nodes: list[int], minus: list[bool], flipped: bool) -> int:
        """The finished sum: products apart from other terms."""
        tape, product, new = self.tape, self.product, self.new
        terms = Terms()
        pairs = terms.minus_pairs, terms.pairs
        plain = terms.minus, terms.plus
        for t, m in zip(nodes, minus, strict=True):
            if isinstance(t, tuple):
                a, b = t
            elif t >= 0 and product[t]:
                a, b = tape.args[t]
            else:
                plain[m is flipped].append(new[t] if t >= 0 else t)
                continue
            pairs[m is flipped].append((new[a] if a >= 0 else a, new[b] if b >= 0 else b))
        return self.builder.sum(terms)
