"""A compiled function is its function: given Values, recorded, or differentiated, it has all derivatives of it."""

from __future__ import annotations

import inspect
from functools import partial, wraps
from itertools import product
from queue import SimpleQueue

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares, minimize

import autograd
from autograd import (
    CompileError,
    NonFiniteError,
    OperandError,
    Value,
    compile,
    data,
    exp,
    grad,
    hessian,
    hvp,
    jacobian,
    log,
    sqrt,
    tanh,
    value_and_grad,
    values,
)
from autograd.testing.strategies import expressions
from nn import MLP

RNG = np.random.default_rng(0)
X, Y, W = RNG.normal(size=(5, 2)), RNG.normal(size=5), np.array([0.5, -1.0])


def cube(x):
    return x * x * x


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def residual(w, x, y):
    return tanh(sum(wi * xi for wi, xi in zip(w, x, strict=True))) - y


def squared(w, x, y):
    return residual(w, x, y) ** 2


def counted(f):
    """The function, and how often it has run so far."""
    runs = SimpleQueue()  # not followed by the compiler, as a list would be
    return (lambda p: (runs.put(1), f(p))[1]), runs.qsize


def same(found, expected):
    """Equal within 1e-12 of the largest."""
    assert type(found) is type(expected)
    assert np.shape(found[-1] if isinstance(found, tuple) else found) == np.shape(
        expected[-1] if isinstance(expected, tuple) else expected
    )
    found, expected = np.array(flat(found)), np.array(flat(expected))
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * max(1.0, np.abs(expected).max(initial=0.0)))


# ── Given Values ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_value_through_a_compiled_function_keeps_its_derivatives():
    """Alone, in a list, in a dict, in an array."""
    for wrap, f in {
        Value: cube,
        (lambda x: [x, 2.0]): lambda p: cube(p[0]),
        (lambda x: {"a": x}): lambda p: cube(p["a"]),
        (lambda x: np.array([x, 1.0], dtype=object)): lambda p: cube(p[0]),
    }.items():
        x = Value(2.0)
        y = compile(f)(x if wrap is Value else wrap(x)) * x
        y.backward()
        assert (y.data, x.grad) == (16.0, 32.0)


def test_value_found_outside_takes_part():
    """As it does in the function itself; numbers are given by ``value_and_grad``."""
    w = Value(3.0)
    fast = compile(lambda x: w * x * x)
    (fast(2.0) + w).backward()
    assert w.grad == 5.0
    assert fast.value_and_grad(2.0) == (12.0, 12.0)
    slope = grad(fast)(2.0)
    slope.backward()
    assert (slope.data, w.grad) == (12.0, 9.0)


def test_parameters_of_a_module_count_as_numbers():
    """A module is an argument like an array; its results are Values, and so is what comes of them."""
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    loss = lambda model, x, y: (model(x) - y) ** 2
    fast = compile(loss, batched=("x", "y"))
    assert isinstance(fast(model, X, Y), float)
    parts = [loss(model, x, y) for x, y in zip(X, Y, strict=True)]
    autograd.mean(parts).backward()
    np.testing.assert_allclose(grad(fast)(model, X, Y), [p.grad for p in model.parameters()], rtol=1e-12)
    assert isinstance(compile(cube)(model(X[0])), Value)


def test_parameter_that_is_a_variable_is_no_number():
    """A transformation that puts its variable into a module is not told that the result is constant."""
    model = MLP(1, [1], rng=0)
    fast = compile(lambda model, x: model(x) ** 2)

    def f(w):
        model.layers[0].neurons[0].weights[0] = w
        return fast(model, [3.0])

    def numbers(w):
        model.layers[0].neurons[0].weights[0] = w
        return fast.value_and_grad(model, [3.0])[0]

    assert data(grad(f)(2.0)) == 36.0  # a Value, since the bias takes part
    with pytest.raises(CompileError, match="gives numbers, and forgets how they depend on the variable"):
        grad(numbers)(2.0)


@pytest.mark.parametrize("reduce", ["mean", "sum", None])
@pytest.mark.parametrize("lists", [False, True])
def test_batched_function_is_mapped_over_the_rows_and_reduced(reduce, lists):
    """With Values among the parameters or the examples."""
    fast = compile(squared, batched=("x", "y"), reduce=reduce)
    by_hand = [squared(W, x, y) for x, y in zip(X, Y, strict=True)]
    expected = {"mean": np.mean(by_hand), "sum": np.sum(by_hand), None: np.array(by_hand)}[reduce]
    x, y = (X.tolist(), Y.tolist()) if lists else (X, Y)
    for args in ((values(W), x, y), (W, values(x).tolist() if lists else values(x), y)):
        np.testing.assert_allclose(data(fast(*args)), expected, rtol=1e-13)
    np.testing.assert_allclose(fast(W, x, y), expected, rtol=1e-13)


