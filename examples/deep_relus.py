"""Document 004's deep networks, as its program trains them and as its text means it: how relus die, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
from ensemble import Array
from relus import alive, descend, losses, networks, wrong
from report import Report, plt

from viz.plots.style import COLOURS, on_axes, told_apart

RINGS = "bulls_eye_3_categories"
WAYS = {"as printed": "never", "going back where the loss has grown": "lowest"}
DEPTHS = (2, 3, 4, 5)
SHOWN = 300  # steps of the close view


def deep_relus(report: Report, steps: int) -> None:
    """Twenty starts at each depth, then one of them relu by relu."""
    # %% How many of twenty networks are left with a layer in which every relu is off at every point.
    dead: dict[tuple[int, str], Array] = {}
    rows = []
    for depth in DEPTHS:
        for way, compare in WAYS.items():
            counts: list[int] = []
            net, X, classes = networks(RINGS, [5] * depth)
            descend(
                net, X, classes, steps, compare=compare,
                watch=lambda _, values, counts=counts: counts.append(int((alive(values) == 0).sum())),
            )  # fmt: skip
            missed = wrong(net, X, classes)
            dead[depth, way] = np.array(counts)
            rows.append([f"{depth}", way, f"{counts[-1]} of {len(X)}", f"{np.median(missed):g}", f"{missed.max()}"])
    report.say(
        f"Deeper networks, on three rings: {len(X)} starts of each, {steps:,} steps. The printed program descends "
        "plainly at rate 1; the other way compares the loss at each step with the lowest so far and, where it has "
        "grown, goes back there with a fifth of the rate, which is what the text describes."
    )
    report.table(["hidden layers", "descent", "dead networks", "wrong of 300, median", "at most"], rows)
    figure, panels = plt.subplots(1, 2, figsize=(10.4, 4.0), layout="constrained", sharey=True)
    for (way, _), ax in zip(WAYS.items(), panels, strict=True):
        with on_axes(ax):
            for i, depth in enumerate(DEPTHS):
                look = told_apart(i, steps, log=True)
                ax.step(np.arange(1, steps + 1), dead[depth, way], label=f"{depth} hidden layers", **look)
            ax.set(title=way, xlabel="step", xscale="log", ylim=(-0.5, len(X) + 0.5), yticks=range(0, len(X) + 1, 5))
            if ax is panels[0]:
                ax.set_ylabel(f"networks of {len(X)} with a dead layer")
                ax.legend(loc="upper left")
    report.figure(figure, "004_dead_networks", "Networks in which a whole layer of relus has died, step by step")

    # %% One of them, relu by relu: the first start that dies one way and learns the other.
    both = {way: _watched(compare) for way, compare in WAYS.items()}
    printed, meant = both.values()
    chosen = int(np.flatnonzero((printed["alive"] == 0) & (meant["alive"] > 0))[0])
    figure, panels = plt.subplots(2, 2, figsize=(10.4, 6.2), layout="constrained", height_ratios=(1, 2), sharex=True)
    for (way, seen), (above, below) in zip(both.items(), panels.T, strict=True):
        with on_axes(above), on_axes(below, grid=False):
            _draw(seen, chosen, way, above, below)
    report.figure(figure, "004_dying_relus", "One network, relu by relu: at how many of the 300 points each is on")
    on, loss = printed["on"][:, chosen], printed["loss"][:, chosen]
    off = (on.reshape(SHOWN, 5, 5).max(axis=2) == 0.0).any(axis=1)
    when = int(np.flatnonzero(off)[0])
    jump = int(np.argmax(np.diff(loss[: when + 1]))) + 1
    report.say(
        f"In the network of start {chosen}, five hidden layers of five, the loss leaps from {loss[jump - 1]:.3g} to "
        f"{loss[jump]:.3g} at step {jump}, as the step overshoots; at step {when} a whole layer is off at every point. "
        f"From there the loss is {loss[-1]:.3f} (ln 3 = {np.log(3.0):.3f} is that of knowing nothing), and no "
        f"derivative reaches the layers before. Going back, the same start has {meant['loss'][-1, chosen]:.2g} after "
        f"{SHOWN} steps.",
        holds=bool(off[-1] and loss[jump] > loss[jump - 1] and meant["loss"][-1, chosen] < loss[-1]),
    )


def _watched(compare: str) -> dict[str, Array]:
    """Twenty networks of five hidden layers: each relu's share of points and the loss at each step."""
    on: list[Array] = []
    loss: list[Array] = []
    net, X, classes = networks(RINGS, [5] * 5)

    def watch(_: int, values: list[Array]) -> None:
        on.append(np.concatenate([(layer > 0.0).mean(axis=2) for layer in values[1:-1]], axis=1))
        loss.append(losses(net, values[-1], classes))

    descend(net, X, classes, SHOWN, compare=compare, watch=watch)
    return {"on": np.array(on), "loss": np.array(loss), "alive": alive(net.values(X))}


def _draw(seen: dict[str, Array], chosen: int, way: str, above: Any, below: Any) -> None:
    above.plot(seen["loss"][:, chosen], color=COLOURS[0], lw=1.4)
    above.axhline(np.log(3.0), color=COLOURS[1], lw=1.2, ls="dashed")
    above.set(title=way, ylabel="loss", ylim=(0.0, 1.5))
    image = below.imshow(
        seen["on"][:, chosen].T, aspect="auto", vmin=0.0, vmax=1.0, cmap="viridis", interpolation="none"
    )
    below.set(xlabel="step", yticks=range(2, 25, 5), yticklabels=[f"layer {k}" for k in range(1, 6)])
    for edge in range(5, 25, 5):
        below.axhline(edge - 0.5, color="w", lw=1)
    below.figure.colorbar(image, ax=below, label="share of points at which it is on")
