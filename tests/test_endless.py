"""Structures that hold themselves, or are nested beyond reason: refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import OperandError, compile, grad, hessian, hvp, jacobian, value_and_grad
from tests.raised import raised


def in_list() -> Any:
    x: list[Any] = [1.0]
    x.append([x])
    return x


def in_dict() -> Any:
    x: dict[str, Any] = {"a": 1.0}
    x["b"] = (2.0, x)
    return x


def in_array() -> Any:
    x = np.empty(2, dtype=object)
    x[0], x[1] = 1.0, [x]
    return x


def deep() -> Any:
    x: list[Any] = [1.0]
    for _ in range(50_000):
        x = [x]
    return x


ENDLESS: list[Callable[[], Any]] = [in_list, in_dict, in_array, deep]
USES: dict[str, Callable[[Any], Any]] = {
    "grad": lambda x: grad(lambda p: 1.0)(x),
    "value_and_grad": lambda x: value_and_grad(lambda a, p: a, argnums=1)(1.0, x),
    "jacobian": lambda x: jacobian(lambda p: [1.0])(x),
    "hessian": lambda x: hessian(lambda p: 1.0)(x),
    "hvp, direction": lambda x: hvp(lambda p: p[0] * p[0])([1.0], x),
    "a result": lambda x: jacobian(lambda p: x)(1.0),
    "compile": lambda x: compile(lambda p: 1.0)(x),
    "compile, not differentiated": lambda x: compile(lambda a, p: a)(1.0, x),
    "compile, by name": lambda x: compile(lambda a, p: a)(1.0, p=x),
    "compile, examples": lambda x: compile(lambda a, p: a, batched="p")(1.0, x),
    "compile, a result": lambda x: compile(lambda p: x)(1.0),
    "compile, gradient": lambda x: compile(lambda a, p: a).value_and_grad(1.0, x),
    "compile, derivative": lambda x: compile(grad(lambda p: 1.0))(x),
    "derivative of compile": lambda x: grad(compile(lambda p: 1.0))(x),
}


@pytest.mark.parametrize("make", ENDLESS)
@pytest.mark.parametrize("use", USES)
def test_structure_without_end_is_refused_in_words(use: str, make: Callable[[], Any]) -> None:
    """No RecursionError, which says nothing of what was given."""
    said = raised(OperandError, lambda: USES[use](make()))
    expected = "nested more than 100 deep; make it flatter" if make is deep else "that contains itself; take it"
    assert expected in said or (make is in_array and "make one Value per entry" in said)


@pytest.mark.parametrize("use", ["grad", "compile", "derivative of compile"])
def test_a_list_that_is_in_several_places_is_none_in_itself(use: str) -> None:
    """Sharing is no cycle, and what is nested 150 deep is no trouble."""
    shared = [1.0]
    x: Any = [shared, shared, {"a": shared}]
    for _ in range(150):
        x = [x]
    USES[use](x)


def test_stack_that_its_user_has_used_up_is_no_fault_of_the_argument() -> None:
    """The error is Python's own."""

    def down(x: Any) -> Any:
        return down(x) or grad(lambda p: p[0])(x)

    with pytest.raises(RecursionError):
        down([[1.0]])
