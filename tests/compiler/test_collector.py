"""Python's collector rests while programs are made, and afterwards it is as it was."""

from __future__ import annotations

import gc
import os
import threading

import pytest

from autograd import compile
from autograd.compiler.program import collector
from autograd.compiler.program.collector import collector_at_rest
from autograd.errors import CompileError


@pytest.fixture(params=[True, False], ids=["enabled", "disabled"])
def enabled(request):
    """Whether it was at work before."""
    (gc.enable if request.param else gc.disable)()
    yield request.param
    gc.enable()


def test_it_is_as_it_was(enabled):
    """After a program is made, also inside another."""
    with collector_at_rest():
        assert not gc.isenabled()
        assert compile(lambda x: x * x).value_and_grad(3.0) == (9.0, 6.0)
        assert not gc.isenabled()
    assert gc.isenabled() == enabled


def test_it_is_as_it_was_after_an_error(enabled):
    """Of whatever sort."""
    with pytest.raises(CompileError), collector_at_rest():
        compile(lambda x: x if x > 0.0 else -x)(1.0)
    assert gc.isenabled() == enabled


def test_the_last_of_several_threads_wakes_it():
    """And not the first one that is done."""
    inside, done = threading.Barrier(3), [threading.Event(), threading.Event()]

    def work(k):
        with collector_at_rest():
            inside.wait()
            done[k].wait()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    inside.wait()
    seen = []
    for event, thread in zip(done, threads, strict=True):
        seen.append(gc.isenabled())
        event.set()
        thread.join()
    assert seen == [False, False]
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # others' threads may be there
def test_a_forked_child_has_it_at_work_and_can_compile():
    """Whoever rested it is not there to wake it."""
    with collector_at_rest():
        process = os.fork()
        if not process:
            good = gc.isenabled() and compile(lambda x: x * x)(3.0) == 9.0 and gc.isenabled()
            os._exit(not good)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    assert gc.isenabled()


def test_what_is_no_longer_reached_is_collected_all_the_same():
    """What was made meanwhile counts as old, and is looked through with the old."""

    class Ring:
        def __init__(self):
            self.other = self

    with collector_at_rest():
        rings = [Ring() for _ in range(10)]
    del rings
    assert gc.collect() >= 10


def test_what_the_user_has_frozen_stays_frozen():
    """To be thawed by the user."""
    gc.freeze()
    try:
        with collector_at_rest():
            pass
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()


def test_a_childs_part_wakes_it_and_opens_the_lock(monkeypatch):
    """As after a fork: those that rested it are gone."""
    monkeypatch.setattr(collector, "_users", 2)
    monkeypatch.setattr(collector, "_was_enabled", True)
    gc.disable()
    collector._lock.acquire()
    collector._wake()
    assert gc.isenabled()
    assert not collector._users
    assert not collector._lock.locked()
    collector._lock.acquire()
    collector._wake()  # where nobody rested it
    assert gc.isenabled()