def test_several_results_are_reduced_one_by_one():
    """In the structure that the function gives."""
    fast = compile(lambda w, x: {"a": w * x, "b": [w * w, x]}, batched="x")
    w, x = Value(3.0), np.array([1.0, 2.0, 6.0])
    assert data(fast(w, x))["a"] == 9.0
    assert [float(e) for e in data(fast(w, x))["b"]] == [9.0, 3.0]
    rows = compile(lambda w, x: [w * x, x], batched="x", reduce=None)
    assert data(rows(w, x)).tolist() == rows(3.0, x).tolist() == [[3.0, 1.0], [6.0, 2.0], [18.0, 6.0]]


def test_rows_that_do_not_fit_are_refused():
    """In words, whether Values take part or not."""
    fast = compile(squared, batched=("x", "y"))
    with pytest.raises(ValueError, match="equally many examples, got 4, 5; cut them"):
        fast(values(W), X, Y[:4])
    with pytest.raises(ValueError, match="at least one example"):
        fast(values(W), X[:0], Y[:0])
    with pytest.raises(CompileError, match="takes an array of numbers whose first axis is examples, got"):
        fast(values(W), Value(2.0), Y)


# ── Recorded and differentiated ──────────────────────────────────────────────────────────────────────────────────────

TRANSFORMATIONS = {
    "grad": grad,
    "value_and_grad": value_and_grad,
    "hessian": hessian,
    "jacobian": jacobian,
    "hvp": lambda f: lambda p: hvp(f)(p, p),
    "compile": compile,
}


@pytest.mark.filterwarnings("ignore:the compiled .* is not verified")  # where it has nowhere else a number
@given(program=expressions(max_leaves=3, max_steps=8), as_array=st.booleans())
def test_derivatives_of_a_compiled_function_are_those_of_the_function(program, as_array):
    """To 1e-12, in the same types and shapes."""
    f, at = (lambda p: program.of(p)), list(program.leaves)
    at = np.array(at) if as_array else at
    fast = compile(f)
    for transform in (grad, value_and_grad, hessian, jacobian):
        same(transform(fast)(at), transform(f)(at))
    same(hvp(fast)(at, at), hvp(f)(at, at))


@given(name=st.sampled_from(["grad", "value_and_grad", "jacobian", "hessian"]), seed=st.integers(0, 99))
@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_derivatives_of_a_mean_are_means_of_derivatives(reduce, name, seed):
    """Compiled over the batch; by a parameter or by the examples themselves."""
    rng = np.random.default_rng(seed)
    w, x, y = rng.normal(size=2), rng.normal(size=(4, 2)), rng.normal(size=4)
    fast = compile(squared, batched=("x", "y"), reduce=reduce)
    total = lambda w, x, y: sum(squared(w, a, b) for a, b in zip(x, y, strict=True)) / (4 if reduce == "mean" else 1)
    transform = TRANSFORMATIONS[name]
    for argnums in (0, 2) if name != "hessian" else (0,):
        same(transform(fast, argnums=argnums)(w, x, y), transform(total, argnums=argnums)(w, x, y))


@pytest.mark.parametrize("transform", [grad, value_and_grad, hessian, jacobian], ids=lambda t: t.__name__)
def test_derivatives_at_numbers_run_compiled(transform):
    """The function is recorded when it is first called, and not run again."""
    f, runs = counted(rosenbrock)
    derivative = transform(compile(f))
    derivative(np.array([0.5, 2.0]))
    before = runs()
    for at in ([1.0, 1.0], [-1.2, 1.0]):
        same(derivative(np.array(at)), transform(rosenbrock)(np.array(at)))
    assert runs() == before


def test_jacobian_of_rows():
    """A row for each example, in the shape that an eager Jacobian has."""
    fast = compile(residual, batched=("x", "y"), reduce=None)
    every = lambda w: np.array([residual(w, x, y) for x, y in zip(X, Y, strict=True)])
    same(jacobian(fast)(W, X, Y), jacobian(every)(W))
    several = compile(lambda w, x: [w[0] * x, w[1] * w[0]], batched="x", reduce=None)
    assert jacobian(several)(W, Y).shape == (5, 2, 2)
    by_number = compile(lambda w, x: w * w * x, batched="x", reduce=None)
    np.testing.assert_allclose(jacobian(by_number)(3.0, Y), 6.0 * Y)
    one = compile(lambda w, x: [w * x, w * w], batched="x", reduce=None)
    np.testing.assert_allclose(jacobian(one)(3.0, Y), np.stack([Y, np.full(5, 6.0)], axis=1))
    with pytest.raises(TypeError, match=r"use autograd\.jacobian"):
        grad(several)(W, Y)


