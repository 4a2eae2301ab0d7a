"""The back end that writes programs down as JavaScript: a module for browsers and Node that needs nothing else.

Programs over arrays become loops over typed arrays, narrow ones lines over numbers. Nothing here runs them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from math import prod
from typing import Any

from autograd.compiler.backends.javascript.loops import Loops
from autograd.compiler.backends.javascript.scalars import Scalars
from autograd.compiler.backends.javascript.text import Text, number
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Statement
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.normal import Normal
from autograd.compiler.scalars.tape import CONSTANT, FIXED, PARAMETER

__all__ = ["JavaScriptCode"]

# An engine does not optimise a function of very many loops.
PIECE = 60


class JavaScriptCode:
    """A program as source of an ES module.

    Parameters
    ----------
    program : ArrayProgram or Normal

    Attributes
    ----------
    source : str
        Exports ``program``, sizes and names, and ``bind(theta, gradient, fixed, n)``, which makes ``value`` and
        ``value_and_grad``: functions of the batched arguments, each a ``Float64Array`` of ``n`` rows. They read
        ``theta`` and ``fixed`` where they lie and leave derivatives in ``gradient``.
    """

    def __init__(self, program: ArrayProgram | Normal) -> None:
        self.program = program
        self._text = Text()
        self._text.used.add("check")

    @cached_property
    def source(self) -> str:
        """The module."""
        write = self._arrays if isinstance(self.program, ArrayProgram) else self._scalars
        body, facts = write(self.program)  # type: ignore[arg-type]
        parts = [f"export const program = {json.dumps(facts, ensure_ascii=False)};", *self._text.library(), *body]
        return "\n\n".join(parts) + "\n"

    # ── Arrays ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _arrays(self, program: ArrayProgram) -> tuple[list[str], dict[str, Any]]:
        # With a $, no name means something else in JavaScript or in the module.
        arguments = [(f"${name}", prod(shape)) for name, shape in program.arguments]
        loops = Loops(self._text, program.names, arguments)
        given = ", ".join([name for name, _ in arguments])
        functions: list[str] = []
        calls = []
        for k, statements in enumerate(program.passes):
            name = f"backward{k if k > 1 else ''}" if k else "forward"
            functions += _pass(name, given, statements, loops)
            calls.append(f"{name}({given});")
        returned = _returned(loops, program)
        ends = {"value": calls[:1], "value_and_grad": calls} if program.passes[1:] else {"value": calls}
        for name, body in ends.items():
            lines = [*[_check(name[1:], name, f"{size} * n") for name, size in arguments], *body, *returned]
            functions += ["", f"function {name}({given}) {{", *_indented(lines), "}"]
        sizes = program.sizes
        buffers = [
            f"const numbers = new Float64Array({sizes.get(UNBATCHED, 0)});",
            f"const batch = new Float64Array({sizes.get(BATCHED, 0)} * n);",
            "const counts = new Float64Array([n, 1 / n]);",
        ]
        indices = [f"const index{k} = new Int32Array({index});" for k, index in enumerate(loops.indices, 1)]
        constants = ", ".join(map(number, program.constants.tolist()))
        facts = {
            "parameters": sizes.get(PARAMETER, 0),
            "fixed": sizes.get(FIXED, 0),
            "derivatives": sizes.get(RESULT, 0),
            "arguments": [[name, list(shape)] for name, shape in program.arguments],
            "outputs": program.outputs.size,
        }
        data = [*([f"const constants = new Float64Array([{constants}]);"] if sizes.get(CONSTANT) else []), *indices]
        return [*(["\n".join(data)] if data else []), _bind([*buffers, *functions], facts, list(ends))], facts

    # ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _scalars(self, normal: Normal) -> tuple[list[str], dict[str, Any]]:
        scalars = Scalars(normal, self._text)
        outputs = scalars.outputs
        results = ", ".join(outputs)
        returned = f"return {results};" if len(outputs) == 1 else f"return new Float64Array([{results}]);"
        functions = ["", "function value() {", *_indented([*scalars.forward, returned]), "}"]
        ends = ["value"]
        if normal.passes:
            stored = [f"gradient[{k}] = {text};" for k, text in enumerate(scalars.derivatives)]
            body = [*scalars.forward, *scalars.backward, *stored, returned]
            functions += ["", "function value_and_grad() {", *_indented(body), "}"]
            ends.append("value_and_grad")
        facts = {
            "parameters": normal.sizes[PARAMETER],
            "fixed": normal.sizes[FIXED],
            "derivatives": len(normal.derivatives),
            "arguments": [],
            "outputs": len(outputs),
        }
        return [_bind([*scalars.pieces, *functions], facts, ends)], facts


def _bind(lines: Sequence[str], facts: dict[str, Any], ends: Sequence[str]) -> str:
    """The function that the module is there for."""
    sizes = {"theta": facts["parameters"], "gradient": facts["derivatives"], "fixed": facts["fixed"]}
    checks = [_check(name, name, str(size)) for name, size in sizes.items()]
    text = ["export function bind(theta, gradient, fixed = [], n = 1) {", *_indented([*checks, *lines]), ""]
    return "\n".join([*text, f"  return {{{', '.join(ends)}}};", "}"])


def _check(name: str, array: str, length: str) -> str:
    return f'check("{name}", {array}, {length});'


def _pass(name: str, given: str, statements: Sequence[Statement], loops: Loops) -> list[str]:
    """The function of a pass; several, and one that calls them, where it is long."""
    written = [loops.write(statement) for statement in statements]
    parts = [written[start : start + PIECE] for start in range(0, len(written), PIECE)] or [[]]
    lines = []
    for k, part in enumerate(parts):
        head = name if len(parts) == 1 else f"{name}_{k}"
        lines += ["", f"function {head}({given}) {{", *_indented([line for one in part for line in one]), "}"]
    if len(parts) > 1:
        lines += [
            "",
            f"function {name}({given}) {{",
            *_indented([f"{name}_{k}({given});" for k in range(len(parts))]),
            "}",
        ]
    return lines


def _returned(loops: Loops, program: ArrayProgram) -> list[str]:
    """A number, an array of several results, or a row of results for each example."""
    outputs: View = program.outputs
    count = outputs.size
    if program.by_example:
        row = f"for (let i = 0; i < {count}; i++) found[e * {count} + i] = {loops.at(outputs, 'i')};"
        return [f"const found = new Float64Array(n * {count});", f"for (let e = 0; e < n; e++) {row}", "return found;"]
    if program.single:
        return [f"return {loops.at(outputs, '0')};"]
    return [f"return Float64Array.from({{length: {count}}}, (_, i) => {loops.at(outputs, 'i')});"]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]
