"""Programs in normal form as one file of C99 that needs nothing but the C library: value, and derivatives."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiler.backends.c.text import Text, free, name_of, taken_names
from autograd.compiler.scalars.expressions import Expression, Term, symbols
from autograd.compiler.scalars.normal import Normal, Sum, operands_of
from autograd.compiler.scalars.tape import FIXED, PARAMETER

__all__ = ["c_source"]


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
        self.written = Text()
        taken = taken_names()
        self.name = name_of(function, taken, "and_gradient")
        self.leaves: dict[int, list[str]] = {
            place: [free(given[k] if k < len(given) else "", taken, f"{letter}{k}") for k in range(normal.sizes[place])]
            for place, given, letter in ((PARAMETER, names[0], "p"), (FIXED, names[1], "u"))
        }

    def text(self) -> str:
        normal = self.normal
        single = len(normal.outputs) == 1
        kind, result = ("double", []) if single else ("void", [f"double results[{len(normal.outputs)}]"])
        head = [f"const double *{name}" for name in ("parameters", "others")]
        outputs = [f"results[{k}] = {self.written.of(self._read(a))};" for k, a in enumerate(normal.outputs)]
        returned = [f"return {self.written.of(self._read(normal.outputs[0]))};"] if single else outputs
        derivatives = [f"gradient[{k}] = {self.written.of(self._read(a))};" for k, a in enumerate(normal.derivatives)]
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
        return "\n".join([*self.written.library(), *lines, ""])

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
                    text = self.written.of(op.value(symbols, *map(self._read, args)))
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
        of, read = self.written.of, self._read
        terms = [(args.negative, f"{of(read(a), 2)} * {of(read(b), 3)}") for a, b in pairs]
        terms += [(False, of(read(a), 1)) for a in args.plus]
        terms += [(True, of(read(a), 2)) for a in args.minus]
        terms.sort(key=lambda term: term[0])
        text = "".join([f" {'+-'[negative]} {term}" for negative, term in terms])
        return text.removeprefix(" + ") if text.startswith(" + ") else f"-{text[3:]}"
