"""A call written once for a structure is the general call: the same numbers, in the same shapes, or it is not used."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, compile, grad, sin
from nn import MLP
from tests.compiler.trees import both, moved, plain, trees, waves


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


def test_integers_and_text_in_a_list_are_compared_one_by_one_and_by_their_kind():
    """True is no 1, an array among them no error; what the caller's list becomes afterwards changes nothing."""
    f = lambda p, word: p[0] * sum(len(str(a)) * (k + 1.5) for k, a in enumerate(word)) + (word[0] == 1)
    fast, word = compile(f), [1, 2, "three"]
    words = [word, [1, 2, "four"], [1, 2], (1, 2, "three"), [True, 2, "three"], [1, None, "three"]]
    for one in [words[0], *[w for other in words for w in (words[0], other, other)]]:
        assert fast.value_and_grad([3.0], one) == (f([3.0], one), [f([1.0], one) - f([0.0], one)])
    assert len(fast._programs) == len(words)
    word[1] = 700
    for _ in range(3):
        assert fast([3.0], word) == f([3.0], word)
    assert fast([3.0], [1, 2, "three"]) == f([3.0], [1, 2, "three"])
    assert fast([3.0], [1, np.array(2), "three"]) == f([3.0], [1, 2, "three"])
