"""Expressions as data: drawn by :mod:`autograd.testing.strategies`, run in any arithmetic, printed as code.

A :class:`Expression` knows nothing of ``Value``. It runs on whatever numbers it is given, so that the engine, 50-digit
arithmetic, complex numbers and fractions all compute the same expression, each by its own functions.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import autograd
from autograd import Value
from autograd.ops import TABLE

#: What stands before a printed expression. The star leaves out what would replace a builtin.
IMPORTS = "from autograd import *; from autograd import sum"
INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": abs,
}


@dataclass(frozen=True)
class Step:
    """One operation: its name in the table, and its operands.

    Parameters
    ----------
    name : str
        A key of ``autograd.ops.TABLE``.
    operands : tuple of int or float
        An int is the number of an earlier node, leaves first; a float is a constant.
    """

    name: str
    operands: tuple[int | float, ...]


@dataclass(frozen=True)
class Expression:
    """An expression graph: leaves, then operations; the last one is the root.

    ``repr`` is code that can be pasted after :data:`IMPORTS`, which is what a failing test prints.
    """

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]

    def run(self, leaves: Sequence[Any], apply: Callable[[str, list[Any]], Any]) -> list[Any]:
        """Every node, leaves first, where ``apply(name, operands)`` is the arithmetic."""
        nodes = list(leaves)
        for step in self.steps:
            nodes.append(apply(step.name, [nodes[k] if isinstance(k, int) else k for k in step.operands]))
        return nodes

    def record(self) -> tuple[list[Value], Value]:
        """Leaves and root, as the engine records them."""
        leaves = [Value(x) for x in self.leaves]
        return leaves, self.run(leaves, record)[-1]

    def of(self, leaves: Sequence[Any]) -> Any:
        """The root as the engine computes it from these leaves, Values or floats."""
        return self.run(leaves, record)[-1]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002  # IPython's protocol
        printer.text(repr(self))  # Hypothesis would print how it was drawn

    def __repr__(self) -> str:
        uses = Counter(k for step in self.steps for k in step.operands if isinstance(k, int))
        texts = [f"x{k}" for k in range(len(self.leaves))]
        lines = [f"x{k} = Value({x!r})" for k, x in enumerate(self.leaves)]
        last = len(self.leaves) + len(self.steps) - 1
        for k, step in enumerate(self.steps, start=len(self.leaves)):
            text = spell(step.name, [texts[i] if isinstance(i, int) else repr(i) for i in step.operands])
            if uses[k] == 1 and k != last:
                texts.append(text if text.endswith(")") and step.name not in INFIX else f"({text})")
            else:
                texts.append(f"y{k}")
                lines.append(f"y{k} = {text}")
        return "; ".join(lines)


def record(name: str, operands: list[Any]) -> Any:
    """One operation of the engine as its users write it: an operator where Python has one, else a function."""
    if name in OPERATORS:
        return OPERATORS[name](*operands)
    function = getattr(autograd, name)
    if name == "dot":
        half = len(operands) // 2
        return function(operands[:half], operands[half:])
    if TABLE[name].arity is None:
        return function(operands)
    return function(*operands)


def spell(name: str, operands: Sequence[str]) -> str:
    """The code of what :func:`record` does."""
    if name in INFIX:
        return f"{operands[0]} {INFIX[name]} {operands[1]}"
    if name == "neg":
        return f"-{operands[0]}"
    if name == "dot":
        half = len(operands) // 2
        return f"dot([{', '.join(operands[:half])}], [{', '.join(operands[half:])}])"
    if TABLE[name].arity is None:
        return f"{name}([{', '.join(operands)}])"
    return f"{name}({', '.join(operands)})"
