"""Programs for examples as the runtime's lanes read them: operations on slots, which are used again, each checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.encode import row_of
from autograd.compiler.backends.c.lane_groups import grouped
from autograd.compiler.backends.c.lane_pieces import in_pieces
from autograd.compiler.backends.c.lane_slots import lane_slots
from autograd.compiler.backends.c.lane_steps import OVER_EXAMPLES, Counts, Step, Term, merged, sum_of
from autograd.compiler.backends.c.library import Library
from autograd.compiler.backends.c.phases import AFTER, BEFORE, EACH, node_phases
from autograd.compiler.backends.code import UnsupportedProgramError
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.compiler.scalars.normal import Sum, batch_sum
from autograd.compiler.scalars.tape import COUNT, FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["LaneTape", "encode_lanes"]

Numbers = npt.NDArray[np.int32]

# The record of lane_operations.c.
OPERATION = np.dtype([(name, "i4") for name in ("operation", "target", "second", "first", *Counts._fields)])
# A function of any number of operands has room for so many.
MOST_OPERANDS = 4096


class LaneTape(NamedTuple):
    """A program as the runtime reads it.

    Parameters
    ----------
    operations, operands : arrays of the runtime's records, and of the slots they read
    ends : list of int
        How many operations there are up to the end of each phase: before the tiles, in each, and after the last.
    constants : array of float
    shared, slots : int
        How many slots there are of what all examples share, constants last, and of a tile.
    spread : array of int32
        Shared slots that lanes read: they are the first slots of a tile.
    arguments : array of int32
        The slot of each number of an example, -1 where nothing reads it.
    sums : array of int32
        Shared slots of the sums over the examples.
    outputs, derivatives : array of int32
        Shared slots; outputs are slots of a tile if they are wanted of each example.
    """

    operations: npt.NDArray[Any]
    operands: Numbers
    ends: list[int]
    constants: npt.NDArray[np.float64]
    shared: int
    slots: int
    spread: Numbers
    arguments: Numbers
    sums: Numbers
    outputs: Numbers
    derivatives: Numbers


def encode_lanes(program: ExampleProgram, library: Library, derivatives: bool) -> LaneTape:
    """The operations that the outputs take, and with ``derivatives`` these.

    Raises
    ------
    UnsupportedProgramError
        If an example needs what is summed over all of them, or a function has more operands than there is room for.
    ValueError
        If an operand is not there before its result.
    """
    return _Encoder(program, library).encoded(derivatives)


class _Encoder:
    """Three lists of operations. What is shared has its slot at once, constant ``k`` being ``-1 - k``."""

    def __init__(self, program: ExampleProgram, library: Library) -> None:
        self.program, self.normal = program, program.normal
        self.codes, self.arities = library.codes | library.lanes, library.arities
        self.constants = {x.hex(): -1 - k for k, x in enumerate(self.normal.constants)}
        parameters, fixed = self.normal.sizes[PARAMETER], self.normal.sizes[FIXED]
        self.starts = {PARAMETER: 0, FIXED: parameters, COUNT: parameters + fixed}
        self.sizes = {PARAMETER: parameters, FIXED: fixed, COUNT: 2}
        self.sizes |= {FIRST_BATCHED + k: prod(shape) for k, (_, shape) in enumerate(program.arguments)}
        self.shared = parameters + fixed + 2
        self.lanes = 0
        self.steps: tuple[list[Step], ...] = ([], [], [])
        self.phase: list[int | None] = []
        self.found: dict[int, int] = {}  # of each node its result
        self.arguments: dict[tuple[int, int], int] = {}
        self.spread: dict[int, int] = {}  # from what is shared to the lanes that hold it
        self.sums: list[int] = []

    def encoded(self, derivatives: bool) -> LaneTape:
        normal, program = self.normal, self.program
        slopes = normal.derivatives if derivatives else []
        self.phase = node_phases(normal, [*normal.outputs, *slopes])
        for i, when in enumerate(self.phase):
            if when is not None:
                self._node(i, when)
        rows = [self._operand(a, EACH) for a in normal.outputs] if program.by_example else []
        each = grouped(in_pieces(merged(self.steps[EACH], rows), partial(self._new, EACH)))
        slots, lanes = lane_slots(
            [(s.operands, () if s.name in OVER_EXAMPLES else s.targets) for s in each],
            self.lanes, [*self.spread.values()], [*self.arguments.values()], rows,
        )  # fmt: skip
        shared = self.shared + len(self.constants)
        records: list[tuple[int, ...]] = []
        operands: list[int] = []
        ends: list[int] = []
        for when, steps in enumerate((self.steps[BEFORE], each, self.steps[AFTER])):
            for s in steps:
                in_lanes = when == EACH and s.name not in OVER_EXAMPLES
                targets = [lanes[a] for a in s.targets] if in_lanes else s.targets
                records.append((self._code(s), targets[0], targets[-1], len(operands), *s.counts))
                slots_read = [lanes[a] for a in s.operands] if when == EACH else self._final(s.operands)
                operands += _as_read(s, targets, slots_read)
            ends.append(len(records))
        outputs = [lanes[a] for a in rows] if program.by_example else self._final(self._all(normal.outputs))
        columns = [(place, k) for place, n in self.sizes.items() if place >= FIRST_BATCHED for k in range(n)]
        numbers = [
            np.array(found, dtype=np.int32)
            for found in (
                operands,
                self._final(self.spread),
                [lanes[self.arguments[column]] if column in self.arguments else -1 for column in columns],
                self.sums,
                outputs,
                self._final(self._all(slopes)),
            )
        ]
        operations = np.array(records, dtype=OPERATION)
        constants = np.array([float.fromhex(text) for text in self.constants])
        return LaneTape(operations, numbers[0], ends, constants, shared, slots, *numbers[1:])

    # ── Operations ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _operand(self, a: int, when: int) -> int:
        """Where an operand of that phase is: among what is shared, or in lanes."""
        if a >= 0 and self.phase[a] == EACH:
            return self.found[a]
        shared = self.found[a] if a >= 0 else a
        return self._in_lanes(shared) if when == EACH else shared

    def _in_lanes(self, shared: int) -> int:
        """The lanes that hold what is shared."""
        found = self.spread.get(shared)
        if found is None:
            found = self.spread[shared] = self._new(EACH)
        return found

    def _all(self, operands: Sequence[int]) -> list[int]:
        return [self._operand(a, AFTER) for a in operands]

    def _final(self, shared: Sequence[int] | dict[int, int]) -> list[int]:
        """Slots of what is shared: constants come last."""
        return [a if a >= 0 else self.shared - 1 - a for a in shared]

    def _new(self, when: int) -> int:
        if when == EACH:
            self.lanes += 1
            return self.lanes - 1
        self.shared += 1
        return self.shared - 1

    def _write(self, when: int, name: str, operands: tuple[int, ...], count: int = 0) -> int:
        """A function; where its result is."""
        target = self._new(when)
        self.steps[when].append(Step(name, (target,), operands, Counts(count)))
        return target

    def _code(self, s: Step) -> int:
        """The number of a step's operation; a sum has one of its length, if the runtime has that."""
        if s.name != "sum":
            return self.codes[s.name]
        return self.codes.get("_".join(["sum", *map(str, s.counts)]), self.codes["sum_of_any"])

    def _node(self, i: int, when: int) -> None:
        op, args = self.normal.ops[i], self.normal.args[i]
        if op is None:
            self.found[i] = self._leaf(*args)
        elif op is batch_sum:
            self.found[i] = self._over_examples(args if isinstance(args, Sum) else Sum(args[:1], args[1:], (), ()))
        elif isinstance(args, Sum):
            self.found[i] = self._sum(args, when)
        else:
            self.found[i] = self._row(op, args, when)

    def _leaf(self, place: int, slot: int) -> int:
        if not 0 <= slot < self.sizes.get(place, 0):
            raise ValueError(f"a program reads number {slot} of place {place}, where it has none; record it anew")
        if place in self.starts:
            return self.starts[place] + slot
        found = self.arguments[place, slot] = self._new(EACH)
        return found

    def _over_examples(self, total: Sum) -> int:
        """The sum over the examples of a sum, of a product or of a number."""
        if len(total.left) == 1 and not (total.plus or total.minus or total.negative):
            name, of = "batch_dot", (total.left[0], total.right[0])
            operands = tuple([self._operand(a, EACH) for a in of])
        else:
            name, single = "batch_sum", len(total.plus) == 1 and not (total.left or total.minus)
            operands = (self._operand(total.plus[0], EACH) if single else self._sum(total, EACH),)
        self.steps[EACH].append(Step(name, (len(self.sums),), operands))
        self.sums.append(self._new(AFTER))
        return self.sums[-1]

    def _sum(self, total: Sum, when: int) -> int:
        """A sum of any length."""
        left, right, plus, minus = [[self._operand(a, when) for a in operands] for operands in total[:4]]
        terms: list[Term] = [(total.negative, pair) for pair in zip(left, right, strict=True)]
        terms += [(False, (a,)) for a in plus] + [(True, (a,)) for a in minus]
        target = self._new(when)
        self.steps[when].append(sum_of(target, terms))
        return target

    def _row(self, op: Any, args: tuple[int, ...], when: int) -> int:
        """The functions of a row, one after the other; where what they give is."""
        steps: list[int] = []
        row = row_of(op, tuple([self.normal.constants[-1 - a].hex() if a < 0 else None for a in args]))

        def operand(a: int | float) -> int:
            if isinstance(a, float):
                shared = self.constants.setdefault(a.hex(), -1 - len(self.constants))
                return self._in_lanes(shared) if when == EACH else shared
            return self._operand(args[a], when) if a >= 0 else steps[-1 - a]

        for function, of in row.steps:
            operands = tuple([operand(a) for a in of])
            if function in ("sum", "dot"):
                half = len(operands) // 2
                pairs = zip(operands[:half], operands[half:], strict=True) if function == "dot" else zip(operands)
                steps.append(self._new(when))
                self.steps[when].append(sum_of(steps[-1], [(False, of) for of in pairs]))
            elif function in self.arities:
                steps.append(self._write(when, function, operands))
            elif len(operands) <= MOST_OPERANDS:
                steps.append(self._write(when, function, operands, len(operands)))
            else:
                raise UnsupportedProgramError(
                    f"{function} has {len(operands)} operands, the runtime has room for {MOST_OPERANDS}; leave kind out"
                )
        return operand(row.result)


def _as_read(s: Step, targets: Sequence[int], operands: list[int]) -> list[int]:
    """The slots of a step's operands; of "dots" with the target and the signs of each in front of its own."""
    if s.name != "dots":
        return operands
    shared = s.counts.products
    own = [operands[shared * k :][:shared] for k in range(1, len(targets) + 1)]
    found = operands[:shared]
    for target, sign, others in zip(targets, s.signs, own, strict=True):
        found += [target, sign, *others]
    return found
