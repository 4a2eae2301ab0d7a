"""While a function is recorded for the compiler, no Value tells its number to an ``if``."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from autograd import CompileError, Value
from autograd.tracing import recording

X = Value(2.0)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        *[(lambda f=f: f(X, 1.0), "comparing a Value") for f in (operator.lt, operator.le, operator.gt, operator.ge)],
        (lambda: max(X, 1.0), "comparing a Value"),
        (lambda: bool(X), "bool() of a Value"),
        (lambda: math.sqrt(X), "float() of a Value"),
        (lambda: int(X), "int() of a Value"),
    ],
    ids=["<", "<=", ">", ">=", "max", "bool", "math.sqrt", "int"],
)
def test_recording_refuses_to_tell_the_number(call: Callable[[], Any], what: str) -> None:
    """The message says what the function did, why that is refused, and what to write instead."""
    with recording(), pytest.raises(CompileError) as caught:
        call()
    assert str(caught.value) == (
        f"{what} inside a compiled function would freeze the path that this example takes; use autograd.maximum, "
        "minimum, abs or clip, or where(step(a - b), x, y) for 'x if a > b else y'"
    )


def test_recording_ends_with_the_outermost_block() -> None:
    """A function that is recorded inside another refuses until both are done, errors or not."""
    with recording():
        with pytest.raises(ZeroDivisionError), recording():
            raise ZeroDivisionError
        with pytest.raises(CompileError):
            bool(X)
    assert X


def test_recording_concerns_one_thread() -> None:
    """Another thread goes on comparing."""
    answers: list[bool] = []
    with recording():
        other = Thread(target=lambda: answers.append(X > 1.0))
        other.start()
        other.join()
    assert answers == [True]
