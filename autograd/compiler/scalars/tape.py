"""Pass 1, record: the graph of Values becomes a flat listing of numbers, and the graph may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from autograd.graph import topological_order
from autograd.node import Beside
from autograd.op import Op
from autograd.value import Value

__all__ = ["CONSTANT", "COUNT", "FIRST_BATCHED", "FIXED", "PARAMETER", "Tape", "record"]

# Where the number of a leaf is found when the program runs. Batched arguments have a place each, from FIRST_BATCHED;
# COUNT, which no tape has, holds the number of examples and its inverse.
PARAMETER, CONSTANT, FIXED, FIRST_BATCHED, COUNT = 0, 1, 2, 3, -4


@dataclass(slots=True)
class Tape:
    """Scalar operations in topological order; operand ``i >= 0`` is a node, ``-1 - k`` is constant ``k``.

    Parameters
    ----------
    ops : list
        For each node its operation, None for a leaf.
    args : list of tuple of int
        For each node its operands; for a leaf its place and its slot there.
    constants : list of float
        Every number that stood in the program, once.
    outputs : list of int
        The results, as operands.
    captured : list of Value
        Leaves that are no argument: the function found them outside. They follow the fixed arguments.
    sizes : list of int
        Number of slots of each place.
    alone : list of Value
        Results that depend on no leaf made since the function was called: they may have been made before, too.
    """

    ops: list[Op | None] = field(default_factory=list)
    args: list[tuple[int, ...]] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    captured: list[Value] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    alone: list[Value] = field(default_factory=list)

    def __str__(self) -> str:
        lines = []
        for i, (op, args) in enumerate(zip(self.ops, self.args, strict=True)):
            if op is not None:
                lines.append(f"%{i} = {op.name}({', '.join(map(self.shown, args))})")
            else:
                lines.append(f"%{i} = place {args[0]}, slot {args[1]}")
        return "\n".join([*lines, f"return {', '.join(map(self.shown, self.outputs))}"])

    def shown(self, operand: int) -> str:
        """An operand in a listing: the number of a node, or a constant itself."""
        return f"%{operand}" if operand >= 0 else f"{self.constants[-1 - operand]:g}"

    @property
    def operations(self) -> int:
        """Number of scalar operations."""
        return len(self.ops) - self.ops.count(None)


def record(
    outputs: Sequence[Value | float],
    parameters: Sequence[Value],
    fixed: Sequence[Value] = (),
    batched: Sequence[Sequence[Value]] = (),
    since: float = inf,
) -> Tape:
    """List what ``outputs`` are made of.

    Parameters
    ----------
    outputs : sequence of Value or float
        Results of the recorded run.
    parameters : sequence of Value
        Leaves to differentiate with respect to, in the order of the flat vector.
    fixed : sequence of Value
        Leaves that are the same for all examples.
    batched : sequence of sequences of Value
        For each batched argument its leaves, for one example.
    since : int
        The mark of the era in which the function was called: leaves made since then that are no argument are constants.

    Notes
    -----
    A leaf that is listed twice is found in its first place: one that is a parameter and fixed is a parameter.
    """
    tape = Tape()
    ops, args = tape.ops, tape.args
    index: dict[Value, int] = {}  # in the order of ops
    for place, leaves in ((PARAMETER, parameters), (FIXED, fixed), *enumerate(batched, FIRST_BATCHED)):
        for slot, leaf in enumerate(leaves):
            if leaf not in index:
                index[leaf] = len(ops)
                ops.append(None)
                args.append((place, slot))
    constant: dict[str, int] = {}
    find = index.get

    def operand(x: Value | float) -> int:
        if isinstance(x, Value):
            i = find(x)
            if i is None and x._mark < since:
                i = index[x] = len(ops)
                ops.append(None)
                args.append((FIXED, len(fixed) + len(tape.captured)))
                tape.captured.append(x)
            if i is not None:
                return i
            x = x._data
        return -1 - constant.setdefault(x.hex(), len(constant))  # by text: 0.0 and -0.0 differ, nan equals nan

    for output in outputs:
        for node in topological_order(output) if isinstance(output, Value) else ():
            if node in index:
                continue
            b = node._b
            found: tuple[int | None, ...] = (None,)
            if b is not None:
                found = find(node._a), find(b)  # type: ignore[arg-type]
            elif node._db is None:
                found = (find(node._a),)  # type: ignore[arg-type]
            elif node._a is None and node._db.__class__ is not Beside:
                found = tuple(map(find, node._da))
            # Where one is not found, it is a constant, or a leaf from outside.
            operands = tuple(map(operand, node.args)) if None in found else found
            index[node] = len(ops)
            ops.append(node._made_by)
            args.append(operands)  # type: ignore[arg-type]
        tape.outputs.append(operand(output))
    tape.constants = [float.fromhex(text) for text in constant]
    tape.sizes = [len(parameters), len(constant), len(fixed) + len(tape.captured), *map(len, batched)]
    if since is not inf and any(op is None and x._mark < since for x, op in zip(index, ops, strict=True)):
        tape.alone = _alone(tape, list(index), since)
    return tape


def _alone(tape: Tape, nodes: list[Value], since: float) -> list[Value]:
    """The results that depend on no leaf made since this mark."""
    # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
    fresh = [node._mark >= since for node in nodes] + [False] * len(tape.constants)
    known = fresh.__getitem__
    for i, (op, args) in enumerate(zip(tape.ops, tape.args, strict=True)):
        if op is not None:
            fresh[i] = any(map(known, args))
    return [
        node
        for node, op, is_known in zip(nodes, tape.ops, fresh[: len(nodes)], strict=True)
        if op is not None and not is_known
    ]
