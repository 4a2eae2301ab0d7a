"""How each thing is done rightly, by the engine; a mistake is a subclass that does one of them wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

import autograd
from autograd import data, grad, values

Array = np.ndarray  # of floats, or of Values
Costs = Callable[[Array], Array]  # of every entry of the output

ACTIVATIONS = {
    name: np.frompyfunc(getattr(autograd, name), 1, 1) for name in ("sigmoid", "tanh", "relu", "log", "square")
} | {"linear": lambda z: z}


def numbers(array: Array) -> Array:
    """An array of floats, of one of Values or of floats."""
    return np.array(data(array), dtype=float)


class How:
    """Forward passes on Values, and the engine's derivatives of them.

    Weights have a row for each input and a column for each neuron; ``X`` has a row for each example. A method is what a
    student can do wrongly in one line.
    """

    # On the way forward.

    def activation(self, name: str, z: Array) -> Array:
        """What neurons make of their weighted sums."""
        return ACTIVATIONS[name](z)

    def weighted(self, a: Array, W: Array, back: Array) -> Array:
        """The weighted sums; ``back`` are the weights that a derivative meets on its way back, if not ``W``."""
        return a @ W

    def layer(self, a: Array, W: Array, b: Array, name: str, back: Array) -> Array:
        """The weighted sums of a layer, biases included."""
        return self.weighted(a, W, back) + self.bias(b)

    def bias(self, b: Array) -> Array:
        """As it enters the sum."""
        return b

    def forward(
        self, X: Array, Ws: Sequence[Array], bs: Sequence[Array], names: Sequence[str], back: Sequence[Array]
    ) -> tuple[list[Array], list[Array]]:
        """Weighted sums and activations of all layers; the first activations are the inputs."""
        sums: list[Array] = []
        activations = [X]
        for W, b, name, w in zip(Ws, bs, names, back, strict=True):
            sums.append(self.layer(activations[-1], W, b, name, w))
            activations.append(self.activation(name, sums[-1]))
        return sums, activations

    def mean(self, costs: Array) -> autograd.Value:
        """Of the costs of the examples."""
        return np.sum(costs) / costs.size

    def total(self, costs: Array) -> autograd.Value:
        """Where the cost of several examples is a sum."""
        return np.sum(costs)

    def entropy(self, p: Array, y: Array) -> Array:
        """What each prediction costs, by the cross-entropy."""
        log = lambda q: self.activation("log", q)
        return -y * log(p) - (1.0 - y) * log(1.0 - p)

    def cost(self, costs: Array) -> Array:
        """The mean as a number, to be returned."""
        return numbers(self.mean(costs))

    # On the way back.

    def slope(self, name: str, z: float) -> float:
        """The derivative of an activation."""
        return grad(getattr(autograd, name))(z)

    def slopes(self, name: str, z: Array) -> Array:
        """At many points."""
        return np.vectorize(lambda t: float(self.slope(name, t)), otypes=[float])(z)

    def by(self, cost: Callable[[Array], autograd.Value], at: Array) -> Array:
        """The derivative of a number by an array."""
        return self.derivative(np.array(grad(cost)(np.asarray(at, dtype=float)), dtype=float))

    def derivative(self, slope: Array) -> Array:
        """As it is written down."""
        return slope

    def by_activation(self, slope: Array, a: Array) -> Array:
        """The derivative by the activation of a sigmoid."""
        return slope

    def by_scores(self, slope: Array, by_probabilities: Array, probabilities: Array) -> Array:
        """The derivative by what goes into the softmax."""
        return slope

    def of_weights(self, slope: Array) -> Array:
        """Of a matrix of weights, shaped as they are."""
        return slope

    def of_bias(self, slope: Array) -> Array:
        """Of the biases, from one row for each example."""
        return slope.sum(axis=0)

    def gradient(
        self,
        X: Array,
        Ws: Sequence[Array],
        bs: Sequence[Array],
        names: Sequence[str],
        costs: Costs,
        reduce: Callable[[Array], autograd.Value],
        rate: float,
        back: Sequence[Array] | None = None,
    ) -> tuple[list[Array], list[Array]]:
        """Of what ``reduce`` makes of the costs, by weights and biases; ``rate`` is that of the step to come.

        Each example has biases of its own while it is differentiated: they add up in ``of_bias``.
        """
        rows = [np.broadcast_to(np.atleast_2d(b), (len(X), W.shape[1])) for W, b in zip(Ws, bs, strict=True)]
        leaves, row_leaves = [values(W) for W in Ws], [values(b) for b in rows]
        _, activations = self.forward(X, leaves, row_leaves, names, Ws if back is None else back)
        flat = [leaf for array in (*leaves, *row_leaves) for leaf in array.ravel()]
        found = iter(autograd.gradients(reduce(costs(activations[-1])), flat))
        dWs, drows = (
            [np.array([next(found) for _ in range(a.size)]).reshape(a.shape) for a in arrays] for arrays in (Ws, rows)
        )
        return [self.of_weights(self.derivative(d)) for d in dWs], [self.of_bias(self.derivative(d)) for d in drows]

    # Descent.

    def step(self, w: Array, slope: Array, rate: float) -> Array:
        """Against the gradient."""
        return w - rate * slope

    def epochs(self, count: int) -> Iterable[int]:
        """How often."""
        return range(count)

    def last(self, before: list[Array], after: list[Array]) -> list[Array]:
        """The last forward pass, made before the last step, rather than one more."""
        return before

    def copy(self, arrays: list[Array]) -> list[Array]:
        """To be changed, or to be kept from changes."""
        return [array.copy() for array in arrays]

    def smaller(self, rate: float) -> float:
        """After a step that had to be taken back."""
        return rate / 5.0

    def grown(self, now: float, before: float) -> bool:
        """Whether a step has to be taken back."""
        return now > before

    def best(self, losses: Array) -> int:
        """Which of several descents is the best, by its losses."""
        return int(np.argmin(losses))

    # Of one exercise each.

    def softmax(self, scores: Array, axis: int) -> Array:
        """Of scores with a class along the axis."""
        return np.apply_along_axis(lambda s: np.array(autograd.softmax(list(s))), axis, scores)

    def classes(self) -> int:
        """The axis of scores and probabilities along which the classes are."""
        return 0

    def penalty(self, W: Array, rate: float) -> autograd.Value:
        """On the weights."""
        return 0.5 * rate * np.sum(W * W)

    def count(self, wrong: Array) -> float:
        """Of what is wrong."""
        return float(np.sum(wrong))

    def percent(self, now: Array, before: Array) -> Array:
        """The change in per cent of what was before; 0 where that was 0."""
        return 100.0 * np.divide(now - before, before, out=np.zeros_like(before), where=before != 0.0)

    def differences(self, f: Callable[[Array], float], w: Array, h: float) -> Array:
        """What central differences give; they are exact, for the functions that are asked for are quadratic."""
        return np.array(grad(f)(w), dtype=float)

    def inverse(self, target: float) -> float:
        """The weighted sum at which a sigmoid is at its target."""
        return float(autograd.log(target / (1.0 - target)))
