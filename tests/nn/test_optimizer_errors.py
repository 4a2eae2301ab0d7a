"""What optimisers refuse: settings, gradients, states, and steps that leave the numbers."""

import math
import re

import numpy as np
import pytest

from autograd import NonFiniteError
from nn import MLP, SGD, Adam, AdamW, Backtracking, CosineSchedule, LinearSchedule, RMSProp, fit


def test_a_gradient_that_is_not_finite_names_its_parameter():
    """One array test before anything moves."""
    model = MLP(1, [2, 1], rng=0)
    model.layers[0].neurons[1].bias.grad = math.nan
    before = model.state_dict()
    with pytest.raises(
        NonFiniteError, match=r"^the gradient of 'layers\.0\.neurons\.1\.bias' is nan; autograd\.diagnose"
    ):
        Adam().update(model)
    assert model.state_dict() == before
    with pytest.raises(NonFiniteError, match=r"^the gradient of parameter 1 is inf; autograd\.diagnose"):
        SGD(0.1).step(np.zeros(2), np.array([0.0, math.inf]))


REFUSED = {
    "a model for a rate": (
        lambda: SGD(MLP(1, [1], rng=0)),
        "SGD takes a learning rate first, got MLP; write SGD(0.1) and give the model to fit(model, ...) or "
        "optimizer.update(model)",
    ),
    "parameters for a rate": (
        lambda: Adam(MLP(1, [1], rng=0).parameters()), "Adam takes a learning rate first, got list; ",
    ),
    "text": (lambda: Adam("0.1"), "learning_rate of Adam takes a real number, got str '0.1'; use float(text)"),
    "no rate": (lambda: SGD(0.0), "learning_rate of SGD is a positive finite number, got 0.0"),
    "nan": (lambda: RMSProp(math.nan), "learning_rate of RMSProp is a positive finite number, got nan"),
    "too much momentum": (lambda: SGD(0.1, momentum=1.0), "momentum of SGD is at least 0 and below 1, got 1.0"),
    "Nesterov without momentum": (
        lambda: SGD(0.1, nesterov=True), "nesterov takes a momentum above 0, got 0; for instance momentum=0.9",
    ),
    "beta": (lambda: Adam(beta1=1.5), "beta1 of Adam is at least 0 and below 1, got 1.5"),
    "factor": (lambda: Backtracking(factor=0.2), "factor of Backtracking is above 1, got 0.2; the rate is divided by"),
    "a schedule for backtracking": (
        lambda: Backtracking(LinearSchedule(1.0, 0.1, 9)), "Backtracking finds its own rates and takes a number",
    ),
    "a gradient of another shape": (
        lambda: SGD(0.1).step(np.zeros(3), np.zeros(2)),
        "SGD takes a gradient of the shape of the parameters, (3,), got (2,)",
    ),
    "parameters for a model": (
        lambda: SGD(0.1).update(MLP(1, [1], rng=0).parameters()), "update takes a model, got list [",
    ),
    "no loss": (
        lambda: Backtracking().step(np.zeros(1), np.zeros(1)),
        "Backtracking takes the loss at the parameters, got None; step(parameters, gradient, loss)",
    ),
    "another optimiser's state": (
        lambda: Adam().load_state_dict(SGD(0.1).state_dict()), "Adam takes a state of its own kind, got one of SGD",
    ),
    "a schedule that goes negative": (
        lambda: LinearSchedule(1.0, -0.1, 10), "end of LinearSchedule is finite and at least 0, got -0.1",
    ),
    "a schedule of no steps": (lambda: CosineSchedule(1.0, 0.0, 0), "steps of CosineSchedule is at least 1, got 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_by_name(case):
    """The thing, the rule, and what was received."""
    attempt, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}"):
        attempt()


def test_an_optimiser_does_not_serve_two_models():
    """What it remembers belongs to the parameters it has seen."""
    optimizer = Adam()
    optimizer.step(np.zeros(3), np.ones(3))
    with pytest.raises(
        ValueError, match=r"^this Adam remembers 3 parameters, got 2; make a new optimiser for a new model$"
    ):
        optimizer.step(np.zeros(2), np.ones(2))


@pytest.mark.parametrize("optimizer", [SGD(1e308), SGD(1e200, momentum=0.5), AdamW(1e5, weight_decay=1e105)])
def test_step_that_leaves_the_numbers_is_refused(optimizer):
    """The last step of a run would leave a model of infinities behind, and nobody would say it."""
    before = optimizer.state_dict()
    with pytest.raises(
        NonFiniteError, match=rf"^'b' would become -?inf by a step of {type(optimizer).__name__} at the"
    ):
        optimizer.step(np.array([1.0, -1e200]), np.array([0.0, 1e150]), names=["a", "b"])
    assert optimizer.state_dict() == before


def test_training_that_leaves_the_numbers_in_its_last_step_is_stopped():
    """No loss is computed after it that would be infinite."""
    model = MLP(1, [1], init="zeros", rng=0)
    state = model.state_dict()
    with pytest.raises(
        NonFiniteError, match=r"^training stopped in epoch 1, .* would become inf by a step of SGD at the"
    ):
        fit(model, [1.0, 2.0], [1e10, 1e10], epochs=1, optimizer=SGD(1e300))
    assert model.state_dict() == state


@pytest.mark.parametrize(
    "memory", [{"mean": [1.0]}, {"mean": [1.0], "square": [1.0, 2.0]}, {"mean": [1.0], "square": [1.0], "other": [1.0]}]
)
def test_memory_that_is_not_the_optimizers_own_is_refused_with_what_came(memory):
    """A name that is missing, a name too many, two lengths: said with the shapes."""
    optimizer = Adam()
    with pytest.raises(
        ValueError, match=r"^Adam remembers mean and square for each parameter, got mean of shape \(1,\)"
    ):
        optimizer.load_state_dict({"kind": "Adam", "steps": 3, **memory})
    assert optimizer.steps == 0
