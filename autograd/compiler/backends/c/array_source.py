"""Array programs as one file of C99 that needs nothing but the C library: products and examples are loops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import ClassVar, NamedTuple

from autograd.compiler.backends import loops
from autograd.compiler.backends.c.text import Text, free, name_of, taken_names
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.expressions import symbols
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIXED, PARAMETER

__all__ = ["c_source_of_arrays"]

# What the file itself calls something.
_OWN = frozenset(("workspace", "numbers", "batch", "counts", "constants", *"nehijklmpqs"))


def c_source_of_arrays(program: ArrayProgram, names: tuple[Sequence[str], Sequence[str]], function: str) -> str:
    """The file.

    Parameters
    ----------
    program : ArrayProgram
    names : pair of sequences of str
        What the parameters and the other numbers are called, as far as they have names.
    function : str
        What the program is called.
    """
    return _Writer(program, names, function).text()


class _Group(NamedTuple):
    """Numbers that have a name together, as those of an array have."""

    name: str
    start: int
    size: int
    single: bool  # a number that is no array


class _Loops(loops.Loops):
    arrays: ClassVar = {
        PARAMETER: "parameters", RESULT: "gradient", FIXED: "others", COUNT: "counts", CONSTANT: "constants",
        UNBATCHED: "numbers", BATCHED: "batch",
    }  # fmt: skip
    counter = "ptrdiff_t"
    total = "double s = 0.0;"
    namespace = symbols
    groups: dict[int, list[_Group]]

    def comment(self, text: str) -> str:
        """A line that says something."""
        for within in ("*/", "/*", "??"):  # an operation may have any name
            text = text.replace(within, " ".join(within))
        return f"/* {text} */"

    def at(self, view: View, places: Sequence[str], example: str = "e") -> str:
        """By the user's name of the array or number, where it has one."""
        for group in self.groups.get(view.place, ()):
            if group.start <= view.start and view.stop <= group.start + group.size:
                own = super().at(replace(view, offset=view.offset - group.start), places, example)
                return group.name if group.single else own.replace(self.arrays[view.place], group.name, 1)
        return super().at(view, places, example)


class _Writer:
    def __init__(self, program: ArrayProgram, names: tuple[Sequence[str], Sequence[str]], function: str) -> None:
        self.program = program
        self.written = Text()
        taken = taken_names() | _OWN
        self.name = name_of(function, taken, "and_gradient", "workspace")
        self.arguments = [
            (free(name, taken, f"x{k}"), prod(shape)) for k, (name, shape) in enumerate(program.arguments)
        ]
        self.loops = _Loops(self.written, program.names, self.arguments)
        self.loops.groups = {
            place: [group._replace(name=free(group.name, taken, "a")) for group in _groups(given)]
            for place, given in ((PARAMETER, names[0]), (FIXED, names[1]))
        }

    def text(self) -> str:
        """The file."""
        program = self.program
        passes = [[line for s in statements for line in self.loops.write(s)] for statements in program.passes]
        functions = [*self._workspace(), *self._function(self.name, passes[:1], False)]
        if len(passes) > 1:
            functions += self._function(f"{self.name}_and_gradient", passes, True)
        constants = ", ".join(map(self.written.number, program.constants.tolist()))
        data = [f"static const double constants[] = {{{constants}}};"] if _reads(functions, "constants") else []
        data += [
            f"static const int32_t index{k}[] = {{{', '.join(map(str, index))}}};"
            for k, index in enumerate(self.loops.indices, 1)
            if _reads(functions, f"index{k}")
        ]
        return "\n".join([*self.written.library("stddef"), *([""] if data else []), *data, *functions, ""])

    def _workspace(self) -> list[str]:
        """A function that says how many numbers the caller is to have room for."""
        shared, each = [self.program.sizes.get(place, 0) for place in (UNBATCHED, BATCHED)]
        given = "ptrdiff_t n" if self.arguments else "void"
        many = f"{shared} + {each} * n" if self.arguments else f"{shared}"
        head = f"ptrdiff_t {self.name}_workspace({given}) {{"
        return [
            "",
            self.loops.comment("How many numbers the workspace has room for."),
            head,
            f"    return {many};",
            "}",
        ]

    def _function(self, name: str, passes: Sequence[list[str]], gradient: bool) -> list[str]:
        program = self.program
        kind, returned = self._returned()
        body = [line for lines in (*passes, returned) for line in lines]
        own = {
            "counts": "const double counts[] = {(double)n, 1.0 / (double)n};",
            "numbers": "double *const numbers = workspace;",
            "batch": f"double *const batch = workspace + {program.sizes.get(UNBATCHED, 0)};",
        }
        for place, array in ((PARAMETER, "parameters"), (FIXED, "others")):
            for name_, start, _, single in self.loops.groups[place]:
                at = f"{array}[{start}]" if single else f"{array} + {start}" if start else array
                own[name_] = f"const double {'' if single else '*const '}{name_} = {at};"
        body = [*[line for word, line in own.items() if _reads(body, word)], *body]
        given = ["const double *parameters", "const double *others"]
        given += ["ptrdiff_t n"] * bool(self.arguments) + [f"const double *{name_}" for name_, _ in self.arguments]
        given += ["double *workspace"] + ["double *results"] * (kind == "void") + ["double *gradient"] * gradient
        words = [re.findall(r"\w+", argument)[-1] for argument in given]
        unread = [f"(void){word};" for word in words if not _reads(body, word)]
        return ["", f"{kind} {name}({', '.join(given)}) {{", *[f"    {line}" for line in (*unread, *body)], "}"]

    def _returned(self) -> tuple[str, list[str]]:
        """A number, several results, or a row of results for each example."""
        outputs = self.program.outputs
        loop = f"for (ptrdiff_t i = 0; i < {outputs.size}; i++)"
        if self.program.by_example:
            row = f"{loop} results[{outputs.size} * e + i] = {self.loops.at(outputs, 'i')};"
            return "void", [f"for (ptrdiff_t e = 0; e < n; e++) {row}"]
        if self.program.single:
            return "double", [f"return {self.loops.at(outputs, '0')};"]
        return "void", [f"{loop} results[i] = {self.loops.at(outputs, 'i')};"]


def _groups(names: Sequence[str]) -> list[_Group]:
    """Names that end with 0, 1, 2, ... belong to one array."""
    found: list[_Group] = []
    for slot, name in enumerate(names):
        head, _, number = name.rpartition("_")
        last = found[-1] if found else None
        if head and number == "0":
            found.append(_Group(head, slot, 1, False))
        elif last and not last.single and last.name == head and number == str(last.size):
            found[-1] = last._replace(size=last.size + 1)
        else:
            found.append(_Group(name, slot, 1, True))
    return found


def _reads(lines: Sequence[str], word: str) -> bool:
    """Whether a word stands in lines of code."""
    return any(re.search(rf"\b{word}\b", line) for line in lines if not line.startswith("/*"))
