"""Why nothing observes these changes in finding the matrices, and in differentiating the array program."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    # ── Sums ──
    ("autograd.compiler.sums.*", "sign <= 0", "a sign is 1 or -1"),
    ("autograd.compiler.sums.*", "sign < 1", "a sign is 1 or -1"),
    ("autograd.compiler.sums.Sums.*", "-2 if self.totals[0].negative", "of a sign only that it is negative is asked"),
    ("autograd.compiler.sums.Sums.*", "negative else 2", "of a sign only that it is negative is asked"),
    ("autograd.compiler.sums.Sums.write", '((2, "plus"), (-1', "of a sign only that it is negative is asked"),
    ("autograd.compiler.sums.Sums.write", '(-2, "minus")', "of a sign only that it is negative is asked"),
    ("autograd.compiler.sums.Sums.*", '"=", ((2, (', "of a sign only that it is negative is asked"),
    ("autograd.compiler.sums.Sums.__init__", "self.started = None", "None is as false as False"),
    ("autograd.compiler.sums.Sums._into", "run(None, len", "None is as false as False"),
    ("autograd.compiler.sums.Sums._products", "<< 33", "any shift beyond the number of places keeps pairs apart"),
    ("autograd.compiler.sums.Sums._shaped", "reshape(len(lengths), -2)", "NumPy takes any negative length as the rest"),
    ("autograd.compiler.sums.Sums.*", ".flat[1]", "all operands on one side are in one place"),
    ("autograd.compiler.sums._kinds", "and False else", "speed only: a mask that chooses everything"),
    # ── Contractions ──
    ("autograd.compiler.contractions._grid", '"STABLE"', "NumPy reads the name in either case"),
    ("autograd.compiler.contractions._sides", "set(a) | set(b)", "speed only: sides that are apart are found again"),
    ("autograd.compiler.contractions._sides", "colour[start] = None", "None is as false as False"),
]
