"""Why nothing observes these changes in the table."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

SYMMETRIC = "the function is symmetric in its two operands"
ORIGIN = "only at the origin, where it divides 0"
AT_ZERO = "it differs at 0, where both branches are 0, or where the step is 1 either way"

EQUIVALENT: list[Entry] = [
    ("autograd.ops.*", "arguments exchanged: m.hypot(", SYMMETRIC),
    ("autograd.ops.*", "arguments exchanged: m.maximum(", SYMMETRIC),
    ("autograd.ops.*", "arguments exchanged: m.minimum(", SYMMETRIC),
    ("autograd.ops.*", "arguments exchanged: m.mul_no_nan(", SYMMETRIC),
    ("autograd.ops.hypot", "constant wrong: 1.0", ORIGIN),
    ("autograd.ops.norm", "constant wrong: 1.0", ORIGIN),
    ("autograd.ops.leaky_relu", "other side of the kink: m.step(a)", AT_ZERO),
    ("autograd.ops.elu", "other side of the kink: m.step(a)", AT_ZERO),
    (
        "autograd.ops._pow_exponent",
        "constant wrong: 0.0  ->  1e-09",
        "the result beside it is inf, and inf times the logarithm of any number below 1 is -inf",
    ),
]
