"""Programs on buffers: what they read and write, made for a number of examples and kept for the last few of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends import Code

__all__ = ["KEPT", "Buffers", "Step", "bound"]

Array = npt.NDArray[np.float64]
Made = TypeVar("Made")

# Buffers are kept for this many batch sizes in each thread.
KEPT = 4


@dataclass(frozen=True, slots=True)
class Step:
    """A program bound to one parameter vector and one batch size: for a training loop.

    Parameters
    ----------
    parameters, fixed : array
        Read where they lie: update them in place and call again.
    gradient : array
        Overwritten by each call.
    value, value_and_grad : callable
        Take the batched arguments; ``value_and_grad`` gives the value and leaves the gradient in ``gradient``.
    """

    parameters: Array
    gradient: Array
    fixed: Array
    value: Callable[..., Any]
    value_and_grad: Any


def bound(code: Code, parameters: Array, gradient: Array, fixed: Array, batch_size: int) -> Step:
    """A program on these buffers, and some that the back end makes."""
    return Step(parameters, gradient, fixed, *code.bind(parameters, gradient, fixed, batch_size))


class Buffers(threading.local, Generic[Made]):
    """What a function makes for a batch size, kept for each of the last few in each thread, while nobody uses it.

    A call in the midst of another, by a finalizer or a signal's handler, finds nothing kept, and has its own made.
    Each new thread begins with the function, which is therefore to hold nothing of the arguments of a call.
    """

    def __init__(self, make: Callable[[int], Made]) -> None:
        self.make = make
        self.kept: dict[int, Made] = {}

    def take(self, batch_size: int) -> Made:
        """What was kept for this batch size, or is made for it; to be given to :meth:`keep` after use."""
        found = self.kept.pop(batch_size, None)
        return self.make(batch_size) if found is None else found

    def keep(self, batch_size: int, made: Made) -> None:
        """Have it for the next call."""
        self.kept[batch_size] = made
        if len(self.kept) > KEPT:
            del self.kept[next(iter(self.kept))]
