"""A graph reduced to some of its Values, the rest summed out exactly.

The partial derivative of one kept Value with respect to another is the sum, over the paths between them that meet no
third, of the products of the local partials. The result is again a graph of Values, small enough to draw, with the
same derivatives: everything that works on graphs works on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import isinf, nan
from typing import Any

from autograd import Op, Value
from autograd.graph import adjoints
from autograd.node import Beside, as_number
from autograd.op import REAL
from autograd.ops import FLAT
from autograd.recorded import recorded_partials
from autograd.value import node

__all__ = ["reduced", "stand_in"]


def _no_formula(*_: Any) -> Any:
    raise NotImplementedError("a reduced graph is drawn and differentiated once; compute with the graph it came from")


REDUCED = Op("reduced", "", _no_formula, _no_formula, (REAL,))


def reduced(root: Value, kept: Collection[Value]) -> dict[Value, Value]:
    """Stand-ins for ``root`` and the Values kept, each made directly from the next ones below it.

    Parameters
    ----------
    root : Value
        The end of the graph; it is kept in any case.
    kept : collection of Value
        Values below ``root``, operands before results.

    Returns
    -------
    dict of Value to Value
        For each of ``kept``, and ``root`` last, its stand-in. Those that reach nothing kept are leaves.
    """
    order = [value for value in kept if value is not root]
    cuts = {*order, root}
    none, seed = _Influence({}), _Influence({root: 1.0})
    influences = adjoints(root, order, lambda value: _partials(value, value in cuts), zero=none, one=seed)
    below: dict[Value, list[tuple[Value, float]]] = {value: [] for value in (*order, root)}
    for value, influence in zip(order, influences, strict=True):
        for consumer, partial in influence.on.items():
            below[consumer].append((value, partial))
    stand_ins: dict[Value, Value] = {}
    for value, pairs in below.items():
        args = [stand_ins[x] for x, _ in pairs]
        stand_ins[value] = stand_in(value, REDUCED, args, [partial for _, partial in pairs])
    return stand_ins


def stand_in(value: Value, op: Op, args: Sequence[Value | float], partials: Sequence[float]) -> Value:
    """A Value of the same data and label with other operands, of which those that are Values have ``partials``.

    Without operands it is a leaf.
    """
    if not args:
        return Value(value.data, value.label)
    operands = tuple(arg for arg in args if isinstance(arg, Value))
    out = node(value.data, op, None, None, operands, Beside(partials, tuple(args)))
    out.label = value.label
    return out


class _Influence:
    """An adjoint of many numbers: the derivative of each kept Value reached, with respect to one node.

    A zero stays in the list, because the path it belongs to is drawn, but is never multiplied by an infinite partial.
    """

    __slots__ = ("on",)

    def __init__(self, on: dict[Value, float]) -> None:
        self.on = on

    def __eq__(self, other: object) -> bool:
        return not self.on and other == 0.0

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: _Influence) -> _Influence:
        union = dict(self.on)
        for value, partial in other.on.items():
            union[value] = _sum(union[value], partial) if value in union else partial
        return _Influence(union)

    def __mul__(self, step: float | _Influence) -> _Influence:
        if isinstance(step, _Influence):  # from here on, the derivative of the kept Value that hands it down
            return step
        return _Influence({value: _product(partial, step) for value, partial in self.on.items()})


class _Mixed(float):
    """A sum of partials that are not all of one sign: beside an infinite adjoint their products add up to nan."""

    __slots__ = ()

    def __rmul__(self, adjoint: Any) -> Any:
        return nan if isinf(adjoint) else adjoint * float(self)


def _sum(a: float, b: float) -> float:
    if a is FLAT or b is FLAT:
        return a if b is FLAT else b
    alike = (a > 0.0 and b > 0.0) or (a < 0.0 and b < 0.0)
    total = float(a) + float(b)
    return total if alike and not isinstance(a, _Mixed) and not isinstance(b, _Mixed) else _Mixed(total)


def _product(partial: float, step: float) -> float:
    if step is FLAT or not partial:
        return FLAT if step is FLAT else partial
    product = float(partial) * step
    return _Mixed(product) if isinstance(partial, _Mixed) else product


def _partials(value: Value, cut: bool) -> Iterator[tuple[Value, float | _Influence]]:
    for operand, partial in recorded_partials(value):
        yield operand, _Influence({value: as_number(partial)}) if cut else partial
