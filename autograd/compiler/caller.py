"""A call of a compiled function as straight-line code, written once for a structure of arguments.

Guards see that the arguments are what the program was recorded for, their numbers are copied to where the program reads
them, it runs, and the gradient is handed out in the shape of the arguments. Whatever a guard does not know is ``None``,
and goes the general way of :mod:`~autograd.compiler.call`, which is slower and knows everything.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler.arguments import Remembered
from autograd.compiler.backends import FloatCode
from autograd.compiler.call import Call
from autograd.compiler.program import KEPT, Program
from autograd.compiler.schedule import RESULT
from autograd.compiler.tape import FIXED, PARAMETER

__all__ = ["write_caller"]

# A structure of more parts than this is no pattern of a loop, and its caller would be long.
LARGEST = 500

_FLOAT64 = np.dtype(np.float64)

# Name of a view, whether it is of the parameters, where, and its shape.
_Place = tuple[str, bool, slice, tuple[int, ...]]


class _UnknownPartError(Exception):
    """Something in the arguments that a caller has no code for."""


def write_caller(call: Call, given: Sequence[str], gradients: str | None) -> Callable[..., Any] | None:
    """The function from arguments like those of ``call`` to its result; None if there is no code for them.

    Parameters
    ----------
    call : Call
        With its program.
    given : sequence of str
        Names of the arguments in the order in which the function is going to get them: all there are.
    gradients : {"one", "tuple", None}
        Whether the result is the value and its gradient, or gradients in a tuple; else it is the value alone.
    """
    recorded = call.recorded
    if gradients and not recorded.bare:
        return None
    if recorded.captured or recorded.differentiated is not None or call.subject.tells_apart:
        return None
    try:
        return _Writer(call, gradients).write(given)
    except _UnknownPartError:
        return None


class _Writer:
    def __init__(self, call: Call, gradients: str | None) -> None:
        self.call = call
        self.gradients = gradients
        self.program = call.recorded.program
        code = self.program.code
        self.run = (code.value_and_grad if gradients else code.value) if isinstance(code, FloatCode) else None
        self.python = self.run is not None
        self.space: dict[str, Any] = {
            "ndarray": np.ndarray, "float64": _FLOAT64, "isfinite": math.isfinite, "dot": np.dot, "array": np.array,
            "empty": np.empty, "errstate": np.errstate, "leaves_of": _leaves_of, "modules": call.subject.modules,
        }  # fmt: skip
        self.guards: list[str] = []
        self.copies: list[str] = []
        self.lent: list[str] = []
        self.views: list[_Place] = []
        self.numbers: tuple[list[str], list[str]] = ([], [])  # of a Python program: parameters, and all others
        self.sizes = [0, 0]

    def write(self, given: Sequence[str]) -> Callable[..., Any]:
        call = self.call
        results = [self._part(call.values[k], f"a{k}", True) for k in call.chosen]
        for k in call.others:
            self._part(call.values[k], f"a{k}", False)
        batch = [f"a{k}" for k in call.batches]
        for k, array in call.batches.items():
            if call.from_lists[k] or call.values[k].__class__ is not np.ndarray:
                raise _UnknownPartError
            self._array(f"a{k}", f"a{k}.shape[1:]", array.shape[1:])
        lengths = [f"len({name}) != len({batch[0]})" for name in batch[1:]]
        lengths += [f"not len({batch[0]})"] if batch else []
        if lengths:
            self.guards.append(f"if {' or '.join(lengths)}: return None")
        names = [f"a{call.names.index(name)}" for name in given]
        body = [
            *self.guards,
            *(self._python() if self.python else self._arrays(batch)),
            f"return {self._result(results)}",
        ]
        source = "\n    ".join([f"def caller({', '.join(names)}):", *body])
        exec(compile(source, "<call compiled by autograd>", "exec"), self.space)
        return self.space["caller"]  # type: ignore[no-any-return]

    def _result(self, gradients: list[str]) -> str:
        if self.gradients:
            several = f"({', '.join(gradients)}{',' * bool(gradients)})"
            return f"value, {several if self.gradients == 'tuple' else gradients[0]}"
        recorded, by_example = self.call.recorded, self.call.subject.reduce is None and self.call.batches
        if by_example or recorded.bare:
            return "value[:, 0]" if by_example and recorded.bare else "value"
        values = "[value]" if self.program.single else "value" if self.python else "value.tolist()"
        return f"{self._constant(recorded.output)}({values})"

    def _arrays(self, batch: list[str]) -> list[str]:
        self.space["buffers"] = _Buffers(self.program, self.views, self.sizes, self.gradients is not None)
        names = ", ".join(["run", "gradient", *[name for name, *_ in self.views]])
        derivatives = self._derivatives() if self.gradients else []
        run = f"value = run({', '.join([*batch, *self.lent])})"
        return [
            f"{names} = buffers({f'len({batch[0]})' if batch else 1})",
            *self.copies,
            *(["with errstate(all='ignore'):", f"    {run}"] if self.program.code.warns else [run]),
            *derivatives,
        ]

    def _derivatives(self) -> list[str]:
        """A new array of the derivatives, which the program writes to in part and which are copied in part."""
        whole = slice(0, self.program.derivatives)
        copies = ["g = gradient.copy()"]
        if (left := self._lend(RESULT, whole, "g")) != [whole]:
            self.copies.append(f"g = empty({whole.stop})")
            copies = [f"g[{part.start}:{part.stop}] = gradient[{part.start}:{part.stop}]" for part in left]
        return [*copies, "if not isfinite(value + dot(g, g)): return None"]

    def _lend(self, place: int, where: slice, array: str) -> list[slice]:
        """Hand over those numbers of a flat array that the program takes as they lie; what is left to be copied."""
        start, left = where.start, []
        for run in self.program.code.lent:
            if run.place == place and start <= run.start and run.stop <= where.stop:
                self.lent.append(f"{run.name}={array}[{run.start - where.start}:{run.stop - where.start}]")
                left.append(slice(start, run.start))
                start = run.stop
        return [part for part in (*left, slice(start, where.stop)) if part.start < part.stop]

    def _python(self) -> list[str]:
        self.space["run"] = self.run
        numbers = ", ".join([*self.numbers[0], *self.numbers[1]])
        if not self.gradients:
            return [f"value = run({numbers})"]
        return [f"value, g = run({numbers})", "if not isfinite(sum(g, value)): return None"]

    # ── The parts of an argument ─────────────────────────────────────────────────────────────────────────────────────

    def _part(self, x: Any, name: str, differentiated: bool) -> str:
        """Guards and copies of a part of an argument; the text of its gradient."""
        if len(self.guards) > LARGEST:
            raise _UnknownPartError
        kind = x.__class__
        if kind is float:
            self.guards.append(f"if {name}.__class__ is not float: return None")
            where = self._number(name, differentiated, "{}", name)
            return f"g[{where.start}]" if self.python else f"g.item({where.start})"
        if kind is np.ndarray and x.dtype == _FLOAT64 and x.ndim:
            shape = self._array(name, f"{name}.shape", x.shape)
            where = self._number(name, differentiated, "*{}.ravel().tolist()", name, x.shape, lends=True)
            part = f"g[{where.start}:{where.stop}]"
            return f"array({part}).reshape({shape})" if self.python else f"{part}.reshape({shape})"
        if kind in (list, tuple) and x and set(map(type, x)) == {float}:
            self.guards.append(
                f"if {name}.__class__ is not {kind.__name__} or len({name}) != {len(x)} "
                f"or {{*map(type, {name})}} != {{float}}: return None"
            )
            where = self._number(name, differentiated, "*{}", name, (len(x),))
            part = f"g[{where.start}:{where.stop}]" + ".tolist()" * (not self.python)
            return f"{kind.__name__}({part})"
        if kind in (list, tuple, dict):
            return self._container(x, name, differentiated)
        if not differentiated and kind in (int, str, bool, type(None)):
            constant = self._constant(x)
            self.guards.append(f"if {name}.__class__ is not {constant}.__class__ or {name} != {constant}: return None")
            return ""
        if hasattr(x, "parameters") and callable(x.parameters):
            return self._module(name, differentiated)
        raise _UnknownPartError

    def _container(self, x: Any, name: str, differentiated: bool) -> str:
        kind, values = x.__class__.__name__, list(x.values()) if isinstance(x, dict) else list(x)
        if not values:
            raise _UnknownPartError
        same = f"tuple({name}) != {self._constant(tuple(x))}" if kind == "dict" else f"len({name}) != {len(values)}"
        names = [f"{name}_{k}" for k in range(len(values))]
        self.guards.append(f"if {name}.__class__ is not {kind} or {same}: return None")
        self.guards.append(f"{', '.join(names)}, = {name}{'.values()' * (kind == 'dict')}")
        parts = [self._part(value, part, differentiated) for value, part in zip(values, names, strict=True)]
        if kind == "dict":
            return f"dict(zip({self._constant(tuple(x))}, ({', '.join(parts)},)))"
        return f"[{', '.join(parts)}]" if kind == "list" else f"({', '.join(parts)},)"

    def _module(self, name: str, differentiated: bool) -> str:
        argument = self.call.arguments[int(name[1:])] if name[1:].isdigit() else None
        if argument is None or not argument.leaves:
            raise _UnknownPartError
        key = self._constant(argument.key)
        self.guards.append(f"{name}_leaves = leaves_of({name}, modules, {key})")
        self.guards.append(f"if {name}_leaves is None: return None")
        data = f"[leaf._data for leaf in {name}_leaves]"
        where = self._number(data, differentiated, "*{}", name, (argument.size,))
        part = f"g[{where.start}:{where.stop}]"
        return f"array({part})" if self.python else f"{part}.copy()"

    def _array(self, name: str, shown: str, shape: tuple[int, ...]) -> str:
        known = self._constant(shape)
        self.guards.append(
            f"if {name}.__class__ is not ndarray or {name}.dtype is not float64 or {shown} != {known}: return None"
        )
        return known

    def _number(
        self,
        text: str,
        differentiated: bool,
        spread: str,
        name: str,
        shape: tuple[int, ...] = (),
        lends: bool = False,
    ) -> slice:
        """Let the program read numbers, those of an array perhaps as they lie; where they are among their sort."""
        sort = int(not differentiated)
        start = self.sizes[sort]
        self.sizes[sort] += math.prod(shape)
        where = slice(start, self.sizes[sort])
        if self.python:
            self.numbers[sort].append(spread.format(text))
            return where
        flat = f"{name}_flat"
        left = self._lend(PARAMETER if differentiated else FIXED, where, flat) if lends else [where]
        if left == [where]:
            self.views.append((f"v{name}", differentiated, where, shape))
            self.copies.append(f"v{name}[...] = {text}")
            return where
        self.copies.append(f"{flat} = {text}.reshape(-1)")
        for part in left:
            view = f"v{name}_{part.start}"
            self.views.append((view, differentiated, part, (part.stop - part.start,)))
            self.copies.append(f"{view}[...] = {flat}[{part.start - start}:{part.stop - start}]")
        return where

    def _constant(self, x: Any) -> str:
        name = f"k{len(self.space)}"
        self.space[name] = x
        return name


class _Buffers(threading.local):
    """The program bound for this thread, for each of the last few batch sizes: what runs, and views to copy into.

    It is handed nothing that holds the arguments of a call: each new thread begins with what this one was given.
    """

    def __init__(self, program: Program, views: Sequence[_Place], sizes: Sequence[int], differentiates: bool) -> None:
        self.bind, self.views, self.sizes, self.differentiates = program.bind, views, sizes, differentiates
        self.kept: dict[int, tuple[Any, ...]] = {}

    def __call__(self, size: int) -> tuple[Any, ...]:
        found = self.kept.get(size)
        if found is None:
            while len(self.kept) >= KEPT:
                del self.kept[next(iter(self.kept))]
            step = self.bind(np.zeros(self.sizes[0]), size, np.zeros(self.sizes[1]))
            places = [
                (step.parameters if differentiated else step.fixed)[where].reshape(shape)
                for _, differentiated, where, shape in self.views
            ]
            run = step.value_and_grad if self.differentiates else step.value
            found = self.kept[size] = (run, step.gradient, *places)
        return found


def _leaves_of(module: Any, modules: dict[int, Remembered], key: Any) -> list[Any] | None:
    """The parameters of a module, if all that it holds besides is as the key says."""
    before = modules.get(id(module))
    if before is None or before.module() is not module or before.state.key(module) is not key:
        return None
    return before.leaves
