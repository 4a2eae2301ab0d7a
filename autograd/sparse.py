"""Matrices of derivatives as SciPy's sparse arrays, of which SciPy itself is an optional part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.errors import NonFiniteError, OperandError
from autograd.graph import topological_order
from autograd.ops import FLAT
from autograd.recorded import differentiate, recorded_partials
from autograd.value import Value
from autograd.variables import Run

__all__ = ["sparse_matrix", "to_csr"]


def to_csr(data: Any, rows: Any, columns: Any, shape: tuple[int, int]) -> Any:
    """The ``scipy.sparse.csr_array`` that holds ``data`` at these places, which are in order."""
    try:
        from scipy.sparse import csr_array
    except ImportError as error:
        raise ImportError(
            "sparse=True gives arrays of SciPy, which is not installed; pip install 'scalar-autograd[scipy]', or leave "
            "sparse out"
        ) from error
    # As SciPy has it: its solvers know no others, and would copy them in each call.
    kind = np.int32 if max(len(data), *shape) <= np.iinfo(np.int32).max else np.int64
    starts = np.searchsorted(rows, np.arange(shape[0] + 1)).astype(kind)
    return csr_array((data, columns.astype(kind), starts), shape=shape)


def sparse_matrix(run: Run, outputs: Sequence[Any], symmetric: bool = False) -> Any:
    """Derivatives of each output by the variables that it is computed from; a symmetric matrix is computed by half."""
    if run.keep:
        raise OperandError(
            "sparse=True gives numbers, and Values from outside take part here; leave sparse out, or use "
            "autograd.data(...) for their numbers"
        )
    place = {variable: k for k, variable in enumerate(run.variables)}
    found: dict[tuple[int, int], float] = {}
    for row, y in enumerate(outputs):
        if not isinstance(y, Value):
            if not math.isfinite(y):
                raise NonFiniteError(f"the result is {y}, a constant that no variable made; give finite numbers")
            continue
        below = {place[x] for x in _reached(y) if x in place}
        columns = sorted([k for k in below if k <= row] if symmetric else below)
        slopes = differentiate(y, [run.variables[k] for k in columns], False)
        found.update(zip([(row, k) for k in columns], slopes, strict=True))
    if symmetric:
        found.update({(column, row): slope for (row, column), slope in found.items()})
    places = sorted(found)
    index = np.array(places, dtype=np.int64).reshape(-1, 2)
    data = np.array([found[key] for key in places])
    return to_csr(data, index[:, 0], index[:, 1], (len(outputs), len(run.variables)))


def _reached(y: Value) -> set[Value]:
    """What a result depends on, and that not only through what is constant wherever it is smooth."""
    reached = {y}
    for node in reversed(topological_order(y)):
        if node in reached:
            reached.update([operand for operand, partial in recorded_partials(node) if partial is not FLAT])
    return reached
