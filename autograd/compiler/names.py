"""Names for views, and the lines that bind each of them once, before the first step."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from autograd.compiler.schedule import BATCHED, UNBATCHED
from autograd.compiler.statements import Linear, MatMul, Statement
from autograd.compiler.tape import CONSTANT, FIRST_BATCHED, FIXED, PARAMETER
from autograd.compiler.views import View

__all__ = ["Names"]

_VALUES = {PARAMETER: "theta", CONSTANT: "constants", FIXED: "fixed", UNBATCHED: "numbers", BATCHED: "batch"}
_ADJOINTS = {PARAMETER: "gradient", UNBATCHED: "g_numbers", BATCHED: "g_batch"}


class Names:
    """What the views of a program are called.

    A run of parameters that a matrix product reads is ``W1``, ``W2`` …, one that is added to it ``b1`` …, any other
    ``p1`` …; what is computed is ``v1``, ``v2`` … in the order it is computed; ``g_`` is the adjoint.
    """

    def __init__(self, statements: Sequence[Statement], arguments: Sequence[tuple[str, tuple[int, ...]]]) -> None:
        self.arguments = [name for name, _ in arguments]
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
        size = prod([n for n, s in zip(view.shape, view.strides, strict=True) if s])
        return view.place, view.offset, size

    def base(self, view: View) -> str:
        """The name of the run a view shows, whatever its shape."""
        key = self._key(view)
        name = self.bases.get(key)
        if name is None:
            letter = {PARAMETER: "p", CONSTANT: "c", FIXED: "u"}.get(view.place, "v")
            if view.place >= FIRST_BATCHED:
                name = self.arguments[view.place - FIRST_BATCHED]
            else:
                self.counts[letter] = self.counts.get(letter, 0) + 1
                name = f"{letter}{self.counts[letter]}"
            self.bases[key] = name
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
        if key in self.names:
            return self.names[key]
        base = self.base(view)
        text = self._strided(view, view.shape, view.strides) if spread else self._text(view)
        if form == "column":
            text += "[:, None]" if len(view.shape) == 1 else "[..., None]"
        elif form == "T":
            text += ".T" if len(view.shape) + view.batched == 2 else ".swapaxes(-1, -2)"
        elif form == "first":
            text = f"moveaxis({text}, -1, 0)"
        for other in (base, f"{base}_{form}" if form else "", self._shaped(base, view, form)):
            if other and other not in self.taken:
                name = other
                break
        else:
            n = 2
            while f"{base}_{n}" in self.taken:
                n += 1
            name = f"{base}_{n}"
        if view.place >= FIRST_BATCHED and not view.adjoint:
            if text == base:
                name = base
            else:
                self.per_call[name] = text
        else:
            self.bound.append(f"{name} = {text}")
        self.taken.add(name)
        self.names[key] = name
        return name

    @staticmethod
    def _shaped(base: str, view: View, form: str) -> str:
        return f"{base}_{'x'.join(map(str, view.shape))}" + (f"_{form}" if form else "")

    def _text(self, view: View) -> str:
        """Source text of a view."""
        array = self._array(view)
        axes = [(n, s) for n, s in zip(view.shape, view.strides, strict=True) if not (s == 0 and n > 1) and n > 1]
        size = prod([n for n, _ in axes])
        end = "batch_size" if view.batched else ""
        expected, row_major = 1, True
        for n, s in reversed(axes):
            row_major &= s == expected
            expected *= n
        index = [":" if not (s == 0 and n > 1) else "None" for n, s in zip(view.shape, view.strides, strict=True)]
        shape = [n for n, s in zip(view.shape, view.strides, strict=True) if not (s == 0 and n > 1)]
        if row_major:
            text = f"{array}[{view.offset}:{view.offset + size}]"
            if (
                view.place >= FIRST_BATCHED
                and len(shape) == 1
                and view.offset == 0
                and self._is_whole_argument(view, size)
            ):
                text = array
            if not shape:
                shape, index = [1] * len(view.shape), []
            if len(shape) != 1:
                text += f".reshape({', '.join([*map(str, shape), *([end] if end else [])]) or '()'})"
        elif len(axes) == 1 and len(shape) == 1 and axes[0][1] > 1:
            n, s = axes[0]
            text = f"{array}[{view.offset}:{view.offset + n * s - s + 1}:{s}]"
        elif _fills_an_interval(axes) and len(axes) == len(shape):
            order = sorted(range(len(axes)), key=lambda k: -axes[k][1])
            counts = [str(axes[k][0]) for k in order] + ([end] if end else [])
            back = [order.index(k) for k in range(len(order))] + ([len(order)] if end else [])
            text = f"{array}[{view.offset}:{view.offset + size}].reshape({', '.join(counts)})"
            text += ".T" if back == [1, 0] else f".transpose({', '.join(map(str, back))})"
        else:
            strides = [s for n, s in zip(view.shape, view.strides, strict=True) if not (s == 0 and n > 1)]
            text = self._strided(view, tuple(shape), tuple(strides))
        if "None" in index:
            text += f"[{', '.join(index)}]"
        return text

    def _array(self, view: View) -> str:
        if view.place >= FIRST_BATCHED:
            return ("g_" if view.adjoint else "") + self.arguments[view.place - FIRST_BATCHED]
        return (_ADJOINTS if view.adjoint else _VALUES)[view.place]

    def _strided(self, view: View, shape: tuple[int, ...], strides: tuple[int, ...]) -> str:
        return f"strided({self._array(view)}, {view.offset}, {shape}, {strides})"

    def _is_whole_argument(self, view: View, size: int) -> bool:
        return self.argument_sizes[view.place - FIRST_BATCHED] == size


def _fills_an_interval(axes: list[tuple[int, int]]) -> bool:
    """Whether axes of these counts and strides fill an interval in some order."""
    expected = 1
    for n, s in sorted(axes, key=lambda axis: axis[1]):
        if s != expected:
            return False
        expected *= n
    return True
