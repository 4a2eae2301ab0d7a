"""What becomes of it in training."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_001.starts import (
    INPUTS,
    PASSES,
    RATE,
    TARGETS,
    by_formula,
    prediction,
    starts,
    trained,
)

CLAIMS = Claims()


# ── Training ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("we’ll store the old values here too")
def stored() -> Evidence:
    held = []
    for w in starts()[:20]:
        old = w
        w -= RATE * by_formula(w[None].copy(), INPUTS[0], 1.0)[0]
        held.append(old is not w)
    return Evidence(held, "starts", "a second name for an array stores nothing: what training changes, it shows.")


@CLAIMS("The errors are converging nicely toward zero.")
def converging() -> Evidence:
    _, errors, _ = trained("differences")
    return Evidence(
        errors[-1] < 1e-3,
        "starts",
        f"below 0.001 after {PASSES} passes; {int((errors[-1] > 0.05).sum())} stay above 0.05. The document speaks of "
        "its own start, for which it prints 7.1e-11.",
    )


@CLAIMS("we should get out something close to 1")
def close_to_one() -> Evidence:
    weights, _, _ = trained("differences")
    found = prediction(weights, INPUTS[0])
    return Evidence(
        np.abs(found - 1.0) < 0.1, "starts", f"for [1, 0, 1] it is {spread(found)}; the document prints 0.99998."
    )


@CLAIMS("we set the weights back to their initial values")
def set_back() -> Evidence:
    (weights, first, _), again = trained("differences"), []
    going_on = weights.copy()
    for x, y in zip(INPUTS, TARGETS, strict=True):
        going_on = going_on - RATE * by_formula(going_on, x, y)
        again.append((prediction(going_on, x) - y) ** 2)
    error = np.mean(again, axis=0)
    return Evidence(
        np.isclose(error, first[0]),
        "starts",
        f"the second run goes on where the first ended: its first pass has an error of {spread(error, '.1g')}, where "
        f"the first run began with {spread(first[0], '.1g')}. The document's own figures show it, 6.0e-13 after ten "
        "passes against 1.5e-02.",
    )


@CLAIMS("it’s typical to see better convergence using analytic derivatives", mostly=True)
def better_convergence() -> Evidence:
    ends = {way: trained(way)[1][-1] for way in ("formulas", "differences")}
    good = (ends["formulas"] < 1e-3) | (ends["differences"] < 1e-3)
    formulas, differences = ends["formulas"][good], ends["differences"][good]
    astray = trained("differences")[2][good]
    better, worse = formulas < differences / 1.01, differences < formulas / 1.01
    return Evidence(
        better,
        "starts that converge",
        f"begun alike, they end alike within 1 % in {int((~better & ~worse).sum())}, formulas ahead in "
        f"{int(better.sum())} and differences in {int(worse.sum())}. In {int((astray & (better | worse)).sum())} of "
        f"these {int((better | worse).sum())} a difference has stepped over the kink of a relu on the way.",
    )
