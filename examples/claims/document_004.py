"""The claims of document 004, each over twenty networks or more."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from claims import Claims, Evidence, spread
from ensemble import Array
from relus import COMPARE_EVERY, SEEDS, alive, by_cross_entropy, descend, losses, networks, wrong

import autograd
from nn import MLP, datasets, softmax_cross_entropy

CLAIMS = Claims()
RINGS, WAVES, THREE_WAVES = "bulls_eye_3_categories", "shifted_sinusoids", "shifted_sinusoids_3_categories"


STEPS = {"never": 1000, "previous": 1200, "lowest": 2000}  # whatever dies has died by then


@cache
def trained(kind: str, hidden: tuple[int, ...], compare: str, every: int = 1) -> dict[str, Array]:
    """What became of the networks: points wrong, relus alive, times gone back."""
    steps = 2000 if kind != RINGS else STEPS[compare]
    net, X, classes = networks(kind, hidden)
    returns, _ = descend(net, X, classes, steps, compare=compare, every=every)
    values = net.values(X)
    gradient = net.gradient(values, by_cross_entropy(values[-1], np.eye(classes.max() + 1)[classes].T))
    return {
        "wrong": wrong(net, X, classes),
        "alive": alive(values),
        "returns": np.array([returns]),
        "slope": np.abs(gradient[0][0]).max(axis=(1, 2)),
    }


def deep(compare: str, every: int, key: str) -> Array:
    """Of four and of five hidden layers of five relus, on three rings."""
    return np.concatenate([trained(RINGS, (5,) * depth, compare, every)[key] for depth in (4, 5)])


# ── Data, softmax, gradient ──────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("Data is centered and then scaled to lie in [-1,1] x [-1,1]")
def scaled() -> Evidence:
    reach = [abs(make(100, s)[0]).max(axis=0) for make in datasets.PLANAR.values() for s in range(3)]
    return Evidence(
        [np.allclose(r, 1.0) for r in reach],
        "draws of its eight kinds of data",
        f"the largest coordinate is {np.max(reach):.3g}.",
    )


@CLAIMS(
    "adding a dimension to the input layer and incorporating the bias as another column in … makes the operation linear"
)
def bias_column() -> Evidence:
    apart = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        W, b, x = rng.standard_normal((5, 2)), rng.standard_normal(5), rng.standard_normal(2)
        apart.append(np.abs(np.column_stack([W, b]) @ np.append(x, 1.0) - (W @ x + b)).max())
    return Evidence(np.array(apart) < 1e-14, "random layers", f"the two differ by {max(apart):.1g} at most.")


@CLAIMS("This is precisely the output of the softmax function")
def two_classes() -> Evidence:
    scores = np.random.default_rng(0).normal(0.0, 5.0, (100, 2)).tolist()
    apart = [abs(autograd.softmax([a, b])[0] - autograd.sigmoid(a - b)) for a, b in scores]
    return Evidence(
        np.array(apart) < 1e-14,
        "pairs of scores",
        f"beliefs solved for and softmax differ by {max(apart):.1g} at most.",
    )


@CLAIMS("the softmax emphasizes the max entry in … while the smaller terms decay exponentially")
def emphasis() -> Evidence:
    ratios = []
    for s in np.random.default_rng(1).normal(0.0, 2.0, (100, 3)):
        p = np.array(autograd.softmax(s.tolist()))
        ratios.append(np.abs(np.log(p / p.max()) - (s - s.max())).max())
    return Evidence(
        np.array(ratios) < 1e-12,
        "random scores of three classes",
        "each probability is that of the largest score times exp(score − largest).",
    )


@CLAIMS(
    "By minimizing, we make the distribution representing our belief in label assignment align with the actual labels"
)
def alignment() -> Evidence:
    held, rng = [], np.random.default_rng(2)
    for _ in SEEDS:
        scores, label = rng.normal(0.0, 2.0, 3).tolist(), int(rng.integers(3))
        _, slope = autograd.value_and_grad(lambda s, label=label: softmax_cross_entropy(s, label))(scores)
        belief = np.array(autograd.softmax(scores)) - np.eye(3)[label]
        held.append(np.abs(np.array(slope) - belief).max() < 1e-14)
    return Evidence(
        held, "random scores", "the engine's derivative is belief minus label, and is 0 only where they agree."
    )


@CLAIMS("The gradient is backpropagated via repeated applications of the chain rule")
def backpropagated() -> Evidence:
    apart = []
    for depth in range(1, 6):
        net, X, classes = networks(RINGS, [5] * depth, range(4))
        values = net.values(X)
        found = net.gradient(values, by_cross_entropy(values[-1], np.eye(3)[classes].T))
        for i in range(len(X)):
            model = MLP(2, [*[5] * depth, 3], activation="relu", rng=0)
            ours = _engine(model, [(W[i], b[i, :, 0]) for W, b in net.layers], X[i].T, classes)
            theirs = np.concatenate([np.column_stack([dW[i], db[i]]).ravel() for dW, db in found])
            apart.append(float(np.abs(ours - theirs).max()))
    return Evidence(
        np.array(apart) < 1e-13,
        "networks of one to five hidden layers",
        f"engine and formulas differ by {max(apart):.1g}.",
    )


def _engine(model: MLP, layers: list[tuple[Array, Array]], X: Array, classes: Array) -> Array:
    """The engine's gradient, neuron by neuron: weights, then bias."""
    rows = np.concatenate([np.column_stack([W, b]).ravel() for W, b in layers])
    for parameter, number in zip(model.parameters(), rows, strict=True):
        parameter.data = float(number)
    cost = autograd.compile(lambda m, x, y: softmax_cross_entropy(m(x), y), batched=("x", "y"))
    return np.asarray(cost.value_and_grad(model, X, np.eye(classes.max() + 1)[classes])[1])


