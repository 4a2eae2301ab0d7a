"""Whether all numbers of an array are finite."""

from __future__ import annotations

from math import isfinite

import numpy as np
import numpy.typing as npt

__all__ = ["is_finite"]

# Whether so few numbers are finite is sooner said by their squares, if these do not overflow. For more, OpenBLAS would
# start threads, which have to be waited for where others compute as well.
FEW = 10_000


def is_finite(array: npt.NDArray[np.float64]) -> bool:
    """Whether they are all, without a warning of squares that overflow."""
    if array.size <= FEW and (not array.size or isfinite(np.vdot(array, array))):  # dot would warn
        return True
    return bool(np.isfinite(array).all())
