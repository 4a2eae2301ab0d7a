"""What is said of a derivative: right, wrong, or too noisy to tell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["NOISY", "RIGHT", "WRONG", "Check", "Entry", "Outcome"]

Outcome = Literal["right", "wrong", "too noisy to tell"]

RIGHT: Final = "right"
WRONG: Final = "wrong"
NOISY: Final = "too noisy to tell"


@dataclass(frozen=True)
class Entry:
    """One derivative, and what became of it.

    Attributes
    ----------
    place : str
        Which one, as in ``W[0, 2]``, by the names that the function gives to its arguments.
    gradient : float
        What the gradient under test says.
    value, bound : float
        What the function does: it changes by ``value``, give or take ``bound``.
    outcome : str
        ``"right"``, ``"wrong"`` or ``"too noisy to tell"``.
    reason : str
        Why it is wrong or cannot be told.
    """

    place: str
    gradient: float
    value: float
    bound: float
    outcome: Outcome
    reason: str = ""

    @property
    def error(self) -> float:
        """Distance from what the function does."""
        return abs(self.gradient - self.value)


@dataclass(frozen=True)
class Check:
    """What :func:`check` found at a point.

    Attributes
    ----------
    at : object
        The point.
    entries : tuple of Entry
        One for each derivative.
    """

    at: Any
    entries: tuple[Entry, ...]

    @property
    def outcome(self) -> Outcome:
        """``"wrong"`` if any derivative is, else ``"too noisy to tell"`` if any is, else ``"right"``."""
        found = {entry.outcome for entry in self.entries}
        return WRONG if WRONG in found else NOISY if NOISY in found else RIGHT

    @property
    def worst(self) -> Entry | None:
        """Of the entries that decide the outcome, the one that is furthest off for its size."""
        deciding = [entry for entry in self.entries if entry.outcome == self.outcome]
        return max(deciding, key=_relative, default=None)

    def __bool__(self) -> bool:
        raise TypeError("a check has three outcomes and is neither true nor false; compare its .outcome with 'right'")

    def __str__(self) -> str:
        """One line: which derivative, where, and by how much."""
        entry, at = self.worst, " ".join(repr(self.at).split())
        if self.outcome == RIGHT or entry is None:
            return f"right: {len(self.entries)} derivative{'s' * (len(self.entries) != 1)} at {at}"
        others = sum(other.outcome == self.outcome for other in self.entries) - 1
        more = f" (and {others} more)" if others else ""
        if self.outcome == WRONG:
            return (
                f"wrong: the derivative by {entry.place} at {at} is {entry.gradient:.10g}, "
                f"but f changes by {entry.value:.10g} ± {entry.bound:.1g}: {entry.reason}{more}"
            )
        return f"too noisy to tell: the derivative by {entry.place} at {at}: {entry.reason}{more}"


def _relative(entry: Entry) -> float:
    error = entry.error
    return error / max(abs(entry.value), abs(entry.gradient), 5e-324) if math.isfinite(error) else math.inf
