"""The table: every operation, once.

Read one row and you know the engine::

    tanh = Op("tanh", "tanh", lambda m, a: m.tanh(a), (lambda m, y, a: 1.0 - y * y,), (REAL,))

The name, what pictures show, the value, one partial derivative for each operand, and where all of that is finite.
``m`` is the namespace that does the arithmetic: :mod:`autograd.floats` when a program runs,
:mod:`autograd.functions` when a derivative is itself recorded to be differentiated again, :mod:`autograd.arrays`
in a compiled program. Conventions at kinks and poles are the field's majority (PyTorch and JAX where they agree);
otherwise the subgradient of least norm. Where a value is undefined its derivative is nan, never a finite number.
"""

from __future__ import annotations

import math
from math import nan, pi
from typing import Any

from autograd.op import NONZERO, ORDER, POSITIVE, REAL, Interval, Op

LN2, LN10, SQRT2, SQRT_PI = math.log(2.0), math.log(10.0), math.sqrt(2.0), math.sqrt(pi)
SQRT_TAU = math.sqrt(2.0 * pi)
UNIT = Interval(-1.0, 1.0)


class _Flat(float):
    """The partial of what does not depend on an operand at all: it hands on 0, beside an infinite adjoint too."""

    def __rmul__(self, adjoint: Any) -> float:
        return 0.0


FLAT = _Flat(0.0)


def _inside(m: Any, a: Any, low: float, partial: Any) -> Any:
    """``partial`` at ``low`` and above, nan below it and at nan, where the value itself is undefined."""
    return m.where(m.compare(a, low) + 1.0, partial, nan)


# ── Arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────────

add = Op("add", "+", lambda m, a, b: a + b, (lambda m, y, a, b: 1.0, lambda m, y, a, b: 1.0), (REAL, REAL))
sub = Op("sub", "−", lambda m, a, b: a - b, (lambda m, y, a, b: 1.0, lambda m, y, a, b: -1.0), (REAL, REAL))
mul = Op("mul", "×", lambda m, a, b: a * b, (lambda m, y, a, b: b, lambda m, y, a, b: a), (REAL, REAL))
div = Op(
    "div", "÷", lambda m, a, b: m.div(a, b),
    (lambda m, y, a, b: m.div(1.0, b), lambda m, y, a, b: -m.div(y, b)),  # -(a/b)/b: b*b would overflow first
    (REAL, NONZERO),
)  # fmt: skip
neg = Op("neg", "neg", lambda m, a: -a, (lambda m, y, a: -1.0,), (REAL,))


def _pow_exponent(m: Any, y: Any, a: Any, b: Any) -> Any:
    """``a**b ln a``; at ``a = 0`` it is 0 for ``b >= 0`` (the limit from inside) and -inf for ``b < 0``."""
    return y * m.log(m.where(a, a, m.where(m.step(-b), 0.0, 1.0)))


pow = Op(
    "pow", "^", lambda m, a, b: m.pow(a, b),
    (lambda m, y, a, b: m.mul_no_nan(b, m.pow(a, b - 1.0)), _pow_exponent),  # x**0 is 1 for every x, derivative 0
    (POSITIVE, REAL), ufunc="power",
)  # fmt: skip
abs = Op("abs", "abs", lambda m, a: m.abs(a), (lambda m, y, a: m.compare(a, 0.0),), (REAL,), kinks=(0.0,))
square = Op("square", "sq", lambda m, a: a * a, (lambda m, y, a: 2.0 * a,), (REAL,))

# ── Exponentials, logarithms, roots ──────────────────────────────────────────────────────────────────────────────────

