"""What is handed on to nodes while the chain rule walks backwards, and the adjoints that this adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from autograd import ops
from autograd.compiler.scalars.builder import Builder, Pairs
from autograd.compiler.scalars.normal import Terms, batch_sum

__all__ = ["Adjoints", "Handed"]


class Handed:
    """The terms that were handed on to each node, the last reader's first: products with an adjoint, and adjoints."""

    def __init__(self) -> None:
        self.pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.minus_pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.plus: defaultdict[int, list[int]] = defaultdict(list)
        self.minus: defaultdict[int, list[int]] = defaultdict(list)

    def by_rank(self, others: Handed) -> Any:
        """For each sort of term where it goes, by the rank of its node: to ``others``, unless it differs by example."""
        return [((getattr(others, sort),) * 3 + (mine,)) for sort, mine in vars(self).items()]


class Adjoints:
    """Writes adjoints as nodes, and knows of some that they are not zero.

    Parameters
    ----------
    builder : Builder

    Attributes
    ----------
    own : Handed
        What a node is handed for itself.
    summed : Handed
        What every example hands on to what all share.
    """

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.own, self.summed = Handed(), Handed()
        self.take = [terms.pop for terms in vars(self.own).values()]
        self.nonzero: set[int] = set()

    def of(self, i: int) -> int | None:
        """The adjoint of a node: all terms together; None if there are none."""
        builder = self.builder
        take_pairs, take_minus_pairs, take_plus, take_minus = self.take
        pairs: Pairs = take_pairs(i, ())
        minus_pairs: Pairs = take_minus_pairs(i, ())
        plus: Sequence[int] = take_plus(i, ())
        minus: Sequence[int] = take_minus(i, ())
        if builder.examples:
            shared = self._shared(i)
            alone = not (pairs or minus_pairs or plus or minus) and len(shared) == len(shared.pairs) == 1
            if alone and all(map(builder.is_batched, shared.pairs[0])):
                return builder.append(batch_sum, shared.pairs[0])  # of weights, most often
            if len(shared):
                shared = builder.total(shared)
                pairs, minus_pairs = [*pairs, *shared.pairs], [*minus_pairs, *shared.minus_pairs]
                plus, minus = [*plus, *shared.plus], [*minus, *shared.minus]
        count = len(pairs) + len(minus_pairs) + len(plus) + len(minus)
        if count > 1:
            return builder.add_up(pairs[::-1], minus_pairs[::-1], plus[::-1], minus[::-1])
        if plus:
            return plus[0]
        if not count:
            return None
        factors = pairs[0] if pairs else minus_pairs[0] if minus_pairs else minus
        if pairs and max(factors) >= 0:
            y = builder.operation(ops.mul, pairs[0])
        else:
            y = builder.add_up(pairs, minus_pairs, plus, minus)
        if y >= 0 and all(map(self.is_nonzero, factors)):
            self.nonzero.add(y)
        return y

    def _shared(self, i: int) -> Terms:
        """What is to be summed over the examples."""
        terms, summed = Terms(), self.summed
        terms.pairs += summed.pairs.pop(i, ())
        terms.minus_pairs += summed.minus_pairs.pop(i, ())
        terms.plus += summed.plus.pop(i, ())
        terms.minus += summed.minus.pop(i, ())
        return terms

    def is_nonzero(self, a: int) -> bool:
        """Whether an adjoint cannot be zero, overflow apart, so that no row needs a mask."""
        if a < 0:
            return self.builder.number(a) != 0.0
        if a in self.nonzero:
            return True
        return self.builder.examples and self.builder.is_count(a)
