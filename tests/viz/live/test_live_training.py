"""What trains in the page is what trains in Python: optimisers, losses, gradients, every network of the library."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, operation
from nn import MLP, SGD, Adam, AdamW, Layer, Module, RMSProp, Sequential, fit, losses
from nn.measures.losses import LOSSES
from tests.node import Node, node_fixture  # noqa: F401 - pytest uses it
from tests.viz.chromium import Page
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
}
RUN = """
export function run(kind, settings, rate, theta, gradients) {
  const rule = JSON.parse(settings), memory = freshMemory(rule, theta.length);
  for (let k = 0; k * theta.length < gradients.length; k++) {
    const gradient = gradients.subarray(k * theta.length, (k + 1) * theta.length);
    MOVES[kind](theta, gradient, memory, rate[0], k + 1, rule.settings);
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


# ── What a page holds goes elsewhere ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["momentum", "adamw"])
def test_link_brings_everything_back_to_the_bit(show, name: str, tmp_path: Path):
    """Parameters, memory, data, settings, curve: and what is done next is the same."""
    model, X, y = moons()
    page = show(model, X, y, loss="binary_cross_entropy_with_logits", optimizer=OPTIMIZERS[name](), batch_size=8)
    page.evaluate("for (let k = 0; k < 30; k++) live.step()")
    page.evaluate("live.act(() => { live.now.rows[3].x[0] = 0.1; live.now.edited = true; live.now.rate = 0.007; })")
    page.evaluate("for (let k = 0; k < 3; k++) live.step()")
    state = "JSON.stringify([live.now, [...live.theta]])"
    link, before = page.evaluate("live.encoded()"), page.evaluate(state)
    page.evaluate("for (let k = 0; k < 9; k++) live.step()")
    after = page.evaluate(state)
    page.open((tmp_path / "page.html").as_uri() + "#" + link)
    assert page.evaluate(state) == before != after
    page.evaluate("for (let k = 0; k < 9; k++) live.step()")
    assert page.evaluate(state) == after
    page.evaluate("location.hash = ''; new Promise((done) => setTimeout(done, 50))")
    assert page.evaluate(state) == after
    page.evaluate(f"location.hash = {link!r}; new Promise((done) => setTimeout(done, 50))")
    assert page.evaluate(state) == before
    page.evaluate("live.undo()")
    assert page.evaluate(state) == after
    assert page.faults() == []


def test_link_that_is_none_changes_nothing(show):
    """Text that is no state, or that of another page, or one that was cut or changed on its way."""
    page = show(*moons(), loss="mse", optimizer="adam")
    state, link = "JSON.stringify([live.now, [...live.theta]])", page.evaluate("live.step(), live.encoded()")
    before = page.evaluate(state)
    head, numbers = link.split(".")
    wrong = ["", "nonsense", "e30.AAAA", head, link[:-12], f"{numbers}.{head}", link.replace(head[20:24], "AAAA", 1)]
    changed = json.loads(base64.urlsafe_b64decode(head + "=="))
    for name, x in {"page": "1-1", "rule": 9, "node": 10**6, "parameter": -1, "steps": "7", "edited": 1}.items():
        text = base64.urlsafe_b64encode(json.dumps({**changed, name: x}).encode()).decode().rstrip("=")
        wrong.append(f"{text}.{numbers}")
    assert [text for text in wrong if page.evaluate(f"live.decode({text!r})")] == []
    assert page.evaluate(state) == before
    assert page.evaluate(f"live.decode({link!r})")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_files_are_read_by_python(show, name: str, tmp_path: Path):
    """``nn.load`` takes the file with its checksum, and goes on from it as the page does; the script says the same."""
    model, X, y = moons([3, 1], bias=name != "sgd")
    page = show(model, X, y, loss="hinge" if -1.0 in y else "mse", optimizer=OPTIMIZERS[name]())
    page.evaluate("for (let k = 0; k < 20; k++) live.step()")
    file = tmp_path / "network.json"
    file.write_text(page.evaluate("live.modelFile()"), encoding="utf-8")
    optimizer = OPTIMIZERS[name]()
    loaded = nn.load(file, optimizer=optimizer)
    numbers = np.array([p.data for p in loaded.parameters()])
    assert (numbers == parameters(page)).all()
    script = page.evaluate("live.pythonScript()")
    said = script.split("in the page ")[1].split()[0]
    space: dict[str, Any] = {}
    exec(script, space)
    assert np.isclose(nn.evaluate(space["model"], space["X"], space["y"], loss="mse")["loss"], float(said), rtol=1e-12)
    page.evaluate("for (let k = 0; k < 10; k++) live.step()")
    for one, rule in ((loaded, optimizer), (space["model"], space["optimizer"])):
        fit(one, X, y, loss="mse", optimizer=rule, epochs=10)
        assert np.allclose([p.data for p in one.parameters()], parameters(page), rtol=1e-9)


def test_script_brings_what_is_ones_own(show):
    """A model and a loss from a file are imported from there; what has no name is asked for."""
    page = show(Wave(), LINE, LINE[:, 0] * 0.5, loss=absolute, optimizer="adam")
    page.evaluate("for (let k = 0; k < 7; k++) live.step()")
    script, space = page.evaluate("live.pythonScript()"), {}
    assert f"from {__name__} import Wave\n" in script
    assert f"from {__name__} import absolute\n" in script
    exec(script, space)
    assert [p.data for p in space["model"].parameters()] == page.evaluate("[...live.theta]")
    page = show(Wave(), LINE, LINE[:, 0], loss=lambda p, t: (p - t) ** 2)
    assert "loss=lambda p, t: (p - t) ** 2" in page.evaluate("live.pythonScript()")


def test_numbers_are_written_as_python_writes_them(chromium: Page, show):
    """The checksum of a file depends on every letter of it."""
    show(*moons([1]), loss="mse")
    numbers = [
        0.0,
        -0.0,
        1.0,
        1e16,
        123456789012345680.0,
        1e-4,
        9.999e-5,
        1e-7,
        5e-324,
        1.7976931348623157e308,
        0.1,
        -2.5,
    ]
    numbers += (10.0 ** np.arange(-30, 30) * 1.37).tolist()
    assert chromium.evaluate(f"{numbers!r}.map(live.python)") == list(map(repr, numbers))
