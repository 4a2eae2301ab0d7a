"""How a written call hands numbers to its program and gets derivatives: one by one, or in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends import FloatCode
from autograd.compiler.calls.finite import is_finite
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.program.buffers import Buffers
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.tape import FIXED, PARAMETER

__all__ = ["Feed", "feed"]


class Feed:
    """The lines of a call between its guards and its result, for a program that floats are handed to.

    Parameters
    ----------
    program : Program
    differentiates : bool
        Whether derivatives are wanted, which are in ``g`` then.

    Attributes
    ----------
    space : dict
        What the lines call.
    """

    results = "value"  # several, as a list
    given = "()"  # the arrays that numbers were copied to

    def __init__(self, program: Program, differentiates: bool) -> None:
        self.program, self.differentiates = program, differentiates
        self.sizes = {PARAMETER: 0, FIXED: 0}
        self.space: dict[str, Any] = {"isfinite": isfinite, "array": np.array}
        self.numbers: dict[int, list[str]] = {PARAMETER: [], FIXED: []}

    def take(self, place: int, name: str, text: str, shape: tuple[int, ...] = (), is_array: bool = False) -> slice:
        """Let the program read a part of an argument; where its numbers stand among those of their place."""
        start = self.sizes[place]
        self.sizes[place] += prod(shape)
        where = slice(start, self.sizes[place])
        self._take(place, name, text, where, shape, is_array)
        return where

    def _take(self, place: int, name: str, text: str, where: slice, shape: tuple[int, ...], is_array: bool) -> None:  # noqa: ARG002
        self.numbers[place].append(f"*{text}.ravel().tolist()" if is_array else f"*{text}" if shape else text)

    def lines(self, batch: Sequence[str]) -> list[str]:  # noqa: ARG002
        """What leaves the value in ``value``, given the names of the batched arguments."""
        code: Any = self.program.code
        self.space["run"] = code.value_and_grad if self.differentiates else code.value
        numbers = ", ".join(self.numbers[PARAMETER] + self.numbers[FIXED])
        self.given = f"(array(({numbers}{',' * bool(numbers)}), float64),)"
        if not self.differentiates:
            return [f"value = run({numbers})"]
        return [f"value, g = run({numbers})", "if not isfinite(sum(g, value)): return None"]

    def derivatives(self, where: slice, shape: tuple[int, ...]) -> str:
        """An array of derivatives, of that shape."""
        flat = f"array({self.floats(where)})"
        return flat if len(shape) == 1 else f"{flat}.reshape({shape})"

    def floats(self, where: slice) -> str:
        """A sequence of them."""
        return f"g[{where.start}:{where.stop}]"

    def float(self, k: int) -> str:
        """One of them."""
        return f"g[{k}]"


class _Place(NamedTuple):
    """A view to copy into, or from: its name, the place and the numbers that it shows, and its shape."""

    name: str
    place: int
    where: slice
    shape: tuple[int, ...]


class _ArrayFeed(Feed):
    """Of a program on buffers: numbers are copied there, but those that it takes from where they are."""

    results = "value.tolist()"
    given = "given"

    def __init__(self, program: Program, differentiates: bool) -> None:
        super().__init__(program, differentiates)
        self.space |= {"is_finite": is_finite, "empty_aligned": _empty_aligned, "errstate": np.errstate}
        self.copies: list[str] = []
        self.lent: list[str] = []
        self.views: list[_Place] = []
        # A new array, if the program writes to it; else each derivative is copied in its shape.
        self.found = "g" if RESULT in {run.place for run in program.code.lent} else "gradient"

    def _take(self, place: int, name: str, text: str, where: slice, shape: tuple[int, ...], is_array: bool) -> None:
        left = self._lend(place, where, f"{name}_flat") if is_array else [where]
        if left == [where]:
            self._copy(_Place(f"v{name}", place, where, shape), text)
            return
        self.copies.append(f"{name}_flat = {text}.reshape(-1)")
        for part in left:
            view = _Place(f"v{name}_{part.start}", place, part, (part.stop - part.start,))
            self._copy(view, f"{name}_flat[{part.start - where.start}:{part.stop - where.start}]")

    def _copy(self, view: _Place, text: str) -> None:
        self.views.append(view)
        self.copies.append(f"{view.name}[...] = {text}")

    def _lend(self, place: int, where: slice, array: str) -> list[slice]:
        """Hand over those numbers of a flat array that the program takes as they lie; what is left to be copied."""
        start, left = where.start, []
        for run in self.program.code.lent:
            if run.place == place and start <= run.start and run.stop <= where.stop:
                self.lent.append(f"{run.name}={array}[{run.start - where.start}:{run.stop - where.start}]")
                left.append(slice(start, run.start))
                start = run.stop
        return [part for part in (*left, slice(start, where.stop)) if part.start < part.stop]

    def lines(self, batch: Sequence[str]) -> list[str]:
        self.space["buffers"] = _bound(self.program, self.views, self.differentiates)
        names = ", ".join(["run", "gradient", "given", *[view.name for view in self.views]])
        after = self._after() if self.differentiates else []
        told = ["finite=True"] if self.differentiates and self.program.code.tells_finite else []
        run = f"value = run({', '.join([*batch, *self.lent, *told])})"
        return [
            f"{names} = buffers({f'len({batch[0]})' if batch else 1})",
            *self.copies,
            *(["with errstate(all='ignore'):", f"    {run}"] if self.program.code.warns else [run]),
            *after,
        ]

    def _after(self) -> list[str]:
        """Whether all derivatives are finite; if the program writes to a new array, this has the others copied, too."""
        if self.program.code.tells_finite:
            return ["if not isfinite(value): return None"]
        copies = []
        if self.found == "g":
            whole = slice(0, self.program.derivatives)
            left = self._lend(RESULT, whole, "g")
            self.copies.append(f"g = empty_aligned({whole.stop})")
            copies = [f"g[{part.start}:{part.stop}] = gradient[{part.start}:{part.stop}]" for part in left]
        return [*copies, f"if not (isfinite(value) and is_finite({self.found})): return None"]

    def _view(self, where: slice, shape: tuple[int, ...]) -> str:
        if self.found == "gradient":
            self.views.append(_Place(f"d{len(self.views)}", RESULT, where, shape))
            return self.views[-1].name
        flat = f"g[{where.start}:{where.stop}]"
        return flat if len(shape) == 1 else f"{flat}.reshape({shape})"

    def derivatives(self, where: slice, shape: tuple[int, ...]) -> str:
        return self._view(where, shape) + ".copy()" * (self.found == "gradient")

    def floats(self, where: slice) -> str:
        return f"{self._view(where, (where.stop - where.start,))}.tolist()"

    def float(self, k: int) -> str:
        return f"{self.found}.item({k})"


def _empty_aligned(size: int) -> npt.NDArray[np.float64]:
    """A new array that begins where four floats are read at once, as others do by chance: it is read a third faster."""
    room = np.empty(size + 3)
    start = -room.__array_interface__["data"][0] // room.itemsize % 4
    return room[start : start + size]


def _bound(program: Program, views: Sequence[_Place], differentiates: bool) -> Buffers[tuple[Any, ...]]:
    """What runs on the buffers of a program, the gradient, and views to copy into; nothing of a call's arguments."""
    buffers = program.buffers

    def make(batch_size: int) -> tuple[Any, ...]:
        step = buffers(batch_size)
        places = {PARAMETER: step.parameters, FIXED: step.fixed, RESULT: step.gradient}
        shown = [places[view.place][view.where].reshape(view.shape) for view in views]
        run = step.value_and_grad if differentiates else step.value
        return (run, step.gradient, (step.parameters, step.fixed), *shown)

    return Buffers(make)


def feed(program: Program, differentiates: bool) -> Feed:
    """What a program needs of a call."""
    return (Feed if isinstance(program.code, FloatCode) else _ArrayFeed)(program, differentiates)
