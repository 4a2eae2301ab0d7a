"""``Code``: a program as a back end runs it, which is all that the rest of the compiler knows of a back end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Code", "FloatCode", "Functions", "Lent", "UnsupportedProgramError", "parted"]

Array = npt.NDArray[np.float64]
Functions = tuple[Callable[..., Any], Callable[..., Any] | None]


class UnsupportedProgramError(ValueError):
    """A program that a back end cannot run, for its form and not for a function it calls."""


class Lent(NamedTuple):
    """Numbers that a program takes from where a caller has them, or leaves where it wants them, if it says so.

    Parameters
    ----------
    name : str
        The keyword of the functions that :meth:`Code.bind` gives: a flat array for this call, in place of the buffer's.
    place : int
        PARAMETER, FIXED or RESULT.
    start, stop : int
        Which of them.
    """

    name: str
    place: int
    start: int
    stop: int


def parted(lent: Sequence[Lent], place: int, where: slice) -> tuple[list[Lent], list[slice]]:
    """Those of so many numbers of a place that are lent, and the rest, which are copied."""
    found = [run for run in lent if run.place == place and where.start <= run.start and run.stop <= where.stop]
    starts, stops = [where.start, *[run.stop for run in found]], [*[run.start for run in found], where.stop]
    return found, [slice(start, stop) for start, stop in zip(starts, stops, strict=True) if start < stop]


class Code(ABC):
    """What a back end makes of a program.

    Parameters
    ----------
    body : ArrayProgram, Normal or ExampleProgram
        What is computed; which of these, ``takes`` says.
    names : pair of sequences of str
        What the parameters and the other numbers are called, as far as they have names.
    """

    takes: ClassVar[type]
    """ArrayProgram, or number by number Normal or ExampleProgram."""

    warns: ClassVar[bool] = True
    """Whether NumPy may warn of overflow while it runs."""

    tells_finite: ClassVar[bool] = False
    """Whether the function for derivatives gives nan if one is not finite, asked with ``finite=True``."""

    tells_finite_rows: bool = False
    """Whether examples have results of their own, and the function for these gives None if a number of them is not
    finite, asked with ``finite=True``."""

    lent: Sequence[Lent] = ()
    """What need not be copied to the buffers or from them."""

    threads: int = 1
    """How many threads may share the work of a call, if the back end has any to share; results are the same."""

    source: str
    """The program as text, for people."""

    @abstractmethod
    def __init__(self, body: Any, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> None: ...

    @abstractmethod
    def bind(self, parameters: Array, derivatives: Array, fixed: Array, batch_size: int) -> Functions:
        """Functions of the batched arguments, on these buffers: the value; and the value, leaving the derivatives."""

    @abstractmethod
    def prepare(self) -> None:
        """Do what the first call would wait for."""

    def explain(self) -> str:
        """The program as equations."""
        return self.source


class FloatCode(Code):
    """Code that floats are handed to one by one, parameters before the other numbers: no array lies between."""

    @property
    @abstractmethod
    def value(self) -> Callable[..., Any]:
        """The outputs, from all numbers in a row."""

    @property
    @abstractmethod
    def value_and_grad(self) -> Callable[..., Any]:
        """The outputs and a tuple of their derivatives, from all numbers in a row."""
