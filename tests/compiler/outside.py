"""Modules as a user has them, made for a test."""

from __future__ import annotations

import sys
from types import ModuleType


def make_module(name, source, filename="/home/user/settings.py", **attributes):
    """A module as from a file of this name."""
    module = ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    vars(module).update(attributes)
    exec(__builtins__["compile"](source, filename, "exec"), vars(module))
    return module


class Box:
    """An object with a number, of a class with one."""

    T = 2.0

    def __init__(self):
        self.x = 2.0
