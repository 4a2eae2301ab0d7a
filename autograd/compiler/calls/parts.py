"""The parts of an argument that a written call tells apart, and where their numbers are in what a program reads."""

from __future__ import annotations

from math import prod
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.compiler.calls.arguments import Argument
from autograd.compiler.calls.spread import is_module
from autograd.compiler.scalars.tape import FIXED

__all__ = ["FLOAT64", "Part", "UnknownPartError", "part_of"]

FLOAT64 = np.dtype(np.float64)
# What is no number but part of the structure, in arguments that are not differentiated.
STRUCTURE = {int, str, bool, type(None)}
# A structure of more parts than this is no pattern of a loop, and its call would be long.
LARGEST = 500


class UnknownPartError(Exception):
    """Something in the arguments that a written call has no code for."""


class Part(NamedTuple):
    """A part of an argument, and where its numbers are among those of its place.

    Attributes
    ----------
    kind : str
        A float; a list or tuple of floats; an array; a list, tuple or dict of other parts; what is no number and the
        same in each call, or a list or tuple of that; a module.
    like : object
        Of a container and of several numbers the class; of what is the same that; of a module what is known of it.
    """

    kind: Literal["number", "numbers", "array", "container", "same", "module"]
    place: int
    where: slice
    like: Any = None
    shape: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    keys: tuple[Any, ...] = ()


def part_of(x: Any, place: int, sizes: dict[int, int], argument: Argument | None = None) -> Part:
    """An argument, whose numbers follow those that there are.

    Parameters
    ----------
    x : object
    place : int
        Where the program reads it.
    sizes : dict of int
        How many numbers each place has; it grows by those of the part.
    argument : Argument, optional
        What is known of ``x``, where that is an argument and no part of one.

    Raises
    ------
    UnknownPartError
        If something is of another kind, or there is too much.
    """
    left = [LARGEST]

    def row(shape: tuple[int, ...]) -> slice:
        start = sizes[place]
        sizes[place] += prod(shape)
        return slice(start, sizes[place])

    def part(x: Any) -> Part:
        left[0] -= 1
        kind = x.__class__
        if left[0] < 0:
            raise UnknownPartError
        if kind is float:
            return Part("number", place, row(()))
        if kind is np.ndarray and x.dtype == FLOAT64 and x.ndim:
            return Part("array", place, row(x.shape), shape=x.shape)
        kinds = set(map(type, x)) if kind in (list, tuple) else set()
        if kinds == {float}:
            return Part("numbers", place, row((len(x),)), kind, (len(x),))
        if place == FIXED and (kind in STRUCTURE or (kinds and kinds <= STRUCTURE)):
            return Part("same", place, row((0,)), kind(x) if kinds else x)
        if kind in (list, tuple, dict) and x:
            entries = x.values() if kind is dict else x
            keys = tuple(x) if kind is dict else ()
            return Part("container", place, row((0,)), kind, (), tuple(map(part, entries)), keys)
        if argument is not None and argument.leaves and is_module(x):
            return Part("module", place, row((argument.size,)), argument, (argument.size,))
        raise UnknownPartError

    return part(x)
