"""What a call handed out belongs to its caller: no later call changes it, nor is changed by what is written there."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, hessian, hvp, jacobian, tanh, value_and_grad

FUNCTIONS = {
    "constant": lambda x: np.array([2.0 * x[0], 3.0 * x[1]]),
    "mixed": lambda x: np.array([2.0 * x[0], 3.0 * x[1] * x[0]]),
    "wide": lambda x: np.array([tanh(a) * a for a in x]),
}
ONE = {
    "quadratic": lambda x: 2.0 * x[0] ** 2 + 3.0 * x[1] * x[0],
    "wide": lambda x: sum(tanh(a) * a for a in x),
}
EACH = compile(lambda w, x: w[0] * x[0] ** 2 + tanh(w[1] * x[1]), batched="x", reduce=None)
ALL = compile(lambda w, x: w[0] * x[0] ** 2 + tanh(w[1] * x[1]), batched="x")
ROWS = np.arange(8.0).reshape(4, 2) + 1.0


def ways() -> dict[str, Any]:
    """Functions of an array of two numbers or of two thousand, whose result holds arrays."""
    found: dict[str, Any] = {}
    for name, f in FUNCTIONS.items():
        fast = compile(f)
        found |= {f"value, {name}": fast, f"jacobian, {name}": jacobian(fast)}
        found |= {f"pattern, {name}": lambda x, fast=fast: fast.pattern(x)[1:]}
    for name, f in ONE.items():
        fast = compile(f)
        found |= {f"gradient, {name}": grad(fast), f"both, {name}": fast.value_and_grad}
        found |= {f"hvp, {name}": lambda x, fast=fast: hvp(fast)(x, x)}
    found |= {"hessian": hessian(compile(ONE["quadratic"]))}
    for name, batched in (("each", EACH), ("all", ALL)):
        found |= {
            f"{name}, {k}": lambda w, g=g: g(w, ROWS)
            for k, g in enumerate(
                [batched, grad(batched), value_and_grad(batched), jacobian(batched), hessian(batched)]
            )
        }
    return found


WAYS = ways()


def arrays_in(x: Any) -> list[Any]:
    if isinstance(x, np.ndarray):
        return [x]
    return [array for part in x for array in arrays_in(part)] if isinstance(x, list | tuple) else []


@pytest.mark.parametrize("name", WAYS)
def test_results_are_their_callers(name: str) -> None:
    """In the first calls, which make programs, and in later ones."""
    way, x, other = WAYS[name], np.array([1.5, -0.5]), np.array([0.25, 3.0])
    if "wide" in name:
        x, other = np.linspace(-1.0, 1.0, 400), np.linspace(2.0, 1.0, 400)
    expected = copy.deepcopy(way(x))
    for _ in range(3):
        held = way(x)
        way(other)
        np.testing.assert_equal(held, expected)
        for array in arrays_in(held):
            if array.flags.writeable and array.ndim:
                array[...] = 7
        np.testing.assert_equal(way(x), expected)


def test_what_belongs_to_the_program_cannot_be_written_to() -> None:
    """The pattern, which is found once."""
    for array in compile(FUNCTIONS["mixed"]).pattern(np.ones(2))[1:]:
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1


def test_a_caller_may_have_numpy_raise_where_numbers_fade() -> None:
    """Verification computes with small numbers of its own, and infinities are results."""
    f = lambda w, x: tanh(w[0] * x[0]) * w[1] * 1e-300
    with np.errstate(all="raise"):
        found = compile(f, batched="x").value_and_grad([40.0, 1e-20], np.array([[1.0], [-2.0]]))
    assert found == compile(f, batched="x").value_and_grad([40.0, 1e-20], np.array([[1.0], [-2.0]]))
