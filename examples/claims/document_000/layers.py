"""Which layers learn, and the small print."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_000.chains import (
    CASES,
    DRAWS,
    TARGET,
    VISIBLE,
    chains,
    moved,
    moved_at_random,
    percent,
    shares,
    train,
    uniform_inputs,
)

from nn import MLP, half_squared_error

CLAIMS = Claims()


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
        f"of the last layer's change the first one makes {np.median(ratio[3]):.1g} with 3 layers, "
        f"{np.median(ratio[5]):.1g} with 5 and {np.median(ratio[10]):.1g} with 10 (medians).",
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
