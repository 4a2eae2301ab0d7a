"""What a file says of a model before it is built: each wrong entry has its own sentence, and nothing is built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from nn import MLP, Layer, Module, Neuron, Sequential, load, save
from nn.files.architecture import architecture_of, build

LAYER: dict[str, Any] = {"kind": "Layer", "size": [2, 3], "activation": "tanh", "bias": True}
NEXT: dict[str, Any] = {"kind": "Layer", "size": [3, 1], "activation": "linear", "bias": True}

WRONG: dict[str, tuple[Any, str]] = {
    "code of one's own": (
        {"kind": "own", "class": "Line"},
        "a Line has code of your own, which a file cannot hold; build it and give load(path, model=...)",
    ),
    "no dict": ([LAYER], "an architecture is a Neuron, Layer, MLP or Sequential, got None; save it again"),
    "a kind that is none": (
        LAYER | {"kind": "layer"},
        "an architecture is a Neuron, Layer, MLP or Sequential, got str 'layer'; save it again",
    ),
    "layers that are no list": (
        {"kind": "MLP", "layers": {}}, "the layers of MLP are a list of at least one, got dict {}; save it again",
    ),
    "no layers": (
        {"kind": "Sequential", "layers": []},
        "the layers of Sequential are a list of at least one, got list []; save it again",
    ),
    "a wrong part": (
        {"kind": "Sequential", "layers": [LAYER, 3]},
        "an architecture is a Neuron, Layer, MLP or Sequential, got None; save it again",
    ),
    "layers that do not fit": (
        {"kind": "MLP", "layers": [NEXT, LAYER]},
        "the layers of an MLP fit each other, got some that do not; save it again",
    ),
    "a bias here and none there": (
        {"kind": "MLP", "layers": [LAYER, NEXT | {"bias": False}]},
        "the layers of an MLP fit each other, got some that do not; save it again",
    ),
    "a neuron among layers": (
        {"kind": "MLP", "layers": [LAYER, NEXT | {"kind": "Neuron", "size": [3]}]},
        "the layers of an MLP fit each other, got some that do not; save it again",
    ),
    "a size that is none": (
        LAYER | {"size": 2}, "the size of a Layer is a list of its inputs and outputs, got int 2; save it again",
    ),
    "a neuron of two sizes": (
        LAYER | {"kind": "Neuron"},
        "the size of a Neuron is a list of its inputs and outputs, got list [2, 3]; save it again",
    ),
    "a layer of one size": (
        LAYER | {"size": [2]},
        "the size of a Layer is a list of its inputs and outputs, got list [2]; save it again",
    ),
    "no inputs": (LAYER | {"size": [0, 3]}, "a size of a Layer is an int of at least 1, got 0"),
    "half an output": (LAYER | {"size": [2, 0.5]}, "a size of a Layer is an int of at least 1, got float 0.5"),
    "an activation that is no name": (
        LAYER | {"activation": 3}, "an activation is a name, got int 3; save it again",
    ),
    "an activation that is none": (LAYER | {"activation": "tan"}, "activation is one of 'linear', 'relu', 'tanh', "),
    "a bias that is a number": (LAYER | {"bias": 1}, "bias is True or False, got int 1; save it again"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_entry_is_refused_by_name(case: str) -> None:
    """The thing, the rule, what came, and what to do."""
    architecture, message = WRONG[case]
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}"):
        build(architecture, 9)


def test_number_of_parameters_is_looked_at_before_anything_is_made() -> None:
    """A file cannot ask for a model larger than itself."""
    huge = LAYER | {"size": [10**9, 10**9]}
    with pytest.raises(ValueError, match=r"^its architecture has 1000000001000000000 parameters, but it holds 9; save"):
        build(huge, 9)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["linear", "gelu"])
def test_module_is_built_as_it_was(bias: bool, activation: Any) -> None:
    """Of each kind, alone and in a row: the same architecture, and the same parameter names."""
    layers = [Layer(2, 3, activation, bias=bias), Neuron(3, activation, bias=bias)]
    models: list[Module] = [*layers, Sequential(*layers), MLP(2, [3, 1], activation=[activation, "relu"], bias=bias)]
    for model in models:
        twin = build(architecture_of(model), len(model.parameters()))
        assert type(twin) is type(model)
        assert architecture_of(twin) == architecture_of(model)
        assert [*twin.state_dict()] == [*model.state_dict()]


class Mine(MLP):
    """A perceptron with code of its own."""


KINDS: dict[str, Any] = {
    "MLP": lambda activation: MLP(2, [3, 1], activation=activation, rng=0),
    "an MLP of one's own": lambda activation: Mine(2, [3, 1], activation=activation, rng=0),
    "Sequential": lambda activation: Sequential(Layer(2, 3, activation, rng=0), Layer(3, 1, rng=0)),
}


@pytest.mark.parametrize("into", KINDS)
@pytest.mark.parametrize("saved", KINDS)
def test_model_of_ones_own_is_asked_for_no_activations(saved: str, into: str, tmp_path: Path) -> None:
    """Where both say what they compute, it is the same; where one does not, the names of the parameters decide."""
    model, other, same = KINDS[saved]("tanh"), KINDS[into]("relu"), KINDS[into]("tanh")
    path = save(model, tmp_path / "model")
    assert load(path, model=same).state_dict() == model.state_dict()
    if "own" in saved + into:
        assert load(path, model=other).state_dict() == model.state_dict()
    else:
        with pytest.raises(
            ValueError, match=r"its layers have the activations tanh, linear, the model to load into has"
        ):
            load(path, model=other)
