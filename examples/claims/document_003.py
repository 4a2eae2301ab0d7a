"""The claims of document 003, each over twenty starts or more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from claims import Claims, Evidence, spread
from ensemble import Array, Ensemble
from working import working

import autograd
from nn import MLP, datasets, half_squared_error, one_hot, train_test_split

CLAIMS = Claims()
SEEDS = range(20)
XOR, FIRST = ((X.T[None], y[None, None]) for X, y in (datasets.xor(), datasets.first_problem()))

Rule = Callable[[Array, Array], Array]  # the derivative by the output's weighted sum, from predictions and targets


def by_squares(p: Array, y: Array) -> Array:
    """Of half the sum of squares behind a sigmoid, which the boxed formula descends."""
    return (p - y) * p * (1.0 - p)


def by_entropy(p: Array, y: Array) -> Array:
    """Of the mean cross-entropy behind a sigmoid."""
    return (p - y) / (y.shape[-1] * y.shape[-2])


# ── Networks from many starts ────────────────────────────────────────────────────────────────────────────────────────


def networks(sizes: Sequence[int], hidden: str | Sequence[str], start: str = "uniform") -> Ensemble:
    """Weights and biases uniform in (-1, 1) as in the document; or as Keras has them, by Glorot, with biases 0."""
    generators = [np.random.default_rng(seed) for seed in SEEDS]
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        reach = 1.0 if start == "uniform" else np.sqrt(6.0 / (fan_in + fan_out))
        W = np.array([rng.uniform(-reach, reach, (fan_out, fan_in)) for rng in generators])
        b = np.array([rng.uniform(-reach, reach, (fan_out, 1)) for rng in generators])
        layers.append((W, b if start == "uniform" else np.zeros_like(b)))
    names = [hidden] * (len(sizes) - 2) if isinstance(hidden, str) else list(hidden)
    return Ensemble(layers, [*names, "sigmoid"])


def descend(net: Ensemble, X: Array, Y: Array, rate: float, steps: int, rule: Rule = by_squares) -> Ensemble:
    """In place, on all examples at each step."""
    for _ in working(range(steps), "steps of descent"):
        values = net.values(X)
        net.move(net.gradient(values, rule(values[-1], Y)), rate)
    return net


def adam(net: Ensemble, X: Array, Y: Array, steps: int, rule: Rule = by_entropy, batch: int = 0) -> Ensemble:
    """Adam(0.1), in place, on all examples or on so many at a time, in a new order every epoch."""
    parameters = [array for pair in net.layers for array in pair]
    first, second = ([np.zeros_like(array) for array in parameters] for _ in range(2))
    rng, order = np.random.default_rng(0), np.arange(X.shape[-1])
    for step in working(range(1, steps + 1), "steps of Adam"):
        chosen = order
        if batch:
            at = (step - 1) * batch % len(order)
            order = rng.permutation(order) if at == 0 else order
            chosen = order[at : at + batch]
        values = net.values(X[..., chosen])
        gradient = [g for pair in net.gradient(values, rule(values[-1], Y[..., chosen])) for g in pair]
        for parameter, slope, mean, square in zip(parameters, gradient, first, second, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            unbiased = mean / (1.0 - 0.9**step)
            parameter -= 0.1 * unbiased / (np.sqrt(square / (1.0 - 0.999**step)) + 1e-7)
    return net


def mean_squares(net: Ensemble, X: Array, Y: Array) -> Array:
    return ((net.values(X)[-1] - Y) ** 2).mean(axis=(1, 2))


def farthest(net: Ensemble, X: Array, Y: Array) -> Array:
    return np.abs(net.values(X)[-1] - Y).max(axis=(1, 2))


@cache
def first_problem(count: int, hidden: str = "sigmoid") -> Array:
    """Mean squares after the document's 5,000 steps of rate 0.1."""
    sizes = [3, *[count] * bool(count), 1]
    return mean_squares(descend(networks(sizes, hidden), *FIRST, 0.1, 5000), *FIRST)


# ── Shapes and formulas ──────────────────────────────────────────────────────────────────────────────────────────────


def shapes() -> list[tuple[int, int, int, int]]:
    """N, M, Q and P, none of which is another."""
    return [tuple(np.random.default_rng(seed).permutation(range(2, 9))[:4].tolist()) for seed in SEEDS]


