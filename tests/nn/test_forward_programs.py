"""When predictions run as a program, what it is held to, and how long it is kept."""

import copy
import gc
import pickle
import weakref
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import MLP, Layer, Module
from nn.model import forward as forward_module
from tests.nn.modules import called
from tests.nn.rows import ROWS, Plain

ROWS_SEEN: SimpleQueue[list[float]] = SimpleQueue()


class Counted(Module):
    """Notes every row that it is called with, in what no program can look into."""

    def __init__(self):
        self.w = Value(2.0)

    def __call__(self, x):
        ROWS_SEEN.put(x)
        return self.w * x[0]


def seen() -> list[list[float]]:
    """The rows noted so far, which are forgotten then."""
    return [ROWS_SEEN.get() for _ in range(ROWS_SEEN.qsize())]


@pytest.mark.parametrize("before", [2.0, np.nan, np.inf])
def test_many_rows_run_as_a_program(before):
    """A hundred rows are one call, which the program is held to; once it is made, few rows are as well.

    A model that has run away, whose nan or infinity its engine finds again in each row, keeps its program for later.
    """
    model = Counted()
    model.w.data = before
    model.predict(np.ones((100, 2)))
    model.w.data = 2.0
    seen()
    model.predict(np.ones((100, 2)))
    model.predict(np.ones((5, 2)))
    assert seen() == [[1.0, 1.0]] * 2


def test_bound_rows_run_the_program_that_predictions_have():
    """No other is made for them: one row is called, which the program is held to."""
    model = Counted()
    model.predict(np.ones((100, 2)))
    seen()
    assert forward_module.bind(model, np.ones((100, 2)))(np.array([3.0])).tolist() == [3.0] * 100
    assert seen() == [[1.0, 1.0]]


def test_few_rows_need_no_program(monkeypatch):
    """They are called, until they have been as many as a program is worth."""
    made = []
    monkeypatch.setattr(forward_module, "compile", lambda *a, **k: made.append(1) or autograd.compile(*a, **k))
    model = MLP(2, [2, 1], rng=0)
    for count in (3, 5, 20):
        model.predict(ROWS[:count])
    assert made == []
    model.predict(ROWS[:5])
    assert made == [1]


def test_memory_goes_from_row_to_row_as_in_python():
    """A call that replaces an attribute is called row by row, and leaves what the last row left."""

    def recur(model, x):
        model.h = autograd.tanh(model.w * x[0] + 0.5 * model.h)
        return model.h

    model, twin = Plain(recur), Plain(recur)
    model.h = twin.h = 0.0
    for _ in range(2):
        np.testing.assert_array_equal(model.predict(ROWS), called(twin, ROWS))
        assert model.h.data == twin.h.data


@dataclass
class Equal(Module):
    """Equal to others of its kind, and without a hash."""

    factor: float

    def __call__(self, x):
        return self.factor * x[0]


def test_modules_may_be_equal_and_without_a_hash():
    """Each has its own program."""
    one, other = Equal(1.0), Equal(2.0)
    np.testing.assert_allclose(other.predict(ROWS), 2.0 * one.predict(ROWS), rtol=1e-15)
    one.factor = 2.0
    assert one == other
    np.testing.assert_allclose(other.predict(ROWS), one.predict(ROWS), rtol=1e-15)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_carry_no_program(copied):
    """A copy that is changed predicts for itself, and a model's attributes are its own affair."""
    model = MLP(2, [3, 1], rng=0)
    before = vars(model).copy()
    expected = model.predict(ROWS)
    assert vars(model) == before
    twin = copied(model)
    twin.layers = [Layer(2, 1, rng=4)]
    np.testing.assert_allclose(twin.predict(ROWS), called(twin, ROWS), rtol=1e-13)
    np.testing.assert_array_equal(model.predict(ROWS), expected)


def test_a_program_goes_with_its_model():
    """Nothing of a model that nobody holds stays behind."""
    model = MLP(2, [3, 1], rng=0)
    model.predict(ROWS)
    model.activations(ROWS)
    held, keys = weakref.ref(model), {(id(model), "call"), (id(model), "layers")}
    assert keys <= set(forward_module._forwards)
    del model
    gc.collect()
    assert held() is None
    assert not keys & set(forward_module._forwards)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e12])
def test_a_program_is_held_to_the_call_in_the_size_of_its_outputs(size):
    """What rounding may do to it is no difference, small or large; three in a million is one, and the call counts."""

    class Shifted(Counted):
        def __init__(self, by):
            self.by = by
            super().__init__()

        def __call__(self, x):
            return super().__call__(x) * size * (1.0 if isinstance(x[0], float) else self.by)

    rows = np.linspace(0.5, 1.0, 40)[:, np.newaxis]
    near, far = Shifted(1.0 + 1e-9), Shifted(1.0 + 3e-6)
    np.testing.assert_allclose(near.predict(rows), 2.0 * size * rows[:, 0], rtol=2e-9)
    seen()
    near.predict(rows)
    assert len(seen()) == 1
    np.testing.assert_array_equal(far.predict(rows), 2.0 * size * rows[:, 0])


def test_a_call_that_tells_numbers_from_values_is_called_row_by_row():
    """A program is recorded with Values for the row, and is held to the call at more than the first."""
    model = Plain(lambda m, x: m.w * max(x[0], 0.0) if isinstance(x[0], float) else m.w * 0.0)
    rows = np.vstack([[[-1.0, 0.0]], ROWS])  # the first does not show it
    np.testing.assert_array_equal(model.predict(rows), called(model, rows))
