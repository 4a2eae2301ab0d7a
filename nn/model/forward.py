"""A module's call for many examples: as a compiled program, or row by row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import ref

import numpy as np

from autograd import compile, data
from autograd.compiler import CompiledFunction
from nn.checks import Array, as_row
from nn.model.state import call_fresh, call_once, call_unchanged
from nn.model.tree import Tree

__all__ = ["Forward", "bind", "forward", "layer_outputs"]

# To make a program costs as much as calling 20 to 30 rows, to run it as much as two rows; see `Forward.__call__`.
WORTH, FEW = 30, 3
# Rows at which a new program is held to the call: recorded with Values, it may have taken another path than numbers do.
CHECKED = 8
# How far program and call may differ, relative to the largest output: far above rounding, far below a wrong formula.
TOLERANCE = 1e-6


class Forward:
    """Outputs of one module for many rows.

    Parameters
    ----------
    function : callable
        Of the module and one row, to a sequence of outputs: each a number or numbers in any shape.

    Notes
    -----
    What the call reads besides its module, such as a number that a whole notebook shares, may change between two
    calls. So the first row is always called, and a program that does not agree with it is made anew.
    """

    def __init__(self, function: Callable[[Tree, Any], list[Any]]) -> None:
        self.function = function
        self._rows = 0  # called so far without a program
        self._refused: set[tuple[int, ...]] = set()  # shapes of rows for which there is none
        self._program: CompiledFunction | None = None

    def __call__(self, model: Tree, X: Array) -> list[Array]:
        """Every output for every row: arrays of shape (examples, ...)."""
        if not len(X):
            row = np.full(X.shape[1:], 0.5).tolist()
            return [output[np.newaxis][:0] for output in _numbers(call_once(model, lambda: self.function(model, row)))]
        row = X[0].tolist()
        first = _numbers(call_fresh(model, lambda: self.function(model, row)))
        worth = len(X) > FEW and (self._program is not None or self._rows + len(X) > WORTH)
        if worth and X.shape[1:] not in self._refused:
            found = self._compiled(model, X, first)
            if found is not None:
                return found
        self._rows += len(X)
        outputs = [first, *(_numbers(self.function(model, other)) for other in X[1:].tolist())]
        return [_stacked(output) for output in zip(*outputs, strict=True)]

    def bound(self, model: Tree, X: Array) -> Callable[[Array], Array] | None:
        """From parameters to the only output for these rows, if a program gives it from parameters and rows alone."""
        row = X[0].tolist()
        first = _numbers(call_once(model, lambda: self.function(model, row)))
        if X.shape[1:] in self._refused or self._compiled(model, X, first) is None or self._program is None:
            return None
        program, shape = self._program.program, (len(X), *first[0].shape)
        if program.fixed:
            return None
        return lambda parameters: program.value(parameters, X).reshape(shape)

    def _compiled(self, model: Tree, X: Array, first: list[Array]) -> list[Array] | None:
        """All outputs by a program that agrees with the first row, or None if there is no such program."""
        for program in (self._program, self._renewed()):
            try:
                found = None if program is None else _split(program._number(model, X), first)
            except Exception:  # the call itself will say it, in the words of whoever wrote it
                found = None
            if found is None or not _agree(found, first, 0):
                continue
            if program is self._program or self._agrees(model, X, found):
                self._program = program
                return found
        self._program = None
        self._refused.add(X.shape[1:])
        return None

    def _agrees(self, model: Tree, X: Array, found: list[Array]) -> bool:
        """Whether a new program gives what the call gives at some rows, from first to last."""
        rows = np.unique(np.linspace(0, len(X) - 1, CHECKED).astype(int)).tolist()

        def called(i: int) -> list[Array]:
            return call_once(model, lambda: _numbers(self.function(model, X[i].tolist())))  # type: ignore[no-any-return]

        return all(_agree(found, called(i), i) for i in rows)

    def _renewed(self) -> CompiledFunction:
        function = self.function

        def outputs(model: Tree, x: Any) -> list[Any]:
            found = call_unchanged(model, lambda: function(model, as_row(x)))
            return [entry for output in found for entry in np.ravel(np.asarray(output, dtype=object)).tolist()]

        return compile(outputs, batched="x", reduce=None)


def forward(model: Tree, X: Array) -> Array:
    """What ``model`` gives for each row."""
    try:
        (outputs,) = _kept(model, "call", _call)(model, X)
    except ValueError as error:
        if X.ndim == 1:
            raise ValueError(
                f"{error}; X of shape {X.shape} is {len(X)} rows of one number, one row is X[None]"
            ) from error
        raise
    return outputs


def bind(model: Tree, X: Array) -> Callable[[Array], Array] | None:
    """From the parameters of ``model``, flat, to what it gives for each row, while nothing else in it changes."""
    return _kept(model, "call", _call).bound(model, X)


def _call(model: Any, row: Any) -> list[Any]:
    return [model(row)]


def layer_outputs(model: Any, X: Array) -> list[Array]:
    """What each layer of a chain gives for each row, shape (examples, outputs)."""

    def outputs(model: Any, row: Any) -> list[Any]:
        found = []
        for layer in model.layers:
            row = layer(row)
            found.append(row)
        return found

    return [output.reshape(len(X), -1) for output in _kept(model, "layers", outputs)(model, X)]


# One a model and function, as long as the model lives. By identity: a module may be equal to another, or have no hash.
_forwards: dict[tuple[int, str], tuple[ref[Tree], Forward]] = {}


def _kept(model: Tree, name: str, function: Callable[[Tree, Any], list[Any]]) -> Forward:
    key = id(model), name
    kept = _forwards.get(key)
    if kept is None or kept[0]() is not model:
        kept = _forwards[key] = ref(model, partial(_forget, _forwards, key)), Forward(function)
    return kept[1]


def _forget(forwards: dict[tuple[int, str], Any], key: tuple[int, str], _: Any) -> None:
    forwards.pop(key, None)  # an argument, because a module's names may be gone when Python ends


def _numbers(outputs: list[Any]) -> list[Array]:
    """The numbers of outputs, whose graph may go."""
    return [data(output) for output in outputs]


def _stacked(rows: tuple[Array, ...]) -> Array:
    shapes = {row.shape: None for row in rows}
    if len(shapes) > 1:
        raise ValueError(
            f"a module gives every example outputs of one shape, got {' and '.join(map(str, shapes))}; "
            "call it row by row"
        )
    return np.array(rows)


def _split(flat: Array, like: list[Array]) -> list[Array] | None:
    """Columns of all outputs as one array each, in the shape of one row's."""
    sizes = [output.size for output in like]
    if flat.shape[1] != sum(sizes):
        return None
    columns = np.split(flat, np.cumsum(sizes)[:-1], axis=1)
    return [part.reshape(len(flat), *output.shape) for part, output in zip(columns, like, strict=True)]


def _agree(found: list[Array], called: list[Array], row: int) -> bool:
    """Whether a program's outputs for a row are those of the call."""
    for ours, theirs in zip(found, called, strict=True):
        scale = np.abs(theirs[np.isfinite(theirs)]).max(initial=1e-3)
        if ours.shape[1:] != theirs.shape:
            return False
        if not np.isclose(ours[row], theirs, rtol=0.0, atol=TOLERANCE * scale, equal_nan=True).all():
            return False
    return True
