"""Which line of a program made a Value: recorded while it is asked for, at no cost to anything else."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from inspect import CO_GENERATOR, CO_VARARGS
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from autograd import Value, tracing

__all__ = ["Place", "lines_of", "place_of", "source_lines"]

OURS = {"autograd", "nn"}


class Place(NamedTuple):
    """A line of source text, and the part of it, in letters, that gave a Value."""

    file: str
    line: int
    text: str
    start: int
    end: int


_places: WeakKeyDictionary[Value, Place] = WeakKeyDictionary()


def place_of(value: Value) -> Place | None:
    """Where a Value was made, if that was recorded."""
    return _places.get(value)


@contextmanager
def source_lines() -> Iterator[None]:
    """Remember, for every Value that is made within, the line of your program that made it.

    ``viz.step`` shows these lines beside the graph, and marks in them what each step is about. Outside of it nothing is
    recorded, and nothing is slower.

    Notes
    -----
    A line is that of your own code: of what happens within ``autograd`` and ``nn``, the line that called them. It works
    by ``sys.setprofile``, in the thread that asks; a profiler that was there is put aside until the end.

    Examples
    --------
    >>> from autograd import Value, tanh
    >>> x = Value(0.5, label="x")
    >>> with source_lines():
    ...     y = tanh(2.0 * x)
    >>> place_of(y).text[place_of(y).start : place_of(y).end]
    'tanh(2.0 * x)'
    """
    before = sys.getprofile()
    sys.setprofile(_watch)
    try:
        yield
    finally:
        sys.setprofile(before)


def _watch(frame: FrameType, event: str, result: Any) -> None:
    """Called as each function ends: one of ours that gives a new Value, or fills one in, was called from somewhere."""
    if event != "return" or tracing.active or not _is_ours(frame):
        return
    code = frame.f_code
    if code.co_name == "__init__" and isinstance(made := frame.f_locals.get("self"), Value):
        result = made
    elif code.co_flags & CO_GENERATOR or not isinstance(result, Value) or result.op is None:
        return  # what a generator yields, and leaves that a function gives back, were there before
    if result in _places or _was_given(result, code, frame):
        return
    caller: FrameType | None = frame.f_back
    while caller is not None and _is_ours(caller):
        caller = caller.f_back
    if caller is not None and (place := _place(caller)) is not None:
        _places[result] = place


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in OURS


def _was_given(value: Value, code: CodeType, frame: FrameType) -> bool:
    """Whether a function gave back what it was given, and made nothing."""
    if code.co_name == "__init__":
        return False
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & CO_VARARGS)]
    for name in names:
        given = frame.f_locals.get(name)
        if given is value or (isinstance(given, (list, tuple)) and any(x is value for x in given)):
            return True
    return False


def _place(frame: FrameType) -> Place | None:
    """The line that a frame is at, and the expression in it, as far as it stands on that line."""
    code = frame.f_code
    first, last, start, end = next(islice(code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    line = first or frame.f_lineno
    text = linecache.getline(code.co_filename, line, frame.f_globals).rstrip("\n")
    if not text.strip():
        return None
    letters = text.encode()
    if start is None or end is None or last != first:
        end = len(letters)
    start = start or 0
    return Place(code.co_filename, line, text, len(letters[:start].decode()), len(letters[:end].decode()))


def lines_of(values: Sequence[Value]) -> tuple[list[Place], list[tuple[int, int, int] | None]]:
    """The lines that made these, in the order of the program; of each Value its line there, and the part of it."""
    places = [place_of(value) for value in values]
    files = list(dict.fromkeys(place.file for place in places if place))
    keys = sorted({(files.index(p.file), p.line) for p in places if p})
    shown = {(files.index(p.file), p.line): p for p in places if p}
    return [shown[key] for key in keys], [
        p and (keys.index((files.index(p.file), p.line)), p.start, p.end) for p in places
    ]
