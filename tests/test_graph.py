"""The graph a expression leaves behind, and what backward passes over it may and may not do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, dot, gradients, sum
from autograd.graph import topological_order
from autograd.ops import TABLE
from autograd.testing.expressions import Expression, record
from autograd.testing.oracles import absolute_gradient
from autograd.testing.strategies import ANY_FLOAT, MODERATE, expressions

#: Operations that keep whole numbers whole, so that floats do not round.
WHOLE = [TABLE[name] for name in ("add", "sub", "mul", "neg", "square", "sum", "prod", "dot")]
INTEGERS = st.integers(-3, 3).map(float)

# ── What is recorded ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(expression=expressions())
def test_args_are_the_operands_as_written(expression: Expression) -> None:
    """Every node keeps its operands in order, repeats and constants included."""
    leaves = [Value(x) for x in expression.leaves]
    nodes = expression.run(leaves, record)
    for step, node in zip(expression.steps, nodes[len(leaves) :], strict=True):
        assert node.op.name == step.name
        assert node.args == tuple(nodes[k] if isinstance(k, int) else k for k in step.operands)


def test_repeated_operand_has_an_edge_for_each_use() -> None:
    """``a * a`` names ``a`` twice, and each use contributes to the derivative."""
    a = Value(3.0)
    square = a * a
    square.backward()
    assert square.args == (a, a)
    assert square.partials == (3.0, 3.0)
    assert a.grad == 6.0


def test_uses_of_a_repeated_operand_add_up_from_first_to_last() -> None:
    """In the order written, which decides how floats round: 0.6 and 0.6000000000000001 are both near."""
    x = Value(1.0)
    dot([x, x, x], [0.1, 0.2, 0.3]).backward()
    assert x.grad == (0.1 + 0.2) + 0.3 != 0.1 + (0.2 + 0.3)


@given(x=ANY_FLOAT)
def test_leaf_has_no_history(x: float) -> None:
    """A leaf was made by no operation."""
    leaf = Value(x)
    assert (leaf.op, leaf.args, leaf.partials) == (None, (), ())


@given(expression=expressions())
def test_topological_order_puts_operands_first_and_every_operation_once(expression: Expression) -> None:
    """Every operation below the root is listed once, after its operands; leaves are not."""
    _, root = expression.record()
    order = topological_order(root)
    place = {node: k for k, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is root
    for node in order:
        assert all(arg in place and place[arg] < place[node] for arg in node.args if isinstance(arg, Value) and arg.op)


@given(expression=expressions())
def test_topological_order_is_that_of_the_operands_as_written(expression: Expression) -> None:
    """The order is a depth-first walk through the operands from first to last: it depends on the expression alone."""

    def walk(node: Value) -> Iterator[Value]:
        if node.op and node not in seen:
            seen.add(node)
            for arg in node.args:
                if isinstance(arg, Value):
                    yield from walk(arg)
            yield node

    seen: set[Value] = set()
    _, root = expression.record()
    assert topological_order(root) == list(walk(root))


def test_topological_order_lists_an_operand_once_that_its_neighbour_needs_too() -> None:
    """In ``(b + 1) * b`` the walk meets ``b`` twice, below the sum and beside it."""
    b = Value(2.0) * 3.0
    total = b + 1.0
    root = total * b
    assert topological_order(root) == [b, total, root]


def test_topological_order_follows_the_operands_of_a_wide_sum() -> None:
    """First to last, as for two operands."""
    parts = [Value(1.0) * factor for factor in (2.0, 3.0, 4.0)]
    root = sum(parts)
    assert topological_order(root) == [*parts, root]


# ── Backward passes ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(expression=expressions(WHOLE, leaves=INTEGERS, constants=INTEGERS), times=st.integers(1, 4))
def test_backward_again_adds_the_same_gradient_again(expression: Expression, times: int) -> None:
    """``n`` calls give every leaf exactly ``n`` times its derivative, and every result that of one call."""
    leaves, root = expression.record()
    inner = topological_order(root)
    once = gradients(root, leaves), gradients(root, inner)
    for _ in range(times):
        root.backward()
    assert [leaf.grad for leaf in leaves] == [times * g for g in once[0]]
    assert [node.grad for node in inner] == once[1]


def test_backward_twice_through_an_inner_node_is_not_silently_wrong() -> None:
    """The example on which stale inner gradients give 36 for 24."""
    x = Value(2.0)
    y = (x * x) * 3.0
    y.backward()
    y.backward()
    assert x.grad == 24.0


@given(expression=expressions(), left=MODERATE, right=MODERATE)
def test_two_losses_over_one_subgraph_add_up(expression: Expression, left: float, right: float) -> None:
    """Two roots over a shared node accumulate in the leaves what their sum would give."""
    leaves, shared = expression.record()
    (shared * left).backward()
    (right * shared).backward()
    alone = gradients(shared, leaves)
    scales = absolute_gradient(shared, leaves)
    for leaf, g, scale in zip(leaves, alone, scales, strict=True):
        assert leaf.grad == pytest.approx(left * g + right * g, abs=1e-14 * (abs(left) + abs(right)) * scale)


@given(expression=expressions())
def test_leaf_may_serve_many_graphs(expression: Expression) -> None:
    """A second expression over the same leaves neither sees nor disturbs the first."""
    leaves, first = expression.record()
    second = expression.of(leaves)
    first.backward()
    second.backward()
    scales = absolute_gradient(first, leaves)
    for leaf, g, scale in zip(leaves, gradients(first, leaves), scales, strict=True):
        assert leaf.grad == pytest.approx(2 * g, abs=1e-14 * scale)


@given(expression=expressions())
def test_gradient_starts_from_what_the_leaf_holds(expression: Expression) -> None:
    """``backward()`` adds to ``grad``; resetting it to zero is the caller's business."""
    leaves, root = expression.record()
    for leaf in leaves:
        leaf.grad = 0.5
    root.backward()
    assert [leaf.grad - 0.5 for leaf in leaves] == pytest.approx(gradients(root, leaves), rel=1e-12, abs=1e-12)


