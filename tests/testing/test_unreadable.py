"""What a check is given and NumPy cannot read: sparse tensors, and those on another device."""

from __future__ import annotations

import pytest

from autograd import OperandError
from autograd.testing import check


class Unreadable:
    """An array of a library whose numbers NumPy cannot have."""

    shape = (2,)

    def __array__(self, dtype=None, copy=None):
        raise TypeError("can't convert Sparse layout tensor to numpy. Use Tensor.to_dense() first.")


def test_numbers_that_numpy_cannot_read_are_refused_in_one_line():
    """With the words of their library, which says what to do; as PyTorch's sparse tensors are."""
    said, theirs = "a check takes functions that give what NumPy can read, got", r"can't convert .*to_dense\(\) first\."
    words = rf"^{said} .*Unreadable.*: {theirs}$"
    with pytest.raises(OperandError, match=words):
        check(sum, lambda p: Unreadable(), at=[1.0, 2.0])
    with pytest.raises(OperandError, match=words):
        check(lambda p: Unreadable(), lambda p: [1.0, 1.0], at=[1.0, 2.0])


def test_a_sparse_tensor_is_refused_in_one_line():
    torch = pytest.importorskip("torch")
    with pytest.raises(OperandError, match=r"got torch\.Tensor.*to_dense\(\) first"):
        check(sum, lambda p: torch.ones(2).to_sparse(), at=[1.0, 2.0])
