"""The problems that it solves."""

from __future__ import annotations

from functools import cache

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_003.training import (
    SEEDS,
    XOR,
    adam,
    by_entropy,
    by_squares,
    descend,
    farthest,
    first_problem,
    networks,
)
from ensemble import Array

import autograd
from nn import one_hot, train_test_split

CLAIMS = Claims()


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
