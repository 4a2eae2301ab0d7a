"""What a node of the graph is: a number, how it was made, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd import graph, tracing
from autograd.convert import as_float, describe
from autograd.copies import reduce_node
from autograd.errors import OperandError
from autograd.op import Op
from autograd.plain import Plain
from autograd.shown import Shown
from autograd.tracing import CHOICE, CONSTANT, DERIVATIVE, EQUALITY, refuse_while_recording

if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["Beside", "Node", "as_number"]


def as_number(partial: Any) -> float:
    """A recorded partial: as it is, or where the user writes `_backward`, what that hands on for the adjoint 1."""
    return partial if isinstance(partial, float) else 1.0 * partial


class Beside(list[float]):
    """The partials of a result that has constants among its operands, and all operands in order."""

    __slots__ = ("args",)

    def __init__(self, partials: Iterable[float], args: tuple[Value | float, ...]) -> None:
        super().__init__(partials)
        self.args = args

    def __reduce__(self) -> tuple[Any, ...]:
        return Beside, (list(self), self.args)


class Node(Shown, Plain):
    """The fields of a :class:`autograd.value.Value`, which adds the arithmetic.

    Notes
    -----
    A result keeps its one or two operands in ``_a`` and ``_b`` and its derivative with respect to them, taken when it
    was made, in ``_da`` and ``_db``. A constant operand is no node: its place is None and its number stands where the
    partial would. A result of any other number of operands has None in both places, the operands that are Values in
    ``_da`` and their partials in ``_db``: in :class:`Beside`, where there are constants too. (Two slots instead of
    tuples halve the cost of a node.) ``args`` and ``partials`` read all of these alike.
    """

    __slots__ = ("__weakref__", "_a", "_b", "_da", "_data", "_db", "_grad", "_label", "_made_by", "_mark")

    _data: float
    _grad: float
    _made_by: Op | None
    _a: Value | None
    _b: Value | None
    _da: Any
    _db: Any
    _mark: int
    _label: str

    @property
    def data(self) -> float:
        """The number.

        Where that of a result is set, what was computed from it keeps its numbers and partials, and so does the result
        its own; what is computed from it later sees the new number.
        """
        if tracing.active:
            refuse_while_recording("reading data of a Value", CONSTANT)
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        if tracing.active:
            refuse_while_recording("setting data of a Value", "set it before the call, or make a new Value")
        self._data = data if data.__class__ is float else as_float(data, "Value.data takes")

    @property
    def grad(self) -> float:
        """Derivative of the root of ``backward()``. Leaves accumulate; a result has that of the last pass."""
        if tracing.active:
            refuse_while_recording("reading grad of a Value", DERIVATIVE)
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
        return self._made_by

    @property
    def args(self) -> tuple[Value | float, ...]:
        """Operands in the order they were written, repeats included; constants are floats. Empty for a leaf."""
        if self._made_by is None:
            return ()
        if self._a is None and self._b is None:
            return self._db.args if self._db.__class__ is Beside else self._da
        first = self._da if self._a is None else self._a
        if self._made_by.arity == 1:
            return (first,)
        return (first, self._db if self._b is None else self._b)

    @property
    def partials(self) -> tuple[float | None, ...]:
        """Derivative with respect to each of ``args``, taken at the forward point; None for a constant."""
        if tracing.active:
            refuse_while_recording("reading partials of a Value", DERIVATIVE)
        if self._made_by is None:
            return ()
        if self._a is None and self._b is None:
            recorded = iter(self._db)
            return tuple(as_number(next(recorded)) if isinstance(arg, Node) else None for arg in self.args)
        first = None if self._a is None else self._da
        if self._made_by.arity == 1:
            return (first,)
        return (first, None if self._b is None else self._db)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        refuse_while_recording("copying or pickling a Value", "use the Value itself, nothing changes it")
        if self._made_by is None and self._mark & 1:  # see autograd.variables.is_variable
            raise OperandError(
                f"copying or pickling {self._text()}, by which a function is being differentiated, would lose how the "
                "result depends on it; use the Value itself, or autograd.data(...) for its number"
            )
        return reduce_node(self)

    def __repr__(self) -> str:
        refuse_while_recording("showing a Value", "show it outside")
        return self._text()

    def _text(self) -> str:
        """What ``repr`` shows; error messages may, whatever is recorded."""
        label = f", label={self._label!r}" if self._label else ""
        return f"Value(data={self._data!r}, grad={self._grad!r}{label})"

    def __format__(self, spec: str) -> str:
        refuse_while_recording("showing a Value", "show it outside")
        return format(self._data, spec) if spec else repr(self)

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
        refuse_while_recording("comparing a Value", CHOICE)
        if isinstance(other, Node):
            other = other._data
        elif isinstance(other, Real) and not isinstance(other, int):  # an int may be too large for a float
            other = float(other)
        return relation(self._data, other)

    def __eq__(self, other: object) -> bool:
        if tracing.active and other is not graph.ZERO:
            refuse_while_recording("comparing a Value by == or !=", EQUALITY)
        return object.__eq__(self, other)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        refuse_while_recording("bool() of a Value", CHOICE)
        return self._data != 0.0
