"""The claims of document 000, each over twenty draws of inputs or starts, or more."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from claims import Claims, Evidence, spread
from ensemble import Array, Ensemble, Layers
from working import working

import autograd
from nn import MLP, SGD, constant, fit, half_squared_error, normal

CLAIMS = Claims()
TARGET, CASES, DRAWS = 0.15, 100, 30
LOWEST = np.log(TARGET / (1.0 - TARGET))  # the weighted sum whose sigmoid is the target
VISIBLE = 1.0  # per cent of its axis from -320 to 320, below which a change cannot be seen


def chains(weights: Array, biases: Array) -> Ensemble:
    """One neuron a layer; weights and biases have a row a start and a column a layer."""
    layers: Layers = [
        (w[:, None, None].copy(), b[:, None, None].copy()) for w, b in zip(weights.T, biases.T, strict=True)
    ]
    return Ensemble(layers, ["sigmoid"] * len(layers))


def train(net: Ensemble, inputs: Array) -> list[Array]:
    """The document's descent, a step a case at rate 1, in place; all parameters, at first and after every step."""
    path = [parameters(net)]
    for case in inputs.T:
        values = net.values(case[:, None, None])
        a = values[-1]
        net.move(net.gradient(values, (a - TARGET) * a * (1.0 - a)), 1.0)
        path.append(parameters(net))
    return path


def parameters(net: Ensemble) -> Array:
    """Shape (starts, layers, 2): weight and bias."""
    return np.stack([np.stack([W[:, 0, 0], b[:, 0, 0]], axis=1) for W, b in net.layers], axis=1)


def uniform_inputs(draws: int = DRAWS) -> Array:
    """Inputs in [0, 1), a row a draw."""
    return np.array([np.random.default_rng(seed).random(CASES) for seed in range(draws)])


@cache
def moved(bias: float, weight: float, layers: int = 5) -> Array:
    """Changes (draws, layers, 2) in training from one constant start."""
    count = layers - 1
    path = train(chains(np.full((DRAWS, count), weight), np.full((DRAWS, count), bias)), uniform_inputs())
    return path[-1] - path[0]


@cache
def moved_at_random(layers: int = 5, bias: float = 0.0, weight: float = 0.0) -> Array:
    """Changes from starts drawn from the standard normal distribution about a weight and a bias."""
    rng = np.random.default_rng(layers)
    start = rng.standard_normal((2, DRAWS, layers - 1))
    path = train(chains(weight + start[0], bias + start[1]), uniform_inputs())
    return path[-1] - path[0]


def shares(change: Array) -> Array:
    """Of each layer in the sum of all changes."""
    size = np.abs(change).sum(axis=2)
    return size / size.sum(axis=1, keepdims=True)


def percent(number: Array) -> str:
    """As :func:`spread`."""
    return spread(number, ".1%")


# ── The network and its formulas ─────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("“learning” only means: changes that get effected to the weights and biases of a network")
def learning() -> Evidence:
    held = []
    for seed in range(20):
        model = MLP(1, [1, 1], activation="sigmoid", rng=seed)
        start, before = model.state_dict(), model.predict([0.3]).item()
        fit(model, uniform_inputs(1)[0], np.full(CASES, TARGET), optimizer=SGD(1.0), epochs=3, progress=False)
        after = model.predict([0.3]).item()
        model.load_state_dict(start)
        held.append(after != before == model.predict([0.3]).item())
    return Evidence(
        held, "networks", "with its first weights and biases put back, a trained network predicts as at first."
    )


@CLAIMS("the total error at the output layer is a function of just one weight and one bias")
def two_numbers() -> Evidence:
    held = [len(MLP(1, [1], activation="sigmoid", rng=seed).parameters()) == 2 for seed in range(20)]
    return Evidence(held, "networks without hidden layer", "2 parameters, so that the error is a surface.")


@CLAIMS("the weights matrix for all layers now becomes just a … vector")
def a_vector() -> Evidence:
    held = [len(MLP(1, [1] * n, rng=0).parameters()) == 2 * n for n in range(1, 21)]
    return Evidence(held, "depths", "one weight and one bias a layer.")


