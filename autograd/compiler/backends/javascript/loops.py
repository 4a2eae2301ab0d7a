"""Statements of an array program as loops of JavaScript over typed arrays."""

from __future__ import annotations

from typing import ClassVar

from autograd.compiler.backends import loops
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIXED, PARAMETER

__all__ = ["Loops"]


class Loops(loops.Loops):
    """Writes statements."""

    arrays: ClassVar = {
        PARAMETER: "theta", RESULT: "gradient", FIXED: "fixed", COUNT: "counts", CONSTANT: "constants",
        UNBATCHED: "numbers", BATCHED: "batch",
    }  # fmt: skip
    counter = "let"
    total = "let s = 0;"

    def comment(self, text: str) -> str:
        """A line that says something."""
        return f"// {text}"
