"""One call of a compiled function: its arguments, the program that serves it, and how that is recorded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.arguments import Argument, batched_argument, examine
from autograd.compiler.program import Program, compile_tape
from autograd.compiler.tape import Tape, record
from autograd.compiler.verify import eager_gradient, verify
from autograd.errors import CompileError
from autograd.tracing import recording
from autograd.trees import Rebuild, flatten
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.function import CompiledFunction

__all__ = ["Call", "Recorded", "Recording"]

Array = npt.NDArray[np.float64]


class Recording(NamedTuple):
    """One recorded run."""

    tape: Tape
    output: Any
    results: list[Any]
    rebuild: Rebuild
    parameters: list[Value]
    fixed: list[Value]


class Recorded:
    """A program, with what it takes to call it."""

    def __init__(self, program: Program, output: Rebuild, captured: list[Value], bare: bool) -> None:
        self.program = program
        self.output = output
        self.captured = captured
        self.bare = bare  # the function gives one number, and not a sequence of one


class Call:
    """One call: its arguments taken apart into parameters, fixed numbers and batches."""

    recorded: Recorded

    def __init__(
        self, owner: CompiledFunction, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: tuple[int, ...] | None
    ) -> None:
        self.owner = owner
        if kwargs or not owner._simple or len(args) != len(owner._signature.parameters):
            bound = owner._signature.bind(*args, **kwargs)
            bound.apply_defaults()
            names, args = list(bound.arguments), tuple(bound.arguments.values())
        else:
            names = list(owner._signature.parameters)
        self.names = names
        self.chosen = [0][: len(args)] if argnums is None else [self._position(k) for k in argnums]
        self.batches: dict[int, Array] = {}
        self.arguments: list[Argument | None] = []
        key: list[Any] = [tuple(self.chosen)]
        self.from_lists: dict[int, bool] = {}
        for k, (name, arg) in enumerate(zip(names, args, strict=True)):
            if name in owner.batched:
                if k in self.chosen and argnums is not None:
                    raise CompileError(
                        f"argument {name!r} is batched and cannot be differentiated; choose other argnums"
                    )
                array, is_array = batched_argument(arg, name)
                self.batches[k] = array
                self.from_lists[k] = not is_array
                self.arguments.append(None)
                key.append((is_array, array.shape[1:]))
            else:
                argument = examine(arg, k in self.chosen)
                self.arguments.append(argument)
                key.append(argument.key)
        self.chosen = [k for k in self.chosen if k not in self.batches]
        lengths = {len(array) for array in self.batches.values()}
        if len(lengths) > 1:
            raise ValueError(
                f"batched arguments hold equally many examples, got {', '.join(map(str, sorted(lengths)))}; cut them"
            )
        self.count = lengths.pop() if lengths else 1
        self.key = tuple(key)

    def _position(self, k: int) -> int:
        count = len(self.names)
        if not -count <= k < count:
            raise ValueError(
                f"value_and_grad differentiates argument {k}, but {self.owner.__name__} has {count}; change argnums"
            )
        return k % count

    def is_plain(self, args: tuple[Any, ...], kwargs: dict[str, Any], recorded: Recorded) -> bool:
        """Whether the program takes the arguments just as they are: floats, those to differentiate first."""
        return (
            all(arg.__class__ is float for arg in args)
            and not kwargs
            and len(args) == len(self.names)
            and self.chosen == list(range(len(self.chosen)))
            and recorded.bare
            and recorded.program.stats.kind == "python"
            and not recorded.captured
        )

    # ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def parameters(self) -> Array:
        """All that is differentiated, as one flat vector."""
        return _flat([n for k in self.chosen for n in self._argument(k).numbers])

    def fixed(self) -> Array:
        """All other numbers but those of the examples and those the function finds elsewhere."""
        others = [a for k, a in enumerate(self.arguments) if a is not None and k not in self.chosen]
        return _flat([n for a in others for n in a.numbers])

    def _argument(self, k: int) -> Argument:
        argument = self.arguments[k]
        assert argument is not None
        return argument

    # ── Running it ───────────────────────────────────────────────────────────────────────────────────────────────────

    def value(self) -> Any:
        """The result of the function, or that of each example."""
        recorded = self._ready()
        fixed = self.fixed_numbers()
        result = recorded.program.value(self.parameters(), *self.batches.values(), fixed=fixed)
        if self.owner.reduce is None and self.batches:
            return np.asarray(result)[:, 0] if recorded.bare else np.asarray(result)
        return result if recorded.bare else recorded.output(np.asarray(result).reshape(-1).tolist())

    def value_and_grad(self) -> tuple[float, list[Any]]:
        """The result and the gradient of each argument that is differentiated."""
        recorded = self._ready()
        if not recorded.bare or (self.owner.reduce is None and self.batches):
            raise CompileError(
                f"value_and_grad takes a function that gives one number, {self.owner.__name__} gives several; "
                "sum them, or let reduce be 'mean' or 'sum'"
            )
        parameters, fixed = self.parameters(), self.fixed_numbers()
        value, gradient = recorded.program.value_and_grad(parameters, *self.batches.values(), fixed=fixed)
        if not (math.isfinite(value) and np.isfinite(gradient).all()):
            value, gradient = eager_gradient(self.run, self.count, self.owner.reduce if self.batches else "sum")
        shaped, start = [], 0
        for k in self.chosen:
            argument = self._argument(k)
            shaped.append(argument.shape(gradient[start:]))
            start += argument.size
        return value, shaped

    def _ready(self) -> Recorded:
        if self.count == 0 and self.owner.reduce == "mean":
            raise ValueError("the mean takes at least one example, got none; use reduce='sum' if there may be none")
        return self.recorded

    def fixed_numbers(self) -> Any:
        """All numbers that are neither differentiated nor examples', as they are now."""
        fixed = self.fixed()
        captured = self.recorded.captured
        return np.concatenate([fixed, [leaf.data for leaf in captured]]) if captured else fixed

    # ── Recording it ─────────────────────────────────────────────────────────────────────────────────────────────────

    def run(
        self, example: int, parameters: Array | None = None, fixed: Array | None = None, noise: Array | None = None
    ) -> tuple[Any, list[Value], list[Value], list[list[Value]]]:
        """Call the function on Values: its result, and the leaves that stand for its arguments."""
        ours = iter([Value(x) for x in (self.parameters() if parameters is None else parameters).tolist()])
        others = iter([Value(x) for x in (self.fixed() if fixed is None else fixed).tolist()])
        leaves: tuple[list[Value], list[Value]] = ([], [])
        batched: list[list[Value]] = []
        args: list[Any] = []
        for k, argument in enumerate(self.arguments):
            if argument is None:
                row = self.batches[k][example] if self.count else np.full(self.batches[k].shape[1:], 0.5)
                values = [Value(x) for x in np.asarray(row if noise is None else row * noise[k]).ravel().tolist()]
                batched.append(values)
                args.append(_example(values, row.shape, self.from_lists[k]))
                continue
            side = 0 if k in self.chosen else 1
            if argument.leaves is not None:
                leaves[side].extend(argument.leaves)
                for _ in argument.leaves:
                    next((ours, others)[side])
                args.append(argument.fill(iter(())))
            else:
                args.append(argument.fill(_noting((ours, others)[side], leaves[side])))
        return self._apply(args), leaves[0], leaves[1], batched

    def _names(self) -> tuple[list[str], list[str]]:
        """A name for each number: that of its argument, numbered if it holds several."""
        names: tuple[list[str], list[str]] = ([], [])
        for k, (name, argument) in enumerate(zip(self.names, self.arguments, strict=True)):
            if argument is not None:
                single = argument.key == "number"
                names[k not in self.chosen].extend([name] if single else [f"{name}_{i}" for i in range(argument.size)])
        return names

    def _apply(self, args: list[Any]) -> Any:
        kinds = self.owner._signature.parameters
        by_name = {
            name: arg
            for name, arg in zip(self.names, args, strict=True)
            if kinds[name].kind is kinds[name].KEYWORD_ONLY
        }
        return self.owner.f(*args[: len(args) - len(by_name)], **by_name)

    def record(self, **point: Any) -> Recording:
        """The graph of one example, and what the function was called with and gave."""
        with recording():
            output, parameters, fixed, batched = self.run(0, **point)
        results, rebuild = flatten(output, "a compiled function gives numbers:")
        tape = record(results, parameters, fixed, batched)
        return Recording(tape, output, results, rebuild, parameters, fixed)

    def compile(self) -> Recorded:
        """Record the function, run the passes, and verify."""
        owner = self.owner
        tape, output, _, rebuild, _, _ = self.record()
        bare = isinstance(output, Value | float | int)
        del output, _
        arguments = [(self.names[k], array.shape[1:]) for k, array in self.batches.items()]
        program = compile_tape(tape, arguments, owner.reduce, names=self._names())
        if owner.verify:
            verify(self, tape, program, bare)
        return Recorded(program, rebuild, tape.captured, bare)


def _flat(numbers: list[Any]) -> Array:
    """Floats and arrays end to end."""
    if len(numbers) == 1 and isinstance(numbers[0], np.ndarray):
        return numbers[0]
    if any(isinstance(n, np.ndarray) for n in numbers):
        return np.concatenate([np.atleast_1d(n) for n in numbers])
    return np.array(numbers, dtype=np.float64)


def _noting(values: Iterator[Value], seen: list[Value]) -> Iterator[Value]:
    for value in values:
        seen.append(value)
        yield value


def _example(values: list[Value], shape: tuple[int, ...], as_list: bool) -> Any:
    if not shape:
        return values[0]
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    objects = objects.reshape(shape)
    return objects.tolist() if as_list else objects
