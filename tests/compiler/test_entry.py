"""Arguments read and derivatives handed out in C: bit for bit what Python's own lines do, whatever is in them."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, compile, tanh
from autograd.compiler.backends.c.entry import Entry, entry
from autograd.compiler.calls import entering, feeding
from autograd.compiler.calls.parts import Part
from autograd.compiler.scalars.tape import FIRST_BATCHED
from tests.compiler.trees import moved, numbers, plain, trees

pytestmark = pytest.mark.skipif(entry() is None, reason="there is no entry in C here")


def long(p, q):
    """Of all numbers, in far more operations than are left to Python."""
    return long_too(p, q, 0.0)


def long_too(p, q, x):
    """Of an example as well."""
    y = sum(numbers(p)) * 0.1
    found = [*numbers(p), *numbers(q)]
    for k in range(60):
        y = tanh(y * found[k % len(found)] + 0.1) - x
    return y


def with_and_without(f, *args, batched=(), **kwargs):
    """Two compiled functions, whose calls are known by heart: one with the entry, one without."""
    made = []
    for found in (entry(), None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(feeding, "entry", lambda found=found: found)
            made.append(compile(f, batched=batched))
            for _ in range(3):
                made[-1].value_and_grad(*args, **kwargs)
    return made


def outcome(fast, *args, **kwargs):
    """What a call gives, or how it fails."""
    try:
        return plain(fast.value_and_grad(*args, **kwargs))
    except Exception as error:
        return type(error), str(error)


def reads(fast):
    """Whether calls that are known by heart read their arguments in C."""
    return [caller.__globals__["take"](1)[3] is not None for caller, _ in fast._programs.direct.callers.values()]


@given(p=trees(ints=0), q=trees(ints=1), argnums=st.sampled_from([0, (0,), (0, 1)]), rows=st.integers(1, 3))
def test_entry_gives_what_python_gives(p, q, argnums, rows):
    """For any structure, with examples and without, of another number and another count each time."""
    if isinstance(argnums, tuple) and len(argnums) == 2:
        q = moved(p, 1)
    X = np.linspace(-1.0, 1.0, rows + 1)
    for f, batched, examples in ((long, (), ()), (long_too, ("x",), (X[:rows],))):
        mine, python = with_and_without(f, p, q, *examples, batched=batched, argnums=argnums)
        assert reads(mine) == [True]
        for k in range(3):
            more = [X[: 1 + (rows + k) % (rows + 1)]] if batched else []
            args = moved(p, k), moved(q, k), *more
            assert outcome(mine, *args, argnums=argnums) == outcome(python, *args, argnums=argnums)


class Length(float):
    """A float of a class of its own."""


ODD = {
    "int": 2, "bool": True, "text": "2", "none": None, "nan": float("nan"), "inf": -float("inf"), "value": Value(0.5),
    "numpy": np.float64(0.5), "single": np.float32(0.5), "of its own": Length(0.5), "empty": [], "list": [0.5],
    "tuple": (0.5, 0.25), "array": np.array([0.5]), "no axis": np.array(0.5), "two axes": np.ones((2, 2)),
    "strided": np.arange(4.0)[::2], "columns": np.ones((2, 1)).T, "swapped": np.array([0.5, 1.0], dtype=">f8"),
    "integers": np.array([1, 2]), "read only": np.frombuffer(np.ones(2)), "masked": np.ma.masked_array([1.0, 2.0]),
    "dict": {"a": 0.5}, "complex": 1j, "object": object(),
}  # fmt: skip
PARTS = {
    "number": 0.3, "list": [0.3, 0.4], "tuple": (0.3, 0.4), "array": np.array([0.3, 0.4]),
    "nested": [[0.3], (0.4, [0.2])], "dict": {"a": 0.3, "b": [0.4]},
    "matrix": np.array([[0.3, 0.4]]), "structure": (0.3, [0.1, 0.2]), "names": {"a": 0.3, "b": 0.4},
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_what_is_unusual_goes_as_without(name):
    """Each part, and all of the argument, replaced by each odd thing; and the usual call after it."""
    p = PARTS[name]
    mine, python = with_and_without(long, p, 0.5)
    assert reads(mine) == [True]
    assert reads(python) == [False]
    for odd, thing in ODD.items():
        for args in ((thing, 0.5), (p, thing), *[(changed, 0.5) for changed in replaced(p, thing)]):
            assert outcome(mine, *args) == outcome(python, *args), odd
        assert outcome(mine, p, 0.5) == outcome(python, p, 0.5), odd


def replaced(tree, thing):
    """The tree with each of its parts replaced, one by one; longer by it, and shorter by one."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield tree | {key: thing}
            yield from [tree | {key: inside} for inside in replaced(part, thing)]
        yield {**tree, "more": thing}
        yield dict(reversed(tree.items()))
    elif isinstance(tree, list | tuple):
        for k, part in enumerate(tree):
            for inside in (thing, *replaced(part, thing)):
                yield type(tree)([*tree[:k], inside, *tree[k + 1 :]])
        yield type(tree)([*tree, thing])
        yield type(tree)(tree[:-1])
    elif isinstance(tree, np.ndarray):
        yield tree[:, ::-1] if tree.ndim == 2 else tree[::-1]
        yield np.asfortranarray(np.vstack([tree, tree]))
        yield tree.astype(np.float32)


