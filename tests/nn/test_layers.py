"""Neurons, layers and perceptrons: what they compute, what they are called, and what they refuse."""

import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from nn import MLP, Layer, Module, Neuron, constant, squared_error
from nn.model.notation import label

numbers = st.floats(-4.0, 4.0, allow_subnormal=False)
sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)


def numpy_forward(model, x, function):
    """The field's matrix form of a perceptron: W x + b, layer by layer, the last one linear."""
    a = np.asarray(x, dtype=float)
    for number, layer in enumerate(model.layers, 1):
        a = layer.weight_matrix() @ a + layer.bias_vector()
        a = a if number == len(model.layers) else function(a)
    return a


@given(st.integers(1, 5), sizes, st.integers(0, 1000), st.booleans(), st.data())
def test_mlp_computes_the_matrix_form(inputs, sizes, seed, bias, data):
    """A perceptron of Values gives what W x + b gives, layer after layer."""
    model = MLP(inputs, sizes, activation="tanh", bias=bias, bias_init="normal", rng=seed)
    x = data.draw(st.lists(numbers, min_size=inputs, max_size=inputs))
    outputs = model(x)
    outputs = [outputs] if sizes[-1] == 1 else outputs
    expected = numpy_forward(model, x, np.tanh)
    np.testing.assert_allclose([out.data for out in outputs], expected, rtol=1e-13, atol=1e-13)


def test_neuron_is_one_dot_one_sum_and_one_activation():
    """Three nodes a neuron with bias, two without: the sum of products is one."""
    out = Neuron(3, "tanh", rng=0)([1.0, 2.0, 3.0])
    assert [out.op.name, out.args[0].op.name, out.args[0].args[0].op.name] == ["tanh", "add", "dot"]
    assert Neuron(3, "linear", bias=False, rng=0)([1.0, 2.0, 3.0]).op.name == "dot"


@pytest.mark.parametrize(
    "x", [[1, 0, 1], (1.0, 0.0, 1.0), np.array([1, 0, 1]), [Value(1.0), Value(0.0), 1.0], map(float, [1, 0, 1])],
    ids=["list", "tuple", "array", "Values", "iterator"],
)  # fmt: skip
def test_an_example_may_be_any_sequence_of_numbers(x):
    """Lists, tuples, arrays, Values and iterators give the same output."""
    model = MLP(3, [4, 2], rng=0)
    assert [out.data for out in model(x)] == [out.data for out in model([1.0, 0.0, 1.0])]


@pytest.mark.parametrize("x", [0.5, np.float64(0.5), np.array(0.5), Value(0.5), [0.5]])
def test_a_lone_number_is_an_example_of_one_input(x):
    """A network of one input takes the number itself."""
    assert MLP(1, [3, 1], rng=0)(x).data == MLP(1, [3, 1], rng=0)([0.5]).data


def test_a_layer_of_one_neuron_may_stand_in_the_middle():
    """A single output feeds the next layer although it is no list."""
    assert len(MLP(2, [1, 3], rng=0)([1.0, 2.0])) == 3


def test_parameters_come_in_definition_order_with_dotted_names():
    """Neuron after neuron, weights before the bias, layer after layer."""
    names = [name for name, _ in MLP(2, [2, 1], rng=0).named_parameters()]
    assert names[:4] == [
        "layers.0.neurons.0.weights.0", "layers.0.neurons.0.weights.1",
        "layers.0.neurons.0.bias", "layers.0.neurons.1.weights.0",
    ]  # fmt: skip
    assert names[-1] == "layers.1.neurons.0.bias"


@given(st.integers(1, 13), st.lists(st.integers(1, 13), min_size=1, max_size=12))
def test_labels_are_unique_in_a_model(inputs, sizes):
    """No two parameters share a label, however many layers, neurons and inputs."""
    labels = [value.label for value in MLP(inputs, sizes, rng=0).parameters()]
    assert len(set(labels)) == len(labels)


