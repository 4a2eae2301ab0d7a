"""Python's collector rests while a program is made: of all the tuples that it would look through, none is garbage."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

__all__ = ["collector_at_rest"]

_lock = Lock()
_users = 0
_was_enabled = False


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Leave what is no longer reached to be collected later; a third of the time of compiling would go into it.

    It is as it was once the last of the threads that compile is done.
    """
    global _users, _was_enabled
    with _lock:
        if not _users:
            _was_enabled = gc.isenabled()
            gc.disable()
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users and _was_enabled:
                if not gc.get_freeze_count():
                    gc.freeze()  # what has been made joins what is old already, unseen
                    gc.unfreeze()
                gc.enable()


def _wake() -> None:
    """In a forked child the other threads are gone, and with them those that would wake the collector."""
    global _users
    if _users and _was_enabled:
        gc.enable()
    _users = 0
    _lock.release()


with suppress(AttributeError):  # Windows has no fork
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_wake)