@CLAIMS("\\mathcal{L}^{(l+1)} = f^{(l)}\\left( {\\mathcal{L}^{(l)}}^T \\cdot w^{(l)} \\right)")
def feed_forward() -> Evidence:
    held = []
    for N, M, Q, _ in shapes():
        try:
            held.append((np.zeros((N, M)).T @ np.zeros((M, Q))).shape == (N, Q))
        except ValueError:
            held.append(False)
    return Evidence(held, "shapes", "a transpose too many: N×M and M×Q multiply as they are, as its next section says.")


@CLAIMS("\\(H\\) is a \\(N\\times Q\\) matrix")
def hidden_shape() -> Evidence:
    held = [(np.zeros((N, M)) @ np.zeros((M, Q))).shape == (N, Q) for N, M, Q, _ in shapes()]
    return Evidence(held, "shapes", "N rows and Q columns.")


@CLAIMS("the number of columns in both the input \\(X\\) and hidden layer \\(H\\) are greater by one")
def columns_of_ones() -> Evidence:
    apart = []
    for seed, (N, M, Q, _) in zip(SEEDS, shapes(), strict=True):
        rng = np.random.default_rng(seed)
        X, W, b = rng.random((N, M)), rng.random((M, Q)), rng.random(Q)
        apart.append(np.abs(np.insert(X, 0, 1.0, axis=1) @ np.insert(W, 0, b, axis=0) - (X @ W + b)).max())
    return Evidence(np.array(apart) < 1e-14, "layers", "a column of ones does what a bias does.")


@CLAIMS("add a column of 1's to every layer except the last")
def overwritten() -> Evidence:
    held, least = [], []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        X = np.insert(FIRST[0][0].T, 0, 1.0, axis=1)
        H = 1.0 / (1.0 + np.exp(-X @ rng.uniform(-1.0, 1.0, (4, 5))))  # written over the hidden layer and its ones
        held.append(bool((H[:, 0] == 1.0).all()))
        least.append(H[:, 0].min())
    return Evidence(
        held,
        "starts",
        f"the first forward pass writes over the hidden layer's ones, with {spread(least)} at least: they become one "
        "more neuron, and the next layer has no bias.",
    )


@CLAIMS("Feed-forward (with linear activation)")
def linear_pass() -> Evidence:
    apart = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        w0, w1 = rng.uniform(-1.0, 1.0, (3, 4)), rng.uniform(-1.0, 1.0, (4, 1))
        model = MLP(3, [4, 1], activation="linear", bias=False, rng=0)
        for parameter, number in zip(model.parameters(), [*w0.T.ravel(), *w1.T.ravel()], strict=True):
            parameter.data = float(number)
        apart.append(np.abs(model.predict(FIRST[0][0].T).ravel() - (FIRST[0][0].T @ w0 @ w1).ravel()).max())
    return Evidence(
        np.array(apart) < 1e-14, "starts", "two products of matrices, which without activations are one, X·(w⁰·w¹)."
    )


def gradients(late: float = 0.0) -> tuple[list[Array], list[Array]]:
    """The boxed formula's gradients, or with weights already changed at a rate; and the engine's, for 4 sigmoids."""
    net = networks([3, 4, 1], "sigmoid")
    values = net.values(FIRST[0])
    delta = by_squares(values[-1], FIRST[1])
    last = delta @ np.swapaxes(values[1], 1, 2)
    back = np.swapaxes(net.layers[1][0] - late * last, 1, 2) @ delta * values[1] * (1.0 - values[1])
    boxed = [np.concatenate([(back @ FIRST[0].swapaxes(1, 2))[i].ravel(), last[i].ravel()]) for i in SEEDS]
    found = []
    for i in SEEDS:
        model = MLP(3, [4, 1], activation="sigmoid", output_activation="sigmoid", rng=0)
        rows = np.concatenate([np.column_stack([W[i], b[i]]).ravel() for W, b in net.layers])
        for parameter, number in zip(model.parameters(), rows.tolist(), strict=True):
            parameter.data = number
        cost = [half_squared_error(model(x), y) for x, y in zip(FIRST[0][0].T, FIRST[1][0, 0], strict=True)]
        autograd.sum(cost).backward()
        found.append(np.concatenate([neuron_slopes for layer in model.layers for neuron_slopes in _weights(layer)]))
    return boxed, found


