"""The language model among the examples: what it is trained by, compiled and padded, is its loss on Values."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

import examples  # noqa: F401 - which puts its folder on the path
from autograd import Value
from nn import Adam
from tests.bench import microgpt as bench
from tests.bench.systems import closures, ours_dot, tuples

STEPS = 1000


@pytest.fixture(scope="module")
def microgpt():
    return importlib.import_module("microgpt")


@pytest.fixture(scope="module")
def course(microgpt):
    """Names, first weights, and what the compiled program makes of them in a thousand steps."""
    rng = np.random.default_rng(0)
    names, weights = rng.permutation(microgpt.NAMES).tolist(), microgpt.random_weights(rng)
    return names, weights, *microgpt.train(weights, names, STEPS)


def on_values(microgpt, weights, name):
    """Loss and gradient by ``backward()``, of the name as long as it is: without padding, and so without a mask."""
    values = {key: [[Value(x) for x in row] for row in matrix.tolist()] for key, matrix in weights.items()}
    count = len(name) + 1
    loss = microgpt.loss(values, *(part[:count].tolist() for part in microgpt.as_numbers(name)))
    loss.backward()
    return loss.data, np.array([x.grad for matrix in values.values() for row in matrix for x in row])


def test_training_follows_values_without_padding(microgpt, course):
    """A thousand steps on graphs begin and end with the same losses.

    Sums are taken in another order, so each step rounds otherwise, by some 1e-15 of a loss of about 2; a thousand
    such steps add up to 1e-12.
    """
    names, weights, _, losses = course
    adam = Adam(lambda k: 0.01 * (1.0 - k / STEPS), beta1=0.85, beta2=0.99)
    found = []
    for k in range(STEPS):
        cost, slopes = on_values(microgpt, weights, names[k % len(names)])
        found.append(cost)
        numbers = adam.step(np.concatenate([x.ravel() for x in weights.values()]), slopes)
        ends = np.cumsum([x.size for x in weights.values()])[:-1]
        weights = {
            key: part.reshape(microgpt.SHAPES[key]) for key, part in zip(weights, np.split(numbers, ends), strict=True)
        }
    assert found[0] == pytest.approx(losses[0], rel=1e-13)
    assert found[-1] == pytest.approx(losses[-1], abs=1e-12)


def test_names_are_lower_case_fit_and_differ(microgpt):
    assert len(set(microgpt.NAMES)) == len(microgpt.NAMES) >= 300
    assert all(name.isascii() and name.islower() and len(name) < microgpt.CONTEXT for name in microgpt.NAMES)


def test_padding_is_zeros_and_costs_nothing(microgpt):
    word, following, share = microgpt.as_numbers("ab")
    assert [row.argmax() for row in word[:3]] == [microgpt.END, 0, 1]
    assert [row.argmax() for row in following[:3]] == [0, 1, microgpt.END]
    assert (word[:3].sum(), following[:3].sum()) == (3.0, 3.0)
    assert not word[3:].any()
    assert not following[3:].any()
    assert share.tolist() == [1 / 3] * 3 + [0.0] * 5


def test_it_learns_and_invents_names(microgpt, course):
    names, _, learned, losses = course
    assert np.mean(losses[-100:]) < np.mean(losses[:100]) - 0.5
    invented = [microgpt.invent(learned, np.random.default_rng(k)) for k in range(20)]
    assert sum(name not in names for name in invented) > 10


def test_systems_of_the_bench_train_the_same_model(microgpt):
    """One name, and the loss before it is learned: as others have it, as Values, compiled."""
    losses = [bench.eager(closures.Value)(1), bench.eager(tuples.Value)(1), bench.eager(Value)(1), bench.compiled(1)]
    losses.append(ours_dot.WORKS["microgpt"]()(1))
    np.testing.assert_allclose(losses, losses[0], rtol=1e-12)
