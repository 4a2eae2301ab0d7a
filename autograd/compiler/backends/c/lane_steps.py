"""Steps of a program in lanes, and how several become one: each step costs reading what it needs and a write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["OVER_EXAMPLES", "Counts", "Step", "Term", "merged", "sum_of", "terms_of"]

# Steps whose result is not in lanes.
OVER_EXAMPLES = ("batch_sum", "batch_dot")


class Counts(NamedTuple):
    """How many terms of each kind a sum has; its operands stand in that order, factors side by side."""

    products: int = 0
    less: int = 0  # products that are subtracted
    plus: int = 0
    minus: int = 0


class Step(NamedTuple):
    """An operation whose operands and results are numbers in lanes, or numbers of what all examples share.

    Parameters
    ----------
    name : str
        A function of the runtime; "sum", "sin_and_cos", "dots", "batch_sum" or "batch_dot".
    targets : tuple of int
        One; two of "sin_and_cos", and any number of "dots".
    operands : tuple of int
        Of "dots" the factors that all of them share, and the other factors of each.
    counts : Counts
        Of a sum; of a function of any number of operands the first says how many; of "dots" how many products each of
        them has, and how many there are.
    signs : tuple of int
        For each of "dots" a number whose bit ``k`` says whether its product ``k`` is subtracted.
    """

    name: str
    targets: tuple[int, ...]
    operands: tuple[int, ...]
    counts: Counts = Counts()
    signs: tuple[int, ...] = ()


# What a sum adds, or subtracts where the first is true: a number or the product of two.
Term = tuple[bool, tuple[int, ...]]


def merged(steps: Sequence[Step], wanted: Sequence[int]) -> list[Step]:
    """Fewer steps that give the same numbers, but that sums may add in another order.

    A product that nothing but a sum reads is computed there, and signs are changed there: ``s + -(a * b)`` is
    ``s - a * b`` to the last bit, zeros included. Sine and cosine of the same number are found together.

    Parameters
    ----------
    steps : sequence of Step
        Each after those whose results it reads.
    wanted : sequence of int
        What is read after the last one.
    """
    return _needed(_sums(_angles(steps), wanted), wanted)


def _angles(steps: Sequence[Step]) -> list[Step]:
    """Sine and cosine of the same number as one step, where the first of them was."""
    found: dict[str, dict[tuple[int, ...], int]] = {"sin": {}, "cos": {}}
    for s in steps:
        if s.name in found:
            found[s.name].setdefault(s.operands, s.targets[0])
    pairs = {of: (sine, found["cos"][of]) for of, sine in found["sin"].items() if of in found["cos"]}
    together: list[Step] = []
    done: set[int] = set()
    for s in steps:
        pair = pairs.get(s.operands, ()) if s.name in found else ()
        if not pair or s.targets[0] not in pair:
            together.append(s)
        elif s.targets[0] not in done:
            together.append(Step("sin_and_cos", pair, s.operands))
            done.update(pair)
    return together


def _sums(steps: Sequence[Step], wanted: Sequence[int]) -> list[Step]:
    """Sums that change signs by themselves, and compute the products that only they read."""
    reads = Counter([a for s in steps for a in s.operands]) + Counter(wanted)
    products: dict[int, Term] = {}  # those that are read once
    opposite: dict[int, int] = {}  # of what is minus a number that number

    def bare(is_less: bool, factors: tuple[int, ...]) -> Term:
        """The same term, read from where there is no sign, and no product of its own."""
        signs = [a in opposite for a in factors]
        is_less ^= sum(signs) % 2 == 1
        factors = tuple([opposite.get(a, a) for a in factors])
        if len(factors) == 1 and factors[0] in products:
            other, factors = products[factors[0]]
            is_less ^= other
        return is_less, factors

    found: list[Step] = []
    for s in steps:
        terms = [bare(*term) for term in terms_of(s)]
        single = terms[0] if len(terms) == 1 else (False, ())
        if len(single[1]) == 1:
            if single[0]:
                opposite[s.targets[0]] = single[1][0]
        elif terms:
            s = Step("mul", s.targets, single[1]) if single[1] and not single[0] else sum_of(s.targets[0], terms)
            if single[1] and reads[s.targets[0]] == 1:
                products[s.targets[0]] = single
        found.append(s)
    return found


def _needed(steps: Sequence[Step], wanted: Sequence[int]) -> list[Step]:
    """Those whose results something reads, and sums over all examples."""
    read, found = {*wanted}, []
    for s in reversed(steps):
        if s.name in OVER_EXAMPLES or not read.isdisjoint(s.targets):
            read.update(s.operands)
            found.append(s)
    return found[::-1]


def terms_of(s: Step) -> list[Term]:
    """What a step adds up, if that is what it does."""
    match s.name:
        case "neg":
            return [(True, s.operands)]
        case "mul":
            return [(False, s.operands)]
        case "add" | "sub":
            return [(False, s.operands[:1]), (s.name == "sub", s.operands[1:])]
        case "sum":
            products, less, plus, _ = s.counts
            pairs, singles = s.operands[: 2 * (products + less)], s.operands[2 * (products + less) :]
            factors = [pairs[k : k + 2] for k in range(0, len(pairs), 2)] + [(a,) for a in singles]
            signs = [products <= k < products + less or k >= products + less + plus for k in range(len(factors))]
            return [*zip(signs, factors, strict=True)]
    return []


def sum_of(target: int, terms: Sequence[Term]) -> Step:
    """A sum of terms, those of a kind together."""
    kinds = [
        [of for is_less, of in terms if (is_less, len(of)) == kind]
        for kind in ((False, 2), (True, 2), (False, 1), (True, 1))
    ]
    return Step("sum", (target,), tuple([a for kind in kinds for of in kind for a in of]), Counts(*map(len, kinds)))
