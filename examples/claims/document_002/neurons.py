"""Logistic regression, and two hidden neurons."""

from __future__ import annotations

from functools import cache

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_002.training import (
    CLASSES,
    COUNT,
    POINTS,
    SEEDS,
    X,
    descend,
    lines,
    networks,
    regressed,
    series,
    trained,
    wrong,
)
from ensemble import Ensemble

import autograd

CLAIMS = Claims()


# ── Logistic regression ──────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("The classes are not linearly separable.")
def not_separable() -> Evidence:
    missed, _ = regressed()
    best = lines(POINTS)
    return Evidence(
        (missed >= best) & (best > 0),
        "starts of logistic regression",
        f"the best straight line of all, of those through any two points, leaves {best} of 25 wrong.",
    )


@CLAIMS("the logistic regression, which will yield a very bad decision boundary")
def bad_boundary() -> Evidence:
    missed, _ = regressed()
    return Evidence(missed >= 5, "starts", f"{spread(missed, 'g')} of 25 are wrong after 500 epochs.")


@CLAIMS("x2_boundary = (-b -ws[0]*x1_line)/ws[1]")
def boundary() -> Evidence:
    rng, held = np.random.default_rng(3), []
    for w1, w2, b, x1 in rng.normal(0.0, 1.0, (20, 4)).tolist():
        held.append(abs(autograd.sigmoid(w1 * x1 + w2 * ((-b - w1 * x1) / w2) + b) - 0.5) < 1e-12)
    return Evidence(held, "lines", "the logistic is ½ on it.")


# ── Two hidden neurons ───────────────────────────────────────────────────────────────────────────────────────────────

RULES_OF_TWO = ("printed, summed", "printed, averaged", "cross-entropy, averaged")


@CLAIMS(
    "these two hidden neurons are already almost enough to find a decision boundary, that separates our data much "
    "better"
)
def almost_enough() -> Evidence:
    missed = {rule: wrong(trained((2,), rule, 10_000)) for rule in RULES_OF_TWO}
    line, _ = regressed()
    return Evidence(
        np.concatenate([m < np.median(line) for m in missed.values()]),
        "trainings of 10,000 epochs",
        f"{series(missed)} of 25 are wrong, against {np.median(line):g} of the line.",
    )


@cache
def another_line() -> Ensemble:
    """One of the trained networks of two neurons, its output replaced by a line that separates all 25 points."""
    net = trained((2,), "printed, averaged", 10_000)
    inner = net.values(X)[1]
    i = next(i for i, points in enumerate(inner) if lines(points.T) == 0)
    rows, signs = np.column_stack([inner[i].T, np.ones(COUNT)]), np.where(CLASSES == 1.0, 1.0, -1.0)
    line = np.zeros(3)
    while (off := np.flatnonzero(signs * (rows @ line) <= 0.0)).size:  # the perceptron's rule ends, for there is one
        line += signs[off[0]] * rows[off[0]]
    (W, b), _ = net.layers
    return Ensemble([(W[i : i + 1], b[i : i + 1]), (line[None, None, :2], line[None, None, 2:])], net.activations)


@CLAIMS("these two hidden neurons are just not enough to seperate all data correct")
def not_enough() -> Evidence:
    nets = [trained((2,), rule, 10_000) for rule in RULES_OF_TWO]
    missed = np.concatenate([wrong(net) for net in nets])
    best = np.array([lines(points.T) for net in nets for points in net.values(X)[1]])
    return Evidence(
        best > 0,
        "trainings of 10,000 epochs",
        f"descent leaves at least {missed.min()} of 25 wrong in all. But in {(best == 0).sum()} of these networks "
        "another line in the space of the same two neurons separates all points: with the one that the perceptron's "
        f"rule finds in the first of them, {wrong(another_line())[0]} are wrong.",
    )


@CLAIMS("This is more likely to be linearly seperable.")
def more_separable() -> Evidence:
    inner = trained((2,), "cross-entropy, averaged", 10_000).values(X)[1]
    there, here = np.array([lines(points.T) for points in inner]), lines(POINTS)
    return Evidence(
        there < here,
        "networks",
        f"in the space of its two neurons the best line leaves {spread(there, 'g')} of 25 wrong, in the plane {here}.",
    )


@CLAIMS("wheights can be initilized such that training does not succeed")
def unlucky() -> Evidence:
    net = networks((2,), "tanh")
    alike = np.linspace(-1.0, 1.0, len(SEEDS))[:, None, None]
    net.layers = [(np.ones_like(W) * alike, b) for W, b in net.layers]
    missed, usual = wrong(descend(net, "printed, averaged", 10_000)), wrong(trained((2,), "printed, averaged", 10_000))
    return Evidence(
        missed > usual.min(),
        "starts with all weights alike",
        f"their neurons stay alike and leave {spread(missed, 'g')} of 25 wrong. From the random seeds 0 to 19, "
        f"{(usual == usual.min()).sum()} leave {usual.min()} wrong and the others up to {usual.max()}.",
    )


@CLAIMS("Z2s (the results of$ A1 \\cdot w_{21} + b_2 $ and$ A1 \\cdot w_{22} + b_2 $)")
def one_result() -> Evidence:
    shapes = trained((2,), "cross-entropy, averaged", 10_000).values(X)[-1].shape
    return Evidence([shapes[1] == 2] * len(SEEDS), "networks", "w2 has the shape (2, 1), and Z2 one column.")


@CLAIMS("\\vec x \\cdot w_{11} + b_1 $ and$ \\vec x \\cdot w_{12} + b_1")
def one_bias() -> Evidence:
    biases = trained((2,), "cross-entropy, averaged", 10_000).layers[0][1][:, :, 0]
    return Evidence(
        np.isclose(biases[:, 0], biases[:, 1]),
        "networks",
        "each neuron has a bias of its own, as the code has it; trained they are "
        f"{spread(np.abs(np.diff(biases)[:, 0]))} apart.",
    )
