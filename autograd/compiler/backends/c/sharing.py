"""Threads that share the work of a call; they are kept from one call to the next, and a forked process has its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

__all__ = ["Shared"]

_pools: dict[int, ThreadPoolExecutor] = {}
_lock = threading.Lock()


def _pool(threads: int) -> ThreadPoolExecutor:
    with _lock:
        found = _pools.get(threads)
        if found is None:
            found = _pools[threads] = ThreadPoolExecutor(threads, thread_name_prefix="autograd")
        return found


def _forget() -> None:
    """In a child process, which has none of the threads."""
    global _lock  # somebody may have held it who is not there either
    _lock = threading.Lock()
    _pools.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class Shared:
    """Work in lists of pieces, one for each thread; the first is done by who calls.

    Parameters
    ----------
    work : sequence of sequence of callable
        What each thread does, piece by piece: between two pieces it can be stopped.
    """

    def __init__(self, work: Sequence[Sequence[Callable[[], None]]]) -> None:
        self.own, *self.others = work
        self.stopped = False
        self.running: list[Future[None]] = []

    def __call__(self) -> None:
        """Do all of it."""
        if not self.others:
            self._do(self.own)
            return
        wait(self.running)  # of a call that was interrupted twice
        self.stopped = False
        self.running = []
        pool = _pool(len(self.others))
        try:
            for pieces in self.others:
                self.running.append(pool.submit(self._do, pieces))
            self._do(self.own)
        except BaseException:
            self.stopped = True
            raise
        finally:
            wait(self.running)
        for done in self.running:
            done.result()

    def _do(self, pieces: Sequence[Callable[[], None]]) -> None:
        for piece in pieces:
            if self.stopped:
                return
            piece()
