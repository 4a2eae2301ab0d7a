"""A partial derivative as a formula for people, written by a page from what the table of operations says."""

from __future__ import annotations

from autograd.compiler.backends.javascript.text import Text
from autograd.compiler.scalars.expressions import Expression, Term
from autograd.ops import TABLE
from viz.letters.labels import bracketed
from viz.theme import number

__all__ = ["INFIX", "formula", "function_name"]

INFIX = frozenset(
    {"add", "sub", "mul", "div", "pow", "neg", "sum", "prod", "dot"}
)  # written as on paper, not by a name
SIGNS = {"add": (" + ", 1), "sub": (" − ", 1), "mul": ("·", 2), "mul_no_nan": ("·", 2), "div": (" / ", 2)}


def function_name(name: str, symbol: str) -> str:
    """What an operation is called in a formula: its symbol, or its name where the symbol is no word."""
    return name if " " in symbol else symbol


def formula(partial: Term, written: Text) -> str:
    """JavaScript for the text of a partial.

    Operands are called ``n[0]``, ``n[1]`` … there and the result ``of``. Conditions are decided by the numbers ``x``
    and ``y``: only the branch that was taken is shown.

    Parameters
    ----------
    partial : Expression or float
        Over the leaves ``x[0]``, ``x[1]`` … and ``y``.
    written : Text
        Where the functions are noted that the conditions call.
    """
    return f"`{_text(partial, 0, written)}`"


def _text(e: Term, level: int, written: Text) -> str:
    """``level`` is 1 beside a sign of a sum, 2 beside one of a product, 3 at the right of either, 4 below a power."""
    if not isinstance(e, Expression):
        text = number(e)
        return bracketed(text) if level else text
    if not e.args:
        return "${of}" if e.function == "y" else f"${{n{e.function.removeprefix('x')}}}"
    if e.function == "where":
        branches = [Expression(f"`{_text(branch, level, written)}`") for branch in e.args[1:]]
        return f"${{{written.of(Expression('where', (e.args[0], *branches)))}}}"
    args = e.args
    if e.function == "stop_gradient":
        return _text(args[0], level, written)
    if e.function == "mul" and isinstance(args[0], Expression) and repr(args[0]) == repr(args[1]):
        return f"{_text(args[0], 4, written)}²"
    if e.function in SIGNS:
        sign, own = SIGNS[e.function]
        text = f"{_text(args[0], own, written)}{sign}{_text(args[1], own + 1, written)}"
        return f"({text})" if level > own else text
    if e.function == "neg":
        text = f"−{_text(args[0], 2, written)}"
        return f"({text})" if level else text
    if e.function == "pow":
        text = f"{_text(args[0], 4, written)}^{_text(args[1], 4, written)}"
        return f"({text})" if level > 3 else text
    if e.function == "step":
        return f"[{_text(args[0], 0, written)} > 0]"
    if e.function == "compare":
        difference = args[0] if args[1] == 0.0 else Expression("sub", args)
        return f"sign({_text(difference, 0, written)})"
    op = TABLE.get(e.function)
    name = function_name(op.name, op.symbol) if op else e.function
    return f"{name}({', '.join([_text(a, 0, written) for a in args])})"
