"""Threads that run the same function at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def at_once(work: Callable[[T], R], arguments: Sequence[T]) -> list[R]:
    """What a function gives for each argument, each in a thread of its own, none of which begins before all are there.

    An error in a thread is raised here.
    """
    ready = Barrier(len(arguments))

    def begin(argument: T) -> R:
        ready.wait()
        return work(argument)

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(begin, arguments))
