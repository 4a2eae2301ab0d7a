"""Pass 8, emit Python: straight-line code over floats, for graphs too narrow for arrays.

A call of NumPy costs about a microsecond, a float operation a thirtieth of that. Forward and backward pass stand in
one function; every number is a local variable. The rule of the zero adjoint is kept where a partial can be infinite.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograd import floats
from autograd.compiler.differentiate import may_be_infinite
from autograd.compiler.expressions import Expression, Term, symbols
from autograd.compiler.normalise import Normal, Sum
from autograd.compiler.tape import PARAMETER

__all__ = ["PythonCode", "lower_to_python"]

# A sum is written in lines of this many terms: Python's parser nests a long one too deeply.
LINE = 40
# Above this many nodes the code is cut into functions over two lists, because one function of a million lines is slow
# to compile and needs a gigabyte.
ONE_FUNCTION, PIECE = 8_000, 2_000


@dataclass(frozen=True, slots=True)
class PythonCode:
    """Source text that defines ``value`` and ``value_and_grad``, in one piece or in several.

    Parameters
    ----------
    pieces : tuple of str
        Executed in one namespace, one after the other.
    """

    pieces: tuple[str, ...]

    @property
    def equations(self) -> tuple[str, ...]:
        """The text again: a line of it is an equation."""
        return self.pieces

    @property
    def source(self) -> str:
        """All of the text."""
        return "\n".join(self.pieces)


def lower_to_python(normal: Normal) -> PythonCode:
    """Source of a program of floats: parameters and fixed numbers in, the value and its derivatives out."""
    return _Writer(normal).write()


class _Writer:
    def __init__(self, normal: Normal) -> None:
        self.normal = normal
        self.used: set[str] = set()
        self.large = len(normal.ops) > ONE_FUNCTION
        self.active = self._active()
        self.terms: dict[int, list[str]] = {}  # contributions to the adjoint of a node

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
            return _literal(self.normal.constants[-1 - a])
        return f"v[{a}]" if self.large else f"v{a}"

    def adjoint(self, a: int) -> str:
        return f"g[{a}]" if self.large else f"g{a}"

    def write(self) -> PythonCode:
        leaves = [
            (args, i) for i, (op, args) in enumerate(zip(self.normal.ops, self.normal.args, strict=True)) if not op
        ]
        leaves.sort()
        forward = self._forward()
        outputs = [self.name(a) for a in self.normal.outputs]
        backward = self._backward() if len(outputs) == 1 else []
        result = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        parameters = {args[1]: i for args, i in leaves if args[0] == PARAMETER}
        derivatives = [
            self.adjoint(parameters[k]) if k in parameters and parameters[k] in self.reached else "0.0"
            for k in range(self.normal.sizes[PARAMETER])
        ]
        gradient = f"({', '.join(derivatives)}{',' * (len(derivatives) == 1)})"
        arguments = [f"p{k}" for k in range(self.normal.sizes[PARAMETER])]
        arguments += [f"u{k}" for k in range(self.normal.sizes[2])]
        unpack = [f"{self.name(i)} = {'p' if args[0] == PARAMETER else 'u'}{args[1]}" for args, i in leaves]
        imports = [f"from autograd.floats import {', '.join(sorted(self.used))}"] if self.used else []
        imports += ["from math import inf, nan"]
        head = ", ".join(arguments)
        if self.large:
            return self._in_pieces(imports, head, unpack, forward, backward, result, gradient)
        lines = [*imports, "", f"def value({head}):", *_indented([*unpack, *forward, f"return {result}"])]
        if backward:
            lines += ["", f"def value_and_grad({head}):"]
            lines += _indented([*unpack, *forward, *backward, f"return {result}, {gradient}"])
        return PythonCode(("\n".join(lines) + "\n",))

    def _in_pieces(
        self, imports: list[str], head: str, unpack: list[str], forward: list[str], backward: list[str], result: str,
        gradient: str,
    ) -> PythonCode:  # fmt: skip
        pieces, calls = ["\n".join(imports)], {"forward": [], "backward": []}  # type: ignore[var-annotated]
        for name, lines in (("forward", forward), ("backward", backward)):
            for start in range(0, len(lines), PIECE):
                calls[name].append(f"{name}{start}(v, g)")
                body = _indented(lines[start : start + PIECE])
                pieces.append("\n".join([f"def {name}{start}(v, g):", *body]))
        nodes = len(self.normal.ops)
        begin = [f"v = [0.0] * {nodes}", "g = ()", *unpack]
        lines = [f"def value({head}):", *_indented([*begin, *calls["forward"], f"return {result}"])]
        if backward:
            begin[1] = f"g = [0.0] * {nodes}"
            ending = [*calls["forward"], *calls["backward"], f"return {result}, {gradient}"]
            lines += [f"def value_and_grad({head}):", *_indented([*begin, *ending])]
        return PythonCode((*pieces, "\n".join(lines) + "\n"))

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
                lines.append(f"{self.name(i)} = {self.text(op.value(symbols, *self._leaves(args)))}")
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

    def _leaves(self, args: tuple[int, ...]) -> list[Term]:
        return [Expression(self.name(a)) if a >= 0 else self.normal.constants[-1 - a] for a in args]

    # ── Backward ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _backward(self) -> list[str]:
        """Each adjoint in one line, the sum of what its readers hand it; the last reader was met first."""
        lines: list[str] = []
        root = self.normal.outputs[0]
        self.reached: set[int] = set()
        if root < 0 or not self.active[root]:
            return ["pass"]
        self.terms[root] = ["1.0"]
        for i in range(len(self.normal.ops) - 1, -1, -1):
            contributions = self.terms.pop(i, None)
            if contributions is None:
                continue
            self.reached.add(i)
            lines += self._sum(self.adjoint(i), [("-", t[1:]) if t[0] == "-" else ("+", t) for t in contributions])
            if self.normal.ops[i] is not None:
                self._hand_on(i)
        return lines

    def _hand_on(self, i: int) -> None:
        op, args = self.normal.ops[i], self.normal.args[i]
        g = self.adjoint(i)
        if isinstance(args, Sum):
            sign = "-" if args.negative else ""
            for a, b in zip(args.left, args.right, strict=True):
                self._add(a, f"{sign}{g} * {self.name(b)}")
                self._add(b, f"{sign}{g} * {self.name(a)}")
            for a in args.plus:
                self._add(a, g)
            for a in args.minus:
                self._add(a, f"-{g}")
            return
        assert op is not None
        leaves = self._leaves(args)
        wanted = [k for k, a in enumerate(args) if a >= 0 and self.active[a]]
        y = Expression(self.name(i))
        masked = may_be_infinite(op, [x if isinstance(x, float) else None for x in leaves])  # type: ignore[misc]
        for k, partial in zip(wanted, op.differentiate(symbols, y, leaves, wanted), strict=True):
            if isinstance(partial, float) and partial == 0.0:
                continue
            product = Expression(g) * partial
            if masked:
                self._add(args[k], f"({self.text(product)} if {g} else 0.0)")
            elif isinstance(product, Expression) and product.function == "neg":
                self._add(args[k], self.text(product))
            else:
                self._add(args[k], self.text(product))

    def _add(self, a: int, term: str) -> None:
        if a >= 0 and self.active[a]:
            self.terms.setdefault(a, []).append(term)

    # ── Text of an expression ────────────────────────────────────────────────────────────────────────────────────────

    def text(self, e: Term, level: int = 0) -> str:
        """Source text; ``level`` is 1 for the right operand of a sum, 2 and 3 for the two operands of a product."""
        if not isinstance(e, Expression):
            return _literal(e) if e >= 0 or level < 2 else f"({_literal(e)})"
        if not e.args:
            return e.function
        function, args = e.function, e.args
        if function == "div" and isinstance(args[1], float) and args[1]:
            return _parenthesised(f"{self.text(args[0], 2)} / {self.text(args[1], 3)}", level > 2)
        if function in ("add", "sub"):
            sign = "+" if function == "add" else "-"
            return _parenthesised(f"{self.text(args[0])} {sign} {self.text(args[1], 2)}", level > 0)
        if function == "mul":
            return _parenthesised(f"{self.text(args[0], 2)} * {self.text(args[1], 3)}", level > 2)
        if function == "neg":
            return _parenthesised(f"-{self.text(args[0], 3)}", level > 1)
        assert hasattr(floats, function)
        self.used.add(function)
        return f"{function}({', '.join([self.text(a) for a in args])})"


def _operands(args: tuple[int, ...] | Sum) -> tuple[int, ...]:
    return args.left + args.right + args.plus + args.minus if isinstance(args, Sum) else args


def _literal(x: float) -> str:
    return repr(x)  # inf and nan are names the source imports


def _parenthesised(text: str, needed: bool) -> str:
    return f"({text})" if needed else text


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
