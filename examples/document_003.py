"""Document 003: networks with hidden layers, from four neurons to handwritten digits.

The document derives one boxed formula for the gradient of every layer and solves four problems with it: its first one,
exclusive or, the digits of a seven-segment display, and handwritten digits. Here the formula comes out of the engine,
as products of matrices that nobody wrote, and what the document's code computes is put beside it.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from boxed import in_pytorch, network, network_of, printed_fit, train, updates
from claims.document_003 import CLAIMS
from claims.document_003.training import descend, mean_squares, networks
from handwritten import handwritten
from report import Report, plt, run
from sources import SOURCES
from working import working

import autograd
import nn
import viz
from nn import MLP, SGD, Adam, datasets
from viz.plots.style import COLOURS, TINTS, on_axes

TITLE = "Document 003: a multi-layer network"
SEED = 1

# %% The document's opening: two products of matrices, without activations.


def opening(report: Report) -> None:
    """The sample calculation at random weights."""
    X, _ = datasets.first_problem()
    model = MLP(3, [4, 1], activation="linear", bias=False, init="uniform", rng=report.seed)
    w0, w1 = (layer.weight_matrix().T for layer in model.layers)
    report.say("Feed-forward at random weights, with linear activation: the rows of X, of X·w⁰, and of X·w⁰·w¹.")
    rows = [
        [str(x.astype(int)), str(h.round(3)), f"{y.item():.4f}"] for x, h, y in zip(X, X @ w0, X @ w0 @ w1, strict=True)
    ]
    report.table(["X", "hidden layer", "output"], rows)
    apart = np.abs(model.predict(X).ravel() - (X @ w0 @ w1).ravel()).max()
    report.say(f"The model predicts the same outputs within {apart:.1g}.", holds=apart < 1e-14)


# %% The first problem: no hidden layer, four hidden neurons, fifty, and fifty relus.


def first_problem(report: Report, steps: int) -> None:
    """The document's code, the network that it trains, and the one that it means."""
    X, y = datasets.first_problem()
    Y, runs, rows = y[:, None], {}, []
    for count, hidden in ((0, "sigmoid"), (4, "sigmoid"), (50, "sigmoid"), (50, "relu")):
        if hidden == "sigmoid":  # the relus get what the run before has left
            layers = [X, *[np.zeros((4, count))] * bool(count), Y]
        start, printed, _ = printed_fit(layers, Y, [hidden, "sigmoid"][1 - bool(count) :], 0.1, steps)
        exact = train(network_of(start, hidden), layers[0], y, SGD(0.1), steps)
        model = network(3, [*[count] * bool(count), 1], hidden, report.seed)
        runs[f"{count} {hidden}"] = losses = train(model, X, y, SGD(0.1), steps)
        rows.append([f"{count} {hidden}", printed[-1], exact[-1], f"{printed[-1] / exact[-1] - 1:+.2%}", losses[-1]])
        if count == 4:
            report.picture(viz.network(model), "003_network", "Four hidden neurons, trained on the first problem")
    report.say(
        f"The first problem: mean square after {steps:,} steps of rate 0.1, of the document's code with its seed, of "
        "the same network with the engine's gradient, and of the network it means, with a bias in every neuron."
    )
    report.table(["hidden", "document's code", "same network", "code differs by", "with biases"], rows)
    report.figure(viz.plot_loss(runs, scale="semilogy"), "003_first_problem", "Mean square on the first problem")
    _, fresh, _ = printed_fit([X, np.zeros((4, 50)), Y], Y, ["relu", "sigmoid"], 0.1, steps)
    report.erratum(
        "`fit` changes the list that it is given, so relu and sigmoid are compared in different networks: the relus, "
        f"second, get X with {layers[0].shape[1] - 3} columns of ones and are {layers[1].shape[1]}. Their loss is "
        f"{printed[-1]:.3g}; with a fresh list it is {fresh[-1]:.3g}.",
        holds=layers[0].shape == (4, 5) and layers[1].shape == (4, 52) and fresh[-1] != printed[-1],
    )
    off = {alpha: printed_fit([X, np.zeros((4, 4)), Y], Y, ["sigmoid"] * 2, alpha, 20)[2] for alpha in (1.0, 0.1)}
    report.erratum(
        "the code sends delta back through weights that it has already changed; the boxed formula has the old ones. "
        f"In the first 20 steps with 4 sigmoids the first layer's gradient is off by {np.median(off[1.0]):.1%} "
        f"(median; at most {max(off[1.0]):.0%}) at the default rate of 1, by {np.median(off[0.1]):.1%} at 0.1.",
        holds=np.median(off[1.0]) > np.median(off[0.1]) > 0.01,
    )
    once, twice = ([X, np.zeros((4, 4)), Y] for _ in range(2))
    printed_fit(once, Y, ["sigmoid"] * 2, 1.0, 1)
    printed_fit(twice, Y, ["sigmoid"] * 2, 1.0, 2)
    report.erratum(
        f"the first forward pass writes {once[1][:, 0].round(2).tolist()} over the ones of the hidden layer: they "
        "become one more neuron, and the output has no bias. The prediction returned is older than the weights, after "
        f"one step of rate 1 by {np.abs(twice[-1] - once[-1]).max():.3f}. And x·(x > 0), its relu, is "
        f"{-np.inf * False} at −∞.",
        holds=bool((once[1][:, 0] < 0.9).all() and (twice[-1] != once[-1]).any()),
    )


