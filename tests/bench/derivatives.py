"""What derivatives cost: Hessians, sparse Jacobians, gradients of each example, and programs handed to JAX.

``python -m tests.bench.derivatives`` takes some minutes, most of them in the compiler of JAX. Process time in turns,
medians; on one thread if it is told so::

    OPENBLAS_NUM_THREADS=1 XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

What is not installed is left out: JAX, CasADi.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import autograd
from autograd import compile, exp, hessian, jacobian, log, ndtr, sqrt, tanh, value_and_grad
from tests.bench import attention, models, networks
from tests.bench.systems.compiled import loss as network_loss

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    jax = jnp = None
try:
    import casadi
except ImportError:
    casadi = None

ROUNDS, LAP = 9, 0.03  # of how many laps the median is taken, and seconds a lap
WORD = networks.WORD


def medians(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds a call, each system in its turn."""
    laps: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            begin, calls = time.process_time(), 0
            while time.process_time() - begin < LAP:
                work()
                calls += 1
            laps[name].append((time.process_time() - begin) / calls)
    return {name: float(np.median(found)) for name, found in laps.items()}


def show(title: str, works: dict[str, Callable[[], Any]]) -> None:
    """A line: microseconds of each, and how many times ours the others take."""
    found = medians(works)
    ours = next(iter(found.values()))
    print(f"{title}: " + ", ".join([f"{k} {v * 1e6:,.0f} us ({v / ours:.2f})" for k, v in found.items()]), flush=True)


