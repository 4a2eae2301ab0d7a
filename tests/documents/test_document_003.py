"""Document 003: a network of any depth in matrices, one row an example, without separate biases.

F003-1 to 4 are its formulas, the boxed recursion among them, each proved against the engine; E003-1 to 8 are
statements of its text and code that are wrong, each with the counterexample.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import SearchStrategy

from autograd import Value, data, gradients, grads, tanh, values
from autograd.testing.oracles import EPSILON

#: Multiples of an eighth: sums of products of them do not round, through as many relu layers as are drawn here.
EIGHTHS = st.integers(-8, 8).map(lambda k: k / 8)

# Of the size of what is multiplied and added up. The first sigmoid sees an exact number; each further one has positive
# inputs below 1 and weights up to 1, three of them, so that it gets z wrong by what the one before did and a dozen
# units of its own: for four of them 50 units, which s (1 - s) passes on to s at most. Products and sums add dozens.
ROUNDING = 1e-12

FIRST_PROBLEM = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])

Activation = Callable[[Any], Any]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def relu(x: Any) -> Any:
    return x * (x > 0)


def linear(x: Any) -> Any:
    return x


#: F003-4: the derivative of each activation, from its argument.
DERIVATIVES: dict[Activation, Activation] = {
    sigmoid: lambda x: sigmoid(x) * (1 - sigmoid(x)),
    relu: lambda x: 1.0 * (x > 0),
    linear: lambda x: np.ones_like(x),
}


class Case(NamedTuple):
    """A network and data: ``X`` of shape (N, M), weights (inputs, outputs) with an activation each, ``Y`` (N, P)."""

    X: np.ndarray
    weights: list[np.ndarray]
    activations: list[Activation]
    Y: np.ndarray


def filled(*shape: int) -> SearchStrategy[np.ndarray]:
    return arrays(float, shape, elements=EIGHTHS, fill=st.nothing())


@st.composite
def cases(draw: st.DrawFn, sigmoids: bool) -> Case:
    """1 to 5 layers of weights, 1 to 3 wide, for 1 to 3 rows; relu first, as in the document, and sigmoid after it."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=6))
    n, depth = draw(st.integers(1, 3)), len(sizes) - 1
    relus = draw(st.integers(0, depth - 1)) if sigmoids else depth
    weights = [draw(filled(before, after)) for before, after in pairwise(sizes)]
    activations = [relu] * relus + [sigmoid] * (depth - relus)
    return Case(draw(filled(n, sizes[0])), weights, activations, draw(filled(n, sizes[-1])))


def forward(X: np.ndarray, weights: list[Any], activations: list[Activation]) -> list[np.ndarray]:
    """``L_{l+1} = f(L_l w)``: every layer, the input first."""
    layers = [X]
    for w, f in zip(weights, activations, strict=True):
        layers.append(f(layers[-1] @ w))
    return layers


def half_squared_error(out: Any, Y: np.ndarray) -> Any:
    return 0.5 * ((out - Y) ** 2).sum()


def by_engine(case: Case, loss: Callable[..., Any] = half_squared_error) -> list[np.ndarray]:
    """The gradient with respect to every matrix of weights, from the loss alone."""
    weights = [values(w) for w in case.weights]
    loss(forward(case.X, weights, case.activations)[-1], case.Y).backward()
    return [grads(w) for w in weights]


def boxed(
    weights: list[np.ndarray], layers: list[np.ndarray], slopes: list[np.ndarray], delta: np.ndarray
) -> list[np.ndarray]:
    """F003-2 and 3: ``dL/dw_l = L_lᵀ (δ_{l+1} f_l')``, ``δ_{l+1} = (δ_{l+2} f_{l+1}') w_{l+1}ᵀ``."""
    found: list[np.ndarray] = []
    for w, layer, slope in zip(reversed(weights), reversed(layers[:-1]), reversed(slopes), strict=True):
        found.insert(0, layer.T @ (delta * slope))
        delta = (delta * slope) @ w.T
    return found


def by_hand(case: Case) -> list[np.ndarray]:
    """The boxed formula at the layers of the forward pass."""
    layers = forward(*case[:3])
    sums = [layer @ w for layer, w in zip(layers[:-1], case.weights, strict=True)]
    slopes = [DERIVATIVES[f](s) for f, s in zip(case.activations, sums, strict=True)]
    return boxed(case.weights, layers, slopes, layers[-1] - case.Y)


