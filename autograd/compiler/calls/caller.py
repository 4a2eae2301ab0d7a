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
from autograd.compiler.calls.parts import FLOAT64, Part, UnknownPartError, part_of
from autograd.compiler.scalars.tape import FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["write_caller"]


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
        Of a program of derivatives what makes the result of what it gives, of whether that is finite for sure, and of
        the numbers that it was given.
    """
    recorded = call.recorded
    if (gradients and not recorded.bare) or (finish and recorded.program.code.lent):
        return None
    if recorded.captured or recorded.differentiated is not None or call.subject.tells_apart:
        return None
    try:
        return _Writer(call, gradients, finish).write(given)
    except UnknownPartError:
        return None


class _Writer:
    def __init__(self, call: Call, gradients: str | None, finish: Callable[..., Any] | None) -> None:
        self.call = call
        self.finish = finish
        self.gradients = gradients
        self.feed = feed(call.recorded.program, gradients is not None)
        self.space = self.feed.space
        self.space |= {
            "ndarray": np.ndarray, "float64": FLOAT64, "all_finite": np.isfinite, "leaves_of": _leaves_of,
            "modules": call.subject.modules, "finish": finish,
        }  # fmt: skip
        self.guards: list[str] = []

    def write(self, given: Sequence[str]) -> Callable[..., Any]:
        call, sizes = self.call, {PARAMETER: 0, FIXED: 0}
        places = [(k, PARAMETER) for k in call.chosen] + [(k, FIXED) for k in call.others]
        parts = {k: part_of(call.values[k], place, sizes, call.arguments[k]) for k, place in places}
        batch = {f"a{k}": Part("array", FIRST_BATCHED, slice(0, 0), shape=x.shape[1:]) for k, x in call.batches.items()}
        if any(call.from_lists[k] or call.values[k].__class__ is not np.ndarray for k in call.batches):
            raise UnknownPartError
        self.feed.enter({f"a{k}": part for k, part in parts.items()} | batch, len(call.chosen))
        results = [self._part(part, f"a{k}") for k, part in parts.items()][: len(call.chosen)]
        for name, part in batch.items():
            self._array(name, f"{name}.shape[1:]", part.shape)
        lengths = [f"len({name}) != len({next(iter(batch))})" for name in [*batch][1:]]
        lengths += [f"not len({name})" for name in [*batch][:1]]
        if lengths:
            self.guards.append(f"if {' or '.join(lengths)}: return None")
        names = [f"a{call.names.index(name)}" for name in given]
        body = self.feed.lines(list(batch), self.guards)
        if self.finish:
            given_to_it = "".join([f", {name}" for name in batch])
            body.append(f"return finish(value, {self.feed.knows}, *{self.feed.given}{given_to_it})")
        else:
            finite = [] if self.gradients or self.feed.knows else [f"if not {self._is_finite()}: return None"]
            body += [*finite, f"return {self._result(results)}"]
        source = "\n    ".join([f"def caller({', '.join(names)}):", *self.feed.around(list(batch), body)])
        exec(compile(source, "<call compiled by autograd>", "exec"), self.space)
        return self.space["caller"]  # type: ignore[no-any-return]

    def _is_finite(self) -> str:
        """Whether the value is; where there are several that their sum is, which says no more often."""
        if self.call.subject.by_example:
            return "all_finite(value).all()"
        return "isfinite(value)" if self.call.recorded.program.single else f"isfinite(sum({self.feed.results}))"

    def _result(self, gradients: list[str]) -> str:
        if self.feed.gives:
            return "value, give()" if self.gradients == "tuple" else "value, give()[0]"
        if self.gradients:
            several = f"({', '.join(gradients)}{',' * bool(gradients)})"
            return f"value, {several if self.gradients == 'tuple' else gradients[0]}"
        recorded, by_example = self.call.recorded, self.call.subject.by_example
        if by_example or recorded.bare:
            return "value[:, 0]" if by_example and recorded.bare else "value"
        values = "[value]" if recorded.program.single else self.feed.results
        return f"{self._constant(recorded.output)}({values})"

    # ── The parts of an argument ─────────────────────────────────────────────────────────────────────────────────────

    def _part(self, part: Part, name: str) -> str:
        """Guards and copies of a part of an argument; the text of its gradient."""
        if part.kind == "container":
            return self._container(part, name)
        kind, count = part.like.__name__ if part.kind == "numbers" else "", part.where.stop - part.where.start
        if part.kind == "same":
            self._same(part.like, name)
            return ""
        if part.kind == "number":
            self.guards.append(f"if {name}.__class__ is not float: return None")
            self.feed.take(part, name, name)
            return self.feed.float(part.where.start)
        if part.kind == "array":
            self._array(name, f"{name}.shape", part.shape)
            self.feed.take(part, name, name)
            return self._slopes(self.feed.derivatives, part, part.where, part.shape)
        if part.kind == "numbers":
            self.guards.append(
                f"if {name}.__class__ is not {kind} or len({name}) != {count} "
                f"or {{*map(type, {name})}} != {{float}}: return None"
            )
            self.feed.take(part, name, name)
            return f"{kind}({self._slopes(self.feed.floats, part, part.where)})"
        key = self._constant(part.like.key)
        self.guards.append(f"{name}_leaves = leaves_of({name}, modules, {key})")
        self.guards.append(f"if {name}_leaves is None: return None")
        self.feed.take(part, name, f"[leaf._data for leaf in {name}_leaves]")
        return self._slopes(self.feed.derivatives, part, part.where, part.shape)

    def _same(self, x: Any, name: str) -> None:
        constant, kind = self._constant(x), x.__class__
        types = f" or [*map(type, {name})] != {self._constant([*map(type, x)])}" if kind in (list, tuple) else ""
        self.guards.append(
            f"if {name}.__class__ is not {constant}.__class__{types} or {name} != {constant}: return None"
        )

    def _container(self, part: Part, name: str) -> str:
        kind, count = part.like.__name__, len(part.parts)
        keys = self._constant(part.keys) if kind == "dict" else ""
        same = f"tuple({name}) != {keys}" if keys else f"len({name}) != {count}"
        names = [f"{name}_{k}" for k in range(count)]
        self.guards.append(f"if {name}.__class__ is not {kind} or {same}: return None")
        self.guards.append(f"{', '.join(names)}, = {name}{'.values()' * bool(keys)}")
        parts = ", ".join([self._part(inside, name) for inside, name in zip(part.parts, names, strict=True)])
        if keys:
            return f"dict(zip({keys}, ({parts},)))"
        return f"[{parts}]" if kind == "list" else f"({parts},)"

    def _slopes(self, write: Callable[..., str], part: Part, *where: Any) -> str:
        """The text of derivatives, where some are wanted."""
        return write(*where) if self.gradients and part.place == PARAMETER and not self.feed.gives else ""

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
