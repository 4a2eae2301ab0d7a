"""Elementwise expressions as source: one call of a ufunc for each operation, with results in scratch space."""

from __future__ import annotations

from math import isfinite

from autograd.compiler.backends.numpy.lines import Lines
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.expressions import Expression, Term

__all__ = ["evaluate"]

# The functions of autograd.arrays that are ufuncs of NumPy, and take out=.
UFUNCS = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "add": "add", "asin": "arcsin", "asinh": "arcsinh",
    "atan": "arctan", "atan2": "arctan2", "atanh": "arctanh", "cos": "cos", "cosh": "cosh", "div": "divide",
    "exp": "exp", "expm1": "expm1", "hypot": "hypot", "log": "log", "log10": "log10", "log1p": "log1p",
    "log2": "log2", "logsumexp": "logaddexp", "maximum": "maximum", "minimum": "minimum", "mul": "multiply",
    "neg": "negative", "pow": "power", "sin": "sin", "sinh": "sinh", "sqrt": "sqrt", "sub": "subtract", "tan": "tan",
    "tanh": "tanh",
}  # fmt: skip


def evaluate(lines: Lines, value: Term, target: View, out: str) -> None:
    """Calls that leave the value of an expression in ``out``, an array shaped like the target."""
    if not isinstance(value, Expression) or not value.args:
        lines.call("copyto", out, value.function if isinstance(value, Expression) else lines.literal(value))
        return
    names: dict[object, str] = {}
    uses: dict[object, int] = {}
    order: list[Expression] = []
    _post_order(value, order, uses)
    free: list[str] = []
    for e in order:
        args = [_name(lines, a, names) for a in e.args]
        for a in e.args:
            if isinstance(a, Expression) and a.args:
                uses[a.key] -= 1
                if not uses[a.key]:
                    free.append(names[a.key])
        if e is order[-1]:
            place = out
        elif e.function in UFUNCS and free:  # a ufunc may write over its own operand
            place = free.pop()
        else:
            place = lines.temporary(target.shape, target.batched)
        names[e.key] = place
        _function(lines, e, args, place, target)


def _name(lines: Lines, a: Term, names: dict[object, str]) -> str:
    if not isinstance(a, Expression):
        return lines.literal(a)
    return names[a.key] if a.args else a.function


def _function(lines: Lines, e: Expression, args: list[str], out: str, target: View) -> None:
    call = lines.call
    if e.function in UFUNCS:
        call(UFUNCS[e.function], *args, out=out)
    elif e.function == "step":
        call("heaviside", *args, lines.literal(0.0), out=out)
    elif e.function == "compare" and isinstance(e.args[1], float) and isfinite(e.args[1]):
        if e.args[1]:
            call("subtract", *args, out=out)  # of finite numbers, 0 only where they are equal
            args = [out]
        call("sign", args[0], out=out)
    elif e.function == "where":
        mask = lines.temporary(target.shape, target.batched, mask=True)
        call("not_equal", args[0], lines.literal(0.0), out=mask)
        call("copyto", out, args[2])
        call("copyto", out, args[1], f"where={mask}")
    elif e.function == "mul_no_nan":
        mask = lines.temporary(target.shape, target.batched, mask=True)
        call("equal", args[0], lines.literal(0.0), out=mask)
        call("multiply", *args, out=out)
        call("copyto", out, lines.literal(0.0), f"where={mask}")
    else:
        lines.used.add(e.function)
        lines.lines.append(f"{out}[...] = {e.function}({', '.join(args)})")


def _post_order(root: Expression, order: list[Expression], uses: dict[object, int]) -> None:
    """Operations of an expression, operands first, equal ones once, and how often each is read.

    Expressions are as deep as a table row is long, so this may call itself.
    """
    for a in root.args:
        if isinstance(a, Expression) and a.args:
            if a.key in uses:
                uses[a.key] += 1
            else:
                uses[a.key] = 1
                _post_order(a, order, uses)
    order.append(root)
