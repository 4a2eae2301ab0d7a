"""One gradient at one point: each of the three outcomes where it belongs, on functions made to mislead."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import GradientError, OperandError, Value, gradients, tanh
from autograd.testing import check
from autograd.testing.outcomes import NOISY, RIGHT, WRONG


def wave(x: float) -> float:
    return math.sin(1e5 * x)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def single(x: float) -> np.float32:
    return np.sin(np.float32(x))


def changes(x: np.ndarray) -> float:
    x += 1.0
    return float(np.sum(x**2))


def doubles(x: np.ndarray) -> np.ndarray:
    x *= 2.0
    return x


def mine(x: float) -> float:
    leaf = Value(x)
    return gradients(tanh(leaf) * leaf, leaf)


CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any], Any, str]] = {
    "a library's own": (lambda x: tanh(x) * x, mine, 0.7, RIGHT),
    "a builtin": (math.sin, math.cos, 1.0, RIGHT),
    "a fault of 2e-6": (math.sin, lambda x: math.cos(x) * (1 + 2e-6), 1.0, WRONG),
    "a fault of 0.1 %": (math.tanh, lambda x: 1.001 * (1 - math.tanh(x) ** 2), 0.7, WRONG),
    "ints": (lambda p: p[0] * p[1], lambda p: [p[1], p[0]], [3, 4], RIGHT),
    "an int gradient": (lambda x: 3 * x, lambda x: 3, 1.5, RIGHT),
    "a kink": (abs, np.sign, 0.0, NOISY),
    "outside of a kink": (abs, lambda x: 2.0, 0.0, WRONG),
    "next to a kink": (abs, np.sign, 1e-9, RIGHT),
    "inside of a kink": (lambda x: max(x, 0.0), lambda x: 0.5, 0.0, NOISY),
    "smooth on both sides": (lambda x: x * abs(x), lambda x: 2 * abs(x), 0.0, RIGHT),
    "cancelled": (lambda x: (1e8 + x) - 1e8, lambda x: 1.0, 1.0, RIGHT),
    "cancelled and wrong": (lambda x: (1e8 + x) - 1e8, lambda x: 1.1, 1.0, WRONG),
    "small beside its curve": (lambda x: np.cos(x), lambda x: -np.sin(x), 1e-6, RIGHT),
    "small and 2e-6 off": (lambda x: np.cos(x), lambda x: -(1 + 2e-6) * np.sin(x), 1e-6, WRONG),
    "small and 2e-6 off, in floats": (math.cos, lambda x: -(1 + 2e-6) * math.sin(x), 1e-6, WRONG),
    "drowned, seen in 150 digits": (lambda x: np.tanh(x), lambda x: 1 / np.cosh(x) ** 2, 16.0, RIGHT),
    "drowned and 2e-6 off": (lambda x: np.tanh(x), lambda x: (1 + 2e-6) / np.cosh(x) ** 2, 16.0, NOISY),
    "below rounding": (lambda x: 1 + 1e-6 * np.cos(x), lambda x: -1e-6 * np.sin(x), 1e-6, RIGHT),
    "below rounding, 0.1 % off": (lambda x: 1 + 1e-6 * np.cos(x), lambda x: -1.001e-6 * np.sin(x), 1e-6, NOISY),
    "drowned and its sign wrong": (lambda x: np.tanh(x), lambda x: -1 / np.cosh(x) ** 2, 30.0, NOISY),
    "its own rounding": (lambda x: np.tanh(x), lambda x: 1 - np.tanh(x) ** 2, 14.0, RIGHT),
    "all of it lost to rounding": (lambda x: np.tanh(x), lambda x: 1 - np.tanh(x) ** 2, 30.0, RIGHT),
    "all of it lost where it is steep": (
        lambda x: np.tanh(np.sinh(x)),
        lambda x: (1 - np.tanh(np.sinh(x)) ** 2) * np.cosh(x),
        -3.661649174870528,
        NOISY,
    ),
    "steep and 2e-6 off": (
        lambda x: np.tanh(np.sinh(x)),
        lambda x: (1 + 2e-6) / np.cosh(np.sinh(x)) ** 2 * np.cosh(x),
        -2.5,
        WRONG,
    ),
    "nothing but rounding": (lambda x: np.tanh(x), lambda x: 2.0**-56, 30.0, NOISY),
    "steps of a cosine": (lambda x: (1 - math.cos(x)) / x**2, lambda x: -x / 12, 1e-4, NOISY),
    "uneven steps": (lambda x: (math.sin(x) - x) / x**3, lambda x: x / 60, 0.00011395163664106592, NOISY),
    "tiny": (lambda x: 1e-300 * math.sin(x), lambda x: 1e-300 * math.cos(x), 1.0, RIGHT),
    "tiny and wrong": (lambda x: 1e-300 * math.sin(x), lambda x: -1e-300 * math.cos(x), 1.0, WRONG),
    "huge": (lambda x: 1e300 * math.sin(x), lambda x: 1e300 * math.cos(x), 1.0, RIGHT),
    "far out": (lambda x: x * x, lambda x: 2 * x, 1e150, RIGHT),
    "far out and wrong": (lambda x: x * x, lambda x: 2.1 * x, 1e150, WRONG),
    "far in": (lambda x: x * x, lambda x: 2 * x, 1e-150, RIGHT),
    "far in and missing": (lambda x: x * x, lambda x: 0.0, 1e-150, WRONG),
    "far in and 2e-6 off": (lambda x: x * x + x**3, lambda x: (2 + 4e-6) * x, -1e-150, WRONG),
    "far in and rounded": (lambda x: math.cos(x), lambda x: -x, 1e-9, RIGHT),
    "far in and cancelled": (lambda x: (1e-8 + x) - 1e-8, lambda x: 1.0, 1e-18, RIGHT),
    "high frequency": (wave, lambda x: 1e5 * math.cos(1e5 * x), 1.0, RIGHT),
    "high frequency, wrong": (wave, lambda x: -1e5 * math.cos(1e5 * x), 1.0, WRONG),
    "high frequency, forgotten": (lambda x: x + 1e-9 * math.sin(1e9 * x), lambda x: 1.0, 0.0, WRONG),
    "saturated": (math.tanh, lambda x: 1 - math.tanh(x) ** 2, 20.0, RIGHT),
    "saturated and wrong": (math.tanh, lambda x: 1.0, 20.0, WRONG),
    "zero, for it is saturated": (lambda x: math.log(math.erf(x)), lambda x: 1e-28, 8.0, NOISY),
    "zero and wrong": (lambda x: max(x, 0.0), lambda x: 1.0, -1.0, WRONG),
    "nearly saturated": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), 18.0, RIGHT),
    "nearly saturated and 2e-6 off": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x) * (1 + 2e-6), 18.0, WRONG),
    "nearly saturated and too far": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), 30.0, NOISY),
    "a kink below rounding": (lambda x: 1 + 1e-13 * abs(x - 0.5), lambda x: 0.0, 0.5, NOISY),
    "a tail": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), -40.0, RIGHT),
    "a tail, wrong": (sigmoid, lambda x: -sigmoid(x), -40.0, WRONG),
    "a narrow bell": (lambda x: math.exp(-((x * 1e7) ** 2)), lambda x: -2e7 * math.exp(-1), 1e-7, RIGHT),
    "next to a pole": (lambda x: 1 / (x - 1), lambda x: -1 / (x - 1) ** 2, 1 + 1e-10, RIGHT),
    "the end of a domain": (math.sqrt, lambda x: math.inf, 0.0, NOISY),
    "close to the end": (math.log, lambda x: 1 / x, 1e-3, RIGHT),
    "next to the end": (math.log, lambda x: 1 / x, 1e-300, RIGHT),
    "a region of nan": (lambda x: np.sqrt(x - 1), lambda x: 1.0, 0.5, NOISY),
    "nan for a number": (lambda x: x * x, lambda x: math.nan, 1.0, WRONG),
    "infinity for a number": (lambda x: x * x, lambda x: math.inf, 1.0, WRONG),
    "a vertical tangent": (np.cbrt, lambda x: math.inf, 0.0, NOISY),
    "single precision": (single, lambda x: np.cos(np.float32(x)), 1.0, RIGHT),
    "single precision, 0.5 % off": (single, lambda x: np.float32(1.005) * np.cos(np.float32(x)), 1.0, WRONG),
    "next to a jump": (lambda x: float(x > 0.5), lambda x: 0.0, 1.0, RIGHT),
    "at a jump": (lambda x: float(x > 0.5), lambda x: 0.0, 0.5, NOISY),
    "where two stairs meet": (np.floor, lambda x: 0.0, 1.0, NOISY),
    "where two stairs meet, from below": (round, lambda x: 0.0, 0.5, NOISY),
    "four decimals": (lambda x: round(x * x, 4), lambda x: 2 * x, 0.5, NOISY),
    "four decimals, wrong": (lambda x: round(x * x, 4), lambda x: -2 * x, 0.5, WRONG),
    "a place of its own": (lambda x: 7.0 if x == 0.5 else x, lambda x: 1.0, 0.5, NOISY),
    "no slope": (lambda x: x * x * math.sin(1 / x) if x else 0.0, lambda x: 0.5, 0.0, NOISY),
    "a constant": (lambda x: 5.0, lambda x: 0.0, 1.0, RIGHT),
    "no gradient arrived": (lambda x, y: x, lambda x, y: (1.0, None), (1.0, 2.0), RIGHT),
    "no gradient, but it should": (lambda x, y: x * y, lambda x, y: (y, None), (1.0, 2.0), WRONG),
    "a function that changes its argument": (changes, lambda x: 2 * (x + 1), np.array([1.0, 2.0]), RIGHT),
    "a gradient that changes its argument": (lambda x: float(np.sum(x**2)), doubles, np.array([1.0, 2.0]), RIGHT),
    "a dict": (lambda d: d["a"] * d["b"], lambda d: {"a": d["b"], "b": d["a"]}, {"a": 1.0, "b": 2.0}, RIGHT),
    "nested": (
        lambda ls: sum(float(W.sum()) + 2 * b for W, b in ls),
        lambda ls: [(np.ones(2), 2)],
        [(np.ones(2), 1.0)],
        RIGHT,
    ),
    "nothing": (lambda x: 0.0, lambda x: x, np.zeros(0), RIGHT),
}  # fmt: skip


class Foreign:
    """An array of another library, as a tensor or a Series is."""

    ndim, shape = 1, (2,)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.ones(2)


FOREIGN = Foreign()


@pytest.mark.parametrize("name", CASES)
def test_outcome_is_the_right_one_of_three(name: str) -> None:
    """Kinks, cancellation, scales, frequencies, noise, number types: right, wrong, or too noisy to tell."""
    f, grad, at, outcome = CASES[name]
    found = check(f, grad, at=at)
    assert found.outcome == outcome, str(found)
    assert str(found).startswith(f"{outcome}: ")
    assert "\n" not in str(found)


@pytest.mark.parametrize("noise", [1e-9, 1e-6, 1e-3])
def test_noise_is_no_fault_and_hides_no_large_one(noise: float) -> None:
    """With random values a right gradient is never called wrong, and one that is twice too large is never right."""
    rng = random.Random(0)
    for _ in range(30):
        f = lambda x: x + rng.gauss(0.0, noise)
        assert check(f, lambda x: 1.0, at=0.5).outcome != WRONG
        assert check(f, lambda x: 2.0, at=0.5).outcome != RIGHT


def test_function_that_counts_its_calls_is_too_noisy() -> None:
    """A function that is another one in every call has no slope."""
    calls = itertools.count(1)
    assert check(lambda x: x * next(calls), lambda x: 1.0, at=0.5).outcome == NOISY


def test_gradient_that_adds_up_is_wrong_in_its_second_call() -> None:
    """What an earlier call left behind is seen, and said."""
    kept: list[float] = []

    def adds(x: float) -> float:
        kept.append(2 * x)
        return sum(kept)

    assert str(check(lambda x: x * x, adds, at=0.5)) == (
        "wrong: the derivative by x at 0.5 is 2, but f changes by 1 ± 1e-16: it is 2 times what it should be, "
        "in the second call; the first gave 1"
    )


def test_gradient_that_differs_in_its_last_digits_is_right() -> None:
    """Another order of summation in every call is no fault."""
    numbers = itertools.cycle([1.0, 1.0 + 1e-12])
    assert check(lambda x: x, lambda x: next(numbers), at=0.5).outcome == RIGHT


@pytest.mark.parametrize(
    ("grad", "reason"),
    [
        (lambda x: -2 * x, "the sign is wrong"),
        (lambda x: 0.0, "it is missing"),
        (lambda x: 2.002 * x, "it is off by 0.001 of its size"),
        (lambda x: 6 * x, "it is 3 times what it should be"),
        (lambda x: math.nan, "it is nan"),
    ],
)
def test_message_says_how_it_is_wrong(grad: Callable[[float], float], reason: str) -> None:
    """One line: which derivative, where, by how much, and what kind of fault that is."""
    line = str(check(lambda x: x * x, grad, at=3.0))
    assert line.startswith("wrong: the derivative by x at 3.0 is ")
    assert line.endswith(f", but f changes by 6 ± 4e-16: {reason}")


def test_fault_where_nothing_should_be_is_given_as_a_number() -> None:
    """A derivative that should be zero has no ratio."""
    assert str(check(lambda x, y: x * x, lambda x, y: (2 * x, 0.25), at=(3.0, 1.0))).endswith("it is off by 0.25")


def test_place_is_named_in_the_words_of_the_function() -> None:
    """An entry of a matrix in the second argument."""
    f = lambda x, W: np.sum(np.tanh(W @ x))
    wrong = lambda x, W: (W.T @ (1 - np.tanh(W @ x) ** 2), np.outer(np.tanh(W @ x), x))
    found = check(f, wrong, at=(np.array([0.5, -0.3]), np.array([[0.1, 0.2], [0.3, 0.9]])))
    assert {entry.place for entry in found.entries if entry.outcome == RIGHT} == {"x[0]", "x[1]"}
    assert "by W[" in str(found)
    assert "(and 3 more)" in str(found)
    assert found.worst is not None
    assert found.worst.error > 0.01


def test_arguments_without_names_are_counted() -> None:
    """``*args`` does not say what its arguments are called."""
    assert "by argument 1 at" in str(check(lambda *xs: xs[0] * xs[1], lambda x, y: (y, y), at=(3.0, 2.0)))


def test_outcome_is_not_a_truth_value() -> None:
    """``assert check(...)`` would accept two of three outcomes."""
    with pytest.raises(TypeError, match="a check has three outcomes and is neither true nor false"):
        bool(check(math.sin, math.cos, at=1.0))


@pytest.mark.parametrize(
    ("f", "grad", "at", "error", "message"),
    [
        (np.sum, lambda x: np.ones(3), np.ones(2), GradientError, r"gives shape \(3,\) for a, which has shape \(2"),
        (np.sum, lambda a: 1.0, [np.ones(2)], GradientError, "for a, which has 1; it must give one for each"),
        (lambda d: d["a"], lambda d: [1.0], {"a": 1.0}, GradientError, "it must give a dict with the keys"),
        (lambda x, y: x, lambda x, y: 1.0, (1.0, 2.0), GradientError, "gives float 1.0 for the point, which has 2"),
        (lambda x, y: x, lambda x, y: (1.0,), (1.0, 2.0), GradientError, "gives 1 part for the point, which has 2"),
        (lambda x: x, lambda x: x, np.ones(2), OperandError, r"one number, got shape \(2,\) from f; sum its entries"),
        (np.sum, lambda x: np.ma.masked_array(x, [0, 1]), np.ones(2), OperandError, "1 of 2 entries are missing"),
        (3, lambda x: x, 1.0, OperandError, "a check takes a function for f, got int 3; write lambda x"),
        (np.sum, np.ones(2), np.ones(2), OperandError, "a check takes a function for grad, got "),
        (sum, lambda p: [1.0, [2.0]], [1.0, 2.0], OperandError, "rows of one length, got list"),
        (lambda x: None, lambda x: x, 1.0, OperandError, "functions that give real numbers, got None; give floats"),
        (lambda x: 1j, lambda x: x, 1.0, OperandError, "functions that give real numbers, got complex 1j"),
        (lambda x: x, lambda x: "a", 1.0, OperandError, "functions that give real numbers, got str 'a'"),
        (lambda x: x, lambda x: 1.0, math.inf, OperandError, "finite numbers, got inf; move it into the domain"),
        (lambda x: x, lambda x: 1.0, Value(1.0), OperandError, "plain numbers, got .*; give its .data"),
        (lambda x: x, lambda x: 1.0, "a", TypeError, "a check takes a point of"),
        *[(sum, lambda x: x, at, OperandError, r"Foreign of shape \(2,\); use numpy.asarray\(\.\.\.\), and convert")
          for at in (FOREIGN, {"a": [FOREIGN]}, (1.0, FOREIGN))],
    ],
)  # fmt: skip
def test_wrong_input_is_told(
    f: Callable[..., Any], grad: Callable[..., Any], at: Any, error: type[Exception], message: str
) -> None:
    """Shapes, parts, number types: thing, rule, what came, what to do."""
    with pytest.raises(error, match=message):
        check(f, grad, at=at)


def test_error_of_the_function_itself_is_its_own() -> None:
    """What a function raises beyond arithmetic is not an outcome."""
    with pytest.raises(KeyError, match="missing"):
        check(lambda x: {}["missing"], lambda x: 1.0, at=0.5)
