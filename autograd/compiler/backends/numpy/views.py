"""Views as source: the lines that make each of them once for a set of buffers, or once a call for the arguments."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, count

from autograd.compiler.backends.numpy.lent import lent_runs
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["ARRAYS", "Views"]

# What the arrays are called that hold the places.
ARRAYS = {
    PARAMETER: "theta", CONSTANT: "constants", FIXED: "fixed", COUNT: "counts", UNBATCHED: "numbers", BATCHED: "batch",
    RESULT: "gradient",
}  # fmt: skip


class Views:
    """The names of views in source, and the lines that bind them."""

    def __init__(self, program: ArrayProgram) -> None:
        self.names = program.names
        self.arguments = self.names.arguments
        self.bound: dict[str, tuple[int, str]] = {}  # name: the place shown, and the text; once for a set of buffers
        self.per_call: dict[str, str] = {}  # views of the batch and of what is lent, other arrays in each call
        self.lent = lent_runs(program)
        self.of: dict[object, str] = {}
        self.taken = {*ARRAYS.values(), *self.arguments}

    def __call__(self, view: View, form: str = "", spread: bool = False) -> str:
        """The name of a view.

        ``form`` is ``column`` for a batch axis of 1, ``T`` or ``first`` for another order of axes. Repeated axes have
        length 1, which elementwise functions stretch by themselves; ``spread`` writes them out for all others.
        """
        spread = spread and bool(view.repeated)
        key = (view, form, spread)
        if key not in self.of:
            text = self._text(view, spread)
            if form == "column":
                text += "[:, None]" if len(view.shape) == 1 else "[..., None]"
            elif form == "T":
                text += ".T" if len(view.shape) + view.batched == 2 else ".swapaxes(-1, -2)"
            elif form == "first":
                text = f"moveaxis({text}, -1, 0)"
            self.of[key] = self._bind(view, form, text)
        return self.of[key]

    def bind(self, name: str, text: str) -> None:
        """A line that gives a name to something that is no view: scratch space, a number, an index."""
        self.taken.add(name)
        self.bound[name] = (OTHER, text)

    def _bind(self, view: View, form: str, text: str) -> str:
        """A name that is still free, and the line that gives it to ``text``."""
        base = self.names.base(view)
        if text == base:
            return base  # an argument as it is
        form = f"_{form}" if form else ""
        shaped = f"{base}_{'x'.join(map(str, view.shape))}{form}"
        candidates = chain((base, base + form, shaped), (f"{base}_{n}" for n in count(2)))
        name = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(name)
        if self._array(view)[0] not in ARRAYS.values():
            self.per_call[name] = text
        else:
            self.bound[name] = (view.place, text)
        return name

    def _text(self, view: View, spread: bool) -> str:
        """Source text of a view; an axis that repeats has length 1, unless it is spread."""
        array, start, size = self._array(view)
        once = () if spread else view.repeated
        shape = tuple([1 if k in once else n for k, n in enumerate(view.shape)])
        view = replace(view, offset=view.offset - start, shape=shape)
        batch = ["batch_size"] * view.batched
        run = f"{array}[{view.offset}:{view.offset + view.size}]"
        if view.contiguous:
            text = array if view.size == size else run
            counts = ", ".join([*map(str, view.shape), *batch]) or "()"
            return text if len(view.shape) == 1 else f"{text}.reshape({counts})"
        if len(view.shape) == 1 and view.strides[0] > 1:
            return f"{array}[{view.offset}:{view.stop}:{view.strides[0]}]"
        if view.interval:  # the axes of a run in another order
            axes = range(len(view.shape))
            order = sorted(axes, key=lambda k: -view.strides[k])
            counts = ", ".join([*[str(view.shape[k]) for k in order], *batch])
            back = [*[order.index(k) for k in axes], *[len(axes)] * view.batched]
            return f"{run}.reshape({counts})" + (".T" if back == [1, 0] else f".transpose({', '.join(map(str, back))})")
        return f"strided({array}, {view.offset}, {view.shape}, {view.strides})"

    def _array(self, view: View) -> tuple[str, int, int]:
        """The name of the array that a view shows, its first slot, and how many it has, if its size is its own."""
        if view.place >= FIRST_BATCHED:
            k = view.place - FIRST_BATCHED
            return self.arguments[k], 0, self.names.argument_sizes[k]
        for name, place, start, stop in self.lent:
            if place == view.place and start <= view.offset < stop:
                return name, start, stop - start
        return ARRAYS[view.place], 0, 0


# The place of what is bound besides views.
OTHER = -9
