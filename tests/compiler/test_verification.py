"""Before a program gives a number it is checked: against its function at a second point, and wherever it gives nan."""

from __future__ import annotations

import math
import random
import re
import warnings
from functools import reduce, wraps
from itertools import count
from operator import mul
from queue import SimpleQueue
from types import SimpleNamespace

import numpy as np
import pytest

from autograd import (
    CompileError,
    NonFiniteError,
    Value,
    asin,
    atan,
    compile,
    erf,
    grad,
    hessian,
    jacobian,
    log,
    maximum,
    relu,
    sigmoid,
    sqrt,
    tanh,
)
from autograd.compiler.calls import verify as verification
from autograd.compiler.calls.verify import verify
from autograd.compiler.program.program import Program
from nn import MLP


def verify_as(f, g, *args, program=None, **options):
    """Verify the program of ``g``, or one that is given, as if it were that of ``f``."""
    given, other = compile(f, verify=False, **options), compile(g, verify=False, **options)
    call = given._call(args, {}, (0,))
    other._call(args, {}, (0,))
    verify(call, call.record(call.point(0)), program(other.program) if program else other.program)


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


def test_report_is_the_same_each_time():
    """The points are drawn from a generator of their own."""

    def report():
        with pytest.raises(CompileError) as error:
            verify_as(lambda x: x, lambda x: 2.0 * x, 3.0)
        return str(error.value)

    assert report() == report()


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


# ── Are they the same numbers? ───────────────────────────────────────────────────────────────────────────────────────

TWO = lambda x: [x, 1e6 * x]


@pytest.mark.parametrize(
    ("f", "g"), [(lambda x: x, lambda x: x * (1.0 + 1e-7)), (TWO, lambda x: [x + 0.1, 1e6 * x])], ids=["one", "two"]
)
def test_rounding_is_no_fault(f, g):
    """Relative to the largest result, which may have been a term of the others."""
    verify_as(f, g, 1.0)


@pytest.mark.parametrize(
    ("f", "g"), [(lambda x: x, lambda x: x * (1.0 + 5e-6)), (TWO, lambda x: [x + 5.0, 1e6 * x])], ids=["one", "two"]
)
def test_what_is_more_than_rounding_is_a_fault(f, g):
    """Some millionths of the largest result."""
    with pytest.raises(CompileError, match="differs from <lambda> itself at a second point"):
        verify_as(f, g, 1.0)


@pytest.mark.parametrize("size", [1e-4, 1e-20, 1e-200])
@pytest.mark.parametrize("k", [1.0, 1e-50])
def test_small_results_are_compared_too(size, k):
    """With numbers of their own size, whatever the units are."""
    with pytest.raises(CompileError, match="differs"):
        verify_as(lambda x: k * x, lambda x: k * x * (1.0 + 5e-6), size)
    verify_as(lambda x: k * x, lambda x: k * x * (1.0 + 1e-7), size)


# Functions whose slope at the point that is tried first is nearly zero, zero, or lost in rounding.
FLAT = {
    "tiny": lambda x: sigmoid(-40.0 * x),
    "zero": lambda x: relu(x),
    "rounded away": lambda x: tanh(15.0 * x),
    "rounded to zero": lambda x: tanh(-30.0 * x),
}


@pytest.mark.parametrize("name", FLAT)
def test_a_slope_that_tells_nothing_is_looked_at_elsewhere(name):
    """Where a program has no slope at all, and where it has another one."""
    f = FLAT[name]
    for factor in (0.0, 2.0):

        def wrong(program, factor=factor):
            def value_and_grad(*args, **options):
                value, gradient = program.value_and_grad(*args, **options)
                return value, factor * gradient

            return SimpleNamespace(value=program.value, value_and_grad=value_and_grad)

        with pytest.raises(CompileError, match="the gradient of the compiled"):
            verify_as(f, f, 1.0, program=wrong)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verify_as(f, f, 1.0)
        verify_as(lambda x: 0.0 * x, lambda x: 0.0 * x, 1.0)


def test_what_rounding_alone_can_do_is_no_fault():
    """Where everything cancels the order of a sum decides; a number that rounding does not move is still compared."""
    f = lambda x: (x + 1e18) - 1e18
    verify_as(f, lambda x: x, 3.0)
    with pytest.raises(CompileError, match="differs"):
        verify_as(lambda x: [f(x), x], lambda x: [f(x), x + 1e6], 3.0)


def test_report_shows_the_first_number_that_differs():
    """And what is to be done."""
    with pytest.raises(CompileError) as error:
        verify_as(lambda x: [x, 2.0 * x, 3.0 * x], lambda x: [x, 2.0 * x, 4.0 * x], 1.0)
    found, right = re.fullmatch(
        r"the value of the compiled <lambda> differs from <lambda> itself at a second point, (\S+) against (\S+); "
        "please report this, and leave the function uncompiled",
        str(error.value),
    ).groups()
    assert float(found) / float(right) == pytest.approx(4.0 / 3.0)


@pytest.mark.parametrize("batched", [False, True])
def test_wrong_gradient_is_reported(batched):
    """Where the value is right."""

    def wrong(program):
        return SimpleNamespace(value=program.value, value_and_grad=lambda *a, **k: (None, np.array([3.0, 5.0])))

    f = lambda w, x: 3.0 * w[0] + 4.0 * w[1] + x
    args, options = ([1.0, 2.0], np.ones(1) if batched else 1.0), {"batched": "x"} if batched else {}
    with pytest.raises(CompileError) as error:
        verify_as(f, f, *args, program=wrong, **options)
    assert str(error.value) == (
        "the gradient of the compiled <lambda> differs from <lambda> itself at a second point, 5.0 against 4.0; "
        "please report this, and leave the function uncompiled"
    )


