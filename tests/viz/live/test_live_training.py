"""What trains in the page is what trains in Python: optimisers, losses, gradients, every network of the library."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, operation
from nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    ConstantSchedule,
    CosineSchedule,
    Layer,
    LinearSchedule,
    Module,
    RMSProp,
    Sequential,
    StepSchedule,
    fit,
    losses,
)
from nn.measures.losses import LOSSES
from tests.node import Node, node_fixture  # noqa: F401 - pytest uses it
from tests.viz.live.opening import chromium_fixture, moons, parameters, show_fixture  # noqa: F401 - pytest uses two
from viz.live.rules import rules
from viz.rendering.pages import resource

OPTIMIZERS = {
    "sgd": lambda: SGD(0.3),
    "momentum": lambda: SGD(0.05, momentum=0.9),
    "nesterov": lambda: SGD(0.05, momentum=0.8, nesterov=True, weight_decay=0.01),
    "adam": lambda: Adam(0.02),
    "adamw": lambda: AdamW(0.02, weight_decay=0.1),
    "rmsprop": lambda: RMSProp(0.01),
    "constant": lambda: SGD(ConstantSchedule(0.2)),
    "step": lambda: SGD(StepSchedule(0.3, 7, 0.5)),
    "linear": lambda: Adam(LinearSchedule(0.05, 0.001, 60)),
    "cosine": lambda: SGD(CosineSchedule(0.3, 0.01, 50), momentum=0.5),
}
RUN = """
export function run(kind, settings, rates, theta, gradients) {
  const rule = JSON.parse(settings), memory = freshMemory(rule, theta.length);
  for (let k = 0; k * theta.length < gradients.length; k++) {
    const gradient = gradients.subarray(k * theta.length, (k + 1) * theta.length);
    const rate = rule.schedule ? SCHEDULES[rule.schedule.kind](rule.schedule, k) : rates[0];
    MOVES[kind](theta, gradient, memory, rate, k + 1, rule.settings);
  }
  return [theta, ...Object.keys(memory).sort().map((name) => memory[name])];
}
"""

numbers = st.floats(-1e3, 1e3, allow_subnormal=False)


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(gradients=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8))
def test_optimizer_moves_as_pythons_does(node: Node, name: str, gradients: Any):
    """Step by step, with all that is remembered, to the last digits."""
    optimizer, theta = OPTIMIZERS[name](), np.array([0.5, -1.25, 3.0])
    offered = rules(optimizer)
    rule = offered["offered"][offered["first"]]
    source = resource("live/optimizers.js") + RUN
    found = node.call(source, "run", rule["kind"], json.dumps(rule), [optimizer.rate], theta, np.ravel(gradients))
    for gradient in gradients:
        theta = optimizer.step(theta, np.array(gradient))
    memory = [optimizer._memory[key] for key in sorted(optimizer._memory)]
    assert len(found) == 1 + len(memory)
    for ours, pythons in zip(found, [theta, *memory], strict=True):
        assert np.allclose(ours, pythons, rtol=1e-13, atol=1e-13 * np.abs(pythons).max())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_hundred_full_batches_end_where_pythons_do(show, name: str):
    """Every parameter within 1e-9 of the largest; so does the curve of the loss."""
    model, X, y = moons()
    page = show(model, X, y, loss="binary_cross_entropy_with_logits", optimizer=OPTIMIZERS[name]())
    page.evaluate("for (let k = 0; k < 100; k++) live.step()")
    history = fit(model, X, y, loss="binary_cross_entropy_with_logits", optimizer=OPTIMIZERS[name](), epochs=100)
    expected = np.array([p.data for p in model.parameters()])
    assert np.abs(parameters(page) - expected).max() <= 1e-9 * np.abs(expected).max()
    assert np.allclose(page.evaluate("live.now.curve"), history.loss, rtol=1e-9, atol=1e-12)
    assert page.faults() == []


class Wave(Module):
    """A model that is no network: what the page cannot draw, it lists."""

    def __init__(self) -> None:
        self.size, self.rate = Value(0.5), Value(1.5)

    def __call__(self, x: Any) -> Any:
        return self.size * autograd.sin(self.rate * x[0])


def absolute(prediction: Any, target: Any) -> Any:
    return autograd.sqrt(autograd.square(prediction - target) + 1e-3)


@operation(lambda m, y, a: 1.0 - y * y)
def my_tanh(m, a):
    return m.tanh(a)


rng = np.random.default_rng(0)
PLANE, SPACE, LINE = rng.normal(size=(12, 2)), rng.normal(size=(9, 4)), rng.normal(size=(8, 1))
MODELS: dict[str, Any] = {
    "squared_error": (MLP(2, [3, 2], activation="relu", rng=0), PLANE, PLANE[:, ::-1] * 2.0),
    "half_squared_error": (MLP(4, [3, 1], activation="gelu", rng=0), SPACE, SPACE.sum(axis=1)),
    "mean_squared_error": (Layer(1, 2, "sin", rng=0), LINE, np.hstack([LINE, LINE**2])),
    "mse": (Wave(), LINE, LINE[:, 0] * 0.5),
    "binary_cross_entropy": (MLP(2, [3, 1], output_activation="sigmoid", rng=0), PLANE, PLANE[:, 0] > 0),
    "binary_cross_entropy_with_logits": (MLP(1, [2, 1], activation="silu", rng=0), LINE, LINE[:, 0] > 0),
    "softmax_cross_entropy": (Sequential(Layer(2, 4, "elu", rng=0), Layer(4, 3, rng=1)), PLANE, np.arange(12) % 3),
    "hinge": (MLP(2, [3, 1], activation="leaky_relu", rng=0), PLANE, np.sign(PLANE[:, 1])),
    "absolute": (MLP(2, [3, 1], activation=my_tanh, bias=False, rng=0), PLANE, PLANE[:, 0]),
}


def test_every_loss_is_tried():
    assert {*LOSSES} == {*MODELS} - {"absolute"}


@pytest.mark.parametrize("name", MODELS)
def test_page_agrees_with_python_for_every_loss(show, name: str):
    """Loss and gradient of all rows, and values and adjoints of every node of one example's graph."""
    model, X, y = MODELS[name]
    loss = absolute if name == "absolute" else name
    page = show(model, X, y, loss=loss, optimizer="sgd")
    names = page.evaluate("live.FACTS.parameters.names")
    assert names == [name for name, _ in model.named_parameters()]
    found = page.evaluate("[live.evaluate(), [...live.gradient]]")
    model.zero_grad()
    rows = np.reshape(X, (len(X), -1)).tolist()
    targets = np.eye(3)[y].tolist() if name == "softmax_cross_entropy" else np.asarray(y, dtype=float).tolist()
    cost = losses.LOSSES.get(name, absolute)
    costs = [cost(model(x), t) for x, t in zip(rows, targets, strict=True)]
    total = autograd.sum(costs) / len(costs)
    total.backward()
    slopes = np.array([p.grad for p in model.parameters()])
    assert np.isclose(found[0], total.data, rtol=1e-12)
    assert np.allclose(found[1], slopes, rtol=1e-10, atol=1e-12 * np.abs(slopes).max())
    model.zero_grad()
    costs[0] = cost(model(rows[0]), targets[0])
    costs[0].backward()
    values, adjoints = page.evaluate("(({values, adjoints}) => [[...values], [...adjoints]])(live.examined())")
    assert np.isclose(values[page.evaluate("live.FACTS.example.root")], costs[0].data, rtol=1e-12)
    one = np.array([p.grad for p in model.parameters()])
    assert np.allclose(adjoints[: len(one)], one, rtol=1e-10, atol=1e-12 * np.abs(one).max())
    assert page.faults() == []