@CLAIMS("dADer = dA * ( 1.0 - dA )")
def slope() -> Evidence:
    z = np.random.default_rng(0).normal(0.0, 4.0, 100).tolist()
    apart = [abs(autograd.grad(autograd.sigmoid)(x) - (a := autograd.sigmoid(x)) * (1.0 - a)) for x in z]
    return Evidence(np.array(apart) < 1e-15, "arguments", f"it is the engine's derivative within {max(apart):.1g}.")


@CLAIMS("partial C_x / \\partial dA = - ( dT - dA ) = ( dA - dT )")
def cost_slope() -> Evidence:
    pairs = np.random.default_rng(1).random((100, 2)).tolist()
    apart = [abs(autograd.grad(lambda a, t=t: half_squared_error(a, t))(a) - (a - t)) for a, t in pairs]
    return Evidence(np.array(apart) < 1e-15, "pairs", f"it is the engine's derivative within {max(apart):.1g}.")


@CLAIMS("dDelta = CostDerivative( dAOP, dTarget ) * dZDash")
def backpropagation() -> Evidence:
    apart = []
    for seed in range(27):
        layers = 2 + seed % 9
        model = MLP(1, [1] * (layers - 1), activation="sigmoid", output_activation="sigmoid", init=normal(1.0),
                    bias_init=normal(1.0), rng=seed)  # fmt: skip
        half_squared_error(model(0.4), TARGET).backward()
        ours = np.array([p.grad for p in model.parameters()]).reshape(-1, 2)
        numbers = np.array([p.data for p in model.parameters()]).reshape(-1, 2)
        net = chains(numbers[None, :, 0], numbers[None, :, 1])
        values = net.values(np.full((1, 1, 1), 0.4))
        a = values[-1]
        theirs = [[W.item(), b.item()] for W, b in net.gradient(values, (a - TARGET) * a * (1.0 - a))]
        apart.append(np.abs(ours - theirs).max())
    return Evidence(
        np.array(apart) < 1e-15, "networks of 2 to 10 layers", f"the gradient is the engine's within {max(apart):.1g}."
    )


@CLAIMS("Since the last hidden layer has only one neuron, no need to take transpose.")
def transpose() -> Evidence:
    numbers = np.random.default_rng(2).random(20)
    return Evidence([np.transpose(x) == x for x in numbers], "numbers", "its Transpose changes nothing, and need not.")


@CLAIMS("Must be at least 2. Tested up to 10 layers.")
def depths() -> Evidence:
    finite = [np.isfinite(moved_at_random(layers)[i]).all() for layers in range(2, 11) for i in range(3)]
    return Evidence(finite, "trainings of 2 to 10 layers", "all end with finite numbers.")


# ── The landscape of two layers ──────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("the cost function-surface can (at all) be directly visualized or plotted")
def surface() -> Evidence:
    held, rng = [], np.random.default_rng(5)
    for w, b in rng.uniform(-5.0, 5.0, (20, 2)).tolist():
        height = 0.5 * (TARGET - _sigmoid(w * 0.5 + b)) ** 2
        model = MLP(1, [1], activation="sigmoid", output_activation="sigmoid", init=constant(w), bias_init=constant(b))
        held.append(np.isclose(half_squared_error(model(0.5), TARGET).data, height, rtol=1e-12))
    return Evidence(
        held, "points of the plane", "the formula that is plotted here has the height that the engine finds."
    )


@CLAIMS("For ease of coding, I plotted this function as a contour plot")
def plotted() -> Evidence:
    along = np.arange(-5.0, 5.0, 0.5)
    W, B = np.meshgrid(along, along)
    drawn, held, lowest = _sigmoid(W + B), [], []
    for t in np.linspace(0.05, 0.95, 20):
        cost = 0.5 * (t - drawn) ** 2
        held.append(np.argmin(drawn) == np.argmin(cost))
        lowest.append((W + B).flat[np.argmin(cost)])
    return Evidence(
        held,
        "targets from 0.05 to 0.95",
        "what ContourSurface draws is the activation σ(w + b) at the input 1, lowest in a corner of the plane; the "
        f"cost is lowest where w + b is ln(t / (1 − t)), here {min(lowest):.1f} to {max(lowest):.1f}.",
    )


