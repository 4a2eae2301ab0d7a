"""``Value``: a float that remembers how it was made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import floats, graph, micrograd, ops
from autograd.convert import as_float, knows_better
from autograd.errors import NonFiniteError
from autograd.graph import accumulate_gradients
from autograd.micrograd import Words
from autograd.node import Beside, Node
from autograd.op import Op
from autograd.tracing import DERIVATIVE, refuse_while_recording

__all__ = ["Scalar", "Value", "apply", "apply_binary", "apply_many", "apply_unary"]

# In signatures: a Value for a Value, a float for a float, and what may be either for what may be either.
Scalar = TypeVar("Scalar", "Value", float, "Value | float")


def node(data: float, op: Op, a: Value | None, b: Value | None, da: Any, db: Any) -> Value:
    """The result of an operation on one or two operands; see :class:`autograd.node.Node` for the fields."""
    out = _new(Value)
    out._data = data
    out._made_by = op
    out._a = a
    out._b = b
    out._da = da
    out._db = db
    out._grad = 0.0
    out._mark = 0
    out._label = ""
    return out


def _whole(x: int, op: Op) -> float:
    """An int beside a Value."""
    try:
        return float(x)
    except OverflowError:
        return as_float(x, f"'{op.symbol}' with a Value takes")  # which says what to do


# The row's own partial, at hand for the commonest power, that of a constant.
_slope_of_power = ops.pow.partials[0]  # type: ignore[index]

_ADD, _MUL = ops.add, ops.mul

_new: Callable[[type[Value]], Value] = object.__new__

# What a leaf is made of and by, where nothing is said.
NO_OPERANDS: tuple[Value, ...] = ()
NO_SYMBOL = ""


class Value(Words, Node):
    """A float that remembers how it was made, and can say how it depends on every number it was made from.

    Parameters
    ----------
    data : float
        Any real number: int, bool, ``Fraction`` and NumPy scalars are converted.
    _children : tuple of Value, optional
        As in micrograd: what this is the result of. It has no partials, so ``backward()`` through it calls the
        ``_backward`` that is assigned to it, and refuses where there is none. Text in this place is a label.
    _op : str, optional
        As in micrograd: the symbol of the operation that made it.
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

    Examples
    --------
    >>> x = Value(2.0, label="x")
    >>> y = x * x + 3 * x
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 7.0)
    """

    __slots__ = ()

    def __init__(self, data: float, _children: Any = NO_OPERANDS, _op: str = NO_SYMBOL, label: str = "") -> None:
        self._data = data if data.__class__ is float else as_float(data, "Value takes")
        self._made_by = None
        self._a = self._b = self._da = self._db = None
        self._grad = 0.0
        self._mark = graph.leaf_mark
        if _children is NO_OPERANDS and _op is NO_SYMBOL and label.__class__ is str:
            self._label = label
        else:
            micrograd.read_arguments(self, _children, _op, label)

    # ── What a node says about itself ────────────────────────────────────────────────────────────────────────────────

    def backward(self, *, check: bool = True) -> None:
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
        refuse_while_recording("backward()", DERIVATIVE)
        if check and not math.isfinite(self._data):
            from autograd.explain import non_finite  # an error is the only one who needs it

            raise NonFiniteError(non_finite(self))
        if micrograd.in_use:
            with micrograd.all_or_nothing(self):
                accumulate_gradients(self)
        else:
            accumulate_gradients(self)

    # ── Arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────
    # + - * / are written out: they are nine tenths of what a program does, and a test holds them to their table rows.
    # Sums and products of two Values are most of those: they fill in their node themselves, as node() would.

    def __add__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value:
            out = _new(Value)
            out._data = self._data + other._data
            out._made_by = _ADD
            out._a = self
            out._b = other
            out._da = out._db = 1.0
            out._grad = 0.0
            out._mark = 0
            out._label = ""
            return out
        if kind is float or kind is int:
            other = other if kind is float else _whole(other, ops.add)
            return node(self._data + other, ops.add, self, None, 1.0, other)
        return self._with(other, ops.add)

    def __radd__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is float or kind is int:
            other = other if kind is float else _whole(other, ops.add)
            return node(other + self._data, ops.add, None, self, other, 1.0)
        return self._with(other, ops.add, reflected=True)

    def __sub__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value:
            return node(self._data - other._data, ops.sub, self, other, 1.0, -1.0)
        if kind is float or kind is int:
            other = other if kind is float else _whole(other, ops.sub)
            return node(self._data - other, ops.sub, self, None, 1.0, other)
        return self._with(other, ops.sub)

    def __rsub__(self, other: Any) -> Value:
        return self._with(other, ops.sub, reflected=True)

    def __mul__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value:
            out = _new(Value)
            a = out._db = self._data
            b = out._da = other._data
            out._data = a * b
            out._made_by = _MUL
            out._a = self
            out._b = other
            out._grad = 0.0
            out._mark = 0
            out._label = ""
            return out
        if kind is float or kind is int:
            other = other if kind is float else _whole(other, ops.mul)
            return node(self._data * other, ops.mul, self, None, other, other)
        return self._with(other, ops.mul)

    def __rmul__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is float or kind is int:
            other = other if kind is float else _whole(other, ops.mul)
            return node(other * self._data, ops.mul, None, self, other, other)
        return self._with(other, ops.mul, reflected=True)

    def __truediv__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is Value and other._data:
            b = other._data
            y = self._data / b
            return node(y, ops.div, self, other, 1.0 / b, -(y / b))
        if (kind is float or kind is int) and other:
            b = other if kind is float else _whole(other, ops.div)
            return node(self._data / b, ops.div, self, None, 1.0 / b, b)
        return self._with(other, ops.div)

    def __rtruediv__(self, other: Any) -> Value:
        return self._with(other, ops.div, reflected=True)

    def __pow__(self, other: Any) -> Value:
        kind = other.__class__
        if kind is float or kind is int:
            a, b = self._data, other if kind is float else _whole(other, ops.pow)
            y = floats.pow(a, b)
            return node(y, ops.pow, self, None, _slope_of_power(floats, y, a, b), b)
        return self._with(other, ops.pow)

    def __rpow__(self, other: Any) -> Value:
        return self._with(other, ops.pow, reflected=True)

    def _with(self, other: Any, op: Op, reflected: bool = False) -> Value:
        """``self op other``, or ``other op self``; NotImplemented where ``other`` may know better, as an array does."""
        if other.__class__ is int:
            other = _whole(other, op)
        elif not isinstance(other, (float, Value)):
            if knows_better(other):
                return NotImplemented  # type: ignore[no-any-return]
            other = as_float(other, f"'{op.symbol}' with a Value takes")
        return apply_binary(op, other, self) if reflected else apply_binary(op, self, other)  # type: ignore[return-value]

    def __neg__(self) -> Value:
        return node(-self._data, ops.neg, self, None, -1.0, None)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return apply_unary(ops.abs, self)

    if TYPE_CHECKING:  # v.exp(), v.tanh() ...: one method for every function, added by autograd.functions

        def __getattr__(self, name: str) -> Callable[..., Value]: ...


# ── Applying an operation: floats in, float out; a Value among the operands, and the result is recorded ──────────────


def apply_unary(op: Op, x: Scalar) -> Scalar:
    """``op`` of one operand."""
    if isinstance(x, Value):
        a = x._data
        y = op.value(floats, a)
        return node(y, op, x, None, op.partials[0](floats, y, a), None)  # type: ignore[index]
    result: float = op.value(floats, _number(x, op))
    return result


def apply_binary(op: Op, x: Any, y: Any) -> Value | float:
    """``op`` of two operands; only the operands that are Values cost a partial."""
    first, second = isinstance(x, Value), isinstance(y, Value)
    a = x._data if first else _number(x, op)
    b = y._data if second else _number(y, op)
    result: float = op.value(floats, a, b)
    if not first and not second:
        return result
    da, db = op.partials  # type: ignore[misc]
    return node(
        result, op, x if first else None, y if second else None,
        da(floats, result, a, b) if first else a,
        db(floats, result, a, b) if second else b,
    )  # fmt: skip


def apply_many(op: Op, args: tuple[Any, ...]) -> Value | float:
    """``op`` of any number of operands, as one node."""
    numbers = [x._data if x.__class__ is Value else x if x.__class__ is float else _number(x, op) for x in args]
    result: float = op.value(floats, *numbers)
    wanted = [i for i, x in enumerate(args) if x.__class__ is not float and isinstance(x, Value)]
    if not wanted:
        return result
    if len(wanted) == len(args):
        operands = args
        partials = op.differentiate(floats, result, numbers)
    else:
        operands = tuple([args[i] for i in wanted])
        every: list[Any] = numbers.copy()
        for i in wanted:
            every[i] = args[i]
        partials = Beside(op.differentiate(floats, result, numbers, wanted), tuple(every))
    return node(result, op, None, None, operands, partials)


def _number(x: Any, op: Op) -> float:
    """The number of an operand, whatever it came as."""
    if x.__class__ is float:
        return x
    return x._data if isinstance(x, Value) else as_float(x, f"{op.name} takes")


def apply(op: Op, *args: Any) -> Any:
    """``op`` of as many operands as it has."""
    if op.arity == 1:
        return apply_unary(op, *args)
    if op.arity == 2:
        return apply_binary(op, *args)
    return apply_many(op, args)
