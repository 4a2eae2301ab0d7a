"""A call written once for a structure is the general call: the same numbers, in the same shapes, or it is not used."""

from __future__ import annotations

import gc
import weakref
from collections import OrderedDict
from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import NonFiniteError, Value, compile, dot, exp, grad, gradients, log, sin, sqrt
from autograd.compiler.calls import programs, results
from autograd.compiler.calls.finite import FEW, is_finite
from nn import MLP
from tests.compiler.threads import at_once

FLOATS = st.floats(-2.0, 2.0)


def arrays(shape):
    count = int(np.prod(shape))
    return st.lists(FLOATS, min_size=count, max_size=count).map(lambda xs: np.array(xs).reshape(shape))


def leaves(ints):
    """Numbers in every form that a caller knows; integers where they are structure."""
    of_one = [FLOATS, arrays((2,)), arrays((2, 1)), st.lists(FLOATS, min_size=1, max_size=3).map(tuple)]
    return st.one_of(*of_one, st.lists(FLOATS, min_size=1, max_size=3), *[st.integers(0, 3)] * ints)


def trees(ints):
    return st.recursive(
        leaves(ints),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3),
            st.lists(inner, min_size=1, max_size=3).map(tuple),
            st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
        ),
        max_leaves=5,
    )


def numbers(tree):
    """The numbers of a tree in order."""
    if isinstance(tree, dict):
        return [x for part in tree.values() for x in numbers(part)]
    if isinstance(tree, np.ndarray):
        return list(tree.ravel())
    return [x for part in tree for x in numbers(part)] if isinstance(tree, list | tuple) else [tree]


