"""Laws of models: when predictions run as a program and which rows it is held to, labels, and how a model is shown."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import autograd
from autograd import Value
from nn import MLP, Layer, Module, Neuron, Sequential
from nn.model import forward
from nn.model.activations import ACTIVATIONS, Activation
from nn.model.forward import CHECKED, FEW, TOLERANCE, WORTH, Forward

# ── Programs ──


@given(st.lists(st.integers(1, 20), max_size=8))
@example([WORTH, 1, FEW + 1])
@example([WORTH - FEW - 1, FEW + 1, FEW + 1])
@example([WORTH - FEW, FEW, FEW + 1])
@example([WORTH, FEW])
@example([WORTH + 1])
@example([WORTH])
def test_program_is_made_for_more_than_few_rows_when_enough_have_come(batches: list[int]) -> None:
    """Rows that were called one by one count, those of this batch too."""
    model, tried, rows = Neuron(1, rng=0), [], 0
    predictions = Forward(lambda model, row: [model(row)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predictions, "_compiled", lambda model, X, first: tried.append(len(X)))
        for count in batches:
            tried.clear()
            (outputs,) = predictions(model, np.arange(float(count)))
            assert outputs.shape == (count,)
            assert tried == [count] * (count > FEW and rows + count > WORTH)
            rows += count


def test_shape_without_a_program_is_not_tried_again() -> None:
    """Rows of another shape are."""
    tried: list[tuple[int, ...]] = []

    class Sums(Module):
        def __call__(self, x: Any) -> Any:
            return math.fsum(np.ravel(x))

    model = Sums()
    predictions = Forward(lambda model, row: [model(row)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predictions, "_renewed", lambda: tried.append(()))
        for shape in ((40, 2), (40, 3), (40, 2), (50, 3), (40,)):
            (outputs,) = predictions(model, np.ones(shape))
            assert outputs.tolist() == [float(np.prod(shape[1:]))] * shape[0]
    assert len(tried) == 3


@pytest.mark.parametrize("count", [1, 2, CHECKED, CHECKED + 1, 100])
def test_program_of_predictions_is_held_to_the_call_at_first_and_last_row_and_some_between(count: int) -> None:
    """So many at most, each once, in order; and all have to agree."""
    seen: list[float] = []

    def called(model: Any, row: list[float]) -> list[Any]:
        seen.append(row[0])
        return [model(row)]

    model, X = Neuron(1, rng=0), np.arange(float(count))[:, None]
    found = [np.array([model(row).data for row in X.tolist()])]
    assert Forward(called)._agrees(model, X, found)
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1], len(seen)) == (0.0, count - 1.0, min(count, CHECKED))
    for row in (0, count - 1):
        wrong = found[0].copy()
        wrong[row] += 1.0
        assert not Forward(called)._agrees(model, X, [wrong])


@pytest.mark.parametrize("size", [1e-9, 1e-3, 1.0, 1e9])
@pytest.mark.parametrize("more", [0.5, 2.0, -0.5, -2.0])
def test_outputs_agree_within_the_tolerance_of_the_largest(size: float, more: float) -> None:
    """Which is a thousandth at least; nan and infinity agree with themselves alone, and shapes have to be the same."""
    called = [np.array([size, -size / 4.0, math.nan, math.inf])]
    scale = TOLERANCE * max(size, 1e-3)
    found = [np.array([[0.0] * 4, [size, -size / 4.0 + more * scale, math.nan, math.inf]])]
    assert forward._agree(found, called, 1) is (abs(more) < 1.0)
    assert not forward._agree(found, called, 0)
    for other in ([size, -size / 4.0, 0.0, math.inf], [size, -size / 4.0, math.nan, -math.inf]):
        assert not forward._agree([np.array([other])], called, 0)
    assert not forward._agree([np.array([[[1.0], [1.0]]])], [np.array([1.0, 1.0])], 0)
    assert forward._agree([np.zeros((1, 0))], [np.zeros(0)], 0)
    assert not forward._agree([np.zeros((1, 1)), np.ones((1, 1))], [np.zeros(1), np.zeros(1)], 0)


def test_columns_are_split_into_outputs_of_their_shapes() -> None:
    """In order; more or fewer columns are none of these."""
    flat = np.arange(14.0).reshape(2, 7)
    parts = forward._split(flat, [np.zeros(()), np.zeros((2, 2)), np.zeros(2)])
    assert parts is not None
    assert [part.tolist() for part in parts] == [[0.0, 7.0], [[[1.0, 2.0], [3.0, 4.0]], [[8.0, 9.0], [10.0, 11.0]]],
                                                 [[5.0, 6.0], [12.0, 13.0]]]  # fmt: skip
    assert forward._split(flat, [np.zeros(6)]) is None
    assert forward._split(flat, [np.zeros(8)]) is None


# ── Names ──

UP, DOWN = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)), dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))


def written(symbol: str, layer: int | None, *indices: int) -> str:
    """A name, letter by letter."""
    above = "" if layer is None else "⁽" + "".join(UP[digit] for digit in str(layer)) + "⁾"
    below = ["".join(DOWN[digit] for digit in str(index)) for index in indices]
    return symbol + above + ("," if any(len(text) > 1 for text in below) else "").join(below)


@pytest.mark.parametrize("make", [lambda: MLP(11, [2, 12, 1], rng=0), lambda: MLP(10, [10] * 11, bias=False, rng=0)])
def test_every_label_of_a_perceptron_is_as_the_documents_write_it(make: Any) -> None:
    """Layer above, neuron and input below, with a comma where one of them has two digits."""
    model = make()
    for number, layer in enumerate(model.layers, start=1):
        assert layer._number == number
        for j, neuron in enumerate(layer.neurons):
            assert [w.label for w in neuron.weights] == [written("w", number, j, i) for i in range(len(neuron.weights))]
            assert (neuron.bias.label if neuron.bias else None) == (written("b", number, j) if neuron.bias else None)
            index = () if layer.outputs == 1 else (j,)
            assert neuron([0.5] * len(neuron.weights)).label == written("a", number, *index)


def test_neuron_alone_has_no_layer_in_its_labels() -> None:
    """Nor number; eleven inputs need no comma, for there is one index alone."""
    neuron = Neuron(11, rng=0)
    assert [w.label for w in neuron.weights] == [written("w", None, i) for i in range(11)]
    assert neuron.weights[10].label == "w₁₀"
    assert neuron.bias is not None
    assert neuron.bias.label == "b"
    assert neuron([0.0] * 11).label == "a"


class Two(Module):
    """Layers among other things, of which each counts once."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.first = Layer(2, 2, rng=rng)
        self.inner = Sequential(Layer(2, 2, rng=rng), self.first)
        self.last = [Layer(2, 1, bias=False, rng=rng)]


