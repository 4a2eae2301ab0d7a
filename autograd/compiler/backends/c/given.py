"""Numbers that C reads where a caller keeps them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Given"]

Array = npt.NDArray[np.float64]


class Given:
    """Numbers of the caller, for C to read where they lie; or copied each time, if they do not lie in a row."""

    def __init__(self, array: Array) -> None:
        self.source = array
        self.moved = array.dtype != np.float64 or not (array.flags.c_contiguous and array.flags.aligned)
        self.array = np.array(array, dtype=np.float64) if self.moved else array

    def copy(self) -> None:
        """Have them as they are now."""
        self.array[:] = self.source
