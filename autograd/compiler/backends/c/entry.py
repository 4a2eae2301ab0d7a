"""What reads the numbers of a call and hands out derivatives in C: found, judged and imported, once; or not there."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.build import fingerprint
from autograd.compiler.backends.c.library import library

__all__ = ["Entry", "call_of", "entry"]

Array = npt.NDArray[np.float64]


class Entry:
    """The functions of ``entry.c``, and its words."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.NUMBER, self.NUMBERS_IN_LIST, self.NUMBERS_IN_TUPLE, self.ARRAY = range(4)
        self.LIST, self.TUPLE, self.DICT, self.SAME = range(4, 8)
        self.LOOKED_AT = -1

    def reader(
        self, words: Sequence[int], places: tuple[Array, ...], objects: Sequence[Any], count: int
    ) -> Callable[..., bool]:
        """What copies the numbers of so many arguments to places."""
        made: Callable[..., bool] = self.module.reader(_bytes(words), places, tuple(objects), count)
        return made

    def arrays_to(self, places: Sequence[Array]) -> Callable[..., bool]:
        """What copies arrays of the shapes of places there, each to its own."""
        words = [word for k, x in enumerate(places) for word in self.array(k, 0, x.shape)]
        return self.reader(words, tuple(places), (), len(places))

    def array(self, place: int, start: int, shape: tuple[int, ...], copy: int = -1) -> list[int]:
        """The words for an array, and for the object that hands out such an array."""
        return [self.ARRAY, place, start, copy, len(shape), *shape]

    def giver(
        self, words: Sequence[int], places: tuple[Array, ...], objects: Sequence[Any], count: int
    ) -> Callable[[], tuple[Any, ...]]:
        """What makes a tuple of so many arguments of the numbers of the first place."""
        made: Callable[[], tuple[Any, ...]] = self.module.giver(_bytes(words), places, tuple(objects), count)
        return made


def call_of(function: Any, *arguments: Any) -> Callable[[], None]:
    """A function of nothing that calls one of the runtime with pointers and integers of ctypes."""
    found = entry()
    if found is None or not hasattr(function, "argtypes"):
        return partial(function, *arguments)
    numbers = [ctypes.addressof(x._obj) if hasattr(x, "_obj") else x.value or 0 for x in arguments]
    address = ctypes.cast(function, ctypes.c_void_p).value
    made: Callable[[], None] = found.module.runner(address, (function, arguments), *numbers)
    return made


def _bytes(words: Sequence[int]) -> bytes:
    return np.array(words, dtype=np.int64).tobytes()


@cache
def entry() -> Entry | None:
    """The entry; None where there is no C runtime, no headers of Python when it was built, or another Python."""
    if library() is None:
        return None
    try:
        module: Any = import_module(f"{__package__}._entry")
    except ImportError:
        return None
    if fingerprint() != module.SOURCES:
        return None
    for sample in (np.zeros((3, 5)), np.zeros((6, 10))[::2, ::2]):
        module.learn(sample, sample.dtype, sample.ctypes.data, sample.shape, sample.strides, sample.flags.c_contiguous)
    return Entry(module)
