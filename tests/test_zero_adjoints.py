"""An adjoint that is exactly zero wins, to every order: what it stands before might as well not be there.

Random expressions, to which something is added that is singular at this point and has no say there: the branch that
``where`` does not take, or what a dead ``relu``, an extremum or a factor of zero hides. All derivatives up to the third
are those of the expression alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value, compile, grad, gradients, hessian, jacobian
from autograd.testing.expressions import Expression
from autograd.testing.strategies import MODERATE, expressions

Function = Callable[[Sequence[Any]], Any]

# Of a number that is 0 here: what is finite and has an infinite slope, and what is itself infinite or nan.
STEEP: dict[str, Callable[[Any], Any]] = {
    "sqrt(z)": ag.sqrt,
    "z**0.5": lambda z: z**0.5,
    "z**1.5": lambda z: z**1.5,
    "asin(1 + z)": lambda z: ag.asin(1.0 + z),
    "acosh(1 + z)": lambda z: ag.acosh(1.0 + z),
    "exp(sqrt(z))": lambda z: ag.exp(ag.sqrt(z)),
    "sqrt(z) sqrt(z)": lambda z: ag.sqrt(z) * ag.sqrt(z),
    "norm": lambda z: ag.norm([z, ag.sqrt(z)]),
}
SINGULAR: dict[str, Callable[[Any], Any]] = {
    "1/z": lambda z: 1.0 / z,
    "z/z": lambda z: z / z,
    "-1/z + 1/z": lambda z: -1.0 / z + 1.0 / z,
    "z**-0.5": lambda z: z**-0.5,
    "(1 + z)**(1/z)": lambda z: (1.0 + z) ** (1.0 / z),
    "z**(z - 1)": lambda z: z ** (z - 1.0),
    "log(z)": ag.log,
    "log(z - 1)": lambda z: ag.log(z - 1.0),
    "sqrt(z - 1)": lambda z: ag.sqrt(z - 1.0),
    "(z - 1)**0.5": lambda z: (z - 1.0) ** 0.5,
    "atanh(1 + z)": lambda z: ag.atanh(1.0 + z),
    "atan2(z, z)": lambda z: ag.atan2(z, z),
    "exp(1/z)": lambda z: ag.exp(1.0 / z),
    "sin(1/z)": lambda z: ag.sin(1.0 / z),
    "log(z) log(z)": lambda z: ag.dot([ag.log(z), z], [ag.log(z), 1.0 / z]),
    "product": lambda z: ag.prod([ag.log(z), z, 1.0 / z]),
}

# Of a number that is 0 here, the expression, and what has no say.
CHOICES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "condition 0": lambda z, taken, untaken: ag.where(z, untaken, taken),
    "condition not 0": lambda z, taken, untaken: ag.where(z + 1.0, taken, untaken),
    "condition true": lambda z, taken, untaken: ag.where(True, taken, untaken),
    "condition with a jump": lambda z, taken, untaken: ag.where(ag.step(z), untaken, taken),
    "where inside where": lambda z, taken, untaken: ag.where(z, ag.where(z + 1.0, untaken, taken), taken),
    "sum with a choice": lambda z, taken, untaken: taken + ag.where(z, untaken, 2.0) * 3.0,
}
HIDDEN: dict[str, Callable[[Any, Any, Any], Any]] = {
    "times 0": lambda z, taken, hidden: taken + 0.0 * hidden,
    "times a dead relu": lambda z, taken, hidden: taken + ag.relu(z - 1.0) * hidden,
    "dead relu": lambda z, taken, hidden: taken + ag.relu(-1.0 - hidden * hidden),
    "maximum": lambda z, taken, hidden: taken + ag.maximum(-1.0 - hidden * hidden, 2.0),
    "clip": lambda z, taken, hidden: taken + ag.clip(0.5, -1.0 - hidden * hidden, 2.0 + hidden * hidden),
}
CHOICES |= HIDDEN


class Case(NamedTuple):
    """An expression, and the same expression beside something that has no say."""

    at: list[float]
    alone: Function
    beside: Function


def case(taken: Expression, inner: Expression, outer: Expression, choice: str, singular: str) -> Case:
    """``taken``, joined to ``outer`` of what is singular where a product of ``inner`` and another factor is 0."""
    at = list(taken.leaves)
    spoil = (STEEP | SINGULAR)[singular]

    def beside(x: Sequence[Any]) -> Any:
        z = (x[0] - at[0]) * inner.of(x)
        spoilt = spoil(z) if choice in HIDDEN else outer.of([*x, spoil(z)])
        return CHOICES[choice](z, taken.of(x), spoilt)

    return Case(at, taken.of, beside)


@st.composite
def cases(draw: Any) -> Case:
    """Of two leaves, so that mixed derivatives are there too."""
    choice = draw(st.sampled_from(sorted(CHOICES)))
    singular = draw(st.sampled_from(sorted(STEEP if choice in HIDDEN else STEEP | SINGULAR)))
    at = draw(st.tuples(MODERATE, MODERATE))
    taken, inner = (draw(expressions(at=at, max_steps=3)) for _ in range(2))
    return case(taken, inner, draw(expressions(at=(*at, 1.0), max_steps=3)), choice, singular)


def gradient_of_the_hessian(f: Function) -> Function:
    """All third derivatives."""
    return jacobian(lambda x: [entry for row in hessian(f)(x) for entry in row])


def flat(x: Any) -> list[float]:
    """The numbers in nested lists."""
    return [y for part in x for y in flat(part)] if isinstance(x, list) else [x]


def same(actual: Any, expected: Any) -> bool:
    """Equal, but for the rounding of sums that are added up in another order."""
    return flat(actual) == pytest.approx(flat(expected), rel=1e-9, abs=1e-9)


def test_root_that_is_not_taken_is_no_part_of_the_hessian() -> None:
    """Where the condition is a variable too: the second derivatives are those of the other branch."""

    def f(x: Sequence[Any]) -> Any:
        return ag.where(x[0], ag.sqrt(x[0]), x[1] * x[1] * x[0])

    assert hessian(f)([0.0, 3.0]) == compile(lambda x: hessian(f)(x))([0.0, 3.0]) == [[0.0, 6.0], [6.0, 0.0]]


ORDERS = pytest.mark.parametrize("derivative", [grad, hessian, gradient_of_the_hessian], ids=["1", "2", "3"])


@ORDERS
@given(case=cases())
def test_what_has_no_say_has_no_derivative_of_any_order(derivative: Any, case: Case) -> None:
    """Whatever it holds, and however it comes to have no say."""
    assert same(derivative(case.beside)(case.at), derivative(case.alone)(case.at))


@ORDERS
@given(case=cases())
def test_compiled_derivative_has_no_part_of_it_either(derivative: Any, case: Case) -> None:
    """The derivative is recorded, and its program gives the same numbers."""
    compiled = compile(lambda x: derivative(case.beside)(x), verify=False)  # elsewhere it may have a say, and be nan
    assert same(compiled(case.at), derivative(case.alone)(case.at))


@pytest.mark.parametrize("derivative", [None, grad, hessian], ids=["1", "2", "3"])
@given(case=cases())
def test_derivative_of_a_compiled_derivative_has_no_part_of_it_either(derivative: Any, case: Case) -> None:
    """The program is differentiated, of a function or of a derivative with all that it consists of."""

    def of(f: Function) -> Function:
        """One number that needs all entries of the derivative."""
        return f if derivative is None else lambda x: ag.logsumexp(flat(derivative(f)(x)))

    _, gradient = compile(of(case.beside), verify=False).value_and_grad(case.at)
    assert same(gradient, grad(of(case.alone))(case.at))


@pytest.mark.parametrize("count", [1, 24], ids=["floats", "arrays"])
def test_program_guards_a_product_that_may_be_infinite(count: int) -> None:
    """Of ``mul_no_nan`` as of a division: an adjoint of zero wins, in the program itself."""

    def f(x: Sequence[Any]) -> Any:
        pairs = zip(x[:count], x[count:], strict=True)
        return ag.sum([ag.where(a, ag.mul_no_nan(b, 1.0 / a), a * b * b) for a, b in pairs])

    at = [0.0] * count + [3.0] * count
    _, gradient = compile(f, verify=False).step(at)(at)
    assert gradient.tolist() == [9.0] * count + [0.0] * count


def test_zero_wins_in_every_partial_of_the_product_that_respects_it() -> None:
    """Beside infinity and nan; beside a finite number the derivative is that number."""
    for infinite in (math.inf, -math.inf, math.nan):
        x, y = Value(0.0), Value(infinite)
        assert gradients(ag.mul_no_nan(x, y), [x, y]) == [0.0, 0.0]
    x, y = Value(0.0), Value(3.0)
    assert gradients(ag.mul_no_nan(x, y), [x, y]) == [3.0, 0.0]


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda x: ag.sqrt(ag.step(x[0])), [-1.0]),
        (lambda x: ag.sqrt(1.0 + ag.compare(x[0], x[1])), [1.0, 2.0]),
        (lambda x: ag.sqrt(ag.where(x[0], 0.0, 1.0)), [3.0]),
    ],
    ids=["step", "compare", "condition"],
)
def test_what_is_flat_has_no_derivative_beside_an_infinite_adjoint(f: Function, at: list[float]) -> None:
    """It does not depend on its operand at all: 0 by every way, eager and compiled, and no 0 times infinity."""
    leaves = [Value(x) for x in at]
    f(leaves).backward()
    assert [x.grad for x in leaves] == grad(f)(at) == [0.0] * len(at)
    assert compile(lambda x: grad(f)(x))(at) == compile(f).step(at)(at)[1].tolist() == [0.0] * len(at)


def test_adjoint_that_is_not_zero_does_not_win() -> None:
    """``sqrt(x²)`` at 0 is infinity times 0, and so is its slope."""
    x = Value(0.0)
    assert math.isnan(gradients(ag.sqrt(x * x), x))
    assert math.isnan(gradients(ag.sqrt(x * x), x, create_graph=True).data)
