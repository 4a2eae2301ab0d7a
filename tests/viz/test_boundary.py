"""Plots of points and regions: classes, rings, boundaries, the hidden space."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from autograd import NonFiniteError, Value
from nn import misclassified
from tests.viz.drawn import POINTS, XOR, boundaries, curves, network, plt, points
from tests.viz.drawn import no_window as no_window
from viz import plots
from viz.plots.classes import decide
from viz.plots.regions import draw_regions
from viz.plots.style import COLOURS, MARKERS, TINTS


def test_classes_differ_in_marker_and_colour():
    """Never colour alone."""
    ax = plots.plot_data(np.arange(16.0).reshape(8, 2), np.arange(8))
    shapes = {cloud.get_paths()[0].vertices.tobytes() for cloud in ax.collections}
    colours = {to_hex(cloud.get_facecolor()[0]) for cloud in ax.collections}
    assert len(shapes) == len(colours) == len(MARKERS) == 8


@pytest.mark.parametrize(
    "y",
    [
        [0, 1, 1, 0],
        [[0], [1], [1], [0]],
        [-1.0, 1.0, 1.0, -1.0],
        ["a", "b", "b", "a"],
        [[1, 0], [0, 1], [0, 1], [1, 0]],
    ],
)
def test_classes_may_be_given_in_any_way(y):
    """Numbers, a column, names, one-hot rows."""
    first, second = points(plots.plot_data(POINTS, y)).values()
    assert (first == POINTS[[0, 3]]).all()
    assert (second == POINTS[[1, 2]]).all()


def test_curves_are_drawn_in_the_colour_of_their_class():
    """The first curve belongs to the first class."""
    ax = plots.plot_data(POINTS, XOR, curves=[POINTS, POINTS + 1.0])
    assert [line.get_color() for line in curves(ax)] == list(COLOURS[:2])
    assert (curves(ax)[1].get_xydata() == POINTS + 1.0).all()


def test_data_refuses_what_it_cannot_draw():
    """Points that are not of the plane, too few labels, too many classes."""
    with pytest.raises(
        ValueError, match=r"^plot_data takes points of the plane, shape \(examples, 2\), got shape \(4, 3\)$"
    ):
        plots.plot_data(np.zeros((4, 3)), XOR)
    with pytest.raises(ValueError, match=r"^y has one class for each of the 4 rows of X, got 3$"):
        plots.plot_data(POINTS, [0, 1, 1])
    with pytest.raises(ValueError, match=r"^at most 8 classes can be told apart in a plot, got 9; leave some out$"):
        plots.plot_data(np.zeros((9, 2)), range(9))


@given(seed=st.integers(0, 10_000), outputs=st.integers(1, 3), activation=st.sampled_from(["sigmoid", "linear"]))
def test_rings_are_around_the_misclassified_points(seed, outputs, activation):
    """Exactly the ones that ``nn.misclassified`` names, and the legend counts them."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(12, 2))
    y = rng.integers(0, max(outputs, 2), 12)
    model = network(3, outputs, seed=seed, output=activation)
    ax = plots.plot_decision_boundary(model, X, y, plt.figure().add_subplot(), resolution=20)
    wrong = misclassified(model, X, y)
    rings = {label: where for label, where in points(ax).items() if label.startswith("misclassified")}
    assert list(rings) == ([f"misclassified ({len(wrong)})"] if len(wrong) else [])
    assert [row for where in rings.values() for row in where.tolist()] == X[wrong].tolist()
    plt.close("all")


def test_model_is_asked_once_for_grid_and_data():
    """One call of ``predict`` with 100 x 100 points and the data; no graph is built point by point."""
    asked = []

    class Model:
        def predict(self, X):
            """Note the question."""
            asked.append(X.shape)
            return X[:, 0]

    plots.plot_decision_boundary(Model(), POINTS, XOR)
    assert asked == [(10_004, 2)]


def test_no_value_is_made_for_a_plot_of_regions(monkeypatch):
    """A network of our own answers in arrays."""
    model = network(2, 1)
    monkeypatch.setattr(Value, "__init__", None)
    plots.plot_decision_boundary(model, POINTS, XOR)


def test_boundary_of_a_line_is_that_line():
    """Where 3 x1 - 2 x2 + 0.5 = 0, to the 36 binary digits that are drawn of a share of the width."""
    ax = plots.plot_decision_boundary(lambda X: X @ [3.0, -2.0] + 0.5, POINTS, XOR, threshold=0.0)
    (vertices,) = boundaries(ax)
    np.testing.assert_allclose(vertices @ [3.0, -2.0] + 0.5, 0.0, atol=(3.0 + 2.0) * 1.16 * 2.0**-37)


