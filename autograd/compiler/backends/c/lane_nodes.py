"""The steps that the nodes of a program for examples take: before the tiles, in each of them, and after the last."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from autograd.compiler.backends.c.encode import row_of
from autograd.compiler.backends.c.lane_steps import Counts, Step, Term, sum_of
from autograd.compiler.backends.c.library import Library
from autograd.compiler.backends.c.phases import AFTER, EACH, node_phases
from autograd.compiler.backends.code import UnsupportedProgramError
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.compiler.scalars.normal import Sum, batch_sum
from autograd.compiler.scalars.tape import COUNT, FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["MOST_OPERANDS", "NodeSteps"]

# A function of any number of operands has room for so many.
MOST_OPERANDS = 4096


class NodeSteps:
    """Three lists of steps, by phase. What is shared has its slot at once, constant ``k`` being ``-1 - k``."""

    def __init__(self, program: ExampleProgram, library: Library) -> None:
        self.normal = program.normal
        self.arities = library.arities
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

    def find(self, wanted: Sequence[int]) -> None:
        """The steps of all nodes that those wanted take."""
        self.phase = node_phases(self.normal, wanted)
        for i, when in enumerate(self.phase):
            if when is not None:
                self._node(i, when)

    def operand(self, a: int, when: int) -> int:
        """Where an operand of that phase is: among what is shared, or in lanes."""
        if a >= 0 and self.phase[a] == EACH:
            return self.found[a]
        shared = self.found[a] if a >= 0 else a
        return self._in_lanes(shared) if when == EACH else shared

    def _in_lanes(self, shared: int) -> int:
        """The lanes that hold what is shared."""
        found = self.spread.get(shared)
        if found is None:
            found = self.spread[shared] = self.new(EACH)
        return found

    def new(self, when: int) -> int:
        """A number for a result: of lanes, or a slot of what is shared."""
        if when == EACH:
            self.lanes += 1
            return self.lanes - 1
        self.shared += 1
        return self.shared - 1

    def _write(self, when: int, name: str, operands: tuple[int, ...], count: int = 0) -> int:
        """A function; where its result is."""
        target = self.new(when)
        self.steps[when].append(Step(name, (target,), operands, Counts(count)))
        return target

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
        found = self.arguments[place, slot] = self.new(EACH)
        return found

    def _over_examples(self, total: Sum) -> int:
        """The sum over the examples of a sum, of a product or of a number."""
        if len(total.left) == 1 and not (total.plus or total.minus or total.negative):
            name, of = "batch_dot", (total.left[0], total.right[0])
            operands = tuple([self.operand(a, EACH) for a in of])
        else:
            name, single = "batch_sum", len(total.plus) == 1 and not (total.left or total.minus)
            operands = (self.operand(total.plus[0], EACH) if single else self._sum(total, EACH),)
        self.steps[EACH].append(Step(name, (len(self.sums),), operands))
        self.sums.append(self.new(AFTER))
        return self.sums[-1]

    def _sum(self, total: Sum, when: int) -> int:
        """A sum of any length."""
        left, right, plus, minus = [[self.operand(a, when) for a in operands] for operands in total[:4]]
        terms: list[Term] = [(total.negative, pair) for pair in zip(left, right, strict=True)]
        terms += [(False, (a,)) for a in plus] + [(True, (a,)) for a in minus]
        target = self.new(when)
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
            return self.operand(args[a], when) if a >= 0 else steps[-1 - a]

        for function, of in row.steps:
            operands = tuple([operand(a) for a in of])
            if function in ("sum", "dot"):
                half = len(operands) // 2
                pairs = zip(operands[:half], operands[half:], strict=True) if function == "dot" else zip(operands)
                steps.append(self.new(when))
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
