"""A recorded graph, made again at other numbers, and what the engine gives there."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import arrays, functions, ops
from autograd.compiler.scalars.tape import FIRST_BATCHED, FIXED, PARAMETER, Tape
from autograd.graph import accumulate_gradients
from autograd.op import Op
from autograd.recorded import gradients
from autograd.value import Value, apply

__all__ = ["Array", "Places", "again", "direction", "eager", "side_by_side", "slopes_again"]

Array = npt.NDArray[np.float64]
Places = list[Array]  # numbers: parameters, others, and for each batched argument one example

# What Value writes out, and makes in half the time.
OPERATORS: dict[Op, Callable[..., Any]] = {
    ops.add: operator.add,
    ops.sub: operator.sub,
    ops.mul: operator.mul,
    ops.neg: operator.neg,
}


def again(tape: Tape, places: Places) -> tuple[list[Any], list[list[Value]]]:
    """The recorded graph made again at other numbers: its results and its leaves."""
    leaves = [list(map(Value, np.ravel(array).tolist())) for array in places]
    make = {row: OPERATORS.get(row) or partial(apply, row) for row in filter(None, {*tape.ops})}
    return [*map(_nodes(tape, leaves, make).__getitem__, tape.outputs)], leaves


def side_by_side(tape: Tape, points: Sequence[Places], inputs: Sequence[int]) -> tuple[Array, Array]:
    """The graph at several points at once, which takes hardly longer than at one.

    Returns
    -------
    results : array, a row a point
    moves : array of bool
        At which points any of them has a slope, be it hidden by a large number beside which nothing seems to move.
    """
    columns = [[*np.stack([np.ravel(x) for x in place]).T] for place in zip(*points, strict=True)]
    nodes = _nodes(tape, columns, {row: partial(row.value, arrays) for row in filter(None, {*tape.ops})})
    wanted, moves = {PARAMETER, *inputs}, np.zeros(len(points), dtype=bool)
    slopes: list[Any] = [None] * len(nodes)
    for k in tape.outputs:
        slopes[k] = np.ones(len(points))
    for i in range(len(tape.ops) - 1, -1, -1):
        slope, op, args = slopes[i], tape.ops[i], tape.args[i]
        if slope is None or not np.count_nonzero(slope):
            continue
        if op:
            moving = [k for k, a in enumerate(args) if a >= 0]
            partials = op.differentiate(arrays, nodes[i], [nodes[a] for a in args], moving)
            for a, along in zip([args[k] for k in moving], partials, strict=True):
                handed = slope if along.__class__ is float and along == 1.0 else slope * along
                slopes[a] = handed if slopes[a] is None else slopes[a] + handed
        elif args[0] in wanted:
            moves |= slope != 0.0
    return np.stack(np.broadcast_arrays(np.zeros(len(points)), *[nodes[k] for k in tape.outputs])[1:], 1), moves


def _nodes(tape: Tape, leaves: Sequence[Sequence[Any]], make: Mapping[Op, Callable[..., Any]]) -> list[Any]:
    """What the graph computes, node by node; its constants follow, backwards, so operand -1 - k finds constant k."""
    at = dict(zip([PARAMETER, FIXED, *range(FIRST_BATCHED, FIRST_BATCHED + len(leaves))], leaves, strict=False))
    nodes: list[Any] = [*tape.ops, *reversed(tape.constants)]
    read = nodes.__getitem__
    for i, (op, args) in enumerate(zip(tape.ops, tape.args, strict=True)):
        nodes[i] = make[op](*map(read, args)) if op else at[args[0]][args[1]]
    return nodes


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
