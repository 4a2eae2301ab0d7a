"""The same expression gives the same bits: again, in another process, in another thread, under any hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, gradients
from autograd.testing.expressions import IMPORTS, Expression
from autograd.testing.strategies import expressions

ROOT = Path(__file__).parent.parent

# Not the expressions themselves: a child process pastes the line that a failing test would print.
CHILD = """
{imports}
{expression!r}
root = list(globals().values())[-1]
root.backward()
leaves = [value for name, value in globals().items() if name.startswith("x")]
print(root.data.hex(), *[leaf.grad.hex() for leaf in leaves])
"""


def fingerprint(expression: Expression) -> str:
    """Value and gradients, to the last bit."""
    leaves, root = expression.record()
    root.backward()
    return " ".join([root.data.hex(), *[leaf.grad.hex() for leaf in leaves]])


@given(expression=expressions())
def test_same_expression_gives_the_same_bits_again(expression: Expression) -> None:
    """Nothing depends on what was computed before."""
    assert fingerprint(expression) == fingerprint(expression)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
@settings(max_examples=3)
@given(expression=expressions(max_leaves=4, max_steps=12))
def test_same_expression_gives_the_same_bits_in_another_process(seed: str, expression: Expression) -> None:
    """No set and no hash decides the order of anything: fresh processes agree under every hash seed."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    code = "\n".join(CHILD.format(imports=IMPORTS, expression=expression).split("; "))
    child = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == fingerprint(expression)


@settings(max_examples=10)
@given(many=st.lists(expressions(max_steps=6), min_size=2, max_size=6))
def test_same_expressions_give_the_same_bits_in_threads(many: list[Expression]) -> None:
    """Graphs of their own do not disturb each other, whichever thread differentiates when."""
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(fingerprint, many * 3))
    assert together == [fingerprint(expression) for expression in many] * 3


@given(expression=expressions())
def test_gradient_does_not_depend_on_who_else_asks(expression: Expression) -> None:
    """One leaf's derivative is the same bits, asked for alone or among the others."""
    leaves, root = expression.record()
    assert [gradients(root, leaf) for leaf in leaves] == gradients(root, leaves)


def test_gradient_adds_up_in_the_order_of_the_expression() -> None:
    """Contributions are added from the last use of an operand to the first: reproducible, and written down here."""
    x = Value(1.0)
    parts = [0.1, 1e16, -1e16]
    first = x * parts[0] + x * parts[1] + x * parts[2]
    first.backward()
    assert x.grad == (parts[2] + parts[1]) + parts[0]
