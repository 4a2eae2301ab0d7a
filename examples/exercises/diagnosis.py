"""Which mistake an answer has: the one that gives the same numbers, on all arguments that are tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from . import slopes, special  # noqa: F401 - their mistakes join the catalogue
from .answers import UnusableError, callable_for, results_of
from .exercise import Array, Exercise, Results, apart, pressed, same
from .mistakes import Mistake


def says(mistake: type[Mistake]) -> str:
    """What a student is told of a mistake."""
    return " ".join(str(mistake.__doc__).split())


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer.

    Parameters
    ----------
    right : bool
        Whether it gives what the engine gives.
    text : str
        For its student.
    mistakes : tuple of str
        The names of those that were recognised.
    """

    right: bool
    text: str
    mistakes: tuple[str, ...] = ()


def _catalogue(kind: type[Mistake] = Mistake) -> Iterator[type[Mistake]]:
    for mistake in kind.__subclasses__():
        yield from _catalogue(mistake) if mistake.__subclasses__() else [mistake]


CATALOGUE = tuple(_catalogue())
Found = dict[int, Results]  # by the number of the call


def judge(function: Any, exercise: Exercise) -> Verdict:
    """Compare with the engine, and look for the mistake if there is one."""
    name, found, remarks = exercise.name, {}, []
    try:
        callable_for(function, exercise)
        for number in range(len(exercise.calls())):
            found[number], said = results_of(function, exercise, number)
            remarks += [remark for remark in said if remark not in remarks]
    except UnusableError as error:
        return Verdict(False, f"{name}: {error}")
    cases: dict[str, Found] = {}
    for number, results in found.items():
        cases.setdefault(exercise.calls()[number].case, {})[number] = results
    wrong = {case: numbers for case, numbers in cases.items() if _wrong(exercise, numbers)}
    if not wrong:
        return Verdict(True, "; ".join([f"{name}: right, as the engine has it", *remarks]))
    rest = [case for case in cases if case not in wrong]
    if mistake := _first(exercise, found, CATALOGUE, list(exercise.form())):
        where = f"{', '.join(wrong)}: " if rest else ""
        rest += [result for result in exercise.form() if result not in _wrong(exercise, found)]
        return Verdict(False, f"{name}: {where}{says(mistake)}{_right(rest)}", (mistake.__name__,))
    explained = {case: _explain(exercise, numbers) for case, numbers in wrong.items()}
    text = " ".join(f"{case}: {said}" if case else said for case, (said, _) in explained.items())
    mistakes = dict.fromkeys(mistake for _, names in explained.values() for mistake in names)
    return Verdict(False, f"{name}: {text}{_right(rest)}", tuple(mistakes))


def _right(rest: list[str]) -> str:
    return f" What is right: {', '.join(rest)}." if rest else ""


def _wrong(exercise: Exercise, found: Found) -> set[str]:
    """The results that are not right, without the numbers of their entries."""
    return {
        name.partition("[")[0]
        for number, results in found.items()
        for name, expected in exercise.right(number).items()
        if not same(name, results[name], expected)
    }


def _explain(exercise: Exercise, found: Found) -> tuple[str, list[str]]:
    """By one mistake in all results, or one for each wrong result, or two in all; else by the difference."""
    wrong = _wrong(exercise, found)
    names = list(exercise.form())
    if mistake := _first(exercise, found, CATALOGUE, names):
        return says(mistake), [mistake.__name__]
    if len(names) == 2 and _exchanged(exercise, found):
        return f"The two results are exchanged: {' comes before '.join(names)}.", ["Exchanged"]
    if len(names) > 1:
        each = {name: _first(exercise, found, CATALOGUE, [name]) for name in names if name in wrong}
        known = {name: mistake for name, mistake in each.items() if mistake is not None}
        if len(known) == len(each):
            rest = [name for name in names if name not in wrong]
            if len(set(known.values())) == 1:
                (mistake, *_) = known.values()
                text = f"{' and '.join(known)}: {says(mistake)}"
            else:
                text = " ".join(f"{name}: {says(mistake)}" for name, mistake in known.items())
            return text + _right(rest), [mistake.__name__ for mistake in known.values()]
    if exercise.pairs and (both := _first(exercise, found, _pairs(exercise, found), names)):
        one, other = both.__bases__
        return f"Two things. {says(one)} And: {says(other)}", [one.__name__, other.__name__]
    return _difference(exercise, found), []


