"""Modules: which parameters they find, their state, their picture in text, and prediction without a graph."""

import copy
import inspect
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from nn import MLP, Layer, Module, Neuron, Sequential

NAMES = ["linear", "relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus", "sin"]


class Tree(Module):
    """Parameters and modules in every kind of place."""

    def __init__(self):
        self.scale = Value(1.0)
        self.count = 3
        self.parts = [Value(2.0), (Neuron(1, rng=0), {"deep": Value(3.0)})]
        self.matrix = autograd.values([[4.0, 5.0]])
        self.again = self.scale
        self.result = self.scale * 2.0


def test_parameters_are_found_by_attribute_in_definition_order():
    """Lists, tuples, dicts, object arrays and modules are searched; results and repetitions are left out."""
    assert [name for name, _ in Tree().named_parameters()] == [
        "scale", "parts.0", "parts.1.0.weights.0", "parts.1.0.bias", "parts.1.1.deep", "matrix.0.0", "matrix.0.1",
    ]  # fmt: skip


def test_a_module_may_hold_itself():
    """A cycle among modules is walked once."""

    class Node(Module):
        def __init__(self):
            self.weight = Value(1.0)
            self.me = self

    assert len(Node().parameters()) == 1


def test_a_layer_used_twice_has_its_parameters_once():
    """Shared weights are one parameter, under the first name."""
    layer = Layer(2, 2, rng=0)
    model = Sequential(layer, layer)
    assert len(model.parameters()) == 6
    assert model.named_parameters()[0][0] == "layers.0.neurons.0.weights.0"


def test_a_value_used_twice_in_a_list_is_one_parameter():
    """Tied weights keep the name of the first."""

    class Tied(Module):
        def __init__(self):
            weight = Value(1.0)
            self.weights = [weight, Value(2.0), weight]

    assert [name for name, _ in Tied().named_parameters()] == ["weights.0", "weights.1"]


@given(st.integers(1, 4), st.lists(st.integers(1, 4), min_size=1, max_size=3), st.booleans())
def test_state_dict_carries_a_model_to_its_twin(inputs, sizes, bias):
    """What one model saves makes another of the same sizes equal to the last bit."""
    first = MLP(inputs, sizes, bias=bias, rng=1)
    second = MLP(inputs, sizes, bias=bias, rng=2)
    second.load_state_dict(first.state_dict())
    assert first.state_dict() == second.state_dict()


def test_load_state_dict_names_what_is_missing_and_what_is_unknown():
    """A state of other sizes is refused whole, and nothing has changed."""
    model, other = MLP(2, [2, 1], rng=0), MLP(2, [1], rng=1)
    before = model.state_dict()
    message = (
        "a state for this MLP has its 9 parameter names, got one that lacks 'layers.0.neurons.1.weights.0' and 5 more; "
        "build the model with the sizes it was saved with"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        model.load_state_dict(other.state_dict())
    with pytest.raises(
        ValueError, match=r"got one that has the unknown 'layers\.0\.neurons\.1\.weights\.0' and 5 more"
    ):
        other.load_state_dict(before)
    with pytest.raises(TypeError, match=r"^parameter 'layers\.1\.neurons\.0\.bias' takes a real number, got str '1'"):
        model.load_state_dict({name: "1" if name == "layers.1.neurons.0.bias" else 7.0 for name in before})
    with pytest.raises(TypeError, match=r"^load_state_dict takes a dict of numbers by name, got None$"):
        model.load_state_dict(None)
    assert model.state_dict() == before


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])
def test_copies_are_whole_and_independent(copied):
    """A copy computes the same and shares no parameter."""
    model = MLP(2, [3, 1], rng=0)
    twin = copied(model)
    assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    twin.parameters()[0].data = 9.0
    assert model.parameters()[0].data != 9.0


