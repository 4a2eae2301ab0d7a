"""Document 000: networks of one neuron a layer, and where in them gradient descent changes anything.

The document derives backpropagation for a chain of sigmoid neurons and plots how training changes each layer. Here the
engine differentiates the cost of each case, and the document's conclusions are held against the true changes.
"""

from __future__ import annotations

import numpy as np
from claims.document_000 import CLAIMS
from one_neuron import (
    CASES,
    LAYERS,
    LEARNING_RATE,
    LOWEST,
    STARTS,
    TARGET,
    TESTS,
    by_formula,
    chain,
    descend,
    draw_descent,
    draw_percentages,
    mean_cost,
    percentages,
    random_chain,
)
from report import Report, plt, run
from sources import SOURCES
from things_to_try import things_to_try
from working import working

import viz
from nn import MLP, SGD, History, datasets, fit, half_squared_error
from viz.plots import by_layer

TITLE = "Document 000: one neuron a layer"
SEED = 0


def main(report: Report) -> None:
    """The document from its two layers to what it suggests to try."""
    report.credit(SOURCES["000"])
    rng = np.random.default_rng(report.seed)
    inputs, _ = datasets.random_inputs(CASES, TARGET, rng)
    tests, _ = datasets.random_inputs(TESTS, TARGET, rng)

    # %% The gradient, by the document's formulas and by the engine.
    worst = 0.0
    for layers in range(2, 11):
        model = random_chain(layers, rng)
        half_squared_error(model(inputs[0]), TARGET).backward()
        found = [parameter.grad for parameter in model.parameters()]
        worst = max(worst, np.abs(np.subtract(found, by_formula(model, inputs[0]))).max())
    report.say(
        f"The document's backpropagation is right: for 2 to 10 layers it differs from ours by {worst:.1g} at most.",
        holds=worst < 1e-15,
    )

    # %% Two layers: one weight and one bias, so that the cost is a landscape.
    neuron = chain(2, 2.0, 2.0)
    path = descend(neuron, inputs)
    rows, activations = [], {}
    for case in (0, 45, CASES):
        neuron.load_state_dict(dict(zip(neuron.state_dict(), path[case], strict=True)))
        activations[f"after {case} cases"] = [0.5, neuron.predict([0.5])]
        rows.append([str(case), *path[case], neuron.predict([0.5]).item(), mean_cost(neuron, inputs)])
    report.say(f"Two layers, weight and bias begun at 2, target {TARGET}, rate {LEARNING_RATE}, a step a case:")
    report.table(["cases", "weight", "bias", "prediction for 0.5", "mean cost"], rows)
    predicted = neuron.predict(tests)
    report.say(f"The first 5 of {TESTS} test cases, whose mean cost is {mean_cost(neuron, tests):.2g}:")
    columns = [tests, predicted, np.full(TESTS, TARGET), TARGET - predicted, 0.5 * (TARGET - predicted) ** 2]
    report.table(["input", "predicted", "target", "difference", "cost"], np.transpose(columns)[:5].tolist())
    figure, panels = plt.subplots(1, 3, figsize=(10.4, 3.6), layout="constrained")
    viz.plot_layer_activations(activations, panels[0], target=TARGET).set_title("activations for the input 0.5")
    viz.plot_cost_surface(inputs, panels[1], target=TARGET, path=path[:46]).set_title("descent in progress")
    viz.plot_cost_surface(inputs, panels[2], target=TARGET, path=path).set_title("near the minimum (×)")
    panels[2].plot(LOWEST, 0.0, "kx")
    report.figure(figure, "000_two_layers", "Two layers: activations, and the descent over the cost")

    # %% The document's animation: the same descent, drawn after every fourth case.
    costs = [float(np.mean(0.5 * (TARGET - 1.0 / (1.0 + np.exp(-(w * inputs + b)))) ** 2)) for w, b in path[1:]]
    history, actor = History(loss=costs, parameters=list(path)), chain(2, 2.0, 2.0)
    frames = 5 if report.quick else 26
    drawn = working(range(frames), "frames drawn")

    def draw(ax, model: MLP) -> None:
        next(drawn, None)
        draw_descent(ax, model, inputs)

    film = viz.animate_training(history, actor, draw, frames=frames)
    drawn.close()
    report.film(film, "000_descent", "The descent over the cost, case by case, and the mean cost of all inputs")

    # %% Five layers: what training changes, layer by layer, from four starts, in per cent as drawn there and in full.
    moved, rows = {}, []
    figure, panels = plt.subplots(4, 2, figsize=(10.4, 11), layout="constrained")
    for (name, (bias, weight)), (above, panel) in zip(STARTS.items(), panels, strict=True):
        model = chain(LAYERS, bias, weight)
        path = descend(model, inputs)
        before, after = by_layer(model, path[0]), by_layer(model, path[-1])
        viz.plot_layer_changes(before, after, panel)
        for kind in before:
            old, new = np.concatenate(before[kind]), np.concatenate(after[kind])
            moved[name, kind] = new - old
            shown = percentages(new, old)
            rows.append([name, kind, *(f"{d:.2g}" for d in new - old), str(shown.round(1).tolist())])
            draw_percentages(above, shown, kind)
        above.set_title(f"{name}: as the document draws it")
        panel.set_title("how far they moved")
    report.say(f"Change of each layer in {CASES} cases, and the percentages that the document plots:")
    report.table(["start", "of", *(f"layer {k}" for k in range(1, LAYERS)), "the document's percentages"], rows)
    report.figure(
        figure,
        "000_layer_changes",
        "Five layers, from four starts: the document's percentages, and how far weights and biases moved",
    )

    # %% Why the first layers hardly move: on the way back each layer multiplies by w σ′(z), which is at most w / 4.
    model = chain(LAYERS, 2.0, 2.0)
    cost = half_squared_error(model(0.5), TARGET)
    cost.label = "C"
    picture = viz.chain_rule(cost, wrt=model.parameters()[0])
    report.say(f"The derivative by the first weight is a product:\n\n{picture.formula}")
    report.picture(picture, "000_chain_rule", "The chain rule down to the first weight")
    networks = {f"{layers} layers": chain(layers, 2.0, 2.0) for layers in (2, 3, 5, 7, 10)}
    networks["10 layers, biases −4, weights 8"] = chain(10, -4.0, 8.0)
    for model in networks.values():
        half_squared_error(model(0.5), TARGET).backward()
    report.figure(viz.plot_gradient_sizes(networks), "000_gradient_sizes", "Vanishing gradients, and growing ones")

    # %% Any number of layers, three kinds of inputs, and a random start.
    kinds = {
        "random": inputs,
        "sequential": rng.permutation(datasets.sequential_inputs(CASES)[0]),
        "constant 1": datasets.constant_inputs(CASES)[0],
        "random, normal start": inputs,
    }
    rows = []
    for layers in (2, 3, 5, 10):
        models = [random_chain(layers, rng) if "normal" in kind else chain(layers, 2.0, 2.0) for kind in kinds]
        for model, cases in zip(models, kinds.values(), strict=True):
            descend(model, cases)
        rows.append([str(layers), *(mean_cost(model, tests) for model in models)])
    report.say("Mean cost of the test cases after training on three kinds of inputs, begun at 2, and at random:")
    report.table(["layers", *kinds], rows)
    # %% What it suggests to try.
    things_to_try(report, inputs, tests)

    # %% What it claims.
    report.claims(CLAIMS)
    errata(report, inputs, moved)


