"""Training: ``fit``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import numpy as np

from autograd.convert import describe
from nn.checks import as_flag, as_function, as_generator, as_size, find
from nn.measures.losses import Loss, LossName, as_loss
from nn.measures.metrics import MetricsLike, is_ours, mode_of
from nn.measures.outputs import REDUCTIONS, Reduce
from nn.model.module import Module
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.rules import OPTIMIZERS, OptimizerName
from nn.training.compiled_step import choose_step
from nn.training.epochs import Callback, RecordName, TrainingRun
from nn.training.evaluation import metrics_by_name
from nn.training.examples import as_training_examples
from nn.training.history import EarlyStopping, History
from nn.training.measurement import Measurement
from nn.training.step import Penalty
from nn.training.watcher import only_watchers

__all__ = ["fit"]


def fit(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: LossName | Loss = "squared_error",
    optimizer: OptimizerName | Optimizer = "adam",
    epochs: int = 100,
    batch_size: int | None = None,
    shuffle: bool = True,
    rng: np.random.Generator | int = 0,
    reduce: Reduce = "mean",
    penalty: Penalty | None = None,
    validation: tuple[Any, Any] | None = None,
    metrics: MetricsLike = (),
    early_stopping: EarlyStopping | None = None,
    callbacks: Sequence[Callback] = (),
    record: RecordName | Sequence[RecordName] = (),
    history: History | None = None,
    progress: bool = True,
    compiled: bool | None = None,
) -> History:
    """Train a model in place.

    Model and loss run as a program that follows what they read: attributes, arrays, closures and globals are looked at
    again after each epoch in which callbacks, metrics, schedules or optimisers of your own ran. Not followed are
    imported modules, files and clocks; a model that reads those is trained with ``compiled=False``. One that draws
    random numbers, as for dropout, is trained on graphs.

    Parameters
    ----------
    model : Module
    X : array_like
        Shape (examples, inputs); for a single input (examples,) will do.
    y : array_like
        Shape (examples, outputs); (examples,) for a single output, and for classes under ``softmax_cross_entropy``.
    loss : str or callable
        A name of ``nn.LOSSES``, or a function of the prediction and the target of one example.
    optimizer : str or Optimizer
        A name of ``nn.OPTIMIZERS``, new in each call: ``"adam"`` is ``Adam(0.01)``, ``"adamw"`` ``AdamW(0.01)``,
        ``"rmsprop"`` ``RMSProp(0.01)``, ``"sgd"`` ``SGD(0.1)``, ``"backtracking"`` ``Backtracking(1.0)``. One that you
        build keeps its memory from call to call: a new one for a new model.
    epochs : int
        How many passes over the examples, at most.
    batch_size : int, optional
        Examples a step; all of them unless told otherwise, and 1 for a step after each row, as in document 000.
    shuffle : bool
        Whether every epoch has an order of its own, where it has more than one batch.
    rng : numpy.random.Generator or int
        Where that order comes from; the seed is 0 unless told otherwise.
    reduce : {"mean", "sum"}
        What becomes of the losses of a batch.
    penalty : callable, optional
        A function of the model, such as ``L2(1e-5)``, added to the loss of every batch.
    validation : tuple of array_like, optional
        ``(X, y)``, measured after each epoch and never trained on.
    metrics : str or callable, or a sequence of these
        ``"accuracy"`` or functions of ``(model, X, y)``, measured after each epoch. A function with an attribute
        ``mode``, ``"min"`` or ``"max"``, tells early stopping whether it should fall or rise.
    early_stopping : EarlyStopping, optional
    callbacks : sequence of callable
        Called as ``callback(model, history)`` after each epoch; one that returns True ends training. ``viz.watch()``
        shows the run in a notebook.
    record : sequence of str
        Of ``"parameters"``, ``"gradients"`` and ``"activations"``: what the history keeps of each epoch.
    history : History, optional
        Of an earlier run, to be continued: numbers are appended, and the order of the rows goes on where it was.
    progress : bool
        Draw a progress bar, if ``tqdm`` is installed and standard error is a terminal or a notebook.
    compiled : bool, optional
        False trains on graphs, True insists on a compiled program. Otherwise the program is used if there is one: a
        loss that compares Values, or reads their ``data``, has none, which is warned of once with the reason; the
        history has it too, as ``engine`` and ``engine_reason``. The histories agree within rounding.

    Returns
    -------
    History
        Its ``stopped`` says why training ended.

    Raises
    ------
    NonFiniteError
        If a loss or gradient is nan or infinite; the message says at which epoch, row and operation. The model keeps
        the parameters of the step before.
    ValueError, TypeError
        For examples that do not fit each other or the model, or hold nan; before anything is changed.

    Notes
    -----
    Ctrl-C ends training with the last complete epoch: model, optimiser and history agree, and continuing with
    ``history=`` gives the same numbers, to the last bit, as a run that was never interrupted.

    Examples
    --------
    >>> from nn import MLP, Adam, datasets
    >>> model = MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", rng=0)
    >>> history = fit(model, *datasets.xor(), loss="binary_cross_entropy", optimizer=Adam(0.1), epochs=60)
    >>> model.predict(datasets.xor()[0]).round().tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    loss = as_loss(loss)
    find(REDUCTIONS, reduce, "reduce")
    epochs = as_size(epochs, "epochs", least=0)
    shuffle = as_flag(shuffle, "shuffle of fit", "rng says in which order")
    progress = as_flag(progress, "progress of fit", "callbacks are called after each epoch")
    if compiled is not None:
        compiled = as_flag(compiled, "compiled of fit", "None compiles what can be compiled")
    if isinstance(optimizer, str):
        optimizer = find(OPTIMIZERS, optimizer, "optimizer")()
    _check_kinds(model, optimizer, validation, early_stopping, history, penalty)
    X, y = as_training_examples(model, X, y, loss)
    held_out = None if validation is None else as_training_examples(model, *validation, loss, "validation ")
    batch_size = len(X) if batch_size is None else min(as_size(batch_size, "batch_size"), len(X))
    generator = as_generator(rng)
    history = History() if history is None else history
    measured, callbacks = metrics_by_name(metrics, loss, y), _callbacks(callbacks)
    if early_stopping is not None:
        modes = {
            "loss": "min",
            "validation_loss": "min",
            **{name: mode_of(metric) for name, metric in measured.items()},
        }
        early_stopping = early_stopping._directed(modes if held_out is not None else {"loss": "min"})

    history._begin_measuring(list(measured), held_out is not None)
    watched = not only_watchers(callbacks) or not all(map(is_ours, measured.values())) or not optimizer._is_ours()
    step = choose_step(model, loss, reduce, penalty, (X[:batch_size], y[:batch_size]), compiled)
    measurement = Measurement(model, step, history, measured, (X, y), held_out, fixed=not watched)
    run = TrainingRun(
        model=model,
        X=X,
        y=y,
        step=step,
        optimizer=optimizer,
        history=history,
        batch_size=batch_size,
        averaged=reduce == "mean",
        generator=generator if shuffle and batch_size < len(X) else None,
        measure=measurement if measured or held_out is not None else None,
        callbacks=callbacks,
        early_stopping=early_stopping,
        record=_records(record, model),
        watched=watched,
    )
    return run.train(epochs, progress)


