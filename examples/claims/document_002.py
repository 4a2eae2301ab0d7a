"""The claims of document 002, each over twenty starts or more."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise

import numpy as np
from claims import Claims, Evidence, spread
from ensemble import Array, Ensemble
from working import working

import autograd
from nn import binary_cross_entropy, datasets, squared_error

CLAIMS = Claims()
POINTS, CLASSES = datasets.sine_bands()
X, COUNT = POINTS.T[None], len(CLASSES)
SEEDS, RATE = range(20), 0.1
DEEP = (20, 20, 2)

RULES: dict[str, Callable[[Array], Array]] = {  # derivatives by the output's weighted sum
    "printed, summed": lambda p: (p - CLASSES) * p * (1.0 - p),  # its derivative of the cost times that of σ
    "printed, averaged": lambda p: (p - CLASSES) * p * (1.0 - p) / COUNT,
    "cross-entropy, averaged": lambda p: (p - CLASSES) / COUNT,
    "cross-entropy, summed": lambda p: p - CLASSES,
}


def networks(hidden: tuple[int, ...], activation: str, scale: float = 0.1) -> Ensemble:
    """The document's start, 0.1 times normal from NumPy's older generator, from twenty seeds; biases 0."""
    sizes, generators = [2, *hidden, 1], [np.random.RandomState(seed) for seed in SEEDS]
    layers = [
        (np.array([scale * rng.randn(fan_in, fan_out).T for rng in generators]), np.zeros((len(SEEDS), fan_out, 1)))
        for fan_in, fan_out in pairwise(sizes)
    ]
    return Ensemble(layers, [activation] * len(hidden) + ["sigmoid"])


def descend(net: Ensemble, rule: str, epochs: int) -> Ensemble:
    """The same networks after so many steps on all points, in place."""
    for _ in working(range(epochs), "steps of descent"):
        values = net.values(X)
        net.move(net.gradient(values, RULES[rule](values[-1])), RATE)
    return net


@cache
def trained(hidden: tuple[int, ...], rule: str, epochs: int = 2000, activation: str = "tanh") -> Ensemble:
    return descend(networks(hidden, activation), rule, epochs)


def wrong(net: Ensemble) -> Array:
    """Points on the wrong side, of 25."""
    return ((net.values(X)[-1][:, 0] >= 0.5) != CLASSES).sum(axis=1)


def lines(points: Array) -> int:
    """The fewest points that any straight line leaves on the wrong side, over the lines through two of them."""
    fewest = int(min(CLASSES.sum(), (1.0 - CLASSES).sum()))
    for i, j in combinations(range(len(points)), 2):
        along = points[j] - points[i]
        if (length := np.linalg.norm(along)) < 1e-9:
            continue
        side = (points - points[i]) @ (along[::-1] * [1.0, -1.0] / length)
        side[[i, j]] = 0.0  # a line that is turned a little has these two on whichever side one likes
        above, below = side > 1e-12, side < -1e-12
        for first, second in ((above, below), (below, above)):
            fewest = min(fewest, np.count_nonzero(first & (CLASSES == 0)) + np.count_nonzero(second & (CLASSES == 1)))
    return fewest


@cache
def regressed() -> tuple[Array, Array]:
    """Logistic regression from random starts: the points wrong, and the boundary's slope and height."""
    net = descend(networks((), "tanh", scale=1.0), "cross-entropy, averaged", 500)
    return wrong(net), net.layers[0][0][:, 0]


def random_numbers(seed: int = 0, count: int = 100) -> list[float]:
    return np.random.default_rng(seed).normal(0.0, 3.0, count).tolist()


