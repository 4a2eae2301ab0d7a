"""A namespace that writes down what a table row computes, so that every derivative has one definition.

``op.value(symbols, a, b)`` and ``op.differentiate(symbols, …)`` on :class:`Expression` operands give expressions; the
emitters turn these into source text.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Any, Union

from autograd import floats

__all__ = ["Expression", "Symbolic", "Term", "combine", "symbols", "whole_symbols"]

Term = Union["Expression", float]


class Expression:
    """A function name with operands; a leaf has no operands and names itself.

    Emitters compare expressions by ``key``: equal ones are computed once.
    """

    __slots__ = ("_key", "args", "function")

    def __init__(self, function: str, args: tuple[Term, ...] = ()) -> None:
        self.function = function
        self.args = args
        self._key: Any = None

    @property
    def key(self) -> Any:
        """What is the same for equal expressions."""
        if self._key is None:
            self._key = (self.function, tuple([a.key if isinstance(a, Expression) else a.hex() for a in self.args]))
        return self._key

    def __repr__(self) -> str:
        return f"{self.function}({', '.join(map(repr, self.args))})" if self.args else self.function

    def __add__(self, other: Term) -> Term:
        return combine("add", self, other)

    def __radd__(self, other: Term) -> Term:
        return combine("add", other, self)

    def __sub__(self, other: Term) -> Term:
        return combine("sub", self, other)

    def __rsub__(self, other: Term) -> Term:
        return combine("sub", other, self)

    def __mul__(self, other: Term) -> Term:
        return combine("mul", self, other)

    def __rmul__(self, other: Term) -> Term:
        return combine("mul", other, self)

    def __truediv__(self, other: Term) -> Term:
        return combine("div", self, other)

    def __rtruediv__(self, other: Term) -> Term:
        return combine("div", other, self)

    def __pow__(self, other: Term) -> Term:
        return combine("pow", self, other)

    def __rpow__(self, other: Term) -> Term:
        return combine("pow", other, self)

    def __neg__(self) -> Term:
        return combine("neg", self)


# What combine() computes with numbers alone, beside the functions of autograd.floats.
_ARITHMETIC: dict[str, Callable[..., float]] = {
    "add": operator.add, "mul": operator.mul, "neg": operator.neg, "sub": operator.sub,
}  # fmt: skip


def combine(function: str, *args: Term) -> Term:
    """The function of these operands, simplified where a constant allows it without changing a bit that matters."""
    kinds = {a.__class__ for a in args}
    if not kinds <= {Expression, float}:
        args = tuple([a if isinstance(a, Expression) else float(a) for a in args])
    if Expression not in kinds:
        result: float = (_ARITHMETIC.get(function) or getattr(floats, function))(*args)
        return result
    if function == "mul":
        a, b = args
        if a == 1.0:
            return b
        if b == 1.0:
            return a
        if a == -1.0:
            return combine("neg", b)
        if b == -1.0:
            return combine("neg", a)
        if isinstance(a, Expression) and a.function == "neg":
            return combine("neg", combine("mul", a.args[0], b))
        if isinstance(a, float) and isinstance(b, Expression) and b.function == "mul":
            c = b.args[0]
            if isinstance(c, float) and 0.5 in (math.frexp(a)[0], math.frexp(c)[0]):  # a power of two rounds nothing
                return combine("mul", a * c, b.args[1])
    elif function == "neg" and isinstance(args[0], Expression) and args[0].function == "neg":
        return args[0].args[0]
    elif function == "pow" and isinstance(args[1], float):
        a, exponent = args
        if exponent == 0.0:
            return 1.0
        if exponent == 1.0:
            return a
        if exponent == 2.0:
            return combine("mul", a, a)
        if exponent == 3.0:
            return combine("mul", combine("mul", a, a), a)
        if exponent == -1.0:
            return combine("div", 1.0, a)
    elif function == "stop_gradient":
        return args[0]
    elif function == "mul_no_nan" and isinstance(args[0], float):
        return combine("mul", *args) if args[0] else 0.0
    elif function == "where" and isinstance(args[0], float):
        return args[1] if args[0] else args[2]
    return Expression(function, args)


def _dot(*args: Term) -> Term:
    n = len(args) // 2
    return reduce(operator.add, map(operator.mul, args[:n], args[n:]), 0.0)


_REDUCED: dict[str, Callable[..., Term]] = {
    "sum": lambda *args: reduce(operator.add, args, 0.0),
    "prod": lambda *args: reduce(operator.mul, args, 1.0),
    "dot": _dot,
    "norm": lambda *args: reduce(partial(combine, "hypot"), (0.0, *args)),
    "logsumexp": lambda *args: reduce(partial(combine, "logsumexp"), args),
}


class Symbolic:
    """The functions table rows may call, on expressions: each call is written down, with two operands at a time.

    Parameters
    ----------
    reduced : mapping
        Functions of any number of operands that are written as calls of other functions.
    """

    def __init__(self, reduced: Mapping[str, Callable[..., Term]]) -> None:
        self._reduced = reduced

    def __getattr__(self, name: str) -> Callable[..., Term]:
        if name not in floats.__all__:
            raise AttributeError(f"table rows may call the functions of autograd.floats, got {name!r}")
        return self._reduced.get(name) or partial(combine, name)


symbols = Symbolic(_REDUCED)
# The same with calls of any number of operands, where these are functions of such.
whole_symbols = Symbolic({})
