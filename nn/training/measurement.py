"""What an epoch has come to: validation loss and metrics, on the programs that training has anyway."""

from __future__ import annotations

from collections.abc import Mapping

from nn.checks import Array
from nn.measures.metrics import Metric, Predicted, is_ours
from nn.model.forward import bind
from nn.model.module import Module
from nn.training.history import History
from nn.training.step import Step, write_parameters

__all__ = ["Measurement"]

Examples = tuple[Array, Array]


class Measurement:
    """Appends to a history what a model is worth after an epoch.

    Parameters
    ----------
    model, step, history
    metrics : mapping of str to callable
    training : (X, y)
        What metrics are taken of.
    validation : (X, y), optional
        What metrics and the loss are taken of.
    fixed : bool
        Whether nothing but the parameters changes between epochs, so that the model need not be looked at again.
    """

    def __init__(
        self,
        model: Module,
        step: Step,
        history: History,
        metrics: Mapping[str, Metric],
        training: Examples,
        validation: Examples | None,
        fixed: bool,
    ) -> None:
        self.model, self.step, self.history, self.metrics = model, step, history, metrics
        self.values = model.parameters()
        self.training, self.validation = training, validation
        bound = fixed and len(metrics) > 0 and all(map(is_ours, metrics.values()))
        self._predicted = Predicted()  # once: to build a module takes as long as to count its hits
        self._outputs = [bind(model, X) if bound else None for X, _ in self._examples()]

    def __call__(self, parameters: Array) -> None:
        """Append the validation loss and every metric."""
        if self.validation is not None:
            self.history.validation_loss.append(self.step.value(parameters, *self.validation))
        if not self.metrics:
            return
        if None in self._outputs:  # else nobody reads the model, and to write its Values takes longer than a program
            write_parameters(self.values, parameters)
        records = self.history.metrics, self.history.validation_metrics
        for examples, outputs, record in zip(self._examples(), self._outputs, records, strict=False):
            model = self.model
            if outputs is not None:
                model = self._predicted
                model.outputs = outputs(parameters)
            for name, metric in self.metrics.items():
                record[name].append(float(metric(model, *examples)))

    def _examples(self) -> list[Examples]:
        return [self.training] if self.validation is None else [self.training, self.validation]
