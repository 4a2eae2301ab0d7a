"""How many programs are kept, and what they keep alive."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
import warnings
import weakref

import numpy as np
import pytest

from autograd import Value, compile
from autograd.compiler.calls.programs import KEPT, MANY
from autograd.compiler.captured.contents import CLASSES
from nn import MLP


@pytest.mark.filterwarnings("ignore:<lambda> has been recorded")
def test_programs_do_not_keep_a_model_alive():
    """Keys refer to it weakly."""
    model = MLP(2, [3, 1], rng=0)
    fast = compile(lambda model, x: model(x))
    fast.value_and_grad(model, [1.0, 2.0])
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


@pytest.mark.filterwarnings("ignore:<lambda> has been recorded")
def test_programs_keep_no_large_array():
    """Keys hold a digest of it; a change of one byte is another."""
    array = np.zeros(100_000)
    fast = compile(lambda x: x * array[0] + array[-1])
    tracemalloc.start()
    for k in range(10):
        array[-1] = k
        assert fast(1.0) == k
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4 * array.nbytes
    array[-1] = 3.0
    assert fast(1.0) == 3.0


def test_classes_are_not_kept_for_ever():
    """What is known of the latest is."""
    seen = []
    for k in range(2 * CLASSES):
        made = type("Made", (), {"T": float(k)})()
        assert compile(lambda x, made=made: x * made.T, verify=False)(1.0) == k
        seen.append(weakref.ref(type(made)))
    gc.collect()
    assert seen[0]() is None


def test_programs_are_bounded_and_many_are_warned_of():
    """Once, naming the argument that changes."""
    fast = compile(lambda x, n, m: sum(x for _ in range(n)) * m)

    def call_many_times():
        for n in range(1, KEPT + 20):
            assert fast(2.0, n, 3) == 6.0 * n

    with pytest.warns(UserWarning, match="has been recorded 9 times, .* changes from call to call is n: ") as caught:
        call_many_times()
    assert len([w for w in caught if "recorded" in str(w.message)]) == 1
    assert len(fast._programs) == KEPT
    assert MANY == 8


def test_compiled_function_is_pickled_after_a_call():
    """Programs are made anew where it arrives."""
    fast = compile(cube)
    assert fast.value_and_grad(2.0) == (8.0, 12.0)
    copied = pickle.loads(pickle.dumps(fast))
    assert copied.value_and_grad(3.0) == (27.0, 27.0)


def cube(x):
    return x**3


def test_more_modules_than_are_remembered():
    """Each is known again, or looked at again."""
    models = [MLP(1, [1], rng=k) for k in range(12)]
    fast = compile(lambda model, x: model(x), verify=False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*has been recorded")
        for _ in range(2):
            for model in models:
                assert fast.value_and_grad(model, [2.0])[0] == pytest.approx(model([2.0]).data)
    assert len(fast._subject.modules) == 8


def test_object_with_parameters_that_cannot_be_referred_to_weakly():
    """It is walked in every call."""

    class Bare:
        __slots__ = ("w",)

        def __init__(self):
            self.w = Value(2.0)

        def parameters(self):
            return [self.w]

    bare = Bare()
    fast = compile(lambda m, x: m.w * x)
    assert fast.value_and_grad(bare, 3.0)[0] == 6.0
    bare.w = Value(5.0)
    assert fast.value_and_grad(bare, 3.0)[0] == 15.0
