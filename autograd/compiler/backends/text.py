"""Numbers and expressions of the namespace ``m`` as text of a language whose arithmetic is written as in C."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from autograd.compiler.scalars.expressions import Expression, Term

__all__ = ["Text"]

_SIGNS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}


class Text(ABC):
    """Writes expressions, and remembers the functions they call."""

    real: ClassVar[str]
    """What declares a number that stays as it is."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    @abstractmethod
    def number(self, x: float) -> str:
        """A number that the language reads back to the last bit."""

    @abstractmethod
    def call(self, function: str, arguments: str) -> str:
        """A function of the namespace ``m`` of these arguments."""

    def lines(self, value: Term) -> tuple[list[str], str]:
        """Lines that name what an expression has twice, and the expression by those names."""
        counts: dict[object, int] = {}
        order: list[Expression] = []
        _post_order(value, counts, order)
        names: dict[object, str] = {}
        lines = []
        for e in order:
            if counts[e.key] > 1:
                lines.append(f"{self.real} t{len(names)} = {self.of(e, 0, names)};")
                names[e.key] = f"t{len(names)}"
        return lines, self.of(value, 0, names)

    def of(self, e: Term, level: int = 0, names: dict[object, str] | None = None) -> str:
        """Source text; ``level`` is 1 beside a sign of a sum, 2 beside one of a product, 3 at the right of either."""
        if not isinstance(e, Expression):
            text = self.number(e)
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
        return self.call(e.function, ", ".join([self.of(a, 0, names) for a in e.args]))


def _post_order(e: Term, counts: dict[object, int], order: list[Expression]) -> None:
    """Operations of an expression, operands first, and how often each is read; as deep as a table row is long."""
    if not isinstance(e, Expression) or not e.args:
        return
    counts[e.key] = counts.get(e.key, 0) + 1
    if counts[e.key] == 1:
        for a in e.args:
            _post_order(a, counts, order)
        order.append(e)
