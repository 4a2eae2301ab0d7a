"""What counts as a real number, and how everything else is described."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad


@pytest.mark.parametrize(
    "number",
    [
        3,
        True,
        Fraction(3, 2),
        *(np.array(3).astype(kind)[()] for kind in "?bBhHiIqQefdg"),
        *map(np.array, (3, True, 2.5)),
    ],
    ids=lambda x: f"{type(x).__name__}-{getattr(x, 'dtype', '')}",
)
def test_real_number_of_any_kind_is_converted(number: Any) -> None:
    """Ints, bools, fractions, NumPy's numbers of every real type, and arrays without dimensions become floats."""
    x = Value(number)
    assert type(x.data) is float
    assert x.data == number
    assert (Value(1.0) + number).data == 1.0 + x.data


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (np.complex64(1j), "numpy.complex64 of shape (); real and imaginary part are two Values"),
        (np.array(1j), "numpy.ndarray of shape (); use autograd.values(array) for one Value per entry"),
        (np.array("2"), "numpy.ndarray of shape (); use autograd.values(array) for one Value per entry"),
        ({2.0}, "set {2.0}; make one Value per entry"),
        ({"a": 2.0}, "dict {'a': 2.0}; use float(...) to convert it"),
    ],
    ids=["complex64", "array of complex", "array of text", "set", "dict"],
)
def test_operand_that_is_no_real_number_is_described(thing: Any, said: str) -> None:
    """NumPy's own arithmetic is not asked where there is no array to go through."""
    with pytest.raises(TypeError) as caught:
        Value(1.0) + thing
    assert str(caught.value) == f"'+' with a Value takes a real number, got {said}"


class Lines:
    """Something that shows itself in several lines."""

    def __repr__(self) -> str:
        return "one\n    two"


@pytest.mark.parametrize(("thing", "said"), [(Lines, "the class Lines"), (Lines(), f"{__name__}.Lines one two")])
def test_description_is_one_line_and_knows_a_class_from_its_objects(thing: Any, said: str) -> None:
    """Not the class of the class, and nothing of how a thing is laid out."""
    with pytest.raises(TypeError) as caught:
        Value(thing)
    assert str(caught.value) == f"Value takes a real number, got {said}; use float(...) to convert it"


class Tensor:
    """A number of a library with types of its own, as PyTorch has them."""

    ndim, shape = 0, ()
    dtype = object()
    backward = item = None

    def __repr__(self) -> str:
        return "tensor(2.)"


@pytest.mark.parametrize("mix", [lambda x: x + Tensor(), lambda x: Tensor() + x, lambda x: Value(Tensor())])
def test_tensor_without_dimensions_is_no_number(mix: Any) -> None:
    """It would take its own gradients along; the error says how to leave them behind."""
    with pytest.raises(TypeError, match=r"takes a real number, got tensor\(2\.\); use x\.item\(\) for its number"):
        mix(Value(1.0))


class Foreign:
    """A Value as it is often taught: whatever is beside it becomes one of its own, data and all."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __radd__(self, other: Any) -> Foreign:
        return Foreign(other)

    def backward(self) -> None: ...


def test_values_of_another_class_are_no_numbers() -> None:
    """Theirs would take ours for a number and all derivatives would be lost, without a word."""
    message = r"'\+' with a Value takes a real number, got .*Foreign.*; import Value from autograd everywhere"
    with pytest.raises(TypeError, match=message):
        Value(1.0) + Foreign(2.0)


def test_number_that_is_not_real_to_python_is_left_its_say() -> None:
    """A Decimal does not mix with floats by itself."""
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for \+: 'Value' and 'decimal\.Decimal'"):
        Value(1.0) + Decimal(1)


@pytest.mark.parametrize(("length", "shown"), [(40, "'" + 38 * "a" + "'"), (41, "'" + 38 * "a" + "…")])
def test_description_is_cut_at_forty_characters(length: int, shown: str) -> None:
    """What is longer ends in an ellipsis, which counts."""
    with pytest.raises(TypeError) as caught:
        Value("a" * (length - 2))  # type: ignore[arg-type]
    assert str(caught.value) == f"Value takes a real number, got str {shown}; use float(text) to convert it"


@pytest.mark.parametrize(
    "argument", [[1.0, "2"], {"a": 1.0, "b": "2"}, (1.0, {"c": ["2"]}), np.array([1.0, "2"], object)]
)
def test_entry_of_an_argument_is_reported_as_the_argument_would_be(argument: Any) -> None:
    """However deep it lies."""
    with pytest.raises(TypeError) as caught:
        grad(lambda x: 0.0)(argument)
    assert str(caught.value) == "grad differentiates a real number, got str '2'; use float(text) to convert it"
