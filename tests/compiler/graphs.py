"""Wide graphs for the compiler: a drawn program in several lanes that share some of their leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import autograd
from autograd import Value
from autograd.compiler import Program
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.testing.expressions import Expression
from autograd.testing.strategies import expressions

# So little that every node keeps its distance from kinks and ends of domains.
MOVE = 0.002


@dataclass(frozen=True)
class Lanes:
    """The same program several times over, on leaves near the drawn ones, ended by a sum of some sort.

    Parameters
    ----------
    program : Expression
    places : tuple of tuple of int
        For each lane, which leaf each of the program's is.
    leaves : tuple of float
    ending : str
        "chain" for a chain of weighted additions, "sum", or "dot" of the lanes with themselves in reverse.
    """

    program: Expression
    places: tuple[tuple[int, ...], ...]
    leaves: tuple[float, ...]
    ending: str

    def of(self, leaves: Sequence[Any]) -> Any:
        """The root, from these leaves."""
        lanes = [self.program.of([leaves[k] for k in places]) for places in self.places]
        if self.ending == "chain":
            return sum(lane * (0.5 + k) for k, lane in enumerate(lanes))
        return autograd.sum(lanes) if self.ending == "sum" else autograd.dot(lanes, lanes[::-1])

    def record(self) -> tuple[list[Value], Value]:
        """Leaves and root; the root is a Value even where no leaf matters."""
        leaves = [Value(x) for x in self.leaves]
        return leaves, self.of(leaves) + 0.0 * leaves[0]

    def near(self, rng: np.random.Generator) -> list[float]:
        """Other numbers for the leaves, on the same side of every kink."""
        return [x * (1.0 + MOVE * rng.uniform(-1, 1)) for x in self.leaves]


class Examples(NamedTuple):
    """A recorded graph of which some leaves differ by example, and numbers for it: a row of ``X`` an example."""

    root: Value
    parameters: list[Value]
    inputs: list[Value]
    theta: Any
    X: Any


def examples_of(graph: Lanes, seed: int, count: int, chosen: Callable[[list[Value]], list[Value]]) -> Examples:
    """Numbers near those of a graph; of its leaves those that are chosen differ by example."""
    leaves, root = graph.record()
    inputs = chosen(leaves)
    parameters = [leaf for leaf in leaves if leaf not in inputs]
    rng = np.random.default_rng(seed)
    rows = [dict(zip(leaves, graph.near(rng), strict=True)) for _ in range(count)]
    theta = np.array([rows[0][leaf] for leaf in parameters])
    return Examples(root, parameters, inputs, theta, np.array([[row[leaf] for leaf in inputs] for row in rows]))


def arrays_of(program: Program) -> ArrayProgram:
    """The array program that a program is, or would be."""
    return program.body.arrays if isinstance(program.body, ExampleProgram) else program.body


def _lanes(program: Expression, shared: list[bool], count: int, seed: int, ending: str) -> Lanes:
    rng = np.random.default_rng(seed)
    leaves: list[float] = []
    places: list[tuple[int, ...]] = []
    for lane in range(count):
        row = []
        for k, x in enumerate(program.leaves):
            if lane and shared[k % len(shared)]:
                row.append(places[0][k])
            else:
                row.append(len(leaves))
                leaves.append(x * (1.0 + MOVE * rng.uniform(-1, 1)))
        places.append(tuple(row))
    return Lanes(program, tuple(places), tuple(leaves), ending)


def lanes() -> SearchStrategy[Lanes]:
    """Random wide graphs."""
    return st.builds(
        _lanes,
        expressions(max_steps=10),
        st.lists(st.booleans(), min_size=1, max_size=4),
        st.integers(1, 6),
        st.integers(0, 1000),
        st.sampled_from(["chain", "sum", "dot"]),
    )
