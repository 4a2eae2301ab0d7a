"""Document 002: two classes in the plane, from logistic regression to three hidden layers.

The document leaves activations, costs and every backward pass to its reader. Here only the forward pass is written:
the engine finds each derivative the document asks for, and shows which of those that it states are wrong.
"""

from __future__ import annotations

import numpy as np
from claims.document_002 import CLAIMS
from claims.document_002.layers import solved
from claims.document_002.neurons import another_line
from report import Report, plt, run
from sources import SOURCES
from two_classes import (
    ALONG,
    COSTS,
    CURVES_OF_LINES,
    CURVES_OF_SINES,
    LINES,
    SINES,
    classes,
    first_of,
    logistic_regression,
    network,
    outcome,
    plot_spaces,
    train,
)
from working import working

import viz
from autograd import Value, dot, grad, gradients, grads, mean, relu, sigmoid, tanh
from nn import (
    binary_cross_entropy,
    half_squared_error,
    squared_error,
)

TITLE = "Document 002: a simple neural network"
SEED = 4242  # of the document's small network
DEEP_SEED = 42  # of its deep one


def main(report: Report) -> None:
    """The document from its data to its last hint."""
    full = not report.quick
    epochs = {n: n if full else 10 + n // 100 for n in (500, 2000, 10_000)}
    deep_seed = DEEP_SEED if report.seed == SEED else report.seed
    X, y = SINES
    report.credit(SOURCES["002"])

    # %% Activations and their derivatives: the document's formulas, and what the engine finds without them.
    formulas = {
        tanh: lambda a: 1.0 - np.tanh(a) ** 2,
        sigmoid: lambda a: 1.0 / (1.0 + np.exp(-a)) * (1.0 - 1.0 / (1.0 + np.exp(-a))),
        relu: lambda a: float(a > 0.0),
    }
    worst = max(abs(grad(f)(a) - slope(a)) for f, slope in formulas.items() for a in ALONG)
    report.say(
        "The document's derivatives of tanh, the logistic function and relu are right: at the 100 points of its plot "
        f"they differ from the engine's by {worst:.1g} at most.",
        holds=worst < 1e-15,
    )
    figure, panels = plt.subplots(1, 3, figsize=(10.4, 3.2), layout="constrained")
    for name, panel in zip(("sigmoid", "tanh", "relu"), panels, strict=True):
        viz.plot_activations(name, panel)
    report.figure(figure, "002_activations", "Activations and their derivatives")

    # %% The chain that the document suggests, ∂C/∂A · ∂A/∂Z · ∂Z/∂w, for one point.
    w, b = [Value(1.0, label="w₁"), Value(2.0, label="w₂")], Value(0.0, label="b")
    z = dot(w, list(X[1])) + b
    a = sigmoid(z)
    cost = binary_cross_entropy(a, y[1])
    z.label, a.label, cost.label = "Z", "A", "C"
    picture = viz.chain_rule(cost, wrt=w[0])
    report.say(f"The document's chain for its second point, y = 0, at w = (1, 2) and b = 0:\n\n{picture.formula}")
    report.picture(picture, "002_chain_rule", "The document's chain rule, with numbers")

    # %% Logistic regression, with either cost.
    rows = []
    figure, panels = plt.subplots(1, 2, figsize=(10.4, 4.2), layout="constrained")
    for name, examples, curves, panel in (
        ("lines", LINES, CURVES_OF_LINES, panels[0]),
        ("sines", SINES, CURVES_OF_SINES, panels[1]),
    ):
        for cost_name, cost in reversed(COSTS.items()):
            line = logistic_regression()
            train(line, examples, cost, epochs[500])
            parameters = [parameter.data for parameter in line.parameters()]
            rows.append([name, cost_name, *parameters, *outcome(line, examples, cost)])
        viz.plot_decision_boundary(line, *examples, panel, curves=curves).set_title(f"{name}: logistic regression")
    report.say(
        f"Logistic regression after {epochs[500]} epochs; one line does for the lines, and not for the sines:",
        holds=report.quick or rows[1][-1] == "0 of 25" != rows[3][-1],
    )
    report.table(["data", "cost", "w1", "w2", "b", "its value", "misclassified"], rows)
    report.say(f"y of the sines, and the class predicted:\n\n    {classes(y)}\n    {classes(line.predict(X))}")
    report.figure(figure, "002_logistic_regression", "Logistic regression on both sets of data, by cross-entropy")

    # %% A hidden layer of two tanh neurons.
    runs, rows = {}, []
    for cost_name, cost in reversed(COSTS.items()):
        small = network([2], ["tanh"], report.seed)
        runs[f"2-2-1, {cost_name}"] = train(small, SINES, cost, epochs[10_000])
        rows.append([cost_name, *outcome(small, SINES, cost), classes(small.predict(X))])
    report.say(f"Two hidden tanh neurons, seed {report.seed}, after {epochs[10_000]} epochs on the sines:")
    report.table(["cost", "its value", "misclassified", "class predicted"], rows)
    report.figure(plot_spaces(small), "002_two_hidden", "Two hidden neurons, by cross-entropy")

    # %% Two neurons are enough, though descent does not find it.
    enough = first_of(another_line())
    count = outcome(enough, SINES, binary_cross_entropy)[1]
    report.say(
        "That two hidden neurons are not enough is what descent finds, from every start that we tried. Yet the space "
        f"they make can be separable: below, one pair has another line for its output, and {count} are misclassified.",
        holds=count == "0 of 25",
    )
    report.figure(
        plot_spaces(enough), "002_two_are_enough", "Two hidden neurons of a trained network, and another line"
    )

    # %% Three hidden layers.
    deep = network([20, 20, 2], ["tanh"] * 3, deep_seed)
    runs["2-20-20-2-1, cross-entropy"] = train(deep, SINES, binary_cross_entropy, epochs[2000])
    loss, count = outcome(deep, SINES, binary_cross_entropy)
    report.say(
        f"Hidden layers of 20, 20 and 2 tanh neurons, seed {deep_seed}: after {epochs[2000]} epochs {count} are "
        f"misclassified, and the cross-entropy is {loss:.2g}.",
        holds=report.quick or report.seed != SEED or count == "0 of 25",
    )
    report.figure(plot_spaces(deep), "002_deep", "Three hidden layers, by cross-entropy")
    last = np.diff(runs["2-2-1, cross-entropy"])[-1000:]
    report.say(
        f"Of its last {len(last)} steps {(last > 0.0).sum()} raise the cost of the small network: 0.1 is as large a "
        "rate as its curvature bears. The last digits, and a point near the line, are decided by rounding."
    )
    report.figure(viz.plot_loss(runs, scale="semilogy"), "002_loss", "The cost, epoch by epoch, spikes and all")

    # %% Freestyle: any activations by layer, either cost; and the hint about relu.
    rows = []
    others = ["tanh"] * 3, ["relu"] * 3, ["relu", "relu", "tanh"], ["sigmoid"] * 3, ["sin", "tanh", "tanh"]
    for names in working(others, "activations tried"):
        row = [" ".join(names)]
        for cost in COSTS.values():
            model = network([20, 20, 2], names, deep_seed)
            train(model, SINES, cost, epochs[2000])
            row += outcome(model, SINES, cost)
        rows.append(row)
    report.say(f"Other activations of the hidden layers, from the same start, after {epochs[2000]} epochs:")
    report.table(["hidden layers", *(head for name in COSTS for head in (name, "misclassified"))], rows)
    dead = {}
    for hidden in ([2], [20, 20, 2]):
        models = [network(hidden, ["relu"] * len(hidden), seed) for seed in range(10)]
        for model in working(models, "networks of relus trained"):
            train(model, SINES, binary_cross_entropy, epochs[500])
        dead[len(hidden)] = [int((model.activations(X)[-2].max(axis=0) == 0.0).sum()) for model in models]
    report.say(
        f"The document warns of relu in a layer of two. Where that layer sees the points themselves, all around 0, "
        f"{np.count_nonzero(dead[1])} of 10 starts end with a dead neuron; behind two layers of relu, "
        f"{np.count_nonzero(dead[3])} do, {dead[3].count(2)} of them with both."
    )

    # %% What it claims.
    report.claims(CLAIMS)
    errata(report, deep_seed, epochs[2000])


def errata(report: Report, deep_seed: int, epochs: int) -> None:
    """Where the document errs, each with its evidence."""
    X, y = SINES
    p = logistic_regression().predict(X)

    # %% The derivative of the cross-entropy.
    def gradient(cost) -> np.ndarray:
        """Of the mean cost of logistic regression at the document's start, by w1, w2 and b."""
        model = logistic_regression()
        mean([cost(model(x), t) for x, t in zip(X, y, strict=True)]).backward()
        return grads(model.parameters())

    hint = (p - y) * p * (1.0 - p) @ np.column_stack([X, np.ones(len(y))]) / len(y)
    true, halved = gradient(binary_cross_entropy), gradient(half_squared_error)
    report.erratum(
        f'"Cross-entropy derivative ŷ − y" is that by Z (see the chain above); by ŷ it is (ŷ − y) / (ŷ (1 − ŷ)). '
        f"Chained with σ′, as suggested, its own gives {hint.round(3)} for w and b at the start instead of "
        f"{true.round(3)}, wrong by {np.linalg.norm(hint - true) / np.linalg.norm(true):.0%}. That is the gradient of "
        "half the squared error, to the last digit: who follows the hint prints one cost and descends another.",
        holds=bool(np.abs(hint - halved).max() < 1e-15),
    )
    rows = []
    rules = (
        ("mean of the cross-entropies", binary_cross_entropy, "mean", 0.0),
        ("the hint, averaged", half_squared_error, "mean", 0.0),
        ("the hint, summed", half_squared_error, "sum", 0.0),
        ("sum of the cross-entropies", binary_cross_entropy, "sum", 0.0),
        ("the same, biases begun at 1e-15", binary_cross_entropy, "sum", 1e-15),
        ("the same, biases begun at 1e-14", binary_cross_entropy, "sum", 1e-14),
    )
    for name, cost, reduce, bias in working(rules, "rules tried"):
        model = network([20, 20, 2], ["tanh"] * 3, deep_seed, bias)
        train(model, SINES, cost, epochs, reduce)
        rows.append([name, *outcome(model, SINES, binary_cross_entropy)])
    report.table(["three hidden layers, trained on", "mean cross-entropy", "misclassified"], rows)
    literal = solved()
    report.erratum(
        "its cost is a mean over the 25 points, and the derivative printed for it has no 1/m. Which of the two one "
        "takes matters. With the cross-entropy's own derivative the sum takes steps 25 times as long, more than the "
        "curvature bears at rate 0.1; where they lead is decided by rounding. With the printed derivative it is the "
        "sum that works, and keeps what the "
        f"document promises: no point wrong in {int(np.sum(literal.held))} of {len(literal.held)} starts.",
        holds=report.quick or rows[3][1] > rows[0][1],
    )

    # %% The squared error.
    model = logistic_regression()
    before, _ = outcome(model, SINES, squared_error)
    train(model, SINES, lambda p, t: -squared_error(p, t), 100)
    after, _ = outcome(model, SINES, squared_error)
    report.erratum(
        "its mean squared error has a minus in front, so that descent raises what it should lower: in 100 steps from "
        f"{before:.3f} to {after:.3f}.",
        holds=after > before,
    )
    guesses = [Value(guess) for guess in p]
    slopes = gradients(mean([squared_error(q, t) for q, t in zip(guesses, y, strict=True)]), guesses)
    report.erratum(
        f'"2 (ŷ − y)" is the derivative of that cost without its minus and without its 1/m: for the first point '
        f"{2 * (p[0] - y[0]):.4f}, where the engine has {slopes[0]:.4f}.",
        holds=np.allclose(2.0 * (p - y), len(y) * np.array(slopes), rtol=1e-12),
    )

    # %% Shapes and thresholds.
    hidden, output = network([2], ["tanh"], report.seed).layers
    report.erratum(
        'the results "of A1·w21 + b2 and A1·w22 + b2" are one: w2 has shape '
        f"{output.weight_matrix().T.shape}. And Z1 has a bias for each of its {len(hidden.bias_vector())} neurons, as "
        "in the document's code, not one b1 as in its formulas.",
        holds=output.outputs == 1 and len(hidden.bias_vector()) == 2,
    )
    q = np.array([0.2, 0.5, 0.9])
    q[q > 0.5] = 1.0
    q[q < 0.5] = 0.0
    report.say(f"Small print: its thresholds leave 0.5 itself; of 0.2, 0.5 and 0.9 they make {q}.", holds=q[1] == 0.5)
    try:
        message = str(len(np.zeros((1, 3))[1]))
    except IndexError as error:
        message = str(error)
    report.say(
        f'"len(w[1])" counts the columns of a second row. All of the document\'s own weights have one; of a w with '
        f"one row: {message}.",
        holds="out" in message,
    )
    shape = (y - p[:, np.newaxis]).shape
    report.say(
        f"And a trap for its reader: y has shape {y.shape} until a later cell; minus predictions of shape "
        f"({len(y)}, 1) that is one of {shape}."
    )


if __name__ == "__main__":
    run(main, TITLE, SEED)