exp = Op("exp", "exp", lambda m, a: m.exp(a), (lambda m, y, a: y,), (REAL,))
expm1 = Op("expm1", "expm1", lambda m, a: m.expm1(a), (lambda m, y, a: y + 1.0,), (REAL,))
log = Op("log", "log", lambda m, a: m.log(a), (lambda m, y, a: _inside(m, a, 0.0, m.div(1.0, a)),), (POSITIVE,))
log1p = Op(
    "log1p", "log1p", lambda m, a: m.log1p(a),
    (lambda m, y, a: _inside(m, a, -1.0, m.div(1.0, 1.0 + a)),), (Interval(low=-1.0),),
)  # fmt: skip
log2 = Op(
    "log2", "log₂", lambda m, a: m.log2(a), (lambda m, y, a: _inside(m, a, 0.0, m.div(1.0 / LN2, a)),), (POSITIVE,)
)
log10 = Op(
    "log10", "log₁₀", lambda m, a: m.log10(a), (lambda m, y, a: _inside(m, a, 0.0, m.div(1.0 / LN10, a)),), (POSITIVE,)
)
sqrt = Op("sqrt", "√", lambda m, a: m.sqrt(a), (lambda m, y, a: m.div(0.5, y),), (POSITIVE,))
hypot = Op(
    "hypot", "hypot", lambda m, a, b: m.hypot(a, b),
    (lambda m, y, a, b: m.div(a, m.where(y, y, 1.0)), lambda m, y, a, b: m.div(b, m.where(y, y, 1.0))),  # 0 at (0, 0)
    (NONZERO, NONZERO),
)  # fmt: skip

# ── Trigonometric and hyperbolic (radians) ───────────────────────────────────────────────────────────────────────────

sin = Op("sin", "sin", lambda m, a: m.sin(a), (lambda m, y, a: m.cos(a),), (REAL,))
cos = Op("cos", "cos", lambda m, a: m.cos(a), (lambda m, y, a: -m.sin(a),), (REAL,))
tan = Op("tan", "tan", lambda m, a: m.tan(a), (lambda m, y, a: 1.0 + y * y,), (Interval(-pi / 2, pi / 2),))
asin = Op(
    "asin", "asin", lambda m, a: m.asin(a),
    (lambda m, y, a: m.div(1.0, m.sqrt((1.0 - a) * (1.0 + a))),), (UNIT,), ufunc="arcsin",
)  # fmt: skip
acos = Op(
    "acos", "acos", lambda m, a: m.acos(a),
    (lambda m, y, a: m.div(-1.0, m.sqrt((1.0 - a) * (1.0 + a))),), (UNIT,), ufunc="arccos",
)  # fmt: skip
atan = Op("atan", "atan", lambda m, a: m.atan(a), (lambda m, y, a: m.div(1.0, 1.0 + a * a),), (REAL,), ufunc="arctan")
atan2 = Op(
    "atan2", "atan2", lambda m, a, b: m.atan2(a, b),
    (
        lambda m, y, a, b: m.div(m.div(b, m.hypot(a, b)), m.hypot(a, b)),
        lambda m, y, a, b: m.div(-m.div(a, m.hypot(a, b)), m.hypot(a, b)),
    ),
    (REAL, POSITIVE), ufunc="arctan2",
)  # fmt: skip
sinh = Op("sinh", "sinh", lambda m, a: m.sinh(a), (lambda m, y, a: m.cosh(a),), (REAL,))
cosh = Op("cosh", "cosh", lambda m, a: m.cosh(a), (lambda m, y, a: m.sinh(a),), (REAL,))
tanh = Op("tanh", "tanh", lambda m, a: m.tanh(a), (lambda m, y, a: 1.0 - y * y,), (REAL,))
asinh = Op(
    "asinh", "asinh", lambda m, a: m.asinh(a), (lambda m, y, a: m.div(1.0, m.hypot(1.0, a)),), (REAL,), ufunc="arcsinh"
)
acosh = Op(
    "acosh", "acosh", lambda m, a: m.acosh(a),
    (lambda m, y, a: m.div(1.0, m.sqrt(a - 1.0) * m.sqrt(a + 1.0)),), (Interval(low=1.0),), ufunc="arccosh",
)  # fmt: skip
atanh = Op(
    "atanh", "atanh", lambda m, a: m.atanh(a),
    (lambda m, y, a: _inside(m, 1.0 - a * a, 0.0, m.div(1.0, (1.0 - a) * (1.0 + a))),), (UNIT,), ufunc="arctanh",
)  # fmt: skip
erf = Op("erf", "erf", lambda m, a: m.erf(a), (lambda m, y, a: 2.0 / SQRT_PI * m.exp(-a * a),), (REAL,))
erfc = Op("erfc", "erfc", lambda m, a: m.erfc(a), (lambda m, y, a: -2.0 / SQRT_PI * m.exp(-a * a),), (REAL,))

# ── The gamma function and the normal distribution; derivatives of any order stay in the table ───────────────────────

