"""What a function's code may look up: names among globals, attributes of modules, and modules that it imports."""

from __future__ import annotations

import dis
import re
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

from autograd.compiler.captured.contents import CLASSES

__all__ = ["Lookups", "lookups"]

# What only these instructions name is no global that is read.
_OF_OBJECTS = frozenset({"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "STORE_ATTR", "DELETE_ATTR", "IMPORT_FROM"})
_WRITTEN = frozenset({"STORE_NAME", "STORE_GLOBAL"})

# What finds globals by text.
_BY_TEXT = frozenset({"globals", "eval", "exec", "vars", "__globals__", "__dict__"})

# What finds modules by text.
_IMPORTING = frozenset({"modules", "import_module", "__import__"})


class Lookups(NamedTuple):
    """Names that a function's code may look up, those of functions inside it included; each once, in order."""

    globals: tuple[str, ...]
    attributes: tuple[str, ...]  # of objects; whoever asks for one by getattr has it as text
    imports: tuple[tuple[str, int], ...]  # each with its number of dots
    imported_by_text: tuple[str, ...]


@lru_cache(CLASSES)
def lookups(code: CodeType) -> Lookups:
    """What ``code`` may look up: never too little, unless it computes a name."""
    found: tuple[dict[Any, None], ...] = ({}, {}, {})
    texts: dict[str, None] = {}
    for part in _codes(code):
        level = 0
        for instruction in dis.get_instructions(part):
            kind, name = instruction.opname, instruction.argval
            if kind == "IMPORT_NAME":
                found[2][name, level] = None
            elif instruction.opcode in _NAMING and kind not in _OF_OBJECTS | _WRITTEN:
                found[0][name] = None
            elif kind in ("LOAD_CONST", "LOAD_SMALL_INT") and isinstance(name, int):
                level = name  # loaded before what is imported, and a tuple of names between
        found[1].update(dict.fromkeys(part.co_names))
        texts.update(dict.fromkeys(_texts(part.co_consts)))
    words = {text: None for text in texts if text.isidentifier()}
    if not _BY_TEXT.isdisjoint(found[1]):
        inside = dict.fromkeys(word for text in texts for word in re.findall(r"[^\W\d]\w*", text))
        found[0].update(inside)
        words.update(inside)
    modules = [text for text in texts if all(map(str.isidentifier, text.split(".")))]
    modules = [] if _IMPORTING.isdisjoint(found[1]) else modules
    return Lookups(tuple(found[0]), tuple(found[1] | words), tuple(found[2]), tuple(modules))


_NAMING = frozenset(dis.hasname)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _texts(constants: Any) -> Iterator[str]:
    for constant in constants:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple | frozenset):
            yield from _texts(constant)
