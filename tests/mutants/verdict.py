"""What becomes of a fault, the same whoever put it in."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.mutants.equivalent import reason


@dataclass(frozen=True)
class Verdict:
    """A fault, and whether a test failed.

    Parameters
    ----------
    module : str
        The module it is in.
    where : str
        The function, or the row of the table.
    change : str
        What was changed into what.
    killed : bool
        Whether a test failed, or did not come to an end.
    excuse : str
        Why a fault that was not killed makes no difference; empty if it does make one.
    """

    module: str
    where: str
    change: str
    killed: bool
    excuse: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "excuse", "" if self.killed else reason(f"{self.module}.{self.where}", self.change))

    @property
    def outcome(self) -> str:
        """``killed``, ``equivalent`` or ``survived``."""
        return "killed" if self.killed else "equivalent" if self.excuse else "survived"

    def __str__(self) -> str:
        text = f"{self.outcome}: {self.module}.{self.where}\n    " + self.change.replace("\n", "\n    ")
        return f"{text}\n    {self.excuse}" if self.excuse else text