@pytest.mark.parametrize("activation", NAMES)
@given(
    inputs=st.integers(1, 3), sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3), seed=st.integers(0, 99),
    rows=st.integers(0, 3), bias=st.booleans(),
)  # fmt: skip
def test_predict_equals_calling_the_model_on_each_row(activation, inputs, sizes, seed, rows, bias):
    """Arrays in, arrays out, and the same numbers as the graphs have."""
    model = MLP(inputs, sizes, activation=activation, output_activation="sigmoid", bias=bias, rng=seed)
    X = np.random.default_rng(seed).normal(size=(rows, inputs))
    expected = autograd.data([model(row) for row in X])
    predicted = model.predict(X)
    assert predicted.shape == ((rows,) if sizes[-1] == 1 else (rows, sizes[-1]))
    np.testing.assert_allclose(predicted, expected.reshape(predicted.shape), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("bias", [True, False])
def test_a_neuron_predicts_one_number_an_example(bias):
    """Alone, too, it is its call on every row."""
    neuron = Neuron(2, "tanh", bias=bias, bias_init="normal", rng=0)
    X = np.array([[1.0, 2.0], [-0.5, 0.25], [0.0, 0.0]])
    np.testing.assert_allclose(neuron.predict(X), [neuron(row).data for row in X], rtol=1e-14)


@pytest.mark.parametrize("activation", [lambda z: z.tanh() * 2.0, lambda z: autograd.maximum(z, -0.1 * z)])
def test_predict_takes_activations_of_ones_own(activation):
    """A function of a Value is applied entry by entry."""
    model = MLP(2, [3, 1], activation=activation, rng=0)
    X = np.array([[1.0, -2.0], [0.5, 0.25]])
    np.testing.assert_allclose(model.predict(X), [model(row).data for row in X], rtol=1e-14)


def test_predict_applies_a_custom_operation_to_arrays():
    """An operation of one's own is evaluated by its own definition."""

    @autograd.operation(lambda m, y, a: 2.0 * a)
    def parabola(m, a):
        return a * a

    model = Layer(1, 2, parabola, rng=0)
    np.testing.assert_allclose(model.predict([0.5]), [[out.data for out in model(0.5)]], rtol=1e-15)


def test_predict_follows_a_call_of_ones_own():
    """A subclass that computes something else predicts that, not what its base predicts."""

    class Shifted(MLP):
        def __call__(self, x):
            return super().__call__(x) + 100.0

    model = Shifted(2, [1])
    assert model.predict([[1.0, 2.0]])[0] == model([1.0, 2.0]).data > 50.0


def test_predict_goes_through_modules_of_ones_own():
    """Between layers a module sees what it sees in a call: a lone output as a number."""

    class Double(Module):
        def __call__(self, x):
            return 2.0 * x

    model = Sequential(Layer(2, 1, "tanh", rng=0), Double(), Layer(1, 3, "linear", rng=0))
    X = np.array([[1.0, 2.0], [-1.0, 0.5]])
    np.testing.assert_allclose(model.predict(X), autograd.data([model(row) for row in X]), rtol=1e-14)


def test_activations_give_every_layer():
    """One array a layer, the last being the prediction."""
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    X = np.ones((4, 2))
    hidden, out = model.activations(X)
    assert hidden.shape == (4, 3)
    np.testing.assert_allclose(out[:, 0], model.predict(X), rtol=1e-15)


REFUSED = {
    "one example": (
        lambda: MLP(2, [1], rng=0).predict([1.0, 2.0]),
        "takes 2 inputs, got 1; X of shape (2,) is 2 rows of one number, one row is X[None]",
    ),
    "too many columns": (
        lambda: MLP(2, [1], rng=0).predict(np.ones((4, 3))),
        "Neuron 'layers.0.neurons.0' takes 2 inputs, got 3",
    ),
    "text": (
        lambda: MLP(1, [1], rng=0).predict(["1"]), "X is an array of numbers, got str '1' in it; convert it to floats",
    ),
    "ragged rows": (
        lambda: MLP(2, [1], rng=0).predict([[1.0, 2.0], [1.0]]),
        "X is an array of numbers, got rows of different lengths; give all the same",
    ),
    "Values": (
        lambda: MLP(1, [1], rng=0).predict([Value(1.0)]), "in it; autograd.data(...) gives its number",
    ),
    "None": (
        lambda: MLP(1, [1], rng=0).predict(None), "X is an array of numbers, got None in it; convert it to floats",
    ),
    "an empty Sequential": (lambda: Sequential(), "Sequential takes at least one module, got none"),
    "a list of layers": (
        lambda: Sequential([Layer(1, 1, rng=0)]), "Sequential takes modules one by one, got list",
    ),
    "layers that do not fit": (
        lambda: Sequential(Layer(2, 3, rng=0), Layer(4, 1, rng=0)),
        "each layer has as many inputs as the one before it has outputs, got Layer(4 → 1, linear) "
        "after Layer(2 → 3, linear)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_by_name(case):
    """The thing, the rule, and what was received."""
    attempt, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        attempt()


def test_repr_shows_the_tree_and_the_number_of_parameters():
    """A layer is a line, whatever its neurons; nested models keep their dotted names."""
    model = Sequential(MLP(2, [16, 1], rng=0), Layer(1, 2, "linear", bias=False, rng=0))
    assert repr(model).split("\n") == [
        "Sequential: 67 parameters",
        "  layers.0           MLP                        65",
        "  layers.0.layers.0  Layer(2 → 16, relu)        48",
        "  layers.0.layers.1  Layer(16 → 1, linear)      17",
        "  layers.1           Layer(1 → 2, linear)        2",
    ]
    assert repr(Neuron(3, rng=0)) == "Neuron(3 → 1, linear): 4 parameters"


class Scaled(Module):
    """What takes a number and an option."""

    def __init__(self, scale: float, *, offset: float = 0.0) -> None:
        self.scale, self.offset = Value(scale), Value(offset)


def test_class_says_what_it_takes():
    """As an editor asks it, of our modules and of one's own."""
    assert str(inspect.signature(Scaled)) == "(scale: float, *, offset: float = 0.0)"
    assert list(inspect.signature(MLP).parameters)[:3] == ["inputs", "sizes", "activation"]
    assert Scaled(scale=2.0).scale.data == 2.0
