"""Whether this thread is recording a function for the compiler: what a comparison must know, and nothing else.

A recorded program follows one path through the function. A comparison would choose that path by the numbers of one
call, for all calls, in silence; so while a function is recorded every comparison refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from autograd.errors import CompileError

__all__ = ["recording", "refuse_while_recording"]


class _Thread(local):
    depth = 0


_thread = _Thread()


@contextmanager
def recording() -> Iterator[None]:
    """In this block, in this thread, Values refuse to be compared or converted."""
    _thread.depth += 1
    try:
        yield
    finally:
        _thread.depth -= 1


def refuse_while_recording(what: str) -> None:
    """Raise if a function is being recorded; ``what`` says what it did."""
    if _thread.depth:
        raise CompileError(
            f"{what} inside a compiled function would freeze the path that this example takes; use autograd.maximum, "
            "minimum, abs or clip, or where(step(a - b), x, y) for 'x if a > b else y'"
        )
