"""What an operation is: a row of the table in :mod:`autograd.ops`.

An operation is declared once, as data: how to compute it and how to differentiate it, written over a
*namespace* ``m`` so that the same row serves floats (:mod:`autograd.floats`), NumPy arrays
(:mod:`autograd.arrays`), recorded values (:mod:`autograd.functions`) and, in the tests, 50-digit numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import inf
from operator import attrgetter
from typing import Any

__all__ = ["NONZERO", "ORDER", "POSITIVE", "REAL", "Interval", "Op"]


@dataclass(frozen=True)
class Interval:
    """An open interval of the real line, less finitely many poles.

    Parameters
    ----------
    low, high : float
        The ends, themselves outside.
    poles : tuple of float
        Points inside where the operation is not finite.
    whole : bool
        Whether its whole numbers alone are meant: an order. There is no derivative with respect to it, so its partial
        is nan.
    """

    low: float = -inf
    high: float = inf
    poles: tuple[float, ...] = ()
    whole: bool = False

    def __contains__(self, x: float) -> bool:
        return self.low < x < self.high and x not in self.poles and not (self.whole and x % 1.0)

    def __str__(self) -> str:
        holes = "".join(f" without {pole:g}" for pole in self.poles)
        return f"{'whole numbers of ' * self.whole}({self.low:g}, {self.high:g}){holes}"


REAL = Interval()
POSITIVE = Interval(low=0.0)
NONZERO = Interval(poles=(0.0,))
ORDER = Interval(low=-1.0, high=101.0, whole=True)


@dataclass(frozen=True, eq=False)
class Op:
    """One operation: its value and its partial derivatives.

    Parameters
    ----------
    name : str
        Public name, and the name of its tests.
    symbol : str
        What pictures show.
    value : callable
        ``value(m, *args)``, computed by the functions of the namespace ``m``.
    partials : tuple of callable, or one callable
        ``partials[i](m, y, *args)`` is the derivative with respect to ``args[i]``, where ``y`` is the operation's
        own result. For any number of operands: one callable ``partials(m, y, *args)`` that gives them all.
    domain : tuple of Interval
        For each operand (of any number: for every operand) where value and partials are finite, overflow apart.
        Tests draw from it and error messages quote it.
    kinks : tuple of float
        Values of the first operand without a derivative; there the partial is a stated convention.
    ties : bool
        Whether two equal operands are such a point too (maximum, clip).
    ufunc : str
        NumPy's name of the operation where it differs from ours; the method of ``Value`` has this name.
    home : str
        For an operation outside the table: ``module:name`` of the function that offers it, where pickle finds it again.

    Notes
    -----
    Rows are branch-free: ``m.where`` and ``m.step``, never ``if``, because a Python ``if`` in a partial would be
    frozen into a recorded derivative. They use ``m.div`` and ``m.pow`` for ``/`` and ``**``, which raise on floats.
    """

    name: str
    symbol: str
    value: Callable[..., Any]
    partials: tuple[Callable[..., Any], ...] | Callable[..., Any]
    domain: tuple[Interval, ...]
    kinks: tuple[float, ...] = ()
    ties: bool = False
    ufunc: str = ""
    home: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.partials, tuple) and len(self.partials) != len(self.domain):
            raise ValueError(
                f"Op {self.name!r} needs one domain for each partial, got {len(self.partials)} partials "
                f"and {len(self.domain)} domains; give an Interval (REAL if unsure) for every operand"
            )

    def __repr__(self) -> str:
        return f"Op({self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _find, (self.name, self.home)

    def __copy__(self) -> Op:
        return self

    def __deepcopy__(self, memo: Any) -> Op:
        return self

    @property
    def arity(self) -> int | None:
        """Number of operands; None where any number will do."""
        return len(self.partials) if isinstance(self.partials, tuple) else None

    def differentiate(self, m: Any, y: Any, args: Sequence[Any], wanted: Sequence[int] | None = None) -> Sequence[Any]:
        """Derivatives of the result ``y`` with respect to the operands at the positions ``wanted``, or to all."""
        if isinstance(self.partials, tuple):
            return [self.partials[i](m, y, *args) for i in (range(len(args)) if wanted is None else wanted)]
        every: Sequence[Any] = self.partials(m, y, *args)
        return every if wanted is None else [every[i] for i in wanted]


def _find(name: str, home: str) -> Op:
    """The operation a pickle speaks of: a row of the table, or one that a function elsewhere offers."""
    if not home:
        return import_module("autograd.ops").TABLE[name]  # type: ignore[no-any-return]
    module, function = home.split(":")
    return attrgetter(f"{function}.op")(import_module(module))  # type: ignore[no-any-return]
