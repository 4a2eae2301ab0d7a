"""Eager, arrays and straight-line Python compute the same, on random graphs of every operation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, gradients
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.testing.oracles import absolute_gradient
from tests.compiler.graphs import Lanes, lanes

# Rounding: relative to what is added up, with room for a condition number of a million.
TOLERANCE = 1e-9


def near(found, expected, size=1.0):
    return np.allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE * np.maximum(size, 1.0), equal_nan=True)


@pytest.mark.parametrize("kind", ["arrays", "python"])
@given(graph=lanes())
def test_program_has_the_value_and_gradient_of_its_graph(kind: str, graph: Lanes):
    """Whatever the graph, in either form."""
    leaves, root = graph.record()
    program = compile_tape(record([root], leaves), kind=kind)
    value, gradient = program.value_and_grad(np.array(graph.leaves))
    assert near(value, root.data, abs(root.data))
    assert near(gradient, gradients(root, leaves), absolute_gradient(root, leaves))
    assert program.value(np.array(graph.leaves)) == value


@given(graph=lanes(), choice=st.integers(0, 2**10), examples=st.integers(0, 4), seed=st.integers(0, 100))
def test_batch_is_the_sum_over_its_examples(graph: Lanes, choice: int, examples: int, seed: int):
    """For any choice of leaves that carry the batch, and for no, one and several examples."""
    leaves, root = graph.record()
    inputs = [k for k in range(len(leaves)) if choice >> k % 10 & 1]
    others = [k for k in range(len(leaves)) if k not in inputs]
    tape = record([root], [leaves[k] for k in others], [], [[leaves[k] for k in inputs]])
    program = compile_tape(tape, [("X", (len(inputs),))], "sum")
    rng = np.random.default_rng(seed)
    rows = [graph.near(rng) for _ in range(examples)]
    X = np.array(rows).reshape(examples, len(leaves))[:, inputs]
    value, gradient = program.value_and_grad(np.array([graph.leaves[k] for k in others]), X)

    total, expected, size = 0.0, np.zeros(len(others)), np.zeros(len(others))
    for row in X:
        for k, x in zip(inputs, row, strict=True):
            leaves[k].data = x
        root = graph.of(leaves) + 0.0 * leaves[0]
        total += root.data
        expected += gradients(root, [leaves[k] for k in others])
        size += absolute_gradient(root, [leaves[k] for k in others])
    assert near(value, total, abs(total))
    assert near(gradient, expected, size)


@pytest.mark.parametrize("kind", [kind for kind, code in BACKENDS.items() if kind in ("arrays", "python", "c")])
@given(graph=lanes())
def test_second_derivatives_are_those_of_the_engine(kind: str, graph: Lanes):
    """A program differentiated twice, run by each back end that takes programs without examples."""
    leaves, root = graph.record()
    slopes = gradients(root, leaves, create_graph=True, check=False)
    expected = np.array(
        [gradients(slope, leaves, check=False) if isinstance(slope, Value) else [0.0] * len(leaves) for slope in slopes]
    )
    size = np.array(
        [absolute_gradient(slope, leaves) if isinstance(slope, Value) else [0.0] * len(leaves) for slope in slopes]
    )
    program = compile_tape(record([root], leaves), kind=kind, order=2)
    _, found = program.value_and_grad(np.array(graph.leaves))
    finite = np.isfinite(expected)
    assert near(np.reshape(found, expected.shape)[finite], expected[finite], size[finite])
