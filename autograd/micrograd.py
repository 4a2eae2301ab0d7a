"""micrograd's words on ``Value``: ``_prev``, ``_op``, ``_backward``, and a result that the user makes himself.

Such a result has operands and no partials: what it hands on is found by calling the ``_backward`` that is assigned to
it. All of this is written on top of the node, whose fields it fills and reads; the chain rule knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import WeakKeyDictionary, proxy

from autograd import graph
from autograd.convert import describe
from autograd.errors import OperandError
from autograd.op import REAL, Op
from autograd.tracing import DERIVATIVE, refuse_while_recording

if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["Words", "all_or_nothing", "lacks_backward", "read_arguments"]

MADE_BY_HAND = "a result of Value(data, _children, _op)"
INSTEAD = "make an operation by autograd.operation"

# Whether there was ever such a result: only then can a pass fail when it is half done.
in_use = False

# The constants among the operands of results, so that each is the same Value whenever it is asked for.
_constants: WeakKeyDictionary[Any, list[Value]] = WeakKeyDictionary()


class Words:
    """What micrograd's users read and set on a Value."""

    __slots__ = ()

    @property
    def _prev(self: Any) -> tuple[Value, ...]:
        """The operands in the order they were written, repeats included; a constant is a Value, always the same."""
        refuse_while_recording("reading _prev of a Value", "read it outside")
        numbers = [arg for arg in self.args if arg.__class__ is float]
        if not numbers:
            return self.args  # type: ignore[no-any-return]
        with graph.PASS:  # two threads that ask at once see the same Values
            if self not in _constants:
                _constants[self] = [type(self)(x) for x in numbers]
            found = iter(_constants[self])
        return tuple([next(found) if arg.__class__ is float else arg for arg in self.args])

    @property
    def _op(self: Any) -> str:
        """The symbol of the operation that made this, as text; empty for a leaf."""
        return "" if self.op is None else self.op.symbol

    @property
    def _backward(self: Any) -> Callable[[], None]:
        """A function that hands this node's ``grad`` on to its operands, which add it to their own."""
        return _Handing(self)

    @_backward.setter
    def _backward(self: Any, backward: Callable[[], None]) -> None:
        refuse_while_recording("setting _backward of a Value", INSTEAD)
        if not callable(backward):
            raise TypeError(f"Value._backward is a function without parameters, got {describe(backward)}")
        if not isinstance(self._db, _Slopes):
            of = "a leaf, which has no operands" if self.op is None else f"the result of {self.op.name}, which has one"
            raise AttributeError(
                f"_backward is set on {MADE_BY_HAND}, got {of}; give Value its operands and their symbol, or {INSTEAD}"
            )
        self._db.backward = backward

    def __reduce_ex__(self: Any, protocol: Any) -> tuple[Any, ...]:
        if isinstance(self._db, _Slopes):
            raise OperandError(f"copying or pickling {MADE_BY_HAND} would lose its _backward; {INSTEAD}")
        return super().__reduce_ex__(protocol)  # type: ignore[return-value]


class _Handing:
    """``_backward`` of one node."""

    __slots__ = ("_node",)

    def __init__(self, node: Value) -> None:
        self._node = node

    def __call__(self) -> None:
        refuse_while_recording("_backward()", DERIVATIVE)
        if self._node.op is not None:
            with graph.PASS:
                graph.chain_rule([self._node])


class _Slopes:
    """What stands in the place of the partials of a result whose ``_backward`` the user writes."""

    def __init__(self, node: Value) -> None:
        self.node = proxy(node)  # the node holds this, and is not to be held by it
        self.backward: Callable[[], None] | None = None

    def __iter__(self) -> Iterator[_Slope]:
        """One for each operand, for one pass, in which ``_backward`` is called once."""
        handed: dict[float, list[float]] = {}

        def amounts(adjoint: float) -> list[float]:
            if adjoint not in handed:
                handed[adjoint] = self._hand(adjoint)
            return handed[adjoint]

        return iter([_Slope(amounts, i) for i in range(len(self.node._da))])

    def _hand(self, adjoint: float) -> list[float]:
        """What ``_backward`` adds to the ``grad`` of each operand, when that of the result is ``adjoint``."""
        node = self.node
        if self.backward is None:
            raise OperandError(
                f"{MADE_BY_HAND} hands its gradient on by the _backward that you assign, got none for {node._text()}; "
                "assign a function, or compute the result from Values"
            )
        operands: dict[Value, float] = {x: x._grad for x in node._da}
        grad = node._grad
        try:
            for x in operands:
                x._grad = 0.0
            node._grad = adjoint
            self.backward()
            found = {x: x._grad for x in operands}
        finally:
            node._grad = grad
            for x, before in operands.items():
                x._grad = before
        return [found.pop(x, 0.0) for x in node._da]  # an operand that comes twice is handed all at once


class _Slope:
    """What an adjoint is multiplied by to give what one operand is handed."""

    __slots__ = ("_amounts", "_place")

    def __init__(self, amounts: Callable[[float], list[float]], place: int) -> None:
        self._amounts, self._place = amounts, place

    def __rmul__(self, adjoint: float) -> float:
        return self._amounts(adjoint)[self._place]


def lacks_backward(node: Value) -> bool:
    """Whether this is a result whose ``_backward`` is still to be assigned."""
    return isinstance(node._db, _Slopes) and node._db.backward is None


@contextmanager
def all_or_nothing(root: Value) -> Iterator[None]:
    """In this block, a ``_backward`` that is missing or raises leaves every ``grad`` below ``root`` as it was."""
    with graph.PASS:
        order = graph.topological_order(root)
        may_fail = any(isinstance(node._db, _Slopes) for node in order)
        below = {x for node in order for x in (node, *node._prev)} if may_fail else ()
        grads = [(x, x._grad) for x in below]
        try:
            yield
        except BaseException:
            for x, grad in grads:
                x._grad = grad
            raise


def _refuse(*_: Any) -> NoReturn:
    raise OperandError(
        f"{MADE_BY_HAND} has a _backward of numbers only, so it can be neither compiled nor differentiated again; "
        f"{INSTEAD}"
    )


def read_arguments(value: Any, children: Any, op: Any, label: Any) -> None:
    """Fill in a new leaf what ``Value(data, _children, _op, label)``, or ``Value(data, label)``, says of it."""
    global in_use
    value.label = label
    if isinstance(children, str):
        if children and label:
            raise TypeError(f"Value takes one label, got {children!r} and {label!r}; drop one")
        value.label, children = children or label, ()
    if not isinstance(children, (tuple, list)):
        raise TypeError(f"Value takes a label as text, or its operands as a tuple of Values, got {describe(children)}")
    for x in children:
        if not isinstance(x, type(value)):
            raise TypeError(
                f"Value takes its operands as a tuple of Values, got {describe(x)} among them; make it a Value"
            )
    if not isinstance(op, str):
        raise TypeError(f"Value takes the symbol of an operation as text, got {describe(op)}")
    if not children:
        if op:
            raise TypeError(f"Value takes the symbol of an operation with its operands, got {op!r} and no operands")
        return
    refuse_while_recording(f"making {MADE_BY_HAND}", INSTEAD)
    in_use = True
    operands = tuple(children)
    value._made_by = Op(op or "result", op or "result", _refuse, _refuse, (REAL,))
    value._da, value._db, value._mark = operands, _Slopes(value), 0
