"""The catalogue of mistakes: each does one thing wrongly, and serves every exercise in which that matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

import autograd

from .how import Array, Costs, How, numbers


class Mistake(How):
    """A way to do one thing wrongly; its docstring is what its student is told."""


class Sign(Mistake):
    """The sign is wrong.

    The derivative of (prediction − target) by the prediction is +1, and a step of descent goes against the
    gradient: w − rate · derivative.
    """

    def derivative(self, slope: Array) -> Array:
        return -super().derivative(slope)


class Half(Mistake):
    """It is half of what it should be, everywhere.

    Is a factor 2 missing? The derivative of d² is 2d.
    """

    def derivative(self, slope: Array) -> Array:
        return super().derivative(slope) / 2.0


class Twice(Mistake):
    """It is twice what it should be, everywhere.

    Is there a factor 2 too many? The derivative of ½d² is d, and what lies between w − h and w + h is 2h.
    """

    def derivative(self, slope: Array) -> Array:
        return 2.0 * super().derivative(slope)


class NoMean(Mistake):
    """1/m is missing: the cost is the mean over the m examples, so it and its derivative are divided by m."""

    def mean(self, costs: Array) -> autograd.Value:
        return np.sum(costs)


class MinusInFront(Mistake):
    """There is a minus too many in front: a cost is positive, and descent lowers it."""

    def cost(self, costs: Array) -> Array:
        return -super().cost(costs)


class NotReduced(Mistake):
    """It is the cost of each example apart: the cost is one number, their mean."""

    def cost(self, costs: Array) -> Array:
        return numbers(costs)


class DividedSum(Mistake):
    """You have divided by the number of examples, but here the cost is their sum."""

    def total(self, costs: Array) -> autograd.Value:
        return np.sum(costs) / len(costs)


class Transposed(Mistake):
    """It is transposed: a derivative has the shape of the weights that it belongs to."""

    def of_weights(self, slope: Array) -> Array:
        return super().of_weights(slope).T


class BiasRows(Mistake):
    """The bias's derivative is not summed over the examples.

    One bias serves all of them, so all of them contribute to its derivative.
    """

    def of_bias(self, slope: Array) -> Array:
        return slope


class BiasMean(Mistake):
    """The bias's derivative is averaged over the examples, where it is their sum.

    If there is a 1/m, it is in the cost, and so in every example's share already.
    """

    def of_bias(self, slope: Array) -> Array:
        return slope.mean(axis=0)


# %% The way back through the layers.


class WrongWayBack(Mistake):
    """The right weighted sums, but what goes back goes through other weights."""

    def weighted(self, a: Array, W: Array, back: Array) -> Array:
        at = numbers(a)
        return at @ W + (a - at) @ self.through(back)

    def through(self, back: Array) -> Array:
        return back


class UpdatedFirst(WrongWayBack):
    """The weights are updated before the derivative has passed through them.

    What goes back to the layer before goes through the new weights. Find all derivatives first, then make the
    step.
    """

    def gradient(
        self, X: Array, Ws: Sequence[Array], bs: Sequence[Array], names: Sequence[str], costs: Costs, reduce: Any,
        rate: float, back: Sequence[Array] | None = None,
    ) -> tuple[list[Array], list[Array]]:  # fmt: skip
        back = Ws
        for _ in Ws:  # the last layer's derivatives are right at once, those of the one before in the next round, ...
            found = super().gradient(X, Ws, bs, names, costs, reduce, rate, back)
            back = [self.step(W, dW, rate) if W.shape == dW.shape else W for W, dW in zip(Ws, found[0], strict=True)]
        return found


class NoWeights(WrongWayBack):
    """The weights are missing on the way back: δ of a layer is that of the next one times the weights between."""

    def through(self, back: Array) -> Array:
        return np.ones_like(back)


class OwnActivation(Mistake):
    """A weight's derivative has the activation of its own layer.

    It is δ times what comes in, the activation of the layer before.
    """

    def layer(self, a: Array, W: Array, b: Array, name: str, back: Array) -> Array:
        z = super().layer(a, W, b, name, back)
        if W.shape[0] != W.shape[1]:
            return z
        at = numbers(self.activation(name, z)) - numbers(a)
        return z + at @ (W - numbers(W))


class ByWeightedSum(Mistake):
    """You have dC/dz, not dC/da.

    ŷ − y is the derivative by what goes into the sigmoid, with σ′ in it already. By ŷ it is (ŷ − y) / (ŷ (1 − ŷ)), and
    that, times σ′, is ŷ − y.
    """

    def entropy(self, p: Array, y: Array) -> Array:
        at = numbers(p)
        return numbers(super().entropy(at, y)) + (at - y) * (p - at)

    def by_activation(self, slope: Array, a: Array) -> Array:
        return slope * a * (1.0 - a)


class ByProbabilities(Mistake):
    """You have the derivative by the probabilities, dC/dp, not by the scores that go into the softmax, dC/ds."""

    def by_scores(self, slope: Array, by_probabilities: Array, probabilities: Array) -> Array:
        return by_probabilities


class NoBias(Mistake):
    """The bias is left out of the weighted sum."""

    def bias(self, b: Array) -> Array:
        return b - numbers(b)


# %% Descent.


class NoRate(Mistake):
    """The learning rate is missing: a step is the rate times the derivative."""

    def step(self, w: Array, slope: Array, rate: float) -> Array:
        return super().step(w, slope, 1.0)


class OneEpoch(Mistake):
    """It stops after one step.

    Does the return stand inside the loop?
    """

    def epochs(self, count: int) -> Iterable[int]:
        return range(1)


class LateForward(Mistake):
    """The predictions are one step too late: those of the last forward pass are made before the last step."""

    def last(self, before: list[Array], after: list[Array]) -> list[Array]:
        return after


class SameArray(Mistake):
    """These are the same array.

    `old = new` gives it a second name and copies nothing, so that what is done to one is done to the other.
    Keep a copy: new.copy().
    """

    def copy(self, arrays: list[Array]) -> list[Array]:
        return arrays

    def differences(self, f: Any, w: Array, h: float) -> Array:
        left = right = w.copy()  # as document 001 has it, but without the second slip that puts it right
        found = np.zeros_like(w)
        for i in np.ndindex(w.shape):
            left[i] = w[i] - h
            right[i] = w[i] + h
            found[i] = (f(right) - f(left)) / (2.0 * h)
            left[i] = right[i] = w[i]
        return found


class KeptRate(Mistake):
    """The rate is not made smaller where the step was taken back."""

    def smaller(self, rate: float) -> float:
        return rate


class GoesBackDown(Mistake):
    """It is compared the wrong way round: the step is taken back where the loss has fallen, not where it has grown."""

    def grown(self, now: float, before: float) -> bool:
        return now < before


class Worst(Mistake):
    """That is the one with the largest loss; the best has the smallest."""

    def best(self, losses: Array) -> int:
        return int(np.argmax(losses))
