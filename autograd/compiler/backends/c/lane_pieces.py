"""Long sums in lanes, a few terms at a time: each as soon as it is there, and nothing waits for the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter

from autograd.compiler.backends.c.lane_steps import OVER_EXAMPLES, Step, Term, sum_of, terms_of

__all__ = ["in_pieces"]

# A piece has so many terms, with what there is already as one more: the runtime has operations of these lengths.
PRODUCTS, NUMBERS = 4, 3


def in_pieces(steps: Sequence[Step], new: Callable[[], int]) -> list[Step]:
    """The same numbers but for the order of long sums, from steps none of which reads more than a few.

    Parameters
    ----------
    steps : sequence of Step
        Each after those whose results it reads.
    new : callable
        What numbers a result.
    """
    made = {a: at for at, s in enumerate(steps, 1) if s.name not in OVER_EXAMPLES for a in s.targets}
    found: list[list[Step]] = [[] for _ in range(len(steps) + 1)]  # before the first step, and from each to the next
    for at, s in enumerate(steps, 1):
        terms = terms_of(s)
        if len(terms) <= 1 + PRODUCTS:
            found[at].append(s)
            continue
        placed = sorted([(max([made.get(a, 0) for a in term[1]]), term) for term in terms], key=itemgetter(0))
        pieces, before = _pieces(placed), list[Term]()
        for piece in pieces:
            target = s.targets[0] if piece is pieces[-1] else new()
            found[piece[-1][0]].append(sum_of(target, [*before, *[term for _, term in piece]]))
            before = [(False, (target,))]
    return [*chain.from_iterable(found)]


Placed = tuple[int, Term]


def _pieces(terms: Sequence[Placed]) -> list[list[Placed]]:
    """Terms in their order, so many at a time."""
    found: list[list[Placed]] = []
    for placed in terms:
        room = (PRODUCTS if len(found[-1][0][1][1]) == 2 else NUMBERS) if found else 0
        if not found or len(found[-1]) >= room:
            found.append([])
        found[-1].append(placed)
    return found
