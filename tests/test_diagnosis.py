"""What a graph says of itself, word for word: where a value or a derivative went wrong, what is dead or unused."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import autograd
from autograd import NonFiniteError, Value, diagnose, exp, log, relu, sqrt, where


def refusal(root: Value) -> str:
    """What ``backward`` says of a root that is not finite."""
    with pytest.raises(NonFiniteError) as caught:
        root.backward()
    return str(caught.value)


# ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda x: exp(x * 500.0),
            "the root is inf; it began at exp(1000) = inf, the root itself; "
            "the result is too large for a float; make the operands smaller",
        ),
        (
            lambda x: Value(math.nan) + x,
            "the root is nan; it began at the leaf without a label = nan, 1 operation below the root; "
            "give it a finite number",
        ),
        (
            lambda x: (Value(-math.inf, label="bias") + x) * 2.0,
            "the root is -inf; it began at the leaf bias = -inf, 2 operations below the root; give it a finite number",
        ),
        (lambda x: Value(math.nan, label="p"), "p is nan, a leaf that no operation made; give it a finite number"),
        (
            lambda x: 3.0 / (x - 2.0),
            "the root is inf; it began at div(3, 0) = inf, the root itself; keep its operand away from 0",
        ),
        (
            lambda x: autograd.atanh(x) + 1.0,
            "the root is nan; it began at atanh(x=2) = nan, 1 operation below the root; keep x in (-1, 1)",
        ),
        (
            lambda x: autograd.tan(x * math.inf),
            "the root is nan; it began at mul(x=2, inf) = inf, 1 operation below the root; "
            "a constant operand is not finite; give it a finite number",
        ),
        (
            lambda x: (-1.0) ** x**0.5,
            "the root is nan; it began at pow(-1, 1.41421) = nan, the root itself; "
            "keep the constant -1.0 positive, for instance exp(w) or softplus(w)",
        ),
    ],
)
def test_refusal_says_where_it_began_and_what_to_do(build: Callable[[Value], Value], message: str) -> None:
    """Overflow, leaves, poles, domains and constants: the thing, the place, the advice."""
    assert refusal(build(Value(2.0, label="x"))) == message


@pytest.mark.parametrize(
    ("count", "shown"), [(6, "inf, 1, 1, 1, 1, 1"), (7, "inf, 1, 1, …, 1, 1"), (100, "inf, 1, 1, …, 1, 1")]
)
def test_operation_of_more_than_six_operands_is_shown_in_part(count: int, shown: str) -> None:
    """The first three and the last two."""
    root = autograd.sum([math.inf] + [Value(1.0)] * (count - 1))
    assert f"it began at sum({shown}) = inf" in refusal(root)


def test_distance_is_that_of_the_shortest_way() -> None:
    """A value used early and late is as near as its latest use."""
    bad = log(Value(-1.0))
    root = exp(exp(bad)) + bad
    assert "1 operation below the root" in refusal(root)


def test_infinity_that_the_root_does_not_show_is_found() -> None:
    """``1 / inf`` is 0: the root is finite, though nothing below can be learnt."""
    root = 1.0 / exp(Value(1000.0, label="x"))
    assert str(diagnose(root)) == "exp(x=1000) = inf, though the root is finite"


# ── Derivatives ──────────────────────────────────────────────────────────────────────────────────────────────────────


def two_uses(x: Value) -> Value:
    """The later of two uses of ``x`` is harmless."""
    return sqrt(x) + 3.0 * x


def overflow(x: Value) -> Value:
    """Two factors whose product is no float, in front of one that makes the value small."""
    return 1e200 * (1e200 * (x * 0.0))


def large_sum(x: Value) -> Value:
    """Two derivatives that are floats, though their sum is none."""
    small = x * 1e-10
    return 1e308 * small + 1e308 * small


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda x: sqrt(x * 2.0), "the result of mul is not finite; it began at sqrt(0)"),
        (lambda x: sqrt(+x), "x is not finite; it began at sqrt(x=0)"),
        (two_uses, "x is not finite; it began at sqrt(x=0)"),
        (lambda x: sqrt(Value(0.0)) + x, "a leaf is not finite; it began at sqrt(0)"),
        (overflow, "the result of mul is not finite; it began at mul(1e+200, 0)"),
        (large_sum, "the result of mul is not finite; it began at mul(1e+308, 0)"),
    ],
)
def test_derivative_that_is_not_finite_is_told_with_both_its_ends(
    build: Callable[[Value], Value], message: str
) -> None:
    """The operation is the one where it became infinite, not one that merely shares the operand."""
    found = diagnose(build(Value(0.0, label="x")))
    assert (found.value, found.finite) == (None, False)
    assert str(found) == f"the derivative with respect to {message}"


def test_infinite_partial_that_nothing_flows_through_is_no_fault() -> None:
    """The branch not taken has derivative 0, whatever it holds."""
    x = Value(0.0)
    found = diagnose(where(x > 0.0, sqrt(x), 1.0 + x))
    assert (found.derivative, found.finite) == (None, True)


# ── What is dead, what is not reached ────────────────────────────────────────────────────────────────────────────────


def test_dead_relus_are_counted_and_named_in_the_order_of_computation() -> None:
    """Those at zero and below; a live one is not listed."""
    a, b, c = (relu(Value(x, label=label)) for x, label in [(-1.0, "a"), (2.0, "b"), (0.0, "c")])
    assert str(diagnose(a + b + c)) == "2 dead relus: relu(a=-1), relu(c=0)"


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, " and 1 more"), (8, " and 3 more")])
def test_list_of_unreached_leaves_ends_after_five(count: int, more: str) -> None:
    """The rest is counted."""
    leaves = [Value(0.0, label=f"w{i}") for i in range(count)]
    named = ", ".join(f"w{i}" for i in range(min(count, 5)))
    assert str(diagnose(Value(1.0) * 2.0, leaves)) == f"the root does not depend on {named}{more}"


def test_leaf_is_a_graph_of_its_own() -> None:
    """A root that no operation made depends on itself."""
    x = Value(1.0)
    assert diagnose(x, [x]).unreached == ()
