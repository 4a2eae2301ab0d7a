"""What stops training: numbers that are not finite, and mistakes, before anything is changed."""

import math
import re

import numpy as np
import pytest

import autograd
from autograd import NonFiniteError, Value, data
from nn import (
    MLP,
    SGD,
    Adam,
    Backtracking,
    EarlyStopping,
    History,
    Layer,
    Module,
    datasets,
    evaluate,
    fit,
)

SINE = datasets.sine_bands()


# ── Numbers that are not finite ──────────────────────────────────────────────────────────────────────────────────────


class Logarithm(Module):
    """``log(w x)``, which is nan as soon as w is negative."""

    def __init__(self):
        self.w = Value(1.0, label="w")

    def __call__(self, x):
        return autograd.log(self.w * x)


def test_a_loss_that_is_not_finite_stops_with_the_diagnosis_and_the_last_good_parameters():
    """Epoch, row, operation and a hint; the parameters are those of the step before."""
    model = Logarithm()
    history = History()
    with pytest.raises(NonFiniteError) as caught:
        fit(model, [1.0, 2.0, 3.0], [-9.0, -9.0, -9.0], optimizer=SGD(0.5), epochs=5, batch_size=1, shuffle=False,
            history=history)  # fmt: skip
    assert str(caught.value) == (
        "training stopped in epoch 1, row 1: the loss is nan; it began at log(-16) = nan, 2 operations below the loss; "
        "keep its operand positive, for instance exp(w) or softplus(w); the model keeps the parameters of the step "
        "before; try a learning rate below 0.5"
    )
    assert model.w.data == 1.0
    assert len(history) == 0


def test_a_derivative_that_is_not_finite_stops_too():
    """The root of zero has a finite value and an infinite derivative."""

    class Root(Module):
        def __init__(self):
            self.w = Value(0.0, label="w")

        def __call__(self, x):
            return autograd.sqrt(self.w * x)

    with pytest.raises(
        NonFiniteError,
        match=r"^training stopped in epoch 1, row 0: the loss is 1, but the derivative with respect to the result of "
        r"mul is not finite; it began at sqrt\(0\); the model keeps",
    ) as caught:
        fit(Root(), [1.0, 2.0], [1.0, 1.0], optimizer=SGD(0.1))
    assert str(caught.value.__cause__).startswith("the gradient of 'w' is -inf")


def test_a_penalty_that_is_not_finite_is_named():
    """Rows are fine, the penalty is not: the message says so."""

    def barrier(model):
        return -autograd.log(model.w - 1.0)

    with pytest.raises(
        NonFiniteError,
        match=r"^training stopped in epoch 1, the penalty is inf; it began at log\(0\) = -inf, 1 operation",
    ):
        fit(Logarithm(), [1.0], [0.0], optimizer=SGD(0.1), penalty=barrier)


@pytest.mark.parametrize("compiled", [True, False])
def test_rows_that_are_finite_may_have_a_sum_that_is_not(compiled):
    """1e308 and 1e308: no row is to blame."""
    with pytest.raises(
        NonFiniteError, match=r"^training stopped in epoch 1, every row is finite but their sum is not; "
    ):
        fit(
            Layer(1, 1, "linear", rng=0),
            [0.0, 0.0],
            [1e154, 1e154],
            reduce="sum",
            optimizer=SGD(0.1),
            compiled=compiled,
        )


@pytest.mark.parametrize("compiled", [True, False])
def test_a_run_that_diverges_keeps_the_parameters_of_the_step_before(compiled):
    """The last at which the loss was finite, in the midst of an epoch: those after one of three rows."""
    rows, targets = np.array([[1.0], [2.0], [1e200]]), np.array([0.5, -1.0, 0.0])
    models = [MLP(1, [1], rng=0) for _ in range(2)]
    options = {"optimizer": SGD(0.01), "epochs": 1, "batch_size": 1, "shuffle": False, "compiled": compiled}
    with pytest.raises(NonFiniteError, match="the model keeps the parameters of the step before"):
        fit(models[0], rows, targets, **options)
    fit(models[1], rows[:1], targets[:1], **options)
    assert models[0].state_dict() == models[1].state_dict()


def test_backtracking_recovers_where_another_optimiser_stops():
    """The same model and data that end in nan under a fixed rate are trained."""
    model = Logarithm()
    history = fit(model, [1.0, 2.0, 3.0], [-9.0, -9.0, -9.0], optimizer=Backtracking(0.5), epochs=400)
    assert not all(map(math.isfinite, history.loss))
    assert model.w.data > 0.0
    assert evaluate(model, [1.0, 2.0, 3.0], [-9.0] * 3)["loss"] < 0.3


# ── What is refused, before anything is changed ──────────────────────────────────────────────────────────────────────

