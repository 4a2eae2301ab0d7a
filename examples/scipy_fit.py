"""A scalar model fitted to data by SciPy, with exact gradients, Jacobians and Hessians in place of differences.

The model is a damped oscillation, written once as ordinary NumPy code. SciPy minimises its squared residuals with the
engine's derivatives and with differences of its own; evaluations are counted and results compared. The Hessian at the
minimum gives the standard errors of the parameters, which simulated experiments confirm.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from report import Report, run
from scipy.optimize import least_squares, minimize
from working import working

import autograd
from viz.plots.style import COLOURS, on_axes, plt

TITLE = "A fit with SciPy: a damped oscillation"
SEED = 0

Array = np.ndarray

# %% The model and the data.

NAMES = ("amplitude", "damping, 1/s", "frequency, rad/s", "phase, rad", "offset")
TRUTH = np.array([2.0, 0.3, 2.5, 0.5, 0.4])
START = np.array([1.0, 0.1, 2.2, 0.0, 0.0])
TIMES = np.linspace(0.0, 10.0, 100)  # seconds
NOISE = 0.2


def model(p: Any, t: Any) -> Any:
    """The displacement at a time or at many, for parameters that are numbers or Values."""
    amplitude, damping, frequency, phase, offset = p
    return amplitude * np.exp(-damping * t) * np.cos(frequency * t + phase) + offset


def point_cost(p: Any, t: Any, y: Any) -> Any:
    """Half the squared residual of one measurement, or of many."""
    return 0.5 * (model(p, t) - y) ** 2


def measure(p: Array, noise: float, rng: np.random.Generator) -> Array:
    """What an experiment with these parameters gives."""
    return model(p, TIMES) + noise * rng.standard_normal(len(TIMES))


# %% What is counted and compared.


class Counted:
    """A function that counts its calls, those that SciPy makes for its differences among them."""

    def __init__(self, f: Callable[[Any], Any]) -> None:
        self.f = f
        self.calls = 0

    def __call__(self, p: Array) -> Any:
        """Whatever ``f`` gives."""
        self.calls += 1
        return self.f(p)


def relative(found: Any, exact: Array) -> float:
    """The length of the difference, in lengths of what is right."""
    return float(np.linalg.norm(np.asarray(found) - exact) / np.linalg.norm(exact))


def microseconds(f: Callable[[], Any]) -> float:
    """The shortest of some calls."""
    laps = []
    for _ in range(20):
        begin = time.perf_counter()
        f()
        laps.append(time.perf_counter() - begin)
    return 1e6 * min(laps)


def main(report: Report) -> None:
    """One set of data, fitted in every way; what the fit is worth; a picture."""
    y = measure(TRUTH, NOISE, np.random.default_rng(report.seed))

    def residuals(p: Any) -> Any:
        """One for each measurement."""
        return model(p, TIMES) - y

    def cost(p: Any) -> Any:
        """Half the sum of their squares."""
        return np.sum(point_cost(p, TIMES, y))

    both, gradient, hessian = autograd.value_and_grad(cost), autograd.grad(cost), autograd.hessian(cost)
    jacobian, product = autograd.jacobian(residuals), autograd.hvp(cost)

    # %% The gradient, against a complex step: free of rounding, for functions that take complex numbers.
    units = np.eye(len(START))
    exact = np.array([cost(START + 1e-30j * unit).imag for unit in units]) / 1e-30
    engine, steps = relative(gradient(START), exact), np.logspace(-14.0, -1.0, 53)
    forward = [relative([(cost(START + h * unit) - cost(START)) / h for unit in units], exact) for h in steps]
    central = [relative([cost(START + h * u) - cost(START - h * u) for u in units], 2.0 * h * exact) for h in steps]
    report.say(
        f"At the start the engine's gradient is right to {engine:.0e}, relatively, and there is no step to choose. "
        f"Forward differences reach {min(forward):.0e} and central ones {min(central):.0e}, with the best step there "
        "is.",
        holds=engine < 1e-14 and min(central) > 1e-13 and min(forward) > 1e-10,
    )

    # %% Fits of one set of data. Where they should end is found by Newton's method, with both derivatives exact.
    best = minimize(both, START, jac=True, hess=hessian, method="trust-exact").x
    for _ in range(3):
        best = best - np.linalg.solve(hessian(best), gradient(best))
    loose, tight = {"tol": 1e-6}, {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-10}
    table, calls, errors = [], [], []
    ways = (
        ("BFGS", "2-point differences", cost, {"jac": "2-point", **loose}),
        ("BFGS", "3-point differences", cost, {"jac": "3-point", **loose}),
        ("BFGS", "gradient", both, {"jac": True, **loose}),
        ("Newton-CG", "gradient, Hessian times vector", both, {"jac": True, "hessp": product, **loose}),
        ("trust-exact", "gradient, Hessian", both, {"jac": True, "hess": hessian, **loose}),
        ("least_squares", "2-point differences", residuals, {"jac": "2-point", **tight}),
        ("least_squares", "3-point differences", residuals, {"jac": "3-point", **tight}),
        ("least_squares", "Jacobian", residuals, {"jac": jacobian, **tight}),
    )
    for method, derivatives, f, options in working(ways, "fits"):
        counted = Counted(f)
        fit = least_squares if method == "least_squares" else partial(minimize, method=method)
        found = fit(counted, START, **options).x
        calls.append(counted.calls)
        errors.append(np.abs(found - best).max())
        left = np.abs(gradient(found)).max()
        table.append([method, derivatives, str(counted.calls), f"{left:.0e}", f"{errors[-1]:.0e}"])
    report.say(
        "Fits of one set of data from one start. Evaluations are of the cost, together with its gradient where that is "
        "exact, or of all residuals; exact Hessians and Jacobians come besides. The error is the distance from the "
        "minimum, the largest over the parameters.",
        holds=3 * calls[2] < calls[0] < calls[1] and 2 * calls[7] < calls[5] < calls[6] and max(errors) < 1e-4,
    )
    report.table(["method", "derivatives", "evaluations", "slope left", "error"], table)

    # %% What a gradient costs. Compiled from the cost of one measurement, it is a few operations on arrays.
    compiled = autograd.compile(point_cost, batched=("t", "y"), reduce="sum")
    fast = partial(compiled.value_and_grad, t=TIMES, y=y)
    laps = [microseconds(partial(f, START)) for f in (cost, both, fast)]
    report.say(
        f"NumPy takes {laps[0]:.0f} µs for a cost, so six or eleven times that for a gradient by differences. Cost and "
        f"gradient take {laps[1]:,.0f} µs as a graph of Values, and {laps[2]:.0f} µs compiled.",
        holds=relative(fast(START)[1], exact) < 1e-13,
    )

    # %% Standard errors: the inverse Hessian at the minimum times the variance of the noise.
    variance = 2.0 * cost(best) / (len(y) - len(best))
    covariance, J = variance * np.linalg.inv(hessian(best)), jacobian(best)
    sigma, gauss = (np.sqrt(np.diag(c)) for c in (covariance, variance * np.linalg.inv(J.T @ J)))
    rng, count = np.random.default_rng(report.seed + 1), 50 if report.quick else 500
    again = []
    for _ in range(count):
        simulated = partial(compiled.value_and_grad, t=TIMES, y=measure(best, np.sqrt(variance), rng))
        again.append(minimize(simulated, best, jac=True).x)
    spread, uncertain = np.std(again, axis=0, ddof=1), 1.0 / np.sqrt(2 * count)
    report.say(
        "Standard errors from the exact Hessian; from JᵀJ, which leaves out the curvature of the model; and the spread "
        f"of {count} fits to data simulated from this one, itself uncertain by {uncertain:.0%}:",
        holds=bool(
            (np.abs(best - TRUTH) < 4 * sigma).all() and (np.abs(spread / sigma - 1) < 0.1 + 4 * uncertain).all()
        ),
    )
    columns = zip(TRUTH, best, sigma, gauss, spread, strict=True)
    report.table(
        ["parameter", "true", "found", "Hessian", "JᵀJ", "spread"],
        [[name, *map("{:.4g}".format, numbers)] for name, numbers in zip(NAMES, columns, strict=True)],
    )
    second, signs = [], ((1, 1), (1, -1), (-1, 1), (-1, -1))
    for h in np.logspace(-5.0, -2.0, 7):
        corners = [[[cost(best + h * (s * a + t * b)) for s, t in signs] for b in units] for a in units]
        second.append(relative(np.array(corners) @ [1.0, -1.0, -1.0, 1.0], 4.0 * h * h * hessian(best)))
    report.say(f"A Hessian by differences of the cost is off by {min(second):.0e} with the best of seven steps.")
    draw(report, y, best, covariance, (steps, forward, central, engine))


def draw(report: Report, y: Array, best: Array, covariance: Array, errors: tuple[Any, ...]) -> None:
    """The fit with its uncertainty, and the error of a gradient by differences."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.0), layout="constrained")
    grid = np.linspace(0.0, 12.0, 241)
    slopes = autograd.jacobian(lambda p: model(p, grid))(best)
    curve, band = model(best, grid), 2.0 * np.sqrt(np.einsum("ij,jk,ik->i", slopes, covariance, slopes))
    with on_axes(left):
        left.fill_between(grid, curve - band, curve + band, color=COLOURS[0], alpha=0.25, label="± 2 standard errors")
        left.plot(grid, curve, color=COLOURS[0], label="fit")
        left.plot(grid, model(TRUTH, grid), color=COLOURS[1], linestyle="dashed", linewidth=1.2, label="truth")
        left.plot(TIMES, y, "o", color=COLOURS[7], markersize=3, label="measured")
        left.set(xlabel="time, s", ylabel="displacement")
        left.legend()
    steps, forward, central, engine = errors
    with on_axes(right):
        right.loglog(steps, forward, color=COLOURS[1], linestyle="dashed", label="forward differences")
        right.loglog(steps, central, color=COLOURS[2], linestyle="dashdot", label="central differences")
        right.axhline(engine, color=COLOURS[0], label="the engine, without a step")
        right.set(xlabel="step", ylabel="relative error of the gradient")
        right.legend()
    report.figure(figure, "scipy_fit", "The fit with its uncertainty, and the error of a gradient by differences")


if __name__ == "__main__":
    run(main, TITLE, SEED)
