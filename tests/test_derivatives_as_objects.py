"""``grad(f)`` and its kin as objects: pickled and copied, named, methods of a class, compiled."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

import autograd
from autograd import grad, hessian, hvp, jacobian, value_and_grad


def cubic(p: Any, scale: float = 2.0) -> Any:
    """Of the module, so that it can be pickled by its name."""
    return scale * p[0] ** 2 * p[1]


MADE = {
    "grad": grad(cubic),
    "by the second": grad(lambda a, b: a * cubic(b), argnums=1),
    "strict": value_and_grad(cubic, strict=True),
    "jacobian": jacobian(cubic),
    "hessian": hessian(cubic),
    "nested": grad(lambda p: grad(cubic)(p)[0]),
    "hvp": hvp(cubic),
    "of a compiled function": hessian(autograd.compile(cubic)),
    "compiled": autograd.compile(grad(cubic)),
}


@pytest.mark.parametrize("name", [name for name in MADE if name not in ("by the second", "nested")])
def test_derivative_is_pickled_and_copied_as_what_it_was_made_of(name: str) -> None:
    """Into another process, for instance: the transformation, its settings, and the function by its name."""
    derivative = MADE[name]
    at = ([3.0, 5.0], [1.0, 0.0]) if name == "hvp" else ([3.0, 5.0],)
    for other in (pickle.loads(pickle.dumps(derivative)), copy.deepcopy(derivative), copy.copy(derivative)):
        assert other(*at) == derivative(*at)
        assert inspect.signature(other) == inspect.signature(derivative)


def test_settings_are_kept_by_a_copy() -> None:
    """By which argument, and whether an input may be left out."""
    assert copy.deepcopy(MADE["by the second"])(2.0, [3.0, 5.0]) == MADE["by the second"](2.0, [3.0, 5.0])
    strict = pickle.loads(pickle.dumps(MADE["strict"]))
    with pytest.raises(ValueError, match="strict=True"):
        strict([1.0, 2.0, 3.0])


def test_derivative_says_what_it_is_of() -> None:
    """Its name and signature are those of the function, its text names the transformation."""
    assert repr(grad(cubic)) == f"grad({cubic!r})"
    assert (grad(cubic).__name__, str(inspect.signature(hessian(cubic)))) == (
        "cubic",
        "(p: 'Any', scale: 'float' = 2.0) -> 'Any'",
    )
    assert grad(cubic).__doc__ == "``grad`` of ``cubic``."


def test_derivative_in_a_class_is_a_method() -> None:
    """As a function is, so that what is differentiated may be the second argument."""

    class Spring:
        stiffness = 3.0

        def energy(self, x: Any) -> Any:
            return self.stiffness * x**2 / 2

        force = grad(energy, argnums=1)

    assert Spring().force(2.0) == 6.0
    assert Spring.force(Spring(), 2.0) == 6.0


def test_compiled_derivative_follows_what_its_function_reads() -> None:
    """A number in the closure of the function that is differentiated, two transformations down."""
    scale = 2.0
    fast = autograd.compile(grad(grad(lambda x: scale * x**3)))
    assert fast(1.0) == 12.0
    scale = 3.0
    assert fast(1.0) == 18.0
