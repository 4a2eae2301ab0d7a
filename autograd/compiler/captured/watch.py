"""What a walk through objects found, to be compared object by object with what is there now."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from operator import is_
from types import CellType, CodeType, FunctionType
from typing import Any
from weakref import ref

__all__ = ["UNBOUND", "Watch", "bound", "weakly"]

UNBOUND = object()


class Watch:
    """What a walk found, to be compared object by object, which is many times as fast as walking."""

    def __init__(self) -> None:
        self.bindings: list[tuple[Any, str, Any]] = []  # cells and globals of functions
        self.dicts: list[tuple[Any, tuple[Any, ...], tuple[Any, ...]]] = []
        self.lists: list[tuple[Any, tuple[Any, ...]]] = []
        self.arrays: list[tuple[Any, Any, tuple[int, ...], bytes]] = []
        # Functions with their code, their defaults, and their attributes where there are none yet.
        self.functions: list[tuple[FunctionType, CodeType, Any, Any, Any]] = []
        self.kinds: list[tuple[Callable[[], Any], Any]] = []  # objects, not kept alive, with their classes
        self.bases: list[tuple[type, Any]] = []
        self.missing: list[tuple[Any, frozenset[str]]] = []  # names that modules do not have
        self.complete = True  # whether there is nothing else that can change
        self.settled = False

    def is_current(self) -> bool:
        """Whether everything is as it was."""
        for place, name, x in self.bindings:
            if (place.get(name, UNBOUND) if place.__class__ is dict else bound(place, name)) is not x:
                return False
        for f, code, defaults, by_name, new in self.functions:
            if f.__code__ is not code or f.__defaults__ is not defaults or f.__kwdefaults__ is not by_name or new:
                return False
        for place, names in self.missing:
            if not place.keys().isdisjoint(names):
                return False
        return self.settled or (self.complete and self._is_unchanged())

    def close(self) -> None:
        """The walk is over: note whether there is anything but bindings and functions to look at."""
        # End to end, so that one pass compares what all of them hold: keys, entries, and by live views values.
        self._containers = [d for d, _, _ in self.dicts] + [xs for xs, _ in self.lists]
        self._lengths = list(map(len, self._containers))
        self._views = [d.values() for d, _, _ in self.dicts]
        self._held = [x for _, keys, _ in self.dicts for x in keys] + [x for _, entries in self.lists for x in entries]
        self._held += [x for _, _, values in self.dicts for x in values]
        self.settled = self.complete and not (self.dicts or self.lists or self.arrays or self.kinds)

    def _is_unchanged(self) -> bool:
        containers = self._containers
        if list(map(len, containers)) != self._lengths:
            return False
        if not all(map(is_, chain.from_iterable(chain(containers, self._views)), self._held)):
            return False
        for x, kind in self.kinds:
            if x().__class__ is not kind:
                return False
        for array, dtype, shape, content in self.arrays:
            if array.shape != shape or array.dtype != dtype or array.tobytes() != content:
                return False
        return all(x.__bases__ is bases for x, bases in self.bases)


def bound(place: Any, name: str) -> Any:
    """What a cell, or a name among globals, is bound to."""
    if place.__class__ is CellType:
        try:
            return place.cell_contents
        except ValueError:  # not yet
            return UNBOUND
    return place.get(name, UNBOUND)


def weakly(x: Any) -> Callable[[], Any]:
    """What gives ``x``, and does not keep it alive if it can be helped."""
    try:
        return ref(x)
    except TypeError:
        return lambda: x