def with_plus(case: Case) -> list[np.ndarray]:
    """The size of what the boxed formula adds up: every minus a plus, and ``s`` for ``s (1 - s)``."""
    layers = forward(*case[:3])
    sizes = [
        layer if f is sigmoid else 1.0 * (layer > 0) for f, layer in zip(case.activations, layers[1:], strict=True)
    ]
    positive = [abs(w) for w in case.weights]
    return boxed(positive, [abs(layer) for layer in layers], sizes, abs(layers[-1]) + abs(case.Y))


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(pair=st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(lambda n: st.tuples(filled(*n), filled(*n))))
def test_f003_1_error_of_the_output_is_prediction_minus_target(pair: tuple[np.ndarray, np.ndarray]) -> None:
    """``δ_L = Ỹ - Y`` for ``L = ½ Σ (Ỹ - Y)²``, to the last bit."""
    out = values(pair[0])
    half_squared_error(out, pair[1]).backward()
    assert (grads(out) == pair[0] - pair[1]).all()


@given(case=cases(sigmoids=False))
def test_f003_2_and_3_boxed_recursion_is_the_gradient_of_relu_layers_exactly(case: Case) -> None:
    """Any number of relu layers, on numbers that floats do not round: no tolerance."""
    for found, expected in zip(by_engine(case), by_hand(case), strict=True):
        assert (found == expected).all()


@given(case=cases(sigmoids=True))
def test_f003_2_and_3_boxed_recursion_is_the_gradient_of_relu_and_sigmoid_layers(case: Case) -> None:
    """Any number of layers, the last of them sigmoid, within the rounding of the exponentials."""
    for found, expected, size in zip(by_engine(case), by_hand(case), with_plus(case), strict=True):
        assert (abs(found - expected) <= ROUNDING * size).all()


@pytest.mark.parametrize("f", [sigmoid, relu])
@given(x=st.floats(-350.0, 350.0))
def test_f003_4_derivative_of_the_activation_is_the_stated_one(f: Activation, x: float) -> None:
    """``s (1 - s)``, and 1 above 0, else 0."""
    v = Value(x)
    found = gradients(f(v), v)
    assert abs(found - DERIVATIVES[f](x)) <= 8 * EPSILON * abs(f(x))


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_e003_1_layers_are_not_transposed_in_the_forward_pass() -> None:
    """``f(Lᵀ w)`` has no product for 4 rows of 3, and mixes up rows and columns where N = M; ``f(L w)`` is meant."""
    X, w = FIRST_PROBLEM, values(np.ones((3, 4)))
    with pytest.raises(ValueError, match="mismatch in its core dimension"):
        X.T @ w
    assert (X @ w).shape == (4, 4)
    square = np.array([[0.0, 1.0], [0.0, 0.0]])
    assert data(square @ values([1.0, 2.0])).tolist() == [2.0, 0.0]
    assert data(square.T @ values([1.0, 2.0])).tolist() == [0.0, 1.0]


@given(case=cases(sigmoids=False), rate=st.sampled_from([0.125, 1.0]))
def test_e003_2_error_carried_by_weights_already_updated_is_off_by_the_update(case: Case, rate: float) -> None:
    """The code forms ``δ`` with the new weights: ``δ - α (δ f') (dL/dw)ᵀ``, and layers below get another gradient."""
    layers, true = forward(*case[:3]), by_hand(case)
    delta, last = layers[-1] - case.Y, case.weights[-1]
    slope = DERIVATIVES[case.activations[-1]](layers[-2] @ last)
    old, new = (delta * slope) @ last.T, (delta * slope) @ (last - rate * true[-1]).T
    hidden = values(layers[-2])
    half_squared_error(relu(hidden @ last), case.Y).backward()
    assert (grads(hidden) == old).all()
    assert (new == old - rate * (delta * slope) @ true[-1].T).all()


def test_e003_2_gradient_of_the_first_layer_can_vanish_altogether() -> None:
    """Two weights of 1, input 1, target 0, rate 1: the new weight is 0, and the first layer gets 0 for 1."""
    one = np.ones((1, 1))
    case = Case(one, [one, one], [relu, relu], 0 * one)
    assert by_engine(case) == [one, one]
    updated = one - by_engine(case)[1]
    assert boxed([one, updated], [one, one, one], [one, one], one) == [0 * one, one]


