"""Values and NumPy: object arrays of Values run array code unchanged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, data, grads, ops, values

SHAPES = st.sampled_from([(), (3,), (2, 3), (1, 2, 2), (0, 4)])
UFUNCS = sorted({op.ufunc or op.name for op in ops.TABLE.values() if op.arity in (1, 2)} & set(dir(np)))
ARITIES = {op.ufunc or op.name: op.arity for op in ops.TABLE.values()}


@given(SHAPES, st.integers(0, 99))
def test_values_and_data_are_each_others_inverse(shape, seed):
    """An array of any shape becomes Values of that shape and comes back to the last bit."""
    array = np.random.default_rng(seed).normal(size=shape)
    there = values(array)
    assert there.shape == shape
    assert np.array_equal(data(there), array)


def test_values_are_labelled_with_their_index():
    """Each entry carries the name of the array and its place; entries of an array without a name have none."""
    assert values([[1.0, 2.0]], label="w")[0, 1].label == "w[0,1]"
    assert values([[1.0, 2.0]])[0, 1].label == ""


def test_data_of_one_value_is_an_array_without_dimensions():
    """As NumPy has it for one number."""
    x = Value(3.0)
    x.grad = 2.0
    assert (data(x).shape, float(data(x)), float(grads(x))) == ((), 3.0, 2.0)


def test_data_lets_plain_numbers_pass():
    """Numbers of any kind, beside Values or alone, become floats."""
    found = data([[Value(1.5), 2], [True, np.float32(0.5)]])
    assert found.dtype == float
    assert found.tolist() == [[1.5, 2.0], [1.0, 0.5]]


def test_grads_are_those_of_each_entry():
    """After backward, the gradient of a sum of squares is twice the array; nested lists do too."""
    W = values([[1.0, 2.0], [3.0, 4.0]])
    (W * W).sum().backward()
    assert np.array_equal(grads(W), 2.0 * data(W))
    assert np.array_equal(grads([list(row) for row in W]), grads(W))


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.longdouble, np.int64, np.bool_])
def test_numbers_of_numpys_beside_a_value_are_as_silent_as_floats(kind):
    """They take no part in the arithmetic: what NumPy is to do about an overflow does not matter."""
    tiny, huge = Value(5e-324), Value(1e308)
    with np.errstate(all="raise"):
        found = [kind(1) / tiny, kind(1) - Value(np.inf) + np.inf, kind(1) + 10.0 * huge, kind(1) * (10.0 * huge)]
    assert np.array_equal(data(found), [np.inf, np.nan, np.inf, np.inf], equal_nan=True)


def test_array_beside_a_value_takes_it_entry_by_entry():
    """From the left as from the right: an array of Values in the shape of the array, never a Value of an array."""
    array, x = np.array([[1.0, 2.0]]), Value(3.0)
    pairs = [(array * x, [[3, 6]]), (x * array, [[3, 6]]), (array - x, [[-2, -1]]), (x**array, [[3, 9]])]
    for found, expected in pairs:
        assert found.dtype == object
        assert np.array_equal(data(found), expected)


@pytest.mark.parametrize("name", UFUNCS)
def test_ufunc_on_an_object_array_is_our_function(name):
    """``np.exp(objects)`` and its kin give Values with the numbers that our own function gives."""
    xs = values([1.25, 1.5])
    others = values([1.75, 1.125])
    operands = (xs, others)[: ARITIES[name]]
    found = getattr(np, name)(*operands)
    ours = getattr(autograd, {"power": "pow"}.get(name, name.replace("arc", "a")), None)
    expected = [ours(*(operand[i] for operand in operands)).data for i in range(2)]
    np.testing.assert_array_equal(data(found), expected)


@pytest.mark.parametrize("number", [np.float64(2.0), np.float32(2.0), np.int64(2), np.bool_(True), np.array(2.0)])
def test_numpy_scalar_is_an_operand_on_both_sides(number):
    """A NumPy scalar, or an array without dimensions, makes one Value, in written order."""
    x = Value(3.0)
    for y in (number * x, x * number, number - x, x - number, number / x, x**number):
        assert isinstance(y, Value)
        assert type(y.data) is float
    assert (number - x).data == float(number) - 3.0


def test_array_operand_gives_an_elementwise_array_in_both_orders():
    """Never a Value that holds an array."""
    x, a = Value(3.0), np.array([1.0, 2.0])
    for found, expected in ((x * a, 3.0 * a), (a * x, a * 3.0), (x - a, 3.0 - a), (a - x, a - 3.0), (a**x, a**3.0)):
        assert isinstance(found, np.ndarray)
        assert all(isinstance(entry, Value) for entry in found)
        np.testing.assert_array_equal(data(found), expected)


def test_matrix_products_and_reductions_run_on_values():
    """``W @ x``, ``.sum()``, ``.mean()``, ``.dot`` and ``np.maximum`` give the numbers of float arrays."""
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(3, 4)), rng.normal(size=4)
    V = values(W)
    np.testing.assert_allclose(data(V @ x), W @ x, rtol=1e-14)
    np.testing.assert_allclose(data(V.dot(values(x))), W @ x, rtol=1e-14)
    assert V.sum().data == pytest.approx(W.sum())
    assert V.mean().data == pytest.approx(W.mean())
    np.testing.assert_array_equal(data(np.maximum(V, 0.0)), np.maximum(W, 0.0))


def test_feed_forward_of_document_003_runs_unchanged_on_values():
    """``activ(np.dot(layer, weights))`` with the document's own sigmoid, and gradients to match the boxed formula."""

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    rng = np.random.default_rng(1)
    X = np.array([[0.0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    Y = np.array([[0.0, 0, 1, 1]]).T
    weights = [values(2 * rng.random((3, 4)) - 1), values(2 * rng.random((4, 1)) - 1)]
    layers = [X]
    for w in weights:
        layers.append(sigmoid(np.dot(layers[-1], w)))
    loss = 0.5 * ((layers[-1] - Y) ** 2).sum()
    loss.backward()

    w0, w1 = map(data, weights)
    hidden = sigmoid(X @ w0)
    out = sigmoid(hidden @ w1)
    delta = (out - Y) * out * (1 - out)
    np.testing.assert_allclose(grads(weights[1]), hidden.T @ delta, rtol=1e-12)
    np.testing.assert_allclose(grads(weights[0]), X.T @ (delta @ w1.T * hidden * (1 - hidden)), rtol=1e-12)


def test_conversion_of_values_to_floats_by_numpy_is_refused():
    """``np.array(values, dtype=float)`` would forget the graph; the error names ``autograd.data``'s way out."""
    with pytest.raises((TypeError, ValueError)):
        np.array([Value(1.0)], dtype=float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: values([None]), "Value takes a real number, got None; did a function forget its return?"),
        (lambda: data([1.0, "a"]), "data takes a Value or a real number, got str 'a'; use float(text) to convert it"),
        (lambda: data("2"), "data takes a Value or a real number, got str '2'; use float(text) to convert it"),
        (lambda: grads([Value(1.0), 2.5]), "grads takes Values, got float 2.5; a plain number has no gradient"),
    ],
)
def test_wrong_entries_are_named(call, message):
    """Text where numbers are needed, and plain numbers where Values are."""
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


def test_ufunc_that_asks_for_the_number_names_the_way_to_it():
    """Others that fail say why themselves."""
    with pytest.raises(TypeError, match=r"^np\.isfinite takes numbers, got Value\(data=2\.0.*autograd\.data\(\.\.\.\)"):
        np.isfinite(Value(2.0))
    with pytest.raises(TypeError, match=r"unsupported operand|bad operand"):
        np.bitwise_and(Value(2.0), Value(1.0))


def test_numbers_of_ragged_results():
    """``data`` keeps what is no array together: tuples, dicts, arrays of other shapes."""
    found = data((Value(1.0), np.array([Value(2.0), 3.0], dtype=object), {"a": [Value(4.0), [5.0]]}))
    assert (found[0], found[1].tolist(), found[2]["a"][0], found[2]["a"][1].tolist()) == (1.0, [2.0, 3.0], 4.0, [5.0])
    arrays = data([values(np.ones((2, 2))), values(np.zeros((2, 3)))])
    assert [a.shape for a in arrays] == [(2, 2), (2, 3)]
