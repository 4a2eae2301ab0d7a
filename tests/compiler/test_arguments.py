"""Arguments of a compiled function: bound as Python binds them, differentiated in the order they are asked for."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograd import CompileError, NonFiniteError, Value, compile, exp, value_and_grad


def f(a, b, c=3.0, *, d=1.0):
    """A product."""
    return a * b * b * c * d


ARGNUMS = [0, 1, -1, -3, (0,), (1, 0), (0, 1), (2, 0, 1), (-1, 0), ()]


@pytest.mark.parametrize("argnums", ARGNUMS)
def test_gradients_come_as_they_are_asked_for(argnums):
    """In the order of argnums, counted from the end if negative; the first call and the next agree with the engine."""
    product = lambda a, b, c: a * b * b * c
    fast = compile(product)
    for args in ((2.0, 3.0, 5.0), (3.0, 1.0, 2.0)):
        value, gradient = fast.value_and_grad(*args, argnums=argnums)
        assert value == product(*args)
        assert gradient == (value_and_grad(product, argnums)(*args)[1] if argnums != () else ())


def test_gradients_of_several_arguments_have_their_shapes():
    """One after the other in the flat gradient, in the order of argnums."""

    def g(x, y, z):
        return x * y[0] * y[1] + (z * z).sum() * x

    z = np.array([[1.0, 2.0], [3.0, 4.0]])
    value, (dz, dx, dy) = compile(g).value_and_grad(2.0, [3.0, 4.0], z, argnums=(2, 0, 1))
    assert value == 84.0
    assert dz.tolist() == (4.0 * z).tolist()
    assert (dx, dy) == (42.0, [8.0, 6.0])


@pytest.mark.parametrize(("argnums", "vector"), [(0, [2.0]), ((1, 0), [3.0, 4.0, 2.0]), ((0, 1), [2.0, 3.0, 4.0])])
def test_step_takes_numbers_in_the_order_of_argnums(argnums, vector):
    """And gives the gradient in that order; other numbers are those of the call, by position or by name."""
    step = compile(lambda a, b, c: a * b[0] * b[1] * c).step(1.0, [1.0, 1.0], c=5.0, argnums=argnums)
    value, gradient = step(np.array(vector))
    slopes = {2.0: 60.0, 3.0: 40.0, 4.0: 30.0}
    if argnums == 0:
        assert (value, gradient.tolist()) == (10.0, [5.0])
    else:
        assert (value, gradient.tolist()) == (120.0, [slopes[x] for x in vector])


def test_arguments_are_bound_as_python_binds_them():
    """By position and by name, with defaults, keyword-only ones too."""
    fast = compile(f)
    for args, names in (
        ((2.0, 3.0), {}),
        ((2.0, 3.0, 5.0), {}),
        ((2.0,), {"d": 7.0, "b": 3.0}),
        ((), {"c": 2.0, "b": 3.0, "a": 4.0}),
    ):
        assert fast(*args, **names) == f(*args, **names)
        assert fast.value_and_grad(*args, argnums=1, **names)[0] == f(*args, **names)
    assert fast.value_and_grad(2.0, 3.0, d=5.0, argnums=(3, 0)) == (270.0, (54.0, 135.0))


@pytest.mark.parametrize(
    ("args", "names", "message"),
    [
        ((1.0,), {}, "missing a required argument: 'b'"),
        ((), {}, "missing a required argument: 'a'"),
        ((1.0, 2.0, 3.0, 4.0), {}, "too many positional arguments"),
        ((1.0, 2.0), {"a": 1.0}, "multiple values for argument 'a'"),
        ((1.0, 2.0), {"e": 1.0}, "got an unexpected keyword argument 'e'"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_as_by_python(args, names, message):
    """Before and after there is a program."""
    fast = compile(f)
    for _ in range(2):
        with pytest.raises(TypeError, match=f"^{message}$"):
            fast.value_and_grad(*args, **names)
        fast.value_and_grad(a=1.0, b=2.0)
        fast.value_and_grad(1.0, 2.0, 3.0)


THERE_ARE_4 = (
    "value_and_grad differentiates positional argument {}, but there are 4; pass it by position, or change argnums"
)


@pytest.mark.parametrize(
    ("argnums", "error", "message"),
    [
        ([0], TypeError, "argnums of value_and_grad is an int or a tuple of ints, got [0]; for instance 0 or (0, 1)"),
        ("a", TypeError, "argnums of value_and_grad is an int or a tuple of ints, got 'a'; for instance 0 or (0, 1)"),
        (4, ValueError, THERE_ARE_4.format(4)),
        (-5, ValueError, THERE_ARE_4.format(-5)),
        ((0, 7), ValueError, THERE_ARE_4.format(7)),
        ((0, 0), ValueError, "argnums of value_and_grad names each argument at most once, got (0, 0); drop one"),
        ((3, -1), ValueError, "argnums of value_and_grad names each argument at most once, got (3, -1); drop one"),
    ],
)
def test_impossible_argnums_are_refused(argnums, error, message):
    """With the argument, and the function's own name."""
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        compile(f, batched="b").value_and_grad(1.0, np.ones(2), argnums=argnums)


