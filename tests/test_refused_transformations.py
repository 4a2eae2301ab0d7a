"""What ``grad`` and its kin say of wrong use: of functions, arguments, results and ``argnums``."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, grad, hessian, hvp, jacobian, value_and_grad
from tests.raised import raised
from tests.transforms import OF_ONE

EACH = pytest.mark.parametrize("name", OF_ONE)
EACH_OF_ONE_NUMBER = pytest.mark.parametrize("name", [name for name in OF_ONE if name != "jacobian"])


@EACH
def test_what_is_no_function_is_refused_at_once(name: str) -> None:
    """What a function gave is told from the function, where it is handed over and not where the gradient is called."""
    transform = getattr(autograd, name)
    assert raised(TypeError, lambda: transform(3.0)) == (
        f"{name} takes a function of numbers, got float 3.0; pass the function, not its result"
    )
    assert raised(TypeError, lambda: transform(Value(3.0))) == (
        f"{name} takes a function of numbers, got autograd.value.Value Value(data=3.0, grad=0.0); "
        "gradients(y, xs) differentiates a Value"
    )


@pytest.mark.parametrize("name", [*OF_ONE, "compile"])
@pytest.mark.parametrize("kind", [Value, float, Exception], ids=lambda kind: kind.__name__)
def test_class_is_refused_at_once(name: str, kind: type) -> None:
    """What a class gives is an object and no number; an object of it may be a function, as a model is."""
    assert raised(TypeError, lambda: getattr(autograd, name)(kind)) == (
        f"{name} takes a function of numbers, got the class {kind.__name__}; build one, {kind.__name__}(...), "
        "or pass a function that calls one"
    )


def test_class_that_holds_numbers_may_be_a_result() -> None:
    """A named tuple is one of several numbers, and a function as good as any."""
    pair = namedtuple("pair", "x y")
    assert jacobian(pair)(3.0, 4.0) == pair(1.0, 0.0)
    assert autograd.compile(pair)(3.0, 4.0) == pair(3.0, 4.0)


@EACH
def test_argument_that_is_no_number_is_refused_by_name(name: str) -> None:
    """Each transformation speaks of itself."""
    assert raised(TypeError, lambda: OF_ONE[name](autograd.exp, "1")) == (
        f"{name} differentiates a real number, got str '1'; use float(text) to convert it"
    )


@EACH
def test_result_that_is_no_number_is_refused_by_name(name: str) -> None:
    """A function that forgets its return is the commonest case."""
    assert raised(TypeError, lambda: OF_ONE[name](lambda x: None, 1.0)) == (
        f"{name} takes a function that gives numbers: a real number, got None; did a function forget its return?"
    )


@EACH_OF_ONE_NUMBER
@pytest.mark.parametrize(
    ("f", "kind", "count"),
    [
        (lambda x: [x, x], "list", 2),
        (lambda x: (x,), "tuple", 1),
        (lambda x: {}, "dict", 0),
        (lambda x: MappingProxyType({"y": x}), "mappingproxy", 1),
        (lambda x: x * np.ones(3), "ndarray", 3),
    ],
    ids=["list", "tuple", "dict", "mapping", "array"],
)
def test_container_of_results_is_refused_by_name(name: str, f: Callable[..., Any], kind: str, count: int) -> None:
    """A gradient is that of one number; a list of one number is a list."""
    assert raised(TypeError, lambda: OF_ONE[name](f, 1.0)) == (
        f"{name} takes a function that gives one number, got {kind} of {count} numbers; "
        "use autograd.jacobian, or sum them"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian], ids=lambda t: t.__name__)
@pytest.mark.parametrize("k", [2, -3])
def test_argument_that_is_not_there_is_refused_by_name(transform: Callable[..., Any], k: int) -> None:
    """Positions count from either end, as far as there are arguments."""
    assert raised(ValueError, lambda: transform(lambda x, y: x * y, argnums=k)(1.0, 2.0)) == (
        f"{transform.__name__} differentiates positional argument {k}, but there are 2; "
        "pass it by position, or change argnums"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian], ids=lambda t: t.__name__)
@pytest.mark.parametrize("twice", [(0, 0), (1, -1)])
def test_argument_named_twice_is_refused(transform: Callable[..., Any], twice: tuple[int, ...]) -> None:
    """From either end; the two would share one derivative."""
    assert raised(ValueError, lambda: transform(lambda x, y: x * y, argnums=twice)(1.0, 2.0)) == (
        f"argnums of {transform.__name__} names each argument at most once, got {twice}; drop one"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian], ids=lambda t: t.__name__)
@pytest.mark.parametrize("argnums", [[0, 1], "x", 0.0, ("x",), None, True])
def test_argnums_that_are_no_positions_are_refused(transform: Callable[..., Any], argnums: Any) -> None:
    """Positions are whole numbers, several of them in a tuple; that is said before the first call."""
    assert raised(TypeError, lambda: transform(lambda x, y: x * y, argnums=argnums)) == (
        f"argnums of {transform.__name__} is an int or a tuple of ints, got {argnums!r}; for instance 0 or (0, 1)"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad], ids=lambda t: t.__name__)
def test_inputs_that_do_not_matter_are_named_on_request(transform: Callable[..., Any]) -> None:
    """With ``strict``; without, their derivatives are 0.0."""
    f = lambda x, y, z: 2.0 * y
    assert transform(f, argnums=(0, 1, 2))(1.0, 1.0, 1.0) in [(0.0, 2.0, 0.0), (2.0, (0.0, 2.0, 0.0))]
    assert raised(ValueError, lambda: transform(f, argnums=(0, 1, 2), strict=True)(1.0, 1.0, 1.0)) == (
        f"{transform.__name__} with strict=True takes a function of all its inputs, but the result does not depend on "
        "input 0, 2; use it, or leave strict out for a derivative of 0.0"
    )


def test_direction_of_a_hessian_vector_product_is_made_of_numbers() -> None:
    """The vector is reported as itself, not as the point."""
    assert raised(TypeError, lambda: hvp(lambda p: p[0] * p[1])([1.0, 2.0], [1.0, "2"])) == (
        "hvp takes a vector whose every entry is a real number, got str '2'; use float(text) to convert it"
    )
