"""What a written call keeps: buffers for each thread, a few of each kind, and none of its arguments."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from autograd import compile, dot
from autograd.compiler.calls import programs
from tests.compiler.threads import at_once


def test_gradient_belongs_to_the_caller():
    """The next call leaves it as it is, and what is done to it changes no call."""
    fast = compile(lambda w: sum(a * a for a in w["x"]))
    first = [fast.value_and_grad({"x": np.array([1.0, 2.0])})[1] for _ in range(2)][1]
    fast.value_and_grad({"x": np.array([5.0, 6.0])})
    assert first["x"].tolist() == [2.0, 4.0]
    first["x"] *= 100.0
    assert fast.value_and_grad({"x": np.array([1.0, 2.0])})[1]["x"].tolist() == [2.0, 4.0]


def test_buffers_are_kept_for_a_few_batch_sizes():
    """And made anew for another."""
    fast = compile(lambda w, x: w * x, batched="x")
    for rows in (*range(1, 9), *range(1, 9)):
        assert fast.value_and_grad(2.0, np.ones(rows)) == (2.0, 1.0)


@pytest.mark.parametrize("rows", [3, 20_000])
@pytest.mark.parametrize("parameters", [2, 10_000])
@pytest.mark.parametrize("name", ["__call__", "value_and_grad"])
def test_arguments_of_a_call_are_not_kept(name, parameters, rows):
    """A data set goes when its owner lets it go, however it was called with, and wherever it was read."""
    fast = compile(lambda w, x: dot(list(w), list(w)) * x, batched="x")
    call = getattr(fast, name)
    w, x = np.ones(parameters), np.ones(rows)
    held = weakref.ref(w), weakref.ref(x)
    for _ in range(3):
        call(w, x)
    assert fast._programs.direct.callers
    del w, x
    gc.collect()
    assert [array() for array in held] == [None, None]


def test_threads_have_buffers_of_their_own():
    """Each thread reads its own numbers, however they take turns."""
    fast = compile(lambda w, x: sum(a * a for a in w) * x, batched="x")
    X = np.ones(50)
    fast.value_and_grad(np.arange(30.0), X)

    def work(seed):
        w = np.random.default_rng(seed).normal(size=30)
        for _ in range(200):
            value, slope = fast.value_and_grad(w, X)
            assert np.isclose(value, (w * w).sum())
            assert np.allclose(slope, 2 * w)

    at_once(work, range(4))


def test_callers_are_bounded(monkeypatch):
    """The one that was written first goes first."""
    monkeypatch.setattr(programs, "CALLERS", 5)
    fast = compile(lambda a, b, c: a * b * c)
    for argnums in [(0,), (1,), (2,), (0, 1)] * 2:
        for names in ((), ("c",), ("b", "c"), ("c", "b")):
            values = dict(zip("abc", (2.0, 3.0, 5.0), strict=True))
            given = [values[name] for name in "abc" if name not in names]
            value, slopes = fast.value_and_grad(*given, argnums=argnums, **{name: values[name] for name in names})
            assert (value, slopes) == (30.0, tuple([30.0 / values["abc"[k]] for k in argnums]))
    assert len(fast._programs.direct.callers) == 5


def test_last_program_is_that_of_the_last_call():
    """Also where a caller served it."""
    fast = compile(lambda w: sum(a * a for a in w))
    for _ in range(2):
        fast.value_and_grad(np.ones(2))
        fast.value_and_grad(np.ones(3))
    fast.value_and_grad(np.ones(3))
    fast.value_and_grad(np.ones(3))
    assert fast.program.parameters == 3
    fast.value_and_grad(np.ones(2))
    assert fast.program.parameters == 2
