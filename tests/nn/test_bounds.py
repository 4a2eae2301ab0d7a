"""Every number that ``nn`` takes: from where to where, to the last bit, and what is said of those beyond.

The table has an interval for each: round brackets for an end that does not belong to it, "int" for whole numbers, of
which there are only least ones.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import nn
from nn import MLP, datasets, micrograd

X, Y = datasets.xor()
OPTIMIZERS = ("SGD", "Adam", "AdamW", "RMSProp", "Backtracking")
MEASURES = ("accuracy", "confusion_matrix", "misclassified")

#: Where each number lies, by name and parameter.
INTERVALS: dict[tuple[str, str], str] = {
    **{(name, "learning_rate"): "(0, inf)" for name in OPTIMIZERS},
    ("SGD", "momentum"): "[0, 1)",
    ("SGD", "weight_decay"): "[0, inf)",
    **{(name, parameter): "[0, 1)" for name in ("Adam", "AdamW") for parameter in ("beta1", "beta2")},
    **{(name, "epsilon"): "[0, inf)" for name in ("Adam", "AdamW", "RMSProp")},
    ("AdamW", "weight_decay"): "[0, inf)",
    ("RMSProp", "decay"): "[0, 1)",
    ("Backtracking", "factor"): "(1, inf)",
    ("Backtracking", "every"): "int 1",
    ("Backtracking", "tolerance"): "[0, inf)",
    ("ConstantSchedule", "rate"): "[0, inf)",
    ("StepSchedule", "start"): "[0, inf)",
    ("StepSchedule", "every"): "[1, inf)",
    ("StepSchedule", "factor"): "[0, inf)",
    **{(name, end): "[0, inf)" for name in ("LinearSchedule", "CosineSchedule") for end in ("start", "end")},
    **{(name, "steps"): "[1, inf)" for name in ("LinearSchedule", "CosineSchedule")},
    ("EarlyStopping", "patience"): "int 1",
    ("EarlyStopping", "min_delta"): "[0, inf)",
    ("fit", "epochs"): "int 0",
    ("fit", "batch_size"): "int 1",
    ("fit", "rng"): "int 0",
    ("L1", "strength"): "[0, inf)",
    ("L2", "strength"): "[0, inf)",
    **{(name, "threshold"): "[-inf, inf]" for name in MEASURES},
    **{(name, "rng"): "int 0" for name in ("MLP", "Layer", "Neuron")},
    **{(name, "inputs"): "int 1" for name in ("MLP", "Layer", "Neuron")},
    ("Layer", "outputs"): "int 1",
    **{(f"micrograd.{name}", "nin"): "int 1" for name in ("MLP", "Layer", "Neuron")},
    ("micrograd.Layer", "nout"): "int 1",
    ("normal", "std"): "[0, inf)",
    ("uniform", "low"): "(-inf, 1]",
    ("uniform", "high"): "[-1, inf)",
    ("constant", "value"): "(-inf, inf)",
    **{(f"datasets.{name}", "per_class"): "int 1" for name in datasets.PLANAR},
    **{(f"datasets.{name}", "rng"): "int 0" for name in (*datasets.PLANAR, "moons", "random_inputs")},
    **{(f"datasets.{name}_inputs", "count"): "int 1" for name in ("random", "sequential", "constant")},
    **{(f"datasets.{name}_inputs", "target"): "(-inf, inf)" for name in ("random", "sequential", "constant")},
    ("datasets.constant_inputs", "value"): "(-inf, inf)",
    ("datasets.moons", "n_samples"): "int 2",
    ("datasets.moons", "noise"): "[0, inf)",
    ("one_hot", "classes"): "int 1",
    ("train_test_split", "test"): "(0, 1)",
    ("train_test_split", "rng"): "int 0",
}

#: What else a call needs.
NEEDED: dict[str, dict[str, Any]] = {
    "SGD": {"learning_rate": 0.1},
    "StepSchedule": {"start": 1.0, "every": 2},
    **{name: {"start": 1.0, "end": 0.5, "steps": 3} for name in ("LinearSchedule", "CosineSchedule")},
    **{name: {"model": MLP(2, [1], rng=0), "X": X, "y": Y} for name in MEASURES},
    "MLP": {"inputs": 2, "sizes": [1]},
    "Layer": {"inputs": 2, "outputs": 2},
    "Neuron": {"inputs": 2},
    "micrograd.MLP": {"nin": 2, "nouts": [1]},
    "micrograd.Layer": {"nin": 2, "nout": 2},
    "one_hot": {"labels": [0, 0]},
    "train_test_split": {"X": X, "y": Y},
}

#: Numbers that are no argument of a user: what has been, and the shape that an initializer is asked for.
NOT_ASKED = {"History", "Optimizer", "he", "lecun", "xavier", "zeros"}


def offered() -> dict[str, Callable[..., Any]]:
    """What ``nn`` offers, each thing by its shortest name."""
    rooms = {"datasets.": datasets, "micrograd.": micrograd, "": nn}
    every = [(getattr(room, name), prefix + name) for prefix, room in rooms.items() for name in room.__all__]
    return {name: thing for thing, name in {thing: name for thing, name in every if callable(thing)}.items()}


def taken(name: str, parameter: str) -> Callable[[Any], Any]:
    """A call that is given one number."""
    if name == "fit":
        return lambda number: nn.fit(MLP(2, [1], rng=0), X, Y, **{"epochs": 1, "progress": False, parameter: number})
    return lambda number: offered()[name](**{**NEEDED.get(name, {}), parameter: number})


def test_every_number_has_an_interval() -> None:
    """One that is new needs a row."""
    numbers = {
        (name, parameter.name)
        for name, thing in offered().items()
        for parameter in inspect.signature(thing).parameters.values()
        if re.match(r"(float|int|Rng|np\.random\.Generator \| int)\b", str(parameter.annotation))
        and name not in NOT_ASKED
    }
    assert numbers == {*INTERVALS}


def ends(interval: str) -> tuple[list[float], list[float]]:
    """The outermost numbers of an interval, and their neighbours beyond, with nan."""
    low, high = (float(end) for end in interval[1:-1].split(", "))
    inside, outside = [], [math.nan]
    for end, closed, away in ((low, interval[0] == "[", -math.inf), (high, interval[-1] == "]", math.inf)):
        inside.append(end if closed else float(np.nextafter(end, -away)))
        if not closed:
            outside.append(end)
        elif end != away:
            outside.append(float(np.nextafter(end, away)))
    return inside, [*outside, *{-math.inf, math.inf}.difference(inside)]


@pytest.mark.parametrize(("name", "parameter"), [key for key, text in INTERVALS.items() if text[0] in "[("])
def test_real_number_is_taken_up_to_the_ends_of_its_interval(name: str, parameter: str) -> None:
    """The nearest floats beyond are refused with the number that came; text and nothing are no numbers."""
    call = taken(name, parameter)
    inside, outside = ends(INTERVALS[name, parameter])
    with np.errstate(over="ignore"):  # the largest of all, times another
        for number in inside:
            call(number)
            call(np.float64(number))
    for number in outside:
        with pytest.raises(ValueError, match=rf"got .*{re.escape(str(number))}"):
            call(number)
    for other in ("0.5", [0.5], 0.5j):
        with pytest.raises(TypeError, match=r"takes? (a real|a learning rate)|is a real number|^train"):
            call(other)


@pytest.mark.parametrize(("name", "parameter"), [key for key, text in INTERVALS.items() if text[0] == "i"])
def test_whole_number_is_taken_from_the_least_on(name: str, parameter: str) -> None:
    """The one below is refused with the number that came; a float, a bool and text are no ints."""
    call, least = taken(name, parameter), int(INTERVALS[name, parameter].split()[1])
    wrong = partial(pytest.raises, (ValueError, TypeError))
    for number in (least, least + 1, np.int64(least)):
        call(number)
    for number in (least - 1, -7):
        with wrong(match=rf"at least {least}, got (int )?{number}\b"):
            call(number)
    for other in (float(least), True, str(least)):
        with wrong(match=rf"at least {least}, got "):
            call(other)
