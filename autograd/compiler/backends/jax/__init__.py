"""The back end that hands a program to JAX, as a function that its transformations take."""

from autograd.compiler.backends.jax.differentiable import Differentiable

__all__ = ["Differentiable"]
