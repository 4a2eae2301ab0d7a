"""A recorded graph, made again at other numbers, and what the engine gives there."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import floats, functions, ops
from autograd.compiler.scalars.tape import FIRST_BATCHED, FIXED, PARAMETER, Tape
from autograd.graph import accumulate_gradients
from autograd.op import Op
from autograd.recorded import gradients
from autograd.value import Value, apply

__all__ = ["Array", "Places", "again", "direction", "eager"]

Array = npt.NDArray[np.float64]
Places = list[Array]  # numbers: parameters, others, and for each batched argument one example

# What Value writes out, and makes in half the time.
OPERATORS: dict[Op, Callable[..., Any]] = {
    ops.add: operator.add,
    ops.sub: operator.sub,
    ops.mul: operator.mul,
    ops.neg: operator.neg,
}


def again(
    tape: Tape, places: Places, rounding: float = 0.0, numbers: bool = False
) -> tuple[list[Any], list[list[Any]]]:
    """The recorded graph made again at other numbers, or ``numbers`` alone: its results and its leaves.

    With ``rounding``, each operation is off by about that part, to see how much of a result is rounding.
    """
    rng = np.random.default_rng(2)
    leaves: list[list[Any]] = [np.ravel(array).tolist() for array in places]
    if not numbers:
        leaves = [list(map(Value, row)) for row in leaves]
    at = dict(zip([PARAMETER, FIXED, *range(FIRST_BATCHED, FIRST_BATCHED + len(leaves))], leaves, strict=False))
    # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
    nodes: list[Any] = [*tape.ops, *reversed(tape.constants)]
    read = nodes.__getitem__
    for i, (op, args) in enumerate(zip(tape.ops, tape.args, strict=True)):
        if op is None:
            y = at[args[0]][args[1]]
        elif op in OPERATORS:
            y = OPERATORS[op](*map(read, args))
        else:
            y = op.value(floats, *map(read, args)) if numbers else apply(op, *map(read, args))
        nodes[i] = y * (1.0 + rounding * rng.uniform(-1.0, 1.0)) if rounding else y
    return list(map(read, tape.outputs)), leaves


def eager(
    results: Sequence[Any], leaves: Sequence[Sequence[Value]], inputs: Sequence[int], order: int
) -> tuple[Array, Array]:
    """Results, and derivatives of the one result, by the engine.

    Of several results, and of second derivatives, it gives those along one direction. It differentiates by the
    parameters, and by the places in ``inputs``.
    """
    values = np.array([y._data if isinstance(y, Value) else y for y in results], dtype=np.float64)
    wanted = [*leaves[0], *[x for place in inputs for x in leaves[place - FIRST_BATCHED + 2]]]
    if order == 2:
        results = gradients(results[0], wanted, create_graph=True, check=False)
    if order == 2 or len(results) > 1:
        results = [functions.dot(results, direction(len(results)).tolist())]
    if order and isinstance(results[0], Value):
        accumulate_gradients(results[0])  # into leaves that were made for this
    return values, np.array([x._grad for x in wanted] if order else ())


def direction(count: int) -> Array:
    """A direction along which derivatives are compared: in none of its entries zero; of a single result, itself."""
    return np.ones(1) if count == 1 else np.random.default_rng(3).uniform(0.5, 1.5, count)
