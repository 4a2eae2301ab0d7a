"""What the runs of an array program are called, in its listing and by every back end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import prod

import numpy as np

from autograd import arrays
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.matrices.statements import Linear, MatMul, Statement
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["Names"]

_LETTERS = {PARAMETER: "p", CONSTANT: "c", FIXED: "u"}
# What a program may say, functions apart.
_OURS = re.compile(
    r"[Wbpcuvtki]\d+|g_\w+|zero|half|one|two|minus_zero|ones_\w+|count|inverse_count|batch_size|float|strided"
    r"|(theta|fixed|gradient)_\d+"
)


class Names:
    """Names of runs.

    A run of parameters that a matrix product reads is ``W1``, ``W2`` …, one that is added to it ``b1`` …, any other
    ``p1`` …; what is computed is ``v1``, ``v2`` … in the order it is computed; ``g_`` is the adjoint of what follows.

    Parameters
    ----------
    arguments : sequence of (str, shape)
        Name of each batched argument and the shape of one example.
    forward : sequence of statements
        The first pass.
    adjoints : sequence of (View, View)
        Runs of adjoints, each with what it is the adjoint of.
    gradient : bool
        Whether the derivatives are one gradient, and so the adjoints of the parameters.
    """

    def __init__(
        self,
        arguments: Sequence[tuple[str, tuple[int, ...]]],
        forward: Sequence[Statement],
        adjoints: Sequence[tuple[View, View]],
        gradient: bool,
    ) -> None:
        self.arguments = [_free(name) for name, _ in arguments]
        self.argument_sizes = [prod(shape) for _, shape in arguments]
        self.taken = set(self.arguments)
        self.bases: dict[tuple[int, int, int], str] = {}
        self.counts: dict[str, int] = {}
        self._parameters(forward)
        self.adjoints = {_key(run): primal for run, primal in adjoints}
        self.gradient = gradient

    def _parameters(self, forward: Sequence[Statement]) -> None:
        layer: dict[tuple[int, int], int] = {}
        layers = 0
        for statement in forward:
            if isinstance(statement, MatMul):
                for side in (statement.left, statement.right):
                    if side.place == PARAMETER and _key(side) not in self.bases:
                        layers += 1
                        self.bases[_key(side)] = f"W{layers}"
                        layer[statement.target.place, statement.target.offset] = layers
            elif isinstance(statement, Linear):
                number = layer.get((statement.target.place, statement.target.offset))
                for _, factors in statement.terms:
                    view = factors[0]
                    if number and len(factors) == 1 and isinstance(view, View) and view.place == PARAMETER:
                        self.bases.setdefault(_key(view), f"b{number}")

    def base(self, view: View) -> str:
        """The name of the run a view shows, whatever its shape."""
        if view.place >= FIRST_BATCHED:
            return self.arguments[view.place - FIRST_BATCHED]
        if view.place == COUNT:
            return ("count", "inverse_count")[view.offset]
        key = _key(view)
        name = self.bases.get(key)
        if name is None:
            name = self.bases[key] = self._adjoint(view) or self._numbered(_LETTERS.get(view.place, "v"))
        return name

    def _numbered(self, letter: str) -> str:
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{letter}{self.counts[letter]}"

    def _adjoint(self, view: View) -> str:
        """The name of an adjoint, after what it is the adjoint of."""
        if view.place == RESULT:
            if not self.gradient:
                return self._numbered("g")
            primal: View | None = View(PARAMETER, view.offset, view.shape, view.strides)
        else:
            primal = self.adjoints.get(_key(view))
        return f"g_{self.base(primal)}" if primal else ""

    def shown(self, view: View) -> str:
        """What a view is called in an equation: its run and its shape."""
        shape = [str(n) for n in view.shape if n > 1] or ["1"]
        turned = "ᵀ" if len(view.shape) > 1 and 0 < view.strides[-2] < view.strides[-1] else ""
        return f"{self.base(view)}{turned}[{'×'.join(shape + ['n'] * view.batched)}]"


def _key(view: View) -> tuple[int, int, int]:
    return view.place, view.offset, view.without(view.repeated).size


def _free(argument: str) -> str:
    """The name of a batched argument, with an underscore where the program means something else by it."""
    name = argument.rstrip("_")
    ours = _OURS.fullmatch(name) or callable(getattr(np, name, None)) or hasattr(arrays, name)
    return f"{argument}_" if ours else argument
