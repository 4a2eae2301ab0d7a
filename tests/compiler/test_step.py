"""``step``: the program as a training loop calls it, on one flat vector of all numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, compile, sin, tanh
from autograd.compiler.backends.numpy import lent
from autograd.compiler.program import choose
from tests.compiler.threads import at_once
from tests.compiler.trees import moved, numbers, trees, waves

X = np.linspace(-1.0, 1.0, 15).reshape(3, 5)


@pytest.fixture(params=["as it is", "by NumPy", "by NumPy, a little lent", "by NumPy, all lent"])
def how(request, monkeypatch):
    """Who runs it, and from how many numbers on a vector is read where it lies."""
    if request.param != "as it is":
        monkeypatch.setattr(choose, "SMALL", -1)
        monkeypatch.setattr(lent, "MANY", {"by NumPy": 10**9, "by NumPy, a little lent": 4}.get(request.param, 1))
    return request.param


def layer(W, b, x):
    return sum(tanh(sum(w * a for w, a in zip(row, x, strict=True)) + c) for row, c in zip(W, b, strict=True))


def weights(seed=0):
    return np.random.default_rng(seed).normal(size=(4, 5)), np.arange(4.0)


def flat(*parts):
    return np.concatenate([part.ravel() for part in parts])


@given(p=trees(ints=0), rows=st.integers(1, 3))
def test_step_is_value_and_grad_of_a_flat_vector(p, rows):
    """Of whatever structure the arguments are; nothing of a call is left in the next."""
    x = np.linspace(-1.0, 1.0, rows)
    fast = compile(lambda p, x: waves(p, p, x), batched="x")
    step = fast.step(p, x)
    for k in range(3):
        q, some = moved(p, k), x[: 1 + k % rows]
        value, slopes = fast.value_and_grad(q, some)
        found, gradient = step(np.array(numbers(q)), some)
        assert (found, gradient.tolist()) == (value, numbers(slopes))


def test_whoever_runs_it_gives_the_same(how):
    """Also from lists, from vectors of other layouts and kinds; and nothing is written to them."""
    fast = compile(layer, batched="x")
    W, b = weights()
    step = fast.step(W, b, X, argnums=(0, 1))
    value, slopes = fast.value_and_grad(W, b, X, argnums=(0, 1))
    theta = flat(W, b)
    unaligned = np.frombuffer(b"." + theta.tobytes(), np.float64, offset=1)  # read-only, too
    for given_as in (
        theta,
        theta.tolist(),
        tuple(theta),
        np.repeat(theta, 3)[::3],
        theta[::-1].copy()[::-1],
        unaligned,
    ):
        found, gradient = step(given_as, X)
        assert np.isclose(found, value, rtol=1e-14, atol=0.0)
        assert np.allclose(gradient, flat(*slopes), rtol=1e-13, atol=1e-15)
        assert gradient.shape == theta.shape
    assert theta.tobytes() == flat(W, b).tobytes()
    narrow = theta.astype(np.float32)
    assert np.array_equal(step(narrow, X)[1], step(narrow.astype(float), X)[1])


def test_gradient_is_new_in_each_call_and_may_be_written_to(how):
    """In place, as loops do, with the parameters that are updated by it."""
    W, b = weights()
    step = compile(layer, batched="x").step(W, b, X, argnums=(0, 1))
    theta = flat(W, b)
    other, kept = theta.copy(), []
    for _ in range(4):
        _, gradient = step(theta, X)
        kept.append((gradient, gradient.tobytes()))
        theta -= 0.1 * gradient
        _, slope = step(other, X)
        slope *= 0.1
        other -= slope
    assert theta.tobytes() == other.tobytes()
    assert [gradient.tobytes() for gradient, _ in kept] == [was for _, was in kept]
    arrays = [theta, X, *[gradient for gradient, _ in kept]]
    assert not any(np.shares_memory(one, two) for k, one in enumerate(arrays) for two in arrays[:k])


@pytest.mark.parametrize("kind", [np.array, list])
def test_numbers_that_are_not_differentiated_are_those_it_was_made_for(how, kind):
    """Whatever becomes of what had them; leaves that are found outside are read anew."""
    outside = Value(0.5)
    f = lambda W, scale, x: layer(W, [outside] * 4, x) * scale[0] + scale[1] * W[0][0]
    fast = compile(f, batched="x")
    W, scale = weights()[0], kind([2.0, 3.0])
    step = fast.step(W, scale, X)
    for k in range(3):
        value, slopes = fast.value_and_grad(W, [2.0, 3.0], X)
        found, gradient = step(W.ravel(), X)
        assert np.isclose(found, value, rtol=1e-14, atol=0.0)
        assert np.allclose(gradient, slopes.ravel(), rtol=1e-13, atol=1e-15)
        scale[0], outside.data = 7.0, -0.5 * k


def test_what_is_not_finite_is_for_the_loop_to_judge(how):
    """No warning, no error, and the next call knows nothing of it."""
    step = compile(layer, batched="x").step(*weights(), X, argnums=(0, 1))
    theta = flat(*weights())
    expected = step(theta, X)
    for bad in (np.nan, np.inf, 1e308):
        wrong = theta.copy()
        wrong[3] = bad
        step(wrong, X * 1e10)
    again = step(theta, X)
    assert (again[0], again[1].tobytes()) == (expected[0], expected[1].tobytes())


@pytest.mark.parametrize("size", [0, 23, 25])
def test_a_vector_of_another_length_is_refused(how, size):
    """Longer ones too: what is beyond would not be read."""
    step = compile(layer, batched="x").step(*weights(), X, argnums=(0, 1))
    with pytest.raises(ValueError, match=rf"takes 24 parameters and 0 fixed numbers, got {size} and 0"):
        step(np.ones(size), X)
    with pytest.raises(ValueError, match=r"broadcast|reshape"):
        step(np.ones((24, 2)), X)


def test_program_gives_the_value_alone_as_well(how):
    """``Program.value`` is what ``fit`` asks for validation."""
    fast = compile(layer, batched="x")
    W, b = weights()
    step = fast.step(W, b, X, argnums=(0, 1))
    for k in range(3):
        theta = flat(W, b) * k
        assert np.isclose(fast.program.value(theta, X), step(theta, X)[0], rtol=1e-14, atol=0.0)


def test_steps_of_several_threads_do_not_meet(how):
    """Each has buffers of its own."""
    step = compile(lambda W, b, x: sin(layer(W, b, x)), batched="x").step(*weights(), X, argnums=(0, 1))
    expected = {seed: step(flat(*weights(seed)), X) for seed in range(4)}

    def work(seed):
        theta = flat(*weights(seed))
        for _ in range(100):
            value, gradient = step(theta, X)
            assert (value, gradient.tobytes()) == (expected[seed][0], expected[seed][1].tobytes())

    at_once(work, range(4))
