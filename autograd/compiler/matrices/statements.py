"""The array program: what statements it may hold, each printable as an equation.

``mode`` is ``=`` where a statement is the first to write its target, ``+=`` or ``-=`` where it adds to it. Member
axes come first and the batch axis last; a target without a batch axis receives the sum over the batch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from autograd.compiler.matrices.views import Index, View
from autograd.op import Op

__all__ = [
    "Data", "Linear", "Map", "MatMul", "Operand", "Reduce", "Segments", "Statement", "Take", "Total",
]  # fmt: skip

Operand = View | float
Name = Callable[[View], str]


class Data:
    """What is equal if all of its fields are; a dataclass that holds arrays."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self.__class__ is other.__class__ and all(
            _same(getattr(self, f.name), getattr(other, f.name))
            for f in fields(self)  # type: ignore[arg-type]
        )

    __hash__ = None  # type: ignore[assignment]


class _Statement(Data, ABC):
    """Something with a target; printed as an equation."""

    __slots__ = ()

    target: View

    @property
    def operands(self) -> list[View]:
        """The views that it reads."""
        parts: list[object] = [getattr(self, f.name) for f in fields(self) if f.name != "target"]  # type: ignore[arg-type]
        for part in parts:  # which grow
            if isinstance(part, tuple):
                parts += part
        return [part for part in parts if isinstance(part, View)]

    @property
    def over_batch(self) -> bool:
        """Whether it sums over the examples."""
        return not self.target.batched and any(view.batched for view in self.operands)

    def equation(self, name: Name) -> str:
        """The statement as text, where ``name`` says what to call a view."""
        return self._text(name)

    @abstractmethod
    def _text(self, name: Name) -> str:
        """The equation of this sort of statement."""

    def __str__(self) -> str:
        return self.equation(str)


@dataclass(frozen=True, slots=True, eq=False)
class Take(_Statement):
    """``target[k] = source[index[k]]``, or ``target[positions[k]]``."""

    target: View
    source: View
    index: Index
    positions: Index | None = None

    def _text(self, name: Name) -> str:
        return f"{name(self.target)} = {name(self.source)}[{len(self.index)} chosen]"


@dataclass(frozen=True, slots=True, eq=False)
class Map(_Statement):
    """``target = op(args)``, elementwise."""

    target: View
    op: Op
    args: tuple[Operand, ...]

    def _text(self, name: Name) -> str:
        return f"{name(self.target)} = {self.op.name}({_list(self.args, name)})"


@dataclass(frozen=True, slots=True, eq=False)
class Linear(_Statement):
    """``target (mode) ± a ± b·c …``, elementwise; each term is a sign and one factor or more."""

    target: View
    mode: str
    terms: tuple[tuple[int, tuple[Operand, ...]], ...]

    def _text(self, name: Name) -> str:
        text = " ".join(
            [f"{'+-'[sign < 0]} {' · '.join([_show(f, name) for f in factors])}" for sign, factors in self.terms]
        )
        return f"{name(self.target)} {self.mode} {text.removeprefix('+ ')}"


@dataclass(frozen=True, slots=True, eq=False)
class MatMul(_Statement):
    """``target[h, i, j] (mode) Σₖ left[h, i, k] right[h, j, k]``."""

    target: View
    mode: str
    left: View
    right: View

    def _text(self, name: Name) -> str:
        right = name(self.right)
        if self.over_batch:
            right += "ᵀ"
        elif not (self.right.batched and self.right.shape[1] == 1):
            right = name(self.right.transposed(0, 2, 1))
        return f"{name(self.target)} {self.mode} {name(self.left)} @ {right}"


@dataclass(frozen=True, slots=True, eq=False)
class Total(_Statement):
    """``target (mode) Σ source`` over ``axes`` of the source, and over the batch if only the source has one."""

    target: View
    mode: str
    source: View
    axes: tuple[int, ...]

    def _text(self, name: Name) -> str:
        over = [f"axis {axis}" for axis in self.axes] + ["batch"] * self.over_batch
        return f"{name(self.target)} {self.mode} Σ {name(self.source)} over {', '.join(over)}"


@dataclass(frozen=True, slots=True, eq=False)
class Segments(_Statement):
    """``target[k] (mode) Σ source[starts[k]:starts[k + 1]]``: sums of different lengths."""

    target: View
    mode: str
    source: View
    starts: Index

    def _text(self, name: Name) -> str:
        return f"{name(self.target)} {self.mode} Σ {name(self.source)} in {len(self.starts)} segments"


@dataclass(frozen=True, slots=True, eq=False)
class Reduce(_Statement):
    """``target = op(source[…, 0], source[…, 1], …)`` for an operation of any number of operands."""

    target: View
    op: Op
    source: View

    def _text(self, name: Name) -> str:
        return f"{name(self.target)} = {self.op.name}({name(self.source)}) over the last axis"


def _same(a: object, b: object) -> bool:
    """Whether fields are equal: numbers by their bits, so that nan is equal to nan and 0.0 is not to -0.0."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return a.hex() == b.hex()
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return False
    return a == b


Statement = Take | Map | Linear | MatMul | Total | Segments | Reduce


def _show(operand: Operand, name: Name) -> str:
    return name(operand) if isinstance(operand, View) else f"{operand:g}"


def _list(operands: tuple[Operand, ...], name: Name) -> str:
    return ", ".join([_show(operand, name) for operand in operands])
