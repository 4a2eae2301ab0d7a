"""Whether a function draws random numbers, which a program would do once, for all calls."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.compiler.calls.arguments import parts_of
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.recordings import Trace
from autograd.compiler.captured.walk import Walk
from autograd.value import Value

__all__ = ["draws_numbers"]

# A thread beside this one may draw from the same generator; a function that draws does so each time.
TRIES = 3


def draws_numbers(call: Call, trace: Callable[[], Trace]) -> tuple[bool, Trace]:
    """Whether each run leaves a generator elsewhere than where it stood; and the last run.

    Looked at are those of the modules ``random`` and ``numpy.random``, and all that are found by following the function
    and its arguments; not one that the function makes itself.
    """
    walk = Walk(call.subject.f, root=True)
    for k in call.arguments:
        parts = [x for x in parts_of(call.values[k]) if not isinstance(x, float | int | str | np.ndarray | Value)]
        walk.over(parts, root=False)
    for _ in range(TRIES):
        before = _states(walk.generators)
        found = trace()
        if _states(walk.generators) == before:
            return False, found
    return True, found


def _states(generators: list[Any]) -> list[bytes]:
    """Where generators stand; the system's own has no state."""
    found = []
    for x in (random.getstate(), np.random.get_state(), *generators):
        with suppress(NotImplementedError, TypeError, pickle.PicklingError):
            found.append(pickle.dumps(x))
    return found
