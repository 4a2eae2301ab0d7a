"""What an argument is to the compiler: numbers, which may be others in the next call, in a structure, which may not."""

from __future__ import annotations

import re
from collections import OrderedDict, namedtuple
from decimal import Decimal
from fractions import Fraction
from inspect import signature
from queue import SimpleQueue

import numpy as np
import pytest

from autograd import CompileError, OperandError, Value, compile, grad, value_and_grad, values
from autograd.compiler.calls.arguments import examine
from nn import MLP

Point = namedtuple("Point", "x y")
Pair = namedtuple("Pair", "x y")


class Setting:
    """Something that is neither a number nor made of them, but holds one."""

    parameters = "not a method"

    def __init__(self, factor=3.0):
        self.factor = factor


SETTING = Setting()

# Of two neighbours each has a structure of its own.
STRUCTURES = [
    None, False, 0, True, 1, "1", b"1", "a", SETTING, Setting(4.0), {1.0}, {1.0, 2.0}, 1.0, [], {}, (),
    [1.0], (1.0,), [1], [[1.0]],
    [1.0, 1.0], {"a": 1.0}, {"b": 1.0}, {"a": 1}, {"a": 1.0, "b": 1.0}, {"b": 1.0, "a": 1.0}, Point(1.0, 2.0),
    Pair(1.0, 2.0), np.array([1.0]), np.array([[1.0]]), np.array([1]), np.array([2]), np.array([[2]]),
    np.array([2], dtype=np.int32), np.array([True]), np.array(1), np.array(True),
]  # fmt: skip


def test_structures_differ_in_kind_shape_and_whole_numbers():
    """A program for each; 1, True and an array that holds either are not told apart by ``==`` alone."""
    keys = [examine(x, differentiated=False).key for x in STRUCTURES]
    same = {(i, j) for i, a in enumerate(keys) for j, b in enumerate(keys) if i < j and a == b}
    shown = {(repr(STRUCTURES[i]), repr(STRUCTURES[j])) for i, j in same}
    assert shown == {("1", "array(1)"), ("True", "array(True)")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 2.5),
        (1.0, Value(2.0)),
        (1.0, np.float32(2.0)),
        (1.0, Fraction(1, 2)),
        (1.0, np.array(2.0)),
        ([1.0, [2.0]], [3.0, [Value(4.0)]]),
        (OrderedDict(a=1.0), OrderedDict(a=2.0)),
        (np.zeros((2, 3)), np.ones((2, 3), dtype=np.float32)),
        (np.zeros(2), values(np.ones(2))),
        (2, np.int64(2)),
        (True, np.bool_(True)),
        (np.array([1, 2]), np.array([1, 2])),
    ],
)
def test_numbers_are_no_part_of_the_structure(one, other):
    """Nor is what kind of number they are, or whether a Value holds them."""
    assert examine(one, differentiated=False).key == examine(other, differentiated=False).key
    assert hash(examine(one, differentiated=False).key) == hash(examine(other, differentiated=False).key)


@pytest.mark.parametrize("x", [3, True, np.int64(3), np.bool_(True), np.array(3), "text", b"text", None, SETTING, max])
def test_what_is_no_number_reaches_the_function_as_it_is(x):
    """Whole numbers as Python's own: they count, index and decide."""
    seen = []
    assert compile(lambda y, s: seen.append(s) or y * 2.0, verify=False)(3.0, x) == 6.0
    (found,) = seen
    assert found is x or (type(found), found) == (type(x.item()), x)


def test_whole_numbers_in_an_array_reach_the_function_as_an_array():
    """Another array of them is another program."""
    fast = compile(lambda w, k: (w[k] * w[k]).sum())
    w = np.array([1.0, 2.0, 3.0])
    assert fast.value_and_grad(w, np.array([0, 2]))[1].tolist() == [2.0, 0.0, 6.0]
    assert fast.value_and_grad(w, np.array([1, 1]))[1].tolist() == [0.0, 8.0, 0.0]
    assert fast.value_and_grad(w, np.array([False, True, False]))[1].tolist() == [0.0, 4.0, 0.0]


