"""What an object holds elsewhere than in its attributes, where Python code does not see it change."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, ItemsView, KeysView, Sequence, ValuesView
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any, NamedTuple
from weakref import CallableProxyType, ProxyType, ReferenceType

import numpy as np

from autograd.convert import describe
from autograd.errors import CompileError

__all__ = ["CLASSES", "PROXIES", "Content", "content_of", "is_pickled", "pickled", "referents"]

# So much is known of so many classes, which are kept alive; of another it is found again.
CLASSES = 256


# What stands for another object, and says of itself that it is that.
PROXIES = frozenset({ProxyType, CallableProxyType})


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
    StringIO: lambda x: Content("closed" if x.closed else (x.getvalue(), x.tell())),
    BytesIO: lambda x: Content("closed" if x.closed else (x.getvalue(), x.tell())),
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
        return Content("array", [_numbers_of(x)])
    if kind not in _without_buffer:
        try:
            seen = memoryview(x)  # array.array, bytearray, ctypes, memoryview
            return Content((seen.format, seen.shape, seen.tobytes()))
        except TypeError:
            if len(_without_buffer) >= CLASSES:
                _without_buffer.clear()
            _without_buffer.add(kind)
        except (ValueError, BufferError):
            return Content("given back")
    return None


def _numbers_of(x: Any) -> Any:
    """The numbers of an array of another library, also where they are parameters of it, as of PyTorch's modules."""
    try:
        return np.asarray(x.detach() if hasattr(type(x), "detach") else x)
    except Exception as error:
        raise CompileError(
            f"what a compiled function finds outside is compared in every call, and the numbers of {describe(x)} "
            f"cannot be read, since {error}; take out beforehand what it needs of that"
        ) from error


@lru_cache(CLASSES)
def is_pickled(kind: type) -> bool:
    """Whether objects of a class of Python's keep in C what they hold, and tell it to those who pickle them."""
    own = any(name in vars(base) for base in kind.__mro__[:-1] for name in ("__reduce__", "__getstate__"))
    return own and kind.__module__.partition(".")[0] in sys.stdlib_module_names - {"itertools"}


def pickled(x: Any) -> Any:
    """What an object would be pickled as."""
    with suppress(TypeError, ValueError):  # its class has the method, and refuses
        return x.__reduce_ex__(2)[1:]
    return None


def referents(proxy: Any) -> list[Any]:
    """What a proxy stands for, which it hides as well as it can; nothing if that is gone."""
    with suppress(ReferenceError):
        return [proxy.__reduce_ex__.__self__]
    return []
