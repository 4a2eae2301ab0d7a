"""A compiled function is called like the function it was made from."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import pytest

from autograd import CompileError, Value, compile, data, tanh, value_and_grad
from nn import MLP
from tests.compiler.threads import at_once

Line = namedtuple("Line", "slope intercept")

NESTED = {
    "float": (lambda x: x * x, 3.0),
    "integer": (lambda x: x * x, 3),
    "list": (lambda x: x[0] * x[1], [2.0, 5.0]),
    "tuple": (lambda x: x[0] * x[1], (2.0, 5.0)),
    "named tuple": (lambda p: p.slope * 2.0 + p.intercept, Line(2.0, 5.0)),
    "dict": (lambda x: x["a"] * x["b"][0], {"a": 2.0, "b": [5.0, 1.0]}),
    "array": (lambda x: (x * x).sum(), np.array([[1.0, 2.0], [3.0, 4.0]])),
}


@pytest.mark.parametrize("name", NESTED)
def test_gradient_has_the_shape_of_the_argument(name):
    """The same numbers in the same places as the engine gives."""
    f, x = NESTED[name]
    value, gradient = compile(f).value_and_grad(x)
    expected, slopes = value_and_grad(f)(x)
    assert value == expected
    assert type(gradient) is type(slopes)
    assert np.array_equal(gradient, slopes) if name == "array" else gradient == slopes


@pytest.mark.parametrize("output", [lambda a, b: [a, (b, a * b)], lambda a, b: {"sum": a + b}, lambda a, b: a - b])
def test_result_has_the_structure_of_the_function(output):
    """Several numbers come back as they were given."""
    assert compile(output)(2.0, 3.0) == output(2.0, 3.0)


def test_matrix_times_vector_of_arrays():
    """Object arrays and ``@``, unchanged."""
    W, x = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 2.0])
    fast = compile(lambda W, x: ((W @ x) ** 2).sum())
    value, (dW, dx) = fast.value_and_grad(W, x, argnums=(0, 1))
    assert value == ((W @ x) ** 2).sum()
    assert np.allclose(dW, np.outer(2 * W @ x, x))
    assert np.allclose(dx, 2 * W.T @ W @ x)


def test_length_of_a_list_is_part_of_the_structure():
    """A program for each; the first is kept."""
    fast = compile(lambda xs: sum(x * x for x in xs))
    assert fast.value_and_grad([1.0, 2.0]) == (5.0, [2.0, 4.0])
    first = fast.program
    assert fast.value_and_grad([1.0, 2.0, 3.0]) == (14.0, [2.0, 4.0, 6.0])
    assert fast.value_and_grad([3.0, 1.0]) == (10.0, [6.0, 2.0])
    assert fast.program is first


def test_integers_that_are_not_differentiated_can_index_and_count():
    """They belong to the structure."""
    fast = compile(lambda table, word, times: sum(table[k] for k in word) * times)
    assert fast.value_and_grad([1.0, 10.0], [0, 1, 1], 2) == (42.0, [2.0, 4.0])
    assert fast.value_and_grad([1.0, 10.0], [0, 0, 0], 1) == (3.0, [3.0, 0.0])


def test_leaf_found_outside_the_arguments_is_read_in_each_call():
    """A Value found outside may change; it takes part, so the value is one too."""
    w = Value(3.0)
    fast = compile(lambda x: w * x + Value(1.0))
    assert fast.value_and_grad(2.0) == (7.0, 3.0)
    w.data = 5.0
    assert fast.value_and_grad(2.0) == (11.0, 5.0)
    y = fast(2.0)
    y.backward()
    assert (y.data, w.grad) == (11.0, 2.0)


def test_arguments_may_be_passed_by_name():
    """Defaults and keyword-only arguments included."""

    def f(a, b=2.0, *, c=3.0):
        return a * b + c

    fast = compile(f)
    assert fast(1.0) == 5.0
    assert fast(1.0, c=1.0) == 3.0
    assert fast.value_and_grad(b=4.0, a=1.0, argnums=1) == (7.0, 1.0)


def test_batch_size_does_not_compile_again():
    """The batch is an axis of the program, not of the graph."""
    fast = compile(lambda w, x: tanh(w * x), batched="x", reduce="sum")
    for size in (1, 5, 2):
        x = np.linspace(0, 1, size)
        assert np.isclose(fast(0.5, x), np.tanh(0.5 * x).sum())
    assert len(fast._programs) == 1


def test_reduce_none_gives_the_result_of_each_example():
    """One column for each number the function gives."""
    x = np.array([1.0, 2.0, 3.0])
    assert compile(lambda w, x: w * x, batched="x", reduce=None)(2.0, x).tolist() == [2.0, 4.0, 6.0]
    assert compile(lambda w, x: [w * x, w], batched="x", reduce=None)(2.0, x).tolist() == [[2, 2], [4, 2], [6, 2]]


def test_module_is_differentiated_by_its_parameters():
    """One flat gradient in their order; the function and the module unchanged."""
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    X = np.array([[0.5, -1.0], [1.0, 2.0], [0.0, 1.0]])
    y = np.array([1.0, 0.0, -1.0])
    fast = compile(lambda model, x, y: (model(x) - y) ** 2, batched=("x", "y"))
    value, gradient = fast.value_and_grad(model, X, y)
    loss = sum((model(x) - t) ** 2 for x, t in zip(X.tolist(), y, strict=True)) / 3
    loss.backward()
    assert np.isclose(value, loss.data)
    assert np.allclose(gradient, [p.grad for p in model.parameters()])
    model.parameters()[0].data += 1.0
    assert fast(model, X, y) != value


def test_module_itself_can_be_compiled():
    """Its parameters are found where they are, and take part, so its results are Values."""
    model = MLP(2, [3, 1], rng=0)
    X = np.array([[0.5, -1.0], [1.0, 2.0]])
    predict = compile(model, batched="inputs", reduce=None)
    assert np.allclose(data(predict(X)), [model(x).data for x in X.tolist()])


def test_threads_share_a_program():
    """Buffers are a thread's own."""
    fast = compile(lambda w, x: tanh(w * x).exp(), batched="x", reduce="sum")
    x = np.linspace(-1, 1, 1000)
    fast.value_and_grad(0.0, x)

    def work(w):
        expected = np.exp(np.tanh(w * x)).sum()
        assert all(np.isclose(fast.value_and_grad(w, x)[0], expected) for _ in range(200))

    at_once(work, [k / 3 for k in range(1, 5)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: compile(lambda x: x).source,
            "has no program before it knows the shapes of its arguments; call it once",
        ),
        (lambda: compile(lambda x: x, batched="z"), "which has no 'z'; it has x"),
        (lambda: compile(lambda *x: x[0]), r"names its arguments, <lambda> has \* or \*\*; wrap it"),
        (lambda: compile(lambda x: x, batched="x")(2.0), "got the number 2.0; leave its name out of batched="),
        (lambda: compile(lambda x: x, batched="x")([[1.0], [1.0, 2.0]]), "give every example the same shape"),
        (lambda: compile(lambda x: x, batched="x").step([2.0]), "step differentiates by what all examples share"),
        (lambda: compile(lambda x: [x, x]).value_and_grad(2.0), "takes a function that gives one number"),
        (lambda: compile(lambda x: [])(2.0), "a compiled function gives numbers, <lambda> gave none; call it as it is"),
    ],
)
def test_misuse_says_what_to_do(call, message):
    """Before any number is given."""
    with pytest.raises(CompileError, match=message):
        call()