def _first(
    exercise: Exercise, found: Found, mistakes: Sequence[type[Mistake]] | Iterator[type[Mistake]], names: list[str]
) -> type[Mistake] | None:
    """The first mistake that gives these results, which are not the right ones, in every call."""
    return next((mistake for mistake in mistakes if _gives(exercise, found, mistake, names)), None)


def _gives(exercise: Exercise, found: Found, mistake: type[Mistake], names: list[str]) -> bool:
    return all(
        same(name, results[name], right)
        for number, results in found.items()
        for name, right in (exercise.wrong(mistake, number) or exercise.right(number)).items()
        if name.partition("[")[0] in names
    )


def _pairs(exercise: Exercise, found: Found) -> Iterator[type[Mistake]]:
    """Two mistakes at once, of those that make a difference here."""
    possible = [m for m in CATALOGUE if any(exercise.wrong(m, number) is not None for number in found)]
    for one, other in combinations(possible, 2):
        if not issubclass(one, other) and not issubclass(other, one):
            yield exercise.pair(one, other)


def _exchanged(exercise: Exercise, found: Found) -> bool:
    for number, results in found.items():
        right = exercise.right(number)
        if any("[" in name for name in right):
            return False
        (a, b), (x, y) = right.items(), results.values()
        if not (same(a[0], y, a[1]) and same(b[0], x, b[1])):
            return False
    return True


def _difference(exercise: Exercise, found: Found) -> str:
    """Where and by how much, in words."""
    for number, results in found.items():
        for name, expected in exercise.right(number).items():
            ours, shown = results[name], f"{name}: " if name else ""
            if pressed(name, ours, expected) != pressed(name, expected, expected):
                return f"{shown}the shape is {ours.shape}, where {expected.shape} is expected."
            if same(name, ours, expected):
                continue
            ours = ours.reshape(expected.shape)
            if not np.isfinite(ours[np.isfinite(expected)]).all():
                index = tuple(np.argwhere(~np.isfinite(ours) & np.isfinite(expected))[0].tolist())
                where = _at(exercise, number, index)
                return f"{shown}{where}it is {ours[index]}, where the engine has {_n(expected[index])}."
            ratio = _ratio(ours, expected)
            if ratio is not None:
                return f"{shown}it is {_n(ratio)} times what it should be, everywhere."
            units = apart(ours, expected)
            index = tuple(int(i) for i in np.unravel_index(np.argmax(units), units.shape))
            share = f"{np.mean(units > 1.0):.0%} of the numbers differ; " if units.size > 1 else ""
            near = " It is near: is it rounded, or found with a step that is too large?" if np.max(units) < 1e3 else ""
            return (
                f"{shown}none of the known mistakes. {share}{_at(exercise, number, index)}it is {_n(ours[index])}, "
                f"where the engine has {_n(expected[index])}.{near}"
            )
    return "it differs from the engine."


def _ratio(ours: Array, expected: Array) -> float | None:
    """Where all numbers are off by one factor."""
    at = np.abs(expected) > 1e-6 * np.max(np.abs(expected))
    if at.sum() < 2:
        return None
    ratios = ours[at] / expected[at]
    return float(ratios[0]) if np.allclose(ratios, ratios[0], rtol=1e-5) and ratios[0] else None


def _at(exercise: Exercise, number: int, index: tuple[int, ...]) -> str:
    first = exercise.calls()[number].arguments[0]
    if exercise.numbers:
        return f"for {exercise.parameters.split(',')[0]} = {_n(first[index] if isinstance(first, Array) else first)} "
    return f"at [{', '.join(map(str, index))}] " if index else ""


def _n(number: Any) -> str:
    return f"{float(number):.6g}"