# %% The boxed formula, beside what the compiler makes of the scalar code of one example.


def boxed_formula(report: Report) -> None:
    """Three products of matrices."""
    X, y = datasets.xor()
    layers, Y, names = [X, np.zeros((4, 20)), y[:, None]], y[:, None], ["relu", "sigmoid"]
    start, _, _ = printed_fit(layers, Y, names, 0.5, 1)
    boxed = np.concatenate([g.T.ravel() for g in updates(layers, start, Y, names, late=0.0)])
    cost = autograd.compile(lambda m, x, y: nn.half_squared_error(m(x), y), batched=("x", "y"), reduce="sum")
    mean = autograd.compile(lambda m, x, y: nn.mean_squared_error(m(x), y), batched=("x", "y"))
    gradient, of_mean = (f.value_and_grad(network_of(start, "relu"), layers[0], y)[1] for f in (cost, mean))
    apart, ratio = np.abs(gradient - boxed).max(), gradient @ of_mean / (of_mean @ of_mean)
    derived = {
        "g_W2": "∂L/∂w⁽¹⁾ = L⁽¹⁾ᵀ · (δ⁽²⁾ f⁽¹⁾′)",
        "g_v2": "δ⁽¹⁾ = (δ⁽²⁾ f⁽¹⁾′) · w⁽¹⁾ᵀ",
        "g_W1": "∂L/∂w⁽⁰⁾ = L⁽⁰⁾ᵀ · (δ⁽¹⁾ f⁽⁰⁾′)",
    }
    lines = [line.strip() for line in cost.explain().partition("backward")[2].splitlines() if "@" in line]
    found = {line.partition("[")[0]: line for line in lines}
    report.say(
        "The boxed formula as derived, a row an example, and as the compiler finds it in the arithmetic of one "
        f"example, a column each. For exclusive or with 20 relus the gradients differ by {apart:.0e} at most.",
        holds=apart < 1e-14 and found.keys() == derived.keys(),
    )
    report.table(["derived", "found"], [[formula, found[name]] for name, formula in derived.items()])
    report.say(
        "The mean square is, as the document says, for monitoring alone: the boxed gradient is that of half the sum of "
        f"all squares, {ratio:.6g} times that of their mean (N·P/2), so that a rate means something else for each.",
        holds=bool(np.allclose(gradient, 2.0 * of_mean)),
    )
    report.erratum(
        f"L⁽ˡ⁺¹⁾ = f(L⁽ˡ⁾ᵀ · w⁽ˡ⁾) has a transpose too many: shapes {X.T.shape} and {start[0][1:, 1:].shape} do not "
        "multiply. Its own dimensions, N×M and M×Q, and its code have none.",
        holds=X.T.shape[1] != start[0][1:].shape[0],
    )


