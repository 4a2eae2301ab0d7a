"""A program is a value: printed, pickled, bound to buffers, independent of the graph it came from."""

from __future__ import annotations

import gc
import pickle
import weakref

import numpy as np
import pytest
from hypothesis import given

from autograd import Value, compile, tanh, values
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.scalars.normalise import normalise
from tests.compiler.graphs import Lanes, lanes


def layer():
    """A tape of tanh(W x), summed, with a batch of x."""
    W, x = values(np.arange(1.0, 7.0).reshape(3, 2) / 5), values(np.array([0.5, -1.0]))
    return record([sum(tanh(z) for z in W @ x)], W.ravel(), [], [x])


THETA, ROWS = np.arange(1.0, 7.0) / 5, np.array([[0.5, -1.0], [2.0, 0.1]])


@given(graph=lanes())
def test_pickled_program_computes_the_same(graph: Lanes):
    """To the last bit, in either form."""
    leaves, root = graph.record()
    for kind in ("arrays", "python"):
        program = compile_tape(record([root], leaves), kind=kind)
        copy = pickle.loads(pickle.dumps(program))
        value, gradient = program.value_and_grad(graph.leaves)
        again, slopes = copy.value_and_grad(graph.leaves)
        assert np.array_equal([value, *gradient], [again, *slopes], equal_nan=True)
        assert copy.source == program.source


def test_program_keeps_no_reference_to_the_graph():
    """The graph is gone as soon as its root is."""
    x = Value(2.0)
    root = tanh(x * x)
    gone = weakref.ref(root)
    program = compile_tape(record([root], [x]))
    gc.disable()
    try:
        del root
        assert gone() is None
    finally:
        gc.enable()
    assert program.value([2.0]) == np.tanh(4.0)


def test_bound_step_reads_parameters_where_they_lie():
    """A training loop updates them in place and calls again; the gradient is the same array each time."""
    program = compile_tape(layer(), [("x", (2,))], "sum")
    theta = THETA.copy()
    step = program.bind(theta, 2)
    for _ in range(3):
        value = step.value_and_grad(ROWS)
        expected, gradient = program.value_and_grad(theta, ROWS)
        assert value == expected
        assert np.array_equal(step.gradient, gradient)
        theta -= 0.1 * step.gradient


def test_results_are_arrays_of_their_own():
    """A later call does not change an earlier gradient."""
    program = compile_tape(layer(), [("x", (2,))], "sum")
    _, first = program.value_and_grad(THETA, ROWS)
    kept = first.copy()
    program.value_and_grad(2 * THETA, ROWS)
    assert np.array_equal(first, kept)


def test_statistics_count_what_was_found():
    """Six products, their sums, tanh of each and the total: one matrix product."""
    stats = compile_tape(layer(), [("x", (2,))], "sum").stats
    assert stats.kind in ("arrays", "tiles")
    assert stats.matmuls == 1
    assert stats.scalar_nodes == 6 + 3 + 3 + 3
    assert 0.0 < stats.seconds < 10.0


@pytest.mark.skipif("lanes" not in BACKENDS, reason="no C runtime")
def test_statistics_of_what_runs_number_by_number_count_what_the_listing_shows():
    """A recurrence of small products, for examples: lanes run its numbers, and people read its matrices."""

    def steps(w, x):
        for _ in range(40):
            x = [tanh(w[0] * x[0] + w[1] * x[1]), tanh(w[2] * x[0] + w[3] * x[1])]
        return x[0] * x[1]

    fast = compile(steps, batched="x")
    fast.value_and_grad(THETA[:4], np.ones((3, 2)))
    forward = fast.explain().split("backward")[0]
    assert (fast.stats.kind, fast.stats.matmuls) == ("lanes", forward.count(" @ "))
    assert fast.stats.matmuls >= 40
    copied = pickle.loads(pickle.dumps(fast.program))
    assert copied.stats == fast.stats
    copied.do_without_runtime()
    assert (copied.stats.kind, copied.stats.matmuls) == ("arrays", fast.stats.matmuls)


def test_narrow_graph_becomes_python_and_a_wide_one_arrays():
    """By counting, unless told."""
    x = values(np.linspace(0, 1, 400))
    narrow = compile_tape(record([tanh(x[0] * x[1]) + x[2]], list(x)))
    wide = compile_tape(record([sum(tanh(a * b) for a, b in zip(x, x[::-1], strict=True))], list(x)))
    assert narrow.stats.kind == "python"
    assert wide.stats.kind == ("tiles" if "tiles" in BACKENDS else "arrays")


@pytest.mark.parametrize("size", [100, 20_000])
def test_long_chain_compiles_to_python(size):
    """In one function or in several; no recursion, however deep."""
    x = Value(0.5)
    y = x
    for k in range(size):
        y = tanh(y) + 0.1 if k % 2 else y * x
    y.backward()
    tape = record([y], [x])
    assert compile_tape(tape).stats.kind in ("c", "python")
    value, (slope,) = compile_tape(tape, kind="python").value_and_grad([0.5])
    assert value == y.data
    assert np.isclose(slope, x.grad, rtol=1e-12)


def test_listings_show_each_pass():
    """Every type between two passes prints as text."""
    tape = layer()
    normal = normalise(tape).out
    assert str(tape).splitlines()[8].startswith("%8 = mul(%")
    assert "return %" in str(tape)
    assert any(line.count("*") == 2 for line in str(normal).splitlines())
    assert str(schedule(normal)).splitlines()[0].startswith("level 1: 3 × sum (batched)")


def test_python_program_can_be_bound_too():
    """A training loop need not know which form it holds."""
    x = [Value(2.0), Value(3.0)]
    program = compile_tape(record([x[0] * tanh(x[1])], x))
    theta = np.array([2.0, 3.0])
    step = program.bind(theta)
    assert step.value_and_grad() == step.value() == 2.0 * np.tanh(3.0)
    theta[0] = 4.0
    assert step.value_and_grad() == 4.0 * np.tanh(3.0)
    assert np.allclose(step.gradient, [np.tanh(3.0), 4.0 / np.cosh(3.0) ** 2])


def test_program_says_which_shapes_it_was_compiled_for():
    """Another number of inputs is another program."""
    program = compile_tape(layer(), [("x", (2,))], "sum")
    message = r"takes batched arguments of n examples, x of shape \('n', 2\), got shapes \(5, 3\); compile for others"
    with pytest.raises(ValueError, match=message):
        program.value(THETA, np.zeros((5, 3)))
