"""Programs in normal form as one file of C99 that needs nothing but the C library: value, and derivatives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import inf
from pathlib import Path

from autograd.compiler.expressions import Expression, Term, symbols
from autograd.compiler.normal import Normal, Sum, operands_of
from autograd.compiler.tape import FIXED, PARAMETER

__all__ = ["c_source"]

_SIGNS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
# What a number may not be called: words of C, and what the file itself calls something.
_WORDS_OF_C = """
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while main Pair
Exponential parameters others gradient results NAN INFINITY
"""
_TAKEN = frozenset(_WORDS_OF_C.split())
# Functions of the C library, of which ours must not have the name.
_FUNCTIONS_OF_C = """
acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 expm1 fabs fdim
finite floor fma fmax fmin fmod frexp gamma hypot ilogb isinf isnan j0 j1 jn ldexp lgamma llrint llround log log10
log1p log2 logb lrint lround memchr memcmp memcpy memmove memset modf nan nearbyint nextafter nexttoward pow pow10
remainder remquo rint round scalb scalbln scalbn signgam significand sin sincos sinh sqrt strcat strchr strcmp
strcoll strcpy strcspn strdup strerror strlen strncat strncmp strncpy strpbrk strrchr strspn strstr strtok strxfrm
tan tanh tgamma trunc y0 y1 yn
"""
_OF_C = frozenset(_FUNCTIONS_OF_C.split())
_HEAD = "/* Written by scalar-autograd. Compile it with -std=c99 and without -ffast-math: as written, it is rounded. */"


def c_source(normal: Normal, names: tuple[Sequence[str], Sequence[str]], function: str) -> str:
    """The file.

    Parameters
    ----------
    normal : Normal
        A program without batched arguments.
    names : pair of sequences of str
        What the parameters and the other numbers are called, as far as they have names.
    function : str
        What the program is called.
    """
    return _Writer(normal, names, function).text()


class _Writer:
    def __init__(self, normal: Normal, names: tuple[Sequence[str], Sequence[str]], function: str) -> None:
        self.normal = normal
        self.used: set[str] = set()
        taken = {*_TAKEN, *_library()}
        self.name = _free(function, taken | _OF_C, "program")
        taken |= {self.name, f"{self.name}_and_gradient"}
        self.leaves: dict[int, list[str]] = {
            place: [
                _free(given[k] if k < len(given) else "", taken, f"{letter}{k}") for k in range(normal.sizes[place])
            ]
            for place, given, letter in ((PARAMETER, names[0], "p"), (FIXED, names[1], "u"))
        }

    def text(self) -> str:
        normal = self.normal
        single = len(normal.outputs) == 1
        kind, result = ("double", []) if single else ("void", [f"double results[{len(normal.outputs)}]"])
        head = [f"const double *{name}" for name in ("parameters", "others")]
        outputs = [f"results[{k}] = {self._of(self._read(a))};" for k, a in enumerate(normal.outputs)]
        returned = [f"return {self._of(self._read(normal.outputs[0]))};"] if single else outputs
        derivatives = [f"gradient[{k}] = {self._of(self._read(a))};" for k, a in enumerate(normal.derivatives)]
        functions = [(f"{kind} {self.name}", [*head, *result], [*self._lines(normal.outputs), *returned])]
        if normal.passes:
            body = [*self._lines([*normal.outputs, *normal.derivatives]), *derivatives, *returned]
            gradient = f"double gradient[{len(normal.derivatives)}]"
            functions.append((f"{kind} {self.name}_and_gradient", [*head, *result, gradient], body))
        lines = []
        for start, arguments, body in functions:
            # An argument that nothing reads is no accident.
            unread = [f"(void){name};" for name in ("parameters", "others") if not any(f"{name}[" in b for b in body)]
            lines += ["", f"{start}({', '.join(arguments)}) {{", *[f"    {line}" for line in (*unread, *body)], "}"]
        return "\n".join([*self._library(), *lines, ""])

    def _lines(self, roots: Sequence[int]) -> list[str]:
        """All numbers that some are made of, in order."""
        normal = self.normal
        needed = [False] * len(normal.ops)
        for a in roots:
            if a >= 0:
                needed[a] = True
        for i in reversed(range(len(needed))):
            if needed[i] and normal.ops[i] is not None:
                for a in operands_of(normal.args[i]):
                    if a >= 0:
                        needed[a] = True
        lines = []
        for i, (op, args) in enumerate(zip(normal.ops, normal.args, strict=True)):
            if needed[i]:
                if op is None:
                    place, slot = args
                    text = f"{'parameters' if place == PARAMETER else 'others'}[{slot}]"
                elif isinstance(args, Sum):
                    text = self._sum(args)
                else:
                    text = self._of(op.value(symbols, *map(self._read, args)))
                lines.append(f"const double {self._called(i)} = {text};")
        return lines

    def _called(self, i: int) -> str:
        if self.normal.ops[i] is None:
            place, slot = self.normal.args[i]
            given: str = self.leaves[place][slot]
            return given
        return f"v{i}"

    def _read(self, a: int) -> Term:
        return Expression(self._called(a)) if a >= 0 else self.normal.constants[-1 - a]

    def _sum(self, args: Sum) -> str:
        pairs = zip(args.left, args.right, strict=True)
        terms = [(args.negative, f"{self._of(self._read(a), 2)} * {self._of(self._read(b), 3)}") for a, b in pairs]
        terms += [(False, self._of(self._read(a), 1)) for a in args.plus]
        terms += [(True, self._of(self._read(a), 2)) for a in args.minus]
        terms.sort(key=lambda term: term[0])
        text = "".join([f" {'+-'[negative]} {term}" for negative, term in terms])
        return text.removeprefix(" + ") if text.startswith(" + ") else f"-{text[3:]}"

    def _of(self, e: Term, level: int = 0) -> str:
        """Source text; ``level`` is 1 beside a sign of a sum, 2 beside one of a product, 3 at the right of either."""
        if not isinstance(e, Expression):
            text = "NAN" if e != e else str(e).replace("inf", "INFINITY") if e in (inf, -inf) else repr(e)
            return f"({text})" if level and text.startswith("-") else text
        if not e.args:
            return e.function
        if e.function in _SIGNS:
            sign, own = _SIGNS[e.function]
            text = f"{self._of(e.args[0], own)} {sign} {self._of(e.args[1], own + 1)}"
            return f"({text})" if level > own else text
        if e.function == "neg":
            text = f"-{self._of(e.args[0], 3)}"
            return f"({text})" if level else text
        name = f"f_{e.function}"
        self.used.add(name)
        return f"{name}({', '.join([self._of(a) for a in e.args])})"

    def _library(self) -> list[str]:
        """The functions that were called, with all that these are made of."""
        library = _library()
        needed: set[str] = set()
        stack = [*self.used]
        while stack:
            name = stack.pop()
            if name not in needed:
                needed.add(name)
                stack += [word for word in set(re.findall(r"\w+", library[name])) if word in library]
        chunks = dict.fromkeys([text for name, text in library.items() if name in needed])
        head = [_HEAD, "", "#include <math.h>", "#include <stdint.h>", "#include <string.h>"]
        return [*head, *(["", "#define INLINE static inline"] if chunks else []), *[f"\n{text}" for text in chunks]]


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


def _free(name: str, taken: set[str], otherwise: str) -> str:
    """A name that nothing else has."""
    name = name if name.isascii() and name.isidentifier() else otherwise
    while name in taken or re.fullmatch(r"[vf]\d+|f_\w+|_.*", name):
        name = f"x_{name}"
    taken.add(name)
    return name
