"""Matrix products for the runtime: which of two matrices goes through the vector units."""

from __future__ import annotations

from autograd.compiler.matrices.statements import MatMul
from autograd.compiler.matrices.views import View

__all__ = ["arranged"]

# Numbers of a vector, and rows that are computed at a time: those of products.c.
VECTOR, ROWS = 8, 4


def arranged(s: MatMul) -> tuple[View, View, View]:
    """Target, left and right matrix as the runtime takes them: rows of the right one are what lies in vectors.

    A product is the transposed one of the matrices in the other order. Where no matrix has examples, that is chosen in
    which less has to be copied and fewer vectors are partly empty.
    """
    given = s.target, s.left, s.right
    other = s.target.transposed(0, 2, 1), s.right, s.left
    if s.left.batched or s.right.batched:
        return given
    return other if _cost(*other) < _cost(*given) else given


def _cost(target: View, left: View, right: View) -> float:
    """About how many nanoseconds it takes."""
    _, height, width = target.shape
    depth = left.shape[2]
    whole = not width % VECTOR
    multiplied = -(-height // ROWS) * -(-width // VECTOR) * depth * ROWS / 3
    copied = 0 if whole and right.strides[1] == 1 else depth * width * (0.3 if right.strides[1] == 1 else 0.7)
    written = 0 if whole and target.strides[2] == 1 else height * width * 0.7
    return multiplied + copied + written
