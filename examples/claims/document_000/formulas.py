"""The network, its formulas, and the landscape of two layers."""

from __future__ import annotations

from typing import Any

import numpy as np
from claims import Claims, Evidence
from claims.document_000.chains import (
    CASES,
    DRAWS,
    LOWEST,
    TARGET,
    chains,
    moved_at_random,
    parameters,
    percent,
    train,
    uniform_inputs,
)
from working import working

import autograd
from nn import MLP, SGD, constant, fit, half_squared_error, normal

CLAIMS = Claims()


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
