"""Descent, going back, and how it went."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_004.training import RINGS, THREE_WAVES, WAVES, deep, trained
from ensemble import Array
from relus import COMPARE_EVERY, SEEDS, by_cross_entropy, descend, losses, networks

CLAIMS = Claims()


# ── Descent, and going back ──────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("I perform standard gradient decent along with backtracking in case a minimum is overshot")
def backtracking() -> Evidence:
    held, went = [], []
    for depth in (4, 5):
        grown = _grown(depth)
        held += [False] * len(grown)  # the printed loss is nan, and nothing is larger than nan or smaller
        went.append(grown)
    return Evidence(
        held,
        "deep networks",
        "no comparison with a loss of nan is true, so the program descends plainly at rate 1; the true loss grew in "
        f"{spread(np.concatenate(went), '.0f')} of its first 300 steps. Were the loss right, there would be nothing to "
        "go back to, for `W_prev = self.W` names the list that is changed; and with copies, comparing every "
        f"{COMPARE_EVERY} steps with the step before went back {int(deep('previous', COMPARE_EVERY, 'returns').sum())} "
        f"times in {2 * len(SEEDS)} runs, too late: {_dead('previous', COMPARE_EVERY)} still die.",
    )


@cache
def _grown(depth: int) -> Array:
    """In how many of the first 300 printed steps the loss grew."""
    net, X, classes = networks(RINGS, [5] * depth)
    history: list[Array] = []
    descend(net, X, classes, 300, watch=lambda _, values: history.append(losses(net, values[-1], classes)))
    return (np.diff(history, axis=0) > 1e-9).sum(axis=0)


def _dead(compare: str, every: int) -> str:
    dead = deep(compare, every, "alive") == 0
    return f"{dead.sum()} of {len(dead)}"


@CLAIMS("for small values, the gradient may become very small in early layers")
def vanishing() -> Evidence:
    ratios = {}
    for activation in ("sigmoid", "relu"):
        net, X, classes = networks(RINGS, [5] * 5, activation=activation)
        values = net.values(X)
        gradient = net.gradient(values, by_cross_entropy(values[-1], np.eye(3)[classes].T))
        sizes = np.array([np.abs(dW).mean(axis=(1, 2)) for dW, _ in gradient])
        ratios[activation] = sizes[0] / sizes[-1]
    return Evidence(
        ratios["sigmoid"] < 0.01,
        "starts of five hidden layers of sigmoids",
        f"the first layer's mean derivative is {spread(ratios['sigmoid'], '.1g')} of the last one's. With relus of "
        f"this start it is {spread(ratios['relu'], '.1g')}: they keep it, as long as they are on.",
    )


@CLAIMS("when I made my nets deep, the gradient for the first few layers was essentially zero", mostly=True)
def essentially_zero() -> Evidence:
    slopes = deep("never", 1, "slope")
    return Evidence(
        slopes == 0.0,
        "networks of 4 and 5 hidden layers after 1,000 printed steps",
        f"there the loss's derivative by every weight of the first layer is 0 exactly, for relus are off at every "
        f"point, in {_dead('never', 1)} all of a layer. Going back to the lowest loss at a fifth of the rate, compared "
        f"at each step, it is 0 for {int((deep('lowest', 1, 'slope') == 0.0).sum())}.",
    )


@CLAIMS("Any precision errors will also compound for early layers, but this wasn’t a clear issue for me")
def precision() -> Evidence:
    net, X, classes = networks(RINGS, [5] * 5)
    gradients = []
    for kind in (np.float64, np.float32):
        for i, (W, b) in enumerate(net.layers):
            net.layers[i] = (W.astype(kind), b.astype(kind))
        values = net.values(X.astype(kind))
        gradients.append(net.gradient(values, by_cross_entropy(values[-1], np.eye(3, dtype=kind)[classes].T)))
    error = np.array(
        [
            np.linalg.norm(a - b, axis=(1, 2)) / np.linalg.norm(a, axis=(1, 2))
            for (a, _), (b, _) in zip(*gradients, strict=True)
        ]
    )
    return Evidence(
        error.max(axis=0) < 1e-4,
        "starts of five hidden layers",
        f"even in single precision the first layer's derivatives are off by {spread(error[0], '.0e')}, relatively, "
        f"the last one's by {spread(error[-1], '.0e')}.",
    )


# ── How it went ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("I had to add a second hidden layer to capture this model")
def second_layer() -> Evidence:
    better, medians = [], []
    for compare, how in (("never", "as printed"), ("lowest", "going back")):
        found = []
        for kind, waves in ((WAVES, "two"), (THREE_WAVES, "three")):
            one, two = (trained(kind, hidden, compare)["wrong"] for hidden in ((5,), (5, 5)))
            found.append(two < one)
            medians.append(f"{waves} waves {how} {np.median(one):g} and {np.median(two):g}")
        better.append(np.concatenate(found))
    return Evidence(
        np.concatenate(better),
        "pairs of trainings",
        f"two layers of 5 leave fewer points wrong than one in {better[0].sum()} of {len(better[0])} pairs as printed "
        f"and in {better[1].sum()} of {len(better[1])} going back. Medians wrong after 2,000 steps, one layer and two: "
        f"{'; '.join(medians)}.",
    )


@CLAIMS("training deeper neural nets is difficult", mostly=True)
def difficult() -> Evidence:
    shallow, far = trained(RINGS, (5, 5), "never")["wrong"], trained(RINGS, (5,) * 5, "never")["wrong"]
    medians, mended = (
        [np.median(trained(RINGS, (5,) * depth, compare)["wrong"]) for depth in range(2, 6)]
        for compare in ("never", "lowest")
    )
    return Evidence(
        far > shallow,
        "starts, five hidden layers against two",
        f"of 300 points on three rings, 2 to 5 hidden layers leave {_series(medians)} wrong as printed and "
        f"{_series(mended)} going back (medians).",
    )


def _series(numbers: list[Any]) -> str:
    return ", ".join(f"{n:g}" for n in numbers)


@CLAIMS("my training process tended to converge to local minima which did not well fit the data", mostly=True)
def did_not_fit() -> Evidence:
    missed = deep("never", 1, "wrong")
    return Evidence(
        missed >= 100,
        "networks of 4 and 5 hidden layers on three rings",
        f"of 300 points {spread(missed, '.0f')} are wrong as printed. They end on a plateau: with a whole layer of "
        f"relus off, in {_dead('never', 1)}, all points get the same scores, and no small change of a first weight "
        "changes any.",
    )


@CLAIMS("Some sort of pre-training step would be necessary to initialize the net", mostly=True)
def pretraining() -> Evidence:
    missed = deep("lowest", 1, "wrong")
    return Evidence(
        missed > 30,
        "of the same networks on three rings, going back as the text describes",
        f"from the same starts, without pre-training, {int((missed == 0).sum())} of {len(missed)} get every point "
        f"right and {spread(missed, '.0f')} are wrong: the backtracking was missing, not a better start.",
    )


# ── Small print ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("step size too large - adjust learning rate to %f")
def message() -> Evidence:
    rates = 1.0 / 5.0 ** np.arange(1, 21)
    return Evidence(
        rates == 1.0, "divisions by 5", "it prints the global rate, 1.000000 for ever; the net has its own."
    )


@CLAIMS("Calculates the percentage of misclassified points")
def percentage() -> Evidence:
    counts = trained(RINGS, (5,), "never")["wrong"] + np.arange(1, 21)
    return Evidence(
        [f"{n / 300:f}" == f"{100 * n / 300:f}" for n in counts],
        "counts",
        "it prints the share, between 0 and 1, where its message, “our of … points misclassified”, has the count.",
    )


@CLAIMS("I want to be able to adjust the structure of my net")
def structure() -> Evidence:
    held = []
    for depth in range(4):
        for width in (2, 3, 5, 8, 20):
            net, X, classes = networks(RINGS, [width] * depth, range(1))
            shapes = [W.shape[1:] for W, _ in net.layers]
            fits = all(inner[0] == outer[1] for inner, outer in pairwise(shapes))
            held.append(fits and len(net.values(X)) - 2 > 0 and len(classes) == 300)  # layer_vals[-1] must exist
    return Evidence(held, "shapes", "any number and width of hidden layers does, but none at all is an IndexError.")
