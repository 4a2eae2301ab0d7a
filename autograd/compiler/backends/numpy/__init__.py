"""The back end that runs array programs by NumPy: buffers, results written in place, one call a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import inf, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.code import Code, Functions
from autograd.compiler.backends.numpy.emit import Emitter
from autograd.compiler.backends.numpy.views import ARRAYS, Views
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.scalars.tape import COUNT, FIXED, PARAMETER

__all__ = ["NumPyCode", "imports_of"]

Array = npt.NDArray[np.float64]

# What the arrays hold, as headings of the lines that bind views of them.
_HEADINGS = {
    PARAMETER: "parameters", RESULT: "derivatives", BATCHED: "what is computed", UNBATCHED: "what is computed",
    FIXED: "numbers", COUNT: "numbers",
}  # fmt: skip
_SCRATCH = "scratch space, numbers and indices"


class NumPyCode(Code):
    """An array program as source of NumPy.

    Parameters
    ----------
    body : ArrayProgram

    Attributes
    ----------
    source : str
        Defines ``bind``, which makes ``value`` and ``value_and_grad`` for a set of buffers.
    """

    takes = ArrayProgram

    def __init__(self, body: ArrayProgram, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> None:  # noqa: ARG002
        self.program = program = body
        views = Views(program)
        emitter = Emitter(views)
        forward, *rest = program.passes
        lines = emitter.emit(forward)
        returned = _returned(emitter, program)
        functions = [("value", dict(views.per_call), lines)]
        if rest:
            lines = [*lines, *[line for statements in rest for line in ["# and back", *emitter.emit(statements)]]]
            functions.append(("value_and_grad", views.per_call, lines))
        self._indices = emitter.indices
        self.lent = views.lent
        prepare = [_prepare(name, shape) for name, (_, shape) in zip(views.arguments, program.arguments, strict=True)]
        text = [
            *imports_of(emitter),
            "",
            "def bind(theta, gradient, fixed, counts, constants, indices, batch_size):",
            f"    numbers = empty({program.sizes[UNBATCHED]})",
            f"    batch = empty(({program.sizes[BATCHED]}, batch_size))",
            *_indented(1, _sections(views)),
        ]
        for name, per_call, written in functions:
            shown = [f"{view} = {of}" for view, of in per_call.items()]
            lent = [
                f"{run.name}={ARRAYS[run.place]}[{run.start}:{run.stop}]"
                for run in views.lent
                if run.place != RESULT or name == "value_and_grad"
            ]
            arguments = ", ".join([*views.arguments, *lent])
            text += [
                "",
                f"    def {name}({arguments}):",
                *_indented(2, [*prepare, *shown, *written, f"return {returned}"]),
            ]
        self.source = "\n".join([*text, "", f"    return value, {'value_and_grad' if rest else 'None'}", ""])

    def bind(self, parameters: Array, derivatives: Array, fixed: Array, batch_size: int) -> Functions:
        """Functions of the batched arguments, on these buffers and on some of their own."""
        counts = np.array([batch_size, 1.0 / batch_size if batch_size else inf])
        return self.defined(  # type: ignore[no-any-return]
            parameters, derivatives, fixed, counts, self.program.constants, self._indices, batch_size
        )

    def prepare(self) -> None:
        """Have the functions ready to be bound."""
        _ = self.defined

    def explain(self) -> str:
        """The program as equations, with shapes."""
        return str(self.program)

    @cached_property
    def defined(self) -> Callable[..., Any]:
        """The function that the source defines."""
        # CPython puts an instruction in front of the first block for each name that an inner function reads, one by
        # one; the branch ends that block at once, else thousands of names take time with the square of their number.
        source = self.source.replace("batch_size):\n", "batch_size):\n    if batch_size: pass\n", 1)
        space: dict[str, Any] = {}
        exec(compile(source, "<compiled by autograd>", "exec"), space)
        return space["bind"]  # type: ignore[no-any-return]


def _returned(emitter: Emitter, program: ArrayProgram) -> str:
    """What both functions give: a float, an array of several results, or a row of results for each example."""
    output = emitter.views(program.outputs, spread=True)
    if program.outputs.batched:
        return f"{output}.T.copy()"
    if program.by_example:
        emitter.used.add("tile")
        return f"tile({output}, (batch_size, 1))"
    return f"{output}.item()" if program.single else f"{output}.copy()"


def _prepare(name: str, shape: tuple[int, ...]) -> str:
    """Members first, examples last."""
    if len(shape) == 1:
        return f"{name} = {name}.T"
    return f"{name} = {name}.reshape(batch_size, {prod(shape)}).T"


def _sections(views: Views) -> list[str]:
    """What is bound, under headings."""
    sections: dict[str, list[str]] = {heading: [] for heading in (*_HEADINGS.values(), _SCRATCH)}
    for name, (place, text) in views.bound.items():
        sections[_HEADINGS.get(place, _SCRATCH)].append(f"{name} = {text}")
    return [text for heading, found in sections.items() if found for text in (f"# {heading}", *found)]


def _indented(depth: int, lines: Sequence[str]) -> list[str]:
    return ["    " * depth + line for line in lines]


def imports_of(emitter: Emitter) -> list[str]:
    """The lines that import what the emitted lines call."""
    views = emitter.views
    used = emitter.used | {"empty"}
    from_math = used & {"inf", "nan"}
    texts = [text for _, text in views.bound.values()] + list(views.per_call.values())
    used |= {"moveaxis"} if any("moveaxis(" in text for text in texts) else set()
    ours = sorted(name for name in used - from_math if not hasattr(np, name))
    lines = [f"from math import {', '.join(sorted(from_math))}"] if from_math else []
    lines += [f"from numpy import {', '.join(sorted(used - from_math - {*ours}))}"]
    lines += [f"from autograd.arrays import {', '.join(ours)}"] if ours else []
    if any("strided(" in text for text in texts):
        lines.append("from autograd.compiler.matrices.views import strided")
    return lines