lgamma = Op("lgamma", "log Γ", lambda m, a: m.lgamma(a), (lambda m, y, a: m.digamma(a),), (POSITIVE,))
digamma = Op("digamma", "ψ", lambda m, a: m.digamma(a), (lambda m, y, a: m.polygamma(1.0, a),), (POSITIVE,))
polygamma = Op(
    "polygamma", "ψ⁽ⁿ⁾", lambda m, n, a: m.polygamma(n, a),
    (lambda m, y, n, a: nan, lambda m, y, n, a: m.polygamma(n + 1.0, a)), (ORDER, POSITIVE),
)  # fmt: skip
ndtr = Op(
    "ndtr", "Φ", lambda m, a: 0.5 * m.erfc(-a / SQRT2), (lambda m, y, a: m.exp(-0.5 * a * a) / SQRT_TAU,), (REAL,)
)
mills = Op(
    "mills", "M⁽ⁿ⁾", lambda m, n, a: m.mills(n, a),
    (lambda m, y, n, a: nan, lambda m, y, n, a: -m.mills(n + 1.0, a)), (ORDER, REAL),
)  # fmt: skip


def _log_ndtr(m: Any, a: Any) -> Any:
    """Below -1 the density times the ratio of Mills, as logarithms; each side is finite on the other one, too."""
    below = m.log(m.mills(0.0, m.maximum(-a, 0.5))) - 0.5 * a * a - math.log(SQRT_TAU)
    return m.where(m.step(a + 1.0), m.log1p(-0.5 * m.erfc(a / SQRT2)), below)


def _log_ndtr_partial(m: Any, y: Any, a: Any) -> Any:
    """The density over the distribution; below -1 one over the ratio of Mills, where both fade to 0."""
    b = m.maximum(a, -2.0)
    above = m.exp(-0.5 * b * b) / SQRT_TAU / (0.5 * m.erfc(-b / SQRT2))
    return m.where(m.step(a + 1.0), above, m.div(1.0, m.mills(0.0, m.maximum(-a, 0.5))))


log_ndtr = Op("log_ndtr", "log Φ", _log_ndtr, (_log_ndtr_partial,), (REAL,))

# ── Activations ──────────────────────────────────────────────────────────────────────────────────────────────────────

sigmoid = Op("sigmoid", "σ", lambda m, a: m.sigmoid(a), (lambda m, y, a: y * (1.0 - y),), (REAL,))
log_sigmoid = Op("log_sigmoid", "log σ", lambda m, a: -m.softplus(-a), (lambda m, y, a: m.sigmoid(-a),), (REAL,))
softplus = Op("softplus", "softplus", lambda m, a: m.softplus(a), (lambda m, y, a: m.sigmoid(a),), (REAL,))
relu = Op("relu", "relu", lambda m, a: m.maximum(a, 0.0), (lambda m, y, a: m.step(a),), (REAL,), kinks=(0.0,))
leaky_relu = Op(
    "leaky_relu", "leaky relu", lambda m, a, slope: m.where(m.step(a), a, slope * a),
    (
        lambda m, y, a, slope: m.where(m.step(a), m.step(a), slope),
        lambda m, y, a, slope: m.minimum(a, 0.0),
    ),
    (REAL, REAL), kinks=(0.0,),
)  # fmt: skip
elu = Op(
    "elu", "elu", lambda m, a, alpha: m.where(m.step(a), a, alpha * m.expm1(a)),
    (
        lambda m, y, a, alpha: m.where(m.step(a), m.step(a), alpha * m.exp(a)),
        lambda m, y, a, alpha: m.expm1(m.minimum(a, 0.0)),
    ),
    (REAL, REAL), kinks=(0.0,),
)  # fmt: skip
gelu = Op(
    "gelu", "gelu", lambda m, a: 0.5 * a * m.erfc(-a / SQRT2),
    (lambda m, y, a: 0.5 * m.erfc(-a / SQRT2) + a * m.exp(-0.5 * a * a) / (SQRT2 * SQRT_PI),), (REAL,),
)  # fmt: skip
silu = Op(
    "silu", "silu", lambda m, a: a * m.sigmoid(a),
    (lambda m, y, a: m.sigmoid(a) * (1.0 + a * m.sigmoid(-a)),), (REAL,),
)  # fmt: skip

# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

