"""The passes in a row, from a recorded tape to a program."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from autograd.compiler.backends import BACKENDS, UnsupportedProgramError
from autograd.compiler.matrices.array_program import ArrayProgram, find_matrices
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.compiler.matrices.schedule import Schedule, schedule
from autograd.compiler.program.choose import choose, choose_for_arrays
from autograd.compiler.program.collector import collector_at_rest
from autograd.compiler.program.program import Program, Stats
from autograd.compiler.scalars.differentiate import differentiate
from autograd.compiler.scalars.normal import Normal
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.reduction import reduce_examples
from autograd.compiler.scalars.tape import FIXED, PARAMETER, Tape

__all__ = ["assemble", "compile_tape"]


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
        See :func:`autograd.compiler.scalars.tape.record`.
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
        kind, plan = choose(normal, bool(arguments))
    body: ArrayProgram | Normal | ExampleProgram = normal
    instructions = number_by_number = len(normal.ops) - normal.ops.count(None)
    matmuls = 0
    if BACKENDS[kind].takes is ArrayProgram:
        body = found = find_matrices(normal, plan or schedule(normal), arguments, by_example)
        instructions, matmuls = found.instructions, found.matmuls
        if given is None:
            kind = choose_for_arrays(found)
    if BACKENDS[kind].takes is ExampleProgram:
        body = ExampleProgram(normal, tuple(arguments), by_example)
        instructions = number_by_number
    stats = Stats(operations, kind, instructions, matmuls, 0.0)
    program = Program(body, *sizes, tuple(arguments), (tuple(names[0]), tuple(names[1])), stats)
    try:
        program.code.prepare()
    except UnsupportedProgramError:
        if given is not None:
            raise
        program.do_without_runtime()
        program.code.prepare()
    program.counted = replace(program.counted, seconds=time.perf_counter() - start)
    return program
