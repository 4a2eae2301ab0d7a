"""HIPS autograd, which has our import name: ``HIPS_PYTHON`` is the interpreter of an environment that holds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import autograd
import autograd.numpy as np
from tests.bench import workloads
from tests.bench.workloads import Loop, repeated


def _scalars(f: Callable[..., Any], *point: float) -> Loop:
    both = autograd.value_and_grad(f, (0, 1))
    loop = repeated(lambda: both(*point))
    return lambda steps: [float(slope) for slope in loop(steps)[1]]


WORKS = {
    "tiny": lambda: _scalars(workloads.tiny_expression, -41.0, 2.0),
    "readme": lambda: _scalars(partial(workloads.small_expression, relu=lambda x: np.maximum(x, 0.0)), -4.0, 2.0),
}
