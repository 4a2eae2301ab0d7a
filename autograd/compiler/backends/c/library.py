"""The C runtime as a library: found, judged and loaded, once; or not there, and everything runs without it."""

from __future__ import annotations

import ctypes
import os
import shlex
import warnings
from functools import cache
from typing import Any

from autograd.compiler.backends.c.build import LEVELS, LIBRARY, SCRIPT, fingerprint

__all__ = ["Library", "library"]


class Library:
    """The functions of the runtime for this processor.

    Attributes
    ----------
    codes : dict of int
        The number of each operation, by its name.
    arities : dict of int
        How many operands it has, where that is fixed.
    lanes : dict of int
        The number of each operation that lanes have beside those.
    """

    def __init__(self, loaded: Any) -> None:
        level = _level(loaded)
        self.run_tape = loaded[f"run_tape_{level}"]
        self.run_tape.restype = None
        self.check_tape = loaded[f"check_tape_{level}"]
        self.check_tape.restype = ctypes.c_int64
        self.run_arrays = loaded[f"run_arrays_{level}"]
        self.run_arrays.restype = None
        self.lanes_before, self.lanes_each, self.lanes_after, self.lanes_whole = [
            loaded[f"lanes_{when}_{level}"] for when in ("before", "each", "after", "whole")
        ]
        for run in (self.lanes_before, self.lanes_each, self.lanes_after, self.lanes_whole):
            run.restype = None
        self.evaluate = loaded[f"evaluate_{level}"]
        self.evaluate.restype = None
        loaded.runtime_operations.restype = ctypes.c_char_p
        lists = [names.split() for names in loaded.runtime_operations().decode().split("|")]
        self.codes = {name: k for k, name in enumerate([name for names in lists for name in names])}
        loaded.runtime_lane_operations.restype = ctypes.c_char_p
        own = loaded.runtime_lane_operations().decode().split()
        self.lanes = {name: len(self.codes) + k for k, name in enumerate(own)}
        self.arities = {name: n for n, names in enumerate(lists[:3], 1) for name in names}


def _level(loaded: Any) -> int:
    """The vector units to use: the best of this processor, or as many as ``AUTOGRAD_C_LEVEL`` allows, for tests."""
    best: int = loaded.runtime_level()
    most = os.environ.get("AUTOGRAD_C_LEVEL", "")
    return max(level for level in LEVELS if level <= min(best, int(most))) if most.isdigit() else best


@cache
def library() -> Library | None:
    """The runtime; None if there is none here, if it was made of other sources, or if ``AUTOGRAD_NO_C`` is set.

    Warns
    -----
    UserWarning
        If there is one that is not used: everything is right without it, only slower, which nobody would see.
    """
    if os.environ.get("AUTOGRAD_NO_C", "0") not in ("", "0") or not LIBRARY.exists():
        return None
    try:
        loaded: Any = ctypes.CDLL(str(LIBRARY))
        loaded.runtime_sources.restype = ctypes.c_char_p
        if loaded.runtime_sources().decode() == fingerprint():
            return Library(loaded)
        why = "was built from other sources than are here now"
    except (OSError, AttributeError) as error:  # for another machine, say, or not ours
        why = f"cannot be loaded ({error})"
    warnings.warn(
        f"the C runtime is not used, and compiled functions run several times slower: {LIBRARY} {why}; build it anew, "
        f"`python {shlex.quote(str(SCRIPT))}`, or set AUTOGRAD_NO_C=1 to do without",
        stacklevel=2,
    )
    return None
