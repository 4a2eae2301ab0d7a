"""Tokens of objects that count by what they are, not by what they hold."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import ref

from autograd.compiler.captured.contents import CLASSES
from autograd.compiler.captured.origin import is_installed

__all__ = ["identity", "is_content"]


def identity(x: Any) -> Any:
    """A token that only ``x`` itself has, however long it lives."""
    try:
        return ref(x) if _is_plain(x) else _Same(x)  # a reference is as equal as its object
    except TypeError:
        return _Same(x)


def _is_plain(x: Any) -> bool:
    """Whether an object is equal to itself alone."""
    method: Any = type(x).__hash__
    return method is object.__hash__


@lru_cache(CLASSES)
def is_content(kind: Any) -> bool:
    """Whether objects are equal by what they are, as a Decimal or a date is: by an installed class, not the user's."""
    base = next(base for base in kind.__mro__ if "__hash__" in vars(base))
    return base is not object and is_installed(base.__module__, None)


class _Same:
    """A token of one object, which it keeps alive."""

    __slots__ = ("x",)

    def __init__(self, x: Any) -> None:
        self.x = x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.x is other.x

    def __hash__(self) -> int:
        return id(self.x)