@pytest.mark.parametrize("held", [3, "sum", True, None, [1, 2], ("a", None), 1000])
def test_structure_that_is_no_number_is_part_of_the_key(held):
    """Equal is enough; of another class it is another structure."""
    f = lambda p, n: long(p, 0.5) * (2 if n == held else 3)
    mine, python = with_and_without(f, [0.3, 0.2], held)
    for other in (held, eval(repr(held)), 3, 3.0, "sum", 1, True, None, [1, 2], [True, 2], ("a", None), ["a", None]):
        assert outcome(mine, [0.3, 0.2], other) == outcome(python, [0.3, 0.2], other)


def test_nothing_is_kept_and_nothing_lost():
    """Counts of references and memory stay as they are over many calls, refused ones among them."""
    p, x = {"a": [0.3, (0.4,)], "b": np.ones((2, 2))}, 0.25
    fast, _ = with_and_without(long, p, x)
    others = [({"a": [0.3, (1,)], "b": np.ones((2, 2))}, x), ({"a": [0.3, (0.4,)], "b": np.ones((2, 2)).T}, x)]

    def many(count):
        for _ in range(count):
            fast.value_and_grad(p, x)
            for args in others:
                fast.value_and_grad(*args)

    many(200)
    gc.collect()
    held = [p, p["a"], p["a"][1], p["b"], *numbers(p["a"])]
    before = [sys.getrefcount(x) for x in held]
    tracemalloc.start()
    many(50)
    gc.collect()
    start = tracemalloc.get_traced_memory()[0]
    many(2000)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    assert [sys.getrefcount(x) for x in held] == before
    assert grown < 5_000


@pytest.mark.parametrize("which", [0, 1], ids=["in C", "in Python"])
def test_finalizer_that_calls_the_same_function_changes_nothing(which):
    """The collector runs it while derivatives are handed out, in containers that are just being made."""
    p = [[0.01 * k] for k in range(300)]  # more than are made without the collector
    fast = with_and_without(lambda p, q: long(p[::-1], q), p, 0.5)[which]
    expected = plain(fast.value_and_grad(p, 0.5))
    other = moved(p, 1)
    ran = []

    class Garbage:
        def __init__(self):
            self.itself = self

        def __del__(self):
            ran.append(fast.value_and_grad(other, 0.5)[0])
            if len(ran) < 2000:
                Garbage()  # for the collector's next run

    thresholds = gc.get_threshold()
    try:
        gc.set_threshold(7, 1, 1)
        Garbage()
        for _ in range(50):
            assert plain(fast.value_and_grad(p, 0.5)) == expected
    finally:
        gc.set_threshold(*thresholds)
    assert ran


def test_plan_that_is_dropped_holds_nothing():
    """Neither its objects nor its buffers, made or refused."""
    found, place, keys = entry(), np.zeros(2), ("a", "b")
    words = [found.DICT, 2, 0, found.NUMBER, 0, 0, found.NUMBER, 0, 1]
    before = sys.getrefcount(place), sys.getrefcount(keys)
    for _ in range(50):
        assert found.reader(words, (place,), (keys,), 1)({"a": 1.0, "b": 2.0})
        assert found.giver(words, (place,), (keys,), 1)() == ({"a": 1.0, "b": 2.0},)
        with pytest.raises(ValueError, match="outside"):
            found.reader(words[:-1], (place,), (keys,), 1)
    assert (sys.getrefcount(place), sys.getrefcount(keys)) == before
    place.resize(1, refcheck=False)  # which is refused while a buffer is held


