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
        # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
        constants = range(-len(tape.constants), 0)
        self.new: list[int] = [*[0] * len(tape.ops), *constants]  # operand -> new operand, of what is not absorbed
        self.terms: dict[int, Terms] = {}  # of sums that still grow
        self.inner, self.product = self._absorbed()

    def run(self) -> Builder:
        tape, builder, new = self.tape, self.builder, self.new
        inner, product, read = self.inner, self.product, new.__getitem__
        for i, (op, args) in enumerate(zip(tape.ops, tape.args, strict=True)):
            if op in _ADDITIVE:
                terms = self._collected(op, args)
                if inner[i]:
                    self.terms[i] = terms
                else:
                    new[i] = builder.sum(terms)
            elif op is None:
                new[i] = builder.new_leaf(args)
            elif not product[i]:
                new[i] = builder.operation(op, tuple(map(read, args)))
        builder.out.outputs = [new[a] for a in tape.outputs]
        builder.out.order = list(range(len(builder.out.ops)))
        return builder

    def _absorbed(self) -> tuple[list[bool], list[bool]]:
        """Which additions and which products have one use, and that in a sum."""
        tape = self.tape
        uses, absorbed = [0] * len(self.new), [0] * len(self.new)
        for op, args in zip(tape.ops, tape.args, strict=True):
            if op in _ABSORBING:
                for a in args:
                    absorbed[a] += 1
            elif op is not None:
                for a in args:
                    uses[a] += 1
        for a in tape.outputs:
            uses[a] += 1
        single = [n == 1 and not m for n, m in zip(absorbed, uses, strict=True)]
        others = [None] * len(tape.constants)
        inner = [s and op in _ADDITIVE for s, op in zip(single, [*tape.ops, *others], strict=True)]
        product = [s and op is ops.mul for s, op in zip(single, [*tape.ops, *others], strict=True)]
        return inner, product

    def _collected(self, op: Op, args: tuple[int, ...]) -> Terms:
        """The terms of a sum, taking over those of an operand that only serves this sum."""
        new, inner, product = self.new, self.inner, self.product
        if op is ops.dot:
            factors = [new[a] for a in args]
            n = len(factors) // 2
            return Terms(*zip(factors[:n], factors[n:], strict=True))
        found = Terms()
        for k, a in enumerate(args):
            negative = op is ops.neg or (op is ops.sub and k == 1)
            if inner[a]:
                more = self.terms.pop(a)
                if negative:
                    more.negate()
                if len(more) > len(found):  # keep the longer one: a chain of a million terms is copied never
                    found, more = more, found
                found.extend(more)
            elif product[a]:
                left, right = self.tape.args[a]
                (found.minus_pairs if negative else found.pairs).append((new[left], new[right]))
            else:
                (found.minus if negative else found.plus).append(new[a])
        return found
