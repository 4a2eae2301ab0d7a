"""The functions networks are bent with; every one is stable at any size of its argument."""

from __future__ import annotations

from typing import overload

from autograd import ops
from autograd.value import Scalar, Value, apply_binary, apply_unary

__all__ = ["elu", "gelu", "leaky_relu", "log_sigmoid", "relu", "sigmoid", "silu", "softplus"]


def sigmoid(x: Scalar) -> Scalar:
    """Logistic function ``1 / (1 + exp(-x))``.

    Parameters
    ----------
    x : Value or float
        Any real number; ``sigmoid(-1000)`` is 0 and ``sigmoid(1000)`` is 1, without overflow on the way.

    Returns
    -------
    Value or float
        Between 0 and 1, with derivative ``s (1 - s)``.
    """
    return apply_unary(ops.sigmoid, x)


def log_sigmoid(x: Scalar) -> Scalar:
    """``log(sigmoid(x))``, exact where ``sigmoid(x)`` underflows; derivative ``sigmoid(-x)``."""
    return apply_unary(ops.log_sigmoid, x)


def softplus(x: Scalar) -> Scalar:
    """``log(1 + exp(x))``, a smooth relu; derivative ``sigmoid(x)``.

    References
    ----------
    Dugas et al., "Incorporating second-order functional knowledge for better option pricing", NIPS 2000.
    """
    return apply_unary(ops.softplus, x)


def relu(x: Scalar) -> Scalar:
    """``max(x, 0)``; at the kink 0 its derivative is 0, as in documents 001 to 004; nan at nan.

    References
    ----------
    Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
    """
    return apply_unary(ops.relu, x)


@overload
def leaky_relu(x: float, slope: float = ...) -> float: ...
@overload
def leaky_relu(x: Value, slope: Value | float = ...) -> Value: ...
@overload
def leaky_relu(x: float, slope: Value) -> Value: ...
def leaky_relu(x: Value | float, slope: Value | float = 0.01) -> Value | float:
    """``x`` above 0, ``slope * x`` below; at the kink 0 its derivative is ``slope``.

    References
    ----------
    Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
    """
    return apply_binary(ops.leaky_relu, x, slope)


@overload
def elu(x: float, alpha: float = ...) -> float: ...
@overload
def elu(x: Value, alpha: Value | float = ...) -> Value: ...
@overload
def elu(x: float, alpha: Value) -> Value: ...
def elu(x: Value | float, alpha: Value | float = 1.0) -> Value | float:
    """``x`` above 0, ``alpha * (exp(x) - 1)`` below; at 0 its derivative is ``alpha``, a kink unless that is 1.

    References
    ----------
    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units",
    ICLR 2016.
    """
    return apply_binary(ops.elu, x, alpha)


def gelu(x: Scalar) -> Scalar:
    """``x`` times the standard normal distribution function at ``x``: the exact form, not the tanh approximation.

    References
    ----------
    Hendrycks and Gimpel, "Gaussian error linear units", arXiv:1606.08415.
    """
    return apply_unary(ops.gelu, x)


def silu(x: Scalar) -> Scalar:
    """``x * sigmoid(x)``, also called swish.

    References
    ----------
    Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units", Neural Networks 107 (2018).
    """
    return apply_unary(ops.silu, x)
