"""Groups of scalars become array statements: as few as there are sorts of members, on operands where they lie."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import dot, logsumexp, norm, tanh, values
from autograd.compiler import record
from autograd.compiler.matrices.memory import Memory
from autograd.compiler.matrices.reroll import reroll
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.scalars.normalise import normalise


def statements(f, size=8, batched=0):
    """The statements of a function of parameters ``x`` and of a batched argument ``u``, printed; results are a list."""
    x, u = values(np.linspace(1.0, 2.0, size)), values(np.linspace(1.0, 2.0, batched))
    normal = normalise(record(f(x, u) if batched else f(x), list(x), [], [list(u)])).out
    plan = schedule(normal)
    memory = Memory(normal, plan.places)
    reroll(normal, memory, plan.passes[0], plan.places)
    return str(memory).splitlines()


def test_equal_operations_are_one_statement():
    """Elementwise, in the order in which they are written."""
    assert statements(lambda x: [tanh(e) for e in x]) == ["place-1[0 + 8:1] = tanh(place0[0 + 8:1])"]
    assert statements(lambda x: [tanh(e) for e in x[1::2]]) == ["place-1[0 + 4:1] = tanh(place0[1 + 4:2])"]
    batch = statements(lambda x, u: [a / b for a, b in zip(x, u, strict=True)], batched=8)
    assert batch == ["place-2[0 + 8:1] = div(place0[0 + 8:1], place3[0 + 8:1])"]


def test_members_are_put_in_the_order_of_their_operands():
    """A run in any order is read as a run, and other operands follow."""
    assert statements(lambda x: [tanh(x[k]) for k in (3, 1, 2)]) == ["place-1[0 + 3:1] = tanh(place0[1 + 3:1])"]
    assert statements(lambda x: [x[a] / x[b] for a, b in ((2, 4), (1, 5), (0, 6))]) == [
        "place-1[0 + 3:1] = div(place0[0 + 3:1], place0[6 + 3:-1])"
    ]


def test_operands_with_gaps_or_repeats_are_gathered_in_the_order_written():
    """No order of the members would make them a run."""
    assert statements(lambda x: [tanh(x[k]) for k in (6, 0, 3, 1)]) == [
        "place-1[0 + 4:1] = place0[0 + 7:1][4 chosen]",
        "place-1[4 + 4:1] = tanh(place-1[0 + 4:1])",
    ]
    assert statements(lambda x: [x[a] / x[b] for a, b in ((1, 2), (0, 3), (1, 4))])[-1] == (
        "place-1[3 + 3:1] = div(place-1[0 + 3:1], place0[2 + 3:1])"
    )


def test_operands_of_a_reduction_are_the_last_axis_of_one_array():
    """One statement for each number of operands."""
    rows = lambda x: [logsumexp(x[:3]), norm(x[:2]), logsumexp(x[3:6]), logsumexp(x[:2])]
    assert statements(rows) == [
        "place-1[0 + 2:1] = logsumexp(place0[0 + 2:3×3:1]) over the last axis",
        "place-1[2 + 1:0] = norm(place0[0 + 1:0×2:1]) over the last axis",
        "place-1[3 + 1:0] = logsumexp(place0[0 + 1:0×2:1]) over the last axis",
    ]
    batch = statements(lambda x, u: [logsumexp([u[0], u[1]]), logsumexp([u[2], u[3]])], batched=4)
    assert batch == ["place-2[0 + 2:1] = logsumexp(place3[0 + 2:2×2:1]) over the last axis"]


def windows(x, lengths):
    return [x[k : k + n] for k, n in enumerate(lengths)]


SUMS = {
    "added": lambda row: sum(row),
    "subtracted": lambda row: -sum(row),
    "products": lambda row: dot(row, row),
}


def of_lengths(sort, lengths):
    """The statements that add up windows of these lengths."""
    lines = statements(lambda x: [SUMS[sort](row) for row in windows(x, lengths)], max(lengths) + len(lengths))
    return [line for line in lines if "Σ" in line or "@" in line]


@pytest.mark.parametrize("sort", SUMS)
def test_sums_of_a_few_lengths_are_a_statement_each(sort):
    """Those of one length together."""
    members = [line[line.index("+") + 2] for line in of_lengths(sort, [4, 6, 5, 4])]
    assert members == ["2", "1", "1"]


@pytest.mark.parametrize("sort", SUMS)
def test_sums_of_many_lengths_are_cut_into_segments(sort):
    """One ragged sum instead of four statements."""
    (line,) = of_lengths(sort, [4, 6, 5, 4, 7])
    assert line.endswith("in 5 segments")


@pytest.mark.parametrize("sort", SUMS)
@pytest.mark.parametrize(("lengths", "count"), [((998, 999, 1000, 1002), 1), ((997, 1000, 1001, 1002), 4)])
def test_long_sums_are_never_cut(sort, lengths, count):
    """Where there are a thousand terms to each length, a statement costs less than gathering them."""
    assert len(of_lengths(sort, lengths)) == count


SORTS = {
    "products": lambda x, u, k, n: dot(x[k : k + 4], [*u[k : k + n], *x[8 : 12 - n]]),
    "products of others": lambda x, u, k, n: dot([*x[k : k + n], *map(tanh, x[k + n : k + 4])], u[k : k + 4]),
    "added": lambda x, u, k, n: sum(u[k : k + n]) + sum(x[k : k + 4 - n]),
    "subtracted": lambda x, u, k, n: -sum(u[k : k + n]) - sum(x[k : k + 4 - n]),
}


@pytest.mark.parametrize("sort", SORTS)
def test_sums_over_other_places_are_kept_apart(sort):
    """One term of the batch and three parameters, or three of the batch: each pair shares its statements."""

    def f(x, u):
        return [SORTS[sort](x, u, k, n) for k, n in enumerate((1, 3, 1, 3))]

    written = {line.split(" = ")[0] for line in statements(f, size=12, batched=8) if " = " in line}
    assert {target for target in written if "place-2" in target} == {"place-2[0 + 2:1]", "place-2[2 + 2:1]"}
