"""Python source for a program in normal form.

A call of NumPy costs about a microsecond, a float operation a thirtieth of that. All passes stand in one function; a
number that is read once is part of the line that reads it, every other is a local variable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from autograd import floats
from autograd.compiler.scalars.expressions import Expression, Term, combine, symbols, whole_symbols
from autograd.compiler.scalars.normal import Normal, Sum, operands_of
from autograd.compiler.scalars.tape import FIXED, PARAMETER
from autograd.op import Op

__all__ = ["Writer"]

# A sum is written in lines of this many terms: Python's parser nests a long one too deeply.
LINE = 40
# What is read once is written into its reader up to this depth, and sums of this many terms at most.
DEEP, SHORT = 6, 3
# Above this many nodes the code is cut into functions over a list, because one function of a million lines is slow to
# compile and needs a gigabyte.
ONE_FUNCTION, PIECE = 8_000, 1_000
# What our own variables, constants and pieces are called.
_OURS = re.compile(r"[vg]\d*|(forward|backward)\d+|inf|nan")


class Writer:
    """Writes the source of one program."""

    def __init__(self, normal: Normal, names: tuple[Sequence[str], Sequence[str]]) -> None:
        self.normal = normal
        taken: set[str] = set()
        self.arguments = [
            [_free(given[k] if k < len(given) else f"{letter}{k}", taken) for k in range(normal.sizes[place])]
            for given, letter, place in ((names[0], "p", PARAMETER), (names[1], "u", FIXED))
        ]
        self.used: set[str] = set()
        self.large = len(normal.ops) > ONE_FUNCTION
        self.forward = (normal.passes or [len(normal.ops)])[0]  # nodes from here on belong to derivatives
        self.uses = self._uses()
        self.adjoint_of = self._adjoints()
        self.terms: dict[int, Term] = {}  # how a node is read: by its name, or as what it is
        self.depths: dict[int, int] = {}  # of those that are read as what they are

    def _uses(self) -> Counter[int]:
        """How often each node is read; twice what has to have a name."""
        uses: Counter[int] = Counter()
        for i, (op, args) in enumerate(zip(self.normal.ops, self.normal.args, strict=True)):
            if op is not None:
                uses.update(
                    operands_of(args) if op.arity is None or args.__class__ is Sum else self._mentioned(op, args)
                )
                if i >= self.forward:  # what a pass hands to the next stays
                    uses.update([a for a in operands_of(args) if a < self.forward])
        for a in (*self.normal.outputs, *self.normal.outputs, *self.normal.derivatives):
            uses[a] += 1
        return uses

    def _adjoints(self) -> dict[int, int]:
        """What nodes are the adjoint of, each the only one of its own."""
        found = {primal: i for i, primal in self.normal.origin.items()}
        if len(self.normal.passes) == len(self.normal.outputs) == 1:
            for i, (op, args) in enumerate(zip(self.normal.ops, self.normal.args, strict=True)):
                if op is None and args[0] == PARAMETER:
                    found[i] = self.normal.derivatives[args[1]]
        return {i: primal for primal, i in found.items() if i >= self.forward}

    def _mentioned(self, op: Op, args: Any) -> list[int]:
        """The operands as often as the text of an operation has them."""
        literals = tuple([self.normal.constants[-1 - a].hex() if a < 0 else None for a in args])
        return [a for a, n in zip(args, _mentions(op, literals), strict=True) for _ in range(n)]

    def write(self) -> tuple[list[str], dict[str, str]]:
        """What all functions share, piece by piece; and the functions by name."""
        lines: tuple[list[str], list[str]] = ([], [])
        for i, (op, args) in enumerate(zip(self.normal.ops, self.normal.args, strict=True)):
            if op is None:
                self.terms[i] = Expression(self._name(i) if self.large else self._leaf(*args))
            elif not self.uses[i]:
                self.terms[i] = Expression(self._name(i))  # no text has it
            else:
                lines[i >= self.forward].extend(self._node(i, op, args))
        outputs = [self.text(self.read(a)) for a in self.normal.outputs]
        result = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        derivatives = [self.text(self.read(a)) for a in self.normal.derivatives]
        gradient = f"({', '.join(derivatives)}{',' * (len(derivatives) == 1)})"
        imports = "from math import inf, nan\n"
        if self.used:
            imports += f"from autograd.floats import {', '.join(sorted(self.used))}\n"
        shared, forward, backward = [imports], lines[0], lines[1]
        if self.large:
            for name, part in (("forward", forward), ("backward", backward)):
                starts = range(0, len(part), PIECE)
                for start in starts:
                    shared.append("\n".join([f"def {name}{start}(v):", *_indented(part[start : start + PIECE]), ""]))
                part[:] = [f"{name}{start}(v)" for start in starts]
            forward[:0] = self._begin()
        head = ", ".join(self.arguments[0] + self.arguments[1])
        functions = {"value": "\n".join([f"def value({head}):", *_indented([*forward, f"return {result}"]), ""])}
        if self.normal.passes:
            body = _indented([*forward, *backward, f"return {result}, {gradient}"])
            functions["value_and_grad"] = "\n".join([f"def value_and_grad({head}):", *body, ""])
        return shared, functions

    def _begin(self) -> list[str]:
        """A list for all numbers, with those that are given."""
        lines = [f"v = [0.0] * {len(self.normal.ops)}"]
        for i, (op, args) in enumerate(zip(self.normal.ops, self.normal.args, strict=True)):
            if op is None:
                lines.append(f"v[{i}] = {self._leaf(*args)}")
        return lines

    def _leaf(self, place: int, slot: int) -> str:
        return self.arguments[place == FIXED][slot]

    def _name(self, i: int) -> str:
        if self.large:
            return f"v[{i}]"
        return f"g{self.adjoint_of[i]}" if i in self.adjoint_of else f"v{i}"

    def read(self, a: int) -> Term:
        """An operand as its readers see it."""
        return self.terms[a] if a >= 0 else self.normal.constants[-1 - a]

    # ── Nodes ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _node(self, i: int, op: Op, args: Any) -> list[str]:
        """The lines of a node; none if its reader will say it."""
        depth = 1 + max([self.depths.get(a, 0) for a in operands_of(args)])
        inline = self.uses[i] == 1 and depth <= DEEP
        if isinstance(args, Sum):
            terms = [
                ("+-"[args.negative], combine("mul", self.read(a), self.read(b)))
                for a, b in zip(*args[:2], strict=True)
            ]
            terms += [_signed(self.read(a)) for a in args.plus] + [("-", self.read(a)) for a in args.minus]
            if not inline or len(terms) > SHORT:
                self.terms[i] = Expression(self._name(i))
                return self._sum(self._name(i), terms)
            value: Term = 0.0
            terms.sort(key=lambda term: term[0] == "-")
            for k, (sign, term) in enumerate(terms):
                if k:
                    value = combine("add" if sign == "+" else "sub", value, term)
                else:
                    value = term if sign == "+" else combine("neg", term)
        elif op.arity is None:
            value = op.value(whole_symbols, *map(self.read, args))
        else:
            value = op.value(symbols, *map(self.read, args))
        if inline:
            self.terms[i], self.depths[i] = value, depth
            return []
        self.terms[i] = Expression(self._name(i))
        return [f"{self._name(i)} = {self.text(value)}"]

    def _sum(self, target: str, terms: list[tuple[str, Term]]) -> list[str]:
        terms.sort(key=lambda term: term[0] == "-")
        lines = []
        for start in range(0, len(terms), LINE):
            text = " ".join([f"{sign} {self.text(term, 1)}" for sign, term in terms[start : start + LINE]])
            if start:
                text = f"{target} {text}"
            elif terms[start][0] == "-":
                text = "-" + text[2:]
            lines.append(f"{target} = {text.removeprefix('+ ')}")
        return lines

    # ── Text of an expression ────────────────────────────────────────────────────────────────────────────────────────

    def text(self, e: Term, level: int = 0) -> str:
        """Source text; ``level`` is 1 for an operand of a sum or product, 2 for the right operand of a product."""
        if not isinstance(e, Expression):
            return repr(e)  # inf and nan are names the source imports
        if not e.args:
            return e.function
        function, args = e.function, e.args
        if function == "div" and isinstance(args[1], float) and args[1]:
            return _parenthesised(f"{self.text(args[0], 1)} / {args[1]!r}", level == 2)
        if function in ("add", "sub"):
            sign = "+" if function == "add" else "-"
            return _parenthesised(f"{self.text(args[0])} {sign} {self.text(args[1], 1)}", level > 0)
        if function == "mul":
            return _parenthesised(f"{self.text(args[0], 1)} * {self.text(args[1], 2)}", level == 2)
        if function == "neg":
            return f"-{self.text(args[0], 2)}"
        if function == "mul_no_nan" and isinstance(args[0], Expression) and not args[0].args:
            return f"({args[0].function} * {self.text(args[1], 2)} if {args[0].function} else 0.0)"
        self.used.add(function)
        return f"{function}({', '.join([self.text(a) for a in args])})"


def _signed(term: Term) -> tuple[str, Term]:
    """A term that is added, as a reader writes it: a number below zero is subtracted."""
    return ("-", -term) if isinstance(term, float) and term < 0.0 else ("+", term)


@lru_cache(4096)
def _mentions(op: Op, literals: tuple[str | None, ...]) -> list[int]:
    """How often the text of an operation's value has each operand that is no literal."""
    leaves = [Expression(str(k)) if x is None else float.fromhex(x) for k, x in enumerate(literals)]
    counts = [0] * len(leaves)
    stack = [op.value(symbols, *leaves)]
    while stack:
        e = stack.pop()
        if isinstance(e, Expression):
            stack.extend(e.args)
            if e.function == "mul_no_nan":
                stack.append(e.args[0])  # asks whether it is zero
            elif not e.args:
                counts[int(e.function)] += 1
    return counts


def _free(name: str, taken: set[str]) -> str:
    """A name that is none of ours and of no other argument."""
    while name in taken or _OURS.fullmatch(name) or hasattr(floats, name):
        name += "_"
    taken.add(name)
    return name


def _parenthesised(text: str, needed: bool) -> str:
    return f"({text})" if needed else text


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
