"""Pass 5, lay out: every group gets one run of slots, and operands become views of runs, or copies where they must."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED, Group, is_batched
from autograd.compiler.matrices.statements import Linear, Operand, Statement, Take
from autograd.compiler.matrices.views import Index, View, affine, common_shape, factor, refine
from autograd.compiler.scalars.normal import Normal
from autograd.compiler.scalars.tape import COUNT

__all__ = ["Memory"]

# So many runs of results are copied one by one.
FEW = 3


class Memory:
    """Where every node of a program lives, and the statements written so far.

    Nodes are addressed by operand: node ``i``, or constant ``-1 - k``, which NumPy finds from the end.
    """

    def __init__(self, normal: Normal, places: Sequence[int]) -> None:
        self.constants = np.array(normal.constants)
        self.place = np.array(places, dtype=np.int64)
        self.slot = np.zeros(len(places), dtype=np.int64)
        self._settled = np.array([op is None for op in normal.ops])
        for i, op in enumerate(normal.ops):
            if op is None:
                self.slot[i] = normal.args[i][1]
        count = len(normal.constants)
        self.slot[len(normal.ops) :] = np.arange(count)[::-1]
        self.sizes = {UNBATCHED: 0, BATCHED: 0, COUNT: 2, **dict(enumerate(normal.sizes))}
        self.statements: list[Statement] = []
        self._copies: dict[tuple[int, bytes], View] = {}
        self.adjoints: list[tuple[View, View]] = []  # runs of adjoints, each with what it is the adjoint of
        self._origin = normal.origin
        self._results = np.array(normal.derivatives, dtype=np.int64)
        self._wanted = np.full(len(normal.ops), -1)
        self.sizes[RESULT] = len(self._results)

    def __str__(self) -> str:
        return "\n".join(map(str, self.statements))

    def run(self, batched: bool, *shape: int) -> View:
        """A new contiguous run of slots."""
        place = BATCHED if batched else UNBATCHED
        view = View(place, self.sizes[place], shape, _row_major(shape))
        self.sizes[place] += view.size
        return view

    def settle(self, members: Index, batched: bool) -> View:
        """Give the members of a group one run, in this order; where they are asked for, if they are results."""
        self._settled[members] = True
        wanted = self._wanted[members]
        if wanted[0] >= 0 and (np.diff(wanted) == 1).all():
            self.place[members], self.slot[members] = RESULT, wanted
            return View(RESULT, int(wanted[0]), (len(members),), (1,))
        target = self.run(batched, len(members))
        self.slot[members] = target.offset + np.arange(len(members))
        self._note_adjoint(target, members)
        return target

    def _note_adjoint(self, target: View, members: Index) -> None:
        """Remember what a run is the adjoint of, if that is a run as well."""
        primals = np.array([self._origin.get(i, -1) for i in members.tolist()]) if self._origin else np.array([-1])
        place, slot = self.place[primals], self.slot[primals]
        if primals.min() < 0 or not self._settled[primals].all():  # it may come later
            return
        if (place == place[0]).all() and (np.diff(slot) == 1).all():
            self.adjoints.append((target, View(int(place[0]), int(slot[0]), target.shape, target.strides)))

    def literal(self, operands: Index) -> float | None:
        """The number, if all of these operands are one and the same constant."""
        if operands.flat[0] < 0 and (operands == operands.flat[0]).all():
            return float(self.constants[-1 - operands.flat[0]])
        return None

    def view(self, operands: Index) -> View:
        """A view in exactly the shape of ``operands``; copied where they are not evenly spaced in one place."""
        place = self.place[operands.flat[0]]
        index = self.slot[operands]
        if (self.place[operands] == place).all():
            return affine(int(place), index) or self._copy(int(place), index)
        return self._collect(operands)

    def align(self, columns: Sequence[Index]) -> tuple[tuple[int, ...], list[Operand]]:
        """Operands of an elementwise statement: views of one common shape, and literals."""
        shape: tuple[int, ...] = (len(columns[0]),)
        nests = [[(len(columns[0]), 1)]]
        found: list[tuple[int, int, list[tuple[int, int]]] | float] = []
        for operands in columns:
            literal = self.literal(operands)
            if literal is not None:
                found.append(literal)
                continue
            place, index = int(self.place[operands[0]]), self.slot[operands]
            dims = factor(index) if (self.place[operands] == place).all() else None
            finer = common_shape([*nests, dims]) if dims else None
            if dims and finer:
                shape = finer
                nests.append(dims)
                found.append((place, int(index[0]), dims))
            else:
                copy = self.view(operands)
                found.append((copy.place, copy.offset, nests[0]))
        return shape, [x if isinstance(x, float) else View(x[0], x[1], shape, refine(x[2], shape)) for x in found]

    def reshape(self, view: View, shape: tuple[int, ...]) -> View:
        """A contiguous run in another shape."""
        return View(view.place, view.offset, shape, _row_major(shape))

    def _copy(self, place: int, index: Index) -> View:
        """The slots of ``index`` copied into a run; the same copy serves every reader."""
        key = (place, index.tobytes())
        found = self._copies.get(key)
        if found is None:
            flat = index.ravel()
            found = self._copies[key] = self.run(is_batched(place), len(flat))
            self._gather(found, place, flat, None)
        return self.reshape(found, index.shape)

    def _collect(self, operands: Index) -> View:
        """Operands from several places, brought together in one run."""
        flat = operands.ravel()
        places = self.place[flat]
        kinds = np.unique(places).tolist()
        target = self.run(any(map(is_batched, kinds)), len(flat))
        for place in kinds:
            positions = np.flatnonzero(places == place)
            self._gather(target, place, self.slot[flat[positions]], positions)
        return self.reshape(target, operands.shape)

    # ── Results ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect(self, groups: Iterable[Group]) -> None:
        """Note for each node of the last pass where it is asked for as a result, unless something else reads it too."""
        alone = np.zeros(len(self.place), dtype=bool)  # constants too
        for group in groups:
            if group.final:
                alone[group.members] = True
        slots = np.flatnonzero(alone[self._results])[::-1]  # of equal results the first is computed in place
        self._wanted[self._results[slots]] = slots

    def order(self, members: Index) -> Index:
        """Members in the order in which they are asked for, if all of them are; else as they are."""
        wanted = self._wanted[members]
        return np.argsort(wanted) if wanted.min() >= 0 else np.arange(len(members))

    def deliver(self) -> None:
        """Copy the results that stand elsewhere to where they are asked for."""
        results = self._results
        elsewhere = (self.place[results] != RESULT) | (self.slot[results] != np.arange(len(results)))
        for place in np.unique(self.place[results[elsewhere]]).tolist():
            chosen = np.flatnonzero(elsewhere & (self.place[results] == place))
            runs = np.split(chosen, np.flatnonzero(np.diff(chosen) != 1) + 1)
            if len(runs) > FEW:
                target = View(RESULT, 0, (len(results),), (1,))
                self._gather(target, place, self.slot[results[chosen]], chosen)
                continue
            for run in runs:
                target = View(RESULT, int(run[0]), (len(run),), (1,))
                if factor(self.slot[results[run]]) is None:
                    self._gather(target, place, self.slot[results[run]], None)
                else:
                    shape, (operand,) = self.align([results[run]])
                    self.statements.append(Linear(self.reshape(target, shape), "=", ((1, (operand,)),)))

    def _gather(self, target: View, place: int, index: Index, positions: Index | None) -> None:
        """Copy slots of a place, in any order, to a view or to some positions of it."""
        low, high = int(index.min()), int(index.max()) + 1
        self.statements.append(Take(target, View(place, low, (high - low,), (1,)), index - low, positions))


def _row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= n
    return tuple(reversed(strides))
