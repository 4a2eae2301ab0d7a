"""Statements run alone, without the passes before them: as they are emitted, and as their docstrings read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import arrays
from autograd.compiler.backends.numpy import imports_of
from autograd.compiler.backends.numpy.emit import Emitter
from autograd.compiler.backends.numpy.views import ARRAYS, Views
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map, MatMul, Reduce, Segments, Take, Total
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER

EXAMPLES = 3
ROOM = 120
ARGUMENT = FIRST_BATCHED

# What the emitted program calls the numbers of each place.
PLACES = {**ARRAYS, ARGUMENT: "x"}
# Where computed numbers lie, without a batch axis and with one.
PLACE = {False: UNBATCHED, True: BATCHED}
MODES = ("=", "+=", "-=")
Arrays = dict[int, Any]


def view(place: int, offset: int, *shape: int, strides: tuple[int, ...] = ()) -> View:
    """Slots from ``offset`` on; contiguous unless strides are given."""
    return View(place, offset, shape, strides or tuple([int(np.prod(shape[k + 1 :])) for k in range(len(shape))]))


def program(*statements: Any, room: int = ROOM) -> ArrayProgram:
    """A program of these statements, with room for as many numbers in every place and one argument, ``x``."""
    sizes = dict.fromkeys((PARAMETER, CONSTANT, FIXED, COUNT, UNBATCHED, BATCHED, RESULT, ARGUMENT), room)
    return ArrayProgram(sizes, np.zeros(room), (("x", (room,)),), (statements, ()), view(UNBATCHED, 0, 1), False, ())


def numbers(seed: int = 0, examples: int = EXAMPLES, room: int = ROOM) -> Arrays:
    """Different numbers in every slot of every place."""
    rng = np.random.default_rng(seed)
    return {
        place: rng.uniform(0.5, 1.5, (room, examples) if place in (BATCHED, ARGUMENT) else room) for place in PLACES
    }


def emitted(*statements: Any) -> tuple[list[str], Emitter]:
    """Source lines of the statements, and the emitter with what they need."""
    emitter = Emitter(Views(program(*statements)))
    return emitter.emit(statements), emitter


def run(memory: Arrays, *statements: Any) -> Arrays:
    """Memory after the emitted program; scratch space is nan before."""
    lines, emitter = emitted(*statements)
    views = emitter.views
    bound = [f"{name} = {text}" for name, (_, text) in views.bound.items()]
    text = "\n".join([*bound, *[f"{name} = {text}" for name, text in views.per_call.items()], *lines])
    after = {key: array.copy() for key, array in memory.items()}
    space: dict[str, Any] = {name: after[key] for key, name in PLACES.items()}
    exec("\n".join(imports_of(emitter)), space)
    space |= {
        "empty": lambda shape, dtype=float: np.full(shape, np.nan).astype(dtype),
        "indices": emitter.indices,
        "batch_size": memory[BATCHED].shape[1],
    }
    with np.errstate(all="ignore"):
        exec(text, space)
    return after


def meant(memory: Arrays, *statements: Any) -> Arrays:
    """Memory after the statements as their docstrings read, one element after the other."""
    after = {key: array.copy() for key, array in memory.items()}
    with np.errstate(all="ignore"):
        for statement in statements:
            value = _MEANING[type(statement)](after, statement)
            _store(after, statement, value)
    return after


def agree(statement: Any) -> None:
    """Compare what is emitted with what is meant, in every slot of every place."""
    memory = numbers()
    found, expected = run(memory, statement), meant(memory, statement)
    for key, name in PLACES.items():
        assert np.allclose(found[key], expected[key], rtol=1e-13, atol=1e-14, equal_nan=True), name


def agree_at_edges(statement: Any, examples: int = EXAMPLES, seed: int = 1) -> None:
    """Compare them where the numbers are zeros, ones, infinities and nan."""
    memory = numbers(examples=examples)
    rng = np.random.default_rng(seed)
    for array in memory.values():
        array[:] = rng.choice([0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -3.5, np.inf, -np.inf, np.nan], array.shape)
    target = statement.target
    at, key = target.slots(), target.place
    found, expected = run(memory, statement)[key][at], meant(memory, statement)[key][at]
    assert np.allclose(found, expected, rtol=1e-13, atol=0.0, equal_nan=True)


def _store(memory: Arrays, s: Any, value: Any) -> None:
    slots, array = s.target.slots(), memory[s.target.place]
    mode = getattr(s, "mode", "=")
    if isinstance(s, Take) and s.positions is not None:
        array[slots[s.positions]] = value
    else:
        array[slots] = value if mode == "=" else array[slots] + value if mode == "+=" else array[slots] - value


def _read(memory: Arrays, operand: Any, beside: View | None = None) -> Any:
    """The numbers of an operand, with an axis for the batch if the target has one."""
    if not isinstance(operand, View):
        return operand
    found = memory[operand.place][operand.slots()]
    return found[..., None] if beside is not None and beside.batched and not operand.batched else found


def _matmul(memory: Arrays, s: MatMul) -> Any:
    n, m = "n" * s.left.batched, "n" * s.right.batched
    return np.einsum(f"hik{n},hjk{m}->hij{'n' * s.target.batched}", _read(memory, s.left), _read(memory, s.right))


def _total(memory: Arrays, s: Total) -> Any:
    over_batch = s.source.batched and not s.target.batched
    return _read(memory, s.source).sum(axis=(*s.axes, *[len(s.source.shape)] * over_batch))


def _linear(memory: Arrays, s: Linear) -> Any:
    read = lambda factors: np.broadcast_arrays(*[_read(memory, f, s.target) for f in factors])
    return sum(sign * np.prod(read(factors), axis=0) for sign, factors in s.terms)


def _take(memory: Arrays, s: Take) -> Any:
    return _read(memory, s.source, s.target)[s.index]


def _reduce(memory: Arrays, s: Reduce) -> Any:
    return s.op.value(arrays, *np.moveaxis(_read(memory, s.source), len(s.source.shape) - 1, 0))


_MEANING: dict[type, Callable[[Arrays, Any], Any]] = {
    Take: _take,
    Map: lambda memory, s: s.op.value(arrays, *[_read(memory, a, s.target) for a in s.args]),
    Linear: _linear,
    MatMul: _matmul,
    Total: _total,
    Segments: lambda memory, s: [part.sum(axis=0) for part in np.split(_read(memory, s.source), s.starts[1:])],
    Reduce: _reduce,
}