def ready(f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
    """A call of a jitted function on arrays that are where they belong, which waits for the result."""
    placed = jax.device_put(args)
    return lambda: jax.block_until_ready(f(*placed))


# ── Hessians ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def small_network(p: Any, x: Any, y: Any) -> Any:
    """Two inputs, eight neurons, one output: 33 parameters."""
    hidden = [tanh(p[3 * k] * x[0] + p[3 * k + 1] * x[1] + p[3 * k + 2]) for k in range(8)]
    return (sum([p[24 + k] * h for k, h in enumerate(hidden)], p[32]) - y) ** 2


def hessians() -> None:
    rng = np.random.default_rng(0)
    p, X, y = rng.normal(size=33), rng.normal(size=(100, 2)), rng.normal(size=100)
    ours = hessian(compile(small_network, batched=("x", "y")))
    ours(p, X, y)
    works: dict[str, Callable[[], Any]] = {"ours": lambda: ours(p, X, y)}
    if jax:

        def loss(p: Any, X: Any, y: Any) -> Any:
            W = p[:24].reshape(8, 3)
            return ((jnp.tanh(X @ W[:, :2].T + W[:, 2]) @ p[24:32] + p[32] - y) ** 2).mean()

        theirs = ready(jax.jit(jax.hessian(loss)), p, X, y)
        np.testing.assert_allclose(ours(p, X, y), theirs(), atol=1e-10)
        works["JAX jit"] = theirs
    show("Hessian of 33 parameters, 100 rows", works)
    for name, (model, point, data) in models.RECURRENCES.items():
        f = partial(model, autograd)
        fast = hessian(compile(f))
        begin = time.process_time()
        fast(point, data)
        first = time.process_time() - begin
        eager = hessian(f)
        plain = data.tolist()
        np.testing.assert_allclose(fast(point, data), eager(point, plain), rtol=1e-8)
        found = medians({"compiled": partial(fast, point, data)})["compiled"]
        begin = time.process_time()
        eager(point, plain)
        whole = time.process_time() - begin
        print(
            f"Hessian of {name}, {len(data):,} steps: {found * 1e3:.2f} ms compiled (first call {first:.1f} s), "
            f"{whole * 1e3:.0f} ms eager ({whole / found:.0f})",
            flush=True,
        )


# ── Sparse and example by example ────────────────────────────────────────────────────────────────────────────────────


def ring(u: Any) -> list[Any]:
    """Diffusion around a ring, and a reaction in each place."""
    n = len(u)
    return [(u[k - 1] - 2.0 * u[k] + u[(k + 1) % n]) * 50.0 + u[k] * (1.0 - u[k] * u[k]) for k in range(n)]


def sparse() -> None:
    for n in (60, 200, 400):
        u = np.linspace(0.1, 0.9, n)
        ours = jacobian(compile(ring), sparse=True)
        ours(u)
        works: dict[str, Callable[[], Any]] = {"ours": partial(ours, u)}
        if casadi:
            x = casadi.SX.sym("x", n)
            y = casadi.vertcat(*ring([x[k] for k in range(n)]))
            theirs = casadi.Function("J", [x], [casadi.jacobian(y, x)])
            np.testing.assert_allclose(ours(u).toarray(), np.array(theirs(u)), rtol=1e-12)
            works["CasADi"] = partial(theirs, u)
        show(f"sparse Jacobian of the ring, {n} unknowns", works)
    n = 10_000
    begin = time.process_time()
    found = jacobian(compile(ring), sparse=True)(np.linspace(0.1, 0.9, n))
    print(f"{n:,} unknowns: first call {time.process_time() - begin:.1f} s, {found.nnz:,} entries", flush=True)


def option(p: Any, spot: Any, strike: Any, years: Any) -> Any:
    """Black and Scholes' price of a call, for a rate and a volatility."""
    spread = p[1] * sqrt(years)
    d = (log(spot / strike) + (p[0] + 0.5 * p[1] * p[1]) * years) / spread
    return spot * ndtr(d) - strike * exp(-p[0] * years) * ndtr(d - spread)


def examples() -> None:
    rng = np.random.default_rng(0)
    data = [rng.uniform(80.0, 120.0, 10_000), rng.uniform(80.0, 120.0, 10_000), rng.uniform(0.1, 2.0, 10_000)]
    p = np.array([0.03, 0.2])
    fast = value_and_grad(compile(option, batched=("spot", "strike", "years"), reduce=None))
    fast(p, *data)
    works: dict[str, Callable[[], Any]] = {"ours": lambda: fast(p, *data)}
    if jax:

        def price(p: Any, spot: Any, strike: Any, years: Any) -> Any:
            phi = jax.scipy.special.ndtr
            spread = p[1] * jnp.sqrt(years)
            d = (jnp.log(spot / strike) + (p[0] + 0.5 * p[1] * p[1]) * years) / spread
            return spot * phi(d) - strike * jnp.exp(-p[0] * years) * phi(d - spread)

        every = jax.vmap(jax.value_and_grad(price), (None, 0, 0, 0))
        theirs = ready(jax.jit(every), p, *data)
        np.testing.assert_allclose(fast(p, *data)[1], theirs()[1], rtol=1e-9, atol=1e-9)
        works["JAX jit, vmap"] = theirs
    show("value and gradient of each of 10,000 options", works)


# ── Handed to JAX ────────────────────────────────────────────────────────────────────────────────────────────────────


def for_jax() -> None:
    def by_hand(layers: Any, X: Any, y: Any) -> Any:
        for W, b in layers:
            X = jnp.tanh(X @ W.T + b)
        return ((X - y) ** 2).mean()

    for name, (sizes, rows) in networks.NETWORKS.items():
        layers, X, y = networks.data(sizes, rows)
        fast = compile(network_loss, batched=("x", "y"))
        both = [jax.jit(jax.value_and_grad(f)) for f in (fast.to_jax(), by_hand)]
        show(f"to_jax, {name}", dict(zip(("ours", "JAX by hand"), [ready(f, layers, X, y) for f in both], strict=True)))
    weights = attention.parameters(np.random.default_rng(0))
    ours = compile(attention.loss).to_jax()
    pair = {
        "ours": lambda w: ours(w, WORD),
        "JAX by hand": lambda w: attention.loss_of_arrays(jnp, w, WORD),
    }
    show("to_jax, attention", {name: ready(jax.jit(jax.value_and_grad(f)), weights) for name, f in pair.items()})


def main() -> None:
    if jax:
        jax.config.update("jax_enable_x64", True)
    print(f"autograd {autograd.__version__}; times of the first named in brackets are 1")
    hessians()
    sparse()
    examples()
    if jax:
        for_jax()


if __name__ == "__main__":
    main()
