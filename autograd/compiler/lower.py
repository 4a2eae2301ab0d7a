"""All passes in a row: from a tape to the source of an array program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from autograd.compiler.differentiate import differentiate
from autograd.compiler.emit_arrays import Emitter
from autograd.compiler.names import Names
from autograd.compiler.normalise import Normal
from autograd.compiler.reroll import reroll
from autograd.compiler.schedule import BATCHED, UNBATCHED, Schedule
from autograd.compiler.statements import MatMul, Statement
from autograd.compiler.tape import PARAMETER
from autograd.compiler.views import Index, View

__all__ = ["ArrayCode", "lower_to_arrays"]

# The array that a bound line shows a part of, whatever is called with it; and the headings of those lines.
_SHOWN = re.compile(r"\w+ = (?:\w+\()*(\w*)")
_HEADINGS = {
    "theta": "parameters", "gradient": "their adjoints", "batch": "what is computed", "numbers": "what is computed",
    "g_batch": "its adjoints", "g_numbers": "its adjoints",
}  # fmt: skip
_OTHER = "scratch space, numbers and indices"


@dataclass(frozen=True, slots=True, eq=False)
class ArrayCode:
    """Source of an array program with the data it refers to.

    Parameters
    ----------
    source : str
        Defines ``bind``; see :class:`autograd.compiler.program.Program`.
    constants : array of float
    indices : list of arrays of int
    equations : tuple of str
        The statements of both passes, for people.
    instructions, matmuls : int
        How many statements there are, and how many matrix products among those of the forward pass.
    """

    source: str
    constants: npt.NDArray[np.float64]
    indices: list[Index]
    equations: tuple[str, ...]
    instructions: int
    matmuls: int

    main = "bind"

    def pieces(self, name: str) -> tuple[str, ...]:  # noqa: ARG002 - PythonCode has several
        """What to execute for ``bind``, the one function there is: all of the source, cut behind its first line.

        CPython puts an instruction in front of the first block for each name that an inner function reads, one by one;
        the branch ends that block at once, else thousands of names take time with the square of their number.
        """
        return (self.source.replace(":\n", ":\n    if batch_size: pass\n", 1),)


def lower_to_arrays(
    normal: Normal, plan: Schedule, arguments: Sequence[tuple[str, tuple[int, ...]]], reduce: str | None
) -> ArrayCode:
    """Run the passes.

    Parameters
    ----------
    normal : Normal
        The normalised program.
    plan : Schedule
        Its groups.
    arguments : sequence of (str, shape)
        Names of the batched arguments and the shape of one example of each.
    reduce : str or None
        "mean" or "sum" over the batch, or None for the result of each example.
    """
    memory = reroll(normal, plan)
    output = memory.view(np.array(normal.outputs))
    forward = tuple(memory.statements)
    sizes = dict(memory.sizes)
    scalar = len(normal.outputs) == 1 and (reduce is not None or not arguments)
    backward = tuple(differentiate(memory, [output], [PARAMETER])) if scalar else ()

    names = Names(forward, arguments)
    emitter = Emitter(names)
    forward_lines = emitter.emit(forward)
    returned = _returned(emitter, output, len(normal.outputs) == 1, bool(arguments), reduce)
    before_backward = set(names.per_call)
    seed = _seed(names, output, bool(arguments), reduce) if scalar else []
    backward_lines = [*seed, *emitter.emit(backward)]

    parameters = ", ".join(names.arguments)
    prepare = [_prepare(name, shape) for name, (_, shape) in zip(names.arguments, arguments, strict=True)]
    views = [f"{name} = {text}" for name, text in names.per_call.items() if name in before_backward]
    later = [f"{name} = {text}" for name, text in names.per_call.items() if name not in before_backward]
    allocate = [
        f"numbers, g_numbers = empty({memory.sizes[UNBATCHED]}), empty({sizes[UNBATCHED]})",
        f"batch, g_batch = empty(({memory.sizes[BATCHED]}, batch_size)), empty(({sizes[BATCHED]}, batch_size))",
    ]
    lines = [
        "def bind(theta, gradient, fixed, constants, indices, batch_size):",
        *_indented(1, [*allocate, *_sections(names.bound)]),
        "",
        f"    def value({parameters}):",
        *_indented(2, [*prepare, *views, *forward_lines, f"return {returned}"]),
    ]
    if scalar:
        lines += [
            "",
            f"    def value_and_grad({parameters}):",
            *_indented(2, [*prepare, *views, *later, *forward_lines, "# and back", *backward_lines]),
            f"        return {returned}",
        ]
    lines += ["", f"    return value, {'value_and_grad' if scalar else 'None'}"]
    body = "\n".join(lines)
    source = "\n".join([*_imports(body, emitter.used), "", body, ""])
    equations = ["forward", *_equations(forward, names), *["backward"] * scalar, *_equations(backward, names)]
    matmuls = sum([isinstance(s, MatMul) for s in forward])
    return ArrayCode(source, memory.constants, emitter.indices, tuple(equations), len(forward) + len(backward), matmuls)


def _returned(emitter: Emitter, output: View, single: bool, batched: bool, reduce: str | None) -> str:
    """What both functions give: a float, an array of several results, or a row of results for each example."""
    result = emitter.names(output, spread=True)
    if batched and reduce is None:
        if output.batched:
            return f"{result}.T.copy()"
        emitter.used.add("tile")
        return f"tile({result}, (batch_size, 1))"
    if output.batched:
        emitter.used.add("add")
        return f"add.reduce({result}, 1)" + ".item()" * single + " / batch_size" * (reduce == "mean")
    return (
        f"{result}.item()" * single
        + f"{result}.copy()" * (not single)
        + " * batch_size" * (reduce == "sum" and batched)
    )


def _seed(names: Names, output: View, batched: bool, reduce: str | None) -> list[str]:
    """The adjoint of the result, where the backward pass begins: its weight in the sum or mean."""
    if output.place not in (BATCHED, PARAMETER, UNBATCHED):
        return []
    if output.batched:
        weight = "1.0 / batch_size" if reduce == "mean" else "1.0"
    else:
        weight = "float(batch_size)" if batched and reduce == "sum" else "1.0"
    return [f"{names(output.gradient)}.fill({weight})"]


def _equations(statements: Sequence[Statement], names: Names) -> list[str]:
    return [f"  {statement.equation(names.shown)}" for statement in statements]


def _prepare(name: str, shape: tuple[int, ...]) -> str:
    """Members first, examples last."""
    if len(shape) == 1:
        return f"{name} = {name}.T"
    return f"{name} = {name}.reshape(batch_size, {prod(shape)}).T"


def _sections(lines: Sequence[str]) -> list[str]:
    """What is bound, under headings."""
    sections: dict[str, list[str]] = {heading: [] for heading in (*_HEADINGS.values(), _OTHER)}
    for line in lines:
        (shown,) = _SHOWN.match(line).groups()  # type: ignore[union-attr]
        sections[_HEADINGS.get(shown, _OTHER)].append(line)
    return [text for heading, found in sections.items() if found for text in (f"# {heading}", *found)]


def _indented(depth: int, lines: Sequence[str]) -> list[str]:
    return ["    " * depth + line for line in lines]


def _imports(text: str, used: set[str]) -> list[str]:
    ours = sorted(name for name in used if not hasattr(np, name))
    numpys = sorted({*used, "empty", *["moveaxis"] * ("moveaxis(" in text)} - {*ours})
    lines = [f"from numpy import {', '.join(numpys)}"]
    lines += [f"from autograd.arrays import {', '.join(ours)}"] if ours else []
    lines += ["from math import inf, nan"] if re.search(r"\b(inf|nan)\b", text) else []
    lines += ["from autograd.compiler.views import strided"] if "strided(" in text else []
    return lines
