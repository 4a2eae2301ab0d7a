"""What an object holds elsewhere than in its attributes, where Python code does not see it change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, ItemsView, KeysView, Sequence, ValuesView
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from weakref import ReferenceType

import numpy as np

__all__ = ["CLASSES", "Content", "content_of"]

# So much is known of so many classes, which are kept alive; of another it is found again.
CLASSES = 256


class Content(NamedTuple):
    """Of one object: a token of what it is, the objects it holds, and whether neither can change."""

    token: Hashable
    parts: Sequence[Any] = ()
    constant: bool = False


# For each built-in class how its objects are read, also those of subclasses; the first that fits counts.
_READ: dict[type, Callable[[Any], Content]] = {
    float: lambda x: Content("float", [float.__pos__(x)], constant=True),
    int: lambda x: Content("int", [int.__pos__(x)], constant=True),
    complex: lambda x: Content("complex", [complex.__pos__(x)], constant=True),
    str: lambda x: Content("str", [str.__str__(x)], constant=True),
    bytes: lambda x: Content("bytes", [bytes(memoryview(x))], constant=True),
    ReferenceType: lambda x: Content("ref", [x()]),
    ContextVar: lambda x: Content(x, [x.get(None)]),
    MappingProxyType: lambda x: Content("mappingproxy", [dict(x)]),
    KeysView: lambda x: Content("keys", [list(x)]),
    ValuesView: lambda x: Content("values", [list(x)]),
    ItemsView: lambda x: Content("items", [list(x)]),
    BaseException: lambda x: Content("exception", [x.args]),
}


_without_buffer: set[type] = set()


@lru_cache(CLASSES)
def _reader(kind: type) -> Callable[[Any], Content] | None:
    found = [read for base, read in _READ.items() if issubclass(kind, base)]
    return found[0] if found else None


def content_of(x: Any) -> Content | None:
    """What is in ``x`` besides its attributes; None where that is nothing, or nobody knows."""
    kind: Any = type(x)
    read = _reader(kind)
    if read is not None:
        return read(x)
    if hasattr(kind, "__array__"):  # by its class: an object may answer to every name
        return Content("array", [np.asarray(x)])
    if kind not in _without_buffer:
        try:
            seen = memoryview(x)  # array.array, bytearray, ctypes, memoryview
            return Content((seen.format, seen.shape, seen.tobytes()))
        except TypeError:
            if len(_without_buffer) >= CLASSES:
                _without_buffer.clear()
            _without_buffer.add(kind)
        except (ValueError, BufferError):  # it has been given back
            pass
    return None
