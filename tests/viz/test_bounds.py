"""Every number that ``viz`` takes: from where to where, and what is said of what is beyond, or no number at all.

The table has an interval for each: round brackets for an end that does not belong to it, "int" for whole numbers, of
which there are only least ones; "or None" where it may be left out.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import viz
from autograd import Value
from nn import MLP, SGD, datasets, fit

pytest.importorskip("matplotlib")

X, Y = datasets.xor()
MODEL = MLP(2, [2, 1], rng=0)
HISTORY = fit(MLP(2, [1], rng=0), X, Y, optimizer=SGD(0.1), epochs=3, progress=False)


def root() -> Value:
    return Value(2.0) * Value(3.0)


INTERVALS: dict[tuple[str, str], str] = {
    ("graph", "max_nodes"): "int 1",
    ("network", "max_neurons"): "int 3",
    ("live", "batch_size"): "int 1 or None",
    ("live", "seed"): "int 0",
    ("animate_training", "frames"): "int 2",
    ("animate_training", "seconds"): "(0, inf)",
    ("plot_activations", "low"): "(-inf, 5)",
    ("plot_activations", "high"): "(-5, inf)",
    ("plot_cost_surface", "target"): "(-inf, inf)",
    ("plot_cost_surface", "extent"): "(0, inf)",
    ("plot_decision_boundary", "threshold"): "[-inf, inf] or None",
    ("plot_decision_boundary", "resolution"): "int 2",
    ("plot_hidden_space", "threshold"): "[-inf, inf] or None",
    ("plot_digits", "columns"): "int 1",
}
#: What else a call needs.
NEEDED: dict[str, Callable[[], dict[str, Any]]] = {
    "graph": lambda: {"root": Value(2.0, label="x")},
    "network": lambda: {"model": MODEL},
    "live": lambda: {"model": MLP(2, [2, 1], rng=0), "X": X, "y": Y},
    "animate_training": lambda: {"history": HISTORY},
    "plot_activations": lambda: {"functions": "tanh"},
    "plot_cost_surface": lambda: {"inputs": 1.5},
    "plot_decision_boundary": lambda: {"model": MODEL, "X": X, "y": Y},
    "plot_hidden_space": lambda: {"model": MODEL, "X": X, "y": Y},
    "plot_digits": lambda: {"images": np.zeros((3, 4, 4))},
}
#: Far from the ends, for what is drawn of the largest floats no axis has room.
SAMPLE = {
    "(0, inf)": [1e-3, 1, 12.5], "(-inf, 5)": [-1e3, 0, 4.99], "(-5, inf)": [-4.99, 0, 1e3],
    "(-inf, inf)": [-3.5, 0, 7], "[-inf, inf] or None": [-math.inf, 0, 0.5, math.inf],
}  # fmt: skip


def taken(name: str, parameter: str, number: Any) -> Any:
    """A call that is given one number; its figure is closed again."""
    import matplotlib.pyplot as plt

    try:
        return getattr(viz, name)(**NEEDED[name](), **{parameter: number})
    finally:
        plt.close("all")


def test_every_number_has_an_interval() -> None:
    """One that is new needs a row."""
    numbers = {
        (name, parameter.name)
        for name in viz.__all__
        if inspect.isfunction(thing := getattr(viz, name))
        for parameter in inspect.signature(thing).parameters.values()
        if re.match(r"(float|int)\b", str(parameter.annotation))
    } - {("plot_layer_activations", "target")}  # or several of them
    assert numbers == {*INTERVALS}


@pytest.mark.parametrize(("name", "parameter"), [key for key, text in INTERVALS.items() if text[0] in "[("])
def test_real_number_is_taken_within_its_interval(name: str, parameter: str) -> None:
    """Ends that do not belong to it, what is beyond, nan, text and lists are refused with what came, by their name."""
    interval = INTERVALS[name, parameter]
    for number in SAMPLE[interval]:
        taken(name, parameter, number)
        taken(name, parameter, np.float64(number))
    low, high = (float(end) for end in interval.partition("]")[0].strip("[()").split(", "))
    outside = [math.nan, *([low, -math.inf] if interval[0] == "(" else []), *([high] if ")" in interval else [])]
    for number in outside:
        with pytest.raises(ValueError, match=rf"\b({parameter}|low) is .*got .*{re.escape(str(number))}"):
            taken(name, parameter, number)
    for other in ("0.5", [0.5], 0.5j, *([] if "None" in interval else [None])):
        with pytest.raises(TypeError, match=rf"^{parameter} is a real number, got "):
            taken(name, parameter, other)


@pytest.mark.parametrize(("name", "parameter"), [key for key, text in INTERVALS.items() if text[0] == "i"])
def test_whole_number_is_taken_from_the_least_on(name: str, parameter: str) -> None:
    """The one below is refused with the number that came; a float, a bool and text are no ints."""
    least = int(INTERVALS[name, parameter].split()[1])
    for number in (least, least + 1, np.int64(least)):
        taken(name, parameter, number)
    for number in (least - 1, -7):
        with pytest.raises(ValueError, match=rf"at least \d( frames)?, got {number}\b"):
            taken(name, parameter, number)
    for other in (float(least), True, str(least), [least], *([] if "None" in INTERVALS[name, parameter] else [None])):
        with pytest.raises(TypeError, match=rf"^{parameter} is an int of at least \d, got "):
            taken(name, parameter, other)


def test_targets_of_layers_are_numbers() -> None:
    """One or several; text that reads as one is none."""
    for target in (0.5, [0.5, 1.0], np.float64(0.5), None):
        viz.plot_layer_activations([[0.1], [0.2]], target=target)
    for target in ("0.5", ["0.5"], [Value(0.5)]):
        with pytest.raises(TypeError, match=r"^target of plot_layer_activations is an array of numbers, got "):
            viz.plot_layer_activations([[0.1], [0.2]], target=target)
