"""A function is recorded twice, at other numbers: what is not the same graph each time is refused."""

from __future__ import annotations

import math
import random
import warnings
from functools import wraps
from itertools import count
from queue import SimpleQueue
from types import SimpleNamespace

import numpy as np
import pytest

from autograd import CompileError, Value, compile
from nn import MLP


def noting(f):
    """The function, and a list of the numbers it is called with."""
    seen = SimpleQueue()

    @wraps(f)
    def noted(*args):
        seen.put([x._data for arg in args for x in np.ravel(arg)])
        return f(*args)

    return noted, lambda: np.array([seen.get() for _ in range(seen.qsize())])


# ── The second recording ─────────────────────────────────────────────────────────────────────────────────────────────


def test_function_is_recorded_at_the_numbers_of_the_call_and_at_others():
    """Of the other sign, of another size, each by a factor of its own: parameters, other numbers and one example."""
    f, seen = noting(lambda a, b, c, d, x: a * b[0] * b[1] * c * d[0] + d[1] * x)
    compile(f, batched="x").value_and_grad(1.0, [2.0, -3.0], 4.0, [-5.0, 6.0], [7.0], argnums=(3, 2, 0))
    first, second = seen()
    assert first.tolist() == [1.0, 2.0, -3.0, 4.0, -5.0, 6.0, 7.0]
    factors = -second / first
    assert ((factors >= 0.5) & (factors <= 1.5)).all()
    assert len(set(factors)) == 7


def test_zeros_and_what_is_not_finite_become_ordinary_numbers():
    """At 0 a factor would change nothing."""
    f, seen = noting(lambda a, b: a * b[0] + b[1] + b[2])
    compile(f)(0.0, [-0.0, math.inf, math.nan])
    second = seen()[1]
    assert ((second >= 0.5) & (second <= 1.5)).all()


def test_function_without_examples_is_tried_at_a_half():
    """Of the shape that examples would have."""
    f, seen = noting(lambda w, x: w * x[0, 1] * x[1, 2])
    assert compile(f, batched="x", reduce="sum")(2.0, np.zeros((0, 2, 3))) == 0.0
    first, second = seen()[:, 1:]
    assert first.tolist() == [0.5] * 6
    assert (second < 0.0).all()


def test_module_and_captured_leaf_stay_where_they_are():
    """Neither their numbers nor their gradients change when a program is made."""
    model, scale = MLP(2, [1], rng=0), Value(3.0)
    leaves = [*model.parameters(), scale]
    before = [(leaf.data, leaf.grad) for leaf in leaves]
    compile(lambda model, x: model(x) * scale, batched="x").value_and_grad(model, np.ones((1, 2)))
    compile(lambda x, model: model([x, x])).value_and_grad(2.0, model)
    compile(lambda x: x * scale).value_and_grad(2.0)
    assert [(leaf.data, leaf.grad) for leaf in leaves] == before


# ── Is it the same graph? ────────────────────────────────────────────────────────────────────────────────────────────


CHANCE = {
    "operations": lambda a, b: a + b if next(CALLS) % 2 else a * b,
    "operands": lambda a, b: a / b if next(CALLS) % 2 else b / a,
    "results": lambda a, b: a if next(CALLS) % 2 else b,
    "a constant": lambda a, b: a * b * next(CALLS),
    "a leaf made inside": lambda a, b: a * b * Value(next(CALLS)),
}

CALLS = count()


@pytest.mark.parametrize("name", CHANCE)
def test_graph_that_changes_is_refused(name):
    """Another run would give another program."""
    with pytest.raises(CompileError) as error:
        compile(CHANCE[name])(2.0, 3.0)
    assert str(error.value) == (
        "<lambda> gave two different graphs for two sets of numbers: its path or a constant in it depends on them, on "
        "what an earlier call left behind, or on chance; pass such numbers in as arguments"
    )


GENERATOR = np.random.default_rng(0)

HOLDER = SimpleNamespace(rng=GENERATOR)

GENERATORS = {"numpy": GENERATOR, "legacy": np.random.RandomState(0), "python": random.Random(0)}

DRAWS = {
    **{name: lambda x, draw=generator.random: x * (draw() < 2.0) for name, generator in GENERATORS.items()},
    "of a module": lambda x: x * (random.random() < 2.0),
    "of NumPy": lambda x: x * (np.random.random() < 2.0),
    "a global one": lambda x: x * (GENERATOR.random() < 2.0),
    "an attribute": lambda x: x * (HOLDER.rng.random() < 2.0),
    "bits": lambda x, bits=GENERATOR.bit_generator: x * (bits.random_raw() >= 0),
    "an argument": lambda x, rng: x * (rng.random() < 2.0),
    "in an argument": lambda x, setting: x * (setting["rngs"][1].random() < 2.0) * setting["w"],
}

GIVEN = {"an argument": [GENERATOR], "in an argument": [{"w": 2.0, "rngs": [None, random.Random(0)]}]}


@pytest.mark.parametrize("name", DRAWS)
def test_function_that_draws_is_refused_whatever_it_draws(name):
    """Two recordings may happen to draw alike, as a layer does that drops one unit in a hundred."""
    fast = compile(DRAWS[name])
    for _ in range(2):  # nor is anything kept of the first
        with pytest.raises(CompileError, match=r"^<lambda> draws random numbers, and a program would"):
            fast(1.0, *GIVEN.get(name, []))


def seeded(x):
    random.seed(3)
    return x * random.random() * np.random.default_rng(0).random()


def test_function_with_numbers_of_its_own_is_compiled():
    """It makes or seeds its generator, or has one that it does not draw from."""
    assert compile(seeded)(2.0) == seeded(2.0)
    assert compile(lambda x, rng: x * (2.0 if rng else 3.0))(2.0, random.SystemRandom()) == 4.0


def test_another_thread_may_draw_meanwhile():
    """Once or twice, while a program is made."""
    calls = count()

    def f(x):
        if next(calls) in (1, 2):  # as another thread would, between two lines of this one
            random.random()
        return x * x

    assert compile(f)(3.0) == 9.0


@pytest.mark.parametrize("constant", [1.5, math.nan, -0.0])
def test_leaf_made_inside_with_the_same_number_is_no_change(constant):
    """Another object each time, and nan is the same as nan."""
    f = lambda x: [x, Value(constant)]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the compiled <lambda> is not verified")
        assert np.array_equal(compile(f)(2.0), [2.0, constant], equal_nan=True)


def test_result_that_was_computed_before_is_refused():
    """It has the numbers of then; the program would compute it anew from the leaf as it is now."""
    w = Value(3.0, label="w")
    b = w * w
    fast = compile(lambda x: b * x)
    with pytest.raises(CompileError, match=r"^<lambda> uses mul\(w=3, w=3\), which was computed before the call"):
        fast(2.0)
    assert compile(lambda x: w * w * x).value_and_grad(2.0) == (18.0, 9.0)