DIFFERENTIATED = {
    "whole numbers": ([2, 3], [3.0, 2.0]),
    "whole numbers by name": ({0: 2, -1: 3}, {0: 3.0, -1: 2.0}),
    "a named tuple": (Point(2, 3.0), Point(3.0, 2.0)),
    "whole numbers in an array": (np.array([2, 3]), np.array([3.0, 2.0])),
    "short floats": (np.array([2, 3], dtype=np.float32), np.array([3.0, 2.0])),
    "Values": (values(np.array([2.0, 3.0])), np.array([3.0, 2.0])),
    "Values and numbers": (np.array([Value(2.0), Fraction(3)], dtype=object), np.array([3.0, 2.0])),
    "an array of a class of its own": (np.array([2.0, 3.0]).view(np.recarray), np.array([3.0, 2.0])),
    "beside text and a truth value": ([2.0, "text", None, True, 3.0], [3.0, "text", None, 0.0, 2.0]),
}


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_gradient_stands_where_the_numbers_stood(name):
    """Floats for whole numbers, an array of floats for an array; what is no number stays."""
    x, expected = DIFFERENTIATED[name]
    value, gradient = compile(lambda x: x[0] * x[-1]).value_and_grad(x)
    assert (value, type(value)) == (6.0, float)
    assert type(gradient) is type(expected)
    if isinstance(gradient, np.ndarray):
        assert gradient.dtype == float
        gradient, expected = gradient.tolist(), expected.tolist()
    assert gradient == expected


@pytest.mark.parametrize("x", [Value(3.0), np.float32(3.0), Fraction(3), np.array(3.0), 3])
def test_number_may_come_as_anything_real(x):
    """In an argument that is differentiated, and in one that is not."""
    assert compile(lambda x, y: x * x * y).value_and_grad(x, 2.0) == (18.0, 12.0)
    assert compile(lambda y, x: x * x * y).value_and_grad(2.0, x) == (18.0, 9.0)


