"""``History``: what happened while a model was trained, epoch by epoch, and all that is needed to go on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from autograd.convert import as_float, describe
from autograd.shown import Shown
from nn.checks import Array, as_flag, as_size
from nn.training.history_fields import read_field

__all__ = ["EarlyStopping", "History"]

# Fields that older files do not have.
LATER = {"engine", "engine_reason", "monitored", "patience_from"}


@dataclass(eq=False)
class History(Shown):
    """The record of a training run; ``fit`` makes one, and continues the one it is given.

    All lists that are not empty have an entry for each epoch: nan where something was not yet, or no longer, measured.

    Attributes
    ----------
    loss : list of float
        Of each epoch: the batch losses, penalty included, each taken before its own step.
    validation_loss : list of float
        After each epoch, without penalty; empty without validation data.
    metrics, validation_metrics : dict of list of float
        After each epoch, by the metric's name.
    learning_rate : list of float
        At the end of each epoch.
    parameters : list of array
        On request: at the start and after each epoch, shape (parameters,), in the order of ``model.parameters()``.
    gradients : list of array
        On request: of the last batch of each epoch, shape (parameters,).
    activations : list of list of array
        On request: at the start and after each epoch, for each layer, shape (examples, outputs).
    best_epoch : int
        Of the best monitored value under early stopping, from 0; -1 for none.
    monitored : str
        What that is the best of, as in ``"min validation_loss"``; another monitor or direction begins anew.
    patience_from : int
        The epoch from which patience counts: that after the last early stop.
    best_parameters : array or None
        Those with that value: after the epoch, but before its step if the value is the loss of one step.
    stopped : str
        Why the last run ended: ``"epochs"``, ``"interrupted"``, ``"early stopping"``, ``"callback"``, or ``"error"``.
    rng_state : dict or None
        Of the generator that shuffles, after the last epoch.
    engine : str
        What the last run trained on, ``"compiled"`` or ``"graphs"``; empty before the first.
    engine_reason : str
        Why there was no program, where one was wanted.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    validation_metrics: dict[str, list[float]] = field(default_factory=dict)
    learning_rate: list[float] = field(default_factory=list)
    parameters: list[Array] = field(default_factory=list)
    gradients: list[Array] = field(default_factory=list)
    activations: list[list[Array]] = field(default_factory=list)
    best_epoch: int = -1
    best_parameters: Array | None = None
    stopped: str = ""
    rng_state: dict[str, Any] | None = None
    engine: str = ""
    engine_reason: str = ""
    monitored: str = ""
    patience_from: int = 0

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        if not self.loss:
            return "History(no epochs)"
        last = {"validation_loss": self.validation_loss, **self.metrics}
        shown = "".join(f", {name} {values[-1]:.4g}" for name, values in last.items() if values)
        plural = "s" * (len(self) != 1)
        return f"History({len(self)} epoch{plural}, loss {self.loss[0]:.4g} → {self.loss[-1]:.4g}{shown})"

    def state_dict(self) -> dict[str, object]:
        """Everything, in lists, numbers and text that JSON can hold."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Become the history whose ``state_dict`` this is.

        Raises
        ------
        ValueError
            If it is no state of a history; nothing is changed then.
        """
        if not isinstance(state, Mapping):
            raise ValueError(f"a history's state is a dict by field, got {describe(state)}")
        known = vars(History())
        unknown, missing = sorted(set(state) - set(known)), sorted(set(known) - set(state) - LATER)
        if unknown or missing:
            what = f"the unknown {unknown}" if unknown else f"none for {missing}"
            raise ValueError(f"a history's state has its field names, got {what}")
        new = History()
        for name, value in state.items():
            setattr(new, name, read_field(name, value, known[name]))
        lengths = {len(series) - new._before(series) for series in new._series() if series} | {len(new)}
        if max(lengths) > len(new) or not (-1 <= new.best_epoch < len(new) and 0 <= new.patience_from <= len(new)):
            raise ValueError(
                f"a history of {len(new)} epochs has as many entries in each list, got others; save it again"
            )
        new._fill()
        vars(self).update(vars(new))

    def _before(self, series: list[Any]) -> int:
        """How many entries a list has before the first epoch."""
        return int(series is self.parameters or series is self.activations)

    def _series(self) -> list[list[Any]]:
        """Every list that grows with the epochs, the losses first."""
        lists = [getattr(self, item.name) for item in fields(self) if item.default_factory is list]
        return [*lists, *self.metrics.values(), *self.validation_metrics.values()]

    def _begin_measuring(self, metrics: list[str], validation: bool) -> None:
        """Let the lists begin that a run appends to, with nan for the epochs before."""
        before = [math.nan] * len(self)
        for name in metrics:
            self.metrics.setdefault(name, before.copy())
            if validation:
                self.validation_metrics.setdefault(name, before.copy())
        if validation and not self.validation_loss:
            self.validation_loss.extend(before)

    def _fill(self) -> bool:
        """Write nan where a metric, or a list that is not empty, has no entry for an epoch; whether there was one."""
        before = sum(map(len, self._series()))
        for series in (*self.metrics.values(), *self.validation_metrics.values()):
            series.extend([math.nan] * (len(self) - len(series)))
        for series in self._series():
            if series:
                series.extend([_nothing_like(series[-1])] * (len(self) + self._before(series) - len(series)))
        return sum(map(len, self._series())) > before

    def _begin(self, series: list[Any], first: Any) -> None:
        """Let a list begin that has entries from the start on, ``first`` being that of now."""
        if not series:
            series.extend([_nothing_like(first)] * len(self))
            series.append(first)