def _weights(layer: object) -> list[Array]:
    return [autograd.grads(neuron.weights) for neuron in layer.neurons]  # type: ignore[attr-defined]


@CLAIMS("{\\partial L\\over\\partial w^{(0)}} = {\\mathcal{L}^{(0)}}^T \\cdot {\\delta^{(1)}} {f^{(0)\\prime}}")
def boxed_formula() -> Evidence:
    boxed, found = gradients()
    apart = [np.abs(a - b).max() for a, b in zip(boxed, found, strict=True)]
    return Evidence(
        np.array(apart) < 1e-14,
        "starts",
        f"for both layers the engine finds the same within {max(apart):.1g}, of half the sum of squares.",
    )


@CLAIMS("Now we’ll use the above analysis to replace the update_weights() function from earlier.")
def changed_weights() -> Evidence:
    off = {}
    for rate in (1.0, 0.1):
        coded, true = gradients(late=rate)
        off[rate] = [np.linalg.norm(a[:12] - b[:12]) / np.linalg.norm(b[:12]) for a, b in zip(coded, true, strict=True)]
    return Evidence(
        np.array(off[0.1]) < 1e-6,
        "starts",
        "the code goes back through weights that it has already changed: the first layer's gradient is off by "
        f"{spread(off[0.1], '.1%')} at rate 0.1 and by {spread(off[1.0], '.1%')} at the default rate of 1.",
    )


@CLAIMS("use MSE loss for monitoring")
def monitored() -> Evidence:
    net = networks([3, 4, 1], "sigmoid")
    half = 0.5 * ((net.values(FIRST[0])[-1] - FIRST[1]) ** 2).sum(axis=(1, 2))
    ratio = half / mean_squares(net, *FIRST)
    return Evidence(
        np.isclose(ratio, ratio[0]),
        "starts",
        f"it may: what is descended, half the sum of squares, is N·P/2 = {ratio[0]:.3g} times as large, everywhere.",
    )


@CLAIMS("np.random.seed(1) # for reproducibility")
def reproducible() -> Evidence:
    draws = [np.random.RandomState(1).random_sample((4, 5)) for _ in SEEDS]
    return Evidence([np.array_equal(draw, draws[0]) for draw in draws], "repeats", "the same weights every time.")


# ── The first problem ────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("we now interpose a “hidden layer,”")
def interposed() -> Evidence:
    without, with_four = first_problem(0), first_problem(4)
    return Evidence(
        with_four < without,
        "starts",
        f"4 hidden neurons end with a mean square of {spread(with_four)}, none with {spread(without)}.",
    )


@CLAIMS("Let's add more hidden neurons")
def more_neurons() -> Evidence:
    few, many = first_problem(4), first_problem(50)
    return Evidence(many < few, "starts", f"50 end with a mean square of {spread(many)}, 4 with {spread(few)}.")


@CLAIMS("try a relu activation for the hidden layer")
def relus() -> Evidence:
    ours, many = first_problem(50, "relu"), first_problem(50)
    return Evidence(
        ours < many,
        "starts",
        f"50 relus end with a mean square of {spread(ours)}, 50 sigmoids with {spread(many)}. In the document they get "
        "another column of ones, for fit changes the list it is given; here they have the same networks.",
    )


# ── Exclusive or ─────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def exclusive_or(count: int) -> Array:
    """The largest error after the document's 10,000 steps of rate 0.5."""
    return farthest(descend(networks([2, count, 1], "relu"), *XOR, 0.5, 10_000), *XOR)


@CLAIMS("the “XOR” problem that a single neuron couldn’t handle")
def one_neuron() -> Evidence:
    net = descend(networks([2, 1], "sigmoid"), *XOR, 0.5, 5000)
    off = farthest(net, *XOR)
    return Evidence(off > 0.45, "starts", f"after 5,000 steps its largest error is {spread(off)}.")


@CLAIMS("With our multi-layer network, we can solve this.")
def solved() -> Evidence:
    off = exclusive_or(20)
    return Evidence(off < 0.1, "starts", f"with 20 relus the largest error is {spread(off)}.")


