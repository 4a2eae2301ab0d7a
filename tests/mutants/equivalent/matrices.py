"""Why nothing observes these changes in finding the matrices, and in reading arguments."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

SIGN = "a sign is 1 or -1"
NEGATIVE = "of a sign only that it is negative is asked"
FALSE = "None is as false as False"

EQUIVALENT: list[Entry] = [
    # ── Sums ──
    ("autograd.compiler.matrices.sums.*", "sign <= 0", SIGN),
    ("autograd.compiler.matrices.sums.*", "sign < 1", SIGN),
    ("autograd.compiler.matrices.sums.Sums.*", "negative else 2", NEGATIVE),
    ("autograd.compiler.matrices.sums.Sums.write", '((2, "plus"), (-1', NEGATIVE),
    ("autograd.compiler.matrices.sums.Sums.write", '(-2, "minus")', NEGATIVE),
    ("autograd.compiler.matrices.sums.Sums.*", '"=", ((2, (', NEGATIVE),
    ("autograd.compiler.matrices.sums.Sums.__init__", "self.started = None", FALSE),
    ("autograd.compiler.matrices.sums.Sums._into", "run(None, len", FALSE),
    ("autograd.compiler.matrices.sums.Sums._products", "<< 33", "any shift beyond the places keeps pairs apart"),
    ("autograd.compiler.matrices.sums.Sums._shaped", "reshape(len(lengths), -2)", "any negative length is the rest"),
    ("autograd.compiler.matrices.sums.Sums.*", ".flat[1]", "all operands on one side are in one place"),
    ("autograd.compiler.matrices.sums._kinds", "and False else", "speed only: a mask that chooses everything"),
    # ── Contractions ──
    ("autograd.compiler.matrices.contractions._grid", '"STABLE"', "NumPy reads the name in either case"),
    ("autograd.compiler.matrices.contractions._sides", "set(a) | set(b)", "speed only: sides apart are found again"),
    ("autograd.compiler.matrices.contractions._sides", "colour[start] = None", FALSE),
    # ── Arguments ──
    ("autograd.compiler.calls.arguments.*", '"XXiubXX"', "no kind of number is called X"),
    ("autograd.compiler.calls.arguments.*", '"XXfiubXX"', "no kind of number is called X"),
    ("autograd.compiler.calls.arguments._examine_array", '"FIUB"', "speed only: number by number"),
    ("autograd.compiler.calls.arguments.batched_argument", "astype(None", "NumPy's default is float64"),
    ("autograd.compiler.calls.arguments.batched_argument", "copy=None", FALSE),
    ("autograd.compiler.calls.arguments.batched_argument", "copy=True", "speed only: a copy"),
    ("autograd.compiler.calls.arguments.batched_argument", "casting=casting, )", "speed only: a copy"),
]  # fmt: skip
