"""Threads that share the work of a call; they are kept from one call to the next, and a forked process has its own."""

from __future__ import annotations

import os
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable, Sequence
from queue import SimpleQueue

__all__ = ["Shared"]


class _Share:
    """What one thread does of a call, piece by piece: between two pieces it can be stopped. It is done once."""

    def __init__(self, pieces: Sequence[Callable[[], None]]) -> None:
        self.pieces = pieces
        self.stopped = self.ended = False
        self.error: BaseException | None = None
        # Locks of C's, for an interrupt may leave others locked: those of threading, of Python's futures and pools.
        self.begun, self.over = allocate_lock(), allocate_lock()
        self.over.acquire()

    def do(self) -> None:
        """Do it, unless somebody has begun."""
        if not self.begun.acquire(blocking=False):
            return
        try:
            for piece in self.pieces:
                if self.stopped:
                    break
                piece()
        except BaseException as error:  # for who calls
            self.error = error
        self.ended = True
        self.over.release()


class _Workers:
    """Threads that do what is in a queue."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[_Share] = SimpleQueue()
        self.count = 0

    def hire(self, count: int) -> None:
        """Have at least so many."""
        while self.count < count:
            start_new_thread(_serve, (self.queue,))
            self.count += 1


def _serve(queue: SimpleQueue[_Share]) -> None:
    while True:
        queue.get().do()


_workers = _Workers()


def _forget() -> None:
    """In a child process, which has none of the threads."""
    global _workers
    _workers = _Workers()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class Shared:
    """Work in lists of pieces, one for each thread; the first is done by who calls.

    Parameters
    ----------
    work : sequence of sequence of callable
        What each thread does, piece by piece: between two pieces it can be stopped.

    Notes
    -----
    Whoever calls is stopped at any moment, by Ctrl-C, and then lets go of what the others read and write: it is not
    left before they have ended.
    """

    def __init__(self, work: Sequence[Sequence[Callable[[], None]]]) -> None:
        self.own, *self.others = work
        self.shares: list[_Share] = []

    def __call__(self) -> None:
        """Do all of it."""
        if self.others:
            self._settle()
            _workers.hire(len(self.others))
            self.shares = [_Share(pieces) for pieces in self.others]
        try:
            for share in self.shares:
                _workers.queue.put(share)
            for piece in self.own:
                piece()
            for share in self.shares:
                share.over.acquire()
        except BaseException:
            self._settle()
            raise
        for share in self.shares:
            if share.error is not None:
                raise share.error

    def _settle(self) -> None:
        """Stop the others, and wait until they have, whatever happens meanwhile; that is told then."""
        told: BaseException | None = None
        for share in self.shares:
            share.stopped = True
        for share in self.shares:
            while not share.ended:
                try:
                    _workers.queue.put(share)  # it may never have come so far
                    share.over.acquire()
                except BaseException as error:
                    told = error
        if told is not None:
            raise told
