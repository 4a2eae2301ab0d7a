"""How a program in normal form grows: by one node after the other, and nothing is computed twice.

Normalising writes a recorded program down, and differentiating lets it grow: a derivative is more of the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from autograd import floats, ops
from autograd.compiler.scalars.normal import Normal, Sum, Terms, batch_sum, operands_of
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, PARAMETER
from autograd.op import Op

__all__ = ["ORDERED", "Builder"]

# So many factors are multiplied one after the other without being slower on any back end; XLA takes 5 times as long for
# twice as many.
ORDERED = 16

# Operations that a constant may make simpler.
_SIMPLIFIED = frozenset((ops.mul, ops.prod, ops.where, ops.mul_no_nan))


class Builder:
    """A program in normal form that grows, each node from operands that are there already."""

    def __init__(self, constants: Sequence[float], sizes: Sequence[int]) -> None:
        self.out = Normal(constants=list(constants), sizes=list(sizes))
        self.constants = {x.hex(): -1 - k for k, x in enumerate(constants)}
        self.seen: dict[object, int] = {}
        self.rank: list[int] = []  # of nodes, to orient products: parameter, fixed, computed, batched
        self.examples = len(sizes) > FIRST_BATCHED  # whether anything differs by example

    # ── Leaves and numbers ───────────────────────────────────────────────────────────────────────────────────────────

    def leaf(self, place: int, slot: int) -> int:
        """The node of a number that is there when the program runs."""
        key = (None, place, slot)
        i = self.seen.get(key)
        if i is None:
            i = self.seen[key] = self.new_leaf((place, slot))
        return i

    def new_leaf(self, args: tuple[int, ...]) -> int:
        """The node of a number that has none yet."""
        place = args[0]
        self.out.ops.append(None)
        self.out.args.append(args)
        self.rank.append(0 if place == PARAMETER else 1 if place < FIRST_BATCHED else 3)
        return len(self.out.ops) - 1

    def number(self, a: int) -> float:
        """The constant that an operand below zero stands for."""
        return self.out.constants[-1 - a]

    def constant(self, x: float) -> int:
        """The operand of a constant."""
        key = x.hex()
        if key not in self.constants:
            self.constants[key] = -1 - len(self.out.constants)
            self.out.constants.append(x)
            self.out.sizes[CONSTANT] = len(self.out.constants)
        return self.constants[key]

    def is_batched(self, a: int) -> bool:
        """Whether there is one of it for each example."""
        return a >= 0 and self.rank[a] == 3

    # ── Operations ───────────────────────────────────────────────────────────────────────────────────────────────────

    def operation(self, op: Op, args: tuple[int, ...]) -> int:
        """The node of an operation that is no sum: one that is there, a constant, or a new one."""
        if op in _SIMPLIFIED:
            if op is ops.mul:
                args = self.oriented(*args)
                if args[0] < 0 and self.number(args[0]) == 1.0:
                    return args[1]
                if self.examples and {self.seen.get((None, COUNT, 0)), self.seen.get((None, COUNT, 1))} == {*args}:
                    return self.constant(1.0)
            elif op is ops.prod:
                return self._product(args)
            elif args[0] < 0:
                first = self.number(args[0])
                if op is ops.where:
                    return args[1] if first else args[2]
                return self.operation(ops.mul, args) if first else self.constant(0.0)
        for a in args:
            if a >= 0:
                return self.append(op, args)
        return self.constant(op.value(floats, *map(self.number, args)))

    def oriented(self, a: int, b: int) -> tuple[int, int]:
        """The factors of a product in one order, so that mixed spellings find the same matrices.

        Constants first, then parameters, other numbers, what is computed, and last what differs by example.
        """
        rank = self.rank
        return (b, a) if a >= 0 and (b < 0 or rank[a] > rank[b]) else (a, b)

    def _all_oriented(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        rank = self.rank
        return [(b, a) if a >= 0 and (b < 0 or rank[a] > rank[b]) else (a, b) for a, b in pairs]

    def _product(self, args: tuple[int, ...]) -> int:
        """A product of any number of factors: of a few in their order, so that it overflows where the function does.

        Of more as a balanced tree, whose depth is the logarithm of its length: arrays would wait for each other else.
        """
        if len(args) <= ORDERED:
            return reduce(lambda a, b: self.operation(ops.mul, (a, b)), args)
        level = list(args)
        while len(level) > 1:
            odd = [level.pop()] if len(level) % 2 else []
            level = [self.operation(ops.mul, pair) for pair in zip(level[::2], level[1::2], strict=True)] + odd
        return level[0]

    def append(self, op: Op, args: tuple[int, ...] | Sum) -> int:
        """The node of an operation as it is, unless it is there."""
        out, rank = self.out, self.rank
        new = len(rank)
        i = self.seen.setdefault((op, args), new)
        if i == new:
            out.ops.append(op)
            out.args.append(args)
            by_example = self.examples and op is not batch_sum and any(map(self.is_batched, operands_of(args)))
            rank.append(3 if by_example else 2)
        return i

    # ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def sum(self, terms: Terms) -> int:
        """The node of a finished sum: constants added up, factors of one dropped, products of one sign kept as such."""
        plus, minus = terms.plus, terms.minus
        pairs, minus_pairs = terms.pairs, terms.minus_pairs
        if len(plus) == 1 and not (pairs or minus or minus_pairs):
            return plus[0]
        if pairs or minus_pairs:
            pairs, minus_pairs = self._all_oriented(pairs), self._all_oriented(minus_pairs)
        if (
            (pairs and min(pairs)[0] < 0)
            or (plus and min(plus) < 0)
            or (minus and min(minus) < 0)
            or (minus_pairs and min(minus_pairs)[0] < 0)
        ):
            plus, minus = list(plus), list(minus)
            constant = self._constants(pairs, plus) - self._constants(minus_pairs, minus)
            if constant != 0.0 or not (pairs or minus_pairs or plus or minus):
                plus.append(self.constant(constant))
        if pairs and minus_pairs:
            minus = [*minus, *[self.operation(ops.mul, pair) for pair in minus_pairs]]
            minus_pairs = []
        chosen, negative = pairs or minus_pairs, bool(minus_pairs)
        count = len(chosen) + len(plus) + len(minus)
        if count > 1:
            left, right = zip(*chosen, strict=True) if chosen else ((), ())
            return self.append(ops.sum, Sum(left, right, tuple(plus), tuple(minus), negative))
        if not count:
            return self.constant(0.0)
        if plus:
            return plus[0]
        y = self.operation(ops.mul, chosen[0]) if chosen else minus[0]
        return self.operation(ops.neg, (y,)) if negative or minus else y

    def _constants(self, pairs: list[tuple[int, int]], plain: list[int]) -> float:
        """Take the constants out of a sum, and the factors of one out of its products: what the constants come to."""
        number = self.number
        constant = sum([number(a) for a in plain if a < 0]) + sum([number(a) * number(b) for a, b in pairs if b < 0])
        plain[:] = [a for a in plain if a >= 0] + [b for a, b in pairs if a < 0 <= b and number(a) == 1.0]
        pairs[:] = [(a, b) for a, b in pairs if b >= 0 and (a >= 0 or number(a) != 1.0)]
        return constant

    # ── Sums over the examples ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def count(self) -> int:
        """The number of examples."""
        return self.leaf(COUNT, 0)

    @property
    def inverse(self) -> int:
        """One over the number of examples."""
        return self.leaf(COUNT, 1)

    def total(self, terms: Terms) -> Terms:
        """The sum over the examples of a sum, with what the examples share in front of the sum of what they do not."""
        found = Terms()
        for pairs, plain, products, others in (
            (terms.pairs, terms.plus, found.pairs, found.plus),
            (terms.minus_pairs, terms.minus, found.minus_pairs, found.minus),
        ):
            different: list[tuple[int, int]] = []
            for a, b in pairs:
                a, b = self.oriented(a, b)
                if self.is_batched(a):
                    different.append((a, b))
                elif self.is_batched(b):
                    products.append((a, self._batch_sum([], [b])))
                else:
                    products.append((self.count, self.operation(ops.mul, (a, b))))
            alone = [a for a in plain if self.is_batched(a)]
            products += [(self.count, a) for a in plain if not self.is_batched(a)]
            if different or alone:
                others.append(self._batch_sum(different, alone))
        return found

    def _batch_sum(self, pairs: list[tuple[int, int]], plain: list[int]) -> int:
        if len(pairs) == 1 and not plain:  # of these there are as many as weights, so they do without a Sum
            return self.append(batch_sum, pairs[0])
        left, right = zip(*pairs, strict=True) if pairs else ((), ())
        return self.append(batch_sum, Sum(left, right, tuple(plain), ()))