@pytest.mark.parametrize("steepness", [1.0, 30.0, 300.0])
def test_boundary_of_a_steep_probability_is_smooth(steepness):
    """A probability that jumps from 0 to 1 within a cell of the grid still has its boundary where it belongs."""
    predict = lambda X: 1.0 / (1.0 + np.exp(-steepness * (X @ [1.0, -0.6] - 0.2)))
    (vertices,) = boundaries(plots.plot_decision_boundary(predict, POINTS, XOR))
    cell = 1.16 / 99
    np.testing.assert_allclose(vertices @ [1.0, -0.6], 0.2, atol=0.1 * cell)


def test_threshold_follows_the_classes():
    """Half-way: 0.5 between 0 and 1, 0 between -1 and 1."""
    for y, middle in ((XOR, 0.5), (2.0 * XOR - 1.0, 0.0)):
        ax = plots.plot_decision_boundary(lambda X: 3.0 * X[:, 0] - 1.0, POINTS, y)
        (vertices,) = boundaries(ax)
        np.testing.assert_allclose(3.0 * vertices[:, 0] - 1.0, middle, atol=3.0 * 1.16 * 2.0**-37)  # as above
        plt.close("all")


def test_output_on_the_threshold_is_of_the_upper_class():
    """As ``nn.accuracy`` has it."""
    ax = plots.plot_decision_boundary(lambda X: np.full(len(X), 0.5), POINTS, np.ones(4))
    assert list(points(ax)) == ["class 1"]


def test_regions_of_three_classes_meet_at_their_boundaries():
    """On each line the two largest outputs are equal, and each region has the tint of its class."""
    W = np.array([[1.0, 0.0], [-1.0, 1.0], [-0.5, -1.0]])
    X, y = np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -1.0]]), [0, 1, 2]
    ax = plots.plot_decision_boundary(lambda X: 20.0 * X @ W.T, X, y)
    lines = boundaries(ax)
    assert len(lines) == 3
    for line in lines:
        scores = np.sort(line @ W.T, axis=1)
        np.testing.assert_allclose(scores[:, -1], scores[:, -2], atol=0.02)
    (image,) = ax.images
    corners = [to_hex(image.get_array()[row, column] / 255.0) for row, column in ((50, -1), (-1, 0), (0, 0))]
    assert corners == list(TINTS[:3])
    assert (image.origin, *image.get_extent()) == ("lower", *ax.get_xlim(), *ax.get_ylim())


def test_regions_without_a_boundary_are_drawn():
    """A model that always says the same divides nothing."""
    ax = plots.plot_decision_boundary(lambda X: np.ones(len(X)), POINTS, XOR)
    assert boundaries(ax) == []
    assert "misclassified (2)" in points(ax)


def test_regions_refuse_what_they_cannot_draw():
    """Outputs that are not finite, and targets that do not fit the outputs."""
    with pytest.raises(
        NonFiniteError, match=r"^regions are drawn from finite outputs, got nan in 10004 of 10004 points; "
    ):
        plots.plot_decision_boundary(lambda X: X[:, 0] * math.nan, POINTS, XOR)
    with pytest.raises(
        ValueError, match=r"^y of a single output is 0 and 1, or −1 and 1, got \[0 1 2\]; give the model "
    ):
        plots.plot_decision_boundary(lambda X: X[:, 0], POINTS, [0, 1, 2, 1])
    with pytest.raises(ValueError, match=r"^y has classes from 0 to 1, one for each output, got \[0 1 2\]$"):
        plots.plot_decision_boundary(lambda X: X, POINTS, [0, 1, 2, 1])


@given(seed=st.integers(0, 1000))
def test_hidden_space_shows_the_last_hidden_layer_and_its_line(seed):
    """Points are the two activations, curves are carried along, and on the line the output layer is undecided."""
    model = network(5, 2, 1, seed=seed)
    curve = np.column_stack([np.linspace(-3.0, 3.0, 20), np.sin(np.linspace(-3.0, 3.0, 20))])
    two = [curve, curve[:5] + 1.0]
    ax = plots.plot_hidden_space(model, POINTS, XOR, plt.figure().add_subplot(), curves=two)
    hidden = model.activations(POINTS)[-2]
    np.testing.assert_allclose(points(ax)["class 0"], hidden[XOR == 0])
    for line, curve in zip(curves(ax), two, strict=True):
        np.testing.assert_allclose(line.get_xydata(), model.activations(curve)[-2])
    head = model.layers[-1]
    for vertices in boundaries(ax):
        np.testing.assert_allclose(vertices @ head.weight_matrix()[0] + head.bias_vector()[0], 0.0, atol=1e-9)
    plt.close("all")