def _sigmoid(z: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-z))


@CLAIMS("taken the configuration very close to the local (and global) minimum")
def near_minimum() -> Evidence:
    path = train(chains(np.full((DRAWS, 1), 2.0), np.full((DRAWS, 1), 2.0)), uniform_inputs())
    x = np.linspace(0.0, 1.0, 101)
    costs = [0.5 * ((_sigmoid(p[:, 0, :1] * x + p[:, 0, 1:]) - TARGET) ** 2).mean(axis=1) for p in path]
    left = np.sqrt(((path[-1][:, 0] - [0.0, LOWEST]) ** 2).sum(axis=1)) / np.hypot(2.0, 2.0 - LOWEST)
    return Evidence(
        left < 0.1,
        "draws of 100 inputs",
        f"from weight and bias 2, {percent(left)} of the way is left, and {percent(costs[-1] / costs[0])} of the cost.",
    )


@CLAIMS("local (and global) minimum")
def one_minimum() -> Evidence:
    rng = np.random.default_rng(4)
    start = rng.uniform(-4.0, 4.0, (2, 20, 1))
    net, x = chains(start[0], start[1]), np.linspace(0.0, 1.0, 100)[None, None, :]
    for _ in working(range(20_000), "steps of descent"):
        values = net.values(x)
        a = values[-1]
        net.move(net.gradient(values, (a - TARGET) * a * (1.0 - a) / 100.0), 20.0)
    off = np.abs(parameters(net)[:, 0] - [0.0, LOWEST]).max(axis=1)
    return Evidence(
        off < 1e-3,
        "starts between −4 and 4",
        f"all inputs together have one minimum, weight 0 and bias {LOWEST:.4f}; descent ends within {max(off):.0e}.",
    )


# ── Which layers learn ───────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("most of the learning occurs only near the output layer")
def near_the_output() -> Evidence:
    share = shares(moved_at_random())
    return Evidence(
        share.argmax(axis=1) == 3,
        "normal starts of 5 layers",
        f"the last of the four layers of weights moves most, with {percent(share[:, 3])} of all change.",
    )


@CLAIMS("the gradient descent algorithm works in such a way")
def in_such_a_way() -> Evidence:
    share = shares(moved_at_random(bias=-4.0, weight=8.0))
    most = share.argmax(axis=1)
    return Evidence(
        most == 3,
        "steep starts of 5 layers",
        f"it is descent and the start together: about weights 8 and biases −4, where a layer's w·σ′ is above 1, the "
        f"first layer moves most in {(most == 0).sum()} of {DRAWS}.",
    )


@CLAIMS("visualize that deep learning is hard")
def hard() -> Evidence:
    change = {layers: np.abs(moved_at_random(layers)).sum(axis=2) for layers in (3, 5, 10)}
    ratio = {layers: size[:, 0] / size[:, -1] for layers, size in change.items()}
    return Evidence(
        ratio[10] < 0.01,
        "normal starts of 10 layers",
        "the first layer moves by "
        + ", ".join(f"{np.median(r):.1g} of the last one's change with {n} layers" for n, r in ratio.items())
        + " (medians).",
    )


@CLAIMS("almost all of learning is limited only to the output layer; the hidden layers have learnt almost nothing!")
def almost_all() -> Evidence:
    last = shares(moved(2.0, 2.0))[:, -1]
    return Evidence(last > 0.9, "draws, biases and weights 2", f"the output layer has {percent(last)} of all change.")


@CLAIMS("the last hidden layer has begun learning enough that it shows some visible change during training")
def visible() -> Evidence:
    change = np.abs(moved(0.0, 2.0)[:, 2, 0]) / 2.0
    return Evidence(
        100.0 * change > VISIBLE * 6.4,
        "draws, biases 0 and weights 2",
        f"its weight changes by {percent(change)}, which its axis of ±320 % does show.",
    )


