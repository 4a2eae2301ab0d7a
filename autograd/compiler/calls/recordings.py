"""What is left of a run of the function: its graph, the listing of that, and in the end a program for such calls."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.program.entries import Entries
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.tape import Tape, record
from autograd.trees import Rebuild
from autograd.value import Value

__all__ = ["Point", "Recorded", "Recording", "Trace"]

Array = npt.NDArray[np.float64]


class Point(NamedTuple):
    """Numbers to run a function at: flat vectors, and for each batched argument one example."""

    parameters: Array
    fixed: Array
    rows: list[Array]


class Trace(NamedTuple):
    """One run on Values, while these are recorded."""

    results: list[Any]
    rebuild: Rebuild
    bare: bool  # the function gives one number, and not a sequence of one
    differentiated: list[Value]  # what has to be finite for the derivatives in it to mean anything
    leaves: list[list[Value]]  # parameters, other numbers, and for each batched argument those of one example
    since: int  # the mark of the era in which the function was called

    def listed(self) -> Recording:
        """What the graph is, without its Values."""
        parameters, fixed, *batched = self.leaves
        tape, roots = [
            record(found, parameters, fixed, batched, since=self.since) for found in (self.results, self.differentiated)
        ]
        return Recording(tape, self.rebuild, self.bare, roots if self.differentiated else None)


class Recording(NamedTuple):
    """The listing of such a run."""

    tape: Tape
    rebuild: Rebuild
    bare: bool  # the function gives one number, and not a sequence of one
    differentiated: Tape | None  # what has to be finite for the derivatives in it to mean anything


class Recorded(NamedTuple):
    """A program, with what it takes to call it."""

    program: Program
    output: Rebuild
    captured: list[Value]  # leaves that the function finds outside its arguments
    bare: bool
    differentiated: Recorded | None
    entries: Entries | None  # if it is derivatives that the program computes
    callers: dict[Any, Any]  # functions that call it, by how their arguments are given
