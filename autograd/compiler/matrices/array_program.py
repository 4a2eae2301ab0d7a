"""``ArrayProgram``: what the passes make of a recorded graph, as data; and the passes in a row.

Everything a back end needs stands here: arrays with their sizes, statements over views of them, and where the results
are. It knows nothing of derivatives, which are statements like any other, nor of how it is going to be run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autograd.compiler.matrices.memory import Memory
from autograd.compiler.matrices.names import Names
from autograd.compiler.matrices.reroll import reroll
from autograd.compiler.matrices.schedule import Schedule
from autograd.compiler.matrices.statements import Data, MatMul, Statement
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.normal import Normal

__all__ = ["ArrayProgram", "Headings", "find_matrices"]

# What the passes of a program are called in a listing.
Headings = ("forward", "backward", "backward again")


@dataclass(frozen=True, eq=False)
class ArrayProgram(Data):
    """Statements over arrays, pass by pass.

    Parameters
    ----------
    sizes : dict of int
        For each place (see :mod:`~autograd.compiler.scalars.tape` and :mod:`~autograd.compiler.matrices.schedule`) how
        many numbers it holds: of each example, where it has a batch axis, which is then its last.
    constants : array of float
        What the place of constants holds.
    arguments : tuple of (str, shape)
        Name of each batched argument and the shape of one example.
    passes : tuple of tuple of statements
        The first computes the outputs, the next their derivatives.
    outputs : View
        Where the outputs are.
    by_example : bool
        Whether the outputs are given for each example, also where they are the same for all.
    adjoints : tuple of (View, View)
        Runs of adjoints, each with what it is the adjoint of: what they are called after.
    """

    sizes: dict[int, int]
    constants: npt.NDArray[np.float64]
    arguments: tuple[tuple[str, tuple[int, ...]], ...]
    passes: tuple[tuple[Statement, ...], ...]
    outputs: View
    by_example: bool
    adjoints: tuple[tuple[View, View], ...]

    def __str__(self) -> str:
        names = self.names
        lines = []
        for heading, statements in zip(Headings, self.passes, strict=False):
            lines += [heading, *[f"  {statement.equation(names.shown)}" for statement in statements]]
        return "\n".join(lines)

    @property
    def names(self) -> Names:
        """What its runs are called, in the order in which they are asked for."""
        return Names(self.arguments, self.passes[0], self.adjoints, len(self.passes) == 2 and self.single)

    @property
    def single(self) -> bool:
        """Whether there is one output."""
        return self.outputs.size == 1

    @property
    def instructions(self) -> int:
        """How many statements there are."""
        return sum(map(len, self.passes))

    @property
    def matmuls(self) -> int:
        """How many matrix products there are among the statements of the first pass."""
        return sum([isinstance(statement, MatMul) for statement in self.passes[0]])


def find_matrices(
    normal: Normal, plan: Schedule, arguments: Sequence[tuple[str, tuple[int, ...]]] = (), by_example: bool = False
) -> ArrayProgram:
    """Array statements for the groups of a schedule.

    Parameters
    ----------
    normal : Normal
        The program in normal form.
    plan : Schedule
        Its groups.
    arguments : sequence of (str, shape)
        Names of the batched arguments and the shape of one example of each.
    by_example : bool
        Whether results are wanted for each example.
    """
    memory = Memory(normal, plan.places)
    if len(plan.passes) > 1:
        memory.expect(plan.passes[-1])
    ends = []
    outputs = None
    for groups in plan.passes:
        reroll(normal, memory, groups, plan.places)
        if outputs is None:
            outputs = memory.view(np.array(normal.outputs))
        ends.append(len(memory.statements))
    memory.deliver()
    ends[-1] = len(memory.statements)
    statements = memory.statements
    passes = tuple([tuple(statements[start:stop]) for start, stop in zip([0, *ends], ends, strict=False)])
    assert outputs is not None
    return ArrayProgram(
        memory.sizes, memory.constants, tuple(arguments), passes, outputs, by_example, tuple(memory.adjoints)
    )
