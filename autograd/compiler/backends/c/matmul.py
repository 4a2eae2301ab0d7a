"""Matrix products for the runtime: which of two matrices lies in vectors, and what is added on the way."""

from __future__ import annotations

import numpy as np

from autograd.compiler.matrices.statements import Linear, MatMul
from autograd.compiler.matrices.views import View, affine

__all__ = ["added", "arranged"]

# Numbers of a vector, and rows that are computed at a time: those of products.c.
VECTOR, ROWS = 8, 4


def arranged(s: MatMul) -> tuple[View, View, View]:
    """Target, left and right matrix as the runtime takes them: rows of the right one are what lies in vectors.

    A product is the transposed one of the matrices in the other order. Of these, the one is chosen in which less has to
    be copied and fewer vectors are partly empty; where one of them has examples, these are what lies in vectors.
    """
    given = s.target, s.left, s.right
    other = s.target.transposed(0, 2, 1), s.right, s.left
    if s.left.batched != s.right.batched:
        return given
    cost = _cost_of_sums if s.left.batched else _cost
    return other if cost(*other) < cost(*given) else given


def _cost_of_sums(target: View, left: View, right: View) -> float:  # noqa: ARG001
    """How many blocks are computed, four columns and as many rows as there are in each."""
    _, height, width = target.shape
    return height * -(-width // ROWS) + -(-height // ROWS)


def _cost(target: View, left: View, right: View) -> float:
    """About how many nanoseconds it takes."""
    _, height, width = target.shape
    depth = left.shape[2]
    if height < ROWS and left.strides[2] == right.strides[2] == 1:
        return -(-width // ROWS) * height * (-(-depth // VECTOR) + 4)
    whole = not width % VECTOR
    multiplied = -(-height // ROWS) * -(-width // VECTOR) * depth * ROWS / 3
    copied = 0 if whole and right.strides[1] == 1 else depth * width * (0.3 if right.strides[1] == 1 else 0.7)
    written = 0 if whole and target.strides[2] == 1 else height * width * 0.7
    return multiplied + copied + written


def added(s: MatMul, following: object) -> View | None:
    """What a statement adds to a product of shared numbers with those of the examples, if that is all it does.

    It is given as a view along the axes of the product.
    """
    if not isinstance(following, Linear) or (s.mode, following.mode) != ("=", "+="):
        return None
    if not s.target.batched or s.left.batched == s.right.batched:
        return None
    (sign, factors), *more = following.terms
    if more or sign < 0 or len(factors) > 1 or following.target.place != s.target.place:
        return None
    (shift,) = factors
    if not isinstance(shift, View) or shift.batched:
        return None
    slots, target = s.target.slots().ravel(), following.target.slots().ravel()
    order, place = np.argsort(target), np.argsort(slots)
    if not np.array_equal(target[order], slots[place]):
        return None
    found = np.empty_like(slots)
    found[place] = np.broadcast_to(shift.slots(), following.target.shape).ravel()[order]
    return affine(shift.place, found.reshape(s.target.shape))
