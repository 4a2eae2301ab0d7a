"""One scalar loss on eight devices: the examples are split among them, and the gradient is summed once.

Run by itself, ``python examples/many_devices.py``: JAX is told to make eight devices of the processor before it begins.
"""

from __future__ import annotations

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=8"

import re
from itertools import pairwise
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from autograd import compile, tanh

jax.config.update("jax_enable_x64", True)

# %% A network and its loss, number by number, for one example.


def loss(layers: Any, x: Any, y: Any) -> Any:
    """Squared error of a perceptron."""
    for weights, biases in layers:
        x = [tanh(sum([w * a for w, a in zip(row, x, strict=True)], b)) for row, b in zip(weights, biases, strict=True)]
    return (x[0] - y) ** 2


def main() -> None:
    rng = np.random.default_rng(0)
    sizes = [2, 16, 16, 1]
    layers = [(rng.normal(0.0, n**-0.5, (m, n)), np.zeros(m)) for n, m in pairwise(sizes)]
    X, y = rng.uniform(-1.0, 1.0, (800, 2)), rng.uniform(-1.0, 1.0, 800)

    # %% The same function for NumPy and for JAX. Weights go to every device, a hundred examples to each.
    fast = compile(loss, batched=("x", "y"))
    mesh = Mesh(np.array(jax.devices()), ("examples",))
    everywhere, split = NamedSharding(mesh, PartitionSpec()), NamedSharding(mesh, PartitionSpec("examples"))
    args = jax.device_put(layers, everywhere), jax.device_put(X, split), jax.device_put(y, split)
    step = jax.jit(jax.value_and_grad(fast.to_jax()), out_shardings=(everywhere, everywhere))
    value, gradient = step(*args)

    # %% The right numbers, and one conversation between the devices.
    expected, slopes = fast.value_and_grad(layers, X, y)
    error = max(float(abs(a - b).max()) for ours, right in zip(gradient, slopes, strict=True)
                for a, b in zip(ours, right, strict=True))  # fmt: skip
    text = step.lower(*args).compile().as_text()
    print(f"devices: {len(jax.devices())}, examples on each: {args[1].sharding.shard_shape(X.shape)[0]}")
    print(f"value off by {abs(float(value) - expected):.0e}, gradient by {error:.0e}")
    print(f"all-reduce operations: {len(re.findall(r'all-reduce(?:-start)?[(]', text))}")


if __name__ == "__main__":
    main()