def _callbacks(callbacks: Any) -> list[Callback]:
    several = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    return [as_function(callback, "a callback", "a function of (model, history)") for callback in several]


def _records(record: Sequence[str], model: Module) -> list[str]:
    names = list(record) if isinstance(record, Iterable) and not isinstance(record, str) else [record]
    for name in names:
        find(dict.fromkeys(get_args(RecordName)), name, "record")
    if "activations" in names and not hasattr(model, "activations"):
        raise TypeError(f"recording activations takes an MLP or a Sequential, got {type(model).__name__}")
    return names


def _check_kinds(model: Any, optimizer: Any, validation: Any, early_stopping: Any, history: Any, penalty: Any) -> None:
    for value, kind, name in (
        (model, Module, "model"),
        (optimizer, Optimizer, "optimizer"),
        (early_stopping, EarlyStopping, "early_stopping"),
        (history, History, "history"),
    ):
        if not isinstance(value, kind) and (value is not None or kind in (Module, Optimizer)):
            advice = f"; build one, {value.__name__}(...)" if isinstance(value, type) else ""
            raise TypeError(f"{name} of fit takes {kind.__name__} objects, got {describe(value)}{advice}")
    if penalty is not None:
        as_function(penalty, "penalty", "a function of the model, such as L2(1e-5)")
    if validation is not None and not (isinstance(validation, (tuple, list)) and len(validation) == 2):
        raise TypeError(f"validation of fit takes a pair (X, y), got {describe(validation)}")
    if not model.parameters():
        raise ValueError(f"model of fit has parameters to train, got {model!r}")