@pytest.mark.parametrize("depth", [58, 59, 60, 61, 63, 64, 65, 100])
def test_what_is_nested_deeper_than_c_goes_is_read_by_python(depth):
    """The same derivatives, in the same lists."""
    p = [0.3, 0.4]
    for _ in range(depth):
        p = [p]
    mine, python = with_and_without(long, p, 0.5)
    assert outcome(mine, p, 0.5) == outcome(python, p, 0.5)
    assert outcome(mine, p, 0.5)[0] is tuple


def test_more_numbers_than_c_counts_are_read_by_python():
    """Of a part, and of examples; none are made for it."""
    parts = [Part("array", place, slice(0, 0), shape=(2**20, 2**11 - less)) for place in (0, 2) for less in (0, 1)]
    assert [entering.fits([part]) for part in parts] == [False, True] * 2
    entered = feeding._Entered(entry(), {"x": parts[1]._replace(place=FIRST_BATCHED)}, 0)
    step = SimpleNamespace(parameters=np.zeros(1), fixed=np.zeros(1), gradient=np.zeros(1))
    read, _ = entered.functions(step, 1, False)
    assert read.__class__ is len.__class__  # in C
    read, _ = entered.functions(step, 2, False)
    assert read.__class__ is not len.__class__
    assert read(np.zeros(3)) is False


WORDS = st.lists(st.integers(-2, 9), max_size=24)


@given(words=WORDS, count=st.integers(0, 4), x=trees(ints=1))
def test_no_words_lead_outside(words, count, x):
    """Any words are refused, or read what they are given within bounds."""
    found, places = entry(), (np.zeros(5), np.zeros(3))
    objects = (("a", "b"), 1, np.arange(2.0).copy)
    try:
        read = found.reader(words, places, objects, count)
    except ValueError as error:
        assert "outside" in str(error)  # noqa: PT017
        return
    assert read(*[x] * count) in (True, False)
    assert read(*[x] * (count + 1)) is False
    give = found.giver(words, places, objects, count)
    try:
        assert len(give()) == count
    except ValueError as error:
        assert "no derivative" in str(error)  # noqa: PT017


def test_words_at_the_end_of_a_buffer():
    """All of it, and no more."""
    found, place = entry(), np.zeros(4)
    assert found.reader([found.NUMBERS_IN_LIST, 0, 1, 3], (place,), (), 1)([1.0, 2.0, 3.0])
    assert place.tolist() == [0.0, 1.0, 2.0, 3.0]
    for words in (
        [found.NUMBERS_IN_LIST, 0, 2, 3], [found.NUMBER, 0, 4], [found.NUMBER, 1, 0], [found.NUMBER, 0, -1],
        [found.ARRAY, 0, 0, -1, 2, 5, 1], [found.ARRAY, 0, 0, -1, 2, 2**31, 2**33], [found.LIST, 2**62],
        [found.NUMBERS_IN_LIST, 0, 0, -1], [found.NUMBERS_IN_LIST, 0, 2**62, 2**62], [found.DICT, 0, 0], [],
    ):  # fmt: skip
        with pytest.raises(ValueError, match="outside"):
            found.reader(words, (place,), (), 1)
    with pytest.raises((BufferError, ValueError)):
        found.reader([found.NUMBER, 0, 0], (np.frombuffer(bytes(8)),), (), 1)


def test_arrays_that_lie_otherwise_are_not_learnt():
    """What does not agree in each field is left to Python."""
    learn, x = entry().module.learn, np.zeros((3, 5))
    right = [x, x.dtype, x.ctypes.data, x.shape, x.strides, True]
    assert learn(*right)
    for k, wrong in ((1, np.dtype(np.float32)), (2, right[2] + 8), (3, (5, 3)), (3, (3, 4)), (4, (8, 40)), (5, False)):
        assert not learn(*right[:k], wrong, *right[k + 1 :])


def test_entry_of_other_sources_is_not_used(monkeypatch):
    """And where there is none, nothing changes."""
    assert isinstance(entry(), Entry)
    monkeypatch.setattr("autograd.compiler.backends.c.entry.fingerprint", lambda: "other")
    assert entry.__wrapped__() is None
