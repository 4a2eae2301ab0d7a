"""``Derivative``: what a transformation makes of a function, which knows what it was made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from types import MethodType
from typing import Any

from autograd.variables import as_argnums, as_function

__all__ = ["Derivative", "checked", "compiled_or"]


class Derivative:
    """A function that ``transform(f, *settings)`` gives; it is pickled as that, and copied.

    Parameters
    ----------
    call : callable
        What it does.
    transform : callable
        ``grad`` or one of its kin.
    f : callable
        What is differentiated.
    settings : dict
        By name, as ``transform`` takes them.
    like : callable
        Whose name and signature it has; not its attributes, which say what ``f`` is.
    """

    def __init__(
        self,
        call: Callable[..., Any],
        transform: Callable[..., Any],
        f: Callable[..., Any],
        settings: dict[str, Any],
        like: Callable[..., Any],
    ) -> None:
        update_wrapper(self, like, assigned=("__module__", "__name__", "__qualname__"), updated=())
        self.__doc__ = f"``{transform.__name__}`` of ``{getattr(f, '__name__', type(f).__name__)}``."
        self._run, self._transform, self._f, self._settings = call, transform, f, settings

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the transformation gives."""
        return self._run(*args, **kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> Any:
        return _made, (self._transform, self._f, self._settings)

    def __repr__(self) -> str:
        return f"{self._transform.__name__}({self._f!r})"

    def _compiled_parts(self) -> list[Any]:
        """What this depends on, for :mod:`autograd.compiler.captured.state`."""
        return [self._transform, self._f, self._settings]


def _made(transform: Callable[..., Any], f: Callable[..., Any], settings: dict[str, Any]) -> Any:
    return transform(f, **settings)


def checked(f: Callable[..., Any], name: str, argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """``f``, unless it is none; ``argnums`` is looked at before any argument comes, too."""
    as_argnums(argnums, name)
    return as_function(f, name)


def compiled_or(
    f: Callable[..., Any],
    transform: Callable[..., Any],
    argnums: int | tuple[int, ...],
    general: Callable[..., Any],
    sparse: bool = False,
) -> Callable[..., Any]:
    """``general``, or of a compiled function what runs compiled wherever its arguments are numbers."""
    derivative = getattr(type(f), "_derivative", None)
    return general if derivative is None else derivative(f, transform, argnums, general, sparse)
