"""Compiling takes work in proportion to the graph: calls are counted, because a clock cannot be trusted."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from itertools import takewhile
from typing import Any

import pytest

from autograd import Value, exp, sin, tanh
from autograd.compiler import compile_tape, record

Leaves = list[Value]


def recurrence(steps: int, p: Leaves, x: Leaves) -> Value:
    h = x[0]
    for _ in range(steps):
        h = tanh(p[0] * h + p[1])
    return h


def shifted_recurrence(steps: int, p: Leaves, x: Leaves) -> Value:
    """Below each ``+`` an adjoint is borrowed."""
    h = x[0]
    for _ in range(steps):
        h = sin(exp(h) - x[0] + p[0])
    return h


def residual_recurrence(steps: int, p: Leaves, x: Leaves) -> Value:
    """What was borrowed is copied after all, because a second reader adds to it."""
    h = x[0]
    for _ in range(steps):
        u = tanh(p[0] * h)
        h = u + sin(exp(u))
    return h


def many_states(steps: int, p: Leaves, x: Leaves) -> Value:
    states = [p[k % 2] * x[k % 3] for k in range(6)]
    for _ in range(steps):
        states = [tanh(p[0] * a + b) for a, b in zip(states, [*states[1:], states[0]], strict=True)]
    return sum(states)


def terms(count: int, p: Leaves, x: Leaves) -> Value:
    return sum([tanh((k + 1.0) * p[0] + x[0]) * sin(p[1] * x[k % 3]) for k in range(count)])


def calls(work: Callable[[], object]) -> int:
    """How many functions ``work`` calls, those of C too."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def cost(f: Callable[..., Any], size: int, batched: bool) -> int:
    """Calls that recording and compiling take."""
    p, x = [Value(0.5), Value(0.25)], [Value(0.1), Value(0.2), Value(0.3)]
    root = f(size, p, x)
    examples = [("x", (3,))] if batched else []

    def work() -> None:
        tape = record([root], p, [] if batched else x, [x] if batched else [])
        compile_tape(tape, examples, kind="arrays")

    return calls(work)


@pytest.mark.parametrize("batched", [True, False], ids=["batched", "alone"])
@pytest.mark.parametrize("f", [recurrence, shifted_recurrence, residual_recurrence, many_states, terms])
def test_twice_the_graph_is_twice_the_work(f, batched):
    """The second hundred steps cost what the first did; the allowance is for steps at either end, which differ."""
    _, few, more, most = [cost(f, size, batched) for size in (1, 100, 200, 300)]  # the first one fills caches
    assert most - more <= 1.01 * (more - few)


def test_first_block_of_the_source_does_not_grow_with_the_program():
    """CPython moves what stands in that block once for each name that the inner functions read."""
    p, x = [Value(0.5), Value(0.25)], [Value(0.1)]
    code = compile_tape(record([recurrence(50, p, x)], p, [], [x]), [("x", (1,))], kind="arrays").code
    block = takewhile(lambda instruction: "JUMP" not in instruction.opname, dis.get_instructions(code.defined))
    others = [i.opname for i in block if i.opname not in ("MAKE_CELL", "EXTENDED_ARG")]
    assert len(others) <= 4, others
