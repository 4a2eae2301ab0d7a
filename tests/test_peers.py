"""Gradients of random expressions against PyTorch and JAX, where they are installed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.ops import TABLE
from autograd.testing.expressions import Expression
from autograd.testing.oracles import absolute_gradient
from autograd.testing.strategies import expressions

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "mul_no_nan": operator.mul,
    "sum": lambda *xs: reduce(operator.add, xs),
    "prod": lambda *xs: reduce(operator.mul, xs),
    "dot": lambda *xs: reduce(operator.add, map(operator.mul, xs[: len(xs) // 2], xs[len(xs) // 2 :])),
}
FUNCTIONS = [
    "abs", "square", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "hypot", "sin", "cos", "tan", "asin",
    "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "sigmoid", "relu",
    "gelu", "silu", "softplus", "maximum", "minimum",
]  # fmt: skip


class Torch:
    """PyTorch's functions by our names, on double-precision tensors."""

    def __init__(self, torch: ModuleType) -> None:
        self.torch = torch
        self.functions = ARITHMETIC | {
            name: getattr(torch, name, None) or getattr(torch.nn.functional, name) for name in FUNCTIONS
        }
        self.functions["log_sigmoid"] = torch.nn.functional.logsigmoid
        self.functions["softplus"] = lambda x: torch.nn.functional.softplus(x, threshold=700.0)  # by default 20
        self.functions["where"] = lambda c, a, b: torch.where(c != 0.0, a, b)
        self.functions["logsumexp"] = lambda *xs: torch.logsumexp(torch.stack(xs), 0)
        self.functions["norm"] = lambda *xs: torch.linalg.vector_norm(torch.stack(xs))

    def gradient(self, expression: Expression) -> list[float]:
        leaves = [self.number(x).requires_grad_() for x in expression.leaves]
        root = expression.run(leaves, lambda name, xs: self.functions[name](*map(self.number, xs)))[-1]
        found = (
            self.torch.autograd.grad(root, leaves, allow_unused=True) if root.requires_grad else [None] * len(leaves)
        )
        return [0.0 if g is None else float(g) for g in found]

    def number(self, x: Any) -> Any:
        return x if isinstance(x, self.torch.Tensor) else self.torch.tensor(x, dtype=self.torch.float64)


class Jax:
    """JAX's functions by our names, in double precision."""

    def __init__(self, jax: ModuleType) -> None:
        self.jax = jax
        spaces = (jax.numpy, jax.nn, jax.scipy.special)
        self.functions = ARITHMETIC | {
            name: next(getattr(space, name) for space in spaces if hasattr(space, name)) for name in FUNCTIONS
        }
        self.functions["gelu"] = lambda x: jax.nn.gelu(x, approximate=False)
        self.functions["log_sigmoid"] = jax.nn.log_sigmoid
        self.functions["where"] = lambda c, a, b: jax.numpy.where(c != 0.0, a, b)
        self.functions["logsumexp"] = lambda *xs: jax.scipy.special.logsumexp(jax.numpy.stack(xs))
        self.functions["norm"] = lambda *xs: jax.numpy.linalg.norm(jax.numpy.stack(xs))

    def gradient(self, expression: Expression) -> list[float]:
        with self.jax.enable_x64(True):

            def root(leaves: Sequence[Any]) -> Any:
                nodes = expression.run(leaves, lambda name, xs: self.functions[name](*map(self.jax.numpy.float64, xs)))
                return nodes[-1]

            return [float(g) for g in self.jax.grad(root)([self.jax.numpy.float64(x) for x in expression.leaves])]


PEERS = {"torch": Torch, "jax": Jax}
COMMON = [TABLE[name] for name in (*ARITHMETIC, *FUNCTIONS, "log_sigmoid", "where", "logsumexp", "norm")]


@pytest.mark.parametrize("name", PEERS)
@given(data=st.data())
def test_gradient_is_that_of_the_peer(name: str, data: st.DataObject) -> None:
    """The same expression, built by the same steps, has the same gradient there."""
    peer = PEERS[name](pytest.importorskip(name))
    expression = data.draw(expressions(COMMON))
    leaves, root = expression.record()
    root.backward()
    expected = peer.gradient(expression)
    for leaf, other, scale in zip(leaves, expected, absolute_gradient(root, leaves), strict=True):
        assert abs(leaf.grad - other) <= 1e-10 * scale + 1e-13
