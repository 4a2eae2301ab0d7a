"""Where functions stop being smooth or finite: one row for each convention.

The rule: the derivative where there is one; at a kink the subgradient of least norm; infinite where the limit is;
nan, never a finite number, where the value itself is undefined. An adjoint that is exactly zero is not propagated.
"""

from __future__ import annotations

from tests.edges.functions import (
    INVERSES,
    KINKS,
    ROOTS_AND_LOGARITHMS,
    SATURATION,
    SUMS_OF_EXPONENTIALS,
    ZEROS_AND_INFINITIES,
)
from tests.edges.powers import CONSTANT_EXPONENTS, POWERS, QUOTIENTS

EDGES = [
    *KINKS,
    *ROOTS_AND_LOGARITHMS,
    *INVERSES,
    *CONSTANT_EXPONENTS,
    *POWERS,
    *QUOTIENTS,
    *SATURATION,
    *SUMS_OF_EXPONENTIALS,
    *ZEROS_AND_INFINITIES,
]
