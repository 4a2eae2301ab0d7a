"""The functions table rows may call, on arrays of JAX; see :mod:`autograd.floats` for what they are at every edge.

JAX differentiates none of them: derivatives are part of a program, as for every back end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import pi, sqrt
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy import special

from autograd.op import ORDER

__all__ = ["FUNCTIONS"]

Array = Any


def where(condition: Array, a: Array, b: Array) -> Array:
    return jnp.where(condition != 0.0, a, b)  # nan counts as true, as in Python


def step(a: Array) -> Array:
    return jnp.where(a > 0.0, 1.0, jnp.where(a <= 0.0, 0.0, jnp.nan))


def compare(a: Array, b: Array) -> Array:
    return jnp.where(a > b, 1.0, jnp.where(a < b, -1.0, jnp.where(a == b, 0.0, jnp.nan)))


def sigmoid(a: Array) -> Array:
    e = jnp.exp(-jnp.abs(a))
    return jnp.where(a >= 0.0, 1.0, e) / (1.0 + e)


def softplus(a: Array) -> Array:
    return jnp.log1p(jnp.exp(-jnp.abs(a))) + jnp.maximum(a, 0.0)


def mul_no_nan(a: Array, b: Array) -> Array:
    return jnp.where(a == 0.0, 0.0, a * b)


def dot(*args: Array) -> Array:
    n = len(args) // 2
    return sum([a * b for a, b in zip(args[:n], args[n:], strict=True)], 0.0)


def logsumexp(*args: Array) -> Array:
    return special.logsumexp(jnp.stack(jnp.broadcast_arrays(*args)), axis=0)


def lgamma(a: Array) -> Array:
    return jnp.where((a <= 0.0) & (a == jnp.floor(a)), jnp.inf, special.gammaln(a))


def digamma(a: Array) -> Array:
    return jnp.where(a == 0.0, jnp.copysign(jnp.inf, -a), special.digamma(a))


def polygamma(order: Array, a: Array) -> Array:
    """JAX has it above 0; nan below."""

    def of_order(n: int, a: Array) -> Array:
        if not n:
            return digamma(a)
        return jnp.where(a == jnp.inf, 0.0, special.polygamma(n, jnp.where(a > 0.0, a, jnp.nan)))

    return _of_order(order, a, of_order)


def mills(order: Array, a: Array) -> Array:
    return _of_order(order, a, _mills)


def _of_order(order: Array, a: Array, f: Callable[[int, Array], Array]) -> Array:
    """One order after the other: they are constants, a few."""
    orders = np.asarray(order)
    found = jnp.full(np.broadcast_shapes(orders.shape, jnp.shape(a)), jnp.nan)
    for n in np.unique(orders).tolist():
        if n in ORDER:
            found = jnp.where(orders == n, f(int(n), a), found)
    return found


def _mills(n: int, a: Array) -> Array:
    """The formulas of :mod:`autograd.special`."""
    seam = 1.0 / sqrt(max(n, 0.25))
    far = jnp.maximum(a, seam)
    last = n + 20 + int(240.0 / (seam * seam))

    def part(i: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        ratio, product = state
        k = last - 1 - i
        ratio = k / (far + ratio)
        return ratio, jnp.where(k <= n, product * ratio, product)

    start = 0.5 * (jnp.hypot(far, 2.0 * sqrt(last)) - far)
    ratio, product = jax.lax.fori_loop(0, last - 1, part, (start, jnp.ones_like(far)))
    ratio = product / (far + ratio)
    near = sqrt(pi / 2.0) * jnp.exp(0.5 * a * a) * special.erfc(a / sqrt(2.0))
    before, after = near, 1.0 - a * near
    for k in range(1, n + 1):
        before, after = after, k * before - a * after
    return jnp.where(a == jnp.inf, 0.0, jnp.where(a > seam, ratio, before))


FUNCTIONS: Any = SimpleNamespace(
    abs=jnp.abs, acos=jnp.arccos, acosh=jnp.arccosh, asin=jnp.arcsin, asinh=jnp.arcsinh, atan=jnp.arctan,
    atan2=jnp.arctan2, atanh=jnp.arctanh, compare=compare, cos=jnp.cos, cosh=jnp.cosh, digamma=digamma, div=jnp.divide,
    dot=dot, erf=special.erf, erfc=special.erfc, exp=jnp.exp, expm1=jnp.expm1, hypot=jnp.hypot, lgamma=lgamma,
    log=jnp.log, log1p=jnp.log1p, log2=jnp.log2, log10=jnp.log10, logsumexp=logsumexp, maximum=jnp.maximum, mills=mills,
    minimum=jnp.minimum, mul_no_nan=mul_no_nan, norm=lambda *args: reduce(jnp.hypot, args, 0.0), polygamma=polygamma,
    pow=jnp.power, prod=lambda *args: reduce(jnp.multiply, args, 1.0), sigmoid=sigmoid, sin=jnp.sin, sinh=jnp.sinh,
    softplus=softplus, sqrt=jnp.sqrt, step=step, stop_gradient=lambda a: a, sum=lambda *args: sum(args, 0.0),
    tan=jnp.tan, tanh=jnp.tanh, where=where,
)  # fmt: skip
