"""What a call may change in a module is seen, wherever it stands, and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import CompileError, Value
from nn import MLP, Module
from nn.model.state import Snapshot, call_fresh, call_once, call_unchanged, results


class Holds(Module):
    """Something of every kind that holds something."""

    def __init__(self) -> None:
        self.w, self.number, self.text = Value(1.0), 2.0, "text"
        self.many = [Value(3.0), 4.0, [5.0, 6.0]]
        self.pair = (Value(7.0), [8.0, 9.0])
        self.named = {"a": Value(10.0), "b": [11.0]}
        self.floats = np.array([12.0, np.nan, 0.0])
        self.values = np.array([Value(13.0), Value(14.0)], dtype=object)
        self.inner = MLP(1, [2, 1], rng=0)
        self.itself = self


def replace(holder: Any, key: Any, thing: Any) -> Callable[[Holds], None]:
    """Put something else in a place of what an attribute holds."""
    return lambda m: holder(m).__setitem__(key, thing)


CHANGES: dict[str, Callable[[Holds], Any]] = {
    "a number": lambda m: setattr(m, "number", 3.0),
    "an equal number": lambda m: setattr(m, "number", float("2.0")),
    "another Value": lambda m: setattr(m, "w", Value(1.0)),
    "a Value's number": lambda m: setattr(m.w, "data", 2.0),
    "a new attribute": lambda m: setattr(m, "new", 1.0),
    "one attribute less": lambda m: delattr(m, "text"),
    "an item": replace(lambda m: m.many, 1, 5.0),
    "two items exchanged": lambda m: m.many.reverse(),
    "one item more": lambda m: m.many.append(5.0),
    "one item less": lambda m: m.many.pop(),
    "no items": lambda m: m.many.clear(),
    "an item of a list in a list": replace(lambda m: m.many[2], 0, 6.0),
    "an item of a list in a tuple": replace(lambda m: m.pair[1], 1, 8.0),
    "a Value's number in a tuple": lambda m: setattr(m.pair[0], "data", 0.0),
    "an entry": replace(lambda m: m.named, "a", Value(10.0)),
    "one entry more": replace(lambda m: m.named, "c", 1.0),
    "one entry less": lambda m: m.named.pop("b"),
    "the order of the entries": lambda m: m.named.update(a=m.named.pop("a")),
    "a list in a dict": lambda m: m.named["b"].append(1.0),
    "a number of an array": replace(lambda m: m.floats, 0, 13.0),
    "the sign of a zero": replace(lambda m: m.floats, 2, -0.0),
    "a Value of an array": replace(lambda m: m.values, 1, Value(14.0)),
    "a Value's number in an array": lambda m: setattr(m.values[0], "data", 14.0),
    "a weight of a module inside": lambda m: setattr(m.inner.layers[1].neurons[0].weights[1], "data", 0.0),
    "a layer of a module inside": lambda m: m.inner.layers.pop(),
}


def looked_at(x: Any, seen: set[int]) -> Any:
    """All that can be told of a thing: which objects it holds where, and the bits of numbers."""
    if id(x) in seen:
        return id(x)
    seen.add(id(x))
    if isinstance(x, Value):
        return id(x), x.data.hex()
    if isinstance(x, np.ndarray):
        return id(x), x.tobytes(), [looked_at(part, seen) for part in x.tolist() if x.dtype == object]
    inside = vars(x).items() if isinstance(x, Module) else x.items() if isinstance(x, dict) else ()
    if isinstance(x, (list, tuple)):
        inside = enumerate(x)
    return id(x), [(key, looked_at(part, seen)) for key, part in inside]


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen_and_undone(change: str) -> None:
    """As a whole: the same objects in the same places, with the same numbers."""
    model = Holds()
    before = looked_at(model, set())
    kept = looked_at_objects(model)
    snapshot = Snapshot(model)
    assert not snapshot.restore()
    CHANGES[change](model)
    assert looked_at(model, set()) != before
    assert snapshot.restore()
    assert looked_at(model, set()) == before
    assert not snapshot.restore()
    del kept


def looked_at_objects(model: Holds) -> list[Any]:
    """What is kept alive, so that no new object has an old one's place in memory."""
    return [dict(vars(model)), list(model.many), dict(model.named), list(model.values), list(model.inner.layers)]


@pytest.mark.parametrize("change", CHANGES)
def test_call_that_changes_its_module_is_no_program(change: str) -> None:
    """It is refused, one that is made only to look is undone, and one in earnest stays."""
    model = Holds()
    before, kept = looked_at(model, set()), looked_at_objects(model)
    with pytest.raises(CompileError, match=r"^Holds replaces what it holds when it is called"):
        call_unchanged(model, lambda: CHANGES[change](model))
    assert looked_at(model, set()) == before
    call_once(model, lambda: CHANGES[change](model))
    assert looked_at(model, set()) == before
    call_fresh(model, lambda: CHANGES[change](model))
    assert looked_at(model, set()) != before
    del kept


def test_call_that_changes_nothing_gives_what_it_gives() -> None:
    """By whichever way it is called; an error in it changes nothing either."""
    model = Holds()
    for called in (call_fresh, call_once, call_unchanged):
        assert called(model, lambda: 5.0) == 5.0

    def fails() -> None:
        model.number = 3.0
        raise ZeroDivisionError

    for called in (call_once, call_unchanged):
        with pytest.raises(ZeroDivisionError):
            called(model, fails)
        assert model.number == 2.0


def test_results_are_told_from_parameters() -> None:
    """By what made them, under the names they have; one that a call makes anew is no fault."""
    model = Holds()
    assert results(model) == {}
    model.many[1] = sum_of = model.w + 1.0
    assert results(model) == {sum_of: "many.1"}
    with pytest.raises(ValueError, match=r"^attribute 'many\.1' of Holds is a result of add, which does not follow"):
        call_fresh(model, lambda: None)
    call_fresh(model, lambda: model.many.__setitem__(1, model.w + 1.0))
