"""``Value``: a float that remembers how it was made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from autograd import floats, ops
from autograd.convert import as_float, describe, knows_better
from autograd.copies import reduce_value
from autograd.errors import NonFiniteError, OperandError
from autograd.graph import LEAF, accumulate_gradients
from autograd.op import Op

__all__ = ["Scalar", "Value", "apply", "apply_binary", "apply_many", "apply_unary"]

# In signatures: a Value for a Value, a float for a float.
Scalar = TypeVar("Scalar", "Value", float)


def node(data: float, op: Op, a: Value | None, b: Value | None, da: Any, db: Any) -> Value:
    """The result of an operation on one or two operands; see :class:`Value` for the fields."""
    out = _new(Value)
    out._data = data
    out._op = op
    out._a = a
    out._b = b
    out._da = da
    out._db = db
    out._grad = 0.0
    out._mark = 0
    out._label = ""
    return out


_new: Callable[[type[Value]], Value] = object.__new__


class Value:
    """A float that remembers how it was made, and can say how it depends on every number it was made from.

    Parameters
    ----------
    data : float
        Any real number: int, bool, ``Fraction`` and NumPy scalars are converted.
    label : str, optional
        A name, shown in pictures and error messages.

    Raises
    ------
    TypeError
        For text, None, complex numbers, arrays and Values.

    Notes
    -----
    ``<``, ``<=``, ``>``, ``>=``, ``bool`` and ``format`` go by ``data``. ``==`` and ``hash`` are identity, so that
    Values live in sets and dicts; compare ``a.data == b.data`` for equal numbers.

    A result keeps its one or two operands in ``_a`` and ``_b`` and its derivative with respect to them, taken when it
    was made, in ``_da`` and ``_db``. A constant operand is no node: its place is None and its number stands where the
    partial would. A result of any other number of operands has None in both places, the operands that are Values in
    ``_da``, their partials in ``_db``, and all operands in ``_args``. (Two slots instead of tuples halve the cost of a
    node.) ``args`` and ``partials`` read all of these alike.

    Examples
    --------
    >>> x = Value(2.0, label="x")
    >>> y = x * x + 3 * x
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 7.0)
    """

    __slots__ = ("__weakref__", "_a", "_args", "_b", "_da", "_data", "_db", "_grad", "_label", "_mark", "_op")

    _data: float
    _grad: float
    _op: Op | None
    _a: Value | None
    _b: Value | None
    _da: Any
    _db: Any
    _args: tuple[Value | float, ...]
    _mark: int
    _label: str

    def __init__(self, data: float, label: str = "") -> None:
        self._data = data if data.__class__ is float else as_float(data, "Value takes")
        self._op = None
        self._a = self._b = self._da = self._db = None
        self._grad = 0.0
        self._mark = LEAF
        self._label = ""
        if label:
            self.label = label

    # ── What a node says about itself ────────────────────────────────────────────────────────────────────────────────

    @property
    def data(self) -> float:
        """The number. Settable on leaves only: a result is computed by its operation."""
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        if self._op is not None:
            raise AttributeError(
                f"data of a result is computed by its operation, {self._op.name}, and cannot be set to {data!r}; "
                "change a leaf and compute it again"
            )
        self._data = data if data.__class__ is float else as_float(data, "Value.data takes")

    @property
    def grad(self) -> float:
        """Derivative of the root of ``backward()``. Leaves accumulate; a result has that of the last pass."""
        return self._grad

    @grad.setter
    def grad(self, grad: float) -> None:
        self._grad = grad if grad.__class__ is float else as_float(grad, "Value.grad takes")

    @property
    def label(self) -> str:
        """A name, shown in pictures and error messages."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"Value.label takes a str, got {describe(label)}; use str(...)")
        self._label = label

    @property
    def op(self) -> Op | None:
        """The operation that made this, or None for a leaf."""
        return self._op

    @property
    def args(self) -> tuple[Value | float, ...]:
        """Operands in the order they were written, repeats included; constants are floats. Empty for a leaf."""
        if self._op is None:
            return ()
        if self._a is None and self._b is None:
            return self._args
        first = self._da if self._a is None else self._a
        if self._op.arity == 1:
            return (first,)
        return (first, self._db if self._b is None else self._b)

    @property
    def partials(self) -> tuple[float | None, ...]:
        """Derivative with respect to each of ``args``, taken at the forward point; None for a constant."""
        if self._op is None:
            return ()
        if self._a is None and self._b is None:
            recorded = iter(self._db)
            return tuple(next(recorded) if isinstance(arg, Value) else None for arg in self._args)
        first = None if self._a is None else self._da
        if self._op.arity == 1:
            return (first,)
        return (first, None if self._b is None else self._db)

    def backward(self, check: bool = True) -> None:
        """Add the derivative of this with respect to every leaf to that leaf's ``grad``.

        Gradients of leaves accumulate from call to call; those of results belong to one call and can be read after it.

        Parameters
        ----------
        check : bool
            Refuse a root that is not finite. False propagates nan and infinity as IEEE 754 does.

        Raises
        ------
        NonFiniteError
            If this is nan or infinite; the message names the operation where that began.

        Notes
        -----
        An adjoint that is exactly zero is not propagated (see :func:`autograd.graph.chain_rule`).
        """
        if check and not math.isfinite(self._data):
            from autograd.explain import non_finite  # an error is the only one who needs it

            raise NonFiniteError(non_finite(self))
        accumulate_gradients(self)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return reduce_value(self)

    def __repr__(self) -> str:
        label = f", label={self._label!r}" if self._label else ""
        return f"Value(data={self._data!r}, grad={self._grad!r}{label})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    # ── Arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────
    # + - * / are written out: they are nine tenths of what a program does, and a test holds them to their table rows.

    def __add__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value:
            return node(self._data + other._data, ops.add, self, other, 1.0, 1.0)
        if kind is float or kind is int:
            return node(self._data + other, ops.add, self, None, 1.0, float(other))
        return self._with(other, ops.add)

    def __radd__(self, other: Any) -> Value:
        if other.__class__ is float or other.__class__ is int:
            return node(other + self._data, ops.add, None, self, float(other), 1.0)
        return self._with(other, ops.add, reflected=True)

    def __sub__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value:
            return node(self._data - other._data, ops.sub, self, other, 1.0, -1.0)
        if kind is float or kind is int:
            return node(self._data - other, ops.sub, self, None, 1.0, float(other))
        return self._with(other, ops.sub)

    def __rsub__(self, other: Any) -> Value:
        return self._with(other, ops.sub, reflected=True)

    def __mul__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value:
            a, b = self._data, other._data
            return node(a * b, ops.mul, self, other, b, a)
        if kind is float or kind is int:
            factor = float(other)
            return node(self._data * factor, ops.mul, self, None, factor, factor)
        return self._with(other, ops.mul)

    def __rmul__(self, other: Any) -> Value:
        if other.__class__ is float or other.__class__ is int:
            factor = float(other)
            return node(factor * self._data, ops.mul, None, self, factor, factor)
        return self._with(other, ops.mul, reflected=True)

    def __truediv__(self, other: Any) -> Value:
        if other.__class__ is Value and other._data:
            b = other._data
            y = self._data / b
            return node(y, ops.div, self, other, 1.0 / b, -(y / b))
        return self._with(other, ops.div)

    def __rtruediv__(self, other: Any) -> Value:
        return self._with(other, ops.div, reflected=True)

    def __pow__(self, other: Any) -> Value:
        return self._with(other, ops.pow)

    def __rpow__(self, other: Any) -> Value:
        return self._with(other, ops.pow, reflected=True)

    def _with(self, other: Any, op: Op, reflected: bool = False) -> Value:
        """``self op other``, or ``other op self``; NotImplemented where ``other`` may know better, as an array does."""
        if not isinstance(other, (float, int, Value)):
            if knows_better(other):
                return NotImplemented  # type: ignore[no-any-return]
            other = as_float(other, f"'{op.symbol}' with a Value takes")
        return apply_binary(op, other, self) if reflected else apply_binary(op, self, other)  # type: ignore[no-any-return]

    def __neg__(self) -> Value:
        return node(-self._data, ops.neg, self, None, -1.0, None)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return apply_unary(ops.abs, self)

    # ── Comparisons: by number, except == and hash, which are identity ───────────────────────────────────────────────

    def __lt__(self, other: Any) -> bool:
        return self._compare(other, float.__lt__)

    def __le__(self, other: Any) -> bool:
        return self._compare(other, float.__le__)

    def __gt__(self, other: Any) -> bool:
        return self._compare(other, float.__gt__)

    def __ge__(self, other: Any) -> bool:
        return self._compare(other, float.__ge__)

    def _compare(self, other: Any, relation: Callable[[float, float], bool]) -> bool:
        return relation(self._data, other._data if isinstance(other, Value) else other)

    def __bool__(self) -> bool:
        return self._data != 0.0

    def __float__(self) -> NoReturn:
        raise OperandError(
            f"float() of {self!r} would forget how it was made; use value.data for its number, and autograd.exp, "
            "autograd.sin ... instead of the functions of math"
        )

    def __int__(self) -> NoReturn:
        raise OperandError(f"int() of {self!r} would forget how it was made; use int(value.data)")

    if TYPE_CHECKING:  # v.exp(), v.tanh() ...: one method for every function, added by autograd.functions

        def __getattr__(self, name: str) -> Callable[..., Value]: ...


