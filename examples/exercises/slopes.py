"""Mistakes with the slope of an activation: the catalogue's second part."""

from __future__ import annotations

import numpy as np

from .how import ACTIVATIONS, Array, numbers
from .mistakes import Mistake


class WrongSlope(Mistake):
    """The right activation with another derivative."""

    def activation(self, name: str, z: Array) -> Array:
        if name not in ("sigmoid", "tanh", "relu"):
            return super().activation(name, z)
        at = numbers(z)
        return numbers(ACTIVATIONS[name](at)) + self.slopes(name, at) * (z - at)


class SlopeOfActivation(WrongSlope):
    """The slope is taken at the activation, f′(f(z)); it belongs at the weighted sum, f′(z)."""

    def slope(self, name: str, z: float) -> float:
        return super().slope(name, ACTIVATIONS[name](z))


class FormulaOfActivation(WrongSlope):
    """The formula of the slope, a (1 − a) or 1 − a², takes the activation, but has been given the weighted sum.

    Let it be f(z).
    """

    def slope(self, name: str, z: float) -> float:
        return {"sigmoid": z * (1.0 - z), "tanh": 1.0 - z * z}.get(name, super().slope(name, z))


class NoSlope(WrongSlope):
    """The slope of the activation, f′(z), is missing: on its way back a derivative is multiplied by it."""

    def slope(self, name: str, z: float) -> float:
        return 1.0


class ValueAsSlope(WrongSlope):
    """Where the derivative of the activation is asked for, there is the activation itself: f(z) for f′(z)."""

    def slope(self, name: str, z: float) -> float:
        return ACTIVATIONS[name](z)


class NoSquare(WrongSlope):
    """The square is missing: the derivative of tanh is 1 − tanh²."""

    def slope(self, name: str, z: float) -> float:
        return 1.0 - np.tanh(z) if name == "tanh" else super().slope(name, z)


class SlopeAtKink(WrongSlope):
    """relu′(0) is 1 here; by the document's convention it is 0, for x ≤ 0."""

    def slope(self, name: str, z: float) -> float:
        return 1.0 if name == "relu" and z == 0.0 else super().slope(name, z)


class NoActivation(Mistake):
    """The activation is left out: a layer hands on f(z), not z."""

    def activation(self, name: str, z: Array) -> Array:
        return z if name in ("sigmoid", "tanh", "relu") else super().activation(name, z)
