"""Many inputs and many expressions: what fails is made small, and silence is not taken for proof."""

from __future__ import annotations

import itertools
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from autograd import GradientError, OperandError, gradients, ops
from autograd.testing import (
    Count,
    Expression,
    TooNoisyError,
    arrays,
    assert_expressions,
    assert_gradient,
    check,
    networks,
    samples,
)

ROOT = Path(__file__).parent.parent.parent


def test_right_gradient_is_counted() -> None:
    """Every derivative of every input is right."""
    found = assert_gradient(lambda x: np.sum(x**3), lambda x: 3 * x**2, inputs=arrays(2))
    assert isinstance(found, Count)
    assert found.right > 20
    assert found.noisy == 0


def test_sign_in_a_backward_pass_is_found_at_the_smallest_input() -> None:
    """A network by hand with one sign wrong: one line, without a traceback of the search."""

    def loss(layers: list[tuple[np.ndarray, np.ndarray]]) -> float:
        a = np.ones(layers[0][0].shape[1])
        for W, b in layers:
            a = np.tanh(W @ a + b)
        return float(np.sum(a))

    def backward(layers: list[tuple[np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, np.ndarray]]:
        outputs = [np.ones(layers[0][0].shape[1])]
        for W, b in layers:
            outputs.append(np.tanh(W @ outputs[-1] + b))
        delta, found = np.ones_like(outputs[-1]), []
        for (W, _), before, after in reversed([*zip(layers, outputs[:-1], outputs[1:], strict=True)]):
            delta = delta * (1 - after**2)
            found.append((np.outer(delta, before), -delta))
            delta = W.T @ delta
        return found[::-1]

    with pytest.raises(GradientError) as caught:
        assert_gradient(loss, backward, inputs=networks())
    message = str(caught.value)
    assert re.fullmatch(r"wrong: the derivative by layers\[0\]\[1\]\[0\] at .* the sign is wrong", message)
    assert caught.value.__suppress_context__


def test_smallest_of_eleven_inputs_takes_no_minutes() -> None:
    """What Hypothesis would explain is not said, and so it is not looked for."""
    count = itertools.count()

    def loss(W: np.ndarray, b: np.ndarray, x: np.ndarray) -> float:
        next(count)
        return float(np.sum(np.tanh(W @ x + b) ** 2))

    def backward(W: np.ndarray, b: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, ...]:
        a = np.tanh(W @ x + b)
        d = 2 * a * (1 - a * a)
        return np.outer(d, x), d * [1, -1], W.T @ d

    with pytest.raises(GradientError, match=r"derivative by b\[1\] at .*: the sign is wrong") as caught:
        assert_gradient(loss, backward, inputs=st.tuples(arrays(2, 3), arrays(2), arrays(3)))
    assert "array([[1., 1., 1.], [1., 1., 1.]]), array([1., 1.]), array([1., 1., 1.])" in str(caught.value)
    assert next(count) < 5_000


def test_fault_that_only_a_closer_look_finds_is_reported() -> None:
    """Smaller inputs are not looked at so closely, the first that fails is, each time it is tried."""
    f = lambda x: 1.0 + 1e-9 * math.sin(x)
    with pytest.raises(GradientError, match=r"^wrong: the derivative by x at .* is off by 1e-05 of its size$"):
        assert_gradient(f, lambda x: 1.00001e-9 * math.cos(x), inputs=st.floats(0.5, 1.0))


def test_strategy_may_draw_several_arguments() -> None:
    """Inputs and targets are two arguments of the function."""
    squares = lambda X, Y: float(np.sum((X.sum(axis=1, keepdims=True) - Y) ** 2))

    def slopes(X: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        d = 2 * (X.sum(axis=1, keepdims=True) - Y)
        return np.repeat(d, X.shape[1], axis=1), -d

    assert assert_gradient(squares, slopes, inputs=samples(2)).right > 20


def test_silence_is_no_proof() -> None:
    """Where nothing can be told, the assertion does not pass."""
    with pytest.raises(TooNoisyError, match=r"derivatives cannot be told from noise; give inputs away from kinks"):
        assert_gradient(abs, np.sign, inputs=st.just(0.0))


def test_gradient_that_is_wrong_only_sometimes_says_so() -> None:
    """A gradient that is not the same for one input twice cannot be shrunk."""
    turns = itertools.count()
    with pytest.raises(GradientError, match="not every time: df is not deterministic"):
        assert_gradient(math.sin, lambda x: math.cos(x) + (next(turns) == 5), inputs=st.floats(0.5, 1.0))


def test_inputs_must_be_a_strategy() -> None:
    """A point is not a strategy, and neither is a function that gives one."""
    with pytest.raises(OperandError, match=r"inputs takes a strategy of Hypothesis, got float 1.0; write .*just\(it\)"):
        assert_gradient(math.sin, math.cos, inputs=1.0)  # type: ignore[arg-type]
    with pytest.raises(OperandError, match=r"got function <function arrays at .*; call it, as in arrays\(3\)"):
        assert_gradient(math.sin, math.cos, inputs=arrays)  # type: ignore[arg-type]


def test_inputs_without_a_number_prove_nothing() -> None:
    """Empty arrays have no derivative that could be wrong."""
    with pytest.raises(OperandError, match="inputs with a number in them, and none of these had one"):
        assert_gradient(np.sum, np.ones_like, inputs=st.just(np.zeros(0)))


def test_error_of_a_function_is_not_hidden() -> None:
    """A wrong shape is told at once, in the words of ``check``."""
    with pytest.raises(GradientError, match=r"grad gives shape \(3,\)"):
        assert_gradient(np.sum, lambda x: np.ones(3), inputs=arrays(2))


def engine(expression: Expression) -> list[float]:
    leaves, root = expression.record()
    return gradients(root, leaves)


def test_right_engine_is_counted() -> None:
    """The library's own chain rule, over every operation."""
    assert assert_expressions(engine) > 10


def test_wrong_engine_gets_the_smallest_expression_ready_to_paste() -> None:
    """An engine that forgets one of two uses of a number: the code in the message shows the same fault."""

    def forgets(expression: Expression) -> list[float]:
        found = engine(expression)
        return [g / 2 if any(step.operands[:2] == (0, 0) for step in expression.steps) else g for g in found]

    with pytest.raises(GradientError) as caught:
        assert_expressions(forgets, [ops.add, ops.mul])
    line, code = str(caught.value).split("\n", 1)
    assert line.startswith("wrong: the derivative by x0 is ")
    assert len(code) < 200
    scope: dict[str, object] = {}
    exec(code, scope)  # what a person would paste


def test_engine_must_give_a_number_for_each_leaf() -> None:
    """A list of another length is a mistake of the caller."""
    with pytest.raises(OperandError, match="gradient gives 0 numbers; give one for each of 1 leaves"):
        assert_expressions(lambda expression: [])


@pytest.mark.parametrize("missing", ["hypothesis", "mpmath"])
def test_missing_package_is_named_with_the_command_that_installs_it(missing: str) -> None:
    """The extra is optional, and the engine does not need it."""
    code = f"import sys; sys.modules[{missing!r}] = None; import autograd; import autograd.testing"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert child.stderr.splitlines()[-1] == (
        f"ImportError: autograd.testing needs hypothesis and mpmath, and there is no {missing}; "
        "run: pip install 'scalar-autograd[testing]'"
    )


def test_check_and_assertion_give_the_same_line() -> None:
    """The assertion's message is the check's of its smallest input."""
    with pytest.raises(GradientError) as caught:
        assert_gradient(lambda x: x**2, lambda x: x, inputs=st.floats(1.0, 9.0))
    assert str(caught.value) == str(check(lambda x: x**2, lambda x: x, at=1.0))
