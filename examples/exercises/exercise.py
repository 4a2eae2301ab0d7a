"""What an exercise is: a task, arguments to try an answer with, and the right results, found by the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .how import Array, How
from .mistakes import Mistake

SEEDS = range(4)  # of the arguments
Results = dict[str, Array]  # by name; those of a list are named dWs[0], dWs[1], ...


@dataclass(frozen=True)
class Call:
    """Arguments, and in a word which case they are where an exercise has several."""

    arguments: tuple[Any, ...]
    case: str = ""


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function to write.

    Parameters
    ----------
    answer : callable
        ``answer(how, *arguments)`` gives the results by name; a result may be a list. Its name is that of the function
        to write, its docstring is the task.
    parameters : str
        Of the function to write.
    draw : callable
        ``draw(rng)`` gives the arguments of one call, or of several as a list of calls.
    numbers : bool
        Whether it is a function of single numbers that a document applies to arrays.
    pairs : bool
        Whether two mistakes at once are looked for, which takes long where networks are trained.
    """

    answer: Callable[..., dict[str, Any]]
    parameters: str
    draw: Callable[[np.random.Generator], Any]
    numbers: bool = False
    pairs: bool = True

    @property
    def name(self) -> str:
        """Of the function to write."""
        return self.answer.__name__

    @property
    def task(self) -> str:
        """What it is to do."""
        return "\n".join(line.strip() for line in str(self.answer.__doc__).strip().splitlines())

    @cache  # noqa: B019 - exercises are as many as there are, and stay
    def calls(self) -> tuple[Call, ...]:
        """The same for everybody, so that an answer is judged alike every time."""
        drawn = [self.draw(np.random.default_rng([seed, 19])) for seed in SEEDS]
        return tuple(c for one in drawn for c in (one if isinstance(one, list) else [Call(one)]))

    def results(self, how: How, call: Call) -> Results:
        """What comes out if everything is done as ``how`` does it."""
        with np.errstate(all="ignore"):
            return dict(flat(self.answer(how, *copied(call.arguments))))

    @cache  # noqa: B019
    def right(self, number: int) -> Results:
        """The right results of a call."""
        return self.results(How(), self.calls()[number])

    @cache  # noqa: B019
    def wrong(self, mistake: type[Mistake], number: int) -> Results | None:
        """Those with a mistake; None where it cannot be made, or makes no difference."""
        try:
            found = self.results(mistake(), self.calls()[number])
        except (ValueError, ArithmeticError, IndexError):
            return None
        return None if alike(found, self.right(number)) else found

    @cache  # noqa: B019
    def pair(self, one: type[Mistake], other: type[Mistake]) -> type[Mistake]:
        """Both at once."""
        return type(f"{one.__name__}And{other.__name__}", (one, other), {})

    @cache  # noqa: B019
    def form(self, number: int = 0) -> dict[str, Any]:
        """The results of a call by name, lists as lists."""
        return self.answer(How(), *copied(self.calls()[number].arguments))


class Exercises(dict[str, Exercise]):
    """Those of one document, by name in its order; called, it adds the function below."""

    def __call__(
        self, parameters: str, draw: Callable[[np.random.Generator], Any], *, numbers: bool = False, pairs: bool = True
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add an exercise."""

        def add(answer: Callable[..., Any]) -> Callable[..., Any]:
            self[answer.__name__] = Exercise(answer, parameters, draw, numbers, pairs)
            return answer

        return add


def value_and_derivative(draw: Callable[[np.random.Generator], tuple[Any, ...]]) -> Callable[..., list[Call]]:
    """Two calls: without ``deriv``, and with it."""

    def calls(rng: np.random.Generator) -> list[Call]:
        arguments = draw(rng)
        return [Call(arguments, "the value"), Call((*arguments, True), "the derivative (deriv=True)")]

    return calls


def flat(results: dict[str, Any]) -> Iterator[tuple[str, Array]]:
    """Each array of a list by itself."""
    for name, result in results.items():
        if isinstance(result, list):
            yield from ((f"{name}[{i}]", np.asarray(entry, dtype=float)) for i, entry in enumerate(result))
        else:
            yield name, np.asarray(result, dtype=float)


def copied(argument: Any) -> Any:
    """Arrays and lists of them anew, so that nobody changes them for others."""
    if isinstance(argument, Array):
        return argument.copy()
    if isinstance(argument, list | tuple):
        return type(argument)(copied(entry) for entry in argument)
    return argument


def alike(found: Results, expected: Results) -> bool:
    """Whether all results are the same."""
    return all(same(name, found[name], expected[name]) for name in expected)


def same(name: str, found: Array, expected: Array) -> bool:
    """Equal, but for rounding in single precision and for axes of length one."""
    fits = pressed(name, found, expected) == pressed(name, expected, expected)
    return fits and bool(np.all(apart(found, expected) <= 1.0))


def apart(found: Array, expected: Array) -> Array:
    """The distances, in units of what is allowed."""
    found = found.reshape(expected.shape)
    largest = np.max(np.abs(expected[np.isfinite(expected)]), initial=1e-30)
    allowed = 1e-5 * (largest + np.abs(expected))  # single precision has 6e-8, of which some come together
    equal = (found == expected) | (np.isnan(found) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        distance = np.where(equal, 0.0, np.abs(found - expected) / allowed)
    return np.where(np.isnan(distance), np.inf, distance)


def pressed(name: str, array: Array, expected: Array) -> tuple[int, ...]:
    """A shape without the axes of length one that do no harm.

    Of weights, and of a single result that is a matrix, those are the first ones, which NumPy adds by itself: a column
    for a row would make a square of their difference. Everywhere else it is all of them.
    """
    ones = [n == 1 for n in array.shape]
    if expected.ndim == 2 and name.lstrip("d")[:1] in ("", "w", "W"):
        return array.shape[ones.index(False) :] if False in ones else ()
    return tuple(n for n in array.shape if n != 1)
