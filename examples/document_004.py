"""Document 004: a toy classifier of points in the plane: relu layers, softmax, cross-entropy, backtracking descent.

The document draws eight kinds of data in two or three classes, propagates the gradient back through a network of any
depth by hand, and watches what becomes of it in deep ones. Here the engine gives the gradient, ``nn.Backtracking`` does
what the document's descent was meant to do, and the relus of the deep networks are watched as they die.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from claims.document_004 import CLAIMS
from deep_relus import deep_relus
from ensemble import Array
from printed import by_formula, farthest, printed_losses, printed_training, weights_of
from relus import COMPARE_EVERY, PER_CLASS, REGULARIZATION, SEEDS, descend, networks, wrong
from report import Report, plt, run
from sources import SOURCES
from working import working

import autograd
import viz
from nn import L2, MLP, SGD, Backtracking, History, datasets, fit, misclassified, softmax_cross_entropy, squared_error
from viz.plots import by_layer

TITLE = "Document 004: a toy classifier"
SEED = 9

# %% The document's hyperparameters. It has 50,000 steps and nothing to end them earlier.

HIDDEN = [5, 5]
LEARNING_RATE = 1.0  # at first; divided by 5 where the loss has grown
STEPS = 5_000
OTHERS = 2_000  # steps, from other starts


# %% The data, the network and its training.


def data_of(kind: str, seed: int) -> tuple[Array, Array]:
    """Points in [-1, 1] x [-1, 1] and their classes."""
    X, y = datasets.PLANAR[kind](PER_CLASS, seed)
    return X, y.astype(int)


def new_model(y: Array, hidden: Sequence[int], seed: int, activation: str = "relu") -> MLP:
    """Weights by He et al. (for sigmoid by Glorot and Bengio), biases 0, one linear score a class."""
    init = "he" if activation == "relu" else "xavier"
    return MLP(2, [*hidden, y.max() + 1], activation=activation, init=init, rng=seed)


def train(model: MLP, X: Array, y: Array, steps: int, optimizer: Any = None, **record: Any) -> History:
    """Descent on all points at once, which goes back with a fifth of the rate where the loss has grown."""
    optimizer = optimizer or Backtracking(LEARNING_RATE, factor=5.0, every=COMPARE_EVERY)
    return fit(
        model, X, y, loss="softmax_cross_entropy", penalty=L2(REGULARIZATION), optimizer=optimizer, epochs=steps,
        progress=False, **record,
    )  # fmt: skip


def over_starts(kind: str, steps: int) -> Array:
    """How many points are wrong from each of the other starts, going back where the loss has grown."""
    net, X, classes = networks(kind, HIDDEN)
    descend(net, X, classes, min(steps, OTHERS), compare="lowest", every=COMPARE_EVERY, rate=LEARNING_RATE)
    return wrong(net, X, classes)


def gradient_of(model: MLP, X: Array, y: Array) -> dict[str, list[Array]]:
    """The engine's gradient by layer, weights and biases apart; the model keeps its parameters."""
    before = model.state_dict()
    history = train(model, X, y, 1, record="gradients")
    model.load_state_dict(before)
    return by_layer(model, history.gradients[0])


# %% Several plots in one figure.


def panels(rows: int, columns: int, size: float = 2.6) -> list[Any]:
    """Axes of one new figure, row after row."""
    return list(plt.subplots(rows, columns, figsize=(size * columns, size * rows), layout="constrained")[1].flat)


def titled(ax: Any, title: str) -> None:
    """A title, and no legend: the classes speak for themselves."""
    ax.set_title(textwrap.fill(title.replace("_", " "), 34), fontsize=9)
    ax.set(xlabel="", ylabel="")
    ax.get_legend().remove()


