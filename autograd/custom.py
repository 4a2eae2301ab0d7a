"""Operations of your own: a value, its partial derivatives, and they join the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from typing import Any, Protocol, cast, overload

from autograd.op import REAL, Interval, Op
from autograd.value import Value, apply

__all__ = ["Operation", "operation"]


class Operation(Protocol):
    """What :func:`operation` makes: a function of Values and floats, and the operation it applies."""

    op: Op

    @overload
    def __call__(self, *args: float) -> float: ...
    @overload
    def __call__(self, x: Value, /, *args: Value | float) -> Value: ...
    @overload
    def __call__(self, x: float, y: Value, /, *args: Value | float) -> Value: ...
    @overload
    def __call__(self, *args: Value | float) -> Value | float: ...


def operation(
    *partials: Callable[..., Any],
    symbol: str = "",
    domain: Sequence[Interval] | None = None,
    kinks: tuple[float, ...] = (),
) -> Callable[[Callable[..., Any]], Operation]:
    """Make an operation of a function and its partial derivatives.

    Parameters
    ----------
    *partials : callable
        ``partial(m, y, *args)`` for each operand: the derivative of the result ``y`` with respect to it.
    symbol : str, optional
        What pictures show; by default the function's name.
    domain : sequence of Interval, optional
        For each operand, where value and partials are finite; by default all real numbers.
    kinks : tuple of float
        Values of the first operand without a derivative.

    Returns
    -------
    callable
        A decorator for ``value(m, *args)``. What it gives takes Values and floats, as :func:`autograd.exp` does, and
        has the operation as its ``op``.

    Raises
    ------
    TypeError
        If value and partials do not take the same operands.

    Notes
    -----
    ``m`` is the namespace that does the arithmetic (see :mod:`autograd.ops`): ``m.exp``, ``m.where``, ``m.div``
    instead of the functions of math, of ``if`` and of ``/``. Written so, the operation can be differentiated any number
    of times. Try it with :func:`autograd.check_gradient`.

    Examples
    --------
    >>> from autograd import Value, check_gradient, grad
    >>> @operation(lambda m, y, a: m.cos(a) * a + m.sin(a), symbol="x sin x")
    ... def x_sin_x(m, a):
    ...     return a * m.sin(a)
    >>> grad(grad(x_sin_x))(0.0)
    2.0
    >>> check_gradient(x_sin_x, 0.7).error < 1e-9
    True
    """

    def declare(value: Callable[..., Any]) -> Operation:
        name = value.__name__
        operands = len(signature(value).parameters) - 1
        if operands != len(partials):
            raise TypeError(
                f"operation {name!r} takes one partial for each operand, got {len(partials)} partials "
                f"for {operands} operands; the first parameter is the namespace m"
            )
        for i, partial in enumerate(partials):
            if len(signature(partial).parameters) != operands + 2:
                raise TypeError(
                    f"partial {i} of operation {name!r} takes (m, y, *args), {operands + 2} parameters, "
                    f"got {len(signature(partial).parameters)}"
                )
        op = Op(
            name,
            symbol or name,
            value,
            tuple(partials),
            tuple(domain) if domain is not None else (REAL,) * operands,
            kinks=kinks,
            home=f"{value.__module__}:{value.__qualname__}",
        )

        @wraps(value)
        def function(*args: Any) -> Any:
            if len(args) != operands:
                raise TypeError(f"{name} takes {operands} operands, got {len(args)}")
            return apply(op, *args)

        function.op = op  # type: ignore[attr-defined]
        del function.__wrapped__  # its signature has no m
        return cast(Operation, function)

    return declare
