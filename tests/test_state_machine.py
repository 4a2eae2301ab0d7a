"""Any sequence of building, differentiating, zeroing, changing, dropping and copying, against a simple model.

The model of a node is its number and the derivative of that number with respect to every leaf, carried forward in whole
numbers, so that nothing rounds and nothing is compared within a tolerance. The model has no graph, so it cannot share a
mistake with one.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

import autograd
from autograd import Value, gradients

#: Whole numbers up to here stay exact in every sum and product that is formed; results beyond are not kept.
LARGEST = 10**6

SMALL = st.integers(-3, 3)
COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda x: pickle.loads(pickle.dumps(x))}


@dataclass(eq=False)
class Leaf:
    """A leaf, and the gradient that the model says it has gathered."""

    value: Value
    gathered: int = 0


@dataclass(eq=False)
class Node:
    """A node and its number; for each leaf its derivative, the sum of its paths' absolute values, what it was then."""

    value: Value
    number: int
    slopes: dict[Leaf, int]
    sizes: dict[Leaf, int]
    used: dict[Leaf, set[int]]

    @property
    def is_current(self) -> bool:
        """Whether the leaves have the numbers still that this was computed from."""
        return all(numbers == {leaf.value.data} for leaf, numbers in self.used.items())


class Engine(RuleBasedStateMachine):
    """The engine, used in every order."""

    nodes = Bundle("nodes")

    def __init__(self) -> None:
        super().__init__()
        self.leaves: list[Leaf] = []

    def made(self, f: Callable[..., Value], operands: Sequence[Node], weights: Sequence[int]) -> Node:
        """The node that ``f`` makes of its operands, whose partial derivatives are ``weights``."""
        value = f(*[node.value for node in operands])
        slopes: dict[Leaf, int] = {}
        sizes: dict[Leaf, int] = {}
        used: dict[Leaf, set[int]] = {}
        for node, weight in zip(operands, weights, strict=True):
            for leaf, slope in node.slopes.items():
                slopes[leaf] = slopes.get(leaf, 0) + weight * slope
                sizes[leaf] = sizes.get(leaf, 0) + abs(weight) * node.sizes[leaf]
                used[leaf] = used.get(leaf, set()) | node.used[leaf]
        fits = max([abs(value.data), *sizes.values()]) <= LARGEST
        return Node(value, int(value.data), slopes, sizes, used) if fits else operands[0]

    # ── Building ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(target=nodes, number=SMALL)
    def create(self, number: int) -> Node:
        leaf = Leaf(Value(number))
        self.leaves.append(leaf)
        return Node(leaf.value, number, {leaf: 1}, {leaf: 1}, {leaf: {number}})

    @rule(target=nodes, a=nodes, b=nodes)
    def add(self, a: Node, b: Node) -> Node:
        return self.made(lambda x, y: x + y, [a, b], [1, 1])

    @rule(target=nodes, a=nodes, b=nodes)
    def subtract(self, a: Node, b: Node) -> Node:
        return self.made(lambda x, y: x - y, [a, b], [1, -1])

    @rule(target=nodes, a=nodes, b=nodes)
    def multiply(self, a: Node, b: Node) -> Node:
        return self.made(lambda x, y: x * y, [a, b], [b.number, a.number])

    @rule(target=nodes, a=nodes, constant=SMALL)
    def use_a_constant(self, a: Node, constant: int) -> Node:
        return self.made(lambda x: constant - x * constant, [a], [-constant])

    @rule(target=nodes, a=nodes)
    def square(self, a: Node) -> Node:
        return self.made(lambda x: x**2, [a], [2 * a.number])

    @rule(target=nodes, many=st.lists(nodes, min_size=1, max_size=4))
    def sum(self, many: list[Node]) -> Node:
        return self.made(lambda *xs: autograd.sum(xs), many, [1] * len(many))

    @rule(target=nodes, many=st.lists(nodes, min_size=1, max_size=3))
    def dot_with_itself(self, many: list[Node]) -> Node:
        return self.made(lambda *xs: autograd.dot(xs, xs), many, [2 * node.number for node in many])

    # ── Differentiating ──────────────────────────────────────────────────────────────────────────────────────────────

    @rule(root=nodes)
    def backward(self, root: Node) -> None:
        root.value.backward()
        for leaf, slope in root.slopes.items():
            leaf.gathered += slope

    @rule(root=nodes)
    def ask_for_gradients(self, root: Node) -> None:
        found = gradients(root.value, [leaf.value for leaf in self.leaves])
        assert found == [root.slopes.get(leaf, 0) for leaf in self.leaves]

    @rule(root=nodes)
    def record_gradients(self, root: Node) -> None:
        """Values of the right numbers; or, if leaves have changed since, a refusal."""
        try:
            found = gradients(root.value, [leaf.value for leaf in self.leaves], create_graph=True)
        except ValueError:
            assert not root.is_current
            return
        assert all(isinstance(slope, Value) for slope in found)
        assert [slope.data for slope in found] == [root.slopes.get(leaf, 0) for leaf in self.leaves]

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def zero(self) -> None:
        for leaf in self.leaves:
            leaf.value.grad = 0.0
            leaf.gathered = 0

    @rule(a=nodes, number=SMALL)
    def change_a_leaf(self, a: Node, number: int) -> None:
        """What was computed before belongs to the old number."""
        if a.value.op is None:
            a.value.data = number
            a.number = number
            a.used = {leaf: {number} for leaf in a.used}

    @rule(a=consumes(nodes))
    def drop(self, a: Node) -> None:
        """What others were made of lives on in them."""

    @rule(target=nodes, a=nodes, way=st.sampled_from(list(COPIES)))
    def copy_a_graph(self, a: Node, way: str) -> Node:
        """The copy has leaves of its own, which have gathered what the originals had."""
        below = list(a.slopes)
        value, *values = COPIES[way]([a.value, *(leaf.value for leaf in below)])
        twins = [Leaf(v, leaf.gathered) for v, leaf in zip(values, below, strict=True)]
        self.leaves.extend(twins)
        slopes, sizes, used = (
            dict(zip(twins, [part[leaf] for leaf in below], strict=True)) for part in (a.slopes, a.sizes, a.used)
        )
        return Node(value, a.number, slopes, sizes, used)

    # ── What always holds ────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def leaves_have_gathered_what_the_model_says(self) -> None:
        assert [leaf.value.grad for leaf in self.leaves] == [leaf.gathered for leaf in self.leaves]


TestEngine: Any = Engine.TestCase
