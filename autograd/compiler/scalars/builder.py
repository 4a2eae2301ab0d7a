"""How a program in normal form grows: by one node after the other, and nothing is computed twice.

Normalising writes a recorded program down, and differentiating lets it grow: a derivative is more of the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial, reduce
from typing import Any

from autograd import floats, ops
from autograd.compiler.scalars.normal import Normal, Sum, Terms, batch_sum, operands_of
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, PARAMETER
from autograd.op import Op

__all__ = ["ORDERED", "Builder", "Pairs"]

# So many factors are multiplied one after the other without being slower on any back end; XLA takes 5 times as long for
# twice as many.
ORDERED = 16

Pairs = Sequence[tuple[int, int]]
Factors = tuple[list[int], list[int]]
ONE = (1.0).hex()
_NONE: Factors = ([], [])
_make = partial(tuple.__new__, Sum)  # in half the time that a call of the class takes

# Operations that a constant may make simpler.
_SIMPLIFIED = frozenset((ops.mul, ops.prod, ops.where, ops.mul_no_nan))


class Builder:
    """A program in normal form that grows, each node from operands that are there already."""

    def __init__(self, constants: Sequence[float], sizes: Sequence[int]) -> None:
        self.out = Normal(constants=list(constants), sizes=list(sizes))
        self.ops, self.args = self.out.ops, self.out.args  # the same lists, at hand
        self.constants = {x.hex(): -1 - k for k, x in enumerate(constants)}
        self.seen: defaultdict[Op | None, dict[Any, int]] = defaultdict(dict)  # by operation and operands
        self.rank: list[int] = []  # of nodes, to orient products: parameter, fixed, computed, batched
        self.examples = len(sizes) > FIRST_BATCHED  # whether anything differs by example

    # ── Leaves and numbers ───────────────────────────────────────────────────────────────────────────────────────────

    def leaf(self, place: int, slot: int) -> int:
        """The node of a number that is there when the program runs."""
        leaves = self.seen[None]
        if (place, slot) not in leaves:
            leaves[place, slot] = self.new_leaf((place, slot))
        return leaves[place, slot]

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
                if self.examples and self.is_count(args[0]) and self.is_count(args[1]) and args[0] != args[1]:
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
        rank = self.rank
        new = len(rank)
        i = self.seen[op].setdefault(args, new)
        if i == new:
            self.ops.append(op)
            self.args.append(args)
            by_example = self.examples and op is not batch_sum and any(map(self.is_batched, operands_of(args)))
            rank.append(3 if by_example else 2)
        return i

    # ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def sum(self, terms: Terms) -> int:
        """The node of a finished sum."""
        return self.add_up(terms.pairs, terms.minus_pairs, terms.plus, terms.minus)

    def add_up(self, pairs: Pairs, minus_pairs: Pairs, plus: Sequence[int], minus: Sequence[int]) -> int:
        """The same: constants added up, factors of one dropped, products of one sign kept as such."""
        if len(plus) == 1 and not (pairs or minus or minus_pairs):
            return plus[0]
        products = self._factors(pairs) if pairs else _NONE
        others = self._factors(minus_pairs) if minus_pairs else _NONE
        behind = (*products[1], *others[1], *plus, *minus)  # of two constants in a product one is there, too
        if not behind:
            return self.constant(0.0)
        one = self.constants.get(ONE)
        if min(behind) < 0 or one in products[0] or one in others[0]:
            products, others, plus, minus = self._factors(pairs), self._factors(minus_pairs), [*plus], [*minus]
            constant = self._constants(*products, plus) - self._constants(*others, minus)
            if constant != 0.0 or not (products[0] or others[0] or plus or minus):
                plus.append(self.constant(constant))
            behind = (*products[1], *others[1], *plus, *minus)
        if products[0] and others[0]:
            minus = [*minus, *[self.operation(ops.mul, pair) for pair in zip(*others, strict=True)]]
            others = _NONE
        negative = bool(others[0])
        left, right = others if negative else products
        if len(behind) > 1:
            return self.append(ops.sum, _make((tuple(left), tuple(right), tuple(plus), tuple(minus), negative)))
        if plus:
            return plus[0]
        y = self.operation(ops.mul, (left[0], right[0])) if left else minus[0]
        return self.operation(ops.neg, (y,)) if negative or minus else y

    def _factors(self, pairs: Pairs) -> Factors:
        """The factors of products apart, each product oriented."""
        left, right, rank = [], [], self.rank
        for a, b in pairs:
            if a >= 0 and (b < 0 or rank[a] > rank[b]):
                a, b = b, a
            left.append(a)
            right.append(b)
        return left, right

    def _constants(self, left: list[int], right: list[int], plain: list[int]) -> float:
        """Take the constants out of a sum, and the factors of one out of its products: what the constants come to."""
        number = self.number
        pairs = list(zip(left, right, strict=True))
        constant = sum([number(a) for a in plain if a < 0]) + sum([number(a) * number(b) for a, b in pairs if b < 0])
        plain[:] = [a for a in plain if a >= 0] + [b for a, b in pairs if a < 0 <= b and number(a) == 1.0]
        pairs = [(a, b) for a, b in pairs if b >= 0 and (a >= 0 or number(a) != 1.0)]
        left[:], right[:] = [a for a, _ in pairs], [b for _, b in pairs]
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

    def is_count(self, a: int) -> bool:
        """Whether it is one of these two."""
        return a >= 0 and self.out.ops[a] is None and self.out.args[a][0] == COUNT

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
