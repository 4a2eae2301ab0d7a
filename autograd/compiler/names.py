"""Names for views, and the lines that bind each of them once, before the first step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, count
from math import prod

import numpy as np

from autograd import arrays
from autograd.compiler.schedule import BATCHED, UNBATCHED
from autograd.compiler.statements import Linear, MatMul, Statement
from autograd.compiler.tape import CONSTANT, FIRST_BATCHED, FIXED, PARAMETER
from autograd.compiler.views import View

__all__ = ["Names"]

_VALUES = {PARAMETER: "theta", CONSTANT: "constants", FIXED: "fixed", UNBATCHED: "numbers", BATCHED: "batch"}
_ADJOINTS = {PARAMETER: "gradient", UNBATCHED: "g_numbers", BATCHED: "g_batch"}
# What a line may say, functions apart.
_OURS = re.compile(r"[Wbpcuvtki]\d+|g_\w+|zero|half|one|two|minus_zero|ones_\w+|batch_size|float|strided")


class Names:
    """What the views of a program are called.

    A run of parameters that a matrix product reads is ``W1``, ``W2`` …, one that is added to it ``b1`` …, any other
    ``p1`` …; what is computed is ``v1``, ``v2`` … in the order it is computed; ``g_`` is the adjoint.
    """

    def __init__(self, statements: Sequence[Statement], arguments: Sequence[tuple[str, tuple[int, ...]]]) -> None:
        self.arguments = [_free(name) for name, _ in arguments]
        self.argument_sizes = [prod(shape) for _, shape in arguments]
        self.bound: list[str] = []  # lines that run once for a set of buffers
        self.per_call: dict[str, str] = {}  # views of the batch, which is another array in each call
        self.names: dict[object, str] = {}
        self.taken = {*_VALUES.values(), *_ADJOINTS.values(), *self.arguments}
        self.bases: dict[tuple[int, int, int], str] = {}
        self.counts: dict[str, int] = {}
        self._parameters(statements)

    def _parameters(self, statements: Sequence[Statement]) -> None:
        layer: dict[tuple[int, int], int] = {}
        layers = 0
        for statement in statements:
            if isinstance(statement, MatMul):
                for side in (statement.left, statement.right):
                    if side.place == PARAMETER and self._key(side) not in self.bases:
                        layers += 1
                        self.bases[self._key(side)] = f"W{layers}"
                        layer[statement.target.place, statement.target.offset] = layers
            elif isinstance(statement, Linear):
                number = layer.get((statement.target.place, statement.target.offset))
                for _, factors in statement.terms:
                    view = factors[0]
                    if number and len(factors) == 1 and isinstance(view, View) and view.place == PARAMETER:
                        self.bases.setdefault(self._key(view), f"b{number}")

    @staticmethod
    def _key(view: View) -> tuple[int, int, int]:
        return view.place, view.offset, view.without(view.repeated).size

    def base(self, view: View) -> str:
        """The name of the run a view shows, whatever its shape."""
        if view.place >= FIRST_BATCHED:
            return self.arguments[view.place - FIRST_BATCHED]
        key = self._key(view)
        name = self.bases.get(key)
        if name is None:
            letter = {PARAMETER: "p", CONSTANT: "c", FIXED: "u"}.get(view.place, "v")
            self.counts[letter] = self.counts.get(letter, 0) + 1
            name = self.bases[key] = f"{letter}{self.counts[letter]}"
        return f"g_{name}" if view.adjoint else name

    def shown(self, view: View) -> str:
        """What a view is called in an equation: its run and its shape."""
        shape = [str(n) for n in view.shape if n > 1] or ["1"]
        turned = "ᵀ" if len(view.shape) > 1 and 0 < view.strides[-2] < view.strides[-1] else ""
        return f"{self.base(view)}{turned}[{'×'.join(shape + ['n'] * view.batched)}]"

    def __call__(self, view: View, form: str = "", spread: bool = False) -> str:
        """The name of a view.

        ``form`` is ``column`` for a batch axis of 1, ``T`` or ``first`` for another order of axes. Repeated axes have
        length 1, which elementwise functions stretch by themselves; ``spread`` writes them out for all others.
        """
        spread = spread and bool(view.repeated)
        key = (view, form, spread)
        if key not in self.names:
            text = self._strided(view) if spread else self._text(view)
            if form == "column":
                text += "[:, None]" if len(view.shape) == 1 else "[..., None]"
            elif form == "T":
                text += ".T" if len(view.shape) + view.batched == 2 else ".swapaxes(-1, -2)"
            elif form == "first":
                text = f"moveaxis({text}, -1, 0)"
            self.names[key] = self._bind(view, form, text)
        return self.names[key]

    def _bind(self, view: View, form: str, text: str) -> str:
        """A name that is still free, and the line that gives it to ``text``."""
        base = self.base(view)
        if text == base:
            return base  # an argument as it is
        form = f"_{form}" if form else ""
        shaped = f"{base}_{'x'.join(map(str, view.shape))}{form}"
        candidates = chain((base, base + form, shaped), (f"{base}_{n}" for n in count(2)))
        name = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(name)
        if view.place >= FIRST_BATCHED:
            self.per_call[name] = text
        else:
            self.bound.append(f"{name} = {text}")
        return name

    def _text(self, view: View) -> str:
        """Source text of a view; an axis that repeats has length 1."""
        array = self._array(view)
        view = replace(view, shape=tuple([1 if k in view.repeated else n for k, n in enumerate(view.shape)]))
        batch = ["batch_size"] * view.batched
        run = f"{array}[{view.offset}:{view.offset + view.size}]"
        if view.contiguous:
            text = array if self._is_whole_argument(view) else run
            counts = ", ".join([*map(str, view.shape), *batch]) or "()"
            return text if len(view.shape) == 1 else f"{text}.reshape({counts})"
        if len(view.shape) == 1 and view.strides[0] > 1:
            return f"{array}[{view.offset}:{view.selection_end}:{view.strides[0]}]"
        if view.interval:  # the axes of a run in another order
            axes = range(len(view.shape))
            order = sorted(axes, key=lambda k: -view.strides[k])
            counts = ", ".join([*[str(view.shape[k]) for k in order], *batch])
            back = [*[order.index(k) for k in axes], *[len(axes)] * view.batched]
            return f"{run}.reshape({counts})" + (".T" if back == [1, 0] else f".transpose({', '.join(map(str, back))})")
        return self._strided(view)

    def _array(self, view: View) -> str:
        if view.place >= FIRST_BATCHED:
            return self.arguments[view.place - FIRST_BATCHED]
        return (_ADJOINTS if view.adjoint else _VALUES)[view.place]

    def _strided(self, view: View) -> str:
        return f"strided({self._array(view)}, {view.offset}, {view.shape}, {view.strides})"

    def _is_whole_argument(self, view: View) -> bool:
        return view.place >= FIRST_BATCHED and self.argument_sizes[view.place - FIRST_BATCHED] == view.size


def _free(argument: str) -> str:
    """The name of a batched argument, with an underscore where the program means something else by it."""
    name = argument.rstrip("_")
    ours = _OURS.fullmatch(name) or callable(getattr(np, name, None)) or hasattr(arrays, name)
    return f"{argument}_" if ours else argument
