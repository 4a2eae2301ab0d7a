"""A health check of a recorded graph."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from autograd import ops
from autograd.convert import describe
from autograd.errors import OperandError
from autograd.explain import call, first_non_finite, name, non_finite
from autograd.graph import topological_order
from autograd.recorded import gradients, recorded_partials
from autograd.tracing import refuse_while_recording
from autograd.value import Value

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """What :func:`diagnose` found; ``str`` says it in words.

    Attributes
    ----------
    root : Value
        What was examined.
    value : Value or None
        The first value that is not finite, in the order of computation.
    derivative : tuple of (Value, Value), or None
        The operation and its operand where, on the way back from the root, a derivative is first not finite.
    dead : tuple of Value
        The relus whose input is zero or below, in the order of computation: nothing flows back through them.
    unreached : tuple of Value
        Those of the given leaves that the root does not depend on.
    """

    root: Value
    value: Value | None
    derivative: tuple[Value, Value] | None
    dead: tuple[Value, ...]
    unreached: tuple[Value, ...]

    @property
    def finite(self) -> bool:
        """Whether every value and every derivative is a finite number."""
        return self.value is None and self.derivative is None

    def __str__(self) -> str:
        lines = []
        if self.value is not None:
            lines.append(
                non_finite(self.root)
                if not math.isfinite(self.root.data)
                else f"{call(self.value)} = {self.value.data}, though the root is finite"
            )
        if self.derivative is not None:
            node, operand = self.derivative
            lines.append(f"the derivative with respect to {name(operand)} is not finite; it began at {call(node)}")
        if self.dead:
            lines.append(f"{len(self.dead)} dead relu{'s' * (len(self.dead) > 1)}: {_some(self.dead)}")
        if self.unreached:
            lines.append(f"the root does not depend on {_some(self.unreached)}")
        return "\n".join(lines) or "all values and derivatives are finite, no relu is dead"


def diagnose(root: Value, leaves: Iterable[Value] = ()) -> Diagnosis:
    """Look for what commonly goes wrong: nan, infinity, dead relus, unused parameters.

    Parameters
    ----------
    root : Value
        A loss, as a rule.
    leaves : iterable of Value
        What the root should depend on, for instance ``model.parameters()``.

    Returns
    -------
    Diagnosis
        For the price of two backward passes, whatever the size of the graph. No ``grad`` is touched.

    Examples
    --------
    >>> from autograd import relu
    >>> x, unused = Value(-1.0, label="x"), Value(0.0, label="b")
    >>> print(diagnose(relu(x) + 1.0, [x, unused]))
    1 dead relu: relu(x=-1)
    the root does not depend on b
    """
    refuse_while_recording("diagnose()", "diagnose a result outside")
    if not isinstance(root, Value):
        raise OperandError(f"diagnose takes a Value to look below, got {describe(root)}; compute it from Values")
    order = topological_order(root)
    reached = {root, *(arg for node in order for arg in node.args if isinstance(arg, Value))}
    return Diagnosis(
        root=root,
        value=first_non_finite(root),
        derivative=_first_non_finite_derivative(root, order),
        dead=tuple([node for node in order if node.op is ops.relu and node.data == 0.0]),
        unreached=tuple([leaf for leaf in leaves if leaf not in reached]),
    )


def _first_non_finite_derivative(root: Value, order: list[Value]) -> tuple[Value, Value] | None:
    steps = [(node, *step) for node in reversed(order) for step in recorded_partials(node)]
    operands = [root, *{operand for _, operand, _ in steps}]
    adjoints = dict(zip(operands, gradients(root, operands, check=False), strict=True))
    sound = [step for step in steps if adjoints[step[0]] and math.isfinite(adjoints[step[0]])]
    begun = [(node, operand) for node, operand, partial in sound if not math.isfinite(adjoints[node] * partial)]
    begun += [(node, operand) for node, operand, _ in sound if not math.isfinite(adjoints[operand])]  # their sum
    return begun[0] if begun else None


def _some(values: tuple[Value, ...], most: int = 5) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(call(value) for value in values[:most]) + more
