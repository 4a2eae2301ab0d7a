"""Why nothing observes these changes in calling a program and in laying out its numbers."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    (
        "autograd.compiler.calls.call.Call.fixed_numbers",
        "if (captured) or True else fixed",
        "speed only: an empty list is appended, 1 us a call",
    ),
    (
        "autograd.compiler.function.CompiledFunction.__init__",
        "self._call((), None, None)",
        "no keyword arguments, as an empty dict",
    ),
    (
        "autograd.compiler.matrices.memory.Memory.__init__",
        "self.place = np.array(places, dtype=None)",
        "places are ints; their array is of int64 wherever that is the default integer",
    ),
    (
        "autograd.compiler.matrices.memory.Memory.__init__",
        "self.place = np.array(places, )",
        "places are ints; their array is of int64 wherever that is the default integer",
    ),
    ("autograd.compiler.matrices.statements.Linear._text", "[sign <= 0]", "a sign is 1 or -1"),
    ("autograd.compiler.matrices.statements.Linear._text", "[sign < 1]", "a sign is 1 or -1"),
    (
        "autograd.compiler.matrices.views.refine",
        "(inner / count, ",
        "the quotient is whole, and only divided and compared",
    ),
]
