"""What the engine says when it is used wrongly: the thing, the rule, the value received, what to do.

Each error is a builtin too, so that ``except TypeError`` and ``except ValueError`` keep working.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import AutogradError, Interval, Op, Value, check_gradient, operation
from autograd.op import REAL
from tests.raised import raised

HUGE = 10**400
X = Value(2.0, label="x")


class Stranger:
    """Something of a type nobody has heard of."""

    def __repr__(self) -> str:
        return "a stranger whose description is rather long, longer than forty letters"


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

NOT_NUMBERS = [
    ("2", "str '2'; use float(text) to convert it"),
    (b"2", "bytes b'2'; use float(text) to convert it"),
    (None, "None; did a function forget its return?"),
    (1j, "complex 1j; real and imaginary part are two Values"),
    ([1.0], "list [1.0]; make one Value per entry"),
    ((1.0,), "tuple (1.0,); make one Value per entry"),
    (np.zeros(3), "numpy.ndarray of shape (3,); use autograd.values(array) for one Value per entry"),
    (np.complex128(1j), "numpy.complex128 of shape (); real and imaginary part are two Values"),
    (Value(2.0), "Value(data=2.0, grad=0.0); use value.data for its number"),
    (
        Stranger(),
        "tests.test_errors.Stranger a stranger whose description is rather …; use float(...) to convert it",
    ),
]
KINDS = [type(x).__name__ for x, _ in NOT_NUMBERS]


@pytest.mark.parametrize(("thing", "said"), NOT_NUMBERS, ids=KINDS)
def test_constructor_takes_real_numbers_only(thing: Any, said: str) -> None:
    """Whatever else comes is named, with what to pass instead."""
    assert raised(TypeError, lambda: Value(thing)) == f"Value takes a real number, got {said}"


@pytest.mark.parametrize(("thing", "said"), NOT_NUMBERS, ids=KINDS)
@pytest.mark.parametrize("name", ["data", "grad"])
def test_assignment_takes_real_numbers_only(name: str, thing: Any, said: str) -> None:
    """``data`` and ``grad`` hold to the rule of the constructor, and stay as they were."""
    leaf = Value(2.0)
    assert raised(TypeError, lambda: setattr(leaf, name, thing)) == f"Value.{name} takes a real number, got {said}"
    assert (leaf.data, leaf.grad) == (2.0, 0.0)


@pytest.mark.parametrize(("thing", "said"), NOT_NUMBERS[:6], ids=KINDS[:6])
@pytest.mark.parametrize("symbol", ["+", "−", "×", "÷", "^"], ids=["add", "sub", "mul", "div", "pow"])
def test_operator_takes_real_numbers_only(symbol: str, thing: Any, said: str) -> None:
    """Both orders of the operands give the same message."""
    f = {
        "+": lambda a, b: a + b,
        "−": lambda a, b: a - b,
        "×": lambda a, b: a * b,
        "÷": lambda a, b: a / b,
        "^": lambda a, b: a**b,
    }[symbol]
    expected = f"'{symbol}' with a Value takes a real number, got {said}"
    assert raised(TypeError, lambda: f(X, thing)) == expected
    assert raised(TypeError, lambda: f(thing, X)) == expected


def test_operator_leaves_a_stranger_its_say() -> None:
    """Another class may know what to do with a Value; if it does not, Python's own message stands."""
    assert raised(TypeError, lambda: X + Stranger()) == "unsupported operand type(s) for +: 'Value' and 'Stranger'"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("exp", lambda: autograd.exp("1")),
        ("maximum", lambda: autograd.maximum(X, "1")),
        ("hypot", lambda: autograd.hypot("1", X)),
        ("clip", lambda: autograd.clip(X, 0.0, "1")),
        ("sum", lambda: autograd.sum([X, "1"])),
        ("dot", lambda: autograd.dot([X, "1"], [X, X])),
        ("logsumexp", lambda: autograd.logsumexp(["1"])),
    ],
)
def test_function_names_itself(name: str, call: Callable[[], Any]) -> None:
    """A wrong operand of a function is reported in the function's name."""
    assert raised(TypeError, call) == f"{name} takes a real number, got str '1'; use float(text) to convert it"


TOO_LARGE = "a number that fits in a float, got an integer above 1.8e308; scale it"


