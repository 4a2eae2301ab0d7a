"""What micrograd's users bring runs after changing only the import lines."""

from __future__ import annotations

import copy
import pickle
import random
import re
from functools import partial

import pytest

from autograd import Value
from nn import MLP, evaluate, fit, load, micrograd, save
from nn.datasets import moons as make_moons
from tests.bench.workloads import small


def test_micrograd_readme_example_gives_its_printed_numbers():
    """The derivatives of the README's expression, statement by statement: 138.8338 and 645.5773."""
    assert [f"{slope:.4f}" for slope in small(Value)] == ["138.8338", "645.5773"]


def test_micrograd_sanity_check_gives_pytorchs_numbers():
    """Micrograd's first test: -20 and 46, as PyTorch has them."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


@pytest.mark.parametrize("layers", [[1], [3, 1]])
def test_single_output_is_a_value_and_not_a_list(layers):
    """As in micrograd, a network with one output gives the Value itself."""
    assert isinstance(MLP(2, layers, rng=0)([1.0, 2.0]), Value)


def demo(V, model, X, y, steps):
    """Micrograd's demo: hinge loss, L2, gradient descent at 1.0 - 0.9 k / 100; loss and accuracy before each step."""

    def loss():
        inputs = [list(map(V, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        return total_loss, sum(accuracy) / len(accuracy)

    for k in range(steps):
        total_loss, accuracy = loss()
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        yield total_loss.data, accuracy


@pytest.mark.parametrize("build", [partial(MLP, rng=0), micrograd.MLP], ids=["nn", "nn.micrograd"])
def test_micrograds_demo_reaches_100_percent(build):
    """2-16-16-1 on moons in 100 steps, as its notebook has it."""
    random.seed(1337)
    X, y = make_moons(n_samples=100, noise=0.1)
    model = build(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    *_, (loss, accuracy) = demo(Value, model, X, y * 2 - 1, steps=100)
    assert accuracy == 1.0
    assert loss < 0.05


def test_same_seed_same_numbers_as_micrograd():
    """Micrograd's own network and ours, from one seed, have the same losses to 1e-10 along the demo's 100 steps."""
    theirs = pytest.importorskip("micrograd.nn")
    engine = pytest.importorskip("micrograd.engine")
    X, y = make_moons(n_samples=10, noise=0.1, rng=1337)
    y = y * 2 - 1
    random.seed(1337)
    expected = list(demo(engine.Value, theirs.MLP(2, [16, 16, 1]), X, y, steps=100))
    random.seed(1337)
    found = list(demo(Value, micrograd.MLP(2, [16, 16, 1]), X, y, steps=100))
    for (loss, accuracy), (their_loss, their_accuracy) in zip(found, expected, strict=True):
        assert abs(loss - their_loss) <= 1e-10
        assert accuracy == their_accuracy


def test_weights_are_drawn_from_pythons_random_in_order():
    """One uniform(-1, 1) a weight, neuron after neuron, layer after layer, and not one number more; biases are 0."""
    random.seed(7)
    model = micrograd.MLP(3, [4, 2])
    after = random.random()
    random.seed(7)
    for layer in model.layers:
        for neuron in layer.neurons:
            assert [w.data for w in neuron.w] == [random.uniform(-1, 1) for _ in neuron.w]
            assert neuron.b.data == 0.0
    assert random.random() == after


def test_micrograds_defaults():
    """A neuron and a layer end in relu unless told otherwise; of an MLP all layers but the last."""
    assert micrograd.Neuron(2).nonlin
    assert not micrograd.Neuron(2, nonlin=False).nonlin
    assert [n.nonlin for n in micrograd.Layer(2, 3).neurons] == [True] * 3
    assert [n.nonlin for n in micrograd.Layer(2, 3, nonlin=False).neurons] == [False] * 3
    assert [layer.neurons[0].nonlin for layer in micrograd.MLP(2, [4, 4, 1]).layers] == [True, True, False]
    assert isinstance(micrograd.Layer(2, 1)([1.0, 2.0]), Value)


def test_micrograds_names_are_other_names_of_ours():
    """What is assigned to ``w``, ``b`` and ``nonlin`` counts, as in micrograd."""
    neuron = micrograd.Neuron(2)
    assert neuron.w is neuron.weights
    assert neuron.b is neuron.bias
    assert micrograd.Neuron.w.__doc__ == "micrograd's name of ``weights``."
    neuron.w, neuron.b, neuron.nonlin = [Value(2.0), Value(3.0)], Value(-10.0), False
    assert neuron([1.0, 1.0]).data == -5.0
    assert [p.data for p in neuron.parameters()] == [2.0, 3.0, -10.0]
    neuron.nonlin = True
    assert neuron([1.0, 1.0]).data == 0.0


def test_micrograds_modules_do_what_ours_do(tmp_path):
    """They predict, train, are copied, and are saved and loaded into one of their kind."""
    random.seed(1)
    X, y = make_moons(n_samples=20, noise=0.1, rng=0)
    model = micrograd.MLP(2, [4, 1])
    # The tolerance is that of sums of four products in another order.
    assert model.predict(X) == pytest.approx([model(row).data for row in X], rel=1e-12, abs=1e-14)
    before = evaluate(model, X, y * 2 - 1, loss="hinge")["loss"]
    fit(model, X, y * 2 - 1, loss="hinge", optimizer="sgd", epochs=20, progress=False)
    assert evaluate(model, X, y * 2 - 1, loss="hinge")["loss"] < before
    save(model, tmp_path / "model.json")
    other = load(tmp_path / "model.json", model=micrograd.MLP(2, [4, 1]))
    assert other.state_dict() == model.state_dict() == pickle.loads(pickle.dumps(model)).state_dict()
    assert [neuron.nonlin for neuron in copy.deepcopy(model).layers[0].neurons] == [True] * 4


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: micrograd.Neuron(2, nonlin="tanh"), TypeError, "nonlin is True or False, got str 'tanh'; nn.Neuron"),
        (lambda: micrograd.Neuron(0), ValueError, "number of inputs is an int of at least 1, got 0"),
        (lambda: micrograd.Layer(2, 0), ValueError, "number of outputs is an int of at least 1, got 0"),
        (lambda: micrograd.MLP(2, 3), TypeError, "MLP takes a list of layer sizes such as"),
        (lambda: micrograd.MLP(2, []), ValueError, "MLP takes at least one layer size, got an empty list"),
        (lambda: micrograd.MLP(2, [4, 1.5]), TypeError, "number of outputs is an int of at least 1, got float 1.5"),
    ],
)
def test_wrong_sizes_and_nonlin_are_refused_in_words(build, error, message):
    """Thing, rule, what came, what to do."""
    with pytest.raises(error, match=re.escape(message)):
        build()