def moved(tree, by):
    """A tree of the same structure with other numbers."""
    if isinstance(tree, dict):
        return {key: moved(part, by) for key, part in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(moved(part, by) for part in tree)
    return tree if isinstance(tree, int) else tree * 0.5 + by


def plain(tree):
    """What can be compared: types and numbers, to the last bit."""
    if isinstance(tree, dict):
        return [(key, plain(part)) for key, part in tree.items()]
    if isinstance(tree, list | tuple):
        return type(tree), [plain(part) for part in tree]
    return (tree.shape, tree.dtype.str, tree.tobytes()) if isinstance(tree, np.ndarray) else (type(tree), tree)


def both(f, calls, batched=(), **options):
    """Results of some calls, the later by callers; and what the general way gives."""
    fast, general = compile(f, batched=batched), compile(f, batched=batched)
    found, expected = [], []
    for args, kwargs in calls:
        found.append(plain(fast.value_and_grad(*args, **kwargs, **options)))
        general._programs.direct.callers.clear()
        expected.append(plain(general.value_and_grad(*args, **kwargs, **options)))
    return found, expected, fast


def waves(p, q, x=0.0):
    return sum((0.5 + k) * sin(a) for k, a in enumerate(numbers(p))) + sum(
        sin(a * x) + a for a in numbers(q) if isinstance(a, Value)
    )


@given(p=trees(ints=0), q=trees(ints=1), argnums=st.sampled_from([0, (0,), (0, 2), (2, 0)]), rows=st.integers(1, 3))
def test_caller_gives_what_the_general_call_gives(p, q, argnums, rows):
    """For any structure, with examples and without, of another number each time."""
    X = np.linspace(-1.0, 1.0, rows)
    f = lambda p, q, r, x: waves(p, q, x) * r
    calls = [((moved(p, k), moved(q, k), 0.5 + k, X[: 1 + k % rows]), {}) for k in range(4)]
    found, expected, fast = both(f, calls, "x", argnums=argnums)
    assert found == expected
    assert fast._programs.direct.callers
    found, expected, fast = both(
        lambda p, q, r: waves(p, q) * r, [(args[:3], {}) for args, _ in calls], argnums=argnums
    )
    assert found == expected


SHAPES = {
    "a number": lambda y: y,
    "a list": lambda y: [y, 2.0 * y],
    "a list of one": lambda y: [y],
    "a dict of an array": lambda y: {"a": np.array([y, y * y]), "b": (1.5, y)},
}


@pytest.mark.parametrize("shape", SHAPES)
@given(p=trees(ints=0), q=trees(ints=1), rows=st.integers(1, 3), reduce=st.sampled_from(["mean", "sum", None]))
def test_value_alone_has_a_caller_too(shape, p, q, rows, reduce):
    """Whatever the function gives, of all examples together or of each."""
    X = np.linspace(-1.0, 1.0, rows)
    of = SHAPES[shape]
    calls = [(moved(p, k), moved(q, k), 0.5 + k, X[: 1 + k % rows]) for k in range(4)]
    for batched in ((), ("x",)):
        f = (lambda p, q, r, x: of(waves(p, q, x) * r)) if batched else lambda p, q, r: of(waves(p, q) * r)
        fast, general = compile(f, batched=batched, reduce=reduce), compile(f, batched=batched, reduce=reduce)
        for args in calls:
            args = args if batched else args[:3]
            found = plain(fast(*args))
            general._programs.direct.callers.clear()
            assert found == plain(general(*args))
        assert fast._programs.direct.callers


def test_value_of_values_is_a_value_whatever_was_called_before():
    """Also where they hide in a list; and while another function is recorded or differentiated."""
    fast = compile(lambda p: p[0] * p[1])
    assert [fast([2.0, 3.0]) for _ in range(2)] == [6.0, 6.0]
    assert isinstance(fast([2.0, Value(3.0)]), Value)
    assert grad(lambda x: fast([2.0, x]))(3.0) == 2.0
    assert compile(lambda x: fast([2.0, x])).value_and_grad(3.0) == (6.0, 2.0)
    assert fast([2.0, 3.0]) == 6.0


def test_value_that_is_not_finite_is_given_as_it_is():
    fast = compile(lambda x: log(x))
    assert [fast(x) for x in (1.0, 0.0, 1.0)] == [0.0, -np.inf, 0.0]
    assert np.isnan(fast(-1.0))


class Numbers(list):
    """A list that a guard does not know."""


OTHERS = {
    "a longer array": [np.ones(3), {"a": 1.0, "b": [2.0, 3.0]}],
    "an array of integers": [np.array([1, 2]), {"a": 1.0, "b": [2.0, 3.0]}],
    "an array of single precision": [np.array([0.5, 2.0], np.float32), {"a": 1.0, "b": [2.0, 3.0]}],
    "an array of another byte order": [np.array([0.5, 2.0], ">f8"), {"a": 1.0, "b": [2.0, 3.0]}],
    "a list in place of an array": [[0.5, 2.0], {"a": 1.0, "b": [2.0, 3.0]}],
    "a dict in another order": [np.ones(2), {"b": [2.0, 3.0], "a": 1.0}],
    "another key": [np.ones(2), {"a": 1.0, "c": [2.0, 3.0]}],
    "an ordered dict": [np.ones(2), OrderedDict(a=1.0, b=[2.0, 3.0])],
    "a tuple in place of a list": [np.ones(2), {"a": 1.0, "b": (2.0, 3.0)}],
    "a list of another class": [np.ones(2), {"a": 1.0, "b": Numbers([2.0, 3.0])}],
    "an integer": [np.ones(2), {"a": 1, "b": [2.0, 3.0]}],
    "a boolean in a list": [np.ones(2), {"a": 1.0, "b": [True, 3.0]}],
    "a NumPy scalar": [np.ones(2), {"a": np.float64(1.0), "b": [2.0, np.float64(3.0)]}],
    "a list that is longer": [np.ones(2), {"a": 1.0, "b": [2.0, 3.0, 4.0]}],
    "spaced numbers": [np.arange(4.0)[::2], {"a": 1.0, "b": [2.0, 3.0]}],
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_structure_goes_the_general_way(name):
    """Between two calls of the structure that the caller was written for."""
    usual = [np.array([0.25, -1.0]), {"a": 0.5, "b": [1.5, -0.5]}]
    calls = [((args, [1.0]), {}) for args in (usual, usual, OTHERS[name], usual)]
    found, expected, _ = both(waves, calls)
    assert found == expected


def test_integer_that_is_structure_is_looked_at():
    """As text and booleans are: another one is another program."""
    f = lambda w, power, name: w[0] ** power * (2.0 if name == "double" else 1.0)
    calls = [(([3.0], n, s), {}) for n, s in [(2, "double"), (2, "double"), (3, "double"), (2, "x"), (True, "x")] * 2]
    found, expected, _ = both(f, calls)
    assert found == expected


def test_arguments_by_name_have_callers_too():
    """In whatever order; with a default they are left to the general call."""
    f = lambda a, b, c=2.0: a * b**2 + sin(c)
    orders = [((1.0, 2.0, 3.0), {}), ((1.0,), {"c": 0.5, "b": 3.0}), ((1.0,), {"b": 3.0, "c": 0.5}), ((1.0, 3.0), {})]
    found, expected, fast = both(f, orders * 2, argnums=(0, 1))
    assert found == expected
    assert len(fast._programs.direct.callers) == 3


@pytest.mark.parametrize("batched", [True, False])
def test_module_is_read_anew_in_each_call(batched):
    """Its numbers where they are now; another structure, or another module, by another program."""
    X = np.array([[0.5, -0.25], [1.0, 2.0]])
    models = [MLP(2, [3, 1], rng=0), MLP(2, [3, 1], rng=1)]
    f = lambda model, x, scale: (
        model(list(x))[0] * scale if isinstance(model(list(x)), list) else model(list(x)) * scale
    )
    fast = compile(f, batched="x") if batched else compile(f)
    general = compile(f, batched="x") if batched else compile(f)
    x = X if batched else X[0]
    for step in range(6):
        model = models[step // 2 % 2]
        for p in model.parameters():
            p.data = p.data * 1.25 + 0.125
        general._programs.direct.callers.clear()
        assert plain(fast.value_and_grad(model, x, 2.0)) == plain(general.value_and_grad(model, x, 2.0))
    model.layers[0].neurons[0].weights[0] = Value(7.0)  # another leaf
    general._programs.direct.callers.clear()
    assert plain(fast.value_and_grad(model, x, 2.0)) == plain(general.value_and_grad(model, x, 2.0))


def test_gradient_belongs_to_the_caller():
    """The next call leaves it as it is, and what is done to it changes no call."""
    fast = compile(lambda w: sum(a * a for a in w["x"]))
    first = [fast.value_and_grad({"x": np.array([1.0, 2.0])})[1] for _ in range(2)][1]
    fast.value_and_grad({"x": np.array([5.0, 6.0])})
    assert first["x"].tolist() == [2.0, 4.0]
    first["x"] *= 100.0
    assert fast.value_and_grad({"x": np.array([1.0, 2.0])})[1]["x"].tolist() == [2.0, 4.0]


def test_what_is_not_finite_is_explained_as_ever():
    """The general call finds the example and the operation; an infinite gradient, or a huge one, is no error."""
    fast = compile(lambda w, x: log(w[0] * x), batched="x")
    for _ in range(2):
        fast.value_and_grad([1.0], np.array([1.0, 2.0]))
    with pytest.raises(NonFiniteError, match="example 1: the root is nan"):
        fast.value_and_grad([1.0], np.array([1.0, -2.0]))
    root = compile(lambda w: w[0] ** 0.5 + w[1])
    assert [root.value_and_grad([x, 1.0])[1][0] for x in (4.0, 4.0, 0.0)] == [0.25, 0.25, np.inf]
    steep = compile(lambda w: exp(w[0]) * w[1])
    for x in (1.0, 2.0, 700.0):
        assert steep.value_and_grad([x, 1.0])[1][0] == np.exp(x)


@pytest.mark.parametrize("count", [200, FEW + 1])
def test_gradient_is_finite_where_its_squares_are_not(count):
    """And nothing is said of overflow."""
    fast, w = compile(dot), np.ones(count)
    for x in (1.0, 2.0, 1e200, -1e300):
        value, slopes = fast.value_and_grad(w, np.full(count, x), argnums=0)
        assert value == pytest.approx(count * x, rel=1e-12)
        assert slopes.tolist() == [x] * count


@pytest.mark.parametrize("count", [200, FEW + 1])
def test_engine_is_asked_where_one_number_of_a_gradient_is_not_finite(count, monkeypatch):
    """The value says nothing of it."""
    asked = []
    monkeypatch.setattr(results, "gradients", lambda *args: asked.append(args) or gradients(*args))
    fast, w = compile(lambda w: autograd.sum([sqrt(x) for x in w])), np.ones(count)
    for zero in (-1, 0, count // 2):
        fast.value_and_grad(w)
        at_zero = w.copy()
        at_zero[zero] = 0.0
        value, slopes = fast.value_and_grad(at_zero)
        assert (value, slopes[zero], slopes.sum()) == (count - 1.0, np.inf, np.inf)
    assert len(asked) == 3


@settings(max_examples=20)
@given(st.sampled_from([0, 1, 200, FEW, FEW + 1]), st.sampled_from([1.0, 1e200, np.inf, -np.inf, np.nan]), st.data())
def test_array_is_finite_if_all_its_numbers_are(count, x, data):
    """Few numbers or many, and wherever the one stands that is not."""
    array = np.full(count, -1e300)
    if count:
        array[data.draw(st.integers(0, count - 1))] = x
    assert is_finite(array) == all(map(isfinite, array.tolist()))


HUGE = st.sampled_from([*[1e-200, 1e200, -1e200] * 4, 0.5, np.inf, np.nan])
# What overflows in one order and not in another.
EXTREME = {
    "product": lambda x: autograd.prod(x),
    "sum": lambda x: autograd.sum([1e108 * a for a in 4 * x]),
    "dot": lambda x: autograd.dot(x[:4], x[4:]),
    "two results": lambda x: [autograd.prod(x), autograd.dot(x[:4], x[4:])],
}


@pytest.mark.parametrize("f", EXTREME.values(), ids=EXTREME)
@pytest.mark.parametrize("how", ["mean", "sum", None, "alone"])
@settings(max_examples=20)
@given(rows=st.lists(st.lists(HUGE, min_size=8, max_size=8), min_size=1, max_size=4))
def test_value_that_is_not_finite_is_that_of_the_function(f, how, rows):
    """Products and sums overflow in another order: what a program makes of that is asked of the engine."""
    batched = how != "alone"
    fast = (
        compile(lambda w, x: f(list(x)), batched="x", reduce=how, verify=False) if batched else compile(f, verify=False)
    )
    args = (1.0, np.array(rows)) if batched else (rows[0],)
    own = f([Value(x) for x in rows[0]]) if not batched else fast(Value(1.0), args[1])
    expected = np.asarray(autograd.data(own), dtype=float)
    found = [np.asarray(fast(*args), dtype=float) for _ in range(3)]  # the general call, and that for its structure
    given = [np.ones(1), args[1]] if batched else [np.array(rows[0])]
    alone = np.reshape(fast.program.value(*given), expected.shape)  # of the program
    if how is None:
        finite = np.isfinite(alone.reshape(len(rows), -1)).all(1).reshape(-1, *[1] * (alone.ndim - 1))
    else:
        finite = np.isfinite(alone).all()
    expected = np.where(finite, alone, expected)
    for value in found:
        assert np.array_equal(value, expected, equal_nan=True)


def test_value_over_no_examples_is_zero_whatever_they_share():
    """Nothing times nan is nan where it is multiplied; there is nothing that is."""
    fast = compile(lambda w, x: [log(w) * x, log(w)], batched="x", reduce="sum")
    assert [fast(1.0, np.ones(2)), *[fast(-1.0, np.ones(0)) for _ in range(3)]] == [[0.0, 0.0]] * 4
    bare = compile(lambda w, x: log(w) + x, batched="x", reduce="sum")
    assert [bare(1.0, np.ones(2)), *[bare(-1.0, np.ones(0)) for _ in range(3)]] == [2.0, 0.0, 0.0, 0.0]


def test_no_examples_and_unequal_examples_are_refused_as_ever():
    """By the general call, in its words."""
    fast = compile(lambda w, x, y: w * x - y, batched=("x", "y"))
    for _ in range(2):
        fast.value_and_grad(1.0, np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="hold equally many examples, got 2, 3"):
        fast.value_and_grad(1.0, np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="takes at least one example"):
        fast.value_and_grad(1.0, np.ones(0), np.ones(0))


UNKNOWN = {
    "examples in lists": (lambda p, x: p[0] * x, [1.0], [1.0, 2.0]),
    "more parts than a caller is worth": (lambda p, x: sum(a for (a,) in p) * x, [(1.0,) for _ in range(600)], None),
    "an empty part": (lambda p, x: p[0] * x, [2.0, []], None),
    "an array of integers that is structure": (lambda x, p: x * sum(p.tolist()), None, np.array([1, 2])),
    "text among what is differentiated": (lambda p, x: p[0] * x, [2.0, "text"], None),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_structure_that_has_no_caller_is_served_all_the_same(name):
    """By the general call, each time."""
    f, p, x = UNKNOWN[name]
    fast = compile(f, batched="x" if name == "examples in lists" else ())
    args = (1.5 if p is None else p, 1.5 if x is None else x)
    first = plain(fast.value_and_grad(*args))
    assert plain(fast.value_and_grad(*args)) == first
    assert not fast._programs.direct.callers


def test_buffers_are_kept_for_a_few_batch_sizes():
    """And made anew for another."""
    fast = compile(lambda w, x: w * x, batched="x")
    for rows in (*range(1, 9), *range(1, 9)):
        assert fast.value_and_grad(2.0, np.ones(rows)) == (2.0, 1.0)


@pytest.mark.parametrize("rows", [3, 20_000])
@pytest.mark.parametrize("parameters", [2, 10_000])
@pytest.mark.parametrize("name", ["__call__", "value_and_grad"])
def test_arguments_of_a_call_are_not_kept(name, parameters, rows):
    """A data set goes when its owner lets it go, however it was called with, and wherever it was read."""
    fast = compile(lambda w, x: dot(list(w), list(w)) * x, batched="x")
    call = getattr(fast, name)
    w, x = np.ones(parameters), np.ones(rows)
    held = weakref.ref(w), weakref.ref(x)
    for _ in range(3):
        call(w, x)
    assert fast._programs.direct.callers
    del w, x
    gc.collect()
    assert [array() for array in held] == [None, None]


def test_threads_have_buffers_of_their_own():
    """Each thread reads its own numbers, however they take turns."""
    fast = compile(lambda w, x: sum(a * a for a in w) * x, batched="x")
    X = np.ones(50)
    fast.value_and_grad(np.arange(30.0), X)

    def work(seed):
        w = np.random.default_rng(seed).normal(size=30)
        for _ in range(200):
            value, slope = fast.value_and_grad(w, X)
            assert np.isclose(value, (w * w).sum())
            assert np.allclose(slope, 2 * w)

    at_once(work, range(4))


def test_callers_are_bounded(monkeypatch):
    """The one that was written first goes first."""
    monkeypatch.setattr(programs, "CALLERS", 5)
    fast = compile(lambda a, b, c: a * b * c)
    for argnums in [(0,), (1,), (2,), (0, 1)] * 2:
        for names in ((), ("c",), ("b", "c"), ("c", "b")):
            values = dict(zip("abc", (2.0, 3.0, 5.0), strict=True))
            given = [values[name] for name in "abc" if name not in names]
            value, slopes = fast.value_and_grad(*given, argnums=argnums, **{name: values[name] for name in names})
            assert (value, slopes) == (30.0, tuple([30.0 / values["abc"[k]] for k in argnums]))
    assert len(fast._programs.direct.callers) == 5


def test_last_program_is_that_of_the_last_call():
    """Also where a caller served it."""
    fast = compile(lambda w: sum(a * a for a in w))
    for _ in range(2):
        fast.value_and_grad(np.ones(2))
        fast.value_and_grad(np.ones(3))
    fast.value_and_grad(np.ones(3))
    fast.value_and_grad(np.ones(3))
    assert fast.program.parameters == 3
    fast.value_and_grad(np.ones(2))
    assert fast.program.parameters == 2
