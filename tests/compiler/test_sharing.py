"""Threads share the examples of a call: the same bits, however many there are, and whoever else calls."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import compile, tanh, value_and_grad
from autograd.compiler.backends.c import lanes, library, parts
from autograd.compiler.backends.c.sharing import Shared
from tests.compiler.runtime import needs_runtime
from tests.compiler.test_lanes import THETA, path, steps
from tests.compiler.threads import at_once


def network(theta, z):
    """Two layers, whose matrices are small; a number of no example is added."""
    hidden = [tanh(sum(u * v * a for v, a in zip(theta, z, strict=False))) for u in theta]
    return tanh(sum(u * h for u, h in zip(theta, hidden, strict=True))) ** 2 + theta[0] * theta[1]


KINDS = {"lanes": path, "tiles": network}


@pytest.fixture(params=KINDS)
def kind(request, monkeypatch):
    """What shares its examples, however few they are."""
    monkeypatch.setattr(lanes, "SHARE", 1)
    monkeypatch.setattr(parts, "SHARE", 1)
    return request.param


@needs_runtime
@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 1000])
def test_results_have_the_same_bits_for_any_number_of_threads(n, kind):
    """Value and gradient of all, and those of each example; fewer tiles than threads among them."""
    path, Z = KINDS[kind], steps(n)
    found = []
    for threads in (1, 2, 3, 7, 20):
        total = compile(path, batched="z", reduce="sum", threads=threads)
        each = value_and_grad(compile(path, batched="z", reduce=None, threads=threads))
        for _ in range(2):
            value, slopes = total.value_and_grad(THETA, Z)
            own = [a.tobytes() for a in each(THETA, Z)] if n else []
            found.append((float(value).hex(), slopes.tobytes(), own))
        assert total.stats.kind == kind
        assert total.threads == threads
    assert found[1:] == found[:-1]


@needs_runtime
def test_calls_of_several_threads_are_each_right(kind):
    """They share the function and the threads, and no buffer."""
    path = KINDS[kind]
    fast = compile(path, batched="z", threads=3)
    data = [steps(700 + k) for k in range(4)]
    expected = [compile(path, batched="z").value_and_grad(THETA, Z) for Z in data]

    def call(k: int) -> None:
        for _ in range(20):
            value, slopes = fast.value_and_grad(THETA, data[k])
            assert value == expected[k][0]
            assert np.array_equal(slopes, expected[k][1])

    at_once(call, range(4))


@needs_runtime
def test_each_thread_has_lanes_of_its_own(monkeypatch):
    """Nothing but the results is written by two, and each example by one."""
    monkeypatch.setattr(lanes, "SHARE", 1)
    real, found = library().lanes_each, []

    def each(program, own, start, stop):
        found.append((own.value, start.value, stop.value))
        real(program, own, start, stop)

    monkeypatch.setattr(library(), "lanes_each", each)
    fast = compile(path, batched="z", threads=3, verify=False)
    fast(THETA, steps(1000))
    assert len({own for own, *_ in found}) == len(found) == 3
    tiles = sorted(tile for _, start, stop in found for tile in range(start, stop))
    assert tiles == list(range(len(tiles)))
    assert len(tiles) >= 1000 / lanes.LANES


@needs_runtime
def test_each_thread_has_tiles_of_its_own(monkeypatch):
    """Those of a part are one after the other, and each example is in one of them."""
    monkeypatch.setattr(parts, "SHARE", 1)
    monkeypatch.setattr(parts, "PATIENCE", 1)
    real, found = library().run_arrays, []

    def each(program, start, stop, origin, beside):
        found.append((threading.get_ident(), start.value, stop.value, origin.value))
        real(program, start, stop, origin, beside)

    monkeypatch.setattr(library(), "run_arrays", each)
    fast = compile(network, batched="z", threads=3, verify=False)
    fast(THETA, steps(2000))
    rows = [(start, stop) for _, start, stop, _ in found if stop]
    assert [stop for _, stop in sorted(rows)][:-1] == [start for start, _ in sorted(rows)][1:]
    assert (min(rows)[0], max(rows)[1]) == (0, 2000)
    owners = {origin: {thread for thread, _, stop, at in found if at == origin and stop} for _, _, _, origin in found}
    assert len(owners) == parts.PARTS
    assert all(len(threads) == 1 for threads in owners.values())
    assert len(set.union(*owners.values())) > 1


FORK = """
import os
import numpy as np
from autograd import compile, tanh
def lanes(w, x):
    for _ in range(50):
        x = tanh(w * x)
    return x
def tiles(w, x):
    h = [tanh(w * x + 0.1 * k) for k in range(30)]
    return sum(tanh(sum((w + 0.01 * j) * a for a in h)) for j in range(15))
for f in (lanes, tiles):
    fast = compile(f, batched="x", threads=2)
    x = np.linspace(-1.0, 1.0, 20_000)
    before = fast.value_and_grad(0.5, x)
    child = os.fork()
    if not child:
        os._exit(fast.value_and_grad(0.5, x) != before)
    print(fast.stats.kind, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), fast.value_and_grad(0.5, x) == before)
"""


@needs_runtime
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_process_has_threads_of_its_own():
    """Those of its parent are not there: it would wait for them without end."""
    home = Path(autograd.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", FORK], cwd=home, capture_output=True, text=True, timeout=60)
    assert done.stdout == "lanes 0 True\ntiles 0 True\n", done.stderr


def test_work_that_fails_stops_and_can_be_done_again():
    """The others end before the error is handed on, whoever met it."""
    done: list[int] = []

    def piece(k: int) -> None:
        if k in bad:
            raise KeyboardInterrupt(k)
        done.append(k)

    pieces = lambda ks: [lambda k=k: piece(k) for k in ks]
    for bad in ({0}, {1}):
        work = Shared([pieces([0, 2]), pieces([1, 3])])
        with pytest.raises(KeyboardInterrupt):
            work()
        bad.clear()
        done.clear()
        work()
        assert sorted(done) == [0, 1, 2, 3]


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2", None])
def test_number_of_threads_is_whole(threads):
    with pytest.raises(ValueError, match=r"^threads is a whole number of at least 1, got .*; take one for each core$"):
        compile(path, batched="z", threads=threads)


def test_threads_without_examples_are_refused():
    with pytest.raises(ValueError, match=r"^threads share examples, and no argument .* got threads=2; name the argum"):
        compile(path, threads=2)
