"""Whether there is a C runtime, and a program long enough for it."""

from __future__ import annotations

import pytest

from autograd import Value, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.c import library

needs_runtime = pytest.mark.skipif(library() is None, reason="there is no C runtime here")


def chain(x, n: int = 60):
    """Far more operations than the longest that are left to Python, one after the other."""
    y = x[0]
    for k in range(n):
        y = tanh(y * x[k % 3] + 0.1) - x[1]
    return y


def chained():
    leaves = [Value(0.3), Value(-0.7), Value(1.1)]
    return compile_tape(record([chain(leaves)], leaves))
