"""Why nothing observes these changes in the table."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    (
        "autograd.ops._pow_exponent",
        "constant wrong: 0.0  ->  1e-09",
        "the result beside it is inf, and inf times the logarithm of any number below 1 is -inf",
    ),
]
