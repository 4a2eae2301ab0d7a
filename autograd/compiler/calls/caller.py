"""A call of a compiled function as straight-line code, written once for a structure of arguments.

Guards see that the arguments are what the program was recorded for, their numbers are copied to where the program reads
them, it runs, and the gradient is handed out in the shape of the arguments. Whatever a guard does not know is ``None``,
and goes the general way of :mod:`~autograd.compiler.calls.call`, which is slower and knows everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler.calls.arguments import Remembered
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.feeding import feed
from autograd.compiler.calls.spread import is_module
from autograd.compiler.scalars.tape import FIXED, PARAMETER

__all__ = ["write_caller"]

# A structure of more parts than this is no pattern of a loop, and its caller would be long.
LARGEST = 500

_FLOAT64 = np.dtype(np.float64)
# What is no number but part of the structure, in arguments that are not differentiated.
STRUCTURE = {int, str, bool, type(None)}


class _UnknownPartError(Exception):
    """Something in the arguments that a caller has no code for."""


def write_caller(
    call: Call, given: Sequence[str], gradients: str | None, finish: Callable[..., Any] | None = None
) -> Callable[..., Any] | None:
    """The function from arguments like those of ``call`` to its result; None if there is no code for them.

    Parameters
    ----------
    call : Call
        With its program.
    given : sequence of str
        Names of the arguments in the order in which the function is going to get them: all there are.
    gradients : {"one", "tuple", None}
        Whether the result is the value and its gradient, or gradients in a tuple; else it is the value alone.
    finish : callable, optional
        Of a program of derivatives what makes the result of what it gives, and of the numbers that it was given.
    """
    recorded = call.recorded
    if (gradients and not recorded.bare) or (finish and recorded.program.code.lent):
        return None
    if recorded.captured or recorded.differentiated is not None or call.subject.tells_apart:
        return None
    try:
        return _Writer(call, gradients, finish).write(given)
    except _UnknownPartError:
        return None


class _Writer:
    def __init__(self, call: Call, gradients: str | None, finish: Callable[..., Any] | None) -> None:
        self.call = call
        self.finish = finish
        self.gradients = gradients
        self.feed = feed(call.recorded.program, gradients is not None)
        self.space = self.feed.space
        self.space |= {
            "ndarray": np.ndarray, "float64": _FLOAT64, "all_finite": np.isfinite, "leaves_of": _leaves_of,
            "modules": call.subject.modules, "finish": finish,
        }  # fmt: skip
        self.guards: list[str] = []

    def write(self, given: Sequence[str]) -> Callable[..., Any]:
        call = self.call
        results = [self._part(call.values[k], f"a{k}", PARAMETER) for k in call.chosen]
        for k in call.others:
            self._part(call.values[k], f"a{k}", FIXED)
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
        body = [*self.guards, *self.feed.lines(batch)]
        if self.finish:
            body.append(f"return finish(value, *{self.feed.given}{''.join([f', {name}' for name in batch])})")
        else:
            finite = [] if self.gradients else [f"if not {self._is_finite()}: return None"]
            body += [*finite, f"return {self._result(results)}"]
        source = "\n    ".join([f"def caller({', '.join(names)}):", *body])
        exec(compile(source, "<call compiled by autograd>", "exec"), self.space)
        return self.space["caller"]  # type: ignore[no-any-return]

    def _is_finite(self) -> str:
        """Whether the value is; where there are several that their sum is, which says no more often."""
        if self.call.subject.by_example:
            return "all_finite(value).all()"
        return "isfinite(value)" if self.call.recorded.program.single else f"isfinite(sum({self.feed.results}))"

    def _result(self, gradients: list[str]) -> str:
        if self.gradients:
            several = f"({', '.join(gradients)}{',' * bool(gradients)})"
            return f"value, {several if self.gradients == 'tuple' else gradients[0]}"
        recorded, by_example = self.call.recorded, self.call.subject.by_example
        if by_example or recorded.bare:
            return "value[:, 0]" if by_example and recorded.bare else "value"
        values = "[value]" if recorded.program.single else self.feed.results
        return f"{self._constant(recorded.output)}({values})"

    # ── The parts of an argument ─────────────────────────────────────────────────────────────────────────────────────

    def _part(self, x: Any, name: str, place: int) -> str:
        """Guards and copies of a part of an argument; the text of its gradient."""
        if len(self.guards) > LARGEST:
            raise _UnknownPartError
        kind = x.__class__
        if kind is float:
            self.guards.append(f"if {name}.__class__ is not float: return None")
            return self.feed.float(self.feed.take(place, name, name).start)
        if kind is np.ndarray and x.dtype == _FLOAT64 and x.ndim:
            self._array(name, f"{name}.shape", x.shape)
            where = self.feed.take(place, name, name, x.shape, is_array=True)
            return self._slopes(self.feed.derivatives, place, where, x.shape)
        if kind in (list, tuple) and x and set(map(type, x)) == {float}:
            self.guards.append(
                f"if {name}.__class__ is not {kind.__name__} or len({name}) != {len(x)} "
                f"or {{*map(type, {name})}} != {{float}}: return None"
            )
            where = self.feed.take(place, name, name, (len(x),))
            return f"{kind.__name__}({self._slopes(self.feed.floats, place, where)})"
        if place == FIXED and kind in (list, tuple) and x and STRUCTURE.issuperset(map(type, x)):
            types, known = self._constant([*map(type, x)]), self._constant(kind(x))
            self.guards.append(
                f"if {name}.__class__ is not {kind.__name__} or [*map(type, {name})] != {types} or {name} != {known}: "
                "return None"
            )
            return ""
        if kind in (list, tuple, dict):
            return self._container(x, name, place)
        if place == FIXED and kind in STRUCTURE:
            constant = self._constant(x)
            self.guards.append(f"if {name}.__class__ is not {constant}.__class__ or {name} != {constant}: return None")
            return ""
        if is_module(x):
            return self._module(name, place)
        raise _UnknownPartError

    def _container(self, x: Any, name: str, place: int) -> str:
        kind, values = x.__class__.__name__, list(x.values()) if isinstance(x, dict) else list(x)
        if not values:
            raise _UnknownPartError
        same = f"tuple({name}) != {self._constant(tuple(x))}" if kind == "dict" else f"len({name}) != {len(values)}"
        names = [f"{name}_{k}" for k in range(len(values))]
        self.guards.append(f"if {name}.__class__ is not {kind} or {same}: return None")
        self.guards.append(f"{', '.join(names)}, = {name}{'.values()' * (kind == 'dict')}")
        parts = [self._part(value, part, place) for value, part in zip(values, names, strict=True)]
        if kind == "dict":
            return f"dict(zip({self._constant(tuple(x))}, ({', '.join(parts)},)))"
        return f"[{', '.join(parts)}]" if kind == "list" else f"({', '.join(parts)},)"

    def _module(self, name: str, place: int) -> str:
        argument = self.call.arguments[int(name[1:])] if name[1:].isdigit() else None
        if argument is None or not argument.leaves:
            raise _UnknownPartError
        key = self._constant(argument.key)
        self.guards.append(f"{name}_leaves = leaves_of({name}, modules, {key})")
        self.guards.append(f"if {name}_leaves is None: return None")
        data = f"[leaf._data for leaf in {name}_leaves]"
        shape = (argument.size,)
        where = self.feed.take(place, name, data, shape)
        return self._slopes(self.feed.derivatives, place, where, shape)

    def _slopes(self, write: Callable[..., str], place: int, *where: Any) -> str:
        """The text of derivatives, where some are wanted."""
        return write(*where) if self.gradients and place == PARAMETER else ""

    def _array(self, name: str, shown: str, shape: tuple[int, ...]) -> None:
        self.guards.append(
            f"if {name}.__class__ is not ndarray or {name}.dtype is not float64 or "
            f"{shown} != {self._constant(shape)}: return None"
        )

    def _constant(self, x: Any) -> str:
        name = f"k{len(self.space)}"
        self.space[name] = x
        return name


def _leaves_of(module: Any, modules: dict[int, Remembered], key: Any) -> list[Any] | None:
    """The parameters of a module, if all that it holds besides is as the key says."""
    before = modules.get(id(module))
    if before is None or before.module() is not module or before.state.key(module) is not key:
        return None
    return before.leaves
