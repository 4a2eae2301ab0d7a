"""Which numbers of a caller are so many that the program reads and writes them where they are."""

from __future__ import annotations

from autograd.compiler.backends.code import Lent
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.scalars.tape import FIXED, PARAMETER

__all__ = ["lent_runs"]

# Fewer numbers are copied as fast as they are handed over.
MANY = 4096


def lent_runs(program: ArrayProgram) -> list[Lent]:
    """The long runs of slots that share none with any view of the program but those that are inside."""
    views = [view for statements in program.passes for s in statements for view in (s.target, *s.operands)]
    views.append(program.outputs)
    found = []
    for place, array in ((PARAMETER, "theta"), (FIXED, "fixed"), (RESULT, "gradient")):
        runs: list[tuple[int, int]] = []
        for start, stop in sorted((view.start, view.stop) for view in views if view.place == place):
            if runs and start < runs[-1][1]:
                start, stop = runs[-1][0], max(stop, runs.pop()[1])
            runs.append((start, stop))
        long = [run for run in runs if run[1] - run[0] >= MANY]
        found += [Lent(f"{array}_{k}", place, *run) for k, run in enumerate(long, 1)]
    return found
