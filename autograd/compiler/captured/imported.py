"""What functions read of modules, and of classes of packages: attributes by the names in their code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from autograd.compiler.captured.lookups import Lookups
from autograd.compiler.captured.origin import is_installed, is_library, is_users

__all__ = ["Imported", "modules_named"]


class Imported:
    """Modules that a walk met, and the names by which the functions that it met may read them.

    Any of these functions may read any of the modules, since a module can be handed on as an argument. Of the user's
    modules everything of that name is followed; of an installed package's what is data, and what is the user's, who
    has put it there: of its own functions and classes it counts alone which they are.

    Parameters
    ----------
    home : str or None
        The installed package that is the user's.
    """

    def __init__(self, home: str | None) -> None:
        self.home = home
        self._places: list[_Place] = []
        self.names: dict[str, None] = {"__getattr__": None}  # which a module has for names that it has not

    def meet(self, module: ModuleType) -> None:
        """A module that functions may read."""
        name, filename = [vars(module).get(key) for key in ("__name__", "__file__")]
        self._places.append(_Place(module, _text(name), _text(filename), self.home))

    def meet_class(self, kind: type, filename: str | None) -> None:
        """A class of an installed package, of which functions may read data as of a module."""
        self._places.append(_Place(kind, kind.__module__, filename, self.home))

    def look_up(self, names: Iterable[str]) -> None:
        """Names by which a function may read modules."""
        self.names.update(dict.fromkeys(names))

    def unread(self) -> list[tuple[ModuleType | type, str, Any, bool, bool]]:
        """What is new: module or class, name, itself, whether another may take its place, whether it is followed."""
        found = []
        for place in self._places:
            for name in sorted(place.attributes.keys() & self.names.keys() - place.read):
                place.read.add(name)
                x = place.attributes[name]
                if x is not sys.modules:
                    watched = not (place.installed and isinstance(x, ModuleType))
                    found.append((place.of, name, x, watched, place.follows(x)))
        return found

    def missing(self) -> list[tuple[Mapping[str, Any], frozenset[str]]]:
        """Names that modules and classes do not have so far, but of libraries."""
        names = frozenset(self.names)
        return [(p.attributes, names - p.attributes.keys()) for p in self._places if not p.library]


class _Place:
    """A module or a class, and which of its attributes have been read."""

    def __init__(self, of: ModuleType | type, name: str | None, filename: str | None, home: str | None) -> None:
        self.of, self.home = of, home
        self.attributes: Mapping[str, Any] = vars(of)
        self.library = is_library(name, filename)
        self.installed = is_installed(name, filename, home)
        self.read: set[str] = set()

    def follows(self, x: Any) -> bool:
        """Whether what an object holds matters: not of functions of installed packages, but for one."""
        data = isinstance(x, ModuleType) or not callable(x) or x is os.getenv
        data = data or (isinstance(x, type) and not self.library)  # which may hold some
        return data or not self.installed or is_users(x, self.home)


def _text(x: Any) -> str | None:
    return x if isinstance(x, str) else None


def modules_named(found: Lookups, place: dict[str, Any]) -> list[str]:
    """The full names of the modules that a function with these globals may import, packages before what is in them."""
    full = [name if not dots else _absolute(name, dots, place) for name, dots in found.imports]
    full += found.imported_by_text
    parts = [name.split(".") for name in full]
    names = [".".join(words[:k]) for words in parts for k in range(1, len(words) + 1)]
    return list(dict.fromkeys(names))


def _absolute(name: str, dots: int, place: dict[str, Any]) -> str:
    package = place.get("__package__") or place.get("__name__", "").rpartition(".")[0]
    base = package.rsplit(".", dots - 1)[0]
    return f"{base}.{name}" if name else base