# %% Exclusive or: as in the document's code, and with cross-entropy and Adam, as it does in Keras and PyTorch.


def exclusive_or(report: Report, steps: int) -> None:
    """Twenty relus."""
    X, y = datasets.xor()
    layers = [X, np.zeros((4, 20)), y[:, None]]
    _, printed, _ = printed_fit(layers, y[:, None], ["relu", "sigmoid"], 0.5, 2 * steps)
    model = network(2, [20, 1], "relu", report.seed)
    runs = {"document's code": printed, "with biases": train(model, X, y, SGD(0.5), 2 * steps)}
    columns, error = [y, layers[-1][:, 0], model.predict(X)], {}
    theirs = in_pytorch(network(2, [20, 1], "relu", report.seed), X, y, steps)
    for loss, (rule, alpha) in product(("half_squared_error", "binary_cross_entropy"), ((SGD, 0.5), (Adam, 0.1))):
        model = network(2, [20, 1], "relu", report.seed)
        ours = train(model, X, y, rule(alpha), steps, loss=loss)
        error[loss[:4] + rule.__name__] = np.abs(model.predict(X) - y).max()
    report.say(
        f"Exclusive or with 20 relus, {2 * steps:,} steps of rate 0.5; and with cross-entropy and {steps:,} steps of "
        "Adam(0.1), as in Keras and PyTorch, for which the document prints 0.00, 1.00, 1.00, 0.00."
    )
    columns.append([f"{p:.2f}" for p in model.predict(X)])
    singly = MLP(2, [20, 1], activation="relu", output_activation="sigmoid", init="xavier", rng=report.seed)
    train(singly, X, y, Adam(0.1), steps, loss="binary_cross_entropy", batch_size=1)
    columns.append([f"{p:.2f}" for p in singly.predict(X)])
    head = ["target", "document's code", "with biases", "as in PyTorch", "as in Keras, batch_size=1"]
    report.table(head, [*zip(*columns, strict=True)])
    report.figure(viz.plot_loss(runs, scale="loglog"), "003_xor", "Mean square on exclusive or")
    apart = 0.0 if theirs is None else np.abs(theirs - ours).max()
    checked = f"trains that last network from the same start with the same losses, within {apart:.1e}"
    report.say(f"PyTorch {'is not installed' if theirs is None else checked}.", holds=apart < 1e-9)
    report.say(
        "Keras comes nearer by its optimizer, as the document says, and as much by another loss. From one start, the "
        f"largest error after {steps:,} steps is {error['halfSGD']:.1g} by squares and {error['binaSGD']:.1g} by "
        f"cross-entropy, both with SGD(0.5); with Adam(0.1) it is {error['halfAdam']:.1g} and {error['binaAdam']:.1g}.",
        holds=error["binaSGD"] < 0.5 * error["halfSGD"] and error["binaAdam"] < 0.5 * error["halfAdam"],
    )
    affine = (ones := np.insert(X, 0, 1.0, axis=1)) @ np.linalg.lstsq(ones, y, rcond=None)[0]
    exact = [autograd.relu(a + b) - 2.0 * autograd.relu(a + b - 1.0) for a, b in X.tolist()]
    report.erratum(
        'there is no "exact solution using only 2 hidden neurons and linear activations": linear layers in a row are '
        f"affine, and the best affine fit predicts {affine.round(12).tolist()}. Two relus do: relu(x₁ + x₂) − "
        f"2 relu(x₁ + x₂ − 1) gives {exact}.",
        holds=bool(np.allclose(affine, 0.5)) and exact == y.tolist(),
    )


# %% A seven-segment display.


