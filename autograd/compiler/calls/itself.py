"""A compiled function as the function it is: run on Values, mapped over the rows and reduced."""

from __future__ import annotations

from inspect import BoundArguments
from typing import Any

import numpy as np

from autograd import functions
from autograd.compiler.calls.arguments import count_of
from autograd.compiler.calls.subject import Subject
from autograd.convert import describe
from autograd.errors import CompileError
from autograd.trees import flatten, to_array
from autograd.value import Value

__all__ = ["run_itself", "take_apart", "valued"]


def run_itself(subject: Subject, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a compiled function gives where Values take part: its function's own result, with all its derivatives."""
    if not subject.batched:
        return subject.f(*args, **kwargs)
    bound, batches, count = take_apart(subject, args, kwargs)
    results = []
    for i in range(count):
        bound.arguments.update({name: valued(examples[i], name) for name, examples in batches.items()})
        results.append(subject.f(*bound.args, **bound.kwargs))
    return _reduced(results, subject.reduce)


def take_apart(
    subject: Subject, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[BoundArguments, dict[str, Any], int]:
    """The arguments by name, of those that are batched the examples, and how many these are."""
    subject.reads()  # which knows of other defaults
    bound = subject.signature.bind(*args, **kwargs)
    bound.apply_defaults()
    batches = {name: _examples(bound.arguments[name], name) for name in subject.batched}
    count = count_of(batches.values())
    if not count:
        raise ValueError("the function itself runs example by example, got none; give at least one example")
    return bound, batches, count


def valued(example: Any, name: str) -> Any:
    """An example as a compiled function hands it over: Values, alone, in lists or in an array."""
    numbers, rebuild = flatten(example, f"batched argument {name!r} takes")
    return rebuild([x if isinstance(x, Value) else Value(x) for x in numbers])


def _examples(x: Any, name: str) -> Any:
    if not isinstance(x, list | tuple | np.ndarray) or not np.ndim(np.asarray(x, dtype=object)):
        raise CompileError(
            f"batched argument {name!r} takes an array of numbers whose first axis is examples, got {describe(x)}; "
            "leave its name out of batched= if it is the same for all"
        )
    array = np.asarray(x, dtype=object)
    return list(array) if isinstance(x, np.ndarray) else array.tolist()


def _reduced(results: list[Any], reduce: str | None) -> Any:
    """The results of the examples put together; without ``reduce`` a row for each."""
    flat = [flatten(result, "a compiled function gives numbers:") for result in results]
    bare = isinstance(results[0], Value | float | int)
    if reduce is None:
        numbers = to_array([x for entries, _ in flat for x in entries])
        return numbers if bare else numbers.reshape(len(results), -1)
    put_together = functions.mean if reduce == "mean" else functions.sum
    columns = zip(*[entries for entries, _ in flat], strict=True)
    return flat[0][1]([put_together(column) for column in columns])