def agree(ours: Callable[[float], float], theirs: Callable[[float], float], tolerance: float = 1e-14) -> Evidence:
    """How far the engine's function and the document's are apart at random numbers."""
    apart = np.array([abs(ours(x) - theirs(x)) for x in random_numbers()])
    return Evidence(apart < tolerance, "numbers", f"the engine has the same within {apart.max():.1g}.")


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("tanh(x) = \\frac{e^x - e^{-x}}{e^x + e^{-x}}")
def tanh() -> Evidence:
    return agree(autograd.tanh, lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


@CLAIMS("tanh(x)' = 1 - tanh(x)^2")
def tanh_slope() -> Evidence:
    return agree(autograd.grad(autograd.tanh), lambda x: 1.0 - np.tanh(x) ** 2)


@CLAIMS("\\sigma(x) = \\frac{1}{1 + e^{-x}}")
def logistic() -> Evidence:
    return agree(autograd.sigmoid, lambda x: 1.0 / (1.0 + np.exp(-x)))


@CLAIMS("\\sigma(x)' = \\sigma(x) \\cdot (1-\\sigma(x))")
def logistic_slope() -> Evidence:
    return agree(autograd.grad(autograd.sigmoid), lambda x: (s := autograd.sigmoid(x)) * (1.0 - s))


@CLAIMS("\\frac{1}{m}\\sum_i^m -y^i \\cdot log(\\hat y^i) - (1-y^i) \\cdot log(1-\\hat y^i)")
def cross_entropy() -> Evidence:
    apart = []
    for seed in SEEDS:
        p = np.random.default_rng(seed).uniform(0.01, 0.99, COUNT)
        ours = autograd.mean([binary_cross_entropy(a, t) for a, t in zip(p.tolist(), CLASSES.tolist(), strict=True)])
        apart.append(abs(ours - np.mean(-CLASSES * np.log(p) - (1.0 - CLASSES) * np.log(1.0 - p))))
    return Evidence(np.array(apart) < 1e-14, "predictions", f"the engine has the same within {max(apart):.1g}.")


@CLAIMS("Cross-entropy derivative$ \\hat y - y")
def cross_entropy_slope() -> Evidence:
    p = np.random.default_rng(1).uniform(0.02, 0.98, 100).tolist()
    true = [autograd.grad(lambda q: binary_cross_entropy(q, 1.0))(q) for q in p]
    by_sum = [autograd.grad(lambda z: binary_cross_entropy(autograd.sigmoid(z), 1.0))(np.log(q / (1 - q))) for q in p]
    printed = np.array(p) - 1.0
    return Evidence(
        np.isclose(true, printed, rtol=0.01),
        "predictions",
        f"by ŷ it is (ŷ − y) / (ŷ (1 − ŷ)), {spread(np.divide(true, printed))} times as large. ŷ − y is the derivative "
        f"by the weighted sum z, within {np.abs(by_sum - printed).max():.1g}, with σ′ already in it.",
    )


@CLAIMS("ReLu$ max(0,x)")
def relu() -> Evidence:
    return agree(autograd.relu, lambda x: max(0.0, x))


@CLAIMS("0 \\text{ if x <= 0 else 1}")
def relu_slope() -> Evidence:
    return agree(autograd.grad(autograd.relu), lambda x: 0.0 if x <= 0.0 else 1.0)


@CLAIMS("Mean squared error$ -\\frac{1}{m}\\sum_i^m (y^i - \\hat y^i)^2")
def squares() -> Evidence:
    costs = [-np.mean((CLASSES - np.random.default_rng(s).random(COUNT)) ** 2) for s in SEEDS]
    return Evidence(
        np.array(costs) > 0.0, "predictions", "a minus too many: it is negative, and descent would raise the error."
    )


@CLAIMS("Mean squared error$ 2 \\cdot (\\hat y - y)")
def squares_slope() -> Evidence:
    held = []
    for seed in SEEDS:
        p = np.random.default_rng(seed).random(COUNT)
        cost = lambda q: autograd.mean([squared_error(a, t) for a, t in zip(q, CLASSES.tolist(), strict=True)])
        held.append(bool(np.allclose(autograd.grad(cost)(p.tolist()), 2.0 * (p - CLASSES))))
    return Evidence(
        held, "predictions", "it has the right sign, which the cost above it has not, and lacks the 1/m of the mean."
    )


@CLAIMS("Calculate the derivatives of the individual functions and just chain them")
def chained() -> Evidence:
    right, as_printed = [], []
    for seed in SEEDS:
        w = np.random.default_rng(seed).standard_normal(3)
        p = 1.0 / (1.0 + np.exp(-(POINTS @ w[:2] + w[2])))
        inputs = np.column_stack([POINTS, np.ones(COUNT)])
        cost = lambda v, inputs=inputs: autograd.mean([
            binary_cross_entropy(autograd.sigmoid(autograd.dot(v, row)), t)
            for row, t in zip(inputs.tolist(), CLASSES.tolist(), strict=True)
        ])  # fmt: skip
        true = np.array(autograd.grad(cost)(w.tolist()))
        chain = ((p - CLASSES) / (p * (1.0 - p)) * p * (1.0 - p)) @ inputs / COUNT
        hint = ((p - CLASSES) * p * (1.0 - p)) @ inputs / COUNT
        right.append(bool(np.allclose(chain, true, rtol=1e-10)))
        as_printed.append(float(np.linalg.norm(hint - true) / np.linalg.norm(true)))
    return Evidence(
        right,
        "starts of logistic regression",
        "so it is, with the right derivative of the cost. With the printed one the gradient is off by "
        f"{spread(as_printed, '.0%')}: it is that of half the squared error.",
    )


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
        f"{_series(missed)} of 25 are wrong, against {np.median(line):g} of the line.",
    )


