"""What classes hold, and what objects hold because of their class."""

from __future__ import annotations

from functools import lru_cache
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from autograd.compiler.captured.contents import CLASSES
from autograd.compiler.captured.watch import UNBOUND

__all__ = ["member", "slots"]


def member(name: str, member: Any) -> Any:
    """What a class holds that its objects may show; unbound for what Python keeps there."""
    if isinstance(member, property):
        return (name, member.fget)
    if isinstance(member, classmethod | staticmethod):
        return (name, member.__func__)
    of_python = name.startswith("__") and not callable(member)
    return UNBOUND if of_python or isinstance(member, GetSetDescriptorType | MemberDescriptorType) else (name, member)


@lru_cache(CLASSES)
def slots(kind: Any) -> tuple[str, ...]:
    """The names of the attributes that objects of a class keep in slots."""
    found: list[str] = []
    for base in kind.__mro__:
        names = vars(base).get("__slots__", ())
        names = (names,) if isinstance(names, str) else names
        private = f"_{base.__name__.lstrip('_')}"
        found += [private + name if name.startswith("__") and not name.endswith("__") else name for name in names]
    return tuple(name for name in found if name not in ("__dict__", "__weakref__"))
