"""The training loop: epochs of steps, and what holds when one of them does not end well."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import is_
from typing import Any, Literal

import numpy as np

from autograd import NonFiniteError
from autograd.compiler.calls.finite import is_finite
from nn.checks import Array
from nn.model.module import Module
from nn.optimizers.optimizer import Optimizer
from nn.training.history import EarlyStopping, History
from nn.training.progress import progress_bar
from nn.training.step import Step, read_parameters, write_parameters
from nn.training.watcher import begin, due, finish, only_watchers

__all__ = ["Callback", "TrainingRun"]

Rows = slice | np.ndarray[Any, Any]
Callback = Callable[[Module, History], Any]
RecordName = Literal["parameters", "gradients", "activations"]


@dataclass
class TrainingRun:
    """One call of ``fit``, its arguments checked.

    Attributes
    ----------
    model, X, y, step, optimizer, history
        What is trained, on what, by what.
    batch_size : int
    averaged : bool
        Whether a batch's loss is the mean of its examples' rather than the sum.
    generator : numpy.random.Generator or None
        Shuffles; None keeps the order of the rows.
    measure : callable or None
        Appends validation and metrics to the history, after an epoch, from the parameters.
    callbacks, early_stopping, record
        As for ``fit``.
    watched : bool
        Whether code of others runs between epochs and may change what the model holds.
    """

    model: Module
    X: Array
    y: Array
    step: Step
    optimizer: Optimizer
    history: History
    batch_size: int
    averaged: bool
    generator: np.random.Generator | None
    measure: Callable[[Array], None] | None
    callbacks: Sequence[Callback] = ()
    early_stopping: EarlyStopping | None = None
    record: Sequence[str] = ()
    watched: bool = False
    parameters: Array = field(init=False)
    last_good: Array = field(init=False)
    begun: Array = field(init=False)  # the parameters when the epoch began

    # The parameters live in one flat array; the model's Values are written when somebody is about to look at them.

    def __post_init__(self) -> None:
        named = self.model.named_parameters()
        self.names = [name for name, _ in named]
        self.values = [value for _, value in named]
        self.parameters = self.last_good = self.begun = read_parameters(self.values)
        self._check_history()
        self._go_on_shuffling()
        if "parameters" in self.record:
            self.history._begin(self.history.parameters, self.parameters)
        if "activations" in self.record:
            self.history._begin(self.history.activations, self.model.activations(self.X))  # type: ignore[attr-defined]
        if "gradients" in self.record and not self.history.gradients:
            self.history.gradients.extend([np.full_like(self.parameters, np.nan)] * len(self.history))
        if self.history.stopped == "early stopping":
            self.history.patience_from = len(self.history)
        self.series = self.history._series()
        self._has_gaps = True
        self._diverged = False
        self._own_rule = not self.optimizer._is_ours()
        self._commit()

    def _check_history(self) -> None:
        """Refuse the history of another model, before anything is added to it."""
        history = self.history
        kept = [*history.parameters[:1], *history.gradients[:1]]
        kept += [] if history.best_parameters is None else [history.best_parameters]
        for array in kept:
            if array.shape != self.parameters.shape:
                raise ValueError(
                    f"history of fit is that of an earlier run of the model, got one of {array.size} parameters for a "
                    f"model of {self.parameters.size}; leave it out, and a new one begins"
                )

    def _go_on_shuffling(self) -> None:
        """Let the order of the rows go on where the history left it."""
        if self.generator is None or self.history.rng_state is None:
            return
        bits, drawn_by = self.generator.bit_generator, self.history.rng_state["bit_generator"]
        if drawn_by != type(bits).__name__:
            raise ValueError(
                f"rng of fit goes on where the history left the order of the rows, which {drawn_by} drew, got "
                f"{type(bits).__name__}; pass a generator of that kind, or no history="
            )
        bits.state = self.history.rng_state

    def train(self, epochs: int, progress: bool) -> History:
        """Run ``epochs`` epochs, or fewer; leave the parameters in the model, whatever happens."""
        bar = progress_bar(epochs, progress)
        self.history.stopped = "epochs"
        begin(self.callbacks)
        try:
            for _ in range(epochs):
                self._epoch()
                self._commit()
                bar.update(self.history.loss[-1])
                if self._ends():
                    break
                if self.watched:
                    self._look_again()
            if self.early_stopping and self.early_stopping.restore_best and self.history.best_parameters is not None:
                self.parameters = self.history.best_parameters
        except KeyboardInterrupt:
            self._roll_back()
            self.history.stopped = "interrupted"
        except BaseException:
            if self._diverged:
                self.parameters = self.last_good
            else:  # in a metric, a callback, a schedule: back to the last complete epoch
                self._roll_back()
            self.history.stopped = "error"
            raise
        finally:
            write_parameters(self.values, self.parameters)
            bar.close()
            finish(self.callbacks, self.model, self.history)
        return self.history

    def _epoch(self) -> None:
        """One pass over the examples, and what is recorded of it."""
        self.begun = self.parameters
        count, total, gradient = len(self.X), 0.0, np.zeros(0)
        order = None if self.generator is None else self.generator.permutation(count)
        for start in range(0, count, self.batch_size):
            stop = min(start + self.batch_size, count)
            rows = slice(start, stop) if order is None else order[start:stop]  # the first without a copy
            loss, gradient = self.step(self.parameters, self.X[rows], self.y[rows])
            self._move(loss, gradient, rows)
            total += loss * (stop - start) / count if self.averaged else loss
        self.history.loss.append(total)
        self.history.learning_rate.append(self.optimizer.rate)
        if "parameters" in self.record:
            self.history.parameters.append(self.parameters)
        if "gradients" in self.record:
            self.history.gradients.append(gradient)
        if "activations" in self.record:
            write_parameters(self.values, self.parameters)
            self.history.activations.append(self.model.activations(self.X))  # type: ignore[attr-defined]
        if self.measure is not None:
            self.measure(self.parameters)
        if self._has_gaps:  # every epoch of a run has the gaps of its first
            self._has_gaps = self.history._fill()

    def _move(self, loss: float, gradient: Array, rows: Rows) -> None:
        """One step of the optimiser; a loss or gradient that is not finite is explained."""
        try:
            moved = self.optimizer.step(self.parameters, gradient, loss, self.names)
        except NonFiniteError as error:
            self._diverged = True
            reason = str(error)  # of a step that is too long
            if not (math.isfinite(loss) and is_finite(gradient)):
                numbers = np.arange(len(self.X))[rows].tolist()
                reason = self.step.explain(self.parameters, self.X[rows], self.y[rows], numbers)
            raise NonFiniteError(
                f"training stopped in epoch {len(self.history) + 1}, {reason}; the model keeps the parameters of the "
                f"step before; try a learning rate below {self.optimizer.rate:g}"
            ) from error
        self.last_good, self.parameters = self.parameters, moved
        if self._own_rule:
            self.step.refresh()

    def _ends(self) -> bool:
        """Whether a callback or early stopping ends the run; callbacks see the model as it is, and may change it."""
        verdicts: list[Any] = []
        if self.callbacks and (now := due(self.callbacks)):
            write_parameters(self.values, self.parameters)
            verdicts = [callback(self.model, self.history) for callback in now]
            if not only_watchers(now):
                self.parameters = read_parameters(self.values)
        if self.early_stopping is not None and self.early_stopping._is_over(self.history, self._watched()):
            self.history.stopped = "early stopping"
        elif any(verdict is True for verdict in verdicts):
            self.history.stopped = "callback"
        return self.history.stopped != "epochs"

    def _watched(self) -> Array:
        """The parameters that have what early stopping watches: those before the step, if it is the loss of one."""
        before = self.early_stopping is not None and self.early_stopping.monitor == "loss"
        return self.begun if before and self.batch_size == len(self.X) else self.parameters

    def _look_again(self) -> None:
        """After code of others: its changes count, but parameters that are others cannot be trained on."""
        now = self.model.parameters()
        if len(now) != len(self.values) or not all(map(is_, now, self.values)):
            raise ValueError(
                f"the parameters of {type(self.model).__name__} stay the same Values while it is trained, got others "
                f"after epoch {len(self.history)}; set their data, or call fit again with history="
            )
        self.step.refresh()

    def _commit(self) -> None:
        """An epoch is complete: this is where an interruption goes back to."""
        self.history.engine, self.history.engine_reason = self.step.engine, self.step.reason
        rng_state = self.history.rng_state  # a run that draws nothing leaves it to the next
        if self.generator is not None:
            rng_state = dict(self.generator.bit_generator.state)
        self._committed = self.parameters, self.optimizer._passed(), rng_state, list(map(len, self.series))
        self.history.rng_state = rng_state

    def _roll_back(self) -> None:
        self.parameters, passed, rng_state, lengths = self._committed
        self.optimizer._go_back(passed)
        self.history.rng_state = rng_state
        if self.generator is not None and rng_state is not None:
            self.generator.bit_generator.state = rng_state
        for series, length in zip(self.series, lengths, strict=True):
            del series[length:]
