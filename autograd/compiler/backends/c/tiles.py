"""Array programs as the runtime reads them: statements, views and steps in arrays of records, each checked."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.chained import Chained, chained
from autograd.compiler.backends.c.gathered import SumsOfProducts, gathered, runs_of
from autograd.compiler.backends.c.library import Library
from autograd.compiler.backends.c.matmul import added, arranged
from autograd.compiler.backends.c.phases import phases
from autograd.compiler.backends.c.steps import linear, runs, steps_of
from autograd.compiler.backends.code import UnsupportedProgramError
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED, is_batched
from autograd.compiler.matrices.statements import (
    Linear,
    Map,
    MatMul,
    Operand,
    Reduce,
    Segments,
    Statement,
    Take,
    Total,
)
from autograd.compiler.matrices.views import Index, View
from autograd.compiler.scalars.expressions import Expression, Term, symbols
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["PLACES", "Tiles", "encode_arrays"]

# The places in the order of the runtime; batched arguments follow.
PLACES = (PARAMETER, CONSTANT, FIXED, COUNT, UNBATCHED, RESULT, BATCHED)
AXES, MOST_OPERANDS = 4, 64
DEEPEST = 1000  # a panel of a matrix that has no examples lies on the stack
ELEMENTWISE, PRODUCT, TOTAL, COPY, SEGMENTS, RUNS, SUMS = range(7)
MODES = {"=": 0, "+=": 1, "-=": 2}

_ROOM = "a statement has a form that the runtime has no room for; leave kind out"

# The records of arrays.h.
VIEW = np.dtype(
    [("place", "i4"), ("batched", "i4"), ("offset", "i8"), ("strides", "i8", AXES), ("step", "i8")], align=True
)
STEP = np.dtype([(name, "i4") for name in ("operation", "target", "a", "b", "c", "d")], align=True)
STATEMENT = np.dtype(
    [("kind", "i4"), ("mode", "i4"), ("shape", "i8", AXES), ("reduced", "i8", AXES)]
    + [(name, "i8") for name in ("first", "count", "view", "views")],
    align=True,
)


class Tiles(NamedTuple):
    """The statements of some passes.

    Parameters
    ----------
    statements, views, steps, slots : arrays of the runtime's records
    ends : list of int
        How many statements there are up to the end of each phase.
    sums : dict of array of int
        Of each place that has no examples, the slots that are summed over them.
    """

    statements: npt.NDArray[Any]
    views: npt.NDArray[Any]
    steps: npt.NDArray[Any]
    slots: npt.NDArray[np.int32]
    ends: list[int]
    sums: dict[int, Index]


def encode_arrays(
    program: ArrayProgram, statements: Sequence[Statement], constants: list[float], library: Library
) -> Tiles:
    """The records of some statements; numbers that stand in them are appended to ``constants``.

    Raises
    ------
    UnsupportedProgramError
        If they cannot be run tile by tile, or are longer than the runtime has room for.
    """
    return _Encoder(program, constants, library).encoded(statements)


class _Encoder:
    def __init__(self, program: ArrayProgram, constants: list[float], library: Library) -> None:
        self.sizes, self.constants, self.codes = program.sizes, constants, library.codes
        self.outputs = program.outputs
        self.statements: list[tuple[Any, ...]] = []
        self.views: list[tuple[Any, ...]] = []
        self.steps: list[tuple[int, ...]] = []
        self.slots: list[npt.NDArray[np.int32]] = []
        self.listed = 0

    def encoded(self, statements: Sequence[Statement]) -> Tiles:
        ends = []
        shorter = gathered(self.sizes, statements, self.outputs)
        found = phases(self.sizes, chained(self.sizes, shorter, self.outputs))
        for phase in found:
            left = deque(phase)
            while left:
                s = left.popleft()
                shift = added(s, left[0]) if isinstance(s, MatMul) and left else None
                if shift is not None:
                    left.popleft()
                self._statement(s, shift)
            ends.append(len(self.statements))
        targets = [s.target for s in found[1] if not s.target.batched]
        sums = {
            place: np.unique([slot for view in targets if view.place == place for slot in view.slots().flat])
            for place in {view.place for view in targets}
        }
        return Tiles(
            np.array(self.statements, dtype=STATEMENT), np.array(self.views, dtype=VIEW),
            np.array(self.steps, dtype=STEP), np.concatenate([*self.slots, np.zeros(0, dtype=np.int32)]), ends, sums,
        )  # fmt: skip

    def _statement(self, s: Statement | SumsOfProducts | Chained, shift: View | None) -> None:
        if isinstance(s, MatMul):
            if s.left.shape[2] > DEEPEST:
                raise UnsupportedProgramError(_ROOM)
            matrices = (*arranged(s), *([] if shift is None else [shift]))
            views = [self._view(v, v.strides, after=True) for v in matrices]
            self._write(PRODUCT, s.mode, matrices[0].shape, views, (s.left.shape[2],), after=True)
        elif isinstance(s, Total):
            self._view(s.source, s.source.strides)
            kept = s.source.without(s.axes)
            inner = s.source.without(tuple([k for k in range(len(s.source.shape)) if k not in s.axes]))
            views = [self._view(v, v.strides) for v in (s.target, kept, inner)]
            self._write(TOTAL, s.mode, s.target.shape, views, inner.shape)
        elif isinstance(s, Take):
            target, source = s.target.slots(), s.source.slots()[s.index]
            pairs = np.stack(
                [np.ravel(target if s.positions is None else target[s.positions]), np.ravel(source)], axis=1
            )
            runs = runs_of(pairs)
            kind, listed = (COPY, pairs) if runs is None else (RUNS, runs)
            self._list(kind, "=", (s.target, s.source), np.ravel(listed), len(listed))
        elif isinstance(s, Segments):
            rows = np.split(s.source.slots().reshape(s.source.shape[0], -1), s.starts[1:])
            targets = s.target.slots().reshape(len(rows), -1)
            slots = [
                x
                for target, row in zip(targets, rows, strict=True)
                for k, at in enumerate(target)
                for x in (at, len(row), *row[:, k])
            ]
            self._list(SEGMENTS, s.mode, (s.target, s.source), slots, len(slots))
        elif isinstance(s, SumsOfProducts):
            pieces = np.split(s.pairs, s.starts[1:-1])
            slots = [
                x
                for at, piece in zip(s.target.slots().flat, pieces, strict=True)
                for x in (at, len(piece), *piece.flat)
            ]
            self._list(SUMS, s.mode, (s.target, s.left, s.right), slots, len(slots))
        elif isinstance(s, Chained):
            try:
                self._elementwise(s.last, s.before)
            except UnsupportedProgramError:  # there is room for each of them alone
                for alone in (*s.before, s.last):
                    self._elementwise(alone)
        else:
            self._elementwise(s)

    # ── Records ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _view(self, view: View, strides: Sequence[int], after: bool = False, step: int = 0) -> tuple[Any, ...]:
        """The record of a view, once it is known to stay inside its place."""
        if not 0 <= view.start < view.stop <= self.sizes[view.place] or len(strides) > AXES:
            raise UnsupportedProgramError(_ROOM)
        place = len(PLACES) + view.place - FIRST_BATCHED if view.place >= FIRST_BATCHED else PLACES.index(view.place)
        return place, int(view.batched), view.offset, _padded(strides, 0, after), step

    def _write(
        self,
        kind: int,
        mode: str,
        shape: Sequence[int],
        views: list[tuple[Any, ...]],
        reduced: Sequence[int] = (),
        first: int = 0,
        count: int = 0,
        after: bool = False,
    ) -> None:
        if len(shape) > AXES or len(reduced) > AXES:
            raise UnsupportedProgramError(_ROOM)
        where, more = _padded(shape, 1, after), _padded(reduced, 1, after)
        record = (kind, MODES[mode], where, more, first, count, len(self.views), len(views))
        self.statements.append(record)
        self.views += views

    def _list(self, kind: int, mode: str, views: Sequence[View], slots: Sequence[int] | Any, count: int) -> None:
        """A statement over slots that are listed, of the target and of what it reads."""
        target, *sources = views
        if any(v.batched for v in sources) and not target.batched:
            raise UnsupportedProgramError(_ROOM)
        for v in views:
            self._view(v, v.strides[-AXES:])
        records = [self._view(v, ()) for v in views]
        self._write(kind, mode, (), records, first=self.listed, count=count)
        self.slots.append(np.asarray(slots, dtype=np.int32))
        self.listed += len(slots)

    # ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _elementwise(self, s: Map | Linear | Reduce, before: Sequence[Map | Linear] = ()) -> None:
        operands: list[View] = []
        computed = {inner.target: inner for inner in before}

        def leaf(a: Operand) -> Term:
            if not isinstance(a, View):
                return float(a)
            if a in computed:
                return value_of(computed[a])
            if a not in operands:
                operands.append(a)
            return Expression(str(operands.index(a)))

        def value_of(s: Map | Linear) -> Term:
            if isinstance(s, Map):
                found: Term = s.op.value(symbols, *map(leaf, s.args))
                return found
            return linear([(sign, [leaf(f) for f in factors]) for sign, factors in s.terms])

        mode = s.mode if isinstance(s, Linear) else "="
        if isinstance(s, Map | Linear):
            value = value_of(s)
        else:
            last, kept = s.source.strides[-1], s.source.without((len(s.source.shape) - 1,))
            columns = [
                View(kept.place, kept.offset + k * last, kept.shape, kept.strides) for k in range(s.source.shape[-1])
            ]
            value = s.op.value(symbols, *map(leaf, columns))
        steps = steps_of(value, operands, self.codes, self._constant)
        target = s.target
        if len(operands) > MOST_OPERANDS or any(a.batched and not target.batched for a in operands):
            raise UnsupportedProgramError(_ROOM)
        for a in operands:
            if a.place == target.place and a != target and np.intersect1d(a.slots(), target.slots()).size:
                raise UnsupportedProgramError(_ROOM)
        shape, run, strides, along = runs((target, *operands))
        views = [
            self._view(a, outer, step=step) for a, outer, step in zip((target, *operands), strides, along, strict=True)
        ]
        self._write(ELEMENTWISE, mode, shape, views, (run,), first=len(self.steps), count=len(steps))
        self.steps += steps

    def _constant(self, x: float) -> View:
        """A number of the program itself, as an operand that is the same for all members."""
        self.constants.append(x)
        self.sizes = {**self.sizes, CONSTANT: len(self.constants)}
        return View(CONSTANT, len(self.constants) - 1, (), ())


def _padded(numbers: Sequence[int], by: int, after: bool) -> tuple[int, ...]:
    """As many as there are axes."""
    more = (by,) * (AXES - len(numbers))
    return (*numbers, *more) if after else (*more, *numbers)


def bound_places(program: ArrayProgram) -> list[int]:
    """The places of a program in the order of the runtime."""
    return [*PLACES, *[place for place in sorted(program.sizes) if place >= FIRST_BATCHED and is_batched(place)]]