# ── Applying an operation: floats in, float out; a Value among the operands, and the result is recorded ──────────────


def apply_unary(op: Op, x: Scalar) -> Scalar:
    """``op`` of one operand."""
    if isinstance(x, Value):
        a = x._data
        y = op.value(floats, a)
        return node(y, op, x, None, op.partials[0](floats, y, a), None)  # type: ignore[index]
    result: float = op.value(floats, as_float(x, f"{op.name} takes"))
    return result


def apply_binary(op: Op, x: Any, y: Any) -> Any:
    """``op`` of two operands; only the operands that are Values cost a partial."""
    first, second = isinstance(x, Value), isinstance(y, Value)
    a = x._data if first else x if x.__class__ is float else as_float(x, f"{op.name} takes")
    b = y._data if second else y if y.__class__ is float else as_float(y, f"{op.name} takes")
    result = op.value(floats, a, b)
    if not first and not second:
        return result
    da, db = op.partials  # type: ignore[misc]
    return node(
        result, op, x if first else None, y if second else None,
        da(floats, result, a, b) if first else a,
        db(floats, result, a, b) if second else b,
    )  # fmt: skip


def apply_many(op: Op, args: tuple[Any, ...]) -> Any:
    """``op`` of any number of operands, as one node."""
    numbers = [x._data if isinstance(x, Value) else as_float(x, f"{op.name} takes") for x in args]
    result = op.value(floats, *numbers)
    wanted = [i for i, x in enumerate(args) if isinstance(x, Value)]
    if not wanted:
        return result
    partials = tuple(op.differentiate(floats, result, numbers, wanted))
    if len(wanted) == len(args):
        operands = args
    else:
        operands = tuple([args[i] for i in wanted])
        args = tuple([x if isinstance(x, Value) else a for x, a in zip(args, numbers, strict=True)])
    out = node(result, op, None, None, operands, partials)
    out._args = args
    return out


def apply(op: Op, *args: Any) -> Any:
    """``op`` of as many operands as it has."""
    if op.arity == 1:
        return apply_unary(op, *args)
    if op.arity == 2:
        return apply_binary(op, *args)
    return apply_many(op, args)
