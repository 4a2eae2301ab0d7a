"""Plots: what is drawn is what was given, and nothing else on the machine is different afterwards."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import dataclass, field

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from autograd import NonFiniteError, Value, exp
from nn import MLP, datasets, misclassified
from viz import plots
from viz.plot_style import COLOURS, MARKERS, TINTS

POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])


@dataclass
class Run:
    """What ``plot_loss`` needs of a History."""

    loss: list[float]
    validation_loss: list[float] = field(default_factory=list)


def network(*sizes: int, seed: int = 0, output: str = "sigmoid") -> MLP:
    return MLP(2, sizes, activation="tanh", output_activation=output, rng=seed)


ALL = {
    "plot_loss": lambda ax: plots.plot_loss([3.0, 2.0, 1.0], ax),
    "plot_activations": lambda ax: plots.plot_activations(["sigmoid", "relu"], ax),
    "plot_data": lambda ax: plots.plot_data(POINTS, XOR, ax, curves=[POINTS]),
    "plot_decision_boundary": lambda ax: plots.plot_decision_boundary(network(2, 1), POINTS, XOR, ax),
    "plot_hidden_space": lambda ax: plots.plot_hidden_space(network(2, 1), POINTS, XOR, ax),
    "plot_cost_surface": lambda ax: plots.plot_cost_surface([0.5], ax, path=[[2.0, 2.0], [1.0, 1.5]]),
    "plot_layer_changes": lambda ax: plots.plot_layer_changes({"weights": [1.0]}, {"weights": [2.0]}, ax),
    "plot_layer_activations": lambda ax: plots.plot_layer_activations([1.0, 0.5], ax, target=0.1),
    "plot_gradient_sizes": lambda ax: plots.plot_gradient_sizes([1e-4, 1e-2], ax),
    "plot_digits": lambda ax: plots.plot_digits(datasets.seven_segments()[0], ax, labels=range(10)),
}
every_plot = pytest.mark.parametrize("draw", ALL.values(), ids=ALL)


@pytest.fixture(autouse=True)
def _no_window(monkeypatch):
    def show(*args, **kwargs):
        raise AssertionError("a plot showed itself")

    monkeypatch.setattr(plt, "show", show)
    yield
    plt.close("all")


def lines(ax) -> dict[str, tuple[list[float], list[float]]]:
    """The labelled lines of a plot."""
    return {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines}


def points(ax) -> dict[str, np.ndarray]:
    """The labelled clouds of points of a plot."""
    return {cloud.get_label(): np.asarray(cloud.get_offsets()) for cloud in ax.collections if len(cloud.get_offsets())}


def level_lines(ax) -> dict[float, np.ndarray]:
    """The vertices of the contour lines of a plot, by level."""
    found = {}
    for contours in ax.collections:
        if hasattr(contours, "levels") and not contours.filled:
            for level, path in zip(contours.levels, contours.get_paths(), strict=True):
                if len(path.vertices):
                    found[level] = path.vertices
    return found


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_importing_viz_does_not_load_matplotlib():
    """The package stays light until a plot is asked for."""
    code = "import sys, viz; assert 'matplotlib' not in sys.modules; viz.plot_loss; assert 'matplotlib' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_plots_without_matplotlib_say_how_to_get_it():
    """It is an extra; the message names it."""
    code = "import sys; sys.modules['matplotlib'] = None; import viz; viz.plot_loss"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (
        "ModuleNotFoundError: plots are drawn by matplotlib, which is not installed; run: pip install 'scalar-au"
        in (answer.stderr)
    )


@every_plot
def test_plot_draws_on_the_axes_it_is_given(draw):
    """It returns them, and no figure is made."""
    figure, ax = plt.subplots()
    assert draw(ax) is ax
    assert ax.has_data()
    assert plt.get_fignums() == [figure.number]


@every_plot
def test_plot_makes_a_figure_of_its_own_where_none_is_given(draw):
    """The figure is new and can be drawn without a warning."""
    other = plt.figure()
    ax = draw(None)
    assert ax.figure is not other
    assert other.axes == []
    ax.figure.canvas.draw()


@every_plot
def test_plot_changes_no_setting(draw):
    """Neither matplotlib's settings nor NumPy's random state are different afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        settings, random = dict(mpl.rcParams), np.random.get_state()[1].copy()
        draw(None)
        assert dict(mpl.rcParams) == settings
        assert (np.random.get_state()[1] == random).all()


@every_plot
def test_plot_refuses_several_axes(draw):
    """What subplots gives is an array; the message says to pick one."""
    axes = plt.subplots(1, 2)[1]
    with pytest.raises(
        TypeError, match=r"^ax takes one matplotlib Axes, got ndarray; of several, .* pass one: axes\[0\]$"
    ):
        draw(axes)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out(colour):
    """Lines and markers have a contrast of 3 : 1 with white and with every region (WCAG 2.2, 1.4.11)."""
    for background in ("#ffffff", *TINTS):
        assert (luminance(background) + 0.05) / (luminance(colour) + 0.05) >= 3.0