maximum = Op(
    "maximum", "max", lambda m, a, b: m.maximum(a, b),
    (lambda m, y, a, b: 0.5 + 0.5 * m.compare(a, b), lambda m, y, a, b: 0.5 + 0.5 * m.compare(b, a)),  # a tie: halves
    (REAL, REAL), ties=True,
)  # fmt: skip
minimum = Op(
    "minimum", "min", lambda m, a, b: m.minimum(a, b),
    (lambda m, y, a, b: 0.5 - 0.5 * m.compare(a, b), lambda m, y, a, b: 0.5 - 0.5 * m.compare(b, a)),
    (REAL, REAL), ties=True,
)  # fmt: skip


def _below(m: Any, a: Any, low: Any, high: Any) -> Any:
    """What of ``clip`` is not ``high``: all or nothing; where ``low`` and ``high`` meet above ``a``, a half."""
    side = m.compare(m.maximum(a, low), high)
    return m.where(side, m.step(-side), 0.5 * m.step(m.compare(low, a)))


clip = Op(  # the partials sum to 1: moving all operands alike moves the result as much
    "clip", "clip", lambda m, a, low, high: m.minimum(m.maximum(a, low), high),
    (
        lambda m, y, a, low, high: m.step(m.compare(a, low)) * m.step(m.compare(high, a)),
        lambda m, y, a, low, high: _below(m, a, low, high) * (1.0 - m.step(m.compare(a, low))),
        lambda m, y, a, low, high: 1.0 - _below(m, a, low, high),
    ),
    (REAL, REAL, REAL), ties=True,
)  # fmt: skip
where = Op(
    "where", "where", lambda m, condition, a, b: m.where(condition, a, b),
    (
        lambda m, y, condition, a, b: FLAT,
        lambda m, y, condition, a, b: m.where(condition, 1.0, 0.0),
        lambda m, y, condition, a, b: m.where(condition, 0.0, 1.0),
    ),
    (NONZERO, REAL, REAL),
)  # fmt: skip

# ── Any number of operands ───────────────────────────────────────────────────────────────────────────────────────────


def _others(m: Any, y: Any, *args: Any) -> list[Any]:
    """The product of all operands but one, for each, without dividing: a factor may be zero."""
    before, after = [1.0], [1.0]
    for a in args[:-1]:
        before.append(before[-1] * a)
    for a in args[:0:-1]:
        after.append(after[-1] * a)
    return [left * right for left, right in zip(before, reversed(after), strict=True)]


sum = Op("sum", "Σ", lambda m, *args: m.sum(*args), lambda m, y, *args: (1.0,) * len(args), (REAL,))
prod = Op("prod", "Π", lambda m, *args: m.prod(*args), _others, (REAL,))
dot = Op(  # operands a₀ … aₙ₋₁ b₀ … bₙ₋₁
    "dot", "·", lambda m, *args: m.dot(*args),
    lambda m, y, *args: args[len(args) // 2 :] + args[: len(args) // 2], (REAL,),
)  # fmt: skip
norm = Op(
    "norm", "‖ ‖", lambda m, *args: m.norm(*args),
    lambda m, y, *args: [m.div(a, m.where(y, y, 1.0)) for a in args], (NONZERO,),  # 0 at the origin
)  # fmt: skip


logsumexp = Op(  # each partial from its own operand alone; the rounding of y stays in it, see softmax
    "logsumexp", "log Σ exp", lambda m, *args: m.logsumexp(*args),
    lambda m, y, *args: [m.exp(a - y) for a in args], (REAL,),
)  # fmt: skip

# ── What derivatives are made of: piecewise or declared constant, or a product that respects the zero adjoint's rule ──

step = Op("step", "step", lambda m, a: m.step(a), (lambda m, y, a: FLAT,), (NONZERO,), kinks=(0.0,))
compare = Op(
    "compare", "<=>", lambda m, a, b: m.compare(a, b),
    (lambda m, y, a, b: FLAT, lambda m, y, a, b: FLAT), (REAL, REAL), ties=True,
)  # fmt: skip
stop_gradient = Op("stop_gradient", "stop", lambda m, a: m.stop_gradient(a), (lambda m, y, a: FLAT,), (REAL,))
mul_no_nan = Op(  # a zero wins in the derivative too, or it would win to first order only
    "mul_no_nan", "⊙", lambda m, a, b: m.mul_no_nan(a, b),
    (lambda m, y, a, b: m.where(b - b, m.where(a, b, 0.0), b), lambda m, y, a, b: a), (REAL, REAL),
)  # fmt: skip

TABLE: dict[str, Op] = {op.name: op for op in list(globals().values()) if isinstance(op, Op)}
