"""The rules: gradient descent and its kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from nn.checks import Array, as_flag
from nn.optimizers.backtracking import Backtracking
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.settings import setting

__all__ = ["OPTIMIZERS", "SGD", "Adam", "AdamW", "RMSProp"]


class SGD(Optimizer):
    """Gradient descent, with momentum on request.

    ``v = momentum * v + g`` and ``parameters - rate * v``, where ``g = gradient + weight_decay * parameters``. Without
    momentum that is document 000's rule and every other document's: ``parameters - rate * gradient``.

    Parameters
    ----------
    learning_rate : float or callable
    momentum : float
        In [0, 1).
    nesterov : bool
        Step by ``g + momentum * v`` instead of ``v``.
    weight_decay : float
        On all parameters, biases too; :class:`nn.L2` is a penalty on weights alone.

    References
    ----------
    Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning",
    ICML 2013; in the form that PyTorch has, in which the rate multiplies ``v``.
    """

    _remembers = frozenset({"velocity"})

    def __init__(
        self,
        learning_rate: float | Callable[[int], float],
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(learning_rate)
        self.momentum = setting(momentum, self, "momentum", high=1.0)
        self.weight_decay = setting(weight_decay, self, "weight_decay")
        self.nesterov = as_flag(nesterov, "nesterov of SGD", "momentum is a number of its own")
        if nesterov and not momentum:
            raise ValueError("nesterov takes a momentum above 0, got 0; for instance momentum=0.9")

    def _move(self, parameters: Array, gradient: Array) -> Array:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * parameters
        if self.momentum:
            velocity = self.momentum * self._recall("velocity") + gradient
            self._memory = {"velocity": velocity}
            gradient = gradient + self.momentum * velocity if self.nesterov else velocity
        return parameters - self.rate * gradient


class Adam(Optimizer):
    """Steps scaled by running estimates of the gradient's mean and square.

    Parameters
    ----------
    learning_rate : float or callable
    beta1, beta2 : float
        How much of the mean and of the square is kept from step to step, in [0, 1).
    epsilon : float
        Added to the root of the square.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
    """

    _weight_decay = 0.0

    _remembers = frozenset({"mean", "square"})

    def __init__(
        self,
        learning_rate: float | Callable[[int], float] = 1e-3,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(learning_rate)
        self.beta1 = setting(beta1, self, "beta1", high=1.0)
        self.beta2 = setting(beta2, self, "beta2", high=1.0)
        self.epsilon = setting(epsilon, self, "epsilon")

    def _move(self, parameters: Array, gradient: Array) -> Array:
        t = self.steps + 1
        mean = self.beta1 * self._recall("mean") + (1.0 - self.beta1) * gradient
        square = self.beta2 * self._recall("square") + (1.0 - self.beta2) * gradient * gradient
        self._memory = {"mean": mean, "square": square}
        unbiased_mean = mean / (1.0 - self.beta1**t)
        unbiased_square = square / (1.0 - self.beta2**t)
        decayed = parameters * (1.0 - self.rate * self._weight_decay)
        return decayed - _over_root(self.rate * unbiased_mean, unbiased_square, self.epsilon)


class AdamW(Adam):
    """Adam with weight decay that does not pass through the running estimates.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon
        As for :class:`Adam`.
    weight_decay : float
        Parameters, biases too, shrink by the factor ``1 - rate * weight_decay`` at every step.

    References
    ----------
    Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.
    """

    def __init__(
        self,
        learning_rate: float | Callable[[int], float] = 1e-3,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon)
        self._weight_decay = setting(weight_decay, self, "weight_decay")


class RMSProp(Optimizer):
    """Steps scaled by a running estimate of the gradient's square.

    Parameters
    ----------
    learning_rate : float or callable
    decay : float
        How much of the square is kept from step to step, in [0, 1).
    epsilon : float
        Added to the root of the square.

    References
    ----------
    Tieleman and Hinton, "Lecture 6.5: rmsprop", Coursera, 2012.
    """

    _remembers = frozenset({"square"})

    def __init__(
        self, learning_rate: float | Callable[[int], float] = 1e-2, *, decay: float = 0.99, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.decay = setting(decay, self, "decay", high=1.0)
        self.epsilon = setting(epsilon, self, "epsilon")

    def _move(self, parameters: Array, gradient: Array) -> Array:
        square = self.decay * self._recall("square") + (1.0 - self.decay) * gradient * gradient
        self._memory = {"square": square}
        return parameters - _over_root(self.rate * gradient, square, self.epsilon)


def _over_root(step: Array, square: Array, epsilon: float) -> Array:
    """Steps over the root of a square; where neither has ever been anything but 0 and epsilon is 0, none is taken."""
    root = np.sqrt(square) + epsilon
    return step / root if epsilon else step / np.where(root, root, 1.0)


OptimizerName = Literal["sgd", "adam", "adamw", "rmsprop", "backtracking"]

# Each with a rate to begin with; for another, or for the rest of the settings, build one.
OPTIMIZERS: dict[OptimizerName, Callable[[], Optimizer]] = {
    "sgd": lambda: SGD(0.1),
    "adam": lambda: Adam(0.01),
    "adamw": lambda: AdamW(0.01),
    "rmsprop": lambda: RMSProp(0.01),
    "backtracking": lambda: Backtracking(1.0),
}
