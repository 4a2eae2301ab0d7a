"""Numbers, expressions and functions of the namespace ``m`` as text of JavaScript."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from math import inf

from autograd.compiler.expressions import Expression, Term
from autograd.errors import CompileError

__all__ = ["Text", "number"]

_SIGNS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}


def number(x: float) -> str:
    """A number that JavaScript reads back to the last bit."""
    if x != x or x in (inf, -inf):
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"
    return repr(float(x)).removesuffix(".0")


class Text:
    """Writes expressions, and remembers the functions they call."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def lines(self, value: Term) -> tuple[list[str], str]:
        """Lines that name what an expression has twice, and the expression by those names."""
        counts: dict[object, int] = {}
        order: list[Expression] = []
        _post_order(value, counts, order)
        names: dict[object, str] = {}
        lines = []
        for e in order:
            if counts[e.key] > 1:
                lines.append(f"const t{len(names)} = {self.of(e, 0, names)};")
                names[e.key] = f"t{len(names)}"
        return lines, self.of(value, 0, names)

    def of(self, e: Term, level: int = 0, names: dict[object, str] | None = None) -> str:
        """Source text; ``level`` is 1 beside a sign of a sum, 2 beside one of a product, 3 at the right of either."""
        if not isinstance(e, Expression):
            text = number(e)
            return f"({text})" if level and text.startswith("-") else text
        if not e.args:
            return e.function
        if names and e.key in names:
            return names[e.key]
        if e.function in _SIGNS:
            sign, own = _SIGNS[e.function]
            left, right = self.of(e.args[0], own, names), self.of(e.args[1], own + 1, names)
            return f"({left} {sign} {right})" if level > own else f"{left} {sign} {right}"
        if e.function == "neg":
            text = f"-{self.of(e.args[0], 3, names)}"
            return f"({text})" if level else text
        arguments = ", ".join([self.of(a, 0, names) for a in e.args])
        math, ours = _library()
        if e.function in math:
            return f"Math.{e.function}({arguments})"
        if e.function not in ours:
            raise CompileError(
                f"JavaScript has no {e.function!r} yet; add it to functions.js, or run the program in Python"
            )
        self.used.add(e.function)
        return f"{e.function}({arguments})"

    def library(self) -> list[str]:
        """The functions that were called, with those that they call."""
        _, library = _library()
        needed: set[str] = set()
        stack = list(self.used)
        while stack:
            name = stack.pop()
            if name not in needed:
                needed.add(name)
                stack.extend([word for word in re.findall(r"\w+", library[name]) if word in library])
        return [text for name, text in library.items() if name in needed]


def _post_order(e: Term, counts: dict[object, int], order: list[Expression]) -> None:
    """Operations of an expression, operands first, and how often each is read; as deep as a table row is long."""
    if not isinstance(e, Expression) or not e.args:
        return
    counts[e.key] = counts.get(e.key, 0) + 1
    if counts[e.key] == 1:
        for a in e.args:
            _post_order(a, counts, order)
        order.append(e)


@cache
def _library() -> tuple[frozenset[str], dict[str, str]]:
    """What functions.js takes from Math, and what it has itself: its parts by name, in order."""
    text = files("autograd.compiler.backends.javascript").joinpath("functions.js").read_text(encoding="utf-8")
    head, *parts = text.strip().split("\n\n")
    math = re.search(r"const \{(.*)\} = Math", head, re.DOTALL)
    names = [re.search(r"^(?:function|const) (\w+)", part, re.MULTILINE) for part in parts]
    assert math is not None
    return frozenset(re.findall(r"\w+", math[1])), {
        name[1]: part for name, part in zip(names, parts, strict=True) if name
    }
