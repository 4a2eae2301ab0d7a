"""Whether this thread is recording a function for the compiler, and the error for whatever would give away a number.

A recorded program serves all numbers. Whoever reads a number while a function is recorded would freeze that of one
call, and whoever compares one would choose a path by it, in silence; so every such reading is refused.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Any

from autograd.errors import CompileError

__all__ = [
    "CHOICE",
    "CONSTANT",
    "DERIVATIVE",
    "EQUALITY",
    "STEPS",
    "expect_finite",
    "is_recording",
    "recording",
    "refuse_while_recording",
]

# How many recordings are under way in all threads: what every reading of a number looks at first, and all it costs.
active = 0

_counting = Lock()


class _Thread(local):
    depth = 0
    refusal: CompileError | None = None  # the first one of this recording
    differentiated: list[Any] = []  # noqa: RUF012  # the roots of derivatives in this recording


_thread = _Thread()

# What to write instead.
CHOICE = (
    "use where(step(a - b), x, y) for 'x if a > b else y', or maximum, minimum, abs, clip; softmax and logsumexp need "
    "no largest number"
)
EQUALITY = "use where(a - b, x, y) for 'x if a != b else y'; whether two names are one Value is asked by 'is'"
CONSTANT = (
    "compute with the Value itself, by autograd.exp, where, maximum, softmax, logsumexp ... in place of math.exp and "
    "if; stop_gradient(x) is x held constant"
)
STEPS = "compute the number of whole steps outside, and pass it as an argument"
DERIVATIVE = "use autograd.grad of a function, or gradients(y, xs, create_graph=True), which give Values"


@contextmanager
def recording() -> Iterator[list[Any]]:
    """In this block, in this thread, Values do not tell their numbers.

    Yields
    ------
    list of Value
        Filled with what is differentiated meanwhile, and has to be finite whenever the program runs.

    Raises
    ------
    CompileError
        At the latest when the block ends: a function that catches the refusal goes on as it would not otherwise.
    """
    outer = _thread.refusal, _thread.differentiated
    _thread.refusal, _thread.differentiated = None, []
    _count(1)
    try:
        yield _thread.differentiated
        if _thread.refusal is not None:
            raise _thread.refusal
    finally:
        _count(-1)
        _thread.refusal, _thread.differentiated = outer


def _count(change: int) -> None:
    global active
    with _counting:
        active += change
    _thread.depth += change


def is_recording() -> bool:
    """Whether this thread records a function."""
    return bool(active and _thread.depth)


def expect_finite(root: Any) -> bool:
    """Note, while a function is recorded, that a derivative of ``root`` is worth nothing where that is not finite."""
    if is_recording():
        _thread.differentiated.append(root)
    return is_recording()


def refuse_while_recording(what: str, instead: str) -> None:
    """Raise if a function is being recorded; ``what`` was done, ``instead`` is to be done."""
    if is_recording():
        refusal = CompileError(
            f"{what} inside a compiled function would freeze what this example happens to hold{_place()}; {instead}"
        )
        _thread.refusal = _thread.refusal or refusal
        raise refusal


def _place() -> str:
    """The innermost line that is not of a library, as in " (model.py, line 12: if z > 0:)"."""
    frame = sys._getframe(2)
    while frame is not None:
        root = frame.f_globals.get("__name__", "").partition(".")[0]
        if root not in _LIBRARIES and (root == "__main__" or root not in sys.stdlib_module_names):
            filename, number = frame.f_code.co_filename, frame.f_lineno
            text = linecache.getline(filename, number, frame.f_globals).strip()
            return f" ({filename}, line {number}{': ' if text else ''}{text})"
        frame = frame.f_back  # type: ignore[assignment]
    return ""


_LIBRARIES = {"autograd", "nn", "viz", "numpy"}