def test_batches_of_different_lengths_are_refused():
    """Silence would cut the longer one."""
    with pytest.raises(ValueError, match="batched arguments hold equally many examples, got 2, 3; cut them"):
        compile(lambda x, y: x * y, batched=("x", "y"))(np.ones(2), np.ones(3))


def test_step_is_the_program_of_a_training_loop():
    """Flat parameters and a batch of any size; what the function captured is read anew."""
    scale = Value(1.0)
    fast = compile(lambda w, x: (w[0] * x * scale - w[1]) ** 2, batched="x")
    step = fast.step([0.0, 0.0], np.zeros(1))
    for factor, x in ((1.0, np.array([1.0, 2.0])), (3.0, np.array([0.5]))):
        scale.data = factor
        value, gradient = step(np.array([2.0, 1.0]), x)
        expected, slopes = fast.value_and_grad([2.0, 1.0], x)
        assert value == expected == ((2.0 * x * factor - 1.0) ** 2).mean()
        assert gradient.tolist() == slopes


@pytest.mark.parametrize("reduce", ["mean", "sum", None])
@pytest.mark.parametrize("f", [lambda w, x: 3.0, lambda w, x: w * w, lambda w, x: x, lambda w, x: w])
def test_result_that_needs_no_computing_counts_for_each_example(f, reduce):
    """A constant, an argument, or something that does not depend on the example."""
    x = np.array([1.0, 2.0, 4.0])
    fast = compile(f, batched="x", reduce=reduce)
    each = np.array([f(2.0, e) for e in x])
    slopes = sum(value_and_grad(f)(2.0, e)[1] for e in x)
    if reduce is None:
        assert fast(2.0, x).tolist() == each.tolist()
        return
    weight = 1 / 3 if reduce == "mean" else 1.0
    value, slope = fast.value_and_grad(2.0, x)
    assert np.isclose(value, each.sum() * weight)
    assert np.isclose(slope, slopes * weight)
