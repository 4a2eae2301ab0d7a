"""While a function is recorded for the compiler, no Value tells its number to an ``if``."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import CompileError, Value
from autograd.tracing import recording

X = Value(2.0)

READINGS: dict[str, tuple[Callable[[], Any], str]] = {
    "<": (lambda: X < 1.0, "comparing a Value"),
    "<=": (lambda: X <= 1.0, "comparing a Value"),
    ">": (lambda: X > 1.0, "comparing a Value"),
    ">=": (lambda: X >= 1.0, "comparing a Value"),
    "==": (lambda: X == 2.0, "comparing a Value by == or !="),
    "==, reflected": (lambda: 2.0 == X, "comparing a Value by == or !="),  # noqa: SIM300
    "== of two": (lambda: X * 1.0 == X, "comparing a Value by == or !="),
    "!=": (lambda: X != X, "comparing a Value by == or !="),
    "in": (lambda: 2.0 in [X], "comparing a Value by == or !="),
    "index": (lambda: [X * 1.0, X].index(X), "comparing a Value by == or !="),
    "== of arrays": (lambda: np.array([X]) == 2.0, "comparing a Value by == or !="),
    "max": (lambda: max(X, 1.0), "comparing a Value"),
    "sorted": (lambda: sorted([X, X * 2.0]), "comparing a Value"),
    "bool": (lambda: bool(X), "bool() of a Value"),
    "if": (lambda: 1 if X else 0, "bool() of a Value"),
    "math.sqrt": (lambda: math.sqrt(X), "float() of a Value"),  # type: ignore[arg-type]
    "np.array": (lambda: np.array([X, X], dtype=float), "float() of a Value"),
    "np.isfinite": (lambda: np.isfinite(X), "np.isfinite of a Value"),  # type: ignore[call-overload]
    "int": (lambda: int(X), "int() of a Value"),
    "round": (lambda: round(X), "rounding a Value"),
    "floor": (lambda: math.floor(X), "rounding a Value"),
    "an index": (lambda: [1.0, 2.0, 3.0][X], "using a Value as an index"),  # type: ignore[call-overload]
    "data": (lambda: X.data, "reading data of a Value"),
    "data of a result": (lambda: (X * X).data, "reading data of a Value"),
    "set data": (lambda: setattr(X, "data", 3.0), "setting data of a Value"),
    "grad": (lambda: X.grad, "reading grad of a Value"),
    "partials": (lambda: (X * X).partials[0], "reading partials of a Value"),
    "repr": (lambda: repr(X), "showing a Value"),
    "str": (lambda: str([X]), "showing a Value"),
    "format": (lambda: f"{X:.17g}", "showing a Value"),
    "copy": (lambda: copy.copy(X), "copying or pickling a Value"),
    "deepcopy": (lambda: copy.deepcopy([X]), "copying or pickling a Value"),
    "pickle": (lambda: pickle.dumps(X * X), "copying or pickling a Value"),
    "autograd.data": (lambda: autograd.data([X]), "reading data of a Value"),
    "grads": (lambda: autograd.grads([X]), "reading grad of a Value"),
    "backward": (lambda: (X * X).backward(), "backward()"),
    "gradients": (lambda: autograd.gradients(X * X, X), "gradients() without create_graph=True"),
    "diagnose": (lambda: autograd.diagnose(X * X), "diagnose()"),
    "paths": (lambda: autograd.paths(X * X, X), "paths()"),
    "Value": (lambda: Value(X), "Value takes a real number"),  # type: ignore[arg-type]
    "check_gradient": (lambda: autograd.check_gradient(lambda x: x * x, 2.0), ""),
    "value_and_grad": (lambda: autograd.compile(lambda x: x * x).value_and_grad(X), "<lambda>.value_and_grad"),
}


@pytest.mark.parametrize("name", READINGS)
def test_recording_refuses_to_tell_the_number(name: str) -> None:
    """The message says what the function did, in which line, and what to write instead."""
    call, what = READINGS[name]
    with pytest.raises(TypeError if name == "Value" else CompileError) as caught, recording():
        call()
    text = str(caught.value)
    assert text.startswith(what)
    if name != "Value":
        line = call.__code__.co_firstlineno
        assert (
            f" inside a compiled function would freeze what this example happens to hold ({__file__}, line {line}: "
            in text
        )
        assert "; " in text.split(str(line), 1)[1]


def test_what_tells_no_number_works_while_recording() -> None:
    """Arithmetic, identity, operands, names, and derivatives that are Values."""
    with recording():
        y = X * X + autograd.exp(X)
        assert (X in [X], X in {X}, y.op, len(y.args), X.label) == (True, True, autograd.ops.add, 2, "")
        y.label = "y"
        slopes = autograd.gradients(y, [X], create_graph=True)
        seconds = autograd.grad(lambda x: x**3)(X), autograd.hessian(lambda p: p[0] * p[1])([X, 2.0])
    assert slopes[0].data == 4.0 + math.exp(2.0)
    assert (seconds[0].data, autograd.data(seconds[1]).tolist()) == (12.0, [[0.0, 1.0], [1.0, 0.0]])


def fail_inside() -> None:
    """A recording inside another that ends in an error."""
    with pytest.raises(ZeroDivisionError), recording():
        raise ZeroDivisionError


def test_recording_ends_with_the_outermost_block() -> None:
    """A function that is recorded inside another refuses until both are done, errors or not."""

    def record() -> None:
        with recording():
            fail_inside()
            bool(X)

    with pytest.raises(CompileError):
        record()
    assert X


def test_refusal_that_is_caught_is_raised_at_the_end() -> None:
    """Where a function goes on after it is not where it goes on otherwise."""

    def record() -> None:
        with recording():
            with suppress(Exception):
                bool(X)
            fail_inside()

    with pytest.raises(CompileError, match=r"bool\(\) of a Value"):
        record()
    with recording():
        pass


def test_recording_concerns_one_thread() -> None:
    """Another thread goes on comparing."""
    answers: list[bool] = []
    with recording():
        other = Thread(target=lambda: answers.append(X > 1.0))
        other.start()
        other.join()
    assert answers == [True]


def test_message_without_a_line_of_the_users() -> None:
    """A library's function that is compiled by itself has none to show; containers of Values are not shown either."""
    with pytest.raises(CompileError, match=r"^comparing a Value inside a compiled function") as caught, recording():
        raise_from_a_library()
    assert str(caught.value).count("(") >= 1
    with pytest.raises(TypeError, match=r"tanh takes a real number, got list; make one Value per entry"), recording():
        autograd.tanh([X])  # type: ignore[call-overload]


def raise_from_a_library() -> None:
    """The innermost line outside of libraries is this one."""
    sorted([X, X * 1.0])