def test_e003_3_column_of_ones_in_a_hidden_layer_is_one_more_neuron() -> None:
    """The first forward pass overwrites it with .54 .50 .35 .31, and it learns, as a bias would not."""
    random = np.random.RandomState(1)
    X = np.hstack([np.ones((4, 1)), FIRST_PROBLEM])
    w = [2 * random.random_sample(shape) - 1 for shape in ((4, 5), (5, 1))]
    assert sigmoid(X @ w[0])[:, 0] == pytest.approx([0.54, 0.50, 0.35, 0.31], abs=0.005)
    case = Case(X, w, [sigmoid, sigmoid], np.array([[0.0], [0.0], [1.0], [1.0]]))
    assert (abs(by_engine(case)[0][:, 0]) > 1e-3).all()
    hidden = [values(w[0]), values(w[1])]
    half_squared_error(
        sigmoid(np.hstack([np.ones((4, 1)), sigmoid(X @ hidden[0])[:, 1:]]) @ hidden[1]), case.Y
    ).backward()
    assert (grads(hidden[0])[:, 0] == 0.0).all()


def test_e003_4_second_call_adds_a_second_column_of_ones() -> None:
    """``fit`` changes the list it is given: inputs of 4 and 5 columns, hidden layers of 51 and 52, biases in pairs."""
    layers = [FIRST_PROBLEM, np.zeros((4, 50)), np.zeros((4, 1))]
    shapes = []
    for _ in range(2):
        for k in range(2):
            layers[k] = np.hstack([np.ones((4, 1)), layers[k]])
        shapes += [layer.shape for layer in layers[:2]]
    assert shapes == [(4, 4), (4, 51), (4, 5), (4, 52)]
    twice = by_engine(Case(layers[0], [np.linspace(-1.0, 1.0, 5)[:, None]], [sigmoid], np.ones((4, 1))))[0]
    assert twice[0] == twice[1] != 0.0


@given(case=cases(sigmoids=False))
def test_e003_5_boxed_gradient_is_not_that_of_the_monitored_loss(case: Case) -> None:
    """The mean squared error that is plotted has ``2 / (N P)`` times the boxed gradient."""

    def mean_squared_error(out: Any, Y: np.ndarray) -> Any:
        return ((out - Y) ** 2).mean()

    factor = 2 / case.Y.size
    for found, expected, size in zip(by_engine(case, mean_squared_error), by_hand(case), with_plus(case), strict=True):
        assert (abs(found - factor * expected) <= ROUNDING * factor * size).all()


@given(hidden=filled(2, 2), hidden_bias=filled(2), out=filled(2), out_bias=EIGHTHS)
def test_e003_6_linear_activations_cannot_solve_xor(
    hidden: np.ndarray, hidden_bias: np.ndarray, out: np.ndarray, out_bias: float
) -> None:
    """Two hidden linear neurons are claimed to; but they have f(00) + f(11) = f(01) + f(10), and XOR has 0 and 2."""
    y = (XOR[0] @ hidden + hidden_bias) @ out + out_bias
    assert y[0] + y[3] == y[1] + y[2]


def test_e003_6_best_linear_answer_is_one_half_and_two_relus_are_exact() -> None:
    """At w = 0, b = 0.5 the convex error of an affine function is flat; ``relu(z) - 2 relu(z - 1)`` makes none."""
    w, b = values([0.0, 0.0]), Value(0.5)
    half_squared_error(XOR[0] @ w + b, XOR[1][:, 0]).backward()
    assert [*grads(w), b.grad] == [0.0, 0.0, 0.0]
    z = XOR[0].sum(axis=1)
    assert (relu(z) - 2 * relu(z - 1)).tolist() == XOR[1][:, 0].tolist()


def test_e003_7_prediction_that_is_returned_is_older_than_the_weights() -> None:
    """Two weights of 1, input 1, target 0, rate 1/4: 1 is returned, but the weights beside it give 0.5625."""
    one = np.ones((1, 1))
    case = Case(one, [one, one], [relu, relu], 0 * one)
    returned = forward(*case[:3])[-1]
    weights = [w - 0.25 * g for w, g in zip(case.weights, by_engine(case), strict=True)]
    assert (returned.item(), forward(one, weights, case.activations)[-1].item()) == (1.0, 0.5625)


@given(x=st.floats(-5.0, 5.0))
def test_e003_8_derivative_of_tanh_is_one_minus_its_square(x: float) -> None:
    """The template returns ``tanh`` with ``deriv=True`` too; the line it leaves to the student is ``1 - tanh²``."""
    v, t = Value(x), np.tanh(x)
    assert gradients(tanh(v), v) == pytest.approx(1 - t * t, abs=4 * EPSILON)


def test_e003_8_tanh_rises_at_the_origin_where_the_template_says_it_is_flat() -> None:
    """Its derivative there is 1; ``np.tanh(0)`` is 0."""
    v = Value(0.0)
    assert gradients(tanh(v), v) == 1.0
    assert np.tanh(0.0) == 0.0
