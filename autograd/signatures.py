"""What derivatives are to a type checker: of the type of the argument, with floats for whole numbers.

Of a float the gradient is a float, of a list a list, of an array an array, of a Value a Value. A checker does not see
Values among the other arguments, nor those that a function finds outside; the derivative is of Values then, too. Where
the type hangs on what only the running program knows, it is Any: of an argument chosen by ``argnums``, of a compiled
function, which may have a derivative for each example, of results in other containers than lists and arrays.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, overload

import numpy as np
import numpy.typing as npt

from autograd.value import Value

__all__ = ["ArrayJacobian", "Compiled", "Gradient", "ListJacobian", "Matrix", "Product", "ValueAndGradient"]

T = TypeVar("T")
K = TypeVar("K")

Numbers = npt.NDArray[np.floating[Any] | np.integer[Any] | np.bool_]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]


class Compiled(Protocol):
    """A function that :func:`autograd.compile` gave."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Its value."""

    @property
    def c_source(self) -> str:
        """Which no other function has."""


class Gradient(Protocol):
    """From an argument to as many numbers of the same structure."""

    @overload
    def __call__(self, x: float, /, *args: Any, **kwargs: Any) -> float: ...
    @overload
    def __call__(self, x: list[float], /, *args: Any, **kwargs: Any) -> list[float]: ...
    @overload
    def __call__(self, x: list[int], /, *args: Any, **kwargs: Any) -> list[float]: ...
    @overload
    def __call__(self, x: tuple[int, ...], /, *args: Any, **kwargs: Any) -> tuple[float, ...]: ...
    @overload
    def __call__(self, x: dict[K, int], /, *args: Any, **kwargs: Any) -> dict[K, float]: ...
    @overload
    def __call__(self, x: Numbers, /, *args: Any, **kwargs: Any) -> Floats: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> T: ...


class ValueAndGradient(Protocol):
    """The value too: a float where the argument holds floats, and a Value where it holds Values."""

    @overload
    def __call__(self, x: float, /, *args: Any, **kwargs: Any) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: Value, /, *args: Any, **kwargs: Any) -> tuple[Value, Value]: ...
    @overload
    def __call__(self, x: list[float], /, *args: Any, **kwargs: Any) -> tuple[float, list[float]]: ...
    @overload
    def __call__(self, x: list[int], /, *args: Any, **kwargs: Any) -> tuple[float, list[float]]: ...
    @overload
    def __call__(self, x: list[Value], /, *args: Any, **kwargs: Any) -> tuple[Value, list[Value]]: ...
    @overload
    def __call__(self, x: Numbers, /, *args: Any, **kwargs: Any) -> tuple[float, Floats]: ...
    @overload
    def __call__(self, x: Objects, /, *args: Any, **kwargs: Any) -> tuple[Value, Objects]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> tuple[Value | float, T]: ...


class ListJacobian(Protocol):
    """Of a list of results: a list of gradients."""

    @overload
    def __call__(self, x: float, /, *args: Any, **kwargs: Any) -> list[float]: ...
    @overload
    def __call__(self, x: list[float], /, *args: Any, **kwargs: Any) -> list[list[float]]: ...
    @overload
    def __call__(self, x: list[int], /, *args: Any, **kwargs: Any) -> list[list[float]]: ...
    @overload
    def __call__(self, x: Numbers, /, *args: Any, **kwargs: Any) -> list[Floats]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> list[T]: ...


class ArrayJacobian(Protocol):
    """Of an array of results: one array by an array, and elsewhere an array of gradients."""

    @overload
    def __call__(self, x: Numbers, /, *args: Any, **kwargs: Any) -> Floats: ...
    @overload
    def __call__(self, x: Any, /, *args: Any, **kwargs: Any) -> npt.NDArray[Any]: ...


class Matrix(Protocol):
    """The Hessian."""

    @overload
    def __call__(self, x: float, /, *args: Any, **kwargs: Any) -> float: ...
    @overload
    def __call__(self, x: Value, /, *args: Any, **kwargs: Any) -> Value: ...
    @overload
    def __call__(self, x: list[float], /, *args: Any, **kwargs: Any) -> list[list[float]]: ...
    @overload
    def __call__(self, x: list[int], /, *args: Any, **kwargs: Any) -> list[list[float]]: ...
    @overload
    def __call__(self, x: list[Value], /, *args: Any, **kwargs: Any) -> list[list[Value]]: ...
    @overload
    def __call__(self, x: dict[K, float], /, *args: Any, **kwargs: Any) -> dict[K, dict[K, float]]: ...
    @overload
    def __call__(self, x: Numbers, /, *args: Any, **kwargs: Any) -> Floats: ...
    @overload
    def __call__(self, x: Objects, /, *args: Any, **kwargs: Any) -> Objects: ...
    @overload
    def __call__(self, x: Any, /, *args: Any, **kwargs: Any) -> Any: ...


class Product(Protocol):
    """The Hessian times a vector, which has the structure of the argument."""

    @overload
    def __call__(self, x: float, v: float, /, *args: Any, **kwargs: Any) -> float: ...
    @overload
    def __call__(self, x: list[float], v: list[float], /, *args: Any, **kwargs: Any) -> list[float]: ...
    @overload
    def __call__(self, x: Numbers, v: Numbers, /, *args: Any, **kwargs: Any) -> Floats: ...
    @overload
    def __call__(self, x: Any, v: Any, /, *args: Any, **kwargs: Any) -> Any: ...
