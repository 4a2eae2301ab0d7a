"""Document 000's plots: the cost surface, and networks layer by layer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.drawn import POINTS, level_lines, lines, network, no_window  # noqa: F401 - pytest uses no_window
from viz import plots


def test_cost_surface_is_the_mean_cost():
    """On every line 0.5 (t - s(w x + b))², averaged over the inputs, is the level."""
    inputs = np.array([0.1, 0.5, 0.9])
    found = level_lines(plots.plot_cost_surface(inputs, target=0.3))
    assert len(found) == 11
    for level, vertices in found.items():
        bias, weight = vertices.T
        activation = 1.0 / (1.0 + np.exp(-(np.outer(weight, inputs) + bias[:, np.newaxis])))
        np.testing.assert_allclose(0.5 * ((0.3 - activation) ** 2).mean(axis=1), level, atol=2e-4)


def test_activation_surface_is_that_of_document_000():
    """At the input 1 its lines are those on which w + b is constant: no minimum anywhere."""
    for level, vertices in level_lines(plots.plot_cost_surface([1.0], quantity="activation")).items():
        np.testing.assert_allclose(1.0 / (1.0 + np.exp(-vertices.sum(axis=1))), level, atol=1e-3)


def test_descent_path_has_the_bias_across_and_the_weight_up():
    """Rows are weight and bias, as parameters are recorded; the axes are those of the document."""
    ax = plots.plot_cost_surface([0.5], path=[[2.0, 1.0], [1.5, 0.5], [1.0, -1.0]])
    assert (list(ax.lines[0].get_xdata()), list(ax.lines[0].get_ydata())) == ([1.0, 0.5, -1.0], [2.0, 1.5, 1.0])
    assert lines(ax)["start"] == ([1.0], [2.0])
    assert lines(ax)["after 2 steps"] == ([-1.0], [1.0])


def test_cost_surface_refuses_what_it_cannot_draw():
    """An unknown quantity, a path of something else, inputs of several columns."""
    with pytest.raises(ValueError, match=r"^quantity is 'cost' or 'activation', got 'loss'; choose one of these$"):
        plots.plot_cost_surface([1.0], quantity="loss")
    with pytest.raises(
        ValueError, match=r"^path has rows of a weight and a bias, shape \(steps, 2\), got shape \(3,\)$"
    ):
        plots.plot_cost_surface([1.0], path=[1.0, 2.0, 3.0])
    with pytest.raises(
        ValueError, match=r"^plot_cost_surface takes one input an example, shape \(examples,\), got shape"
    ):
        plots.plot_cost_surface(POINTS)


@given(seed=st.integers(0, 1000))
def test_by_layer_sorts_parameters_into_layers(seed):
    """Weights and biases of each layer, whether of the model or of a recorded vector."""
    model = network(3, 1, seed=seed)
    flat = [parameter.data for parameter in model.parameters()]
    for found in (plots.by_layer(model), plots.by_layer(model, flat)):
        assert [w.tolist() for w in found["weights"]] == [
            layer.weight_matrix().ravel().tolist() for layer in model.layers
        ]
        assert [b.tolist() for b in found["biases"]] == [layer.bias_vector().tolist() for layer in model.layers]


def test_by_layer_refuses_a_vector_of_another_model():
    """The number of parameters must agree."""
    with pytest.raises(ValueError, match=r"^by_layer takes one number for each of 9 parameters, got 3$"):
        plots.by_layer(network(2, 1), [1.0, 2.0, 3.0])


def test_change_of_a_single_number_has_its_sign():
    """What was added to it."""
    ax = plots.plot_layer_changes({"weights": [2.0, 2.0]}, {"weights": [1.5, 2.25]})
    assert lines(ax)["weights"][1] == [-0.5, 0.25]


def test_change_of_many_numbers_is_their_root_mean_square():
    """A whole layer in one number."""
    ax = plots.plot_layer_changes({"weights": [np.zeros((2, 2))]}, {"weights": [np.array([[1.0, -1.0], [1.0, 5.0]])]})
    assert lines(ax)["weights"][1] == [math.sqrt(7.0)]
    assert ax.get_ylabel() == "root mean square change"


def test_percentages_are_left_out_only_where_a_number_begins_at_zero():
    """Document 000 sets all of them to 0 there; here one layer says n/a and the others keep theirs."""
    ax = plots.plot_layer_changes({"biases": [0.0, 2.0, 4.0]}, {"biases": [1.0, 1.0, 5.0]}, percent=True)
    drawn = lines(ax)["biases"][1]
    assert math.isnan(drawn[0])
    assert drawn[1:] == [-50.0, 25.0]
    assert [text.get_text() for text in ax.texts] == ["n/a", "−50", "25"]


def test_changes_of_a_model_are_those_since_before():
    """A model stands for its own numbers."""
    model = network(2, 1)
    before = plots.by_layer(model)
    model.layers[0].neurons[0].weights[0].data += 2.0
    ax = plots.plot_layer_changes(before, model)
    assert lines(ax)["weights"][1] == pytest.approx([1.0, 0.0])
    assert lines(ax)["biases"][1] == [0.0, 0.0]


def test_changes_refuse_two_different_models():
    """Layer for layer, kind for kind."""
    with pytest.raises(
        ValueError, match=r"^before and after have the same kinds and layers, got 2 weights and 1 weights; "
    ):
        plots.plot_layer_changes({"weights": [1.0, 2.0]}, {"weights": [1.0]})


def test_layer_activations_are_drawn_from_input_to_output():
    """Each stage a line; the target stands at the output."""
    ax = plots.plot_layer_activations({"before": [1.0, 0.9, 0.8], "after": [1.0, [0.2, 0.4], 0.1]}, target=0.15)
    drawn = lines(ax)
    assert drawn["before"] == ([0, 1, 2], [1.0, 0.9, 0.8])
    assert drawn["after"][1] == pytest.approx([1.0, 0.3, 0.1])
    assert drawn["target 0.15"] == ([2], [0.15])
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["input", "1", "output"]


def test_layer_activations_need_a_layer():
    """An input alone is no network."""
    with pytest.raises(
        ValueError, match=r"^plot_layer_activations takes the input and at least one layer, got 1 layers$"
    ):
        plots.plot_layer_activations([1.0])


def test_gradient_sizes_are_root_mean_squares_on_a_log_scale():
    """A vanishing gradient is a straight line there."""
    ax = plots.plot_gradient_sizes({"a": [[3e-4, 4e-4], 1e-2], "b": [1.0, -10.0]})
    assert ax.get_yscale() == "log"
    assert lines(ax)["a"][1] == pytest.approx([math.sqrt(12.5) * 1e-4, 1e-2])
    assert lines(ax)["b"][1] == [1.0, 10.0]


def test_gradient_of_exactly_zero_is_marked():
    """It has no place on a log scale, and is no gap either."""
    ax = plots.plot_gradient_sizes([0.0, 1e-3])
    assert math.isnan(ax.lines[0].get_ydata()[0])
    assert [(text.get_text(), text.get_position()[0]) for text in ax.texts] == [("0", 1)]


def test_gradient_sizes_of_a_model_are_those_of_its_layers():
    """Weights and biases of a layer together."""
    model = network(2, 1)
    model([0.3, -0.4]).backward()
    layers = [[p.grad for neuron in layer.neurons for p in (*neuron.weights, neuron.bias)] for layer in model.layers]
    expected = [math.sqrt(sum(g * g for g in layer) / len(layer)) for layer in layers]
    assert list(plots.plot_gradient_sizes(model).lines[0].get_ydata()) == pytest.approx(expected)
