"""Whose code something is: the user's, which is followed, or that of Python, of a package, or of this library."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

__all__ = ["home_of", "is_installed", "is_library", "is_users"]

_LIBRARIES = frozenset({"autograd", "nn", "viz", "numpy"})
_STANDARD_LIBRARY = str(Path(os.__file__).parent)
_PACKAGES = ("site-packages", "dist-packages")


def is_installed(module: str | None, filename: str | None, home: str | None = None) -> bool:
    """Whether something is part of Python, of this library, or of an installed package other than ``home``."""
    if home is not None and _root(module) == home:
        return False
    return is_library(module, filename) or any(place in (filename or "") for place in _PACKAGES)


def is_library(module: str | None, filename: str | None) -> bool:
    """Whether something is part of Python, of NumPy, or of this library, which nobody alters."""
    root, place = _root(module), filename or "<"
    if root in sys.stdlib_module_names:  # and not a file of that name that stands elsewhere
        return place.startswith(("<", _STANDARD_LIBRARY)) and not any(package in place for package in _PACKAGES)
    return root in _LIBRARIES


def home_of(x: Any) -> str | None:
    """The package that a function comes from, be it installed: it is its user's. None if that is a library."""
    while isinstance(x, partial | MethodType):
        x = x.func if isinstance(x, partial) else x.__func__
    module = getattr(x, "__module__", None)
    if not isinstance(module, str) or _root(module) in _LIBRARIES or _root(module) in sys.stdlib_module_names:
        return None
    return _root(module)


def is_users(x: Any, home: str | None = None) -> bool:
    """Whether a callable is the user's own, wherever it is found."""
    while isinstance(x, partial | MethodType):
        x = x.func if isinstance(x, partial) else x.__func__
    if isinstance(x, FunctionType):
        return not is_installed(x.__globals__.get("__name__"), x.__code__.co_filename, home)
    module: Any = (x if isinstance(x, type) else type(x)).__module__
    filename = getattr(sys.modules.get(module), "__file__", None) if isinstance(module, str) else None
    return not is_installed(module, filename, home) if isinstance(module, str) else False


def _root(module: str | None) -> str:
    return (module or "").partition(".")[0]
