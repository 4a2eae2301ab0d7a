"""A tour: the whole idea in five minutes, each cell a question that the library answers.

Run it, or read it from top to bottom; every sentence it prints about numbers is checked against them.
"""

from __future__ import annotations

import time
from textwrap import indent

import numpy as np
from report import Report, run

import viz
from autograd import (
    GradientError,
    NonFiniteError,
    Value,
    check_gradient,
    compile,
    grad,
    hessian,
    log,
    mean,
    operation,
    tanh,
    value_and_grad,
)
from nn import MLP, Adam, datasets, fit

TITLE = "A tour of scalar-autograd"
SEED = 0


# %% Operations of your own, used below: a value, and one partial derivative for each operand.


@operation(lambda _m, y, a: -2.0 * a * y)
def bell(m, a):
    """``exp(-a²)``, with its derivative ``-2 a y``, where ``y`` is the result."""
    return m.exp(-a * a)


@operation(lambda _m, y, a: 2.0 * a * y)
def wrong_bell(m, a):
    """The same, a sign forgotten."""
    return m.exp(-a * a)


def main(report: Report) -> None:
    """From a number to a trained network."""
    # %% What is a Value? A float that remembers how it was made.
    x, y = Value(2.0, label="x"), Value(-3.0, label="y")
    a = x * y
    b = tanh(x)
    z = (a + b) ** 2
    a.label, b.label, z.label = "a", "b", "z"
    z.backward()
    report.say(
        "z = (x y + tanh x)², computed as usual. Every Value knows its operation and, after z.backward(), dz/d itself:"
    )
    report.table(
        ["Value", "is", "data", "grad"],
        [[v.label, v.op.name if v.op else "given", v.data, v.grad] for v in (x, y, a, b, z)],
    )
    h = 1e-6
    f = lambda x, y: (x * y + np.tanh(x)) ** 2
    slope = (f(2.0 + h, -3.0) - f(2.0 - h, -3.0)) / (2.0 * h)
    report.say(
        f"Moving x a little, by hand, gives {slope:.6f}; backward() has {x.grad:.6f}, exact but for rounding.",
        holds=abs(slope - x.grad) < 1e-6,
    )

    # %% Where does a derivative come from? The chain rule, with its numbers.
    picture = viz.chain_rule(z, wrt=x)
    formula = indent(picture.formula, "    ")
    report.say(f"x reaches z along two paths; on each the local derivatives multiply, and the two add up:\n\n{formula}")
    report.picture(picture, "tour_chain_rule", "The chain rule from z to x")
    report.picture(viz.graph(z), "tour_graph", "Every operation, its value and its derivative")
    page = viz.step(z).save(report.out / "tour_step.html")
    report.say(
        f"`{page.name}`, beside the pictures of a run of your own, walks through both passes one += at a time: press "
        "the right arrow. `gallery/step.html` does so with a network."
    )

    # %% And the derivative of a derivative? It is recorded like anything else, so any order will do.
    rosenbrock = lambda p: (1.0 - p[0]) ** 2 + 100.0 * (p[1] - p[0] ** 2) ** 2
    point, rows = np.array([-1.2, 1.0]), []
    for step in range(7):
        height, slopes = value_and_grad(rosenbrock)(point)
        rows.append([str(step), *point, height])
        point = point - np.linalg.solve(hessian(rosenbrock)(point), slopes)
    report.say(
        "With an exact gradient and Hessian, Newton's method is two lines. Down Rosenbrock's valley:",
        holds=height < 1e-15,
    )
    report.table(["step", "p0", "p1", "height"], rows)
    fourth, t = grad(grad(grad(grad(tanh))))(0.5), np.tanh(0.5)
    report.say(
        f"The fourth derivative of tanh at 0.5 is {fourth:.6f}: by hand, 16 t − 40 t³ + 24 t⁵ with t = tanh 0.5.",
        holds=abs(fourth - (16.0 * t - 40.0 * t**3 + 24.0 * t**5)) < 1e-13,
    )

    # %% Can I add an operation? Yes, and have it checked against differences whose error is bounded.
    check_gradient(bell, 0.7)
    try:
        check_gradient(wrong_bell, 0.7)
        raise AssertionError("a forgotten sign was not noticed")
    except GradientError as error:
        report.say(f"An operation is a value and a derivative. With a sign forgotten, check_gradient says: {error}.")
    report.say(f"With the sign it passes, and has a second derivative at once: {grad(grad(bell))(0.0):g} at 0.")

    # %% What if something goes wrong? The graph is still there, so the error can say where.
    p = Value(1.2, label="p")
    loss = -(p * log(p) + (1.0 - p) * log(1.0 - p))
    loss.label = "loss"
    try:
        loss.backward()
        raise AssertionError("a nan went unnoticed")
    except NonFiniteError as error:
        report.say(f"An entropy at p = 1.2 is nan, and backward() says where that began: {error}.")

    # %% Can it learn? A network is neurons, and a neuron is a dot product of Values.
    X, labels = datasets.moons(100, 0.1, rng=report.seed)
    model = MLP(2, [8, 8, 1], activation="tanh", output_activation="sigmoid", rng=report.seed)
    adam, epochs = Adam(0.03), 30 if report.quick else 300
    history = fit(model, X, labels, loss="binary_cross_entropy", optimizer=adam, epochs=epochs, metrics="accuracy")
    solved = history.metrics["accuracy"][-1] == 1.0
    report.say(f"Two moons, 100 points: {history!r}.", holds=report.quick or report.seed != SEED or solved)
    axes = viz.plot_decision_boundary(model, X, labels)
    report.figure(axes, "tour_moons", "Two moons, and what the network makes of the plane")
    report.picture(viz.network(model), "tour_network", "The network, its weights as colour and width")

    # %% Why is that fast? Written as scalars, run as matrices.
    def error(parameters, x, t):
        """Of one example, neuron by neuron: not a matrix in sight."""
        hidden = [tanh(sum(w * xi for w, xi in zip(row, x, strict=True)) + b) for *row, b in parameters["hidden"]]
        return (sum(w * h for w, h in zip(parameters["output"], hidden, strict=True)) - t) ** 2

    rng = np.random.default_rng(report.seed)
    parameters = {"hidden": rng.normal(size=(8, 3)), "output": rng.normal(size=8)}
    fast = compile(error, batched=("x", "t"))
    plain = value_and_grad(lambda parameters: mean([error(parameters, x, t) for x, t in zip(X, labels, strict=True)]))
    (loss, slopes), (fast_loss, fast_slopes) = plain(parameters), fast.value_and_grad(parameters, X, labels)
    apart = max(np.abs(slopes[name] - fast_slopes[name]).max() for name in parameters)
    report.say(
        "compile() records one example, finds the matrices in it, and differentiates those. Below, n is the number of "
        f"examples; fast.source is the NumPy program.\n\n{indent(fast.explain(), '    ')}",
    )
    report.say(
        f"Its gradient differs from the recorded graph's by {apart:.1g}. On this machine the 100 examples take "
        f"{1e3 * seconds(lambda: plain(parameters)):.3g} ms as a graph and "
        f"{1e3 * seconds(lambda: fast.value_and_grad(parameters, X, labels)):.3g} ms compiled.",
        holds=apart < 1e-13 and abs(loss - fast_loss) < 1e-13,
    )


def seconds(work) -> float:
    """The shortest of five runs."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


if __name__ == "__main__":
    run(main, TITLE, SEED)
