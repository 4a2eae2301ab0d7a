"""Derivatives of a recorded root, without side effects, and of any order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal, overload

from autograd import floats, functions
from autograd.errors import NonFiniteError, OperandError
from autograd.explain import call, non_finite
from autograd.graph import adjoints
from autograd.tracing import DERIVATIVE, expect_finite, refuse_while_recording
from autograd.value import Value

__all__ = ["differentiate", "gradients", "recorded_partials"]


@overload
def gradients(y: Value, xs: Value, *, create_graph: Literal[False] = ..., check: bool = ...) -> float: ...
@overload
def gradients(y: Value, xs: Value, *, create_graph: Literal[True], check: bool = ...) -> Value: ...
@overload
def gradients(y: Value, xs: Value, *, create_graph: bool, check: bool = ...) -> Value | float: ...
@overload
def gradients(
    y: Value, xs: Sequence[Value], *, create_graph: Literal[False] = ..., check: bool = ...
) -> list[float]: ...
@overload
def gradients(y: Value, xs: Sequence[Value], *, create_graph: Literal[True], check: bool = ...) -> list[Value]: ...
@overload
def gradients(y: Value, xs: Sequence[Value], *, create_graph: bool, check: bool = ...) -> list[Value | float]: ...
def gradients(y: Value, xs: Value | Sequence[Value], *, create_graph: bool = False, check: bool = True) -> Any:
    """Derivatives of a recorded ``y`` with respect to each of ``xs``; no ``grad`` is touched.

    Parameters
    ----------
    y : Value
        What is differentiated.
    xs : Value or sequence of Value
        Leaves or intermediate results.
    create_graph : bool
        Give Values that can be differentiated again, instead of floats.
    check : bool
        Refuse a ``y`` that is nan or infinite.

    Returns
    -------
    float or Value, or a list of them as long as ``xs``
        0.0 where ``y`` does not depend on that ``x``.

    Raises
    ------
    NonFiniteError
        If ``y`` is nan or infinite and ``check`` is true.

    Notes
    -----
    An adjoint that is exactly zero is not propagated, as in ``backward()``.

    Examples
    --------
    >>> x = Value(2.0)
    >>> slope = gradients(x**3, x, create_graph=True)
    >>> gradients(slope, x)
    12.0
    """
    if not isinstance(y, Value):
        raise OperandError(f"gradients takes a Value to differentiate, got {y!r}; compute it from Values")
    single = isinstance(xs, Value)
    wrt: list[Value] = [xs] if single else list(xs)  # type: ignore[list-item]
    for x in wrt:
        if not isinstance(x, Value):
            raise OperandError(f"gradients takes Values to differentiate with respect to, got {x!r}")
    if not create_graph:
        refuse_while_recording("gradients() without create_graph=True", DERIVATIVE)
    found = differentiate(y, wrt, create_graph, check)
    return found[0] if single else found


def differentiate(y: Value, wrt: Sequence[Value], create_graph: bool, check: bool = True) -> list[Any]:
    """Derivatives of ``y`` with respect to each of ``wrt``, the arguments being those of :func:`gradients`.

    A program that is being recorded serves other numbers too, so it asks whenever it runs whether they are finite.
    """
    if check and not (create_graph and expect_finite(y)) and not math.isfinite(y._data):
        raise NonFiniteError(non_finite(y))
    if not create_graph:
        return adjoints(y, wrt, recorded_partials)
    depend = set(wrt)
    found = adjoints(y, wrt, lambda node: _differentiable_partials(node, depend), zero=_Nothing())
    return [x if isinstance(x, Value) else Value(float(x)) for x in found]


def recorded_partials(node: Value) -> Iterator[tuple[Value, float]]:
    """The operands of ``node`` that are Values, with the partials taken when it was made."""
    if node._a is None and node._b is None:
        yield from zip(node._da, node._db, strict=True)
    if node._a is not None:
        yield node._a, node._da
    if node._b is not None:
        yield node._b, node._db


def _differentiable_partials(node: Value, depend: set[Value]) -> Iterator[tuple[Value, _Partial]]:
    """The same partials as Values: the table row evaluated on the operands themselves.

    Of those that ``depend`` on what is differentiated by; ``node`` joins them, so operands have to come before results.
    """
    args = node.args
    places = [i for i, arg in enumerate(args) if isinstance(arg, Value)]
    recorded = [(i, partial) for i, (x, partial) in zip(places, recorded_partials(node), strict=True) if x in depend]
    if not recorded:
        return
    depend.add(node)
    op: Any = node.op
    factors = op.differentiate(functions, node, args, [i for i, _ in recorded])
    then, now = [node._data], [op.value(floats, *[x._data if isinstance(x, Value) else x for x in args])]
    for (i, partial), factor in zip(recorded, factors, strict=True):
        is_value = isinstance(factor, Value)
        then.append(partial)
        now.append(factor._data if is_value else factor)
        if is_value or factor != 0.0:
            yield args[i], _Partial(factor)  # type: ignore[misc]
    if now != then:
        _refuse_changed(node, then, now)


def _refuse_changed(node: Value, then: list[float], now: list[float]) -> None:
    """Raise if a node's value or partials are not what its operands give: those would mix with the ones of then."""
    if all(x == y or (math.isnan(x) and math.isnan(y)) for x, y in zip(then, now, strict=True)):
        return
    raise ValueError(
        "derivatives that can be differentiated again take the numbers of the computation, but data was set after it: "
        f"{call(node)} had the value {then[0]:g} and the partials {_listed(then[1:])}, and would now have {now[0]:g} "
        f"and {_listed(now[1:])}; compute it again"
    )


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{x:g}" for x in numbers)


class _Nothing(float):
    """A zero that leaves no trace when a sum begins with it."""

    def __add__(self, other: Any) -> Any:
        return other


class _Partial:
    """A local partial that an adjoint, itself a Value perhaps, is multiplied by.

    The factor 1 leaves no node, unless it is a Value. An adjoint that is zero wins against
    an infinite partial, as the rule of the zero adjoint asks, and stays differentiable.
    """

    __slots__ = ("factor",)

    def __init__(self, factor: Any) -> None:
        self.factor = factor

    def __rmul__(self, adjoint: Any) -> Any:
        if _is_one(self.factor):
            return adjoint
        if _is_one(adjoint):
            return self.factor
        return functions.mul_no_nan(adjoint, self.factor)


def _is_one(x: Any) -> bool:
    return not isinstance(x, Value) and x == 1.0
