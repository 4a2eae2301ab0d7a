"""Why nothing observes these changes in recording, normalising, scheduling and running a compiled program."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    (
        "autograd.compiler.scalars.expressions.combine",
        "kinds < {Expression, float}",
        "speed only: floats are made floats again, a microsecond for each operation that has one",
    ),
    (
        "autograd.compiler.program.program.Program._run",
        "+ count = len(batch[0]) if batch else 2",
        "no line of a program without examples depends on the batch size",
    ),
    (
        "autograd.compiler.scalars.tape.record",
        "find(None)",
        "speed only: the general case gives the same operands, 1.5 times as slowly",
    ),
    (
        "autograd.compiler.scalars.normalise._Normaliser._absorbed",
        "+ uses[a] += 2",
        "a result is used elsewhere; two uses or more are the same",
    ),
    (
        "autograd.compiler.scalars.normalise._Normaliser.__init__",
        "+ self.new: list[int] = [*[1]",
        "overwritten before it is read",
    ),
]
