"""Many networks at once: one architecture from many starts, trained side by side by NumPy.

What a document says of training is judged over many starts. The engine trains one network at a time; here the starts
are the first axis of every array. The derivatives are those of the documents' formulas, which the examples hold to the
engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Layers = list[tuple[Array, Array]]  # weights (starts, outputs, inputs) and biases (starts, outputs, 1), in turn

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 0.5 + 0.5 * np.tanh(0.5 * z),  # which cannot overflow
    "softmax": lambda z: (e := np.exp(z - z.max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True),
}
SLOPES: dict[str, Callable[[Array], Array]] = {  # by the activation itself
    "linear": np.ones_like,
    "relu": lambda a: a > 0.0,
    "tanh": lambda a: 1.0 - a * a,
    "sigmoid": lambda a: a * (1.0 - a),
}


@dataclass
class Ensemble:
    """Networks of one shape.

    Parameters
    ----------
    layers : list of pairs of arrays
        Weights (starts, outputs, inputs) and biases (starts, outputs, 1).
    activations : sequence of str
        One a layer.
    """

    layers: Layers
    activations: Sequence[str]

    def values(self, X: Array) -> list[Array]:
        """The inputs and what every layer makes of them, each (starts, outputs, examples); ``X`` has rows a feature."""
        found = [X]
        for (W, b), name in zip(self.layers, self.activations, strict=True):
            found.append(ACTIVATIONS[name](W @ found[-1] + b))
        return found

    def gradient(self, values: list[Array], delta: Array) -> Layers:
        """From the derivative by the last layer's weighted sums back to every weight and bias."""
        found: Layers = []
        for i in range(len(self.layers) - 1, -1, -1):
            found.insert(0, (delta @ np.swapaxes(values[i], -1, -2), delta.sum(axis=2, keepdims=True)))
            if i:
                delta = (np.swapaxes(self.layers[i][0], 1, 2) @ delta) * SLOPES[self.activations[i - 1]](values[i])
        return found

    def move(self, gradient: Layers, rate: Array | float) -> None:
        """A step of descent, in place; the rate is one for all or (starts, 1, 1)."""
        for pair, slopes in zip(self.layers, gradient, strict=True):
            for parameter, slope in zip(pair, slopes, strict=True):
                parameter -= rate * slope

    def copy(self) -> Ensemble:
        """The same networks in arrays of their own."""
        return Ensemble([(W.copy(), b.copy()) for W, b in self.layers], self.activations)