@pytest.mark.parametrize(
    ("who", "call"),
    [
        ("Value", lambda: Value(HUGE)),
        ("Value.data", lambda: setattr(Value(1.0), "data", HUGE)),
        ("exp", lambda: autograd.exp(HUGE)),
        ("maximum", lambda: autograd.maximum(X, HUGE)),
        ("sum", lambda: autograd.sum([X, HUGE])),
        ("'+' with a Value", lambda: X + HUGE),
        ("'+' with a Value", lambda: HUGE + X),
        ("'−' with a Value", lambda: X - HUGE),
        ("'−' with a Value", lambda: HUGE - X),
        ("'×' with a Value", lambda: X * HUGE),
        ("'×' with a Value", lambda: HUGE * X),
        ("'÷' with a Value", lambda: X / HUGE),
        ("'÷' with a Value", lambda: HUGE / X),
        ("'^' with a Value", lambda: X**HUGE),
        ("'^' with a Value", lambda: HUGE**X),
    ],
)
def test_integer_beyond_the_floats_is_refused(who: str, call: Callable[[], Any]) -> None:
    """Python's integers have no end, floats do."""
    assert raised(ValueError, call) == f"{who} takes {TOO_LARGE}"


# ── Nodes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_label_is_text() -> None:
    """A label that is no string would surprise the pictures, and so would one that is nothing."""
    for label, said in ((3, "int 3"), (0, "int 0"), (None, "None")):
        assert raised(TypeError, lambda label=label: Value(1.0, label=label)) == (
            f"Value.label takes a str, got {said}; use str(...)"
        )


def test_conversion_to_float_is_refused_and_names_the_way_out() -> None:
    """``float(value)``, and so ``math.exp(value)``, would lose the graph in silence."""
    expected = (
        "float() of Value(data=2.0, grad=0.0, label='x') would forget how it was made; use value.data for its "
        "number, autograd.data(...) for those of whatever a function gives, and autograd.exp, autograd.sin ... instead "
        "of the functions of math"
    )
    assert raised(TypeError, lambda: float(X)) == expected
    assert raised(TypeError, lambda: math.exp(X)) == expected


def test_conversion_to_int_is_refused() -> None:
    """``int(value)`` would lose the graph, and the digits."""
    assert raised(TypeError, lambda: int(X)) == (
        "int() of Value(data=2.0, grad=0.0, label='x') would forget how it was made; use int(value.data)"
    )


@pytest.mark.parametrize("use", [lambda x: [1, 2, 3][x], range, "ab".__mul__, hex])
def test_value_is_no_index(use: Callable[[Any], Any]) -> None:
    """Nor a count."""
    assert raised(TypeError, lambda: use(X)) == (
        "an index is a whole number, got Value(data=2.0, grad=0.0, label='x'); use int(value.data)"
    )


def test_unknown_attribute_is_an_error() -> None:
    """A Value has the fields it has: a misspelt one cannot be set."""
    with pytest.raises(AttributeError):
        X.gard = 1.0  # type: ignore[attr-defined]


def test_value_is_compared_with_numbers() -> None:
    """Text is no number; Python says so."""
    assert raised(TypeError, lambda: X < "3") == "'<' not supported between instances of 'Value' and 'str'"


# ── Functions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dot_wants_two_sequences_of_one_length() -> None:
    """The lengths are named."""
    assert raised(ValueError, lambda: autograd.dot([X, X], [X])) == (
        "dot takes two sequences of the same length, got 2 and 1 numbers"
    )


@pytest.mark.parametrize("name", ["logsumexp", "softmax", "mean"])
def test_some_reductions_want_an_operand(name: str) -> None:
    """The mean of nothing is nobody's intention."""
    assert raised(ValueError, lambda: getattr(autograd, name)([])) == f"{name} takes at least one number, got none"


@pytest.mark.parametrize(("name", "neutral"), [("sum", 0.0), ("prod", 1.0), ("norm", 0.0)])
def test_other_reductions_of_nothing_are_neutral(name: str, neutral: float) -> None:
    """The empty sum is 0 and the empty product 1."""
    assert getattr(autograd, name)([]) == neutral
    assert autograd.dot([], []) == 0.0


def test_gradients_wants_a_recorded_root() -> None:
    """A float has no history."""
    assert raised(TypeError, lambda: autograd.gradients(2.0, X)) == (  # type: ignore[call-overload]
        "gradients takes a Value to differentiate, got 2.0; compute it from Values"
    )
    assert raised(TypeError, lambda: autograd.gradients(X, [X, 2.0])) == (  # type: ignore[list-item]
        "gradients takes Values to differentiate with respect to, got 2.0"
    )


