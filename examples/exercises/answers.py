"""Calling what a student wrote, whatever it is, and reading what it returns; what cannot be used is said in words."""

from __future__ import annotations

import inspect
import io
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from types import FunctionType
from typing import Any

import numpy as np

from .exercise import Array, Call, Exercise, Results, copied, flat


class UnusableError(Exception):
    """Why an answer cannot be compared, in a sentence for its student."""


def callable_for(function: Any, exercise: Exercise) -> None:
    """Refuse what is no function, or one that takes other arguments."""
    name = exercise.name
    if not callable(function):
        raise UnusableError(
            f"check takes the function itself, got {kind(function)}; write check({name}), without brackets behind it"
        )
    if isinstance(function, type):
        raise UnusableError(f"check takes a function, got the class {function.__name__}")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C have none
        return
    calls = {len(call.arguments): call for call in exercise.calls()}
    for call in calls.values():
        try:
            signature.bind(*call.arguments)
        except TypeError:
            raise UnusableError(f"{name} takes ({exercise.parameters}), and yours takes {signature}") from None


def results_of(function: Callable[..., Any], exercise: Exercise, number: int) -> tuple[Results, list[str]]:
    """What comes back from a call, by name, and remarks on how."""
    call = exercise.calls()[number]
    arguments, remarks = copied(call.arguments), []
    try:
        answer = _silently(function, arguments)
    except (TypeError, ValueError) as error:
        if not exercise.numbers:
            raise UnusableError(_raised(error, function, call)) from None
        try:
            answer = one_by_one(function, call)
        except Exception:
            raise UnusableError(_raised(error, function, call)) from None
        remarks.append("it takes numbers one by one; the document hands it arrays")
    except (Exception, SystemExit) as error:
        raise UnusableError(_raised(error, function, call)) from None
    if any(_changed(now, before) for now, before in zip(arguments, call.arguments, strict=True)):
        remarks.append("it changes the arrays that it is given")
    return read(answer, exercise.form(number), call), remarks


def one_by_one(function: Callable[..., Any], call: Call) -> Array:
    """The results for every entry of the arrays among the arguments."""
    arrays = [a for a in call.arguments if isinstance(a, Array)]
    if not arrays:
        raise TypeError("there are no entries")
    found = []
    for index in np.ndindex(arrays[0].shape):
        single = [float(a[index]) if isinstance(a, Array) else a for a in call.arguments]
        found.append(_silently(function, single))
    return np.reshape(np.array(found, dtype=float), arrays[0].shape)


def read(answer: Any, form: dict[str, Any], call: Call) -> Results:
    """The results by name, as arrays of floats."""
    if answer is None:
        raise UnusableError(f"it returns None{_case(call)}. Is a return missing?")
    names = list(form)
    if len(names) == 1:
        return dict(flat(_result(names[0] or "the result", answer, form[names[0]], call, names[0])))
    parts = _parts(answer)
    if parts is None or len(parts) != len(names):
        raise UnusableError(
            f"it returns {kind(answer)}{_case(call)}, where {len(names)} results are expected: {', '.join(names)}"
        )
    found: Results = {}
    for name, part in zip(names, parts, strict=True):
        found.update(flat(_result(name, part, form[name], call, name)))
    return found


def _result(shown: str, part: Any, form: Any, call: Call, name: str) -> dict[str, Any]:
    if not isinstance(form, list):
        return {name: _array(shown, part, call)}
    parts = _parts(part)
    if parts is None or len(parts) != len(form):
        raise UnusableError(f"{shown} is {kind(part)}{_case(call)}, where a list of {len(form)} arrays is expected")
    return {name: [_array(f"{shown}[{i}]", entry, call) for i, entry in enumerate(parts)]}


def _parts(answer: Any) -> Sequence[Any] | None:
    return list(answer) if isinstance(answer, list | tuple) or (isinstance(answer, Array) and answer.ndim) else None


def _array(shown: str, part: Any, call: Call) -> Array:
    if part is None:
        raise UnusableError(f"{shown} is None{_case(call)}")
    if isinstance(part, str | bytes | dict | set | FunctionType) or inspect.isgenerator(part):
        raise UnusableError(f"{shown} is {kind(part)}{_case(call)}, where numbers are expected")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a complex number would lose a part
            if hasattr(part, "__array__") and not isinstance(part, Array):  # another library's array
                part = part.__array__()
            if any(entry is None for entry in np.ravel(np.asarray(part, dtype=object))):  # NumPy makes nan of it
                raise TypeError
            return np.array(part, dtype=float)
    except (TypeError, ValueError, OverflowError, Warning):
        raise UnusableError(
            f"{shown} is {kind(part)}{_case(call)}, of which no array of real numbers can be made"
        ) from None


def kind(thing: Any) -> str:
    """What something is, in a few words."""
    if isinstance(thing, Array):
        return f"an array of shape {thing.shape}"
    if isinstance(thing, list | tuple):
        return f"a {type(thing).__name__} of {len(thing)}"
    if thing is None or isinstance(thing, bool | int | float | str):
        shown = repr(thing)
        return f"{'the text ' if isinstance(thing, str) else ''}{shown if len(shown) < 40 else shown[:36] + '…'}"
    return f"a thing of type {type(thing).__name__}"


def _silently(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """Without what it prints, and without warnings of arithmetic, which the numbers speak of themselves."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*arguments)


def _raised(error: BaseException, function: Any, call: Call) -> str:
    if isinstance(error, NotImplementedError):
        return f"it is still a blank{_case(call)}"
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    where = f" in line {frames[-1].lineno}" if frames else ""
    code = f", `{frames[-1].line}`" if frames and frames[-1].line else ""
    return f"it raises {type(error).__name__}{where}{code}{_case(call)}: {error}".rstrip(": ")


def _case(call: Call) -> str:
    return f" for {call.case}" if call.case else ""


def _changed(now: Any, before: Any) -> bool:
    if isinstance(before, Array):
        return not np.array_equal(now, before, equal_nan=True)
    if isinstance(before, list):
        return len(now) != len(before) or any(_changed(a, b) for a, b in zip(now, before, strict=True))
    return False