def seven_segments(report: Report, steps: int) -> None:
    """Hidden layers of 20 and of 100, then two of 10, with every activation."""
    X, Y = datasets.seven_segments()
    report.figure(viz.plot_digits(X, labels=range(10)), "003_segments", "The digits of a seven-segment display")
    names = ("sigmoid", "relu", "tanh")
    single = [([7, count, 10], [name], rate) for count, rate in ((20, 0.5), (100, 0.5), (100, 0.1)) for name in names]
    double = [([7, 10, 10, 10], pair, rate) for pair in product(names, repeat=2) for rate in (0.1, 0.5)]
    inputs, targets = X.T[None], Y.T[None]
    nets = [
        descend(networks(sizes, hidden), inputs, targets, rate, steps)
        for sizes, hidden, rate in working([*single, *double], "networks trained")
    ]
    losses = [mean_squares(net, inputs, targets) for net in nets]
    guesses = [net.values(inputs)[-1] for net in nets]
    wrong = [(p.argmax(axis=1) != np.arange(10)).sum(axis=1) for p in guesses]
    stuck = [(p.max(axis=2) < 0.02).sum(axis=1) for p in guesses]
    rows = [
        [
            f"{' then '.join(hidden)}, {' and '.join(map(str, sizes[1:-1]))}", f"{rate:g}", np.median(loss),
            np.min(loss), f"{np.median(off):g}", f"{np.median(still):g}",
        ]
        for (sizes, hidden, rate), loss, off, still in zip([*single, *double], losses, wrong, stuck, strict=True)
    ]  # fmt: skip
    report.say(
        f"Seven segments, exercises A and B: {len(losses[0])} starts of each network, {steps:,} steps. Mean square, "
        "median and least; of 10 digits those misread, and of 10 outputs those near 0 for every digit, both medians."
    )
    report.table(["hidden", "rate", "mean square", "least", "misread", "stuck outputs"], rows)
    figure, ax = plt.subplots(figsize=(8.8, 6.8), layout="constrained")
    with on_axes(ax):
        line = {"color": COLOURS[0], "linewidth": 1.4}
        ax.boxplot(
            losses, orientation="horizontal", whis=(0, 100), tick_labels=[f"{row[0]}, rate {row[1]}" for row in rows],
            widths=0.6, patch_artist=True, boxprops={"facecolor": TINTS[0], "edgecolor": COLOURS[0]},
            medianprops={"color": COLOURS[1], "linewidth": 2.6}, whiskerprops=line, capprops=line,
        )  # fmt: skip
        ax.set(xscale="log", xlabel="mean square: least, middle half with the median, and greatest of the starts")
        ax.tick_params(axis="y", length=0)
        ax.invert_yaxis()
    report.figure(figure, "003_segments_loss", "Seven segments: what becomes of every start")
    few, many = np.median(losses[:3], axis=1), np.median(losses[3:6], axis=1)
    report.say(
        "At the suggested rate of 0.5 a hundred neurons are worse than twenty: steps push sums of some outputs so far "
        "down that their sigmoid is flat. Each of these costs 0.01 until it comes free. Where outputs stick, the last "
        "digits, and some counts, may come out differently with another NumPy.",
        holds=report.quick or bool((few < many).all()),
    )
    middles = [float(np.median(loss)) for loss in losses[len(single) :]]
    best, lucky = int(np.argmin(middles)), int(np.argmin([loss.min() for loss in losses[len(single) :]]))
    told = [f"{' then '.join(double[i][1])} at rate {double[i][2]:g}" for i in (best, lucky)]
    report.say(
        f"Exercise B, two hidden layers of 10: {told[0]} has the lowest median, {middles[best]:.2g}. The lowest loss "
        f"of all starts is one of {told[1]}, {losses[len(single) + lucky].min():.2g}, whose median is "
        f"{middles[lucky]:.2g}: one start says little. What the first start of the former predicts for each digit:"
    )
    predicted = guesses[len(single) + best][0].T
    report.table(
        ["digit", *map(str, range(10))], [[str(d), *(f"{p:.2f}" for p in row)] for d, row in enumerate(predicted)]
    )


def main(report: Report) -> None:
    """The document from its first problem to handwritten digits."""
    report.credit(SOURCES["003"])
    opening(report)
    first_problem(report, 300 if report.quick else 5000)
    boxed_formula(report)
    exclusive_or(report, 300 if report.quick else 5000)
    seven_segments(report, 100 if report.quick else 5000)
    handwritten(report, report.mnist, 5 if report.quick else 40)
    report.claims(CLAIMS)


if __name__ == "__main__":
    run(main, TITLE, SEED)
