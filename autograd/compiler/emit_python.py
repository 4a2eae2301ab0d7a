"""Pass 8, emit Python: straight-line code over floats, for graphs too narrow for arrays.

A call of NumPy costs about a microsecond, a float operation a thirtieth of that. Forward and backward pass stand in
one function; every number is a local variable. The rule of the zero adjoint is kept where a partial can be infinite.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import floats
from autograd.compiler.differentiate import may_be_infinite
from autograd.compiler.expressions import Expression, Term, combine, symbols
from autograd.compiler.normalise import Normal, Sum
from autograd.compiler.tape import FIXED, PARAMETER

__all__ = ["PythonCode", "lower_to_python"]

# A sum is written in lines of this many terms: Python's parser nests a long one too deeply.
LINE = 40
# Above this many nodes the code is cut into functions over two lists, because one function of a million lines is slow
# to compile and needs a gigabyte.
ONE_FUNCTION, PIECE = 8_000, 1_000
# What our own variables, constants and pieces are called.
_OURS = re.compile(r"[vg]\d*|(forward|backward)\d+|inf|nan")


@dataclass(frozen=True)
class PythonCode:
    """Source text of ``value`` and ``value_and_grad``.

    Parameters
    ----------
    shared : tuple of str
        What both need: imports, and for a large graph the pieces it is cut into.
    functions : dict of str
        The text of each of the two.
    """

    shared: tuple[str, ...]
    functions: dict[str, str]

    @property
    def main(self) -> str:
        """The function that is compiled at once."""
        return list(self.functions)[-1]

    def pieces(self, name: str) -> tuple[str, ...]:
        """What to execute, one after the other in one namespace, for the function of that name."""
        return (*self.shared, self.functions[name])

    @property
    def equations(self) -> tuple[str, ...]:
        """The main function again: each of its lines is an equation."""
        return (*self.shared, self.functions[self.main])

    @property
    def source(self) -> str:
        """All of the text."""
        return "\n".join([*self.shared, *self.functions.values()])


def lower_to_python(normal: Normal, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> PythonCode:
    """Source of a program of floats: parameters and other numbers in, the value and its derivatives out.

    Parameters
    ----------
    normal : Normal
        The normalised program, without batched arguments.
    names : pair of sequences of str
        What to call the parameters and the other numbers; as far as they go.
    """
    return _Writer(normal, names).write()


class _Writer:
    def __init__(self, normal: Normal, names: tuple[Sequence[str], Sequence[str]]) -> None:
        self.normal = normal
        taken: set[str] = set()
        self.arguments = [
            [_free(given[k] if k < len(given) else f"{letter}{k}", taken) for k in range(normal.sizes[place])]
            for given, letter, place in ((names[0], "p", PARAMETER), (names[1], "u", FIXED))
        ]
        nodes = enumerate(zip(normal.ops, normal.args, strict=True))
        self.leaves: dict[int, tuple[int, int]] = {i: args for i, (op, args) in nodes if op is None}  # type: ignore[misc]
        self.used: set[str] = set()
        self.large = len(normal.ops) > ONE_FUNCTION
        self.active = self._active()
        self.terms: dict[int, list[Term]] = {}  # contributions to the adjoint of a node
        self.adjoints: dict[int, Term] = {}

    def _active(self) -> list[bool]:
        """Which nodes depend on a parameter."""
        active: list[bool] = []
        for op, args in zip(self.normal.ops, self.normal.args, strict=True):
            if op is None:
                active.append(args[0] == PARAMETER)
            else:
                active.append(any(a >= 0 and active[a] for a in _operands(args)))
        return active

    def name(self, a: int) -> str:
        if a < 0:
            return repr(self.normal.constants[-1 - a])
        if self.large:
            return f"v[{a}]"
        leaf = self.leaves.get(a)
        return f"v{a}" if leaf is None else self.arguments[leaf[0] == FIXED][leaf[1]]

    def _leaf(self, a: int) -> Term:
        return Expression(self.name(a)) if a >= 0 else self.normal.constants[-1 - a]

    def write(self) -> PythonCode:
        """Both passes."""
        forward = self._forward()
        outputs = [self.name(a) for a in self.normal.outputs]
        backward = self._backward() if len(outputs) == 1 else []
        result = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        found = {slot: self.adjoints.get(i, 0.0) for i, (place, slot) in self.leaves.items() if place == PARAMETER}
        derivatives = [self.text(found.get(k, 0.0)) for k in range(self.normal.sizes[PARAMETER])]
        gradient = f"({', '.join(derivatives)}{',' * (len(derivatives) == 1)})"
        head = ", ".join(self.arguments[0] + self.arguments[1])
        imports = "from math import inf, nan\n"
        if self.used:
            imports += f"from autograd.floats import {', '.join(sorted(self.used))}\n"
        shared: tuple[str, ...] = (imports,)
        begin: list[list[str]] = [[], []]
        if self.large:
            shared, begin, forward, backward = self._in_pieces(imports, forward, backward)
        functions = {"value": [f"def value({head}):", *_indented([*begin[0], *forward, f"return {result}"])]}
        if len(outputs) == 1:
            body = [*begin[1], *forward, *backward, f"return {result}, {gradient}"]
            functions["value_and_grad"] = [f"def value_and_grad({head}):", *_indented(body)]
        return PythonCode(shared, {name: "\n".join(lines) + "\n" for name, lines in functions.items()})

    def _in_pieces(self, imports: str, forward: list[str], backward: list[str]) -> tuple[Any, ...]:
        """Functions over two lists, ``v`` of values and ``g`` of adjoints, and the lines that call them."""
        pieces, calls = [imports], []
        for name, lines in (("forward", forward), ("backward", backward)):
            starts = range(0, len(lines), PIECE)
            calls.append([f"{name}{start}(v, g)" for start in starts])
            for start in starts:
                body = _indented(lines[start : start + PIECE])
                pieces.append("\n".join([f"def {name}{start}(v, g):", *body, ""]))
        nodes = len(self.normal.ops)
        unpack = [f"v[{i}] = {self.arguments[place == FIXED][slot]}" for i, (place, slot) in self.leaves.items()]
        begin = [[f"v, g = [0.0] * {nodes}, {adjoints}", *unpack] for adjoints in ("()", f"[0.0] * {nodes}")]
        return tuple(pieces), begin, calls[0], calls[1]

    # ── Forward ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _forward(self) -> list[str]:
        lines = []
        for i, (op, args) in enumerate(zip(self.normal.ops, self.normal.args, strict=True)):
            if op is None:
                continue
            if isinstance(args, Sum):
                sign = "-" if args.negative else "+"
                terms = [(sign, f"{self.name(a)} * {self.name(b)}") for a, b in zip(args.left, args.right, strict=True)]
                terms += [("+", self.name(a)) for a in args.plus] + [("-", self.name(a)) for a in args.minus]
                lines += self._sum(self.name(i), terms)
            elif op.arity is None:
                self.used.add(op.name)
                lines.append(f"{self.name(i)} = {op.name}({', '.join(map(self.name, args))})")
            else:
                lines.append(f"{self.name(i)} = {self.text(op.value(symbols, *map(self._leaf, args)))}")
        return lines

    def _sum(self, target: str, terms: list[tuple[str, str]]) -> list[str]:
        terms.sort(key=lambda term: term[0] == "-")
        lines = []
        for start in range(0, len(terms), LINE):
            text = " ".join([f"{sign} {term}" for sign, term in terms[start : start + LINE]])
            if start:
                text = f"{target} {text}"
            elif terms[start][0] == "-":
                text = "-" + text[2:]
            lines.append(f"{target} = {text.removeprefix('+ ')}")
        return lines

    # ── Backward ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _backward(self) -> list[str]:
        """Each adjoint in one line, the sum of what its readers hand it; the last reader was met first."""
        lines: list[str] = []
        self._add(self.normal.outputs[0], 1.0)
        for i in reversed(range(len(self.normal.ops))):
            contributions = self.terms.pop(i, None)
            if contributions is None:
                continue
            first, *more = contributions
            if not more and not (isinstance(first, Expression) and first.args):
                self.adjoints[i] = first  # a number, or the adjoint of the one reader
            else:
                name = f"g[{i}]" if self.large else f"g{i}"
                self.adjoints[i] = Expression(name)
                terms = [(sign, self.text(term, 1)) for sign, term in map(_signed, contributions)]
                lines += self._sum(name, terms) if more else [f"{name} = {self.text(first)}"]
            if self.normal.ops[i] is not None:
                self._hand_on(i)
        return lines

    def _hand_on(self, i: int) -> None:
        op, args, g = self.normal.ops[i], self.normal.args[i], self.adjoints[i]
        if isinstance(args, Sum):
            adjoint = combine("neg", g) if args.negative else g
            for a, b in zip(args.left, args.right, strict=True):
                self._add(a, combine("mul", adjoint, self._leaf(b)))
                self._add(b, combine("mul", adjoint, self._leaf(a)))
            for a in args.plus:
                self._add(a, g)
            for a in args.minus:
                self._add(a, combine("neg", g))
            return
        assert op is not None
        leaves = [self._leaf(a) for a in args]
        wanted = [k for k, a in enumerate(args) if a >= 0 and self.active[a]]
        masked = may_be_infinite(op, leaves) and not isinstance(g, float)
        for k, partial in zip(wanted, op.differentiate(symbols, self._leaf(i), leaves, wanted), strict=True):
            if isinstance(partial, Expression) or partial != 0.0:
                self._add(args[k], combine("mul_no_nan" if masked else "mul", g, partial))

    def _add(self, a: int, term: Term) -> None:
        if a >= 0 and self.active[a] and term != 0.0:  # a zero adjoint goes no further
            self.terms.setdefault(a, []).append(term)

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


def _operands(args: tuple[int, ...] | Sum) -> tuple[int, ...]:
    return args.left + args.right + args.plus + args.minus if isinstance(args, Sum) else args


def _signed(term: Term) -> tuple[str, Term]:
    """A term and its sign, for a sum."""
    if isinstance(term, Expression):
        return ("-", term.args[0]) if term.function == "neg" else ("+", term)
    return ("-", -term) if term < 0.0 else ("+", term)


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
