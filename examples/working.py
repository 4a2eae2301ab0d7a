"""A line that says how far a long piece of work has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TextIO, TypeVar

Item = TypeVar("Item")

PATIENCE = 2.0  # seconds without a word

_under_way: list[list[str | int]] = []  # what, how many are done, of how many: one piece of work inside another
_said = 0.0  # when the last word was said


def working(items: Iterable[Item], what: str, total: int | None = None, stream: TextIO | None = None) -> Iterator[Item]:
    """The items, and on the error stream how many are done, if they take longer than two seconds.

    Work inside of work is said in one line. On a terminal the line is written over and goes when all is done; elsewhere
    there is a line every two seconds. ``total`` is the length of the items, where they have none.
    """
    global _said
    stream = sys.stderr if stream is None else stream
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    if not _under_way:
        _said = time.monotonic()
    own: list[str | int] = [what, 0, total]
    _under_way.append(own)
    longest = 0
    try:
        for done, item in enumerate(items):
            own[1] = done
            if time.monotonic() - _said >= PATIENCE:
                line = ", ".join(f"{name}: {count:,} of {all_of_it:,}" for name, count, all_of_it in _under_way)
                longest = max(longest, len(line))
                print(line.ljust(longest), end="\r" if stream.isatty() else "\n", file=stream, flush=True)
                _said = time.monotonic()
            yield item
    finally:
        _under_way.remove(own)
        if longest and stream.isatty():
            print(" " * longest, end="\r", file=stream, flush=True)
