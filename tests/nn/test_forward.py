"""``predict`` is ``__call__`` on many rows, for every module, whatever was changed on it."""

import copy
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, square
from nn import MLP, SGD, Layer, Neuron, fit
from nn.model import forward as forward_module
from nn.training.step import read_parameters
from tests.nn.modules import called, flat, models
from tests.nn.rows import ROWS, Plain


def outcome(attempt):
    """The numbers, or the kind of error."""
    try:
        return attempt()
    except (TypeError, ValueError, ArithmeticError) as error:
        return type(error)


def assert_same(found, expected):
    """Equal in shape and, but for rounding, in numbers; or the same error."""
    if isinstance(expected, type) or isinstance(found, type):
        assert found is expected
        return
    assert found.shape == expected.shape
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=1.0)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13 * scale)


def assert_predicts_its_call(model, X):
    """A model with memory predicts what a copy of it says."""
    twin = copy.deepcopy(model)
    assert_same(outcome(lambda: model.predict(X)), outcome(lambda: called(twin, X)))


@given(model=models(), rows=st.sampled_from([1, 4, 5, 9]))
@settings(max_examples=500)
def test_predict_is_the_call_for_generated_modules(model, rows):
    """Mixins, replaced parts, changed attributes, shared weights, chains in chains, before and after a change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forward_module, "WORTH", 0)
        assert_predicts_its_call(model, ROWS[:rows])
        for leaf in model.parameters():
            leaf.data = 0.5 * leaf.data + 0.1
        assert_predicts_its_call(model, ROWS[:rows])


def cost(outputs, target):
    """The squares of all outputs, whatever they come in."""
    return autograd.sum([square(output - target) for output in flat(outputs)])


@pytest.mark.filterwarnings("ignore:training on graphs")
@given(model=models())
@settings(max_examples=200)
def test_compiled_training_is_eager_training_for_generated_modules(model):
    """The same history and parameters, or the same error."""
    y = np.linspace(-1.0, 1.0, 6)

    def trained(compiled):
        twin = copy.deepcopy(model)
        history = fit(
            twin, ROWS[:6], y, loss=cost, optimizer=SGD(1e-3), epochs=3, compiled=compiled, validation=(ROWS[:4], y[:4])
        )
        return np.array([*history.loss, *history.validation_loss, *read_parameters(twin.parameters())])

    assert_same(outcome(lambda: trained(None)), outcome(lambda: trained(False)))


GIVEN = {
    "a Value": (lambda m, x: m.w * x[0], ()),
    "a float": (lambda m, x: 3.0, ()),
    "an int": (lambda m, x: 3, ()),
    "a list of one": (lambda m, x: [m.w * x[0]], (1,)),
    "a tuple": (lambda m, x: (m.w, x[1]), (2,)),
    "an array": (lambda m, x: np.array([m.w * x[0], m.w], dtype=object), (2,)),
    "a table": (lambda m, x: [[m.w, x[0], x[1]], [1.0, m.w * x[0], x[0]]], (2, 3)),
    "nothing": (lambda m, x: [], (0,)),
}


@pytest.mark.parametrize("rows", [0, 1, 40])
@pytest.mark.parametrize("case", GIVEN)
def test_what_a_call_gives_decides_the_shape(case, rows):
    """Whatever it comes in, and however many rows there are, none included."""
    call, shape = GIVEN[case]
    found = Plain(call).predict(ROWS[:rows])
    assert found.shape == (rows, *shape)
    if rows:
        np.testing.assert_allclose(found, called(Plain(call), ROWS[:rows]), rtol=1e-14)


@pytest.mark.parametrize("case", GIVEN)
def test_bound_rows_give_what_the_call_gives(case):
    """In its shape, for other parameters too; only what no program gives is not bound."""
    model = Plain(GIVEN[case][0])
    bound = forward_module.bind(model, ROWS)
    if case == "nothing":
        assert bound is None
        return
    for weight in (2.0, -3.0):
        model.w.data = weight
        expected = forward_module.forward(model, ROWS)
        found = bound(np.array([weight]))
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-14)


SCALE = 1.0


def test_what_is_read_outside_the_model_is_what_it_is_now(monkeypatch):
    """A number of the notebook, changed between two predictions, is noticed at the first row."""
    model = Plain(lambda m, x: m.w * x[0] * SCALE)
    before = model.predict(ROWS)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    np.testing.assert_allclose(model.predict(ROWS), 3.0 * before, rtol=1e-15)


CHANGED = {
    "an activation": lambda m: setattr(m.layers[0], "activation", "sin"),
    "a neuron": lambda m: m.layers[0].neurons.__setitem__(1, Neuron(2, "sigmoid", rng=8)),
    "a layer": lambda m: setattr(m, "layers", [m.layers[0], Layer(3, 2, rng=9)]),
    "a leaf": lambda m: m.layers[1].neurons[0].weights.__setitem__(2, Value(-0.3)),
    "shared weights": lambda m: setattr(m.layers[0].neurons[0], "weights", m.layers[0].neurons[1].weights),
    "a bias taken away": lambda m: setattr(m.layers[1].neurons[0], "bias", None),
    "another class": lambda m: setattr(m.layers[0], "__class__", Doubled),
}


class Doubled(Layer):
    """A layer that says everything twice as loud."""

    def __call__(self, x):
        return [2.0 * entry for entry in super().__call__(x)]


@pytest.mark.parametrize("change", CHANGED)
def test_a_change_between_two_predictions_is_followed(change):
    """A program that was made before the change is no longer the model's."""
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    model.predict(ROWS)
    CHANGED[change](model)
    np.testing.assert_allclose(model.predict(ROWS), called(model, ROWS), rtol=1e-12)
    hidden, out = model.activations(ROWS)
    np.testing.assert_allclose(out, called(model, ROWS).reshape(len(ROWS), -1), rtol=1e-12)
    np.testing.assert_allclose(hidden, called(model.layers[0], ROWS), rtol=1e-12)


def test_a_layer_has_the_activation_of_its_neurons():
    """To change that of the layer is to change theirs."""
    layer = Layer(2, 3, "tanh", rng=0)
    layer.activation = "sigmoid"
    assert [neuron.activation.name for neuron in layer.neurons] == ["sigmoid"] * 3
    assert layer([1.0, 2.0])[0].data == Neuron.__call__(layer.neurons[0], [1.0, 2.0]).data
    assert repr(layer) == "Layer(2 → 3, sigmoid): 9 parameters"


def test_rows_are_lists_in_a_program_as_in_a_call():
    """``x + x`` puts a list behind itself, and is no sum."""
    model = Plain(lambda m, x: m.w * autograd.sum((x + x)[:3]))
    np.testing.assert_allclose(model.predict(ROWS), called(model, ROWS), rtol=1e-13)


def test_rows_of_different_shapes_are_refused():
    """An array has no place for them."""
    model = Plain(lambda m, x: [m.w] * (1 if x[0] > 0.0 else 2))
    message = "a module gives every example outputs of one shape, got (2,) and (1,); call it row by row"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        model.predict([[-1.0, 0.0], [1.0, 0.0]])


def test_one_row_alone_is_told_from_many():
    """A message that says how to pass it."""
    message = "X of shape (2,) is 2 rows of one number, one row is X[None]"
    with pytest.raises(ValueError, match=f"takes 2 inputs, got 1; {re.escape(message)}$"):
        MLP(2, [1], rng=0).predict([1.0, 2.0])