def _nothing_like(x: Any) -> Any:
    """Nan in the place of a number, of an array, or of the arrays of all layers."""
    if isinstance(x, list):
        return [_nothing_like(part) for part in x]
    return np.full_like(x, math.nan) if isinstance(x, np.ndarray) else math.nan


def _plain(x: Any) -> Any:
    """``x`` with arrays as lists, all the way down."""
    if isinstance(x, np.ndarray):
        return x.tolist()
    if isinstance(x, dict):
        return {key: _plain(value) for key, value in x.items()}
    return [_plain(value) for value in x] if isinstance(x, list) else x


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when nothing has become better for a while.

    Parameters
    ----------
    patience : int
        Epochs without a better value after which training ends; after an early stop they are counted anew.
    monitor : str
        ``"validation_loss"``, ``"loss"``, or the name of a metric, which is then taken of the validation data.
    mode : {"min", "max"}, optional
        Whether lower or higher is better. Losses are minimised, and a metric says it in its own attribute ``mode``, as
        ``accuracy`` does; one that does not say it has to be told here. What is told here wins.
    min_delta : float
        By how much a value must be better to count.
    restore_best : bool
        Whether the model ends with the best parameters: those after the best epoch. Where ``"loss"`` is watched and an
        epoch is one step, those before it, of which that loss is; of several steps each has a loss of its own, and the
        parameters are those after the last. Interrupted training always ends with the last parameters.
    """

    patience: int = 10
    monitor: str = "validation_loss"
    mode: str | None = None
    min_delta: float = 0.0
    restore_best: bool = True

    def __post_init__(self) -> None:
        if self.mode not in ("min", "max", None):
            raise ValueError(f"mode of EarlyStopping is 'min' or 'max', got {self.mode!r}")
        as_flag(self.restore_best, "restore_best of EarlyStopping", "monitor says what is best")
        as_size(self.patience, "patience of EarlyStopping, in epochs,")
        if not 0.0 <= as_float(self.min_delta, "min_delta of EarlyStopping is") < math.inf:
            raise ValueError(f"min_delta of EarlyStopping is finite and at least 0, got {self.min_delta}")

    def _is_over(self, history: History, parameters: Array) -> bool:
        """Note in ``history`` whether its last epoch was the best; whether patience has run out."""
        monitored = f"{self.mode} {self.monitor}"
        if history.monitored != monitored:
            history.monitored, history.best_epoch, history.best_parameters = monitored, -1, None
            history.patience_from = len(history) - 1
        values = self._series(history)
        sign = 1.0 if self.mode == "min" else -1.0
        best = math.inf if history.best_epoch < 0 else sign * values[history.best_epoch]
        if sign * values[-1] < best - self.min_delta:
            history.best_epoch, history.best_parameters = len(history) - 1, parameters
        return len(history) - 1 - max(history.best_epoch, history.patience_from - 1) >= self.patience

    def _series(self, history: History) -> list[float]:
        known = {"loss": history.loss, "validation_loss": history.validation_loss, **history.validation_metrics}
        return known[self.monitor]

    def _directed(self, modes: Mapping[str, str | None]) -> EarlyStopping:
        """The same with its direction, from what is recorded and the direction of each."""
        if self.monitor not in modes:
            raise ValueError(
                f"early stopping watches one of {', '.join(map(repr, modes))} here, got {self.monitor!r}; give "
                "validation=(X, y) and, for a metric, its name in metrics"
            )
        mode = self.mode or modes[self.monitor]
        if mode not in ("min", "max"):
            raise ValueError(
                f"early stopping needs to know whether metric {self.monitor!r} should fall or rise, got mode {mode!r}; "
                f"give EarlyStopping(monitor={self.monitor!r}, mode='max') or 'min', or set the metric's attribute mode"
            )
        return replace(self, mode=mode)
