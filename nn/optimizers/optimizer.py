"""``Optimizer``: a rule that turns a gradient into better parameters, on flat arrays, for every way of training."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any
from weakref import WeakSet

import numpy as np

from autograd import NonFiniteError, Value
from autograd.compiler.calls.finite import is_finite
from autograd.convert import describe
from nn.checks import Array, as_array, as_size
from nn.model.module import Module
from nn.model.state import refuse_results, results
from nn.optimizers.settings import learning_rate_of, scheduled

__all__ = ["Optimizer"]

# What of an optimiser is no setting.
_PASSING = ("steps", "_memory", "_results")


class Optimizer(ABC):
    """Base of the optimisers: keeps the rate, the number of steps, and what is remembered from step to step.

    Parameters
    ----------
    learning_rate : float or callable
        A positive number, or a function from the number of steps already taken to one (:mod:`nn.optimizers.schedules`).

    Attributes
    ----------
    learning_rate : float or callable
    steps : int
        How many have been taken.

    Notes
    -----
    Arrays are never changed in place, so a ``state_dict`` taken at any time stays as it is.
    """

    _remembers: frozenset[str] = frozenset()  # the names of what it remembers, where they are known

    def __init__(self, learning_rate: float | Callable[[int], float]) -> None:
        self.learning_rate: float | Callable[[int], float] = learning_rate_of(learning_rate, self)
        self.steps: int = 0
        self._memory: dict[str, Array] = {}
        self._results: WeakSet[Value] = WeakSet()  # that a model held at the last update, instead of computing them

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles have: not the results, which are this model's own."""
        return {name: x for name, x in vars(self).items() if name != "_results"}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state, _results=WeakSet())

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return scheduled(self.learning_rate, self.steps) if callable(self.learning_rate) else self.learning_rate

    def _is_ours(self) -> bool:
        """Whether a step runs no code of others: neither a rule nor a schedule of one's own."""
        kinds = [type(self), *([type(self.learning_rate)] if callable(self.learning_rate) else [])]
        return all(kind.__module__.partition(".")[0] == "nn" for kind in kinds)

    def step(
        self, parameters: Array, gradient: Array, loss: float | None = None, names: Sequence[str] | None = None
    ) -> Array:
        """The next parameters.

        Parameters
        ----------
        parameters, gradient : array
            Shape (parameters,); neither is changed.
        loss : float, optional
            At ``parameters``; :class:`Backtracking` compares it.
        names : sequence of str, optional
            The parameters' names, for the error message.

        Returns
        -------
        array
            A new one.

        Raises
        ------
        NonFiniteError
            If the loss or an entry of the gradient is nan or infinite, or a parameter would become that.
        """
        parameters, gradient = np.asarray(parameters, dtype=float), np.asarray(gradient, dtype=float)
        self._check_shapes(parameters, gradient)
        self._check_finite(gradient, names, loss)
        remembered = self._memory
        with np.errstate(over="ignore", invalid="ignore"):  # which is an error here, in words
            moved = self._move(parameters, gradient)
        if not is_finite(moved):
            self._memory = remembered
            i = int(np.isfinite(moved).argmin())
            raise NonFiniteError(
                f"{'parameter ' + str(i) if names is None else repr(names[i])} would become {moved[i]} by a step of "
                f"{type(self).__name__} at the rate {self.rate:g}"
            )
        self.steps += 1
        return moved

    def update(self, model: Module, loss: float | None = None) -> None:
        """Move a model's parameters by the gradients that ``backward()`` left on them.

        Raises
        ------
        ValueError
            If the model still holds a result that it held at the last update: it would not follow its operands.
        """
        if not isinstance(model, Module):
            raise TypeError(f"update takes a model, got {describe(model)}; step takes arrays")
        held = results(model)
        refuse_results(model, {value: name for value, name in held.items() if value in self._results})
        self._results = WeakSet(held)
        named = model.named_parameters()
        parameters = np.array([value.data for _, value in named])
        gradient = np.array([value.grad for _, value in named])
        moved = self.step(parameters, gradient, loss, [name for name, _ in named])
        for (_, value), number in zip(named, moved.tolist(), strict=True):
            value.data = number

    def state_dict(self) -> dict[str, object]:
        """Settings, the number of steps and the remembered arrays: all that :meth:`load_state_dict` needs to go on."""
        return {"kind": type(self).__name__, "settings": self._settings(), "steps": self.steps, **self._memory}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where the optimiser stopped whose ``state_dict`` this is.

        Raises
        ------
        ValueError
            If the state is one of another kind of optimiser or of other settings, or is no state; nothing is changed
            then. What should be different from now on is set afterwards, as in ``optimizer.learning_rate = 0.01``.
        """
        kind = type(self).__name__
        if not isinstance(state, Mapping) or state.get("kind") != kind:
            found = state.get("kind") if isinstance(state, Mapping) else describe(state)
            raise ValueError(f"{kind} takes a state of its own kind, got one of {found}")
        ours = self._settings()
        saved = state.get("settings", ours)  # earlier files say nothing of them
        if saved != ours:
            raise ValueError(f"{kind} takes a state of its own settings, {_difference(ours, saved)}")
        steps = as_size(state.get("steps"), f"steps of {kind}", least=0)
        memory = {name: as_array(x, name) for name, x in state.items() if name not in ("kind", "settings", "steps")}
        wrong = sorted(memory.keys() ^ self._remembers) if memory and self._remembers else []
        if (
            wrong
            or any(array.ndim > 1 for array in memory.values())
            or len({len(a) for a in memory.values() if a.ndim}) > 1
        ):
            raise ValueError(
                f"{kind} remembers {' and '.join(sorted(self._remembers)) or 'numbers'} for each parameter, got "
                f"{', '.join(f'{name} of shape {a.shape}' for name, a in memory.items())}; save it again"
            )
        self.steps, self._memory = steps, memory

    def _passed(self) -> tuple[int, dict[str, Array]]:
        """How far it has come, to go back to: steps and memory, whatever the settings are."""
        return self.steps, dict(self._memory)

    def _go_back(self, passed: tuple[int, dict[str, Array]]) -> None:
        self.steps, self._memory = passed

    def _settings(self) -> dict[str, Any]:
        """What it was built with, in words and numbers."""
        return {name.lstrip("_"): _in_words(x) for name, x in vars(self).items() if name not in _PASSING}

    @abstractmethod
    def _move(self, parameters: Array, gradient: Array) -> Array:
        """The rule itself."""

    def _recall(self, name: str) -> Array | float:
        """What was remembered under ``name``; zero at first."""
        return self._memory.get(name, 0.0)

    def _check_shapes(self, parameters: Array, gradient: Array) -> None:
        if gradient.shape != parameters.shape:
            raise ValueError(
                f"{type(self).__name__} takes a gradient of the shape of the parameters, {parameters.shape}, "
                f"got {gradient.shape}"
            )
        for array in self._memory.values():
            if array.shape not in (parameters.shape, ()):
                raise ValueError(
                    f"this {type(self).__name__} remembers {array.size} parameters, got {parameters.size}; "
                    "make a new optimiser for a new model"
                )

    def _check_finite(self, gradient: Array, names: Sequence[str] | None, loss: float | None) -> None:
        if loss is not None and not math.isfinite(loss):
            raise NonFiniteError(f"the loss is {loss}; autograd.diagnose(loss) finds the operation where that began")
        if not is_finite(gradient):
            i = int(np.flatnonzero(~np.isfinite(gradient))[0])
            raise NonFiniteError(
                f"the gradient of {f'parameter {i}' if names is None else repr(names[i])} is {gradient[i]}; "
                "autograd.diagnose(loss) finds the operation where that began"
            )


def _in_words(setting: Any) -> Any:
    """A setting as JSON holds it: functions by their names, schedules with their numbers."""
    if isinstance(setting, (bool, int, float, str, type(None))):
        return setting
    if is_dataclass(setting):
        return repr(setting)
    return getattr(setting, "__qualname__", type(setting).__qualname__)


def _difference(ours: dict[str, Any], saved: Any) -> str:
    if not isinstance(saved, Mapping):
        return f"got {describe(saved)}; save it again"
    name = next(name for name in (*ours, *saved) if name not in ours or name not in saved or ours[name] != saved[name])
    return (
        f"here {name} {ours.get(name)!r}, got {saved.get(name)!r}; build it as it was, and change afterwards what "
        "should be different from now on"
    )
