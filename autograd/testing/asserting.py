"""A gradient at many points, and an engine on many expressions: what fails is made as small as it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from autograd.convert import describe
from autograd.errors import AutogradError, GradientError, OperandError
from autograd.op import Op
from autograd.testing.checking import entries
from autograd.testing.expressions import IMPORTS, Expression
from autograd.testing.oracles import absolute_gradient, high_precision
from autograd.testing.outcomes import NOISY, RIGHT, WRONG, Check
from autograd.testing.points import Point
from autograd.testing.strategies import DIFFERENTIABLE, expressions

__all__ = ["Count", "TooNoisyError", "assert_expressions", "assert_gradient"]

# Of what an expression's gradient adds up, the part that rounding may lose; the second is for a sum of nothing.
ROUNDING, LEAST = 1e-10, 1e-13


class TooNoisyError(AutogradError, AssertionError):
    """Nothing was found wrong, and less than half of the derivatives could be told from noise."""


@dataclass(frozen=True)
class Count:
    """How many derivatives were looked at.

    Attributes
    ----------
    right, noisy : int
        Those that are right, and those that are too noisy to tell.
    """

    right: int
    noisy: int


def assert_gradient(f: Callable[..., Any], df: Callable[..., Any], inputs: SearchStrategy[Any]) -> Count:
    """Assert that ``df`` is the gradient of ``f`` wherever a strategy looks.

    Parameters
    ----------
    f, df : callable
        A function and its gradient, as :func:`autograd.testing.check` takes them.
    inputs : strategy
        Points, as ``check`` takes them: ``arrays(3)``, ``st.floats(0.1, 9.0)``, ``st.tuples(arrays(2, 3), arrays(3))``
        for two arguments, ``networks()``. How many are drawn is up to the profile of Hypothesis that is in force.

    Returns
    -------
    Count
        How many derivatives are right, and how many are too noisy to tell.

    Raises
    ------
    GradientError
        If a derivative is wrong. The message is one line, for the smallest input that Hypothesis finds.
    TooNoisyError
        If more than half are too noisy to tell, so that the silence of this assertion would say little.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from autograd.testing import assert_gradient
    >>> assert_gradient(lambda x: x**2, lambda x: 0.0, inputs=st.floats(0.5, 9.0))
    Traceback (most recent call last):
    ...
    autograd.errors.GradientError: wrong: the derivative by x at 1.0 is 0, but f changes by 2 ± 2e-16: it is missing
    """
    checks: list[Check] = []
    first: list[float] = []  # the numbers of the first input that fails
    suspect = ""

    def once(at: Any) -> None:
        nonlocal suspect
        found, point = [], Point(at, f)
        # Smaller inputs are tried by the hundred, and one that fails by a hair is no better than the last that failed.
        for entry in entries(f, df, point, not first or point.numbers == first, suspect):
            found.append(entry)
            if entry.outcome == WRONG:  # the others would only take time, many times over
                first[:], suspect = first or point.numbers, entry.place
                raise GradientError(str(Check(at, (entry,))))
        checks.append(Check(at, tuple(found)))

    _search(once, inputs, "df")
    outcomes = [entry.outcome for found in checks for entry in found.entries]
    if not outcomes:
        raise OperandError("assert_gradient takes inputs with a number in them, and none of these had one; draw others")
    count = Count(outcomes.count(RIGHT), outcomes.count(NOISY))
    if count.noisy > count.right:
        example = next(found for found in checks if found.outcome == NOISY)
        raise TooNoisyError(
            f"{count.noisy} of {len(outcomes)} derivatives cannot be told from noise; give inputs away from kinks and "
            f"ends of the domain, or a function of more digits; for instance {str(example).removeprefix(NOISY + ': ')}"
        )
    return count


def assert_expressions(
    gradient: Callable[[Expression], Sequence[float]], operations: Sequence[Op] = DIFFERENTIABLE
) -> int:
    """Assert that an engine differentiates random expressions as 50 digits do.

    Parameters
    ----------
    gradient : callable
        From an :class:`Expression` to its derivatives, one for each of its ``leaves``. Use
        ``expression.run(leaves, apply)``, where ``apply(name, operands)`` is the engine's operation of that name.
    operations : sequence of Op
        What the expressions consist of, from ``autograd.ops.TABLE``.

    Returns
    -------
    int
        How many expressions there were.

    Raises
    ------
    GradientError
        With the smallest expression that fails, as code of this library.

    Examples
    --------
    >>> from autograd import gradients, ops
    >>> from autograd.testing import assert_expressions
    >>> def mine(expression):
    ...     leaves, root = expression.record()
    ...     return gradients(root, leaves)
    >>> assert_expressions(mine, [ops.add, ops.mul, ops.tanh]) > 0
    True
    """
    seen: list[Expression] = []

    def once(expression: Expression) -> None:
        found = [float(g) for g in gradient(expression)]
        if len(found) != len(expression.leaves):
            raise OperandError(
                f"gradient gives {len(found)} numbers; give one for each of {len(expression.leaves)} leaves"
            )
        leaves, root = expression.record()
        sizes = absolute_gradient(root, leaves)
        for k, (g, exact, size) in enumerate(zip(found, high_precision(expression)[1], sizes, strict=True)):
            if not abs(g - exact) <= ROUNDING * size + LEAST:
                raise GradientError(
                    f"wrong: the derivative by x{k} is {g!r}, and in 50 digits it is {float(exact)!r}, of\n"
                    f"{IMPORTS}; {expression!r}"
                )
        seen.append(expression)

    _search(once, expressions(operations), "the engine")
    return len(seen)


def _search(once: Callable[[Any], None], inputs: SearchStrategy[Any], name: str) -> None:
    """Run a test on many inputs; what it says of the smallest that fails is all that is said."""
    if not isinstance(inputs, SearchStrategy):
        hint = "call it, as in arrays(3)" if callable(inputs) else "write hypothesis.strategies.just(it)"
        raise OperandError(f"inputs takes a strategy of Hypothesis, got {describe(inputs)}; {hint}")
    last: list[GradientError] = []

    # An input may take long, and none is kept for the next run: functions that share this code have nothing in common.
    # What Hypothesis would explain, by many more of them, is not said here.
    @settings(
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=[phase for phase in settings().phases if phase != Phase.explain],
    )
    @given(inputs)
    def search(at: Any) -> None:
        try:
            once(at)
        except GradientError as error:
            last[:] = [error]
            raise

    try:
        search()
    except GradientError as error:
        message = str(error)
    except Flaky:
        message = f"{last[0]} (not every time: {name} is not deterministic)" if last else ""
        if not last:
            raise
    else:
        return
    raise GradientError(message) from None