def test_labels_are_those_of_the_documents():
    """Weight of layer, neuron, input; a lone output neuron has no index of its own."""
    model = MLP(12, [3, 1], rng=0)
    assert model.layers[0].neurons[2].weights[0].label == "w⁽¹⁾₂₀"
    assert model.layers[0].neurons[2].weights[10].label == "w⁽¹⁾₂,₁₀"
    assert model.layers[0].neurons[2].bias.label == "b⁽¹⁾₂"
    assert model.layers[1].neurons[0].bias.label == "b⁽²⁾₀"
    assert model([1.0] * 12).label == "a⁽²⁾"
    assert [a.label for a in model.layers[0]([1.0] * 12)] == ["a⁽¹⁾₀", "a⁽¹⁾₁", "a⁽¹⁾₂"]
    assert [label("w", 12, 3, 9), label("w", 1, 10, 0), label("b", None), label("b", 9, 10), label("w", None, 1)] == [
        "w⁽¹²⁾₃₉", "w⁽¹⁾₁₀,₀", "b", "b⁽⁹⁾₁₀", "w₁",
    ]  # fmt: skip


def test_layers_of_the_users_own_module_are_numbered_and_named():
    """A module of one's own gives its layers their numbers and names, in definition order."""

    class Net(Module):
        def __init__(self):
            self.hidden = Layer(2, 3, rng=0)
            self.out = Layer(3, 1, "linear", rng=0)

        def __call__(self, x):
            return self.out(self.hidden(x))

    net = Net()
    assert net.out.neurons[0].weights[2].label == "w⁽²⁾₀₂"
    with pytest.raises(ValueError, match=r"^Neuron 'hidden\.neurons\.0' takes 2 inputs, got 3$"):
        net([1.0, 2.0, 3.0])


def test_the_same_seed_gives_the_same_weights():
    """Weights come from the seed, and from nothing else."""
    first, second, other = MLP(2, [3, 1], rng=0), MLP(2, [3, 1], rng=0), MLP(2, [3, 1], rng=1)
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]
    assert [p.data for p in first.parameters()] != [p.data for p in other.parameters()]


MADE = {
    "Neuron": lambda: Neuron(3),
    "Layer": lambda: Layer(3, 2),
    "MLP": lambda: MLP(3, [2, 1]),
    "a layer with biases": lambda: Layer(3, 2, bias_init="normal"),
}


@pytest.mark.parametrize("make", MADE)
def test_no_two_begin_alike_unless_a_seed_says_so(make):
    """Without ``rng`` numbers are seeded from Python's random, so that ``random.seed`` holds; NumPy's has no say."""

    def numbers():
        return [p.data for p in MADE[make]().parameters()]

    random.seed(1)
    np.random.seed(1)
    first, second = numbers(), numbers()
    np.random.seed(1)
    third = numbers()
    assert first != second != third != first
    random.seed(1)
    assert [numbers() for _ in range(3)] == [first, second, third]


def test_a_neuron_and_a_layer_are_linear_unless_told_otherwise():
    """Any head may end in one: none begins dead, and negative numbers come through."""
    neuron, layer = Neuron(1, init=lambda *_: np.ones((1, 1))), Layer(2, 2, rng=0)
    assert neuron([-3.0]).data == -3.0
    assert {layer.activation.name, neuron.activation.name} == {"linear"}
    limit = np.sqrt(6.0 / (50 + 40))
    assert np.abs(Layer(50, 40, rng=0).weight_matrix()).max() <= limit  # xavier, as for any linear layer


def test_biases_begin_at_zero_and_can_be_left_out():
    """``bias=False`` leaves no parameter behind."""
    assert MLP(2, [3, 1], rng=0).layers[0].bias_vector().tolist() == [0.0, 0.0, 0.0]
    assert len(MLP(2, [3, 1], bias=False, rng=0).parameters()) == 9


def test_document_000_begins_with_constants():
    """Biases and weights all 2, one neuron a layer: a = sigmoid(2 a + 2)."""
    start = constant(2.0)
    model = MLP(1, [1, 1, 1], activation="sigmoid", output_activation="sigmoid", init=start, bias_init=start, rng=0)
    a = 0.3
    for _ in range(3):
        a = 1.0 / (1.0 + np.exp(-(2.0 * a + 2.0)))
    assert model(0.3).data == pytest.approx(a, rel=1e-15)


def test_activation_by_layer_by_name_or_function():
    """A list has one for each layer; the engine's functions and one's own are as good as names."""
    model = MLP(2, [3, 3, 1], activation=["relu", autograd.tanh, lambda z: z * z], rng=0)
    assert [str(layer.activation) for layer in model.layers] == ["relu", "tanh", "<lambda>"]
    assert model([1.0, 2.0]).op.name == "mul"


