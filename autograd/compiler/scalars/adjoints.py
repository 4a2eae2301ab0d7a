"""What is handed on to a node while the chain rule walks backwards, and the adjoint that this adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from autograd import ops
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Terms, batch_sum
from autograd.compiler.scalars.tape import COUNT

__all__ = ["Adjoints", "Contributions"]

# What is handed on to a node: an adjoint ``g`` as it is, ``(g, p)`` for one times a partial; for minus these ``(g,)``
# and ``(g, p, -1)``.
Contribution = int | tuple[int] | tuple[int, int] | tuple[int, int, int]
Contributions = defaultdict[int, list[Contribution]]


class Adjoints:
    """Writes adjoints as nodes, and knows of some that they are not zero."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.nonzero: set[int] = set()

    def of(self, own: list[Contribution] | None, summed: list[Contribution] | None) -> int:
        """The node of all contributions together."""
        builder = self.builder
        if own and not summed and len(own) == 1:
            term = own[0]
            if isinstance(term, int):
                return term
            if len(term) == 2 and max(term) >= 0:
                y = builder.operation(ops.mul, term)
                if y >= 0 and self.is_nonzero(term[0]) and self.is_nonzero(term[1]):
                    self.nonzero.add(y)
                return y
        terms = _terms(own or ())
        if summed:
            both = _terms(summed)
            if not own and len(both.pairs) == len(summed) == 1 and all(map(builder.is_batched, both.pairs[0])):
                return builder.append(batch_sum, both.pairs[0])  # of weights, most often
            both = builder.total(both)
            for name in Terms.__slots__:
                getattr(terms, name).extend(getattr(both, name))
        alone = len(terms) == 1
        for found in (terms.pairs, terms.minus_pairs, terms.plus, terms.minus):
            found.reverse()  # the walk met the last reader first
        y = builder.sum(terms)
        if alone and y >= 0:
            operands = [*[a for pair in terms.pairs + terms.minus_pairs for a in pair], *terms.plus, *terms.minus]
            if all(map(self.is_nonzero, operands)):
                self.nonzero.add(y)
        return y

    def is_nonzero(self, a: int) -> bool:
        """Whether an adjoint cannot be zero, overflow apart, so that no row needs a mask."""
        if a < 0:
            return self.builder.number(a) != 0.0
        if a in self.nonzero:
            return True
        seen = self.builder.seen
        return self.builder.examples and a in (seen.get((None, COUNT, 0)), seen.get((None, COUNT, 1)))


def _terms(found: Sequence[Contribution]) -> Terms:
    """What is handed on, in order, as the terms of a sum."""
    terms = Terms()
    for term in found:
        if isinstance(term, int):
            terms.plus.append(term)
        elif len(term) == 2:
            terms.pairs.append(term)
        elif len(term) == 1:
            terms.minus.append(term[0])
        else:
            terms.minus_pairs.append(term[:2])
    return terms
