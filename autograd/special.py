"""Functions that ``math`` does not have, on floats: of the gamma function, and of the normal distribution's tail.

Each is right to some units in the last place, as far as its operands are. No two numbers that are nearly equal are
subtracted on the way, except next to a root, so a result far out in a tail has as many digits as any.
"""

from __future__ import annotations

import math
from math import inf, nan, pi

from autograd.op import ORDER

__all__ = ["digamma", "lgamma", "mills", "polygamma"]

# Bernoulli numbers B₂, B₄, …: what the formula of Euler and Maclaurin adds to an integral to make a sum of it.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
# From here on these are enough, with two steps more for each order.
_FAR = 12

# Coefficients of lgamma(2 + z), from z on: 1 - γ, and (ζ(k) - 1) / k with alternating signs; DLMF 5.7.3.
_LGAMMA = (
    0.42278433509846713,
    0.3224670334241132,
    -0.0673523010531981,
    0.020580808427784546,
    -0.007385551028673986,
    0.0028905103307415234,
    -0.001192753911703261,
    0.0005096695247430425,
    -0.00022315475845357939,
    9.945751278180853e-05,
    -4.492623673813314e-05,
    2.050721277567069e-05,
    -9.439488275268397e-06,
    4.374866789907488e-06,
    -2.039215753801366e-06,
    9.55141213040742e-07,
    -4.492469198764566e-07,
    2.1207184805554665e-07,
    -1.0043224823968099e-07,
    4.7698101693639804e-08,
    -2.2711094608943164e-08,
    1.0838659214896955e-08,
    -5.183475041970047e-09,
    2.4836745438024785e-09,
    -1.1921401405860912e-09,
    5.731367241678862e-10,
    -2.7595228851242334e-10,
    1.330476437424449e-10,
    -6.4229645638381e-11,
)


def lgamma(x: float) -> float:
    """Logarithm of the size of the gamma function; inf at its poles, the whole numbers up to 0."""
    if 0.5 <= x <= 2.5:  # around its roots, next to which math.lgamma has no digits
        z = x - 1.0 if x < 1.5 else x - 2.0
        total = 0.0
        for coefficient in reversed(_LGAMMA):
            total = total * z + coefficient
        return total * z - math.log(x) if x < 1.5 else total * z
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):  # at a pole; above 2.5e305
        return inf


def digamma(x: float) -> float:
    """Derivative of ``lgamma``: DLMF 5.5.2, 5.11.2. Infinite at 0 of either sign, nan at the other poles."""
    if x <= 0.0:
        if x == 0.0:
            return math.copysign(inf, -x)
        if x.is_integer() or x == -inf:
            return nan
        return digamma(1.0 - x) - pi * _cotangent(x)  # DLMF 5.5.4
    if not x < inf:
        return x
    steps = math.ceil(max(_FAR - x, 0.0))
    z = x + steps
    terms = [math.log(z), -0.5 / z, *[-1.0 / (x + k) for k in range(steps)]]
    power = 1.0
    for k, bernoulli in enumerate(_BERNOULLI):
        power /= z * z
        terms.append(-bernoulli / (2 * k + 2) * power)
    return math.fsum(terms)


def polygamma(order: float, x: float) -> float:
    """The derivative of an order 0, 1, …, 100 of ``digamma``: DLMF 5.15, 25.11; nan for any other order."""
    if order not in ORDER or x != x:
        return nan
    if order == 0.0:
        return digamma(x)
    n = int(order)
    odd = n % 2 == 1
    if x > 0.0:
        return _inverse_powers(n, x) if odd else -_inverse_powers(n, x)
    if x == 0.0:
        return inf if odd else math.copysign(inf, -x)
    if x == -inf or x.is_integer():
        return nan  # as digamma is there
    return -_inverse_powers(n, 1.0 - x) - _cotangent(x, n) * pi ** (n + 1)  # DLMF 5.15.6


def _inverse_powers(n: int, x: float) -> float:
    """``n! Σ (x + k)⁻ⁿ⁻¹`` over ``k`` = 0, 1, 2, …, for ``x > 0``: DLMF 25.11.43's sum and its tail."""
    steps = math.ceil(max(_FAR + 2 * n - x, 0.0))
    z = x + steps
    unit = 1.0 if steps else 2.0**200  # far out, where a result below the normal numbers is rounded once, at the end
    tail = unit / z
    for i in range(1, n):
        tail *= i / z
    terms = [tail, 0.5 * n * tail / z]
    for k, bernoulli in enumerate(_BERNOULLI):
        i = 2 * k + 1
        tail *= (n + i - 1) * (n + i) / (i * (i + 1)) / z / z
        terms.append(bernoulli * tail)
    for k in reversed(range(steps)):
        term = 1.0 / (x + k)
        for i in range(1, n + 1):
            term *= i / (x + k)
        terms.append(term)
    return sum(terms) / unit


def _cotangent(x: float, n: int = 0) -> float:
    """The derivative of order ``n`` of the cotangent, at ``π x``: a polynomial in the cotangent."""
    c = 1.0 / math.tan(pi * (x - round(x)))
    powers = [0, 1]
    for _ in range(n):  # c′ = -1 - c²
        slope = [k * a for k, a in enumerate(powers)][1:]
        powers = [-(a + b) for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    value = float(powers[-1])  # not 0 times an infinite cotangent, where x is next to nothing
    for a in reversed(powers[:-1]):
        value = value * c + a
    return value


def mills(order: float, x: float) -> float:
    """``(-1)ⁿ`` times the n-th derivative of the ratio of Mills, ``(1 - Φ(x)) / φ(x)``; nan if n is not 0, 1, …, 100.

    That is ``∫ sⁿ exp(-s x - s²/2) ds`` from 0 to infinity: positive, and falling in ``x``.
    """
    if order not in ORDER or x != x:
        return nan
    n = int(order)
    if x == inf:
        return 0.0
    if x * math.sqrt(max(n, 0.25)) > 1.0:
        return _mills_fraction(n, x)
    try:
        ratio = math.sqrt(pi / 2) * math.exp(0.5 * x * x) * math.erfc(x / math.sqrt(2.0))
    except OverflowError:
        return inf
    before, after = ratio, 1.0 - x * ratio
    for k in range(1, n + 1):  # integrated by parts
        before, after = after, k * before - x * after
    return before


def _mills_fraction(n: int, x: float) -> float:
    """The ratio by Laplace's continued fraction, DLMF 7.9.2, whose parts are the ratios of each order to the last."""
    last = 20 + math.ceil((math.sqrt(n) + 17.0 / x) ** 2)
    part = 0.5 * (math.hypot(x, 2.0 * math.sqrt(last)) - x)
    product = 1.0
    for k in range(last - 1, 0, -1):
        part = k / (x + part)
        if k <= n:
            product *= part
    return product / (x + part)
