"""Long arrays are not copied: the program reads a caller's where they lie, and writes to the one that it gives back."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NonFiniteError, compile, erf, log, relu, sin, tanh
from autograd.compiler.backends.numpy import lent
from autograd.compiler.program import choose, lending
from tests.compiler.threads import at_once
from tests.compiler.trees import both, moved, plain, trees, waves

X = np.linspace(-1.0, 1.0, 15).reshape(3, 5)


@pytest.fixture(autouse=True)
def one_is_many(monkeypatch):
    """However few numbers, they are lent, and NumPy runs what has examples."""
    monkeypatch.setattr(lent, "MANY", 1)
    monkeypatch.setattr(choose, "SMALL", -1)


def layer(W, b, x):
    """Products with the weights, and numbers that are alone."""
    return sum(tanh(sum(w * a for w, a in zip(row, x, strict=True)) + c) for row, c in zip(W, b, strict=True))


def weights(seed=0):
    return np.random.default_rng(seed).normal(size=(4, 5)), np.arange(4.0)


def by_copies(monkeypatch, f, *args, **options):
    """What a program gives that lends nothing."""
    with monkeypatch.context() as patch:
        patch.setattr(lent, "MANY", 10**9)
        general = compile(f, batched="x")
        found = general.value_and_grad(*args, **options)
        assert not general.program.code.lent
    return found


@given(p=trees(ints=0), q=trees(ints=1), argnums=st.sampled_from([0, (0,), (0, 2), (2, 0)]), rows=st.integers(1, 3))
def test_lent_numbers_give_what_copied_numbers_give(p, q, argnums, rows):
    """For any structure: runs that are an array, part of one, or lie across several."""
    x = np.linspace(-1.0, 1.0, rows)
    f = lambda p, q, r, x: waves(p, q, x) * r
    calls = [((moved(p, k), moved(q, k), 0.5 + k, x[: 1 + k % rows]), {}) for k in range(4)]
    found, expected, fast = both(f, calls, "x", argnums=argnums)
    assert found == expected
    assert fast.program.code.lent


LAYOUTS = {
    "in rows": lambda W: W,
    "in columns": np.asfortranarray,
    "a transpose": lambda W: np.ascontiguousarray(W.T).T,
    "spaced": lambda W: np.repeat(W, 2, axis=1)[:, ::2],
    "backwards": lambda W: np.ascontiguousarray(W[::-1, ::-1])[::-1, ::-1],
    "not aligned": lambda W: np.frombuffer(b"." + W.tobytes(), np.float64, offset=1).reshape(W.shape),
    "part of a larger one": lambda W: np.vstack([W, W])[: len(W)],
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_array_is_read_as_it_lies_in_memory(name, monkeypatch):
    """Whatever its layout, read-only too; and nothing is written to it."""
    W, b = weights()
    expected = plain(by_copies(monkeypatch, layer, W, b, X, argnums=(0, 1)))
    fast = compile(layer, batched="x")
    given = LAYOUTS[name](W)
    assert given.tobytes() == W.tobytes()
    if name != "not aligned":
        given.flags.writeable = False
    for _ in range(3):
        assert plain(fast.value_and_grad(given, b, X, argnums=(0, 1))) == expected
    assert given.tobytes() == W.tobytes()
    assert fast._programs.direct.callers
    assert fast.program.code.lent


def test_one_vector_of_all_numbers_is_lent_in_parts(monkeypatch):
    """Runs in the midst of an array, which some statements read in part or beyond, and what lies between them."""

    def f(theta, x):
        product = sum(w * a for w, a in zip(theta[18:23], x, strict=True))
        return layer(theta[1:21].reshape(4, 5), theta[24:28], x) + product**2 * theta[7] + theta[23] ** 2

    theta = np.linspace(-1.0, 1.0, 30)
    monkeypatch.setattr(lent, "MANY", 3)
    expected = plain(by_copies(monkeypatch, f, theta, X))
    fast = compile(f, batched="x")
    for _ in range(3):
        assert plain(fast.value_and_grad(theta, X)) == expected
    runs = [(run.start, run.stop) for run in fast.program.code.lent if run.name.startswith("theta")]
    assert runs == [(1, 23), (24, 28)]


def test_view_inside_another_keeps_its_run_whole(monkeypatch):
    """A run ends where all end that begin in it."""
    f = lambda W, x: layer(W, W[1][:4], x)
    fast = compile(f, batched="x")
    W = weights()[0]
    for _ in range(3):
        assert plain(fast.value_and_grad(W, X)) == plain(by_copies(monkeypatch, f, W, X))
    assert [run.stop - run.start for run in fast.program.code.lent if run.name.startswith("theta")] == [20]


def test_one_array_given_twice_or_in_parts_that_overlap(monkeypatch):
    """Reading is all that is done to it."""
    row = np.linspace(-1.0, 1.0, 21)
    f = lambda V, W, x: layer(V, [0.5] * 4, x) * layer(W, [0.25] * 4, x)
    for V, W in [(row[:20], row[:20]), (row[:20], row[1:])]:
        args = V.reshape(4, 5), W.reshape(4, 5), X
        fast = compile(f, batched="x")
        for _ in range(3):
            found = fast.value_and_grad(*args, argnums=(0, 1))
            assert plain(found) == plain(by_copies(monkeypatch, f, *args, argnums=(0, 1)))
    assert not np.shares_memory(*found[1])


def test_gradient_is_new_in_each_call():
    """It shares nothing with arguments, with gradients before it, or with what the program writes next."""
    fast = compile(layer, batched="x")
    W, b = weights()
    fast.value_and_grad(W, b, X, argnums=(0, 1))
    kept = [fast.value_and_grad(W * k, b, X, argnums=(0, 1))[1] for k in range(1, 4)]
    again = [compile(layer, batched="x").value_and_grad(W * k, b, X, argnums=(0, 1))[1] for k in range(1, 4)]
    assert plain(kept) == plain(again)
    arrays = [W, b, X, *[part for gradients in kept for part in gradients]]
    assert not any(np.shares_memory(one, other) for k, one in enumerate(arrays) for other in arrays[:k])
    kept[0][0].fill(np.nan)
    assert plain(fast.value_and_grad(W, b, X, argnums=(0, 1))[1]) == plain(again[0])


def test_array_changed_between_calls_is_read_anew(monkeypatch):
    fast = compile(layer, batched="x")
    W, b = weights()
    for k in range(4):
        W *= -0.5
        W[k] += k
        assert plain(fast.value_and_grad(W, b, X)) == plain(by_copies(monkeypatch, layer, W, b, X))
        assert fast(W, b, X) == fast.value_and_grad(W, b, X)[0]


def test_all_of_a_gradient_is_written(monkeypatch):
    """Also derivatives that are zero or the same number wherever they are: new memory holds anything."""
    empty = lambda *args: np.full(*args, np.nan)
    f = lambda W, x: sin(W[1, 2] * x[0]) + 3.0 * W[0, 1] + sum(w * a for w, a in zip(W[2], x, strict=True))
    fast = compile(f, batched="x")
    W = weights()[0]
    expected = fast.value_and_grad(W, X)
    monkeypatch.setattr(lending.np, "empty", empty)
    assert plain(fast.value_and_grad(W, X)) == plain(expected)
    assert np.isfinite(expected[1]).all()


def test_gradient_begins_where_four_floats_are_read_at_once():
    """Whatever its length."""
    for size in range(1, 20):
        fast = compile(lambda W, x: sum(w * x for w in W), batched="x")
        slopes = [fast.value_and_grad(np.ones(size), X[:, 0])[1] for _ in range(4)]
        assert {slope.__array_interface__["data"][0] % 32 for slope in slopes[1:]} == {0}
        assert {slope.shape for slope in slopes} == {(size,)}


def test_what_is_not_finite_is_noticed():
    """In a run that the program has written itself; where the engine knows better, it is asked."""
    f = lambda W, x: log(sum(w * a for w, a in zip(W, x, strict=True)))
    fast = compile(f, batched="x")
    W = np.ones(5)
    for _ in range(2):
        fast.value_and_grad(W, np.abs(X))
    with pytest.raises(NonFiniteError, match="example 1"):
        fast.value_and_grad(W, np.array([[1.0] * 5, [0.0] * 5]))
    root = compile(lambda W, x: sum(w**0.5 * a for w, a in zip(W, x, strict=True)), batched="x")
    for _ in range(2):
        assert root.value_and_grad(np.array([4.0, 0.0]), np.ones((1, 2)))[1].tolist() == [0.25, np.inf]
    flat = compile(lambda W, x: sum(erf(log(relu(w))) * a for w, a in zip(W, x, strict=True)), batched="x")
    for w in (2.0, 2.0, -1.0):
        slope = flat.value_and_grad(np.array([1.0, w]), np.ones((1, 2)))[1]
    assert slope[1] == 0.0


def test_arrays_of_a_call_are_not_kept():
    """Neither the arguments nor the gradient."""
    fast = compile(layer, batched="x")
    for _ in range(3):
        W, b = weights()
        value, slope = fast.value_and_grad(W, b, X)
    held = [weakref.ref(W), weakref.ref(slope.base if slope.base is not None else slope)]
    del W, slope, value
    gc.collect()
    assert [ref() for ref in held] == [None, None]


def test_threads_read_and_write_their_own():
    """However they take turns."""
    fast = compile(layer, batched="x")
    expected = {seed: plain(fast.value_and_grad(*weights(seed), X)) for seed in range(4)}

    def work(seed):
        W, b = weights(seed)
        for _ in range(200):
            assert plain(fast.value_and_grad(W, b, X)) == expected[seed]

    at_once(work, range(4))


def test_argument_may_have_the_name_of_what_is_lent(monkeypatch):
    """It is called otherwise in the program."""
    f = lambda theta_1, x: layer(theta_1, [1.0] * 4, x)
    g = lambda W, theta_1, gradient_1: layer(W, [1.0] * 4, theta_1) + gradient_1
    W = weights()[0]
    expected = by_copies(monkeypatch, f, W, X)
    found = [compile(g, batched=("theta_1", "gradient_1")).value_and_grad(W, X, np.zeros(3)) for _ in range(2)]
    assert plain(found) == plain([expected] * 2)