def errata(report: Report, inputs: np.ndarray, moved: dict[tuple[str, str], np.ndarray]) -> None:
    """Where the document errs, each with its evidence."""
    # %% What it draws as the cost.
    figure, panels = plt.subplots(1, 2, figsize=(10.4, 4.8), layout="constrained")
    for quantity, panel in zip(("activation", "cost"), panels, strict=True):
        viz.plot_cost_surface([1.0], panel, target=TARGET, quantity=quantity)
    report.figure(figure, "000_not_the_cost", "What the document draws as the cost, and the cost of the same input")
    neuron = chain(2, 2.0, 2.0)
    fit(neuron, inputs, np.full(CASES, TARGET), loss=half_squared_error, optimizer=SGD(50.0), epochs=500)
    w, b = neuron.state_dict().values()
    report.erratum(
        'the "cost function-surface" it plots is σ(w + b), the activation at the input 1, which rises everywhere and '
        "has no minimum. The cost of one input has a whole line of them; that of all cases has one, at weight 0 and "
        f"bias ln(0.15 / 0.85) = {LOWEST:.4f}, and descent to the end comes within {max(abs(w), abs(b - LOWEST)):.0e}.",
        holds=abs(w) < 1e-6 and abs(b - LOWEST) < 1e-6,
    )
    cost = lambda w, b: 0.5 * (TARGET - 1.0 / (1.0 + np.exp(-(0.5 * w + b)))) ** 2
    along = np.arange(-5.0, 5.0, 0.5)
    shaded = cost(*np.meshgrid(along, along))[2, 18]  # row for w = −4, column for b = 4, as the plot is labelled
    report.erratum(
        "under its contour lines, which are right, it shades the transposed surface. w + b hides that; the cost of the "
        f"input 0.5 would be shaded as {shaded:.4f} at w = −4, b = 4, where it is {cost(-4.0, 4.0):.4f}.",
        holds=shaded == cost(4.0, -4.0) != cost(-4.0, 4.0),
    )

    # %% What it concludes from its percentages.
    wrong = percentages(np.array([1.0, 2.0, 3.0]), np.ones(3))
    tiny = percentages(np.array([1.0]), np.array([1e-300]))
    report.erratum(
        "its guard compares a truth value with 1e-10. One number that did not change, or began at 0, sets every "
        f"percentage to 0: from 1, 1, 1 to 1, 2, 3 it gives {wrong}; and a start at 1e-300 passes, giving {tiny}.",
        holds=not wrong.any() and tiny[0] > 1e300,
    )
    weights, biases = (np.abs(moved["biases 0, weights 2", kind]) for kind in ("weights", "biases"))
    zero = [abs(moved["biases 0, weights 0", kind][-1]) for kind in ("weights", "biases")]
    hidden = abs(moved["biases 2, weights 0", "weights"][-1])
    report.erratum(
        '"almost all learning is via changes to weights", said of biases 0 and weights 2, is that guard at work: the '
        f"last bias moves by {biases[-1]:.2f}, the last weight by {weights[-1]:.2f}, and every bias moves more. So is "
        f'"too small to be visually registered", said of the start at zero: {zero[1]:.2f} and {zero[0]:.2f}. From '
        f"biases 2 and weights 0 the last weight's {hidden:.2f} is drawn as 0 too.",
        holds=bool((biases > weights).all()) and min(*zero, hidden) > 0.5,
    )
    model = chain(LAYERS, -4.0, 8.0)
    half_squared_error(model(0.5), TARGET).backward()
    slopes = np.array([parameter.grad for parameter in model.parameters()])[1::2]
    path = descend(model, inputs)
    report.say(
        'That "most of the learning occurs only near the output layer" is what we find, too, from ordinary starts: see '
        "the table. It is descent and the start together that make it so, though. With biases −4 and weights 8, "
        f"w σ′(z) is 2 at the input 0.5: the derivatives by the biases double on the way back, {slopes.round(4)}, and "
        f"the {CASES} cases move the biases by {(path[-1] - path[0])[1::2].round(2)}.",
        holds=np.allclose(slopes[:-1], 2.0 * slopes[1:], rtol=1e-12),
    )

    # %% Smaller things.
    row = np.ones((1, 3))
    np.transpose(row)
    report.erratum(
        "its Transpose throws the transposed array away; what it gives back has its old shape, "
        f"{row.shape}. With one neuron a layer that does no harm, and it is not needed."
    )
    report.erratum(
        f'a comment has the target always at 1.0, the code at {TARGET}; and its "cost function", linear instead '
        "of Sigmoid, is an activation; above, each is tried."
    )


if __name__ == "__main__":
    run(main, TITLE, SEED)
