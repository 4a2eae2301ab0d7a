"""Data, softmax, gradient and objective."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_004.training import RINGS
from ensemble import Array
from relus import SEEDS, by_cross_entropy, descend, losses, networks, wrong

import autograd
from nn import MLP, datasets, softmax_cross_entropy

CLAIMS = Claims()


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
    net, X, classes = networks(RINGS, [5, 5])
    first, loss, nothing = np.abs(net.layers[0][0]), losses(net, net.values(X)[-1], classes), np.log(3.0)
    undecided = np.abs(loss - nothing) < 0.5 * nothing
    return Evidence(
        undecided & all(not b.any() for _, b in net.layers),
        "networks, which begin undecided",
        f"their loss is {spread(loss)}, and {nothing:.3g} is that of knowing nothing. The first weights are "
        f"{spread(first)} in size, of deviation √(2 / inputs), which suits relus; the biases are 0.",
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