def test_hidden_space_may_be_a_function():
    """With a head there is a line; without one there are the points alone."""
    hidden = lambda X: X**2
    with_line = plots.plot_hidden_space(hidden, POINTS + 0.5, XOR, head=lambda H: H[:, 0] - H[:, 1], threshold=0.0)
    alone = plots.plot_hidden_space(hidden, POINTS + 0.5, XOR)
    assert len(boundaries(with_line)) == 1
    assert boundaries(alone) == []
    assert (points(alone)["class 0"] == (POINTS[XOR == 0] + 0.5) ** 2).all()


def test_hidden_space_takes_two_neurons():
    """Any other number cannot be drawn in the plane, and a network without a hidden layer has none."""
    with pytest.raises(
        ValueError, match=r"^plot_hidden_space draws a last hidden layer of 2 neurons, got 20; give the "
    ):
        plots.plot_hidden_space(network(20, 1), POINTS, XOR)
    with pytest.raises(
        ValueError, match=r"^plot_hidden_space takes a network with a hidden layer, got one with a single"
    ):
        plots.plot_hidden_space(network(1), POINTS, XOR)


def test_tint_is_pale_where_two_of_three_classes_tie():
    """Certainty is the lead over the second best, however far behind the worst is."""
    ax = plt.figure().add_subplot()
    tie, ahead = [2.0, 2.0, -50.0], [20.0, 0.0, -50.0]
    draw_regions(ax, np.array([[tie, ahead], [tie, ahead]]), (np.zeros(2), np.ones(2)))
    pale, strong = np.asarray(ax.images[0].get_array())[0, :, :3] / 255.0
    half = 0.5 / 255.0  # colours are bytes: each is off by half of one at most
    np.testing.assert_allclose(1.0 - pale, 0.25 * (1.0 - strong), rtol=1e-6, atol=half + 0.25 * half)


def test_points_of_class_1_alone_do_not_say_where_it_begins():
    """At 0.5 beside 0, at 0 beside -1: told, or refused."""
    outputs = np.array([-0.2, 0.2, 0.7])
    for threshold, predicted in ((0.5, [0, 0, 1]), (0.0, [0, 1, 1])):
        assert decide(outputs, [1, 1, 1], 3, threshold).predicted.tolist() == predicted
    with pytest.raises(ValueError, match=r"^y of a single output is 1 alone"):
        decide(outputs, [1, 1, 1], 3, None)
    assert decide(outputs[::2], [1, 1], 2, None).predicted.tolist() == [0, 1]


@pytest.mark.parametrize("shift", [0.0, 1.5])
def test_outputs_of_several_classes_are_compared_as_logits(shift):
    """Probabilities by their logarithms, for then the lead is p - q; what does not lie in [0, 1] as it is."""
    outputs = np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]]) + shift
    scores = decide(outputs, [0, 1], 2, None).scores
    leads = np.tanh((scores[0, 0] - scores[0, 1]) / 2), np.tanh((scores[1, 1] - scores[1, 2]) / 2)
    np.testing.assert_allclose(leads, (np.tanh(0.25) if shift else 0.5 / 0.9, 0.0))
    assert np.isfinite(scores).all()


@given(angle=st.floats(0.0, 2.0 * np.pi), shift=st.floats(-1.0, 1.0))
def test_legend_keeps_off_the_line_between_the_regions(angle: float, shift: float):
    """Where there is room for it: points are few, at the corners and along one line."""
    normal = np.array([np.cos(angle), np.sin(angle)])
    X = np.array([[-2.0, -2.0], [-2.0, 2.0], [2.0, -2.0], [2.0, 2.0], normal * shift])
    ax = plots.plot_decision_boundary(lambda x: (x @ normal - shift) * 5.0, X, [0, 1, 0, 1, 1], threshold=0.0)
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent().padded(-1.0)
    for line in ax.lines:
        assert not line.get_transform().transform_path(line.get_path()).intersects_bbox(box, filled=False)
    plt.close(ax.figure)