@CLAIMS("even though the output layer learns much more than does the last hidden layer")
def much_more() -> Evidence:
    size = np.abs(moved(0.0, 2.0)).sum(axis=2)
    return Evidence(
        size[:, 3] > 2.0 * size[:, 2],
        "draws, biases 0 and weights 2",
        f"{spread(size[:, 3] / size[:, 2])} times as much.",
    )


@CLAIMS("Almost all learning is via changes to weights, not biases.")
def weights_not_biases() -> Evidence:
    w, b = np.moveaxis(np.abs(moved(0.0, 2.0)), 2, 0)
    return Evidence(
        w.sum(axis=1) > b.sum(axis=1),
        "draws, biases 0 and weights 2",
        f"the last bias moves by {spread(b[:, 3])}, the last weight by {spread(w[:, 3])}, and all biases more than "
        "their weights. A percentage of a bias that began at 0 is none; the program's guard draws it as 0.",
    )


@CLAIMS("The bias of the hidden layer does undergo a slight change, but in an opposite (positive) direction.")
def opposite() -> Evidence:
    change = moved(2.0, 0.0)[:, :, 1]
    return Evidence(
        (change[:, 2] > 0.0) & (change[:, 3] < 0.0),
        "draws, biases 2 and weights 0",
        f"the last hidden bias moves by {spread(change[:, 2], '+.2g')}, the output by {spread(change[:, 3], '+.2g')}.",
    )


@CLAIMS("Compared to the case just above, the learning now is relatively more concentrated in the output layer.")
def concentrated() -> Evidence:
    above, now = shares(moved(0.0, 2.0))[:, 3], shares(moved(2.0, 0.0))[:, 3]
    return Evidence(
        now > above, "draws", f"the output layer has {percent(now)} of all change, in the case above {percent(above)}."
    )


@CLAIMS(
    "The network does learn (the difference in the predicted vs. target does go on diminishing as the "
    "training progresses)."
)
def does_learn() -> Evidence:
    inputs, net = uniform_inputs(), chains(np.zeros((DRAWS, 4)), np.zeros((DRAWS, 4)))
    off = [np.abs(net.values(np.full((DRAWS, 1, 1), 0.5))[-1][:, 0, 0] - TARGET)]
    for case in inputs.T:
        train(net, case[:, None])
        off.append(np.abs(net.values(np.full((DRAWS, 1, 1), 0.5))[-1][:, 0, 0] - TARGET))
    return Evidence(
        (np.diff(off, axis=0) < 0.0).all(axis=0),
        "draws, all begun at 0",
        f"the difference falls at every one of {CASES} steps, from {off[0][0]:.2f} to {spread(off[-1])}.",
    )


@CLAIMS("the percentage change is too small to be visually registered")
def too_small() -> Evidence:
    last = np.abs(moved(0.0, 0.0)[:, 3])
    return Evidence(
        last.max(axis=1) < VISIBLE * 6.4 / 100.0 * 2.0,
        "draws, all begun at 0",
        f"the last bias moves by {spread(last[:, 1])} and the last weight by {spread(last[:, 0])}. Numbers that began "
        "at 0 have no percentage, and the guard draws 0.",
    )


# ── Small print ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("In this script, the target value is always one and the … same, i.e., 1.0")
def target() -> Evidence:
    return Evidence([TARGET == 1.0] * CASES, "cases", f"one and the same it is, but {TARGET}.")


@CLAIMS("Change the cost function; e.g., try the linear function instead of the Sigmoid.")
def cost_function() -> Evidence:
    held = []
    for seed in range(20):
        costs = [half_squared_error(MLP(1, [1], activation=f, rng=seed)(0.4), TARGET) for f in ("sigmoid", "linear")]
        held.append([node.op.name for node in costs] != [costs[0].op.name] * 2)
    return Evidence(
        held,
        "networks",
        "a slip of the pen, for the sigmoid is an activation: with the linear function in its place the cost "
        "is the same half square.",
    )
