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
from autograd.convert import describe
from nn.arguments import Array
from nn.module import Module
from nn.settings import learning_rate_of
from nn.state import refuse_results, results

__all__ = ["Optimizer"]


class Optimizer(ABC):
    """Base of the optimisers: keeps the rate, the number of steps, and what is remembered from step to step.

    Parameters
    ----------
    learning_rate : float or callable
        A positive number, or a function from the number of steps already taken to one (:mod:`nn.schedules`).

    Attributes
    ----------
    learning_rate : float or callable
    steps : int
        How many have been taken.

    Notes
    -----
    Arrays are never changed in place, so a ``state_dict`` taken at any time stays as it is.
    """

    def __init__(self, learning_rate: float | Callable[[int], float]) -> None:
        self.learning_rate: float | Callable[[int], float] = learning_rate_of(learning_rate, self)
        self.steps = 0
        self._memory: dict[str, Array] = {}
        self._results: WeakSet[Value] = WeakSet()  # that a model held at the last update, instead of computing them

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return self.learning_rate(self.steps) if callable(self.learning_rate) else self.learning_rate

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
            If the loss or an entry of the gradient is nan or infinite.
        """
        parameters, gradient = np.asarray(parameters, dtype=float), np.asarray(gradient, dtype=float)
        self._check_shapes(parameters, gradient)
        self._check_finite(gradient, names, loss)
        moved = self._move(parameters, gradient)
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

    def state_dict(self) -> dict[str, Any]:
        """Kind, settings, number of steps and remembered arrays: all that :meth:`load_state_dict` needs to go on."""
        return {"kind": type(self).__name__, "settings": self._settings(), "steps": self.steps, **self._memory}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where the optimiser stopped whose ``state_dict`` this is.

        Raises
        ------
        ValueError
            If that was of another kind, or had other settings.
        """
        name = type(self).__name__
        if state.get("kind") != name:
            raise ValueError(f"{name} takes a state of its own kind, got one of {state.get('kind')}")
        ours = self._settings()
        for setting, theirs in state.get("settings", ours).items():
            if ours.get(setting) != theirs:
                raise ValueError(
                    f"this {name} has {setting} {ours.get(setting)}, got the state of one with {theirs}; build it with "
                    "the settings it had, load the state, and change them afterwards"
                )
        self._go_back(state)

    def _go_back(self, state: Mapping[str, Any]) -> None:
        """Take steps and memory from a state, whatever the settings are now."""
        self.steps = int(state["steps"])
        known = ("kind", "settings", "steps")
        self._memory = {key: np.array(x, dtype=float) for key, x in state.items() if key not in known}

    def _settings(self) -> dict[str, Any]:
        """What it was built with, as JSON holds it; a schedule by its text, a function by its name."""
        held = {name.lstrip("_"): x for name, x in vars(self).items() if name not in ("steps", "_memory", "_results")}
        return {name: x if isinstance(x, int | float) else _text(x) for name, x in held.items()}

    @abstractmethod
    def _move(self, parameters: Array, gradient: Array) -> Array:
        """The rule itself."""

    def _recall(self, name: str, like: Array) -> Array:
        """What was remembered under ``name``; zeros at first."""
        return self._memory.get(name, np.zeros_like(like))

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
        if not np.isfinite(gradient).all():
            i = int(np.flatnonzero(~np.isfinite(gradient))[0])
            raise NonFiniteError(
                f"the gradient of {f'parameter {i}' if names is None else repr(names[i])} is {gradient[i]}; "
                "autograd.diagnose(loss) finds the operation where that began"
            )


def _text(x: Any) -> str:
    """A schedule as it is written; of what may show an address, the name."""
    return repr(x) if is_dataclass(x) else getattr(x, "__name__", type(x).__name__)
