"""Programs for examples as the runtime's lanes read them: operations on slots, which are used again, each checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.lane_groups import grouped
from autograd.compiler.backends.c.lane_nodes import NodeSteps
from autograd.compiler.backends.c.lane_pieces import in_pieces
from autograd.compiler.backends.c.lane_slots import lane_slots
from autograd.compiler.backends.c.lane_steps import OVER_EXAMPLES, Counts, Step, merged
from autograd.compiler.backends.c.library import Library
from autograd.compiler.backends.c.phases import AFTER, EACH
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.compiler.scalars.tape import FIRST_BATCHED

__all__ = ["LaneTape", "encode_lanes"]

Numbers = npt.NDArray[np.int32]

# The record of lane_operations.c.
OPERATION = np.dtype([(name, "i4") for name in ("operation", "target", "second", "first", *Counts._fields)])


class LaneTape(NamedTuple):
    """A program as the runtime reads it.

    Parameters
    ----------
    operations, operands : arrays of the runtime's records, and of the slots they read
    ends : list of int
        How many operations there are up to the end of each phase: before the tiles, in each, and after the last.
    constants : array of float
    shared, slots : int
        How many slots there are of what all examples share, constants last, and of a tile.
    spread : array of int32
        Shared slots that lanes read: they are the first slots of a tile.
    arguments : array of int32
        The slot of each number of an example, -1 where nothing reads it.
    sums : array of int32
        Shared slots of the sums over the examples.
    outputs, derivatives : array of int32
        Shared slots; outputs are slots of a tile if they are wanted of each example.
    """

    operations: npt.NDArray[Any]
    operands: Numbers
    ends: list[int]
    constants: npt.NDArray[np.float64]
    shared: int
    slots: int
    spread: Numbers
    arguments: Numbers
    sums: Numbers
    outputs: Numbers
    derivatives: Numbers


def encode_lanes(program: ExampleProgram, library: Library, derivatives: bool) -> LaneTape:
    """The operations that the outputs take, and with ``derivatives`` these.

    Raises
    ------
    UnsupportedProgramError
        If an example needs what is summed over all of them, or a function has more operands than there is room for.
    ValueError
        If an operand is not there before its result.
    """
    normal, nodes = program.normal, NodeSteps(program, library)
    slopes = normal.derivatives if derivatives else []
    nodes.find([*normal.outputs, *slopes])
    rows = [nodes.operand(a, EACH) for a in normal.outputs] if program.by_example else []
    before, each, after = nodes.steps
    each = grouped(in_pieces(merged(each, rows), partial(nodes.new, EACH)))
    slots, lanes = lane_slots(
        [(s.operands, () if s.name in OVER_EXAMPLES else s.targets) for s in each],
        nodes.lanes, [*nodes.spread.values()], [*nodes.arguments.values()], rows,
    )  # fmt: skip

    def shared(found: Iterable[int]) -> list[int]:
        """Slots of what all examples share: constants come last."""
        return [a if a >= 0 else nodes.shared - 1 - a for a in found]

    codes = library.codes | library.lanes
    records: list[tuple[int, ...]] = []
    operands: list[int] = []
    ends: list[int] = []
    for when, steps in enumerate((before, each, after)):
        for s in steps:
            in_lanes = when == EACH and s.name not in OVER_EXAMPLES
            targets = [lanes[a] for a in s.targets] if in_lanes else s.targets
            records.append((_code(s, codes), targets[0], targets[-1], len(operands), *s.counts))
            operands += _as_read(s, targets, [lanes[a] for a in s.operands] if when == EACH else shared(s.operands))
        ends.append(len(records))
    columns = [(place, k) for place, n in nodes.sizes.items() if place >= FIRST_BATCHED for k in range(n)]
    read = [lanes[nodes.arguments[column]] if column in nodes.arguments else -1 for column in columns]
    outputs = (
        [lanes[a] for a in rows] if program.by_example else shared(nodes.operand(a, AFTER) for a in normal.outputs)
    )
    found = operands, shared(nodes.spread), read, nodes.sums, outputs, shared(nodes.operand(a, AFTER) for a in slopes)
    numbers = [np.array(numbers, dtype=np.int32) for numbers in found]
    constants = np.array([float.fromhex(text) for text in nodes.constants])
    size = nodes.shared + len(constants)
    return LaneTape(np.array(records, dtype=OPERATION), numbers[0], ends, constants, size, slots, *numbers[1:])


def _code(s: Step, codes: dict[str, int]) -> int:
    """The number of a step's operation; a sum has one of its length, if the runtime has that."""
    if s.name != "sum":
        return codes[s.name]
    return codes.get("_".join(["sum", *map(str, s.counts)]), codes["sum_of_any"])


def _as_read(s: Step, targets: Sequence[int], operands: list[int]) -> list[int]:
    """The slots of a step's operands; of "dots" with the target and the signs of each in front of its own."""
    if s.name != "dots":
        return operands
    shared = s.counts.products
    own = [operands[shared * k :][:shared] for k in range(1, len(targets) + 1)]
    found = operands[:shared]
    for target, sign, others in zip(targets, s.signs, own, strict=True):
        found += [target, sign, *others]
    return found
