"""Keys of programs: whatever a program depends on besides numbers is part of them."""

from __future__ import annotations

import gc
import itertools
import pickle
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import CompileError, Value, compile, tanh
from autograd.compiler.captured.state import state
from nn import MLP
from tests.compiler.changes import Scaled, Setting


def test_change_back_finds_the_first_program():
    """Keys are what things hold, not when they were made."""
    box = SimpleNamespace(T=2.0)
    fast = compile(lambda x: x * box.T)
    fast(1.0)
    first = fast.program
    for T, same in ((3.0, False), (2.0, True)):
        box.T = T
        assert fast(1.0) == T
        assert (fast.program is first) == same


def test_what_a_function_notes_does_not_record_it_again():
    """It was run twice with other notes, and its graph was the same."""
    notes = []
    fast = compile(lambda x: notes.append(x) or x * x)
    assert [fast(3.0), fast(4.0), fast.value_and_grad(5.0)[0]] == [9.0, 16.0, 25.0]
    assert len(notes) == 2


@pytest.mark.filterwarnings("ignore:<lambda> has been recorded")
def test_object_made_where_another_was_is_another():
    """Whatever is collected and reused: models, leaves, functions, settings."""
    seen = set()
    fast = compile(lambda x, m: m(x))
    loss = compile(lambda f, x: f(x), verify=False)
    for k in range(200):
        model = Scaled()
        model.w.data = float(k)
        model.T = 1.0 + k % 3
        expected = model(2.0).data
        assert fast.value_and_grad(2.0, model)[0] == pytest.approx(expected)
        setting = Setting(T=float(k))
        f = lambda x, k=k: x * (k + 1.0)
        assert loss.value_and_grad(f, 2.0, argnums=1)[0] == 2.0 * (k + 1.0)
        assert compile(lambda x, s: x * s.T).value_and_grad(1.0, setting) == (k, k)
        seen.add(id(model))
        del model, setting, f
        gc.collect() if k % 50 == 0 else None
    assert len(seen) < 200  # addresses are used again, or this shows nothing


THINGS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text(max_size=2) | st.binary(max_size=1),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=1), inner, max_size=2)
        | st.builds(lambda x: SimpleNamespace(x=x), inner)
    ),
    max_leaves=6,
)


def exactly(x):
    """What tells two of these things apart."""
    if isinstance(x, list | tuple):
        return type(x).__name__, [exactly(e) for e in x]
    if isinstance(x, dict):
        return [(k, exactly(e)) for k, e in x.items()]
    if isinstance(x, SimpleNamespace):
        return "namespace", exactly(x.x)
    return type(x).__name__, x.hex() if isinstance(x, float) else x


@given(one=THINGS, other=THINGS)
def test_keys_are_equal_where_things_are(one, other):
    """Down to the type and the sign of a zero; nan equals nan."""
    assert state(one) == state(pickle.loads(pickle.dumps(one)))
    assert (state(one) == state(other)) == (exactly(one) == exactly(other))
    hash(state(one))


def test_circles_and_depth_are_no_trouble():
    """A list in itself, and one far deeper than Python's recursion."""
    circle, deep = [1.0], []
    circle.append(circle)
    for _ in range(50_000):
        deep = [deep]
    assert state(circle) != state([1.0, [1.0]])
    assert state(deep) != state([deep])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0]), np.array([2.0])),
        (np.array([1.0]), np.array([[1.0]])),
        (np.array([1]), np.array([1.0])),
        (np.float64(1.0), np.float64(2.0)),
        (np.array([Value(1.0)]), np.array([Value(1.0)])),
        ({1, 2}, {1, 3}),
        (bytearray(b"a"), bytearray(b"b")),
        (slice(1), slice(2)),
        (range(1), range(2)),
        (lambda x, k=1: x, lambda x, k=2: x),
        (itertools.count(1), itertools.count(1)),
        (MLP(1, [1], rng=0), MLP(1, [1], rng=0)),
        (len, max),
        (np, np.linalg),
        (int, float),
        (object(), object()),
    ],
)
def test_things_that_differ_have_keys_that_differ(one, other):
    """And each equals its own."""
    assert state(one) != state(other)
    assert state(one) == state(one)


def test_too_much_to_compare_is_refused():
    """Rather than compared in every call."""
    with pytest.raises(CompileError, match="compares in every call what its arguments"):
        compile(lambda x, s: x).value_and_grad(1.0, SimpleNamespace(x=list(range(600_000))))


def test_function_that_is_compiled_anew_each_time_is_no_trouble():
    """Nothing is shared between two compiled functions of equal code."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k in range(20):
            assert compile(lambda x, k=k: tanh(x) * k)(0.0) == 0.0
