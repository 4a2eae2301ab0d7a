"""Numbers, expressions and functions of the namespace ``m`` as text of JavaScript."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from math import inf

from autograd.compiler.backends import text
from autograd.errors import CompileError

__all__ = ["Text", "number"]


def number(x: float) -> str:
    """A number that JavaScript reads back to the last bit."""
    if x != x or x in (inf, -inf):
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"
    return repr(float(x)).removesuffix(".0")


class Text(text.Text):
    """Writes expressions, and remembers the functions they call."""

    real = "const"

    def number(self, x: float) -> str:
        """As :func:`number`."""
        return number(x)

    def call(self, function: str, arguments: str) -> str:
        """By ``Math``, or by a function of ours."""
        math, ours = _library()
        if function in math:
            return f"Math.{function}({arguments})"
        if function not in ours:
            raise CompileError(
                f"JavaScript has no {function!r} yet; add it to functions.js, or run the program in Python"
            )
        self.used.add(function)
        return f"{function}({arguments})"

    def library(self) -> list[str]:
        """The functions that were called, with those that they call."""
        _, library = _library()
        needed: set[str] = set()
        stack = list(self.used)
        while stack:
            name = stack.pop()
            if name not in needed:
                needed.add(name)
                stack.extend([word for word in re.findall(r"\w+", library[name]) if word in library])
        return [part for name, part in library.items() if name in needed]


@cache
def _library() -> tuple[frozenset[str], dict[str, str]]:
    """What functions.js takes from Math, and what it has itself: its parts by name, in order."""
    source = files("autograd.compiler.backends.javascript").joinpath("functions.js").read_text(encoding="utf-8")
    head, *parts = source.strip().split("\n\n")
    math = re.search(r"const \{(.*)\} = Math", head, re.DOTALL)
    names = [re.search(r"^(?:function|const) (\w+)", part, re.MULTILINE) for part in parts]
    assert math is not None
    return frozenset(re.findall(r"\w+", math[1])), {
        name[1]: part for name, part in zip(names, parts, strict=True) if name
    }
