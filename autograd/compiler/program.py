"""``Program``: a compiled graph. A value of its own: it can be printed, pickled, and shared by threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.array_program import ArrayProgram, find_matrices
from autograd.compiler.backends import BACKENDS, Code, FloatCode, UnsupportedProgramError
from autograd.compiler.backends.c.source import c_source
from autograd.compiler.backends.javascript import JavaScriptCode
from autograd.compiler.choose import choose, choose_for_examples
from autograd.compiler.collector import collector_at_rest
from autograd.compiler.differentiate import differentiate
from autograd.compiler.normal import Normal
from autograd.compiler.normalise import normalise
from autograd.compiler.reduction import reduce_examples
from autograd.compiler.schedule import RESULT, Schedule, schedule
from autograd.compiler.tape import FIXED, PARAMETER, Tape
from autograd.errors import CompileError

__all__ = ["Program", "Stats", "Step", "assemble", "compile_tape"]

Array = npt.NDArray[np.float64]

# Buffers are kept for this many batch sizes in each thread.
KEPT = 4


@dataclass(frozen=True, slots=True)
class Stats:
    """What compiling found and cost.

    Parameters
    ----------
    scalar_nodes : int
        Operations in the recorded graph.
    kind : str
        What runs it, a row of the table of back ends: "arrays" for NumPy, or "tiles" for the C runtime, if products are
        small; for a graph too narrow for arrays "c", the C runtime, and "python", if it is short or there is none.
    instructions : int
        Array statements of all passes; for Python, operations.
    matmuls : int
        Matrix products among the forward statements.
    seconds : float
        Time from the recorded graph to a program that runs.
    """

    scalar_nodes: int
    kind: str
    instructions: int
    matmuls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """A program bound to one parameter vector and one batch size: for a training loop.

    Parameters
    ----------
    parameters : array
        Read where it lies: update it in place and call again.
    gradient : array
        Overwritten by each call.
    value, value_and_grad : callable
        Take the batched arguments; ``value_and_grad`` gives the value and leaves the gradient in ``gradient``.
    """

    parameters: Array
    gradient: Array
    fixed: Array
    value: Callable[..., Any]
    value_and_grad: Any


@dataclass(eq=False)
class Program:
    """A compiled graph and its derivatives, as data that a back end runs.

    Parameters
    ----------
    body : ArrayProgram or Normal
        What is computed: over arrays, or number by number where that is faster.
    parameters, fixed : int
        How many numbers it is differentiated by, and how many others there are, examples apart.
    arguments : tuple of (str, shape)
        Name of each batched argument and the shape of one example.
    names : pair of tuple of str
        What the parameters and the other numbers are called, as far as they have names.
    stats : Stats
        What compiling found.

    Notes
    -----
    Results differ from those of the graph by a few units in the last place of the largest term summed, because sums are
    taken in another order.
    """

    body: ArrayProgram | Normal
    parameters: int
    fixed: int
    arguments: tuple[tuple[str, tuple[int, ...]], ...]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    stats: Stats
    _threads: threading.local = field(default_factory=threading.local, repr=False)

    @cached_property
    def code(self) -> Code:
        """What the back end made of it."""
        return BACKENDS[self.stats.kind](self.body, self.names)

    @property
    def source(self) -> str:
        """The program as text."""
        return self.code.source

    @property
    def js_source(self) -> str:
        """The program as a module of JavaScript."""
        return JavaScriptCode(self.body).source

    def c_source(self, name: str) -> str:
        """The program as a file of C, in which it is called by that name."""
        if not isinstance(self.body, Normal):
            raise CompileError(
                f"c_source is for programs that run number by number, {name} became matrices; take js_source"
            )
        return c_source(self.body, self.names, name)

    def __str__(self) -> str:
        return self.source

    def explain(self) -> str:
        """The program as equations, with shapes; ``n`` is the number of examples, ``g_`` an adjoint."""
        return self.code.explain()

    def __getstate__(self) -> dict[str, Any]:
        return {name: x for name, x in self.__dict__.items() if name not in ("code", "_threads")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._threads = threading.local()
        if self.stats.kind not in BACKENDS:  # made where there was another
            self.stats = replace(self.stats, kind="python" if isinstance(self.body, Normal) else "arrays")

    @property
    def single(self) -> bool:
        """Whether there is one output."""
        return self.body.single if isinstance(self.body, ArrayProgram) else len(self.body.outputs) == 1

    @property
    def derivatives(self) -> int:
        """How many derivatives there are."""
        return self.body.sizes[RESULT] if isinstance(self.body, ArrayProgram) else len(self.body.derivatives)

    def value(self, parameters: Any, *batch: Any, fixed: Any = ()) -> Any:
        """The result, from the flat vector of parameters, the batched arguments and the vector of other numbers."""
        self._check_sizes(parameters, fixed)
        arrays = self._examples(batch)
        if isinstance(self.code, FloatCode):
            result = self.code.value(*_floats(parameters), *_floats(fixed))
            return np.array(result) if isinstance(result, list) else result
        step = self._step(parameters, fixed, arrays)
        with np.errstate(all="ignore"):
            return step.value(*arrays)

    def value_and_grad(self, parameters: Any, *batch: Any, fixed: Any = ()) -> tuple[float, Array]:
        """The result and its derivative with respect to the parameters, a new array."""
        self._check_sizes(parameters, fixed)
        arrays = self._examples(batch)
        if isinstance(self.code, FloatCode):
            value, gradient = self.code.value_and_grad(*_floats(parameters), *_floats(fixed))
            return value, np.array(gradient)
        step = self._step(parameters, fixed, arrays)
        with np.errstate(all="ignore"):
            value = step.value_and_grad(*arrays)
        return value, step.gradient.copy()

    def bind(self, parameters: Array, batch_size: int = 1, fixed: Any = ()) -> Step:
        """The program on buffers of its own, reading ``parameters`` where they lie; for one thread at a time.

        Warnings of overflow are NumPy's own: ``np.errstate`` around a loop costs less than in each of its steps.
        """
        self._check_sizes(parameters, fixed)
        gradient, others = np.zeros(self.derivatives), np.array(fixed, dtype=np.float64)
        return Step(parameters, gradient, others, *self.code.bind(parameters, gradient, others, batch_size))

    def _check_sizes(self, parameters: Any, fixed: Any) -> None:
        if len(parameters) != self.parameters or len(fixed) != self.fixed:
            raise ValueError(
                f"this program takes {self.parameters} parameters and {self.fixed} fixed numbers, got "
                f"{len(parameters)} and {len(fixed)}; pass one for each that was recorded"
            )

    def _examples(self, batch: Sequence[Any]) -> list[Array]:
        """The batched arguments as arrays of the shapes that were compiled for."""
        arrays = [np.asarray(examples, dtype=np.float64) for examples in batch]
        count = arrays[0].shape[:1] if arrays else ()
        if [array.shape for array in arrays] != [(*count, *shape) for _, shape in self.arguments]:
            expected = ", ".join([f"{name} of shape {('n', *shape)}" for name, shape in self.arguments]) or "none"
            raise ValueError(
                f"this program takes batched arguments of n examples, {expected}, got shapes "
                f"{', '.join([str(array.shape) for array in arrays]) or 'none'}; compile for others"
            )
        return arrays

    def _step(self, parameters: Any, fixed: Any, batch: Sequence[Any]) -> Step:
        """Buffers of this thread for this batch size, with the numbers copied in."""
        size = len(batch[0]) if batch else 1
        steps: dict[int, Step] = self._threads.__dict__.setdefault("steps", {})
        step = steps.get(size)
        if step is None:
            if len(steps) >= KEPT:
                del steps[next(iter(steps))]
            step = steps[size] = self.bind(np.empty(self.parameters), size, np.empty(self.fixed))
        step.parameters[:] = parameters
        step.fixed[:] = fixed
        return step


@collector_at_rest()
def compile_tape(
    tape: Tape,
    arguments: Sequence[tuple[str, tuple[int, ...]]] = (),
    reduce: str | None = "mean",
    kind: str | None = None,
    names: tuple[Sequence[str], Sequence[str]] = ((), ()),
    order: int | None = None,
) -> Program:
    """Run the passes, from a recorded tape to a program.

    Parameters
    ----------
    tape : Tape
        See :func:`autograd.compiler.tape.record`.
    arguments : sequence of (str, shape)
        Name of each batched argument and the shape of one example.
    reduce : str or None
        "mean", "sum", or None for the result of each example.
    kind : str, optional
        A row of the table of back ends; by default whichever a count of the groups says is faster.
    names : pair of sequences of str
        What to call the parameters and the other numbers in Python source.
    order : int, optional
        How often to differentiate: 1 gives the derivatives of each result by each parameter, 2 those of each of these
        by each parameter. By default 1 if there is one result, else 0.
    """
    if kind is not None and kind not in BACKENDS:
        raise ValueError(f"kind is one of {', '.join(map(repr, BACKENDS))}, got {kind!r}; leave it out")
    if kind is not None and BACKENDS[kind].takes is Normal and arguments:
        raise ValueError(
            f"kind {kind!r} is for programs without batched arguments, got {', '.join(dict(arguments))}; leave kind out"
        )
    start = time.perf_counter()
    builder = normalise(tape)
    normal = builder.out
    if arguments and reduce is not None:
        reduce_examples(builder, reduce)
    by_example = bool(arguments) and reduce is None
    if order is None:
        order = int(len(normal.outputs) == 1 and not by_example)
    if order:
        normal.derivatives = normal.outputs
    for _ in range(order):
        normal.derivatives = differentiate(builder, normal.derivatives)
    sizes = tape.sizes[PARAMETER], tape.sizes[FIXED]
    return assemble(normal, sizes, arguments, by_example, kind, names, tape.operations, start)


def assemble(
    normal: Normal,
    sizes: tuple[int, int],
    arguments: Sequence[tuple[str, tuple[int, ...]]],
    by_example: bool,
    kind: str | None,
    names: tuple[Sequence[str], Sequence[str]],
    operations: int,
    start: float,
) -> Program:
    """The program of a normal form, its matrices found if it is wide enough to have any.

    Parameters
    ----------
    sizes : (int, int)
        How many parameters and how many other numbers there are.
    operations : int
        In the graph as it was recorded.
    start : float
        When compiling began.
    """
    plan: Schedule | None = None
    given = kind
    if kind is None:
        kind, plan = ("arrays", None) if arguments else choose(normal)
    if BACKENDS[kind].takes is Normal:
        body: ArrayProgram | Normal = normal
        instructions, matmuls = len(normal.ops) - normal.ops.count(None), 0
    else:
        body = found = find_matrices(normal, plan or schedule(normal), arguments, by_example)
        instructions, matmuls = found.instructions, found.matmuls
        if given is None and arguments:
            kind = choose_for_examples(found)
    stats = Stats(operations, kind, instructions, matmuls, 0.0)
    program = Program(body, *sizes, tuple(arguments), (tuple(names[0]), tuple(names[1])), stats)
    try:
        program.code.prepare()
    except UnsupportedProgramError:
        if given is not None:
            raise
        stats = program.stats = replace(stats, kind="arrays")
        program.code.prepare()
    program.stats = replace(stats, seconds=time.perf_counter() - start)
    return program


def _floats(numbers: Any) -> Any:
    """Python floats: arithmetic on NumPy's scalars is many times slower."""
    return numbers.tolist() if isinstance(numbers, np.ndarray) else numbers
