"""Why nothing observes these changes in functions, in derivatives of functions, and in what a graph says of itself."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    ("autograd.arrays.sigmoid", "np.asarray(a) > 0.0, 1.0, e", "at 0 the exponential is 1 as well"),
    ("autograd.floats.sigmoid", "1.0 if a > 0.0 else e", "at 0 the exponential is 1 as well"),
    (
        "autograd.floats.div",
        "math.copysign(inf, a) / math.copysign(1.0, b)",
        "dividing by 1 or -1 is multiplying by it",
    ),
    ("autograd.floats.div", "math.copysign(2.0, b)", "infinity times any number has that number's sign, no more"),
    ("autograd.floats.pow", "-inf if a <= 0.0 and", "a power of 0 never overflows: it is 0, 1 or a ValueError"),
    ("autograd.floats.step", "0.0 if a <= 1.0 else nan", "numbers above 0 have been answered before"),
    ("autograd.copies._restore", "is None else 1", "passes count from 2: 1 is as much before them as 0"),
    ("autograd.diagnosis._first_non_finite_derivative", "check=None", "None is as false as False"),
    ("autograd.variables._retire", "ops.mul, x, 1.0, 1.0, 1", "passes count from 2: 1 is as much before them as 0"),
]
