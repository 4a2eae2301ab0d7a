"""Pass 4, lay out: every group gets one run of slots, and operands become views of runs, or copies where they must."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd.compiler.normalise import Normal
from autograd.compiler.schedule import BATCHED, UNBATCHED, is_batched
from autograd.compiler.statements import Operand, Statement, Take
from autograd.compiler.views import Index, View, affine, common_shape, factor, refine

__all__ = ["Memory"]


class Memory:
    """Where every node of a program lives, and the statements written so far.

    Nodes are addressed by operand: node ``i``, or constant ``-1 - k``, which NumPy finds from the end.
    """

    def __init__(self, normal: Normal, places: Sequence[int]) -> None:
        self.constants = np.array(normal.constants)
        self.place = np.array(places, dtype=np.int64)
        self.slot = np.zeros(len(places), dtype=np.int64)
        for i, (op, args) in enumerate(zip(normal.ops, normal.args, strict=True)):
            if op is None:
                self.slot[i] = args[1]
        count = len(normal.constants)
        self.slot[len(normal.ops) :] = np.arange(count)[::-1]
        self.sizes = {UNBATCHED: 0, BATCHED: 0, **dict(enumerate(normal.sizes))}
        self.statements: list[Statement] = []
        self._copies: dict[tuple[int, bytes], View] = {}

    def __str__(self) -> str:
        return "\n".join(map(str, self.statements))

    def run(self, batched: bool, *shape: int) -> View:
        """A new contiguous run of slots."""
        place = BATCHED if batched else UNBATCHED
        view = View(place, self.sizes[place], shape, _row_major(shape))
        self.sizes[place] += view.size
        return view

    def settle(self, members: Index, batched: bool) -> View:
        """Give the members of a group one run, in this order."""
        target = self.run(batched, len(members))
        self.slot[members] = target.offset + np.arange(len(members))
        return target

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
            low, high = int(flat.min()), int(flat.max()) + 1
            found = self._copies[key] = self.run(is_batched(place), len(flat))
            self.statements.append(Take(found, View(place, low, (high - low,), (1,)), flat - low))
        return self.reshape(found, index.shape)

    def _collect(self, operands: Index) -> View:
        """Operands from several places, brought together in one run."""
        flat = operands.ravel()
        places = self.place[flat]
        kinds = np.unique(places).tolist()
        target = self.run(any(map(is_batched, kinds)), len(flat))
        for place in kinds:
            positions = np.flatnonzero(places == place)
            index = self.slot[flat[positions]]
            low, high = int(index.min()), int(index.max()) + 1
            self.statements.append(Take(target, View(place, low, (high - low,), (1,)), index - low, positions))
        return self.reshape(target, operands.shape)


def _row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= n
    return tuple(reversed(strides))
