"""Ctrl-C while threads share a call, whenever it comes and however often: nobody works on after it, nothing is left."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager

import pytest

from autograd.compiler.backends.c.sharing import Shared

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such signals")


@contextmanager
def interrupts(seconds, again):
    """The keyboard's, after so many seconds and again and again; none once it is left."""

    def handler(*_):
        if not over:
            raise KeyboardInterrupt

    over: list[bool] = []
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds, again)
    try:
        yield over
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("again", [0.0, 0.05], ids=["once", "again and again"])
@pytest.mark.parametrize("own", [0.0, 0.1], ids=["while it waits", "while it works"])
def test_call_is_left_when_nobody_works_any_more(again, own):
    """The memory that the others read and write goes with the call."""
    at_work: list[int] = []

    def piece():
        at_work.append(1)
        time.sleep(0.4)
        at_work.pop()

    work = Shared([[lambda: time.sleep(own)], [piece], [piece]])
    with interrupts(0.05, again) as over:
        try:
            work()
        except KeyboardInterrupt:
            over.append(True)
        left = list(at_work)
    assert over, "it was not interrupted"
    assert left == []
    time.sleep(0.5)
    work()  # and again, by the same threads
    assert at_work == []


def test_work_that_nobody_has_begun_is_never_done():
    """All threads are busy elsewhere when the call is interrupted; the next call does each piece once."""
    held, done = threading.Event(), []
    busy = threading.Thread(target=Shared([[held.wait], [held.wait]]))
    busy.start()
    failing = [True]

    def own():
        if failing.pop():
            held.set()
            raise KeyboardInterrupt

    work = Shared([[own], [lambda: done.append(1)]])
    with pytest.raises(KeyboardInterrupt):
        work()
    busy.join()
    done.clear()
    failing.append(False)
    work()
    time.sleep(0.05)
    assert done == [1]