def test_scipy_moves():
    """``jac=grad(fast)`` is the gradient, not 0."""
    fast = compile(rosenbrock)
    start = np.array([-1.2, 1.0])
    for options in ({"jac": grad(fast)}, {"jac": grad(fast), "hess": hessian(fast), "method": "trust-exact"}):
        np.testing.assert_allclose(minimize(fast, start, **options).x, 1.0, atol=1e-4)
    np.testing.assert_allclose(minimize(value_and_grad(fast), start, jac=True).x, 1.0, atol=1e-4)
    rows = compile(residual, batched=("x", "y"), reduce=None)
    found = least_squares(rows, W, jac=jacobian(rows), args=(X, Y))
    assert abs(found.grad).max() < 1e-6


def test_closure_over_a_value_given_to_scipy():
    """Derivatives are Values there; whoever forgets to make numbers of them is told how."""
    scale = Value(2.0)
    f = lambda p: scale * rosenbrock(p)
    start = np.array([-1.2, 1.0])
    calls = [lambda: minimize(value_and_grad(f), start, jac=True)]
    calls += [
        lambda m=m: minimize(lambda p: data(f(p)), start, jac=grad(f), method=m) for m in ("BFGS", "L-BFGS-B", "CG")
    ]
    for call in calls:
        with pytest.raises((TypeError, ValueError)) as caught:
            call()
        error = caught.value
        ours = error if isinstance(error, OperandError) else error.__cause__  # SciPy puts words of its own around it
        assert isinstance(ours, OperandError)
        assert "autograd.data(...)" in str(ours)
    found = minimize(lambda p: data(value_and_grad(f)(p)), start, jac=True)
    np.testing.assert_allclose(found.x, 1.0, atol=1e-4)
    np.testing.assert_allclose(minimize(lambda p: data(f(p)), start, jac=lambda p: data(grad(f)(p))).x, 1.0, atol=1e-4)


@settings(max_examples=60)
@given(
    program=expressions(max_leaves=2, max_steps=5),
    names=st.lists(st.sampled_from(sorted(TRANSFORMATIONS)), min_size=1, max_size=3),
)
def test_transformations_compose(program, names):
    """``grad`` of ``compile`` of ``hessian`` ...: to depth three eager's numbers, never an error."""
    at = list(program.leaves)

    def composed(transformations):
        f = lambda p: program.of(p)
        for name, transform in transformations:
            if name in ("grad", "value_and_grad", "hessian", "hvp"):
                f = single(f)
            f = transform(f)
        return f

    eager = composed([(name, TRANSFORMATIONS[name] if name != "compile" else (lambda f: f)) for name in names])
    try:
        expected = eager(at)
    except NonFiniteError:  # a third derivative may be too large
        return
    found = composed([(name, TRANSFORMATIONS[name]) for name in names])(at)
    for a, b in zip(flat(found), flat(expected), strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9 * max(1.0, *map(abs, flat(expected))))
    fast = compile(composed([(name, TRANSFORMATIONS[name]) for name in names]))
    for a, b in zip(flat(fast(at)), flat(expected), strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9 * max(1.0, *map(abs, flat(expected))))


def flat(x):
    """The numbers in nested results."""
    if isinstance(x, list | tuple | np.ndarray):
        return [y for part in x for y in flat(part)]
    return [x]


def single(f):
    """The function that gives one number of many, by weights that tell the places apart."""
    return lambda p: sum((k + 1.0) * y for k, y in enumerate(flat(f(p))))


@pytest.mark.parametrize(("outer", "inner"), list(product([grad, hessian, jacobian], repeat=2)))
def test_compiled_inside_and_outside(outer, inner):
    """A compiled derivative of a compiled derivative of a compiled function."""
    f = lambda x: tanh(x) * x + exp(0.5 * x)
    fast = compile(outer(compile(inner(compile(f)))))
    for at in (0.0, 0.7, -2.0):
        assert fast(at) == pytest.approx(outer(inner(f))(at), rel=1e-12)


def test_derivative_has_name_and_signature_of_its_function():
    """So that it can be compiled, batched, and called by name; and none of its attributes, which say what it is."""

    @autograd.operation(lambda m, y, a: 2.0 * a)
    def twice(m, a):
        return a * a

    for transform in (grad, value_and_grad, jacobian, hessian):
        derivative = transform(squared)
        assert (derivative.__name__, inspect.signature(derivative)) == ("squared", inspect.signature(squared))
        assert inspect.signature(transform(compile(squared))) == inspect.signature(squared)
        assert not hasattr(transform(twice), "op")
    assert grad(partial(residual, W))(X[0], Y[0]).shape == (2,)
    fast = compile(grad(squared), batched=("x", "y"))
    np.testing.assert_allclose(fast(W, y=Y, x=X), grad(compile(squared, batched=("x", "y")))(W, X, Y), rtol=1e-12)
    assert compile(hessian(rosenbrock))(np.array([1.0, 1.0])).tolist() == [[802.0, -400.0], [-400.0, 200.0]]
    assert compile(compile(cube))(2.0) == 8.0


