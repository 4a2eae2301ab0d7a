"""One call of a function on variables: leaves in the place of the numbers to differentiate with respect to.

Calls nest, to any depth. A result that leads to any leaf but ours and those the function made itself depends on a Value
from outside, a variable of a call around this one perhaps, so derivatives of it have to be Values; all others are
floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, NamedTuple

from autograd import ops
from autograd.convert import describe
from autograd.errors import OperandError
from autograd.graph import next_era, topological_order
from autograd.recorded import recorded_partials
from autograd.trees import Rebuild, flatten
from autograd.value import Value

__all__ = ["Run", "as_argnums", "as_function", "is_variable", "leaves_below", "positions", "run_on_variables"]


# How many transformations run their functions in all threads: without one there are no variables to look for.
active = 0

_counting = Lock()


def _count(change: int) -> None:
    global active
    with _counting:
        active += change


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
    era = next_era()
    variables = [Value(x._data if isinstance(x, Value) else x) for x in numbers]
    for variable in variables:
        variable._mark += 1  # a variable while the function runs, see is_variable
    ours = rebuild(variables)
    replaced = list(args)
    for k, our in zip(chosen, ours if isinstance(argnums, tuple) else (ours,), strict=True):
        replaced[k] = our
    try:
        _count(1)
        output = f(*replaced, **kwargs)
    finally:
        _count(-1)
        for variable, x in zip(variables, numbers, strict=True):
            _retire(variable, x)
    outputs, shape = flatten(output, f"{name} takes a function that gives numbers:")
    keep = any(isinstance(x, Value) for x in numbers) or any(x._mark < era for x in leaves_below(outputs))
    return Run(argument, variables, rebuild, outputs, shape, output, keep)


def as_function(f: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``f``, unless it is what a function gives, or a class, which gives objects; those that hold numbers are left."""
    if callable(f) and not (isinstance(f, type) and not issubclass(f, list | tuple | dict)):
        return f
    hint = "pass the function, not its result"
    if isinstance(f, type):
        hint = f"build one, {f.__name__}(...), or pass a function that calls one"
    elif isinstance(f, Value) and name != "compile":
        hint = "gradients(y, xs) differentiates a Value"
    raise OperandError(f"{name} takes a function of numbers, got {describe(f)}; {hint}")


def as_argnums(argnums: Any, name: str) -> tuple[int, ...]:
    """The ints that ``argnums`` is, before there are arguments to count."""
    chosen = argnums if isinstance(argnums, tuple) else (argnums,)
    for k in chosen:
        if isinstance(k, bool) or not isinstance(k, int):
            raise TypeError(
                f"argnums of {name} is an int or a tuple of ints, got {argnums!r}; for instance 0 or (0, 1)"
            )
    return chosen


def positions(argnums: int | tuple[int, ...], count: int, name: str) -> list[int]:
    """Which of ``count`` arguments ``argnums`` means, counted from 0."""
    chosen = as_argnums(argnums, name)
    for k in chosen:
        if not -count <= k < count:
            raise ValueError(
                f"{name} differentiates positional argument {k}, but there are {count}; "
                "pass it by position, or change argnums"
            )
    found = [k % count for k in chosen]
    if len(set(found)) < len(found):
        raise ValueError(f"argnums of {name} names each argument at most once, got {argnums}; drop one")
    return found


def is_variable(x: Value) -> bool:
    """Whether a leaf is a variable of a transformation whose function is running."""
    return x._made_by is None and bool(x._mark & 1)


def leaves_below(outputs: Iterable[Any]) -> Iterator[Value]:
    """Every leaf that the Values among ``outputs`` lead to; some more than once."""
    for y in outputs:
        if isinstance(y, Value):
            below = (operand for node in topological_order(y) for operand, _ in recorded_partials(node))
            yield from (x for x in (y, *below) if x._made_by is None)


def _retire(variable: Value, x: Any) -> None:
    """When the function has returned, a variable is a leaf like any other, or ``x * 1.0`` if it stood for a Value."""
    variable._mark -= 1
    if isinstance(x, Value):
        variable._made_by, variable._a, variable._da, variable._db, variable._mark = ops.mul, x, 1.0, 1.0, 0