@CLAIMS("an exact solution to the XOR problem exists using only 2 hidden neurons and linear activations")
def linear_solution() -> Evidence:
    sums = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        f = rng.normal(size=(1, 2)) @ (rng.normal(size=(2, 2)) @ XOR[0][0] + rng.normal(size=(2, 1))) + rng.normal()
        sums.append((f @ [1.0, -1.0, -1.0, 1.0]).item())
    relu = autograd.relu
    exact = [relu(a + b) - 2.0 * relu(a + b - 1.0) for a, b in XOR[0][0].T.tolist()]
    return Evidence(
        np.abs(np.array(sums) + 2.0) < 0.1,
        "linear networks",
        "of their predictions f, f(0,0) − f(0,1) − f(1,0) + f(1,1) is always 0, here within "
        f"{np.abs(sums).max():.0e}, where exclusive or has −2. With 2 relus there is one: {exact}.",
    )


@CLAIMS(
    "a program can still have a hard time finding a good approximation via gradient descent, and we use 20 hidden "
    "neurons to assist"
)
def hard_time() -> Evidence:
    two, twenty = exclusive_or(2), exclusive_or(20)
    return Evidence(
        (twenty < 0.1) & (twenty < two),
        "starts",
        f"with 2 relus {int((two < 0.1).sum())} of {len(two)} come within 0.1, with 20 {int((twenty < 0.1).sum())}.",
    )


@CLAIMS("[[0.00] [1.00] [1.00] [0.00]]")
def keras() -> Evidence:
    net = adam(networks([2, 20, 1], "relu", "glorot"), *XOR, 20_000, batch=1)
    off = farthest(net, *XOR)
    return Evidence(
        off < 0.005,
        "starts as Keras draws them",
        f"Adam(0.1) on the cross-entropy, batch_size=1, 5,000 epochs: the largest error is {spread(off, '.1g')}.",
    )


@CLAIMS("Keras can get a better appoximation than we did because of the choice of optimizer algorithm.")
def better_because() -> Evidence:
    start = networks([2, 20, 1], "relu")
    off = {
        (rule, optimizer): farthest(run, *XOR)
        for rule in (by_squares, by_entropy)
        for optimizer, run in (
            ("descent", descend(start.copy(), *XOR, 0.5, 5000, rule)),
            ("Adam", adam(start.copy(), *XOR, 5000, rule)),
        )
    }
    theirs, ours = off[by_entropy, "Adam"], off[by_squares, "descent"]
    optimizer, loss = off[by_squares, "Adam"], off[by_entropy, "descent"]
    return Evidence(
        np.concatenate([optimizer < 0.5 * ours, loss > 0.5 * ours]),
        "questions, two a start: does the optimizer help, and not the other difference",
        f"for Keras has another loss, too. Alone, the optimizer takes the largest error from {np.median(ours):.1g} to "
        f"{np.median(optimizer):.1g}, the loss to {np.median(loss):.1g}, both to {np.median(theirs):.1g} (medians).",
    )


# ── Digits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("our ordinary feed-forward network can do it too", needs="sklearn")
def digits() -> Evidence:
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    parts = [train_test_split(pixels / 16.0, one_hot(labels), rng=seed) for seed in SEEDS]
    X, X_new, Y, Y_new = (np.array([part[k].T for part in parts]) for k in range(4))
    net, rng = networks([64, 30, 10], "relu", "glorot"), np.random.default_rng(0)
    for _ in range(20):
        order = rng.permutation(X.shape[-1])
        for at in range(0, len(order), 10):
            chosen = order[at : at + 10]
            values = net.values(X[..., chosen])
            net.move(net.gradient(values, by_squares(values[-1], Y[..., chosen])), 0.05)
    right = (net.values(X_new)[-1].argmax(axis=1) == Y_new.argmax(axis=1)).mean(axis=1)
    return Evidence(
        right > 0.9,
        "splits of 8 × 8 digits",
        f"30 relus, 20 epochs, ten digits a step: {spread(right, '.1%')} of {X_new.shape[-1]} unseen ones are read "
        "right. (The 28 × 28 ones of MNIST take files: see --mnist.)",
    )