def test_layers_of_a_model_of_ones_own_are_numbered_as_they_come() -> None:
    """One that is held twice has one number, and its first name."""
    model = Two()
    assert [(name, part._name) for name, part in model.named_modules()] == [
        (name, name)
        for name in (
            "", "first", "first.neurons.0", "first.neurons.1", "inner", "inner.layers.0", "inner.layers.0.neurons.0",
            "inner.layers.0.neurons.1", "last.0", "last.0.neurons.0",
        )
    ]  # fmt: skip
    assert [layer._number for layer in (model.first, model.inner.layers[0], model.last[0])] == [1, 2, 3]  # type: ignore[attr-defined]
    assert model.last[0].neurons[0].weights[1].label == "w⁽³⁾₀₁"
    with pytest.raises(ValueError, match=r"^Neuron 'last\.0\.neurons\.0' takes 2 inputs, got 1$"):
        model.last[0].neurons[0]([1.0])


@pytest.mark.parametrize(
    "model",
    [Two(), MLP(2, [16, 1], rng=0), Neuron(1, bias=False), Neuron(2), Layer(9, 120, "tanh"), Sequential(Neuron(1))],
    ids=repr,
)
def test_model_is_shown_with_a_line_for_each_part_and_its_count(model: Module) -> None:
    """Columns stand below each other; a layer's neurons are not shown; one parameter is no parameters."""
    first, *lines = repr(model).split("\n")
    total = len(model.parameters())
    assert first == f"{model._summary()}: {total} parameter{'' if total == 1 else 's'}"
    shown = [
        (name, part)
        for name, part in model.named_modules()
        if name and not isinstance(model, Layer) and not re.search(r"(^|\.)neurons\.", name)
    ]
    assert [line.split() for line in lines] == [
        [name, *part._summary().split(), str(len(part.parameters()))] for name, part in shown
    ]
    assert len({len(line) for line in lines}) <= 1
    if lines:
        column = 2 + max(len(name) for name, _ in shown) + 2
        assert {line[:2] + line[column - 2 : column] for line in lines} == {"    "}
        assert all(line[column:].startswith(part._summary()) for line, (_, part) in zip(lines, shown, strict=True))
        width = max(len(part._summary()) for _, part in shown)
        assert {len(line) for line in lines} == {column + width + 2 + 6}


def test_each_model_keeps_predictions_of_its_own_for_as_long_as_it_lives() -> None:
    """Those of calls and those of layers, whatever other models predict meanwhile."""
    models = [Neuron(1, rng=0) for _ in range(3)]
    kept = {(k, name): forward._kept(models[k], name, forward._call) for name in ("call", "layers") for k in range(3)}
    assert len(set(map(id, kept.values()))) == 6
    assert all(forward._kept(models[k], name, forward._call) is there for (k, name), there in kept.items())
    keys = {(id(model), name) for model in models for name in ("call", "layers")}
    assert keys <= forward._forwards.keys()
    models.clear()
    assert not keys & forward._forwards.keys()


# ── Activations ──


class Square:
    """A function without a name."""

    def __call__(self, z: Any) -> Any:
        return z * z


def test_activation_has_the_name_of_its_function_or_class() -> None:
    """The engine's own functions are those of the table; one that is called alike is another."""
    assert Activation.of(Square()).name == "Square"
    assert Activation.of(autograd.tanh) is ACTIVATIONS["tanh"]

    def tanh(z: Any) -> Any:
        return z * 2.0

    assert Activation.of(tanh) == Activation("tanh", tanh)
    assert Activation.of(Activation("mine", tanh)) == Activation("mine", tanh)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_operations_are_applied_to_arrays_as_a_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Value is made; of whole numbers the result is floats; the numbers are those of each Value."""
    z = np.array([[1, -2], [0, 3]])
    activation = Activation.of(name)  # type: ignore[arg-type]
    expected = [[activation.function(Value(float(x))).data for x in row] for row in z]
    monkeypatch.setattr("nn.model.activations.Value", None)
    found = activation.on_array(z)
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    assert found.dtype == (z.dtype if name == "linear" else float)