@pytest.mark.parametrize("f", [lambda x: log(x), lambda x: log(-x), lambda x: log(x) + log(1.0 - x), lambda x: asin(x)])
def test_nan_verifies_nothing(f):
    """So other points are tried, of other signs and within the unit interval, until one is finite."""
    for wrong in (lambda x: f(x) * 1.01, lambda x: f(x * 1.01)):
        with pytest.raises(CompileError, match="differs from <lambda> itself"):
            verify_as(f, wrong, 0.5)
    verify_as(f, f, 0.5)


@pytest.mark.parametrize("transform", [grad, hessian, jacobian])
@pytest.mark.parametrize("x", [2.0, -1.0])
def test_derivative_that_only_the_engine_knows_is_its(transform, x):
    """An infinity that the value does not show, where a zero adjoint stops the engine and not the program."""
    f = lambda x: erf(log(relu(x)))
    assert transform(compile(f))(x) == pytest.approx(transform(f)(x), rel=1e-9)


def test_derivatives_of_nan_are_not_compared():
    """Where the value is nan, what is beyond it may be nan or 0: neither says anything of the program."""
    f = lambda x: (atan(maximum(x, 1.0)) - 1.0) ** (atan(maximum(x, 1.0)) - 1.0)
    assert hessian(compile(f))(2.0) == pytest.approx(hessian(f)(2.0), rel=1e-9)


@pytest.mark.parametrize("f", [lambda x: x + math.inf, lambda x: math.nan, lambda x: log(-x * x)])
def test_function_that_is_never_finite_is_compiled_and_said_to_be_unverified(f):
    """Once; its program gives what the function gives."""
    y = f(Value(2.0))
    fast = compile(f)
    with pytest.warns(UserWarning, match="the compiled <lambda> is not verified: the function is nan or infinite"):
        found = fast(2.0)
    assert np.array_equal(found, y.data if isinstance(y, Value) else y, equal_nan=True)
    fast(3.0)


# ── Where a program gives nan ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("reduce", "weight"), [("mean", 0.25), ("sum", 1.0)])
def test_infinite_slope_is_that_of_every_example(reduce, weight):
    """The engine's values and gradients, added up or averaged over the batch."""
    fast = compile(lambda w, x: sqrt(w[0]) + w[1] * x, batched="x", reduce=reduce)
    value, gradient = fast.value_and_grad([0.0, 3.0], np.array([1.0, 2.0, 4.0, 8.0]))
    assert value == 45.0 * weight
    assert gradient == [math.inf, 15.0 * weight]


@pytest.mark.parametrize(
    ("x", "begin"),
    [([-1.0], "the root is nan"), ([1.0, -1.0], "example 1: the root is nan"), ([-1.0, 1.0], "example 0: the root")],
)
def test_example_that_is_not_finite_is_named_where_there_are_several(x, begin):
    """By its position in the batch."""
    with pytest.raises(NonFiniteError, match=f"^{begin}"):
        compile(lambda w, x: log(w * x), batched="x").value_and_grad(1.0, np.array(x))


@pytest.mark.filterwarnings("ignore:the compiled <lambda> is not verified")
def test_constant_that_is_nan_is_reported_as_such():
    """There is no operation to blame."""
    message = "the root is nan, a leaf that no operation made; give it a finite number"
    with pytest.raises(NonFiniteError, match=f"^{re.escape(message)}$"):
        compile(lambda x: math.nan).value_and_grad(1.0)


def test_no_examples_have_no_slope_even_where_one_would_be_infinite():
    """An empty sum, whatever it is a sum of."""
    fast = compile(lambda w, x: log(w[0]) + w[1], batched="x", reduce="sum")
    assert fast.value_and_grad([0.0, 1.0], np.zeros(0)) == (0.0, [0.0, 0.0])


def test_overflow_at_one_point_is_no_fault_and_at_all_points_is_one(monkeypatch):
    """A value that is not finite is asked of the engine in every call; a program that gives no other is wrong."""
    x = [1e-200, 1e-200, 1e200, 1e200] * 2
    fast = compile(lambda x: reduce(mul, x))
    assert fast(x) == reduce(mul, x)
    monkeypatch.setattr(Program, "value", lambda *_, **__: np.nan)
    with pytest.raises(CompileError, match="differs from <lambda> itself at a second point, nan against"):
        compile(lambda x: reduce(mul, x))([1.0, 2.0])


def test_engine_is_asked_first_where_the_program_is_finite(monkeypatch):
    """It takes a hundred times as long."""
    asked, again = [], verification._again
    monkeypatch.setattr(verification, "_again", lambda tape, places: asked.append(places[0]) or again(tape, places))
    assert np.isclose(compile(lambda p: sum(log(x) for x in p))([2.0] * 8), 8.0 * math.log(2.0))
    (point,) = asked
    assert (point > 0.0).all()


@pytest.mark.parametrize("given", [True, False])
def test_numbers_that_stay_in_the_second_recording_are_moved_as_well(given):
    """Zeros in a module and in a Value from outside would hide what is wrong."""
    scale, model = Value(0.0), MLP(1, [1], rng=0)
    for p in model.parameters():
        p.data = 0.0
    if given:
        right, wrong, args = lambda x, m: x + m([x]) * x, lambda x, m: x - m([x]) * x, (2.0, model)
    else:
        right, wrong, args = lambda x: x + scale * x, lambda x: x - scale * x, (2.0,)
    with pytest.raises(CompileError, match="differs from <lambda> itself at a second point"):
        verify_as(right, wrong, *args)
