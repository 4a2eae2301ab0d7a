"""``ExampleProgram``: a program in normal form that runs number by number, the same for each of many examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.compiler.matrices.array_program import ArrayProgram, find_matrices
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.scalars.normal import Normal

__all__ = ["ExampleProgram"]


@dataclass(frozen=True, eq=False)
class ExampleProgram:
    """A program for examples in which there are no matrices worth finding.

    Parameters
    ----------
    normal : Normal
    arguments : tuple of (str, shape)
        Name of each batched argument and the shape of one example.
    by_example : bool
        Whether the outputs are given for each example, also where they are the same for all.
    """

    normal: Normal
    arguments: tuple[tuple[str, tuple[int, ...]], ...]
    by_example: bool

    @cached_property
    def arrays(self) -> ArrayProgram:
        """The same as an array program: for people, and for back ends that run nothing else."""
        return find_matrices(self.normal, schedule(self.normal), self.arguments, self.by_example)

    def __getstate__(self) -> dict[str, Any]:
        return {name: x for name, x in self.__dict__.items() if name != "arrays"}
