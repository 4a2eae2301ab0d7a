"""Derivatives by a call written once for a structure are those of the general call, and matrices stand as they are."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import NonFiniteError, Value, compile, exp, grad, hessian, jacobian, log, sin, value_and_grad
from autograd.compiler.program import entries
from tests.compiler.trees import moved, numbers, plain, trees


def curved(p, q):
    """A number of which no second derivative is zero everywhere."""
    terms = [sin(x) + float(k) * x for k, x in enumerate(numbers(p))]
    others = autograd.sum([0.5 * x for x in numbers(q)])
    return autograd.exp(0.1 * autograd.sum(terms)) + others * autograd.sum(terms)


def several(p, q):
    """Numbers, of which one does not depend on all, one on nothing, and one is the same as another."""
    xs = numbers(p)
    return [xs[0] * xs[-1], 2.0 * xs[0], curved(p, q), 3.0, xs[0] * xs[-1]]


def bits(tree):
    """What can be compared, also of arrays of arrays."""
    if isinstance(tree, np.ndarray) and tree.dtype == object:
        return tree.shape, [bits(part) for part in tree.ravel()]
    if isinstance(tree, dict):
        return [(key, bits(part)) for key, part in tree.items()]
    return (type(tree), [bits(part) for part in tree]) if isinstance(tree, list | tuple) else plain(tree)


def found_by(derivative, programs, calls, general):
    """What a derivative gives at each of some arguments, by the general way if so told."""
    found = []
    for args in calls:
        found.append(bits(derivative(*args)))
        if general:
            programs.direct.callers.clear()
    return found


@settings(max_examples=30)
@given(tree=trees(0), other=trees(1), transform=st.sampled_from([grad, hessian, jacobian, value_and_grad]))
def test_derivative_is_that_of_the_general_call(tree, other, transform):
    f = several if transform is jacobian else curved
    calls = [(moved(tree, 0.1 * k), moved(other, -0.2 * k)) for k in range(3)]
    results = []
    for general in (False, True):
        fast = compile(f)
        results.append(found_by(transform(fast), fast._programs, calls, general))
    assert results[0] == results[1]


@given(
    count=st.integers(1, 3), transform=st.sampled_from([grad, hessian, jacobian, value_and_grad]), by=st.integers(0, 1)
)
def test_derivatives_of_each_example_are_those_of_the_general_call(count, transform, by):
    """By what all share, and by the numbers of the examples."""
    f = lambda p, x: (curved if transform is not jacobian else several)(p, x)
    rng = np.random.default_rng(count)
    calls = [(rng.normal(size=2), rng.normal(size=(count, 3))) for _ in range(3)]
    if by:
        f = lambda p, x: (curved if transform is not jacobian else several)(x, p)
    results = []
    for general in (False, True):
        fast = compile(f, batched="x", reduce=None)
        results.append(found_by(transform(fast, argnums=by), fast._programs, calls, general))
    assert results[0] == results[1]


def test_later_call_is_by_a_caller_and_earlier_results_stay():
    fast = compile(several)
    slopes = jacobian(fast)
    p, q = np.array([0.5, 2.0]), np.array([1.0])
    first = slopes(p, q)
    kept = [row.copy() for row in first]
    callers = fast._programs.direct.callers
    assert len(callers) == 1
    caller, _ = next(iter(callers.values()))
    for row, again in zip(kept, caller(p, q), strict=True):
        assert row.tobytes() == again.tobytes()
    slopes(p + 1.0, q)
    assert all((row == same).all() for row, same in zip(first, kept, strict=True))
    assert first[3].tolist() == [0.0, 0.0]


def test_matrix_of_many_examples_is_the_program_s_own_array():
    """Nothing is put together afterwards."""
    fast = compile(lambda x: [x[0] * x[1], 2.0 * x[1], 1.0], batched="x", reduce=None)
    slopes = jacobian(fast)
    X = np.random.default_rng(0).normal(size=(5, 2))
    for _ in range(2):
        found = slopes(X)
        assert found.flags.c_contiguous
        expected = [[[x[1], x[0]], [0.0, 2.0], [0.0, 0.0]] for x in X]
        assert (found == expected).all()


def test_matrix_is_gone_as_soon_as_nobody_holds_it():
    """Waiting for the collector, a loop would take new memory for each one."""
    slopes = jacobian(compile(lambda x: [x[0] * x[1], x[1]], batched="x", reduce=None))
    gc.disable()
    try:
        for _ in range(2):
            found = slopes(np.ones((5, 2)))
            base = weakref.ref(found if found.base is None else found.base)
            del found
            assert base() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("examples", [False, True])
def test_what_is_not_finite_is_asked_of_the_engine(examples):
    """At the second call, too: nan goes in unseen where a derivative is constant."""
    f = lambda x: [2.0 * x[0], x[1] * 3.0]
    slopes = jacobian(compile(f, batched="x", reduce=None) if examples else compile(f))
    good = np.ones((3, 2)) if examples else np.ones(2)
    for _ in range(2):
        assert np.array(slopes(good)).shape == ((3, 2, 2) if examples else (2, 2))
        bad = good.copy()
        bad.flat[-1] = np.nan
        with pytest.raises(NonFiniteError, match=r"^(example 2: )?"):
            slopes(bad)
    curvature = hessian(compile(lambda x: log(x) * exp(x)))
    for x in (1.0, 2.0):
        assert curvature(x) == pytest.approx(hessian(lambda x: log(x) * exp(x))(x), rel=1e-12)
        with pytest.raises(NonFiniteError):
            curvature(0.0)


def test_large_numbers_are_finite_though_their_squares_are_not():
    """And nothing is said of overflow."""
    slopes = jacobian(compile(lambda x: [x[0] * x[1], x[1]]))
    for _ in range(2):
        assert np.array(slopes(np.array([1e200, -1e300]))).tolist() == [[-1e300, 1e200], [0.0, 1.0]]


def test_values_and_other_structures_go_the_general_way():
    fast = compile(several)
    slopes = jacobian(fast)
    p, q = np.array([0.5, 2.0]), np.array([1.0])
    expected = np.array(slopes(p, q))
    assert np.array(slopes(p, q)).tolist() == expected.tolist()
    as_values = slopes([Value(0.5), Value(2.0)], q)
    assert np.allclose(autograd.data(as_values), expected, rtol=1e-12)
    assert np.allclose(np.array(slopes([0.5, 2.0], q)), expected, rtol=1e-12)
    assert np.allclose(np.array(slopes(np.float32([0.5, 2.0]), q)), expected, rtol=1e-6)
    assert np.shape(slopes(np.ones(3), q)) == (5, 3)
    with pytest.raises(TypeError):
        slopes(p)
    twice = grad(lambda t: jacobian(fast)([t, 2.0 * t], [1.0])[0][0])  # a transformation around it
    assert twice(0.5) == pytest.approx(2.0)


def test_caller_keeps_nothing_of_the_arguments_and_changes_no_stats():
    fast = compile(curved)
    p, q = np.array([0.5, 2.0]), np.array([1.0])
    fast(p, q)
    before = fast.stats
    for _ in range(2):
        hessian(fast)(p, q)
    assert fast.stats is before
    alive = weakref.ref(p)
    del p
    gc.collect()
    assert alive() is None


def test_matrix_with_few_entries_is_not_computed_as_a_whole(monkeypatch):
    """A large diagonal stays a list of entries, and is the same matrix."""
    f = lambda x: [t * t for t in x]
    x = np.arange(1.0, 5.0)
    whole = jacobian(compile(f))(x)
    monkeypatch.setattr(entries, "SMALL", 3)
    monkeypatch.setattr(entries, "DENSE", 1)
    fast = compile(f)
    assert np.array(jacobian(fast)(x)).tolist() == np.array(whole).tolist() == np.diag(2.0 * x).tolist()
    assert not next(iter(fast._programs._kept.values())).entries.whole
