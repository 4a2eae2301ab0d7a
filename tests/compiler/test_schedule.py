"""Which operations become one array instruction."""

from __future__ import annotations

from autograd import Value, clip, dot, elu, exp, leaky_relu, norm, tanh, where
from autograd.compiler import record
from autograd.compiler.matrices.schedule import BATCHED, UNBATCHED, schedule
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.tape import CONSTANT, FIRST_BATCHED, FIXED, PARAMETER


def groups(f, parameters: int = 8, fixed: int = 8, examples: int = 8) -> list[str]:
    """The groups that a function of parameters, other numbers and examples falls into, one result after the other."""
    w, u, x = ([Value(1.0 + k) for k in range(n)] for n in (parameters, fixed, examples))
    return str(schedule(normalise(record(f(w, u, x), w, u, [x] if x else [])).out)).splitlines()


def test_group_prints_its_level_its_operation_and_six_of_its_members():
    """And whether they differ from example to example."""
    assert groups(lambda w, u, x: [exp(e) for e in w[:6]], 7, 0, 0) == ["level 1: 6 × exp: %7, %8, %9, %10, %11, %12"]
    assert groups(lambda w, u, x: [exp(e) for e in x[:7]], 0, 0, 7) == [
        "level 1: 7 × exp (batched): %7, %8, %9, %10, %11, %12, …"
    ]


def test_schedule_prints_its_groups_line_by_line():
    """Operands before results."""
    w = [Value(1.0), Value(2.0)]
    plan = schedule(normalise(record([exp(w[0]) * tanh(w[1])], w)).out)
    assert str(plan) == "level 1: 1 × exp: %2\nlevel 1: 1 × tanh: %3\nlevel 2: 1 × mul: %4"


def sizes(f) -> list[tuple[int, int, str]]:
    """Level, number of members and operation of each group."""
    return [(int(line.split()[1][:-1]), int(line.split()[2]), line.split()[4].rstrip(":")) for line in groups(f)]


def test_level_is_the_longest_path_from_the_leaves():
    """Constants and leaves are on level 0, and levels come in order."""
    assert sizes(lambda w, u, x: [exp(tanh(exp(w[0])) * tanh(w[1])), exp(w[2] ** 3.0)]) == [
        (1, 1, "exp"), (1, 1, "tanh"), (1, 1, "pow"), (2, 1, "tanh"), (2, 1, "exp"), (3, 1, "mul"), (4, 1, "exp"),
    ]  # fmt: skip


def test_operands_of_one_place_stand_in_one_group():
    """Parameters, other numbers, examples and what was computed of each are places of their own."""
    assert sizes(lambda w, u, x: [exp(w[0]), exp(u[0]), exp(x[0]), exp(w[1])]) == [
        (1, 2, "exp"),
        (1, 1, "exp"),
        (1, 1, "exp"),
    ]
    assert sizes(lambda w, u, x: [w[0] / 2.0, w[1] / 3.0, w[2] / w[3], 3.0 / w[4]]) == [
        (1, 2, "div"),
        (1, 1, "div"),
        (1, 1, "div"),
    ]


def test_constant_exponent_or_bound_is_part_of_the_instruction():
    """A square and a cube are different programs; quotients by different numbers are one."""
    assert sizes(lambda w, u, x: [w[0] ** 2.0, w[1] ** 2.0, w[2] ** 3.0]) == [(1, 2, "pow"), (1, 1, "pow")]
    assert sizes(lambda w, u, x: [elu(w[0], 1.0), elu(w[1], 2.0)]) == [(1, 1, "elu"), (1, 1, "elu")]
    assert sizes(lambda w, u, x: [clip(e, 0.0, 1.0) for e in w[:3]]) == [(1, 3, "clip")]
    assert sizes(lambda w, u, x: [leaky_relu(w[0], 0.1), leaky_relu(w[1], 0.2)]) == [
        (1, 1, "leaky_relu"),
        (1, 1, "leaky_relu"),
    ]


def test_reductions_of_one_length_and_the_same_places_are_one_group():
    """In whatever order their operands come."""
    same = lambda w, u, x: [norm([w[0], x[0], w[1]]), norm([x[0], w[2], w[3]])]
    assert sizes(same) == [(1, 2, "norm")]
    assert sizes(lambda w, u, x: [norm(w[:2]), norm(w[:3])]) == [(1, 1, "norm"), (1, 1, "norm")]
    assert sizes(lambda w, u, x: [norm(w[:2]), norm([w[0], x[0]])]) == [(1, 1, "norm"), (1, 1, "norm")]


def test_sums_of_the_same_sorts_of_terms_are_one_group_whatever_their_lengths():
    """Products by the places of both factors, what is added and what is subtracted each by its places."""
    assert sizes(lambda w, u, x: [dot(w[:3], x[:3]), dot(w[:5], x[:5]), x[0] * w[1] + w[0] * x[1]]) == [(1, 3, "sum")]
    for other in (
        lambda w, u, x: dot(w[:3], u[:3]),
        lambda w, u, x: dot(u[:3], x[:3]),
        lambda w, u, x: dot(w[:3], x[:3]) + u[0],
        lambda w, u, x: dot(w[:3], x[:3]) - u[0],
        lambda w, u, x: -dot(w[:3], x[:3]),
        lambda w, u, x: w[0] + x[0],
    ):
        assert sizes(lambda w, u, x: [dot(w[:3], x[:3]), other(w, u, x)]) == [(1, 1, "sum"), (1, 1, "sum")]  # noqa: B023
    assert sizes(lambda w, u, x: [w[0] + w[1] - u[0], w[0] - u[0] - u[1]]) == [(1, 2, "sum")]
    assert sizes(lambda w, u, x: [w[0] + w[1] - u[0], w[0] + w[1] - x[0]]) == [(1, 1, "sum"), (1, 1, "sum")]
    assert sizes(lambda w, u, x: [w[0] + u[0] - w[1], u[1] + u[2] - w[1]]) == [(1, 1, "sum"), (1, 1, "sum")]


def test_place_of_a_node_is_that_of_its_leaf_or_tells_whether_examples_reach_it():
    """Constants come last, so that operand -1 is the first of them."""
    w, u, x = Value(1.0), Value(2.0), Value(3.0)
    normal = normalise(record([where(w, exp(x), tanh(w) * 5.0), 7.0 + u], [w], [u], [[x]])).out
    assert str(normal).splitlines()[3:] == [
        "%3 = exp(%2)", "%4 = tanh(%0)", "%5 = mul(5, %4)", "%6 = where(%0, %3, %5)", "%7 = + %1 + 7", "return %6, %7",
    ]  # fmt: skip
    assert schedule(normal).places == [
        PARAMETER, FIXED, FIRST_BATCHED, BATCHED, UNBATCHED, UNBATCHED, BATCHED, UNBATCHED, CONSTANT, CONSTANT,
    ]  # fmt: skip
