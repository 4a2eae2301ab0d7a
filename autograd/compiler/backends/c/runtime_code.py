"""What the back ends that run by the C runtime share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from autograd.compiler.backends.c.library import library
from autograd.compiler.backends.code import Code

__all__ = ["PATIENCE", "RuntimeCode"]

# So many numbers are computed before Python may be interrupted: about a tenth of a second's work.
PATIENCE = 30_000_000


class RuntimeCode(Code):
    """A program for the C runtime, which has nothing to compile.

    Raises
    ------
    RuntimeError
        If there is no runtime.
    """

    warns = False

    def __init__(self, body: Any, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> None:
        found = library()
        if found is None:
            raise RuntimeError("there is no C runtime here; leave kind out, and the program runs without it")
        self.body, self.names, self.library = body, names, found
        self._encode()

    @abstractmethod
    def _encode(self) -> None:
        """Write the program down for the runtime."""

    def prepare(self) -> None:
        """There is nothing left to do."""
