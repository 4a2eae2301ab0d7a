"""One call of a function on variables: leaves in the place of the numbers to differentiate with respect to.

Calls nest, to any depth. While a function runs, its variables bear a mark; when it returns they lose it. So a result
that still leads to a marked leaf depends on a variable of a call around this one, and derivatives of it have to be
Values; all others can be floats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd import ops
from autograd.graph import LEAF, topological_order
from autograd.recorded import recorded_partials
from autograd.trees import Rebuild, flatten
from autograd.value import Value

__all__ = ["Run", "positions", "run_on_variables"]

# The mark of a variable. Any mark above LEAF serves the graph alike.
VARIABLE = LEAF + 1


class Run(NamedTuple):
    """One call of a function on variables of our own."""

    argument: Any
    variables: list[Value]
    rebuild: Rebuild
    outputs: list[Any]
    shape: Rebuild
    output: Any
    keep: bool  # give Values that can be differentiated again


def run_on_variables(f: Callable[..., Any], argnums: int | tuple[int, ...], args: Any, kwargs: Any, name: str) -> Run:
    """Call ``f`` with variables in the place of the arguments to differentiate."""
    chosen = positions(argnums, len(args), name)
    picked = tuple(args[k] for k in chosen)
    argument = picked if isinstance(argnums, tuple) else picked[0]
    numbers, rebuild = flatten(argument, f"{name} differentiates")
    variables = [_variable(x) for x in numbers]
    ours = rebuild(variables)
    replaced = list(args)
    for k, our in zip(chosen, ours if isinstance(argnums, tuple) else (ours,), strict=True):
        replaced[k] = our
    try:
        output = f(*replaced, **kwargs)
    finally:
        for variable, x in zip(variables, numbers, strict=True):
            _retire(variable, x)
    outputs, shape = flatten(output, f"{name} takes a function that gives numbers:")
    keep = any(isinstance(x, Value) for x in numbers) or _meets_variables(outputs)
    return Run(argument, variables, rebuild, outputs, shape, output, keep)


def positions(argnums: int | tuple[int, ...], count: int, name: str) -> list[int]:
    """Which of ``count`` arguments ``argnums`` means, counted from 0."""
    chosen = argnums if isinstance(argnums, tuple) else (argnums,)
    for k in chosen:
        if not isinstance(k, int):
            raise TypeError(
                f"argnums of {name} is an int or a tuple of ints, got {argnums!r}; for instance 0 or (0, 1)"
            )
        if not -count <= k < count:
            raise ValueError(
                f"{name} differentiates positional argument {k}, but there are {count}; "
                "pass it by position, or change argnums"
            )
    found = [k % count for k in chosen]
    if len(set(found)) < len(found):
        raise ValueError(f"argnums of {name} names each argument at most once, got {argnums}; drop one")
    return found


def _variable(x: Any) -> Value:
    """A leaf of our own for ``x``, so that what else depends on the same Value is not mistaken for it."""
    variable = Value(x.data if isinstance(x, Value) else x)
    variable._mark = VARIABLE
    return variable


def _retire(variable: Value, x: Any) -> None:
    """When the function has returned, a variable is a leaf like any other, or ``x * 1.0`` if it stood for a Value."""
    variable._mark = LEAF
    if isinstance(x, Value):
        variable._op, variable._a, variable._da, variable._db, variable._mark = ops.mul, x, 1.0, 1.0, 0


def _meets_variables(outputs: Sequence[Any]) -> bool:
    """Whether a result depends on a variable of a transformation around this one, the only ones not yet retired."""
    return any(
        x._mark == VARIABLE
        for y in outputs
        if isinstance(y, Value)
        for x in (y, *(operand for node in topological_order(y) for operand, _ in recorded_partials(node)))
    )