X, Y = SINE
BAD = X.copy()
BAD[3, 1] = math.nan
REFUSED = {
    "no model": (lambda m: fit("model", X, Y), "model of fit takes Module objects, got str 'model'"),
    "a misspelt loss": (lambda m: fit(m, X, Y, loss="mes"), "got 'mes'; did you mean 'mse'?"),
    "an optimiser's name": (
        lambda m: fit(m, X, Y, optimizer="Adamm"),
        "optimizer is one of 'sgd', 'adam', 'adamw', 'rmsprop', 'backtracking', got 'Adamm'; did you mean 'adam'?",
    ),
    "no optimiser": (lambda m: fit(m, X, Y, optimizer=None), "optimizer of fit takes Optimizer objects, got None"),
    "an optimiser's class": (lambda m: fit(m, X, Y, optimizer=Adam), "optimizer of fit takes Optimizer objects, got "),
    "half an epoch": (lambda m: fit(m, X, Y, epochs=0.5), "epochs is an int of at least 0, got float 0.5"),
    "a batch of none": (lambda m: fit(m, X, Y, batch_size=0), "batch_size is an int of at least 1, got 0"),
    "nan in X": (lambda m: fit(m, BAD, Y), "X holds nan at row 3, column 1; leave such rows out or fill them in"),
    "infinity in y": (lambda m: fit(m, X, Y + math.inf), "y holds inf at row 0; leave such rows out or fill them in"),
    "nan in validation": (lambda m: fit(m, X, Y, validation=(BAD, Y)), "validation X holds nan at row 3, column 1"),
    "no rows": (lambda m: fit(m, np.ones((0, 2)), []), "X has at least one row, got none"),
    "fewer targets": (lambda m: fit(m, X, Y[:7]), "y has one target for each of the 25 rows of X, got shape (7,)"),
    "a lone target": (lambda m: fit(m, X, 1.0), "y has one target for each of the 25 rows of X, got shape ()"),
    "two columns of targets": (
        lambda m: fit(m, X, np.ones((25, 2))), "y has shape (25,) for a model of 1 output, got shape (25, 2)",
    ),
    "one column for two outputs": (
        lambda m: fit(MLP(2, [2], rng=0), X, Y), "y has shape (25, 2) for a model of 2 outputs, got shape (25,)",
    ),
    "columns that do not fit": (lambda m: fit(m, X[:, :1], Y), "Neuron 'layers.0.neurons.0' takes 2 inputs, got 1"),
    "text": (lambda m: fit(m, [["a", "b"]], [1.0]), "X is an array of numbers, got str 'a' in it; convert"),
    "targets of the hinge": (lambda m: fit(m, X, Y, loss="hinge"), "this loss takes targets -1 and 1, got 0; from 0"),
    "targets of cross-entropy": (
        lambda m: fit(m, X, 2 * Y - 1, loss="binary_cross_entropy"), "this loss takes targets from 0 to 1, got -1; ",
    ),
    "a class too many": (
        lambda m: fit(MLP(2, [2], rng=0), X, Y + 1, loss="softmax_cross_entropy"),
        "labels are integers from 0 to 1 here, got 2",
    ),
    "a loss that reads data": (
        lambda m: fit(m, X, Y, loss=lambda p, t: (p.data - t) ** 2, compiled=False),
        "loss gives a Value for Values, got float ",
    ),
    "softmax of a single output": (
        lambda m: fit(m, X, Y, loss="softmax_cross_entropy"),
        "softmax_cross_entropy takes a model of one output for each class, got 1 output; for two classes use "
        "binary_cross_entropy_with_logits",
    ),
    "a number for a penalty": (
        lambda m: fit(m, X, Y, penalty=0.1), "penalty is a function of the model, such as L2(1e-5), got float 0.1",
    ),
    "a number for a callback": (
        lambda m: fit(m, X, Y, callbacks=[3]), "a callback is a function of (model, history), got int 3",
    ),
    "a record that is none": (lambda m: fit(m, X, Y, record="gradient"), "got 'gradient'; did you mean 'gradients'?"),
    "activations of a module of one's own": (
        lambda m: fit(Logarithm(), [1.0], [1.0], record="activations"),
        "recording activations takes an MLP or a Sequential, got Logarithm",
    ),
    "a metric that is none": (lambda m: fit(m, X, Y, metrics=["acuracy"]), "got 'acuracy'; did you mean 'accuracy'?"),
    "validation without targets": (lambda m: fit(m, X, Y, validation=X), "validation of fit takes a pair (X, y), got "),
    "nothing to watch": (
        lambda m: fit(m, X, Y, early_stopping=EarlyStopping()),
        "early stopping watches one of 'loss' here, got 'validation_loss'; give validation=(X, y) and, for",
    ),
    "no patience": (
        lambda m: EarlyStopping(patience=0), "patience of EarlyStopping, in epochs, is an int of at least 1, got 0"
    ),
    "a mode that is none": (lambda m: EarlyStopping(mode="up"), "mode of EarlyStopping is 'min' or 'max', got 'up'"),
    "no parameters": (lambda m: fit(Module(), X, Y), "model of fit has parameters to train, got Module: 0 parameters"),
    "a reduction that is none": (lambda m: fit(m, X, Y, reduce="max"), "reduce is one of 'sum', 'mean', got 'max'"),
    "that, without training": (lambda m: evaluate(m, X, Y, reduce="max"), "reduce is one of 'sum', 'mean', got 'max'"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_and_nothing_is_changed(case):
    """The thing, the rule, and what was received; the model is as it was."""
    model = MLP(2, [1], rng=0)
    before = data(model.parameters()).tolist()
    attempt, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        attempt(model)
    assert data(model.parameters()).tolist() == before
