"""One call of a compiled function: its arguments, the program that serves it, and how its function is run on Values."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import variables
from autograd.compiler.calls.arguments import Argument, batched_argument, count_of, examine
from autograd.compiler.calls.recordings import Point, Recorded, Recording, Trace
from autograd.compiler.calls.subject import Subject
from autograd.compiler.program.entries import Wanted
from autograd.compiler.scalars.tape import FIRST_BATCHED
from autograd.errors import CompileError
from autograd.graph import next_era
from autograd.tracing import recording
from autograd.trees import flatten, refuse_endless, to_array
from autograd.value import Value
from autograd.variables import is_variable, positions

__all__ = ["Call"]

Array = npt.NDArray[np.float64]


class Call:
    """One call: its arguments taken apart into parameters, fixed numbers and batches."""

    recorded: Recorded

    def __init__(
        self,
        subject: Subject,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: int | tuple[int, ...] | None,
        wanted: Wanted | None = None,
    ) -> None:
        self.subject = subject
        self.wanted = wanted  # besides the value; None for a value or its gradient
        environment, known = subject.reads(), len(subject.names)
        if kwargs or not subject.by_position or len(args) != len(subject.signature.parameters):
            bound = subject.signature.bind(*args, **kwargs)
            given: tuple[Any, ...] = (len(args), *kwargs)
            bound.apply_defaults()
            names, args = list(bound.arguments), tuple(bound.arguments.values())
        else:
            names = list(subject.signature.parameters)
            given = (len(args),)
        self.names = names
        # What decorates the function may tell by position from by name: then it is given them as they are given here.
        self.given = given if subject.tells_apart else ()
        self.chosen = [0][: len(args)] if argnums is None else positions(argnums, len(names), "value_and_grad")
        self.batches: dict[int, Array] = {}
        self.arguments: dict[int, Argument] = {}
        self.differentiated = self.chosen  # batched ones too
        key: list[Any] = [(tuple(self.chosen), self.given, wanted), environment]
        self.from_lists: dict[int, bool] = {}
        self.values = args
        for k, (name, arg) in enumerate(zip(names, args, strict=True)):
            if name in subject.batched:
                if k in self.chosen and argnums is not None and not wanted:
                    raise CompileError(
                        f"argument {name!r} is batched, and step differentiates by what all examples share; use "
                        f"value_and_grad(..., argnums={k}), or choose other argnums"
                    )
                array, is_array = batched_argument(arg, name)
                self.batches[k] = array
                self.from_lists[k] = not is_array
                key.append((is_array, array.shape[1:]))
            else:
                try:
                    self.arguments[k] = examine(arg, k in self.chosen, subject.modules, subject.names)
                except RecursionError:
                    refuse_endless(arg, f"argument {name!r} of a compiled function takes")
                    raise
                key.append(self.arguments[k].key)
        # Of the arguments to differentiate by, those that hold examples.
        self.inputs = [k for k in self.chosen if k in self.batches] if wanted else []
        self.chosen = [k for k in self.chosen if k in self.arguments]
        self.others = [k for k in self.arguments if k not in self.chosen]
        self.count = count_of(self.batches.values())
        self.key = tuple(key)
        # Names that the arguments brought along, by which modules outside and in other arguments may be read.
        self.brings_names = len(subject.names) > known

    @property
    def places(self) -> list[int]:
        """Where a recorded graph has the numbers of the examples to differentiate by."""
        batched = [*self.batches]
        return [FIRST_BATCHED + batched.index(k) for k in self.inputs]

    @property
    def weight(self) -> float:
        """What the result of an example counts."""
        return 1.0 / self.count if self.subject.reduce == "mean" else 1.0

    def parts(self) -> list[str]:
        """What each part of the key is about."""
        return ["which arguments are given and differentiated", "what it finds outside", *self.names]

    # ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def parameters(self) -> Array:
        """All that is differentiated, as one flat vector."""
        return _flat([n for k in self.chosen for n in self.arguments[k].numbers])

    def fixed(self) -> Array:
        """All other numbers but those of the examples and those the function finds elsewhere."""
        return _flat([n for k in self.others for n in self.arguments[k].numbers])

    # ── Running it ───────────────────────────────────────────────────────────────────────────────────────────────────

    def ready(self) -> Recorded:
        """What serves this call, if there are examples to serve."""
        if self.count == 0 and self.subject.reduce == "mean":
            raise ValueError("the mean takes at least one example, got none; use reduce='sum' if there may be none")
        return self.recorded

    def is_defined(self) -> bool:
        """Whether all that the function differentiates is finite at these numbers."""
        roots = self.recorded.differentiated
        if roots is None:
            return True
        return bool(np.isfinite(self.give(roots.program.value, roots)).all())

    def give(self, run: Callable[..., Any], recorded: Recorded | None = None) -> Any:
        """What a program gives for the numbers of this call."""
        return run(self.parameters(), *self.batches.values(), fixed=self.fixed_numbers(recorded))

    def fixed_numbers(self, recorded: Recorded | None = None, fixed: Array | None = None) -> Any:
        """All numbers that are neither differentiated nor examples', as they are now, or the arguments' read before."""
        fixed = self.fixed() if fixed is None else fixed
        captured = (recorded or self.recorded).captured
        return np.concatenate([fixed, [leaf._data for leaf in captured]]) if captured else fixed

    def meets_variables(self) -> bool:
        """Whether a transformation around this call differentiates by something that the function uses."""
        if not variables.active:
            return False
        leaves = (leaf for argument in self.arguments.values() for leaf in argument.leaves or ())
        return any(map(is_variable, self.recorded.captured)) or any(map(is_variable, leaves))

    def gives_numbers(self) -> bool:
        """Whether numbers are what the function gives: no Value from outside takes part, and all is defined."""
        recorded = self.recorded
        return not (recorded.captured or self.meets_variables()) and (not recorded.differentiated or self.is_defined())

    # ── Recording it ─────────────────────────────────────────────────────────────────────────────────────────────────

    def point(self, example: int) -> Point:
        """The numbers of this call; an example of halves if there is none."""
        rows = [array[example] if self.count else np.full(array.shape[1:], 0.5) for array in self.batches.values()]
        return Point(self.parameters(), self.fixed(), rows)

    def run(self, point: Point) -> tuple[Any, list[Value], list[Value], list[list[Value]]]:
        """Call the function on Values: its result, and the leaves that stand for its arguments."""
        leaves: tuple[list[Value], list[Value]] = ([], [])
        filled: dict[int, Any] = {}
        for places, numbers, seen in (
            (self.chosen, point.parameters, leaves[0]),
            (self.others, point.fixed, leaves[1]),
        ):
            start = 0
            for k in places:
                argument = self.arguments[k]
                values = [Value(x) for x in numbers[start : start + argument.size].tolist()]
                start += argument.size
                seen.extend(argument.leaves or values)
                filled[k] = argument.fill(iter(values))
        batched: list[list[Value]] = []
        for k, row in zip(self.batches, point.rows, strict=True):
            batched.append([Value(x) for x in np.ravel(row).tolist()])
            example = to_array(batched[-1]).reshape(row.shape)
            filled[k] = example if row.ndim and not self.from_lists[k] else example.tolist()
        return self._apply([filled[k] for k in range(len(filled))]), *leaves, batched

    def number_names(self) -> tuple[list[str], list[str]]:
        """A name for each number: that of its argument, numbered if it holds several."""
        names: tuple[list[str], list[str]] = ([], [])
        for places, seen in ((self.chosen, names[0]), (self.others, names[1])):
            for k in places:
                argument, name = self.arguments[k], self.names[k]
                single = argument.key == "number"
                seen.extend([name] if single else [f"{name}_{i}" for i in range(argument.size)])
        return names

    def _apply(self, args: list[Any]) -> Any:
        kinds = [self.subject.signature.parameters[name].kind for name in self.names]
        if self.given:
            count = max(self.given[0], kinds.count(Parameter.POSITIONAL_ONLY))
        else:
            count = len(kinds) - kinds.count(Parameter.KEYWORD_ONLY)
        return self.subject.f(*args[:count], **dict(zip(self.names[count:], args[count:], strict=True)))

    def trace(self, point: Point) -> Trace:
        """The graph of one example."""
        with recording() as differentiated:
            era = next_era()
            output, parameters, fixed, batched = self.run(point)
            results, rebuild = flatten(output, "a compiled function gives numbers:")
        if not results and output.__class__ is not tuple:  # as the derivatives by no argument are
            raise CompileError(f"a compiled function gives numbers, {self.subject.name} gave none; call it as it is")
        bare = isinstance(output, Value | float | int)
        return Trace(results, rebuild, bare, differentiated, [parameters, fixed, *batched], era)

    def record(self, point: Point) -> Recording:
        """The graph of one example, as a listing."""
        return self.trace(point).listed()


def _flat(numbers: list[Any]) -> Array:
    """Floats and arrays end to end."""
    if len(numbers) == 1 and isinstance(numbers[0], np.ndarray):
        return numbers[0]
    if any(isinstance(n, np.ndarray) for n in numbers):
        return np.concatenate([np.atleast_1d(n) for n in numbers])
    return np.array(numbers, dtype=np.float64)