@pytest.mark.parametrize("call", [lambda y: y.backward(), lambda y: autograd.gradients(y, X)])
def test_root_that_is_not_finite_is_refused_with_its_origin(call: Callable[[Value], Any]) -> None:
    """The first operation that went wrong is named, with its operands and its distance."""
    p = Value(-1.5, label="p")
    loss = (autograd.log(p) + 1.0) * 2.0
    loss.label = "loss"
    assert raised(ArithmeticError, lambda: call(loss)) == (
        "loss is nan; it began at log(p=-1.5) = nan, 2 operations below loss; "
        "keep p positive, for instance exp(w) or softplus(w)"
    )
    assert p.grad == 0.0


def test_strict_gradient_wants_a_result_that_depends_on_its_inputs() -> None:
    """A constant depends on nothing; what depends on all is accepted."""
    assert raised(ValueError, lambda: autograd.grad(lambda x: 3.0, strict=True)(1.0)) == (
        "grad with strict=True takes a function of all its inputs, but the result does not depend on input 0; "
        "use it, or leave strict out for a derivative of 0.0"
    )
    assert autograd.grad(lambda x: 3.0 * x, strict=True)(1.0) == 3.0


def test_diagnosis_calls_a_value_by_its_label() -> None:
    """A derivative that is not finite is reported by the names of both ends."""
    x = Value(0.0, label="x")
    assert str(autograd.diagnose(autograd.sqrt(x))) == (
        "the derivative with respect to x is not finite; it began at sqrt(x=0)"
    )


def test_row_needs_a_domain_for_each_partial() -> None:
    """An operation that does not say where it is defined cannot be tested."""
    one = lambda m, y, a, b: 1.0
    assert raised(ValueError, lambda: Op("odd", "?", lambda m, a, b: a, (one, one), (REAL,))) == (
        "Op 'odd' needs one domain for each partial, got 2 partials and 1 domains; "
        "give an Interval (REAL if unsure) for every operand"
    )


def test_custom_operation_needs_partials_that_fit() -> None:
    """One partial for each operand, each with the parameters of a table row."""
    value, partial = (lambda m, a, b: a), (lambda m, y, a, b: 1.0)
    assert raised(TypeError, lambda: operation(partial)(value)) == (
        "operation '<lambda>' takes one partial for each operand, got 1 partials for 2 operands; "
        "the first parameter is the namespace m"
    )
    assert raised(TypeError, lambda: operation(partial, lambda m, a, b: 1.0)(value)) == (
        "partial 1 of operation '<lambda>' takes (m, y, *args), 4 parameters, got 3"
    )
    assert raised(TypeError, lambda: operation(partial, partial)(value)(1.0)) == "<lambda> takes 2 operands, got 1"


def test_check_gradient_says_which_input_is_wrong_and_by_how_much() -> None:
    """The message has both numbers, the bound, and what may be the reason."""
    wrong = operation(lambda m, y, a: 3.0 * a)(lambda m, a: a * a)
    message = raised(AssertionError, lambda: check_gradient(lambda x, y: x + wrong(y), 1.0, 2.0))
    assert message.startswith("gradient of input 1 at 2.0 is 6.0, but central differences give 4.0")
    assert message.endswith("; check the partial derivative, or move the input if a kink is near")


def test_check_gradient_wants_a_function_that_records() -> None:
    """A function that gives a float has nothing to differentiate."""
    assert raised(TypeError, lambda: check_gradient(lambda x: 1.0, 2.0)) == (
        "check_gradient takes a function that gives a Value, got 1.0 from it"
    )


def test_every_error_has_the_family_of_the_project() -> None:
    """``except AutogradError`` catches what the engine raises on purpose, and each is a builtin as well."""
    families = [getattr(autograd, name) for name in autograd.__all__ if name.endswith("Error")]
    for error in families:
        assert issubclass(error, AutogradError)
        builtin = next(kind for kind in error.__mro__ if kind.__module__ == "builtins")
        assert error is AutogradError or builtin is not Exception


def test_interval_says_what_it_is() -> None:
    """Messages quote domains."""
    assert str(Interval(-1.0, 1.0)) == "(-1, 1)"
    assert str(Interval(poles=(0.0,))) == "(-inf, inf) without 0"
