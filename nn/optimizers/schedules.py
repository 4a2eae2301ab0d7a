"""Learning rates that change with the number of steps taken.

An optimiser takes one of these, or any function from the number of steps already taken to a rate, where it takes a
number. With b batches an epoch there are b steps an epoch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from autograd.convert import as_float

__all__ = ["ConstantSchedule", "CosineSchedule", "LinearSchedule", "StepSchedule"]


@dataclass(frozen=True)
class _Schedule:
    def __post_init__(self) -> None:
        for field in fields(self):
            number = getattr(self, field.name)
            as_float(number, f"{field.name} of {type(self).__name__} takes")
            if not 0.0 <= number < math.inf or (field.type == "int" and number < 1):
                rule = "at least 1" if field.type == "int" else "finite and at least 0"
                raise ValueError(f"{field.name} of {type(self).__name__} is {rule}, got {number}")


@dataclass(frozen=True)
class ConstantSchedule(_Schedule):
    """The same rate at every step; a plain number means this.

    Parameters
    ----------
    rate : float
        Finite, at least 0.
    """

    rate: float

    def __call__(self, step: int) -> float:
        """The rate of step number ``step``, from 0."""
        del step
        return self.rate


@dataclass(frozen=True)
class StepSchedule(_Schedule):
    """``start``, multiplied by ``factor`` after every ``every`` steps.

    Parameters
    ----------
    start, factor : float
        Finite, at least 0.
    every : int
        At least 1.
    """

    start: float
    every: int
    factor: float = 0.1

    def __call__(self, step: int) -> float:
        """The rate of step number ``step``, from 0."""
        return self.start * self.factor ** (step // self.every)


@dataclass(frozen=True)
class LinearSchedule(_Schedule):
    """From ``start`` to ``end`` in ``steps`` equal steps, and ``end`` from there on.

    Parameters
    ----------
    start, end : float
        Finite, at least 0.
    steps : int
        At least 1.

    Examples
    --------
    micrograd's ``1.0 - 0.9*k/100``:

    >>> LinearSchedule(1.0, 0.1, 100)(50)
    0.55
    """

    start: float
    end: float
    steps: int

    def __call__(self, step: int) -> float:
        """The rate of step number ``step``, from 0."""
        return self.start + (self.end - self.start) * min(step / self.steps, 1.0)


@dataclass(frozen=True)
class CosineSchedule(_Schedule):
    """From ``start`` to ``end`` in ``steps`` steps along half a cosine, and ``end`` from there on.

    Parameters
    ----------
    start, end : float
        Finite, at least 0.
    steps : int
        At least 1.

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, equation 5, one cycle.
    """

    start: float
    end: float
    steps: int

    def __call__(self, step: int) -> float:
        """The rate of step number ``step``, from 0."""
        return self.end + 0.5 * (self.start - self.end) * (1.0 + math.cos(math.pi * min(step / self.steps, 1.0)))