def _series(missed: dict[str, Array]) -> str:
    return "; ".join(f"{rule}: {spread(found, 'g')}" for rule, found in missed.items())


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


# ── More layers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("a neural network with multiple hidden layers to solve the problem without any missclassifications")
def solved() -> Evidence:
    missed = {rule: wrong(trained(DEEP, rule)) for rule in RULES}
    return Evidence(
        missed["printed, summed"] == 0,
        "starts, trained as printed and summed",
        f"the printed rule, read literally, gives the promised 0 of 25. The others: {_series(missed)}. Whether to sum "
        "or to average is not said, and it matters.",
    )


@CLAIMS("You can also try to add more Layers.")
def more_layers() -> Evidence:
    missed = {n: wrong(trained((20,) * n + (2,), "printed, summed")) for n in (3, 4, 5)}
    mean = {n: wrong(trained((20,) * n + (2,), "cross-entropy, averaged")) for n in (3, 4, 5)}
    return Evidence(
        np.concatenate(list(missed.values())) == 0,
        "starts with 4, 5 and 6 hidden layers",
        "as printed and summed; by the mean of the cross-entropies 2,000 epochs leave none wrong in "
        f"{', '.join(f'{(m == 0).sum()} of {len(m)} with {n + 1} layers' for n, m in mean.items())}.",
    )


@CLAIMS("Chances are high, that wheigths are negative and you end up with 2 dead neurons.", mostly=True)
def two_dead() -> Evidence:
    dead, nets = [], [((2,), "cross-entropy, averaged"), (DEEP, "cross-entropy, averaged"), (DEEP, "printed, summed")]
    for hidden, rule in nets:
        inner = trained(hidden, rule, 500, "relu").values(X)[-2]
        dead.append((inner.max(axis=2) == 0.0).sum(axis=1))
    return Evidence(
        np.concatenate(dead) == 2,
        "starts with relus, 500 epochs",
        f"both die in {', '.join(str((d == 2).sum()) for d in dead)} of {len(SEEDS)} (2-2-1; 2-20-20-2-1; the same as "
        f"printed and summed), one at least in {', '.join(str((d > 0).sum()) for d in dead)}. The warning is good, the "
        "chances are smaller at this start.",
    )


@CLAIMS("make sure not to initiliaze them negative")
def negative() -> Evidence:
    dead = []
    for hidden in ((2,), DEEP):
        net = networks(hidden, "relu")
        W, b = net.layers[len(hidden) - 1]
        net.layers[len(hidden) - 1] = (-np.abs(W), b)
        dead.append((net.values(X)[-2].max(axis=2) == 0.0).all(axis=1))
    return Evidence(
        dead[1],
        "starts with negative weights into the layer of 2",
        f"behind other relus, which give nothing negative, both neurons are dead at once; right behind the points, "
        f"which lie around 0, in {dead[0].sum()}.",
    )


@CLAIMS("In order to plot the transformed hidden space, the last hidden layer may only consist of 2 neurons")
def two_to_plot() -> Evidence:
    widths = range(1, 21)
    drawn = [trained(DEEP, "printed, summed").values(X)[-2].shape[1] == 2 for _ in widths]
    return Evidence(drawn, "networks", "a plane has two axes.")


# ── Its code ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("Applying a threshold to our predictions")
def threshold() -> Evidence:
    held = []
    for p in np.linspace(0.3, 0.7, 21).round(2):  # 0.5 is the eleventh
        a = np.array([p])
        a[a < 0.5] = 0.0
        a[a > 0.5] = 1.0
        held.append(a[0] in (0.0, 1.0))
    return Evidence(held, "predictions from 0.3 to 0.7", "only 0.5 itself is left as it is.")


@CLAIMS("len(w[1])")
def columns() -> Evidence:
    held = []
    for rows in range(1, 6):
        for count in range(1, 6):
            w = np.zeros((rows, count))
            held.append(rows > 1 and len(w[1]) == count)
    return Evidence(held, "shapes", "it counts the columns in the second row, which a matrix of one row has not.")