def main(report: Report) -> None:
    """The document from its data to its deep networks."""
    steps = 150 if report.quick else STEPS
    report.credit(SOURCES["004"])
    report.say(
        f"{PER_CLASS} points a class; hidden layers of {HIDDEN} relus, drawn by He et al. from seed {report.seed}; L2 "
        f"{REGULARIZATION:g} on the weights; {steps:,} steps with rate {LEARNING_RATE:g}, and a fifth of it after each "
        "step back. The document prints the share of misclassified points, but its text has no figures to compare."
    )

    # %% Eight kinds of data, and a network for each.
    plots, regions, histories, rows = panels(2, 4), panels(2, 4), {}, []
    kinds = [*zip(datasets.PLANAR, plots, regions, strict=True)]
    for kind, data_plot, region_plot in working(kinds, "kinds of data"):
        X, y = data_of(kind, report.seed)
        model = new_model(y, HIDDEN, report.seed)
        history = histories[kind.replace("_", " ")] = train(model, X, y, steps)
        missed = len(misclassified(model, X, y))
        titled(viz.plot_data(X, y, data_plot), kind)
        titled(viz.plot_decision_boundary(model, X, y, region_plot), f"{kind}: {missed} of {len(y)}")
        many = over_starts(kind, steps)
        typical = f"{np.median(many):g} ({many.min()} to {many.max()})"
        rows.append([kind, f"{y.max() + 1}", f"{missed} of {len(y)}", typical, history.loss[-1]])
    report.say(
        f"Points misclassified by the network that is drawn below, and by those of {len(SEEDS)} other starts with data "
        f"of their own, after {steps if report.quick else OTHERS:,} steps: the median, the least and the greatest."
    )
    report.table(["data", "classes", "here", "other starts", "loss here"], rows)
    report.figure(plots[0], "004_data", "The eight data models, centred and scaled")
    report.figure(regions[0], "004_regions", "What the networks learnt; misclassified points are ringed")
    report.figure(viz.plot_loss(histories, scale="semilogy"), "004_loss", "Loss, penalty included")

    # %% The engine's gradient and the document's formulas, at the start, for one to five hidden layers.
    X, y = data_of("bulls_eye_3_categories", report.seed)
    models = [new_model(y, [5] * depth, report.seed) for depth in range(1, 6)]
    differences = [farthest(gradient_of(model, X, y), by_formula(weights_of(model), X, y)[1]) for model in models]
    apart = max(abs(autograd.softmax([s, 0.0])[0] - autograd.sigmoid(s)) for s in np.linspace(-30.0, 30.0, 61))
    report.say(
        "The formulas for the gradient are right: for one to five hidden layers the engine finds the same within "
        f"{max(differences):.1e}. For two classes softmax is the logistic function of the difference of the scores, "
        f"within {apart:.1e} for differences up to 30.",
        holds=max(differences) < 1e-14 and apart < 1e-14,
    )

    # %% Deeper networks.
    deep_relus(report, 300 if report.quick else 1000)

    # %% The gradients of their first layers, before anything has died.
    seeds = SEEDS[:5] if report.quick else SEEDS
    sizes = {}
    for activation, depth in working([("relu", 2), ("relu", 4), ("relu", 5), ("sigmoid", 5)], "gradients"):
        found = [gradient_of(new_model(y, [5] * depth, seed, activation), X, y)["weights"] for seed in seeds]
        layers = [[np.sqrt(np.mean(layer**2)) for layer in gradient] for gradient in found]
        sizes[f"{depth} × {activation}"] = np.median(layers, axis=0)
    report.figure(
        viz.plot_gradient_sizes(sizes).set_title(f"at the start, median of {len(seeds)}"),
        "004_gradients",
        "Root mean square of the derivatives by each layer's weights",
    )
    relu, sigmoid = (sizes[f"5 × {name}"][0] / sizes[f"5 × {name}"][-1] for name in ("relu", "sigmoid"))
    report.say(
        "That the first layers' gradient becomes essentially zero, as the author saw, is how it ends and not how it "
        f"begins: at the start the first of five layers of relus has {relu:.2g} of the last one's, where sigmoids have "
        f"{sigmoid:.1g}. It is the overshooting steps that put the relus out, one layer after another.",
        holds=relu > 0.05 > 0.01 > sigmoid,
    )

    # %% What it claims.
    report.claims(CLAIMS)
    errata(report, steps)


# %% Where the document errs.


