"""A recorded graph, made again at other numbers, and what the engine gives there."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import floats, functions, ops
from autograd.compiler.scalars.tape import FIRST_BATCHED, FIXED, PARAMETER, Tape
from autograd.graph import accumulate_gradients
from autograd.op import Op
from autograd.recorded import gradients
from autograd.value import Value, apply

__all__ = ["Array", "Places", "again", "direction", "eager", "slopes_again"]

Array = npt.NDArray[np.float64]
Places = list[Array]  # numbers: parameters, others, and for each batched argument one example

# What Value writes out, and makes in half the time.
OPERATORS: dict[Op, Callable[..., Any]] = {
    ops.add: operator.add,
    ops.sub: operator.sub,
    ops.mul: operator.mul,
    ops.neg: operator.neg,
}


def again(tape: Tape, places: Places, numbers: bool = False) -> tuple[list[Any], list[list[Any]]]:
    """The recorded graph made again at other numbers, or ``numbers`` alone: its results and its leaves."""
    leaves: list[list[Any]] = [np.ravel(array).tolist() for array in places]
    if not numbers:
        leaves = [list(map(Value, row)) for row in leaves]
    at = dict(zip([PARAMETER, FIXED, *range(FIRST_BATCHED, FIRST_BATCHED + len(leaves))], leaves, strict=False))
    # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
    nodes: list[Any] = [*tape.ops, *reversed(tape.constants)]
    read = nodes.__getitem__
    make: dict[Op, Callable[..., Any]] = {}
    for row in filter(None, {*tape.ops}):
        make[row] = OPERATORS.get(row) or (partial(row.value, floats) if numbers else partial(apply, row))
    for i, (op, args) in enumerate(zip(tape.ops, tape.args, strict=True)):
        nodes[i] = make[op](*map(read, args)) if op else at[args[0]][args[1]]
    return list(map(read, tape.outputs)), leaves


def eager(
    results: Sequence[Any], leaves: Sequence[Sequence[Value]], inputs: Sequence[int], order: int, weights: Array
) -> tuple[Array, Array]:
    """Results, and derivatives of the one result, by the engine.

    Those of several results, and second derivatives, are added up with weights. It differentiates by the parameters,
    and by the places in ``inputs``.
    """
    values = np.array([y._data if isinstance(y, Value) else y for y in results], dtype=np.float64)
    wanted, root = _root(results, leaves, inputs, order, weights.tolist())
    if order and isinstance(root, Value):
        accumulate_gradients(root)  # into leaves that were made for this
    return values, np.array([x._grad for x in wanted] if order else ())


def slopes_again(
    results: Sequence[Any], leaves: Sequence[Sequence[Value]], inputs: Sequence[int], order: int, weights: Array
) -> list[Value]:
    """The same derivatives, as Values of which every term can be seen, those that cancel as well.

    The weights are Values too: of numbers that cancel nothing would be left in the graph.
    """
    one = Value(1.0)
    wanted, root = _root([y * one for y in results], leaves, inputs, order, [*map(Value, weights.tolist())])
    if not isinstance(root, Value):
        return [Value(0.0) for _ in wanted]
    return gradients(root, wanted, create_graph=True, check=False)


def _root(
    results: Sequence[Any], leaves: Sequence[Sequence[Value]], inputs: Sequence[int], order: int, weights: list[Any]
) -> tuple[list[Value], Any]:
    """What is differentiated at last, and by what."""
    wanted = [*leaves[0], *[x for place in inputs for x in leaves[place - FIRST_BATCHED + 2]]]
    if order == 2:
        results = gradients(results[0], wanted, create_graph=True, check=False)
    if order == 2 or len(results) > 1:
        return wanted, functions.dot(results, weights) if order else None
    return wanted, results[0]


def direction(count: int) -> Array:
    """Weights of rows, or a direction: in none of its entries zero; of a single one, itself."""
    return np.ones(1) if count == 1 else np.random.default_rng(3).uniform(0.5, 1.5, count)
