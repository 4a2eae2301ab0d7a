"""``Program``: a compiled graph. A value of its own: it can be printed, pickled, and shared by threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends import BACKENDS, Code, FloatCode
from autograd.compiler.backends.c.array_source import c_source_of_arrays
from autograd.compiler.backends.c.given import aligned
from autograd.compiler.backends.c.source import c_source
from autograd.compiler.backends.javascript import JavaScriptCode
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.program.buffers import Buffers, Step, bound
from autograd.compiler.program.lending import empty_aligned, lend
from autograd.compiler.scalars.normal import Normal
from autograd.compiler.scalars.tape import PARAMETER

__all__ = ["Program", "Stats"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stats:
    """What compiling found and cost.

    Parameters
    ----------
    scalar_nodes : int
        Operations in the recorded graph.
    kind : str
        What runs it, a row of the table of back ends: "arrays" for NumPy, or "tiles" for the C runtime, if products are
        small, with examples and without; for a graph too narrow for arrays "lanes", the C runtime, if there are
        examples, else "c", the same, and "python", if it is short or there is none.
    instructions : int
        Array statements of all passes; elsewhere operations.
    matmuls : int
        Matrix products among the forward statements that ``explain()`` shows; in a graph that is run number by number
        without examples there are none.
    seconds : float
        Time from the recorded graph to a program that runs.
    """

    scalar_nodes: int
    kind: str
    instructions: int
    matmuls: int
    seconds: float


@dataclass(eq=False)
class Program:
    """A compiled graph and its derivatives, as data that a back end runs.

    Parameters
    ----------
    body : ArrayProgram, Normal or ExampleProgram
        What is computed: over arrays, or number by number where that is faster, of one example or of many.
    parameters, fixed : int
        How many numbers it is differentiated by, and how many others there are, examples apart.
    arguments : tuple of (str, shape)
        Name of each batched argument and the shape of one example.
    names : pair of tuple of str
        What the parameters and the other numbers are called, as far as they have names.
    counted : Stats
        What compiling found; the matrices of an ``ExampleProgram``, which runs without, have not been looked for.

    Notes
    -----
    Results differ from those of the graph by a few units in the last place of the largest term summed, because sums are
    taken in another order.
    """

    body: ArrayProgram | Normal | ExampleProgram
    parameters: int
    fixed: int
    arguments: tuple[tuple[str, tuple[int, ...]], ...]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    counted: Stats

    @cached_property
    def stats(self) -> Stats:
        """What compiling found, the matrix products among it that ``explain()`` shows."""
        body = self.body
        return replace(self.counted, matmuls=body.arrays.matmuls) if isinstance(body, ExampleProgram) else self.counted

    @cached_property
    def code(self) -> Code:
        """What the back end made of it."""
        return BACKENDS[self.counted.kind](self.body, self.names)

    @cached_property
    def buffers(self) -> Buffers[Step]:
        """The program bound to buffers of its own, for the last few batch sizes in each thread."""
        code, p, d, f = self.code, self.parameters, self.derivatives, self.fixed
        return Buffers(lambda batch_size: bound(code, aligned(p), aligned(d), aligned(f), batch_size))

    @property
    def source(self) -> str:
        """The program as text."""
        return self.code.source

    @property
    def js_source(self) -> str:
        """The program as a module of JavaScript."""
        return JavaScriptCode(self._written).source

    def c_source(self, name: str) -> str:
        """The program as a file of C, in which it is called by that name."""
        body = self._written
        write = c_source if isinstance(body, Normal) else c_source_of_arrays
        return write(body, self.names, name)  # type: ignore[arg-type]

    @property
    def _written(self) -> ArrayProgram | Normal:
        """What is computed, as other languages have it: many examples are an axis there."""
        return self.body.arrays if isinstance(self.body, ExampleProgram) else self.body

    def __str__(self) -> str:
        return self.source

    def explain(self) -> str:
        """The program as equations, with shapes; ``n`` is the number of examples, ``g_`` an adjoint."""
        return self.code.explain()

    def __getstate__(self) -> dict[str, Any]:
        return {name: x for name, x in self.__dict__.items() if name not in ("code", "buffers", "stats")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.counted.kind not in BACKENDS:  # made where there was another
            self.do_without_runtime()

    def do_without_runtime(self) -> None:
        """Let NumPy or Python run what was made for the runtime in C."""
        for made in ("code", "stats"):
            self.__dict__.pop(made, None)
        if isinstance(self.body, ExampleProgram):
            self.body = self.body.arrays
            self.counted = replace(self.counted, matmuls=self.body.matmuls, instructions=self.body.instructions)
        self.counted = replace(self.counted, kind="python" if isinstance(self.body, Normal) else "arrays")

    @property
    def single(self) -> bool:
        """Whether there is one output."""
        return self.body.single if isinstance(self.body, ArrayProgram) else len(self._normal.outputs) == 1

    @property
    def derivatives(self) -> int:
        """How many derivatives there are."""
        return self.body.sizes[RESULT] if isinstance(self.body, ArrayProgram) else len(self._normal.derivatives)

    @property
    def _normal(self) -> Normal:
        """What runs number by number."""
        assert not isinstance(self.body, ArrayProgram)
        return self.body.normal if isinstance(self.body, ExampleProgram) else self.body

    def value(self, parameters: Any, *batch: Any, fixed: Any = ()) -> Any:
        """The result, from the flat vector of parameters, the batched arguments and the vector of other numbers."""
        self._check_sizes(parameters, fixed)
        arrays = self._examples(batch)
        if isinstance(self.code, FloatCode):
            result = self.code.value(*_floats(parameters), *_floats(fixed))
            return np.array(result) if isinstance(result, list) else result
        return self._run(False, parameters, fixed, arrays)

    def value_and_grad(self, parameters: Any, *batch: Any, fixed: Any = ()) -> tuple[float, Array]:
        """The result and its derivative with respect to the parameters, a new array."""
        self._check_sizes(parameters, fixed)
        arrays = self._examples(batch)
        if isinstance(self.code, FloatCode):
            value, gradient = self.code.value_and_grad(*_floats(parameters), *_floats(fixed))
            return value, np.array(gradient)
        found: tuple[float, Array] = self._run(True, parameters, fixed, arrays)
        return found

    def bind(self, parameters: Array, batch_size: int = 1, fixed: Any = ()) -> Step:
        """The program on buffers of its own, reading ``parameters`` where they lie; for one thread at a time.

        Warnings of overflow are NumPy's own: ``np.errstate`` around a loop costs less than in each of its steps.
        """
        self._check_sizes(parameters, fixed)
        return bound(self.code, parameters, np.zeros(self.derivatives), np.array(fixed, dtype=np.float64), batch_size)

    def _run(self, differentiates: bool, parameters: Any, fixed: Any, batch: Sequence[Array]) -> Any:
        """Run it on buffers for these examples that nobody else uses meanwhile."""
        if self.code.lent:
            return self._run_lent(differentiates, parameters, fixed, batch)
        count = len(batch[0]) if batch else 1
        step = self.buffers.take(count)
        step.parameters[:] = parameters
        if self.fixed:
            step.fixed[:] = fixed
        run = step.value_and_grad if differentiates else step.value
        if self.code.warns:
            with np.errstate(all="ignore"):
                value = run(*batch)
        else:
            value = run(*batch)
        found = (value, step.gradient.copy()) if differentiates else value
        self.buffers.keep(count, step)
        return found

    def _run_lent(self, differentiates: bool, parameters: Any, fixed: Any, batch: Sequence[Array]) -> Any:
        """The same where long vectors stay where they are."""
        count = len(batch[0]) if batch else 1
        step = self.buffers.take(count)
        theta = np.asarray(parameters, dtype=np.float64).reshape(self.parameters)
        lent, copied = lend(self.code.lent, PARAMETER, theta)
        for part in copied:
            step.parameters[part] = theta[part]
        step.fixed[:] = fixed
        with np.errstate(all="ignore"):
            if not differentiates:
                found = step.value(*batch, **lent)
            else:
                gradient = empty_aligned(self.derivatives)
                written, copied = lend(self.code.lent, RESULT, gradient)
                found = step.value_and_grad(*batch, **lent, **written), gradient
                for part in copied:
                    gradient[part] = step.gradient[part]
        self.buffers.keep(count, step)
        return found

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


def _floats(numbers: Any) -> Any:
    """Python floats: arithmetic on NumPy's scalars is many times slower."""
    return numbers.tolist() if isinstance(numbers, np.ndarray) else numbers