def errata(report: Report, steps: int) -> None:
    """Each with what the printed code gives on one of the data models."""
    X, y = data_of("shifted_cubics", report.seed)
    model = new_model(y, HIDDEN, report.seed)
    lost = int(np.isnan(printed_losses(model.predict(X), y)).sum())
    rate, restored = printed_training(weights_of(model), X, y, 5.0, 300)
    ours = train(model, X, y, 300, Backtracking(5.0, factor=5.0))
    report.erratum(
        "`calc_loss` divides by the sum of the shifted scores, not of their exponentials. It takes logarithms of "
        f"negative numbers: {lost} of {len(y)} terms are nan, where the loss is {ours.loss[0]:.4g}; every iteration "
        "prints nan. The author, who tells of trainings that went well, may have run another version; what "
        "follows is said of the one that is printed.",
        holds=lost == len(y),
    )
    model = new_model(y, HIDDEN, report.seed)
    plain = train(model, X, y, steps, SGD(LEARNING_RATE))
    grown, missed = np.flatnonzero(np.diff(plain.loss) > 1e-9) + 1, len(misclassified(model, X, y))
    report.erratum(
        "so there is no backtracking, for no comparison with nan is true: it descends plainly at rate 1, which leaves "
        f"{missed} of {len(y)} cubics wrong here after {steps:,} steps. A loss that is a number would be compared with "
        f"that of the step before, at every {COMPARE_EVERY}th step: of the {len(grown)} steps at which it grew in "
        f"this run that is {np.sum(grown % COMPARE_EVERY == 0)}. nn.Backtracking compares with the lowest so far.",
    )
    report.erratum(
        "`W_prev = self.W` is a second name for a list whose arrays are changed in place. With the loss put right and "
        f"compared at every step it restores nothing, so a rate of 5 has become {rate:.0e} after 300 steps. With "
        f"copies it is {ours.learning_rate[-1]:g}, and the loss has gone from {ours.loss[0]:.3f} to "
        f"{ours.loss[-1]:.3f}.",
        holds=not restored and rate < 1e-100 and ours.learning_rate[-1] > 1e-3 and ours.loss[-1] < ours.loss[0],
    )
    with np.errstate(over="ignore", invalid="ignore"):
        overflow = next(s for s in range(2000) if np.isnan(np.exp([s, 0.0]) / np.exp([s, 0.0]).sum()).any())
        underflow = next(s for s in range(2000) if np.isnan(np.exp([-s]) / np.exp([-s]).sum()).any())
    report.erratum(
        f"`gradient` exponentiates the scores as they are and is nan from {overflow} on; `calc_loss` subtracts the "
        f"largest score of all points and is 0/0 for a point that is {underflow} below. Each point needs a maximum of "
        "its own.",
        holds=(overflow, underflow) == (710, 746),
    )
    linear = new_model(y, [], report.seed)
    train(linear, X, y, 300)
    report.erratum(
        f'`test` prints the share for the count, "{missed / len(y):f} our of {len(y)} points misclassified", and the '
        f"message about the step size prints the global `learning_rate`, {LEARNING_RATE:f} whatever has become of it. "
        "Without hidden layers it ends in an IndexError; such a network is a straight line, which here leaves "
        f"{len(misclassified(linear, X, y))} of {len(y)} wrong. And it is Python 2: print, xrange, a division for an "
        "int."
    )
    behind = [-5.0, 5.0]  # scores of a point that is labelled with the first class
    entropy, pull = autograd.value_and_grad(lambda s: softmax_cross_entropy(s, 0))(behind)
    squares, weak = autograd.value_and_grad(lambda s: squared_error(autograd.softmax(s), [1.0, 0.0]))(behind)
    report.say(
        "Are least squares more sensitive to mislabelled data? That depends on the normalization before them, which is "
        "not said: see the table. After a softmax they are not, compared with cross-entropy: a point whose "
        f"label is 10 behind costs {squares:.4f} and pulls its score with {-weak[0]:.1e}, against {entropy:.4f} and "
        f"{-pull[0]:.4f}. That pull speaks for cross-entropy: squares give up a point far on the wrong side.",
        holds=squares < 2.0 < entropy and abs(weak[0]) < 1e-3 < 0.99 < abs(pull[0]),
    )


if __name__ == "__main__":
    run(main, TITLE, SEED)