def test_function_keeps_its_name_and_docstring():
    """A callable object has that of its type."""

    class Model:
        """A model."""

        def __call__(self, x):
            return x

    assert (compile(f).__name__, compile(f).__doc__) == ("f", "A product.")
    assert (compile(Model()).__name__, compile(Model()).__doc__) == ("Model", "A model.")


# ── Called again ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("g", "args", "argnums"),
    [
        (lambda x: x * x, (3.0,), 0),
        (lambda x: x * x, (3.0,), (0,)),
        (lambda x, y: x * y, (3.0, 4.0), 0),
        (lambda x, y: x * y, (3.0, 4.0), (0, 1)),
    ],
)
@pytest.mark.parametrize("value_first", [False, True])
def test_second_call_with_floats_goes_straight_to_the_program(g, args, argnums, value_first, monkeypatch):
    """Nothing is taken apart, which would cost more than a small program."""
    fast = compile(g)
    if value_first:
        fast(*args)
    first = fast.value_and_grad(*args, argnums=argnums)
    monkeypatch.setattr("autograd.compiler.function.Call", None)
    assert fast.value_and_grad(*args, argnums=argnums) == first == value_and_grad(g, argnums)(*args)


def wide(x):
    return sum(exp(x / k) for k in range(1, 100))


@pytest.mark.parametrize(
    ("g", "args"),
    [
        (lambda x, n: x * n, [(2.0, 3), (2.0, 4)]),
        (lambda x: x * x, [(2,), (3,)]),
        (lambda x, y: y * x * x, [(2.0, [1.0][0]), (5.0, 3.0)]),
        (lambda x, y=2.0: x * y, [(2.0,), (3.0,)]),
        (lambda x, ys: x * ys[0] * ys[1], [(2.0, [3.0, 4.0]), (5.0, [6.0, 7.0])]),
        (lambda x, on: x * 2.0 if on else x, [(1.0, True), (1.0, False), (1.0, True)]),
        (wide, [(1.0,), (0.5,)]),
    ],
)
def test_later_calls_equal_the_engine(g, args):
    """Also where the arguments are not just floats; numbers are floats every time."""
    fast = compile(g)
    for each in args:
        value, slope = fast.value_and_grad(*each)
        expected, slopes = value_and_grad(g)(*each)
        assert np.isclose(value, expected, rtol=1e-14)
        assert np.isclose(slope, slopes, rtol=1e-14)
        assert type(value) is type(slope) is float


@pytest.mark.parametrize(
    ("g", "x", "message"),
    [
        (lambda x: x.log(), -1.0, "the root is nan; it began at log(-1) = nan"),
        (lambda x: x * 1e308, 10.0, "the root is inf; it began at mul(10, 1e+308) = inf"),  # the slope is finite
    ],
)
def test_later_call_that_is_not_finite_is_explained_like_the_first(g, x, message):
    """By the engine."""
    fast = compile(g)
    assert fast.value_and_grad(1.0) == value_and_grad(g)(1.0)
    for _ in range(2):
        with pytest.raises(NonFiniteError, match=f"^{re.escape(message)}"):
            fast.value_and_grad(x)


def test_several_results_are_refused_every_time():
    """There is a program after the first call, but no gradient."""
    fast = compile(lambda x: [x, x])
    for _ in range(2):
        with pytest.raises(CompileError) as error:
            fast.value_and_grad(2.0)
        assert str(error.value) == (
            "value_and_grad takes a function that gives one number, <lambda> gives several; sum them, or let reduce "
            "be 'mean' or 'sum'"
        )


def test_lists_and_arrays_have_programs_of_their_own():
    """A function may treat them differently; so may it other shapes, and other arguments to differentiate."""

    def g(w, x):
        return w * (x.sum() if isinstance(x, np.ndarray) else 10.0 * x[0])

    fast = compile(g, batched="x")
    two, three = np.array([[1.0, 2.0]]), np.array([[1.0, 2.0, 4.0]])
    for _ in range(2):
        assert [fast(1.0, two), fast(1.0, two.tolist()), fast(1.0, three)] == [3.0, 10.0, 7.0]
    assert len(fast._programs) == 3


def test_examples_have_the_structure_they_were_given_in():
    """Nested lists for lists, an array for an array, a number for a vector."""
    kinds = []

    def g(w, x, y, z):
        kinds.append((type(x), type(x[1]), y.shape, type(z)))
        return w * x[1][2] + y[0, 1] * z

    x, y, z = np.arange(12.0).reshape(2, 2, 3), np.arange(8.0).reshape(2, 2, 2), np.array([2.0, 3.0])
    value = compile(g, batched=("x", "y", "z"), reduce="sum")(10.0, x.tolist(), y, z)
    assert kinds == [(list, list, (2, 2), Value)] * 2
    assert value == 10.0 * (5.0 + 11.0) + 1.0 * 2.0 + 5.0 * 3.0
