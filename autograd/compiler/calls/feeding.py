"""How a written call hands numbers to its program and gets derivatives: one by one, or in arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.backends import FloatCode, parted
from autograd.compiler.backends.c.entry import Entry, entry
from autograd.compiler.calls.entering import enters, fits, giver, reader
from autograd.compiler.calls.finite import is_finite
from autograd.compiler.calls.parts import Part
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.program.buffers import Buffers, Step
from autograd.compiler.program.lending import empty_aligned
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.tape import FIRST_BATCHED, FIXED, PARAMETER

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
    gives = False  # whether it hands out derivatives in the structure of the arguments by itself
    given = "()"  # the arrays that numbers were copied to
    knows = False  # whether what is left in ``value`` is finite for sure

    def __init__(self, program: Program, differentiates: bool) -> None:
        self.program, self.differentiates = program, differentiates
        self.space: dict[str, Any] = {"isfinite": isfinite, "array": np.array}
        self.numbers: dict[int, list[str]] = {PARAMETER: [], FIXED: []}

    def enter(self, parts: dict[str, Part], chosen: int) -> None:
        """Do in C what can be done there for these arguments, of which so many first ones are differentiated by."""

    def take(self, part: Part, name: str, text: str) -> None:  # noqa: ARG002
        """Let the program read a part of an argument."""
        self.numbers[part.place].append(
            f"*{text}.ravel().tolist()" if part.kind == "array" else f"*{text}" if part.shape else text
        )

    def lines(self, batch: Sequence[str], guards: Sequence[str]) -> list[str]:  # noqa: ARG002
        """What leaves the value in ``value``, given the names of the batched arguments, and guards of all arguments."""
        code: Any = self.program.code
        self.space["run"] = code.value_and_grad if self.differentiates else code.value
        numbers = ", ".join(self.numbers[PARAMETER] + self.numbers[FIXED])
        self.given = f"(array(({numbers}{',' * bool(numbers)}), float64),)"
        if not self.differentiates:
            return [*guards, f"value = run({numbers})"]
        return [*guards, f"value, g = run({numbers})", "if not isfinite(sum(g, value)): return None"]

    def around(self, batch: Sequence[str], lines: Sequence[str]) -> list[str]:  # noqa: ARG002
        """All of these lines, and what has to be before and after them."""
        return list(lines)

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


class _Entered(NamedTuple):
    """What is done in C: for which arguments, of which so many are differentiated by."""

    entry: Entry
    parts: dict[str, Part]
    chosen: int

    def functions(self, step: Step, batch_size: int, gives: bool) -> tuple[Callable[..., bool], Any]:
        """What reads all arguments, and what hands out their derivatives, if it does."""
        parts = [
            part._replace(shape=(batch_size, *part.shape)) if part.place >= FIRST_BATCHED else part
            for part in self.parts.values()
        ]
        give = giver(self.entry, parts[: self.chosen], step.gradient) if gives else None
        if not fits(parts):  # Python reads them
            return lambda *_: False, give
        return reader(self.entry, parts, step.parameters, step.fixed), give


class _ArrayFeed(Feed):
    """Of a program on buffers: numbers are copied there, but those that it takes from where they are."""

    results = "value.tolist()"
    given = "given"

    def __init__(self, program: Program, differentiates: bool) -> None:
        super().__init__(program, differentiates)
        self.space |= {"is_finite": is_finite, "empty_aligned": empty_aligned, "errstate": np.errstate}
        self.copies: list[str] = []
        self.lent: list[str] = []
        self.views: list[_Place] = []
        self.entered: _Entered | None = None
        self.knows = not differentiates and program.code.tells_finite_rows
        # A new array, if the program writes to it; else each derivative is copied in its shape.
        self.found = "g" if RESULT in {run.place for run in program.code.lent} else "gradient"

    def enter(self, parts: dict[str, Part], chosen: int) -> None:
        found = entry()
        if found is not None and not self.program.code.lent and enters(every := list(parts.values())) and fits(every):
            self.entered = _Entered(found, parts, chosen)
            self.gives = self.differentiates

    def take(self, part: Part, name: str, text: str) -> None:
        left = self._lend(part.place, part.where, f"{name}_flat") if part.kind == "array" else [part.where]
        if left == [part.where]:
            self._copy(_Place(f"v{name}", part.place, part.where, part.shape), text)
            return
        self.copies.append(f"{name}_flat = {text}.reshape(-1)")
        for row in left:
            view = _Place(f"v{name}_{row.start}", part.place, row, (row.stop - row.start,))
            self._copy(view, f"{name}_flat[{row.start - part.where.start}:{row.stop - part.where.start}]")

    def _copy(self, view: _Place, text: str) -> None:
        self.views.append(view)
        self.copies.append(f"{view.name}[...] = {text}")

    def _lend(self, place: int, where: slice, array: str) -> list[slice]:
        """Hand over those numbers of a flat array that the program takes as they lie; what is left to be copied."""
        found, left = parted(self.program.code.lent, place, where)
        self.lent += [f"{run.name}={array}[{run.start - where.start}:{run.stop - where.start}]" for run in found]
        return left

    def lines(self, batch: Sequence[str], guards: Sequence[str]) -> list[str]:
        buffers = _bound(self.program, self.views, self.differentiates, self.entered)
        self.space |= {"take": buffers.take, "keep": buffers.keep}
        after = self._after() if self.differentiates else ["if value is None: return None"] * self.knows
        told = ["finite=True"] if self.knows or (self.differentiates and self.program.code.tells_finite) else []
        run = f"value = run({', '.join([*batch, *self.lent, *told])})"
        shown = [f"{', '.join([view.name for view in self.views])}, = shown"] if self.views else []
        known = [*guards, *shown, *self.copies]
        if self.entered:
            known = [f"if not read({', '.join(self.entered.parts)}):", *[f"    {line}" for line in known]]
        return [
            "run, gradient, given, read, give, shown = bound",
            *known,
            *(["with errstate(all='ignore'):", f"    {run}"] if self.program.code.warns else [run]),
            *after,
        ]

    def around(self, batch: Sequence[str], lines: Sequence[str]) -> list[str]:
        first = [
            f"if {name}.__class__ is not ndarray or not {name}.ndim or not len({name}): return None"
            for name in batch[:1]
        ]
        inside = [f"    {line}" for line in lines]
        count = f"count = {f'len({batch[0]})' if batch else 1}"
        return [*first, count, "bound = take(count)", "try:", *inside, "finally:", "    keep(count, bound)"]

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


def _bound(
    program: Program, views: Sequence[_Place], differentiates: bool, entered: _Entered | None
) -> Buffers[tuple[Any, ...]]:
    """What runs on the buffers of a program, the gradient, and views to copy into; nothing of a call's arguments."""
    buffers = program.buffers

    def make(batch_size: int) -> tuple[Any, ...]:
        step = buffers.take(batch_size)  # for good: other calls have their own
        places = {PARAMETER: step.parameters, FIXED: step.fixed, RESULT: step.gradient}
        shown = [places[view.place][view.where].reshape(view.shape) for view in views]
        run = step.value_and_grad if differentiates else step.value
        read, give = entered.functions(step, batch_size, differentiates) if entered else (None, None)
        return run, step.gradient, (step.parameters, step.fixed), read, give, shown

    return Buffers(make)


def feed(program: Program, differentiates: bool) -> Feed:
    """What a program needs of a call."""
    return (Feed if isinstance(program.code, FloatCode) else _ArrayFeed)(program, differentiates)
