"""Sparse Jacobians and Hessians: their entries are those that the graph has."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import OperandError, Value, compile, hessian, jacobian, maximum, stop_gradient, where
from autograd.compiler import record as tape_of
from autograd.compiler.program.entries import Wanted, compile_entries
from tests.compiler.examples import RNG, close, loss

sparse = pytest.importorskip("scipy.sparse")
pytest.importorskip("scipy.sparse.linalg")


def ring(u: Any) -> list[Any]:
    """Diffusion around a ring, and a reaction in each place."""
    n = len(u)
    return [u[k - 1] - 2.0 * u[k] + u[(k + 1) % n] + u[k] * (1.0 - u[k] * u[k]) for k in range(n)]


@pytest.mark.parametrize("compiled", [True, False])
def test_pattern_is_that_of_the_graph_wherever_it_is(compiled: bool) -> None:
    """An entry that happens to be zero at some numbers stays; one that is zero everywhere is never there."""
    f = lambda x: [x[0] * x[1], x[1] * 0.5, stop_gradient(x[2]) * x[0], where(x[2], x[0], x[1]), maximum(x[0], 0.0)]
    derive = jacobian(compile(f) if compiled else f, sparse=True)
    expected = {(0, 0), (0, 1), (1, 1), (2, 0), (3, 0), (3, 1), (4, 0)}
    for x in ([0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [-1.0, 0.0, 0.0]):
        found = derive(np.array(x))
        assert set(zip(*found.nonzero(), strict=True)) <= expected
        rows = np.repeat(np.arange(5), np.diff(found.indptr))
        assert set(zip(rows.tolist(), found.indices.tolist(), strict=True)) == expected
        close(found.toarray(), np.array(jacobian(f)(x)))


def test_constant_entries_are_no_part_of_the_program() -> None:
    """The program of the ring computes the diagonal alone, and is as long for a hundred unknowns as for more."""
    for n in (100, 300):
        leaves = [Value(x) for x in np.linspace(0.1, 0.9, n)]
        entries = compile_entries(tape_of(ring(leaves), leaves), Wanted(1))
        assert len(entries.pattern.rows) == 3 * n
        assert (entries.pattern.rows == entries.pattern.columns).tolist() == (~entries.pattern.is_constant).tolist()
        assert np.size(entries.program.value(np.zeros(n))) == n
        assert entries.program.stats.instructions <= 2


def test_entry_that_comes_to_zero_wherever_it_is_is_no_entry() -> None:
    """A factor of 0, and what is taken away again."""
    fast = compile(lambda x: [0.0 * x[0] + x[1], x[0] - x[0] + x[1] * x[1]])
    found = jacobian(fast, sparse=True)(np.array([3.0, 5.0]))
    assert (found.nnz, found.toarray().tolist()) == (2, [[0.0, 1.0], [0.0, 10.0]])
    assert fast.pattern([3.0, 5.0]).is_constant.tolist() == [True, False]


def test_linear_function_has_a_constant_matrix() -> None:
    """Nothing is left to compute; and a function of nothing has none at all."""
    found = jacobian(compile(lambda x: [x[0] + 2.0 * x[1], 3.0 * x[2]]), sparse=True)(np.zeros(3))
    assert found.toarray().tolist() == [[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]]
    for function in (lambda x: [1.0, 2.0], compile(lambda x: [1.0, 2.0])):
        assert (jacobian(function, sparse=True)(np.zeros(3)).nnz, jacobian(function)([0.0])) == (0, [[0.0], [0.0]])


def test_what_is_done_to_a_matrix_is_done_to_no_other() -> None:
    """Each call gives arrays of its own."""
    derive = jacobian(compile(ring), sparse=True)
    x = np.linspace(0.1, 0.9, 5)
    first = derive(x)
    expected = first.toarray()
    first.data[:] = 0.0
    first.eliminate_zeros()
    assert (derive(x).toarray() == expected).all()


def test_rows_and_columns_are_numbered_in_order() -> None:
    """Of all arguments that are chosen, and of results in any structure."""
    f = lambda a, b: {"p": a * b[1], "q": [b[0], np.array([[a * a]], dtype=object)]}
    for function in (f, compile(f)):
        found = jacobian(function, (0, 1), sparse=True)(3.0, [5.0, 7.0])
        assert found.toarray().tolist() == [[7.0, 0.0, 3.0], [0.0, 1.0, 0.0], [6.0, 0.0, 0.0]]


@pytest.mark.parametrize("compiled", [True, False])
def test_indices_are_those_that_solvers_take(compiled: bool) -> None:
    """In order, each once, 32 bits each, as SciPy makes its own; a system is solved without a word."""
    x = np.linspace(0.1, 0.9, 6)
    found = jacobian(compile(ring) if compiled else ring, sparse=True)(x)
    assert (found.indices.dtype, found.indptr.dtype, found.data.dtype) == (np.int32, np.int32, np.float64)
    assert found.has_sorted_indices
    assert found.has_canonical_format
    close(sparse.linalg.spsolve(found.tocsc(), x), np.linalg.solve(found.toarray(), x))


def test_sparse_hessian_of_a_chain() -> None:
    """A band, in which what couples no two unknowns is not stored."""
    chain = lambda x: sum((x[k + 1] - x[k] ** 2) ** 2 for k in range(len(x) - 1))
    x = np.linspace(-1.0, 1.0, 6)
    for function in (chain, compile(chain)):
        found = hessian(function, sparse=True)(x)
        assert found.nnz == 6 + 2 * 5
        close(found.toarray(), hessian(chain)(x))


def test_sparse_is_refused_where_it_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words: Values, a matrix for each example, no SciPy."""
    x = Value(2.0)
    with pytest.raises(OperandError, match=r"^sparse=True gives numbers, and Values from outside take part here"):
        jacobian(lambda y: [x * y[0]], sparse=True)([1.0])
    message = (
        "hessian with sparse=True gives one matrix, and loss has reduce=None, one for each example; leave sparse out, "
        "or let reduce be 'mean' or 'sum'"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        hessian(compile(loss, batched=("x", "y"), reduce=None), sparse=True)
    monkeypatch.setitem(__import__("sys").modules, "scipy.sparse", None)
    message = (
        "sparse=True gives arrays of SciPy, which is not installed; pip install 'scalar-autograd[scipy]', or leave "
        "sparse out"
    )
    for function in (ring, compile(ring)):
        with pytest.raises(ImportError, match=f"^{re.escape(message)}$"):
            jacobian(function, sparse=True)(np.ones(3))


@given(count=st.integers(1, 12))
def test_sparse_jacobian_of_rings(count: int) -> None:
    """Neighbours may meet: with one or two places they are the same."""
    x = RNG.normal(size=count)
    close(jacobian(compile(ring), sparse=True)(x).toarray(), np.array(jacobian(ring)(x.tolist())))