def test_compiled_derivative_that_is_not_finite_is_that_of_the_function():
    """Infinite where it is, refused where the value is undefined, whatever was recorded."""
    for f in (sqrt, log):
        fast = compile(f)
        assert grad(fast)(4.0) == grad(f)(4.0)
        for derive in (grad, hessian, jacobian):
            with pytest.raises(NonFiniteError):
                derive(fast)(-1.0)
    assert grad(compile(sqrt))(0.0) == jacobian(compile(sqrt))(0.0) == np.inf


def test_numbers_inside_a_transformation_are_refused():
    """``value_and_grad`` of a compiled function always gives numbers, which a variable must not become."""
    fast = compile(cube)
    assert fast.value_and_grad(Value(2.0)) == (8.0, 12.0)
    for f in (lambda x: fast.value_and_grad(x)[0], lambda x: fast.value_and_grad([x * 2.0][0])[1]):
        with pytest.raises(CompileError, match=r"use autograd\.value_and_grad of it, which gives Values"):
            grad(f)(2.0)
        with pytest.raises(CompileError, match="value_and_grad inside a compiled function would freeze"):
            compile(f)(2.0)
    assert grad(lambda x: value_and_grad(fast)(x)[1])(2.0) == 12.0


def test_function_of_several_results_has_no_gradient():
    """In the words of the function's own derivative."""
    fast = compile(lambda x: [x, x * x])
    for transform in (grad, value_and_grad, hessian):
        with pytest.raises(TypeError, match=r"takes a function that gives one number, got list of 2 numbers"):
            transform(fast)(2.0)


def test_derivative_that_is_infinite_is_that_of_the_function():
    """Where the program's is not finite the function itself is asked."""
    f = lambda x: x**1.5
    assert hessian(compile(f))(0.0) == hessian(f)(0.0) == np.inf


def test_direction_has_no_batch_whatever_the_batched_argument_is_called():
    """``hvp`` takes ``(x, v)``; a function of a batched ``v`` is one of ``x`` to it."""
    x, v = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0])
    for f in (lambda v: v**3, lambda x: x**3):
        name = next(iter(inspect.signature(f).parameters))
        assert hvp(compile(f, batched=name))(x, v).tolist() == [2.0, 0.0, 0.0]


def test_defaults_are_those_of_the_function_as_it_is():
    """Bound anew, by name or not, also where it is mapped over rows."""

    def f(x, k=2.0, *, m=1.0):
        return x * k + m

    fast, mapped = compile(f), compile(f, batched="x")
    for k, m in ((2.0, 1.0), (3.0, 5.0)):
        f.__defaults__, f.__kwdefaults__ = (k,), {"m": m}
        for _ in range(2):
            assert fast(2.0) == fast.value_and_grad(2.0)[0] == 2.0 * k + m
            assert mapped([1.0, 3.0]) == mapped([Value(1.0), 3.0]).data == 2.0 * k + m


@pytest.mark.parametrize("name", ["f", "batched", "reduce", "verify"])
def test_what_a_compiled_function_was_made_from_is_settled(name):
    """Its programs were made from that."""
    fast = compile(cube)
    with pytest.raises(AttributeError):
        setattr(fast, name, getattr(fast, name))


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize("argnums", [0, -1, (-1,), (0, -1), ()])
def test_argnums_count_what_is_given_by_position(transform, argnums):
    """From the end too, whatever is given by name and left to its default."""

    def f(a, b, c=2.0, *, d=3.0):
        return a**3 * b * b * c**2 * d

    for args, by_name in [
        ((1.5, 2.0), {}), ((1.5, 2.0, 3.0), {"d": 1.0}), ((1.5,), {"b": 2.0}), ((1.5,), {"c": 4.0, "b": 2.0}),
        ((1.5, 2.0), {"d": 5.0}),
    ]:  # fmt: skip
        if argnums == (0, -1) and len(args) == 1:
            continue
        expected = transform(f, argnums)(*args, **by_name)
        assert transform(compile(f), argnums)(*args, **by_name) == expected
        assert compile(transform(f, argnums), verify=False)(*args, **by_name) == expected


def test_a_decorator_sees_what_is_given_by_name():
    """It may read it before the function does."""

    def f(x, k=2.0):
        return x * k

    @wraps(f)
    def decorated(*args, **by_name):
        return f(*args, **by_name) * by_name.get("k", 1.0) * len(args)

    fast = compile(decorated)
    for args, by_name in [((3.0,), {"k": 5.0}), ((3.0, 5.0), {}), ((), {"k": 5.0, "x": 3.0}), ((3.0,), {"k": 7.0})]:
        assert fast(*args, **by_name) == decorated(*args, **by_name)
