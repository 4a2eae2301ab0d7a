"""Mistakes that one exercise alone gives an occasion for: the catalogue's third part."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd

from .how import Array, numbers
from .mistakes import Mistake


class OtherLogarithm(Mistake):
    """The logarithm is that of base 10; the natural one is meant, np.log."""

    def activation(self, name: str, z: Array) -> Array:
        return super().activation(name, z) / (np.log(10.0) if name == "log" else 1.0)


class OnlyOnes(Mistake):
    """The second half is missing, (1 − y) log(1 − ŷ): predictions for y = 0 cost nothing."""

    def entropy(self, p: Array, y: Array) -> Array:
        return -y * self.activation("log", p)


class InnerSign(Mistake):
    """A sign is missing: the derivative of log(1 − ŷ) by ŷ is −1 / (1 − ŷ), for 1 − ŷ falls as ŷ grows."""

    def entropy(self, p: Array, y: Array) -> Array:
        log, at = (lambda q: self.activation("log", q)), numbers(p)
        return -y * log(p) - (1.0 - y) * log(1.0 - at + (p - at))


class WrongAxis(Mistake):
    """It goes along the wrong axis: each point has its column, and the classes are down the rows (axis 0)."""

    def classes(self) -> int:
        return 1

    def by_scores(self, slope: Array, by_probabilities: Array, probabilities: Array) -> Array:
        return (numbers(probabilities) - (by_probabilities != 0.0)) / slope.shape[1]


class Overflow(Mistake):
    """It is nan for large scores: exp(1000) is inf, and inf / inf is nan.

    Subtract the largest score of each point first; that changes no probability.
    """

    def softmax(self, scores: Array, axis: int) -> Array:
        e = np.exp(scores)
        return e / e.sum(axis=axis, keepdims=True)


class OneMaximum(Mistake):
    """One maximum for all points is subtracted: a point whose scores lie 746 below it becomes 0 / 0.

    Each point needs a maximum of its own.
    """

    def softmax(self, scores: Array, axis: int) -> Array:
        e = np.exp(scores - numbers(scores).max())
        return e / e.sum(axis=axis, keepdims=True)


class ShiftedScores(Mistake):
    """It is divided by the sum of the shifted scores; it has to be the sum of their exponentials."""

    def softmax(self, scores: Array, axis: int) -> Array:
        shifted = scores - numbers(scores).max(axis=axis, keepdims=True)
        return np.exp(shifted) / shifted.sum(axis=axis, keepdims=True)


class NoLabels(Mistake):
    """These are the probabilities: 1 is not subtracted at each point's label."""

    def by_scores(self, slope: Array, by_probabilities: Array, probabilities: Array) -> Array:
        return numbers(probabilities) / slope.shape[1]


class NoPenalty(Mistake):
    """The penalty's derivative, reg · W, is missing."""

    def penalty(self, W: Array, rate: float) -> autograd.Value:
        return 0.0 * np.sum(W)


class DoublePenalty(Mistake):
    """The penalty's derivative is twice what it should be: that of ½ reg W² is reg · W."""

    def penalty(self, W: Array, rate: float) -> autograd.Value:
        return 2.0 * super().penalty(W, rate)


class Share(Mistake):
    """That is the share, between 0 and 1; the count is asked for."""

    def count(self, wrong: Array) -> float:
        return float(np.mean(wrong))


class CountOfRight(Mistake):
    """Those are the points that are right; the wrong ones are to be counted."""

    def count(self, wrong: Array) -> float:
        return float(np.sum(~wrong))


class Fraction(Mistake):
    """It is a fraction; per cent are 100 times that."""

    def percent(self, now: Array, before: Array) -> Array:
        return super().percent(now, before) / 100.0


class OfNow(Mistake):
    """It is divided by what is now; a change is measured by what was before."""

    def percent(self, now: Array, before: Array) -> Array:
        return np.where(before != 0.0, -super().percent(before, now), 0.0)


class BeforeMinusNow(Mistake):
    """The sign is wrong: what has grown has changed by a positive number, now − before."""

    def percent(self, now: Array, before: Array) -> Array:
        return -super().percent(now, before)


class WholeGuard(Mistake):
    """One 0 among the old numbers sets every percentage to 0.

    As in the document, the guard takes all of them together; it has to take each for itself.
    """

    def percent(self, now: Array, before: Array) -> Array:
        return super().percent(now, before) * (before != 0.0).all()


class Forward(Mistake):
    """These are forward differences, (f(w + h) − f(w)) / h; central ones go h to either side."""

    def differences(self, f: Any, w: Array, h: float) -> Array:
        return np.array([(f(w + move) - f(w)) / h for move in _moves(w, h)]).reshape(w.shape)


class NotPutBack(Mistake):
    """The number is not put back before the next one is moved.

    After w + h and w − h it stays at w − h, and the later derivatives are those of another place.
    """

    def differences(self, f: Any, w: Array, h: float) -> Array:
        found, moved = np.zeros_like(w), w.copy()
        for i in np.ndindex(w.shape):
            found[i] = super().differences(f, moved, h)[i]
            moved[i] -= h
        return found


class UpsideDown(Mistake):
    """The fraction is upside down, so that the sign is wrong: σ(z) = t at z = ln(t / (1 − t))."""

    def inverse(self, target: float) -> float:
        return -super().inverse(target)


class TargetItself(Mistake):
    """That is the target, which the activation is to reach; the weighted sum has to be found that σ takes there."""

    def inverse(self, target: float) -> float:
        return target


class LogarithmOfTarget(Mistake):
    """1 − t is missing: that would be the inverse of exp.

    σ(z) = t at z = ln(t / (1 − t)).
    """

    def inverse(self, target: float) -> float:
        return float(np.log(target))


def _moves(w: Array, h: float) -> list[Array]:
    return list(h * np.eye(w.size).reshape(w.size, *w.shape))
