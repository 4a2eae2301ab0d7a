"""More layers, and the code around them."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence
from claims.document_002.training import (
    DEEP,
    RULES,
    SEEDS,
    X,
    networks,
    series,
    trained,
    wrong,
)

CLAIMS = Claims()


# ── More layers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("a neural network with multiple hidden layers to solve the problem without any missclassifications")
def solved() -> Evidence:
    missed = {rule: wrong(trained(DEEP, rule)) for rule in RULES}
    return Evidence(
        missed["printed, summed"] == 0,
        "starts, trained as printed and summed",
        f"the printed rule, read literally, gives the promised 0 of 25. The others: {series(missed)}. Its cost "
        "is a mean, the derivative printed for it has no 1/m, and it matters which of them one takes.",
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