@given(expression=expressions())
def test_inner_gradient_is_the_derivative_with_respect_to_that_node(expression: Expression) -> None:
    """After a pass every node below the root holds the root's derivative with respect to it."""
    _, root = expression.record()
    inner = topological_order(root)
    root.backward()
    assert [node.grad for node in inner] == gradients(root, inner)


def test_backward_from_a_leaf_gives_one() -> None:
    """The derivative of a leaf with respect to itself is 1, and adds up like any other."""
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


@given(expression=expressions())
def test_backward_changes_no_number(expression: Expression) -> None:
    """Neither an operation nor a backward pass changes the data of any node."""
    leaves = [Value(x) for x in expression.leaves]
    nodes = expression.run(leaves, record)
    before = [(node.data, node.args, node.partials) for node in nodes]
    nodes[-1].backward()
    assert [(node.data, node.args, node.partials) for node in nodes] == before


@given(expression=expressions(), later=MODERATE)
def test_gradient_belongs_to_the_forward_point(expression: Expression, later: float) -> None:
    """Changing a leaf after the forward pass does not change the derivative of what was computed before."""
    leaves, root = expression.record()
    before = gradients(root, leaves)
    for leaf in leaves:
        leaf.data = later
    root.backward()
    assert [leaf.grad for leaf in leaves] == before


@given(expression=expressions())
def test_gradients_leave_no_trace(expression: Expression) -> None:
    """``gradients`` touches no ``grad``, of leaves or of results."""
    leaves = [Value(x) for x in expression.leaves]
    nodes = expression.run(leaves, record)
    nodes[-1].backward()
    before = [node.grad for node in nodes]
    gradients(nodes[-1], nodes[::2])
    gradients(nodes[-1], leaves, create_graph=True)
    assert [node.grad for node in nodes] == before


@given(expression=expressions())
def test_adjoint_of_zero_is_not_propagated(expression: Expression) -> None:
    """Below a factor that is exactly zero nothing is nan, whatever the derivatives there."""
    leaves, y = expression.record()
    steep = (y - y) ** 0.5  # the square root of zero, whose derivative is infinite
    (0.0 * steep).backward()
    assert [leaf.grad for leaf in leaves] == [0.0] * len(leaves)


def test_interrupted_pass_leaves_nothing_behind() -> None:
    """A pass that stops half-way, here at a partial that is no number, does not spoil the next."""
    x = Value(2.0)
    inner = x * x
    y = inner * 3.0
    inner._da = "broken"
    with pytest.raises(TypeError):
        y.backward()
    inner._da = 2.0
    x.grad = 0.0
    y.backward()
    assert x.grad == 12.0
