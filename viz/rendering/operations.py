"""Operations as JavaScript of a page: their values, partials and formulas, as the table has them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from autograd.compiler.backends.javascript.text import Text
from autograd.compiler.scalars.expressions import Expression, whole_symbols
from autograd.op import Op
from viz.letters.formulas import INFIX, formula, function_name

__all__ = ["Operations"]


SIMPLE = {-1.0, 0.0, 1.0, 2.0, 3.0}


class Operations:
    """Each operation, with so many operands and these constants among them, once."""

    def __init__(self) -> None:
        self._places: dict[tuple[Op, tuple[float | None, ...]], int] = {}
        self._rows: list[str] = []
        self._text = Text()

    def place(self, op: Op, operands: Sequence[float | None]) -> int:
        """Where the operation stands; a number among ``operands`` is a constant.

        Those by which formulas become simpler are written into them: of ``x ** 2`` it is ``2·x``.
        """
        operands = [given if given in SIMPLE else None for given in operands]
        key = op, tuple(operands)
        if key not in self._places:
            row = self._row(op, operands)
            self._places[key] = len(self._rows)
            self._rows.append(row)
        return self._places[key]

    def _row(self, op: Op, operands: Sequence[float | None]) -> str:
        x, y = [Expression(f"x[{k}]") for k in range(len(operands))], Expression("y")
        value = self._text.of(op.value(whole_symbols, *x))
        partials = [self._text.of(p) for p in op.differentiate(whole_symbols, y, x)]
        known = [leaf if given is None else given for leaf, given in zip(x, operands, strict=True)]
        wanted = [k for k, given in enumerate(operands) if given is None]
        rules = dict(zip(wanted, op.differentiate(whole_symbols, y, known, wanted), strict=True))
        written = ", ".join([f"{k}: {formula(partial, self._text)}" for k, partial in rules.items()])
        name = "" if op.name in INFIX else function_name(op.name, op.symbol)
        return (
            f"{{name: {_quoted(op.name)}, symbol: {_quoted(op.symbol)}, called: {_quoted(name)}, "
            f"value: (x) => {value}, partials: (x, y) => [{', '.join(partials)}], "
            f"rules: (x, y, n, of) => ({{{written}}})}}"
        )

    def text(self) -> str:
        """An expression of JavaScript: the array of them all."""
        library = "\n".join(self._text.library())
        rows = ",\n".join(self._rows)
        return f"(() => {{\n{library}\nreturn [\n{rows}\n];\n}})()"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")
