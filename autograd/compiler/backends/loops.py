"""Statements of an array program as loops: members outside, examples inside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from autograd.compiler.backends.text import Text
from autograd.compiler.matrices.names import Names
from autograd.compiler.matrices.schedule import BATCHED
from autograd.compiler.matrices.statements import (
    Linear,
    Map,
    MatMul,
    Operand,
    Reduce,
    Segments,
    Statement,
    Take,
    Total,
)
from autograd.compiler.matrices.views import Index, View
from autograd.compiler.scalars.expressions import Expression, Symbolic, Term, symbols, whole_symbols
from autograd.compiler.scalars.tape import FIRST_BATCHED

__all__ = ["Loops"]

_VARIABLES = "ijklpq"

Loop = tuple[str, int | str]  # a variable, and below what it stays
_EXAMPLES: Loop = ("e", "n")


class Loops(ABC):
    """Writes statements in a language that loops as C does.

    Parameters
    ----------
    text : Text
        Writes what is computed for each member.
    names : Names
        Of runs, for comments.
    arguments : sequence of (str, int)
        What each batched argument is called, and how many numbers of it an example has.
    """

    def __init__(self, text: Text, names: Names, arguments: Sequence[tuple[str, int]]) -> None:
        self.text = text
        self.names = names
        self.arguments = arguments
        self.indices: list[list[int]] = []

    arrays: ClassVar[dict[int, str]]
    """What the numbers of a place are called, batched arguments apart."""
    counter: ClassVar[str]
    """What declares the variable of a loop."""
    total: ClassVar[str]
    """The line that begins a sum, ``s``."""
    namespace: ClassVar[Symbolic] = whole_symbols
    """What rows of any number of operands are written with."""

    @abstractmethod
    def comment(self, text: str) -> str:
        """A line that says something."""

    def write(self, statement: Statement) -> list[str]:
        """The equation as a comment, and its loops."""
        rules: dict[type, Callable[[Any], list[str]]] = {
            Take: self._take, Map: self._map, Linear: self._linear, MatMul: self._product, Total: self._total,
            Segments: self._segments, Reduce: self._reduce,
        }  # fmt: skip
        equation = " ".join(statement.equation(self.names.shown).split())  # an operation may have any name
        return [self.comment(equation), *rules[type(statement)](statement)]

    def at(self, view: View, places: Sequence[str], example: str = "e") -> str:
        """The number of a view at these places along its last axes."""
        own = places[len(places) - len(view.shape) :]
        slot = str(view.offset) if view.offset or not any(view.strides) else ""
        for stride, place in zip(view.strides, own, strict=True):
            if stride:
                term = place if abs(stride) == 1 else f"{abs(stride)} * {place}"
                slot = f"{slot} {'-' if stride < 0 else '+'} {term}" if slot else f"{'-' * (stride < 0)}{term}"
        if view.place >= FIRST_BATCHED:
            name, size = self.arguments[view.place - FIRST_BATCHED]
            return f"{name}[{f'{size} * {example}' if size > 1 else example}{f' + {slot}' if slot != '0' else ''}]"
        if view.place == BATCHED:
            slot = f"n * ({slot}) + {example}" if " " in slot else f"n * {slot} + {example}" if slot != "0" else example
        return f"{self.arrays[view.place]}[{slot}]"

    # ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _operand(self, operand: Operand, places: Sequence[str]) -> Term:
        return Expression(self.at(operand, places)) if isinstance(operand, View) else operand

    def _everywhere(self, target: View, body: Callable[[Sequence[str]], list[str]]) -> list[str]:
        places = _VARIABLES[: len(target.shape)]
        return self._nest([*zip(places, target.shape, strict=True), *[_EXAMPLES] * target.batched], body(places))

    def _map(self, s: Map) -> list[str]:
        def body(places: Sequence[str]) -> list[str]:
            lines, value = self.text.lines(s.op.value(symbols, *[self._operand(a, places) for a in s.args]))
            return [*lines, f"{self.at(s.target, places)} = {value};"]

        return self._everywhere(s.target, body)

    def _linear(self, s: Linear) -> list[str]:
        def body(places: Sequence[str]) -> list[str]:
            total = ""
            for sign, factors in s.terms:
                term = " * ".join([self.text.of(self._operand(f, places), 1) for f in factors])
                total = f"{total} {'+-'[sign < 0]} {term}" if total else f"{'-' * (sign < 0)}{term}"
            return [f"{self.at(s.target, places)} {s.mode} {total};"]

        return self._everywhere(s.target, body)

    def _reduce(self, s: Reduce) -> list[str]:
        def body(places: Sequence[str]) -> list[str]:
            columns = [Expression(self.at(s.source, [*places, str(k)])) for k in range(s.source.shape[-1])]
            lines, value = self.text.lines(s.op.value(self.namespace, *columns))
            return [*lines, f"{self.at(s.target, places)} = {value};"]

        return self._everywhere(s.target, body)

    def _take(self, s: Take) -> list[str]:
        source = self._index(s.index)
        target = None if s.positions is None else self._index(s.positions)
        places = _VARIABLES[: len(s.target.shape)]
        read = self.at(s.source, [f"{source}[i]", *places[1:]])
        write = self.at(s.target, places if target is None else [f"{target}[i]", *places[1:]])
        loops: list[Loop] = [
            *zip(places, (len(s.index), *s.target.shape[1:]), strict=True),
            *[_EXAMPLES] * s.target.batched,
        ]
        return self._nest(loops, [f"{write} = {read};"], keep="i")

    # ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _summed(self, target: str, mode: str, outer: Sequence[Loop], inner: Sequence[Loop], term: str) -> list[str]:
        if all(count == 1 for _, count in inner):
            return self._nest(outer, [f"{target} {mode} {term};"])
        return self._nest(outer, [self.total, *self._nest(inner, [f"s += {term};"]), f"{target} {mode} s;"])

    def _product(self, s: MatMul) -> list[str]:
        (h, i, _), (_, j, _) = s.left.shape, s.right.shape
        k = max(s.left.shape[2], s.right.shape[2])
        term = f"{self.at(s.left, 'hik')} * {self.at(s.right, 'hjk')}"
        outer: list[Loop] = [("h", h), ("i", i), ("j", j)]
        inner: list[Loop] = [("k", k)]
        (outer if s.target.batched else inner).extend([_EXAMPLES] * (s.left.batched or s.right.batched))
        return self._summed(self.at(s.target, "hij"), s.mode, outer, inner, term)

    def _total(self, s: Total) -> list[str]:
        places = _VARIABLES[: len(s.source.shape)]
        kept = [place for axis, place in enumerate(places) if axis not in s.axes]
        outer: list[Loop] = [(places[k], n) for k, n in enumerate(s.source.shape) if k not in s.axes]
        inner: list[Loop] = [(places[k], s.source.shape[k]) for k in s.axes]
        (outer if s.target.batched else inner).extend([_EXAMPLES] * (s.source.batched or s.target.batched))
        return self._summed(self.at(s.target, kept), s.mode, outer, inner, self.at(s.source, places))

    def _segments(self, s: Segments) -> list[str]:
        starts = self._index([*s.starts.tolist(), s.source.shape[0]])
        places = _VARIABLES[: len(s.target.shape)]
        source = self.at(s.source, ["m", *places[1:]])
        outer: list[Loop] = [*zip(places, s.target.shape, strict=True), *[_EXAMPLES] * s.target.batched]
        body = [
            self.total,
            f"for ({self.counter} m = {starts}[i]; m < {starts}[i + 1]; m++) s += {source};",
            f"{self.at(s.target, places)} {s.mode} s;",
        ]
        return self._nest(outer, body, keep="i")

    def _index(self, index: Index | list[int]) -> str:
        self.indices.append([int(slot) for slot in index])
        return f"index{len(self.indices)}"

    def _nest(self, loops: Sequence[Loop], body: list[str], keep: str = "") -> list[str]:
        """Loops around lines, less those that run once and whose variable nothing reads; a block if none is left."""
        alone = body
        for variable, count in reversed(loops):
            if count != 1 or variable == keep:
                head = f"for ({self.counter} {variable} = 0; {variable} < {count}; {variable}++)"
                body = [f"{head} {body[0]}"] if len(body) == 1 else [f"{head} {{", *_indented(body), "}"]
        return ["{", *_indented(body), "}"] if body is alone and len(body) > 1 else body


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
