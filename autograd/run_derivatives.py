"""What a transformation makes of one run of its function: derivatives of a number, or a matrix of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.errors import NonFiniteError
from autograd.graph import topological_order
from autograd.recorded import differentiate
from autograd.trees import Rebuild, to_array
from autograd.value import Value
from autograd.variables import Run

__all__ = ["as_matrix", "differentiate_run", "refuse_unused", "single"]


def single(run: Run, name: str) -> Any:
    """The one number that the function gives."""
    if isinstance(run.output, list | tuple | Mapping | np.ndarray):
        kind = type(run.output).__name__
        raise TypeError(
            f"{name} takes a function that gives one number, got {kind} of {len(run.outputs)} numbers; "
            "use autograd.jacobian, or sum them"
        )
    return run.outputs[0]


def differentiate_run(y: Any, run: Run, upto: int | None = None) -> list[Any]:
    """Derivatives of one number with respect to the variables, or to the first ``upto`` of them."""
    variables = run.variables[:upto]
    if not isinstance(y, Value):
        if not math.isfinite(y):
            raise NonFiniteError(f"the result is {y}, a constant that no variable made; give finite numbers")
        return [0.0] * len(variables)
    return differentiate(y, variables, run.keep)


def refuse_unused(y: Any, run: Run, name: str) -> None:
    """Refuse variables that ``y`` does not depend on."""
    used: set[Any] = {y}
    if isinstance(y, Value):
        used.update(arg for node in topological_order(y) for arg in node.args)
    unused = [i for i, x in enumerate(run.variables) if x not in used]
    if unused:
        raise ValueError(
            f"{name} with strict=True takes a function of all its inputs, but the result does not depend on "
            f"input {', '.join(map(str, unused))}; use it, or leave strict out for a derivative of 0.0"
        )


def as_matrix(rows: Sequence[Sequence[Any]], outer: Any, place: Rebuild, run: Run) -> Any:
    """Derivatives, a row for each number of ``outer``: one array if that and the argument are arrays, else nested."""
    if isinstance(outer, np.ndarray) and isinstance(run.argument, np.ndarray) and outer.ndim:
        return to_array([entry for row in rows for entry in row]).reshape(outer.shape + run.argument.shape)
    return place([run.rebuild(row) for row in rows])
