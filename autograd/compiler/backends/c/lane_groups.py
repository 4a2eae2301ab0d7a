"""Steps in lanes that share operands, side by side: what they share is read once for all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import product

from autograd.compiler.backends.c.lane_steps import OVER_EXAMPLES, Counts, Step, terms_of

__all__ = ["MOST_SHARED", "grouped"]

# Sums of so many products at most are put together: MOST_SHARED of lane_operations.c.
MOST_SHARED = 3
# A step is put before so many others at most, where its operands are there: the results wait in the cache meanwhile.
AHEAD = 64

# By what it shares with others, the other factor of each product of a sum, and whether the product is subtracted.
Ways = dict[tuple[int, ...], tuple[tuple[int, ...], tuple[bool, ...]]]


def grouped(steps: Sequence[Step]) -> list[Step]:
    """The same numbers from steps "dots", each of which computes several sums of one, two or three products.

    Parameters
    ----------
    steps : sequence of Step
        Each after those whose results it reads.
    """
    ways = [_ways(s) for s in steps]
    where: dict[tuple[int, ...], list[int]] = {}  # of what can be shared the steps that do, in order
    for at, way in enumerate(ways):
        for shared in way:
            where.setdefault(shared, []).append(at)
    waited = {a for s in steps if s.name not in OVER_EXAMPLES for a in s.targets}  # results that are not there yet
    done = [False] * len(steps)
    found: list[Step] = []

    for at, s in enumerate(steps):
        if done[at]:
            continue
        members, shared = [at], ()
        for key in ways[at]:
            places = where[key]
            near = places[bisect_right(places, at) : bisect_right(places, at + AHEAD)]
            others = [k for k in near if not done[k] and waited.isdisjoint(steps[k].operands)]
            if len(others) >= len(members):
                members, shared = [at, *others], key
        found.append(_together(shared, [(steps[k], *ways[k][shared]) for k in members]) if shared else s)
        for k in members:
            done[k] = True
            if s.name not in OVER_EXAMPLES:
                waited.difference_update(steps[k].targets)
    return found


def _ways(s: Step) -> Ways:
    """What a sum of few products can share: of each product one factor."""
    terms = terms_of(s)
    if not 0 < len(terms) <= MOST_SHARED or any(len(of) == 1 for _, of in terms):
        return {}
    found: Ways = {}
    for choice in product((0, 1), repeat=len(terms)):
        chosen = sorted([(of[k], of[1 - k], is_less) for k, (is_less, of) in zip(choice, terms, strict=True)])
        shared, others, signs = zip(*chosen, strict=True)
        found[shared] = others, signs
    return found


def _together(shared: tuple[int, ...], members: Sequence[tuple[Step, tuple[int, ...], tuple[bool, ...]]]) -> Step:
    """One step in place of several, of each of which there are the factors of its own and what is subtracted."""
    return Step(
        "dots",
        tuple([s.targets[0] for s, _, _ in members]),
        shared + tuple([a for _, others, _ in members for a in others]),
        Counts(len(shared), len(members)),
        tuple([sum([is_less << k for k, is_less in enumerate(signs)]) for _, _, signs in members]),
    )