# ── Loss ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(losses=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30))
def test_loss_is_drawn_as_it_is(losses):
    """Every epoch from 1 on, spikes and all."""
    ax = plots.plot_loss(losses, plt.figure().add_subplot())
    assert list(lines(ax).values()) == [(list(range(1, len(losses) + 1)), losses)]
    plt.close("all")


def test_losses_of_several_runs_are_named():
    """By the keys of a dict, or by number; a history stands for its losses."""
    assert lines(plots.plot_loss({"0 hidden": [2.0, 1.0], "4 hidden": Run([3.0])})) == {
        "0 hidden": ([1, 2], [2.0, 1.0]),
        "4 hidden": ([1], [3.0]),
    }
    assert list(lines(plots.plot_loss([[2.0, 1.0], Run([3.0])]))) == ["run 1", "run 2"]


def test_validation_loss_is_drawn_beside_its_run():
    """In the colour of its run, dashed."""
    ax = plots.plot_loss(Run([2.0, 1.0], [2.5, 1.5]))
    training, validation = ax.lines
    assert lines(ax) == {"training": ([1, 2], [2.0, 1.0]), "validation": ([1, 2], [2.5, 1.5])}
    assert training.get_color() == validation.get_color()
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")


@pytest.mark.parametrize(
    ("scale", "axes"), [("linear", ("linear", "linear")), ("semilogy", ("linear", "log")), ("loglog", ("log", "log"))]
)
def test_scale_says_which_axes_are_logarithmic(scale, axes):
    """Named as in document 003."""
    ax = plots.plot_loss([3.0, 0.0, 1.0], scale=scale)
    assert (ax.get_xscale(), ax.get_yscale()) == axes


def test_loss_of_zero_is_a_gap_on_a_log_scale():
    """Not a line to the bottom of the plot."""
    ax = plots.plot_loss([3.0, 0.0, 1.0], scale="semilogy")
    assert not math.isfinite(ax.transData.transform([2.0, 0.0])[1])
    ax.figure.canvas.draw()


def test_loss_refuses_what_it_cannot_draw():
    """An unknown scale, and a run without epochs."""
    with pytest.raises(ValueError, match=r"^scale is one of 'linear', 'semilogy', 'loglog', got 'log'; choose one of "):
        plots.plot_loss([1.0], scale="log")
    with pytest.raises(ValueError, match=r"^plot_loss takes the losses of at least one epoch, got an array of shape "):
        plots.plot_loss(Run([]))
    with pytest.raises(ValueError, match=r"^plot_loss takes at least one run, got none; pass a History or a list"):
        plots.plot_loss({})


# ── Activations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_activation_is_drawn_with_its_derivative():
    """The logistic function and s (1 - s), document 002."""
    drawn = lines(plots.plot_activations("sigmoid"))
    z = np.array(drawn["sigmoid"][0])
    s = 1.0 / (1.0 + np.exp(-z))
    assert (z[0], z[-1]) == (-5.0, 5.0)
    np.testing.assert_allclose(drawn["sigmoid"][1], s, rtol=1e-14)
    np.testing.assert_allclose(drawn["sigmoid, derivative"][1], s * (1.0 - s), rtol=1e-13)


def test_jump_of_a_derivative_is_no_slanted_line():
    """That of relu is drawn in two pieces, 0 and 1, with a dot at the convention: 0 at 0."""
    ax = plots.plot_activations("relu")
    z, slope = map(np.array, lines(ax)["relu, derivative"])
    assert set(slope[z < 0]) == {0.0}
    assert set(slope[z > 0]) == {1.0}
    assert np.isnan(slope[z == 0]).all()
    assert [(list(dot.get_xdata()), list(dot.get_ydata())) for dot in ax.lines if dot.get_marker() == "o"] == [
        ([0.0], [0.0])
    ]


def test_activation_may_be_a_function_of_a_value():
    """Whatever the engine differentiates can be drawn."""

    def bump(z: Value) -> Value:
        return exp(-z * z)

    z, slope = map(np.array, lines(plots.plot_activations(bump, low=-2.0, high=2.0))["bump, derivative"])
    np.testing.assert_allclose(slope, -2.0 * z * np.exp(-z * z), atol=1e-14)


# ── Points and regions ───────────────────────────────────────────────────────────────────────────────────────────────


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
    assert [line.get_color() for line in ax.lines] == list(COLOURS[:2])
    assert (ax.lines[1].get_xydata() == POINTS + 1.0).all()


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
    """Where 3 x1 - 2 x2 + 0.5 = 0, to the rounding of the grid's interpolation."""
    ax = plots.plot_decision_boundary(lambda X: X @ [3.0, -2.0] + 0.5, POINTS, XOR, threshold=0.0)
    (vertices,) = level_lines(ax).values()
    np.testing.assert_allclose(vertices @ [3.0, -2.0] + 0.5, 0.0, atol=1e-12)


