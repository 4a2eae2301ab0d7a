"""What a page is told of a model and of an optimiser: the same as these are, whatever they are."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn import MLP, SGD, Adam, AdamW, CosineSchedule, Layer, LinearSchedule, RMSProp, Sequential, StepSchedule
from viz.live.rules import OFFERED, rules
from viz.live.script import script

ACTIVATIONS = st.sampled_from(["tanh", "relu", "linear", "sigmoid", "silu"])


@st.composite
def layers(draw) -> list[Layer]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    return [Layer(n, m, activation=draw(ACTIVATIONS), bias=draw(st.booleans()), rng=0) for n, m in pairwise(sizes)]


@st.composite
def perceptrons(draw) -> MLP:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    return MLP(
        draw(st.integers(1, 4)), sizes, activation=draw(ACTIVATIONS), output_activation=draw(ACTIVATIONS),
        bias=draw(st.booleans()), rng=0,
    )  # fmt: skip


@given(st.one_of(perceptrons(), layers().map(lambda found: Sequential(*found)), layers().map(lambda found: found[0])))
def test_script_builds_a_model_like_the_one_shown(model):
    """Its kind, its layers with their sizes, activations and biases; and it imports what it needs."""
    lines = script(model, "mse")
    made = eval(lines["model"], {name: getattr(nn, name) for name in lines["names"]})
    assert type(made) is type(model)
    assert repr(made) == repr(model)
    assert [*made.state_dict()] == [*model.state_dict()]
    assert (lines["before"], lines["loss"]) == ([], "'mse'")


RATES = [0.25, StepSchedule(0.5, 10, 0.1), LinearSchedule(0.5, 0.25, 10), CosineSchedule(0.5, 0.25, 10)]


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: type(rate).__name__)
@pytest.mark.parametrize(
    ("make", "first", "remembers"),
    [
        (SGD, "sgd", []),
        (lambda rate: SGD(rate, momentum=0.5), "momentum", ["velocity"]),
        (RMSProp, "rmsprop", ["square"]),
        (Adam, "adam", ["mean", "square"]),
        (AdamW, "adamw", ["mean", "square"]),
    ],
)
def test_page_begins_with_the_optimiser_that_it_is_given(make, first, remembers, rate):
    """Its settings, the rate it has now, its schedule as Python writes it, and what it remembers; beside the others."""
    one = make(rate)
    found = rules(one)
    assert [offer["label"] for offer in found["offered"]] == [*OFFERED]
    offer = found["offered"][found["first"]]
    assert (offer["label"], offer["kind"]) == (first, type(one).__name__)
    assert offer["settings"] == {**one.state_dict()["settings"], "learning_rate": one.rate}
    assert sorted(offer["memory"]) == remembers
    if callable(rate):
        schedule = offer["schedule"]
        assert (schedule.pop("kind"), schedule.pop("text")) == (type(rate).__name__, repr(rate))
        assert schedule == vars(rate)
    else:
        assert offer["schedule"] is None
    for other in found["offered"]:
        assert set(other) == {"label", "kind", "settings", "schedule", "memory"}
        if other is not offer:
            assert other["schedule"] is None
            assert other["settings"]["learning_rate"] == OFFERED[other["label"]]().rate


@pytest.mark.parametrize("name", OFFERED)
def test_page_begins_with_the_optimiser_that_is_named(name):
    found = rules(name)
    assert found["offered"][found["first"]]["label"] == name
    assert np.isfinite([offer["settings"]["learning_rate"] for offer in found["offered"]]).all()


KNOWN = "optimizer of viz.live is one of 'sgd', 'momentum', 'rmsprop', 'adam', 'adamw', or"
OTHERS = {
    "a name in other letters": ("Adam", f"{KNOWN} an optimiser, got 'Adam'"),
    "a class": (
        Adam,
        f"{KNOWN} one of the classes SGD, RMSProp, Adam, AdamW, got the class Adam; the page has no other",
    ),
    "a schedule of one's own": (
        SGD(lambda steps: 0.1),
        "optimizer of viz.live has a number for its learning rate, or one of the schedules ConstantSchedule, "
        "StepSchedule, LinearSchedule, CosineSchedule, got function; in the page the rate can also be changed by hand",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_optimisers_are_refused_in_words(name):
    chosen, said = OTHERS[name]
    with pytest.raises((TypeError, ValueError)) as refused:
        rules(chosen)
    assert re.sub(" <.*>", "", str(refused.value)) == said
