"""A line that says how far a long piece of work has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

Item = TypeVar("Item")

PATIENCE = 2.0  # seconds without a word


def working(items: Iterable[Item], what: str, total: int, stream: TextIO | None = None) -> Iterator[Item]:
    """The items, and on the error stream how many are done, if they take longer than two seconds.

    On a terminal the line is written over and goes when all is done; elsewhere there is a line every two seconds.
    """
    stream = sys.stderr if stream is None else stream
    own_line = not stream.isatty()
    said = time.monotonic()
    wrote = False
    try:
        for done, item in enumerate(items, start=1):
            if time.monotonic() - said >= PATIENCE:
                print(f"{what}: {done} of {total}", end="\n" if own_line else "\r", file=stream, flush=True)
                said, wrote = time.monotonic(), True
            yield item
    finally:
        if wrote and not own_line:
            print(" " * len(f"{what}: {total} of {total}"), end="\r", file=stream, flush=True)