@CLAIMS("Weights are initialized with small random weights and bias is zero")
def small_weights() -> Evidence:
    net, _, _ = networks(RINGS, [5, 5])
    first = np.abs(net.layers[0][0]).ravel()
    return Evidence(
        first < 0.5,
        "weights of first layers",
        f"they are {spread(first)} in size, of deviation √(2 / inputs), which suits relus; the biases are 0.",
    )


@CLAIMS("The code above works for data with any number of classes")
def any_classes() -> Evidence:
    worst = []
    for classes in range(2, 12):
        for seed in range(2):
            scores = np.random.default_rng(seed).normal(0.0, 2.0, classes)
            _, slope = autograd.value_and_grad(lambda s: softmax_cross_entropy(s, 1))(scores.tolist())
            p = np.exp(scores) / np.exp(scores).sum()
            worst.append(np.abs(p - np.eye(classes)[1] - slope).max())
    return Evidence(
        np.array(worst) < 1e-14, "gradients for 2 to 11 classes", f"engine and code differ by {max(worst):.1g}."
    )


# ── The objective ────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("evaluates the objective function (loss) we seek minimize")
def printed_loss() -> Evidence:
    net, X, classes = networks("shifted_cubics", [5, 5])
    scores = np.log(net.values(X)[-1]) + 3.0 * np.random.default_rng(0).standard_normal((len(X), 1, X.shape[2]))
    shifted = scores - scores.max(axis=(1, 2), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        printed = -np.log((np.exp(shifted) / shifted.sum(axis=1, keepdims=True))[:, classes, np.arange(len(classes))])
    return Evidence(
        np.isfinite(printed.mean(axis=1)),
        "networks at their start",
        "it divides by the sum of the shifted scores, not of their exponentials, and takes the logarithm of negative "
        f"numbers: the loss printed is nan, where it is {spread(losses(net, net.values(X)[-1], classes))}.",
    )


def by_squares(probabilities: Array, targets: Array) -> Array:
    """The derivative of the mean squared distance between softmax and labels, by the scores."""
    off = 2.0 * (probabilities - targets) / targets.shape[-1]
    return probabilities * (off - (off * probabilities).sum(axis=1, keepdims=True))


NORMALIZATIONS = {
    "softmax": autograd.softmax,
    "division by their length": lambda scores: [s / autograd.norm(scores) for s in scores],
    "division by a constant": lambda scores: scores,
}


@CLAIMS(
    "a normalization of … followed by least squares. Unfortunately this is more sensitive to outliers or mislabeled "
    "data than other methods"
)
def least_squares() -> Evidence:
    pulls: dict[str, list[bool]] = {name: [] for name in NORMALIZATIONS}
    for margin in np.linspace(1.0, 20.0, 20):  # a confident point whose label is the other class
        scores = [0.5 * margin, -0.5 * margin]
        other = np.linalg.norm(autograd.grad(lambda s: softmax_cross_entropy(s, 1))(scores))
        for name, normal in NORMALIZATIONS.items():
            squares = autograd.grad(
                lambda s, normal=normal: sum((p - t) ** 2 for p, t in zip(normal(s), (0.0, 1.0), strict=True))
            )
            pulls[name].append(bool(np.linalg.norm(squares(scores)) > other))
    missed = {}
    for name, slope in (("squares", by_squares), ("cross-entropy", by_cross_entropy)):
        net, X, classes = networks("crescent_moons", [5, 5])
        told = classes.copy()
        told[::10] = 1 - told[::10]
        descend(net, X, told, 1000, slope=slope)
        missed[name] = np.median(wrong(net, X, classes))
    return Evidence(
        np.concatenate(list(pulls.values())),
        "mislabelled points",
        "it depends on the normalization of the scores, which the text leaves open. Such a point pulls harder with "
        f"squares than with cross-entropy in {', '.join(f'{sum(p)} of 20 ({name})' for name, p in pulls.items())}. "
        f"Moons, every tenth label wrong, softmax: {missed['squares']:g} of 200 true labels missed with squares, "
        f"{missed['cross-entropy']:g} with cross-entropy (medians of {len(SEEDS)}).",
    )


@CLAIMS("I also regularized to avoid over fitting by instituting an … penalty on my weights")
def regularized() -> Evidence:
    held, sizes = [], []
    for seed in SEEDS:
        model = MLP(2, [5, 5, 2], activation="relu", rng=seed)
        weights = np.concatenate([layer.weight_matrix().ravel() for layer in model.layers])
        cost = lambda w: 0.5 * 1e-5 * sum(v * v for v in w)
        held.append(np.allclose(autograd.grad(cost)(weights.tolist()), 1e-5 * weights, rtol=1e-14))
        sizes.append(1e-5 * np.abs(weights).max())
    return Evidence(
        held, "networks", f"reg·W is the penalty's derivative; at 1e-5 it is at most {max(sizes):.0e} a weight."
    )


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
        "networks of 4 and 5 hidden layers",
        f"of 300 points {spread(missed, '.0f')} are wrong as printed. They end on a plateau: with a whole layer of "
        f"relus off, in {_dead('never', 1)}, all points get the same scores, and no small change of a first weight "
        "changes any.",
    )


@CLAIMS("Some sort of pre-training step would be necessary to initialize the net", mostly=True)
def pretraining() -> Evidence:
    missed = deep("lowest", 1, "wrong")
    return Evidence(
        missed > 30,
        "of the same networks, going back as the text describes",
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
