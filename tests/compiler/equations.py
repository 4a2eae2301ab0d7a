"""Small functions compiled to arrays: checked against the engine, then read as equations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd import gradients, tanh, values
from autograd.compiler import compile_tape, record
from autograd.compiler.program.program import Program

Shape = tuple[int, ...]
EXAMPLES = 3


def program(f: Callable[..., Any], *shapes: Shape, fixed: Shape | None = None, batch: Shape | None = None) -> Program:
    """The array program of a function of arrays, whose value and gradient are those of the engine.

    Parameters
    ----------
    f : callable
        Gives a number. Its last arguments are ``fixed`` and ``batch``, if there are such.
    *shapes : tuple of int
        Of the arrays to differentiate by.
    fixed : tuple of int, optional
        Shape of an array not to differentiate by.
    batch : tuple of int, optional
        Shape of an array that is another one for each of a few examples, over which results are added up.
    """
    rng = np.random.default_rng(0)
    parameters = [rng.uniform(0.5, 1.5, shape) for shape in shapes]
    others = [] if fixed is None else [rng.uniform(0.5, 1.5, fixed)]
    rows = rng.uniform(0.5, 1.5, (EXAMPLES, *(batch or ())))
    total, slopes = 0.0, np.zeros(sum(array.size for array in parameters))
    for row in rows if batch else rows[:1]:
        leaves = [values(array) for array in parameters]
        constants, inputs = [values(array) for array in others], [values(row)] if batch else []
        flat, unchanged, examples = (
            [leaf for array in arrays for leaf in array.ravel()] for arrays in (leaves, constants, inputs)
        )
        root = f(*leaves, *constants, *inputs)
        total += root.data
        slopes += gradients(root, flat)
    tape = record([root], flat, unchanged, [examples] if batch else [])
    compiled = compile_tape(tape, [("x", batch)] if batch else [], "sum", "arrays")
    value, gradient = compiled.value_and_grad(
        np.concatenate([array.ravel() for array in parameters]),
        *([rows] if batch else []),
        fixed=others[0].ravel() if others else (),
    )
    assert np.isclose(value, total, rtol=1e-12)
    assert np.allclose(gradient, slopes, rtol=1e-12, atol=1e-12)
    return compiled


def passes(compiled: Program) -> tuple[list[str], list[str]]:
    """Its equations, forward and backward."""
    lines = [line.strip() for line in compiled.explain().splitlines()]
    middle = lines.index("backward")
    return lines[1:middle], lines[middle + 1 :]


def pairs(*columns: Any) -> Iterable[Any]:
    """Of columns that are equally long."""
    return zip(*columns, strict=True)


def tanhs(numbers: Iterable[Any]) -> list[Any]:
    """Computed numbers, where parameters would be too simple."""
    return [tanh(x) for x in numbers]


def windows(x: Any, length: int = 3) -> list[Any]:
    """Every run of that length."""
    return [x[k : k + length] for k in range(len(x) - length + 1)]


def together(sums: Iterable[Any]) -> Any:
    """Several sums, each with a function of its own around it and a weight of its own: none can stand for another."""
    return sum((1.0 + k / 8) * tanh(z) for k, z in enumerate(sums))


def forward(f: Callable[..., Any], *shapes: Shape, **others: Shape) -> list[str]:
    """The statements of a function before its first ``tanh``."""
    lines, _ = passes(program(f, *shapes, **others))
    return lines[: next(k for k, line in enumerate(lines) if "tanh" in line)]


def backward(f: Callable[..., Any], *shapes: Shape, **others: Shape) -> list[str]:
    """The statements of a function's backward pass."""
    return passes(program(f, *shapes, **others))[1]