class Root(Module):
    """A root whose derivative at 0 is infinite and multiplied by nothing."""

    def __init__(self) -> None:
        self.w, self.v = Value(0.5), Value(2.0)

    def __call__(self, x: Any) -> Any:
        return self.w + 0.0 * autograd.sqrt(self.v * x[0])


def test_zero_adjoint_stops_in_the_page(show):
    """In the program and in the graph of the example."""
    page = show(Root(), [[0.0], [1.0]], [0.0, 1.0], loss="mse")
    assert page.evaluate("[live.evaluate(), ...live.gradient]") == [0.25, 0.0, 0.0]
    assert page.evaluate("[...live.examined().adjoints.slice(0, 2)]") == [1.0, 0.0]


def test_every_order_of_rows_is_as_likely(node: Node):
    """Six orders of three rows in 6,000 epochs, each some thousand times: within five standard deviations."""
    source = resource("live/random.js") + "export const orders = (count) => Array.from({length: count}, (_, e) => "
    found = node.call(source + "shuffled(3, 7, e));", "orders", 6000)
    counts = np.unique(np.array(found), axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(6000 * (1 / 6) * (5 / 6))


def test_batches_visit_every_row_once_an_epoch(show):
    """In an order that the seed tells; the loss of an epoch is the mean over its rows."""
    model, X, y = moons()
    page = show(model, X, y, loss="mse", optimizer="sgd", batch_size=7, seed=5)
    steps = -(-len(X) // 7)
    page.evaluate(f"for (let k = 0; k < {steps}; k++) live.step()")
    assert page.evaluate("[live.now.steps, live.now.epoch, live.now.position, live.now.curve.length]") == [
        steps,
        1,
        0,
        1,
    ]
    orders = page.evaluate("[live.orderOf(0), live.orderOf(1), live.orderOf(0)]")
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(len(X)))
    assert orders[0] == orders[2] != orders[1]
    first = parameters(page)
    page.evaluate(f"live.reset(); for (let k = 0; k < {steps}; k++) live.step()")
    assert (parameters(page) == first).all()


def test_loss_that_is_not_finite_ends_the_run(show):
    """The parameters of the step before stay, and the page says what to do."""
    page = show(Wave(), LINE, LINE[:, 0], loss="mse", optimizer=SGD(1e200))
    page.evaluate("(() => { for (let k = 0; k < 5; k++) live.trouble = live.step(); })()")
    assert "was not taken: the loss is" in page.evaluate("live.trouble")
    assert np.isfinite(parameters(page)).all()
