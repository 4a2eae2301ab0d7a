"""Programs in normal form as lines: a constant for each number, in the order in which they are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.compiler.backends.javascript.text import Text
from autograd.compiler.scalars.expressions import Expression, Term, symbols, whole_symbols
from autograd.compiler.scalars.normal import Normal, Sum, operands_of
from autograd.compiler.scalars.tape import PARAMETER

__all__ = ["Scalars"]

# Engines do not optimise a function of very many lines: above so many numbers, several share the work.
ONE_FUNCTION, PIECE = 1_500, 500


class Scalars:
    """Writes the numbers that outputs and derivatives are made of.

    Parameters
    ----------
    normal : Normal
    text : Text
    """

    def __init__(self, normal: Normal, text: Text) -> None:
        self.normal = normal
        self.text = text
        self.needed = self._needed([*normal.outputs, *normal.derivatives])
        self.large = sum(self.needed) > ONE_FUNCTION
        end = (normal.passes or [len(normal.ops)])[0]  # nodes from here on belong to derivatives
        self.forward, self.backward = self._lines(range(end)), self._lines(range(end, len(normal.ops)))
        self.pieces: list[str] = []
        if self.large:
            self.pieces.append(f"const v = new Float64Array({len(normal.ops)});")
            self.forward = self._cut("forward", self.forward)
            self.backward = self._cut("backward", self.backward)

    @property
    def outputs(self) -> list[str]:
        """Text of the results."""
        return [self.text.of(self._read(a)) for a in self.normal.outputs]

    @property
    def derivatives(self) -> list[str]:
        """Text of their derivatives."""
        return [self.text.of(self._read(a)) for a in self.normal.derivatives]

    def _needed(self, roots: Sequence[int]) -> list[bool]:
        needed = [False] * len(self.normal.ops)
        for a in roots:
            if a >= 0:
                needed[a] = True
        for i in reversed(range(len(needed))):
            if needed[i] and self.normal.ops[i] is not None:
                for a in operands_of(self.normal.args[i]):
                    if a >= 0:
                        needed[a] = True
        return needed

    def _read(self, a: int) -> Term:
        if a < 0:
            return self.normal.constants[-1 - a]
        if self.normal.ops[a] is None:
            place, slot = self.normal.args[a]
            return Expression(f"{'theta' if place == PARAMETER else 'fixed'}[{slot}]")
        return Expression(f"v[{a}]" if self.large else f"v{a}")

    def _lines(self, nodes: range) -> list[str]:
        lines = []
        for i in nodes:
            op, args = self.normal.ops[i], self.normal.args[i]
            if self.needed[i] and op is not None:
                text = self._sum(args) if isinstance(args, Sum) else self._value(op, args)
                lines.append(f"v[{i}] = {text};" if self.large else f"const v{i} = {text};")
        return lines

    def _value(self, op: Any, args: tuple[int, ...]) -> str:
        return self.text.of(op.value(whole_symbols if op.arity is None else symbols, *map(self._read, args)))

    def _sum(self, args: Sum) -> str:
        pairs = [
            f"{self.text.of(self._read(a), 2)} * {self.text.of(self._read(b), 3)}"
            for a, b in zip(args.left, args.right, strict=True)
        ]
        terms = [(args.negative, pair) for pair in pairs]
        terms += [(False, self.text.of(self._read(a), 1)) for a in args.plus]
        terms += [(True, self.text.of(self._read(a), 2)) for a in args.minus]
        terms.sort(key=lambda term: term[0])
        text = "".join([f" {'+-'[negative]} {term}" for negative, term in terms])
        return text.removeprefix(" + ") if text.startswith(" + ") else f"-{text[3:]}"

    def _cut(self, name: str, lines: list[str]) -> list[str]:
        """Calls of functions that have so many lines each."""
        calls = []
        for start in range(0, len(lines), PIECE):
            part = [f"  {line}" for line in lines[start : start + PIECE]]
            self.pieces += [f"function {name}{start}(theta, fixed) {{", *part, "}"]
            calls.append(f"{name}{start}(theta, fixed);")
        return calls