def test_zero_grad_clears_what_backward_left():
    """Gradients accumulate until they are cleared."""
    model = MLP(2, [3, 1], rng=0)
    squared_error(model([1.0, 2.0]), 1.0).backward()
    assert any(p.grad != 0.0 for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0.0 for p in model.parameters())


REFUSED = {
    "too few inputs": (lambda: MLP(3, [4, 1], rng=0)([1, 2]), "Neuron 'layers.0.neurons.0' takes 3 inputs, got 2"),
    "too many inputs": (lambda: Neuron(1, rng=0)([1, 2]), "Neuron takes 1 input, got 2"),
    "one neuron of a layer": (
        lambda: MLP(3, [4, 1], rng=0).layers[0].neurons[2]([1, 2]), "Neuron 'layers.0.neurons.2' takes 3 inputs, got 2",
    ),
    "no inputs": (lambda: MLP(3, [4, 1], rng=0)([]), "Neuron 'layers.0.neurons.0' takes 3 inputs, got 0"),
    "text": (
        lambda: MLP(3, [1], rng=0)("abc"), "a module takes a number or a sequence of numbers or Values, got str 'abc'",
    ),
    "None": (lambda: MLP(3, [1], rng=0)(None), "a module takes a number or a sequence of numbers or Values, got None"),
    "many examples": (
        lambda: MLP(3, [1], rng=0)(np.ones((5, 3))),
        "a module takes one example, got numpy.ndarray of shape (5, 3); use model.predict(X) for many, or "
        "[model(row) for row in X] for their graphs",
    ),
    "text among numbers": (
        lambda: MLP(2, [1], rng=0)([1.0, "a"]), "dot takes a real number, got str 'a'; use float(text) to convert it",
    ),
    "a number for the sizes": (
        lambda: MLP(2, 4, rng=0), "MLP takes a list of layer sizes such as [16, 16, 1], got int 4",
    ),
    "no layers": (
        lambda: MLP(2, [], rng=0),
        "MLP takes at least one layer size, got an empty list; [1] is a single output neuron",
    ),
    "no inputs at all": (lambda: MLP(0, [1], rng=0), "number of inputs is an int of at least 1, got 0"),
    "an empty layer": (lambda: MLP(2, [3, 0, 1], rng=0), "number of outputs is an int of at least 1, got 0"),
    "a size that is no int": (lambda: MLP(2, [1.5], rng=0), "number of outputs is an int of at least 1, got float 1.5"),
    "a misspelt activation": (lambda: MLP(2, [1], activation="rleu", rng=0), "got 'rleu'; did you mean 'relu'?"),
    "softmax as an activation": (
        lambda: MLP(2, [3], output_activation="softmax", rng=0),
        "activation 'softmax' is no function of one number; leave the last layer linear and use the loss "
        "'softmax_cross_entropy', or apply autograd.softmax to the outputs",
    ),
    "too few activations": (
        lambda: MLP(2, [3, 1], activation=["relu"], rng=0),
        "a list of activations has one for each of the 2 layers, got 1; give one for the last layer too, for instance "
        "'linear'",
    ),
    "an activation that is none": (
        lambda: MLP(2, [3, 1], activation=3, rng=0), "activation is a name or a function of one Value, got int 3",
    ),
    "a function of math": (
        lambda: Neuron(1, lambda _: 1.0, rng=0)(2.0),
        "activation '<lambda>' gives a Value for a Value, got float 1.0; use the functions of autograd instead of "
        "those of math",
    ),
    "a bias that is a number": (
        lambda: MLP(2, [1], bias=0.5, rng=0), "bias is True or False, got float 0.5; bias_init says how biases begin",
    ),
    "an activation in capitals": (lambda: Layer(1, 1, "ReLU", rng=0), "got 'ReLU'; did you mean 'relu'?"),
    "no generator": (
        lambda: MLP(2, [1], rng="x"),
        "rng is a numpy.random.Generator or an int seed of at least 0, got str 'x'; for other numbers in every run "
        "pass numpy.random.default_rng()",
    ),
    "an initializer of the wrong shape": (
        lambda: Layer(2, 3, init=lambda _, outputs, inputs: np.zeros((inputs, outputs)), rng=0),
        "initializer <lambda> gives an array of shape (3, 2) here, got (2, 3)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_by_name(case):
    """Wrong lengths, types and names are errors that say the thing, the rule and what was received."""
    attempt, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=re.escape(message) + "$"):
        attempt()