@pytest.mark.parametrize("shape", [(2, 3), (2, 0), (1, 1)])
def test_arrays_keep_their_shape(shape):
    """On the way to the function, and back; other arguments beside them."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=shape), rng.normal(size=(3, 2))
    shapes = []

    def f(both, z):
        shapes.append(both[0].shape)
        return sum(e * e for e in both[0].ravel()) * 0.5 + both[1][2, 1] * z

    _, ((dx, dy), dz) = compile(f, verify=False).value_and_grad([x, y], 3.0, argnums=(0, 1))
    assert shapes == [shape]
    assert dx.tolist() == x.tolist()
    assert dy.tolist() == [[0.0, 0.0], [0.0, 0.0], [0.0, 3.0]]
    assert dz == y[2, 1]


def test_short_floats_are_computed_with_as_long_ones():
    """The number nearest to 0.1 in single precision, squared in double."""
    x = np.array([0.1, 0.2], dtype=np.float32)
    f = lambda x: x[0] * x[1]
    assert compile(f).value_and_grad(x)[0] == f(x.astype(float).tolist())
    assert compile(f, batched="x")(x[None]) == f(x.astype(float).tolist())


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ({1.0}, "a compiled function takes a real number, got set {1.0}; make one Value per entry"),
        (
            np.array([1.0, "a"], dtype=object),
            "a compiled function takes a real number, got str 'a'; use float(text) to convert it",
        ),
        (
            np.array([1j]),
            "a compiled function takes a real number, got numpy.complex128 of shape (); "
            "real and imaginary part are two Values",
        ),
    ],
)
def test_what_cannot_be_differentiated_is_refused(x, message):
    """Where it stands for a number."""
    with pytest.raises(OperandError, match=f"^{re.escape(message)}$"):
        compile(lambda x: 2.0 * x).value_and_grad(x)


def test_module_is_known_by_itself_and_not_by_what_it_equals():
    """Two modules of one shape: what differs between them is no parameter."""
    one, other = MLP(2, [3, 1], activation="tanh", rng=0), MLP(2, [3, 1], activation="relu", rng=0)
    fast = compile(lambda model, x: model(x))
    x = [0.5, -1.0]
    for model in (one, other, one):
        value, gradient = fast.value_and_grad(model, x)
        expected = model([Value(e) for e in x])
        expected.backward()
        assert np.isclose(value, expected.data)
        assert np.allclose(gradient, [p.grad for p in model.parameters()])
        for p in model.parameters():
            p.grad = 0.0
    keys = [examine(model, differentiated=True).key for model in (one, other, one)]
    assert keys[0] == keys[2] != keys[1]
    assert hash(keys[0]) == hash(keys[2])


def test_module_in_a_list_is_refused():
    """It is an argument of its own."""
    message = "a module is an argument of its own, got one inside a sequence or dict; pass it by itself"
    for x in ([MLP(1, [1], rng=0)], {"model": MLP(1, [1], rng=0)}):
        with pytest.raises(CompileError, match=f"^{re.escape(message)}$"):
            compile(lambda x: 1.0).value_and_grad(x)


def test_object_with_parameters_that_are_no_method_is_no_module():
    """A signature has parameters, too."""
    assert compile(lambda x, s: x * len(s.parameters))(2.0, signature(lambda a, b: a)) == 4.0


@pytest.mark.parametrize("as_array", [False, True])
@pytest.mark.parametrize(
    ("x", "what"),
    [
        (None, "None; did a function forget its return?"),
        ("2", "str '2'; use float(text) to convert it"),
        (Decimal(2), "decimal.Decimal Decimal('2'); use float(...) to convert it"),
    ],
)
def test_objects_among_examples_are_numbers_as_elsewhere(x, what, as_array):
    """NumPy would make nan of None and read text; fractions and Values are numbers."""
    fast = compile(lambda w, x: w * x, batched="x")
    given = lambda *entries: np.array(entries, dtype=object) if as_array else [*entries]
    assert fast.value_and_grad(2.0, given(Fraction(1, 2), Value(3.0))) == (3.5, 1.75)
    if as_array or not isinstance(x, str):  # beside text, numbers in a list are text to NumPy
        for call in (fast, fast.value_and_grad, grad(fast)):
            with pytest.raises(TypeError, match=re.escape(f"batched argument 'x' takes a real number, got {what}")):
                call(2.0, given(1.0, x))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[1.0], [1.0, 2.0]], "list [[1.0], [1.0, 2.0]]"),
        (["1.0"], "list ['1.0']"),
        (np.array([1j]), "numpy.ndarray of shape (1,)"),
    ],
)
def test_examples_are_numbers_of_one_shape(x, message):
    """Text is none, even if it reads like one; nor are complex numbers."""
    message = (
        f"batched argument 'x' takes an array of numbers whose first axis is examples, got {message}; "
        "give every example the same shape"
    )
    with pytest.raises(CompileError, match=f"^{re.escape(message)}$"):
        compile(lambda x: x, batched="x")(x)


def test_one_number_is_no_batch():
    """The message says what to change."""
    message = (
        "batched argument 'x' takes an array whose first axis is examples, got the number 2.0; "
        "leave its name out of batched="
    )
    with pytest.raises(CompileError, match=f"^{re.escape(message)}$"):
        compile(lambda x: x, batched="x")(2)


@pytest.mark.parametrize(
    "x", [[1, 2], [True, False], np.array([1, 2], dtype=object), np.array([1.0, 2.0], dtype=">f4")]
)
def test_examples_may_be_any_real_numbers(x):
    """Read as floats."""
    assert compile(lambda w, x: w * x, batched="x", reduce=None)(0.5, x).tolist() == [0.5 * e for e in x]


def test_equal_arguments_are_served_by_one_program():
    """Values of parameters, and examples, may be others each time."""
    calls = SimpleQueue()  # not followed, as a list would be
    fast = compile(lambda w, k: calls.put(k) or w[0] * w[1] ** k, verify=False)
    for w in ([1.0, 2.0], [3.0, 4.0]):
        for k in (1, 2, np.int64(1)):
            assert fast.value_and_grad(w, k) == value_and_grad(lambda w, k: w[0] * w[1] ** k)(w, int(k))
    assert [calls.get(), calls.get(), calls.empty()] == [1, 2, True]
