"""What files of C are written with: expressions, names that are free, and functions of the runtime's headers."""

from __future__ import annotations

import re
from functools import cache
from math import inf
from pathlib import Path

from autograd.compiler.backends import text
from autograd.compiler.backends.c.reserved import is_function_of_c, is_word_of_c

__all__ = ["Text", "free", "name_of", "taken_names"]

# What the file itself calls something.
_OWN = frozenset(("Pair", "Exponential", "parameters", "others", "gradient", "results"))
_HEAD = "/* Written by scalar-autograd. Compile it with -std=c99 and without -ffast-math: as written, it is rounded. */"


class Text(text.Text):
    """Writes expressions, and remembers the functions they call."""

    real = "const double"

    def number(self, x: float) -> str:
        """A number that C reads back to the last bit."""
        return "NAN" if x != x else str(x).replace("inf", "INFINITY") if x in (inf, -inf) else repr(float(x))

    def call(self, function: str, arguments: str) -> str:
        """By a function of the runtime's."""
        self.used.add(f"f_{function}")
        return f"f_{function}({arguments})"

    def library(self, *headers: str) -> list[str]:
        """The head of a file, with the functions that were called and all that these are made of."""
        library = _library()
        needed: set[str] = set()
        stack = [*self.used]
        while stack:
            name = stack.pop()
            if name not in needed:
                needed.add(name)
                stack += [word for word in set(re.findall(r"\w+", library[name])) if word in library]
        chunks = dict.fromkeys([piece for name, piece in library.items() if name in needed])
        head = [_HEAD, "", *[f"#include <{name}.h>" for name in ("math", *headers, "stdint", "string")]]
        return [*head, *(["", "#define INLINE static inline"] if chunks else []), *[f"\n{piece}" for piece in chunks]]


def taken_names() -> set[str]:
    """What a file calls something, so that no number of the user's may be called so; words of C apart."""
    return {*_OWN, *_library()}


def name_of(function: str, taken: set[str], *suffixes: str) -> str:
    """What a function of the user's is called, and with suffixes others: as none of the C library's."""
    name = free(function, {*taken}, "program")
    while is_function_of_c(name):
        name = free(f"x_{name}", {*taken}, "program")
    taken |= {name, *[f"{name}_{suffix}" for suffix in suffixes]}
    return name


def free(name: str, taken: set[str], otherwise: str) -> str:
    """A name that nothing else has."""
    name = name if name.isascii() and name.isidentifier() else otherwise
    while name in taken or is_word_of_c(name) or re.fullmatch(r"[vft]\d+|index\d+|f_\w+|_.*", name):
        name = f"x_{name}"
    taken.add(name)
    return name


@cache
def _library() -> dict[str, str]:
    """The pieces of the runtime's headers by what they define, in order."""
    found: dict[str, str] = {}
    for name in ("double_double.h", "special.h", "functions.h"):
        text = (Path(__file__).parent / name).read_text(encoding="utf-8")
        for piece in re.split(r"\n\n|\n(?=INLINE )|(?<=\})\n(?=/\*)", text):
            for line in re.findall(r"^(?:INLINE .*|static .*|typedef .*|#define .*|\} \w+;)", piece, re.M):
                defined = re.search(r"^(?:INLINE|static) \w+ (\w+)|^#define (\w+)|^\} (\w+);", line)
                if defined and (word := next(filter(None, defined.groups()))) not in (
                    "INLINE",
                    "FUNCTIONS_H",
                    "SPECIAL_H",
                    "DOUBLE_DOUBLE_H",
                ):
                    found[word] = piece.strip()
    return found