@pytest.mark.parametrize("steepness", [1.0, 30.0, 300.0])
def test_boundary_of_a_steep_probability_is_smooth(steepness):
    """A probability that jumps from 0 to 1 within a cell of the grid still has its boundary where it belongs."""
    predict = lambda X: 1.0 / (1.0 + np.exp(-steepness * (X @ [1.0, -0.6] - 0.2)))
    (vertices,) = level_lines(plots.plot_decision_boundary(predict, POINTS, XOR)).values()
    cell = 1.16 / 99
    np.testing.assert_allclose(vertices @ [1.0, -0.6], 0.2, atol=0.1 * cell)


def test_threshold_follows_the_classes():
    """Half-way: 0.5 between 0 and 1, 0 between -1 and 1."""
    for y, middle in ((XOR, 0.5), (2.0 * XOR - 1.0, 0.0)):
        ax = plots.plot_decision_boundary(lambda X: 3.0 * X[:, 0] - 1.0, POINTS, y)
        (vertices,) = level_lines(ax).values()
        np.testing.assert_allclose(3.0 * vertices[:, 0] - 1.0, middle, atol=1e-12)
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
    for contours in ax.collections:
        if hasattr(contours, "levels"):
            scores = np.sort(contours.get_paths()[0].vertices @ W.T, axis=1)
            np.testing.assert_allclose(scores[:, -1], scores[:, -2], atol=0.02)
    (image,) = ax.images
    corners = [to_hex(image.get_array()[row, column]) for row, column in ((50, -1), (-1, 0), (0, 0))]
    assert corners == list(TINTS[:3])
    assert (image.origin, image.get_extent()) == ("lower", [*ax.get_xlim(), *ax.get_ylim()])


def test_regions_without_a_boundary_are_drawn():
    """A model that always says the same divides nothing."""
    ax = plots.plot_decision_boundary(lambda X: np.ones(len(X)), POINTS, XOR)
    assert level_lines(ax) == {}
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
    ax = plots.plot_hidden_space(model, POINTS, XOR, plt.figure().add_subplot(), curves=[curve])
    hidden = model.activations(POINTS)[-2]
    np.testing.assert_allclose(points(ax)["class 0"], hidden[XOR == 0])
    np.testing.assert_allclose(ax.lines[0].get_xydata(), model.activations(curve)[-2])
    head = model.layers[-1]
    for vertices in level_lines(ax).values():
        np.testing.assert_allclose(vertices @ head.weight_matrix()[0] + head.bias_vector()[0], 0.0, atol=1e-9)
    plt.close("all")


def test_hidden_space_may_be_a_function():
    """With a head there is a line; without one there are the points alone."""
    hidden = lambda X: X**2
    with_line = plots.plot_hidden_space(hidden, POINTS + 0.5, XOR, head=lambda H: H[:, 0] - H[:, 1], threshold=0.0)
    alone = plots.plot_hidden_space(hidden, POINTS + 0.5, XOR)
    assert len(level_lines(with_line)) == 1
    assert level_lines(alone) == {}
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


# ── Document 000: the cost surface and the layers ────────────────────────────────────────────────────────────────────


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


# ── Digits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(count=st.integers(1, 13), height=st.integers(1, 5), width=st.integers(1, 5), columns=st.integers(1, 6))
def test_every_pixel_of_every_picture_is_drawn(count, height, width, columns):
    """All of them, once, and nothing between the pictures."""
    images = np.arange(1.0, count * height * width + 1.0).reshape(count, height, width)
    ax = plots.plot_digits(images, plt.figure().add_subplot(), columns=columns)
    canvas = np.asarray(ax.images[0].get_array().filled(np.nan))
    assert sorted(canvas[~np.isnan(canvas)]) == images.ravel().tolist()
    plt.close("all")


def test_flat_pictures_are_squares():
    """64 pixels are 8 rows of 8."""
    ax = plots.plot_digits(np.arange(64.0)[np.newaxis])
    canvas = np.asarray(ax.images[0].get_array().filled(np.nan))
    rows = [row[~np.isnan(row)] for row in canvas if not np.isnan(row).all()]
    assert (np.array(rows) == np.arange(64.0).reshape(8, 8)).all()


def test_segments_light_what_they_should():
    """A 1 is the right side of the display; a minus, segment g, its middle."""
    one, minus = datasets.seven_segments()[0][1], np.eye(7)[6]
    canvas = np.asarray(plots.plot_digits([one, minus]).images[0].get_array().filled(0.0))
    lit = [[row.astype(int).tolist() for row in canvas[2:, left : left + 5]] for left in (0, 7)]
    assert lit[0] == [[0] * 5, *[[0, 0, 0, 0, 1]] * 3, [0] * 5, *[[0, 0, 0, 0, 1]] * 3, [0] * 5]
    assert [i for i, row in enumerate(lit[1]) if any(row)] == [4]
    assert lit[1][4] == [0, 1, 1, 1, 0]


def test_digits_refuse_what_they_cannot_draw():
    """Numbers that are no picture, and labels that do not fit."""
    with pytest.raises(ValueError, match=r"^plot_digits takes images of shape .* got shape \(2, 5\)$"):
        plots.plot_digits(np.zeros((2, 5)))
    with pytest.raises(ValueError, match=r"^plot_digits takes one label for each of 2 pictures, got 3$"):
        plots.plot_digits(np.zeros((2, 4)), labels="abc")
