"""Why nothing observes these changes in the emitters and in the expressions they write."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

LINEAR = "autograd.compiler.emit_arrays.Emitter._linear"
EQUIVALENT: list[Entry] = [
    (LINEAR, "sign >= 0", "a sign is 1 or -1"),
    (LINEAR, "sign <= 0", "a sign is 1 or -1"),
    (LINEAR, "sign < 1", "a sign is 1 or -1"),
    (LINEAR, "term[0] <= 0", "a sign is 1 or -1"),
    (LINEAR, "term[0] < 1", "a sign is 1 or -1"),
    (LINEAR, "terms[0][0] >= 0", "a sign is 1 or -1"),
    ("autograd.compiler.emit_arrays.Emitter._put", 'kind="STABLE"', "NumPy takes the name of a sort in any case"),
    ("autograd.compiler.emit_python._signed", "term <= 0.0", "a zero is never handed on"),
    (
        "autograd.compiler.scalars.expressions.combine",
        "kinds < {Expression, float}",
        "speed only: floats are made floats again, a microsecond for each operation that has one",
    ),
]
