"""A call's arguments read and its derivatives handed out in C, by the words that it has for a structure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.entry import Entry
from autograd.compiler.calls.parts import Part
from autograd.compiler.scalars.tape import FIXED, PARAMETER

__all__ = ["enters", "fits", "giver", "reader"]

Array = npt.NDArray[np.float64]


# C refuses what is nested deeper, and more numbers in one part: what entry_plans.h allows, or less.
DEPTH, MOST = 60, 2**31 - 1


def enters(parts: Sequence[Part], depth: int = 0) -> bool:
    """Whether all parts are of kinds that C knows, no deeper than it goes."""
    return depth < DEPTH and all(part.kind != "module" and enters(part.parts, depth + 1) for part in parts)


def fits(parts: Sequence[Part]) -> bool:
    """Whether none has more numbers than C counts."""
    return all(prod(part.shape) <= MOST and fits(part.parts) for part in parts)


def reader(entry: Entry, parts: Sequence[Part], parameters: Array, fixed: Array) -> Callable[..., bool]:
    """What copies the numbers of arguments to where a program reads them, if they have these parts, and says so."""
    objects: list[Any] = []
    words = [word for part in parts for word in _words(entry, part, objects, None)]
    return entry.reader(words, (parameters, fixed), objects, len(parts))


def giver(entry: Entry, parts: Sequence[Part], gradient: Array) -> Callable[[], tuple[Any, ...]]:
    """What hands out derivatives in the structure of the arguments with these parts."""
    objects: list[Any] = []
    words = [word for part in parts for word in _words(entry, part, objects, gradient)]
    return entry.giver(words, (gradient,), objects, len(parts))


def _words(entry: Entry, part: Part, objects: list[Any], gradient: Array | None) -> list[int]:
    place, start = {PARAMETER: 0, FIXED: 1}.get(part.place, entry.LOOKED_AT), part.where.start
    if part.kind == "container":
        inside = [word for p in part.parts for word in _words(entry, p, objects, gradient)]
        if part.like is dict:
            objects.append(part.keys)
            return [entry.DICT, len(part.parts), len(objects) - 1, *inside]
        return [entry.LIST if part.like is list else entry.TUPLE, len(part.parts), *inside]
    if part.kind == "same":
        if part.like.__class__ not in (list, tuple):
            objects.append(part.like)
            return [entry.SAME, len(objects) - 1]
        first = len(objects)
        objects.extend(part.like)
        each = [word for k in range(first, len(objects)) for word in (entry.SAME, k)]
        return [entry.LIST if part.like.__class__ is list else entry.TUPLE, len(part.like), *each]
    if part.kind == "array":
        copy = entry.LOOKED_AT
        if gradient is not None:
            copy = len(objects)
            objects.append(gradient[part.where].reshape(part.shape).copy)
        return entry.array(place, start, part.shape, copy)
    if part.kind == "number":
        return [entry.NUMBER, place, start]
    return [entry.NUMBERS_IN_LIST if part.like is list else entry.NUMBERS_IN_TUPLE, place, start, *part.shape]
