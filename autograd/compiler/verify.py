"""Never silently wrong: a program is checked against the function it came from, and asks it about nan."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.program import Program
from autograd.compiler.tape import Tape
from autograd.errors import CompileError, NonFiniteError
from autograd.explain import non_finite
from autograd.recorded import gradients
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.call import Call

__all__ = ["eager_gradient", "verify"]

Array = npt.NDArray[np.float64]

# How far the second point is from the first, relative to each number, and how far results may differ there, relative
# to the largest: far above rounding, far below a wrong formula.
SPREAD, TOLERANCE = 0.1, 1e-6


def verify(call: Call, tape: Tape, program: Program, bare: bool) -> None:
    """Record and run the function at a perturbed point; its graph and its numbers must be the program's.

    Raises
    ------
    CompileError
        If they are not.
    """
    rng = np.random.default_rng(0)
    parameters, fixed = _perturbed(call.parameters(), rng), _perturbed(call.fixed(), rng)
    noise = {k: rng.uniform(1.0 - SPREAD, 1.0, array.shape[1:]) for k, array in call.batches.items()}
    second, _, results, _, leaves, others = call.record(parameters=parameters, fixed=fixed, noise=noise)
    name = call.owner.__name__
    captured = [(a, b) for a, b in zip(tape.captured, second.captured, strict=False) if a is not b]
    same = (
        (tape.ops, tape.args, len(tape.captured)) == (second.ops, second.args, len(second.captured))
        and [x.hex() for x in tape.constants] == [x.hex() for x in second.constants]
        and all(a.data.hex() == b.data.hex() for a, b in captured)
    )
    if not same:
        raise CompileError(
            f"{name} gave two different graphs for two sets of numbers: its path or a constant in it depends on them, "
            "or on chance; inside a compiled function do not read .data, and pass random numbers in as arguments"
        )
    rows = [
        (array[:1] if call.count else np.full((1, *array.shape[1:]), 0.5)) * noise[k]
        for k, array in call.batches.items()
    ]
    parameters = np.array([leaf.data for leaf in leaves])  # those of a module stay where they are
    fixed = np.array([leaf.data for leaf in others + tape.captured])
    expected = np.array([y.data if isinstance(y, Value) else y for y in results])
    found = np.asarray(program.value(parameters, *rows, fixed=fixed)).ravel()
    _agree(found, expected, "the value", name)
    if bare and (call.owner.reduce is not None or not call.batches) and isinstance(results[0], Value):
        _, gradient = program.value_and_grad(parameters, *rows, fixed=fixed)
        if math.isfinite(expected[0]) and np.isfinite(gradient).all():
            ours = not tape.captured and not any(argument and argument.leaves for argument in call.arguments)
            _agree(gradient, _eager(results[0], leaves, ours), "the gradient", name)


def _eager(root: Value, leaves: list[Value], ours: bool) -> Array:
    """Derivatives by the engine; straight into ``grad`` if nobody else sees these leaves, which costs a third."""
    if not ours:
        return np.array(gradients(root, leaves))
    root.backward()
    return np.array([leaf.grad for leaf in leaves])


def _agree(found: Array, expected: Array, what: str, name: str) -> None:
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=1e-3)
    if not np.allclose(found, expected, rtol=0.0, atol=TOLERANCE * scale, equal_nan=True):
        k = int(np.argmax(~np.isclose(found, expected, rtol=0.0, atol=TOLERANCE * scale, equal_nan=True)))
        raise CompileError(
            f"{what} of the compiled {name} differs from {name} itself at a second point, {found[k]} against "
            f"{expected[k]}; please report this, and leave the function uncompiled"
        )


def _perturbed(numbers: Array, rng: np.random.Generator) -> Array:
    """Nearby numbers of the same sign and no larger, so that probabilities stay such and logarithms are real."""
    moved: Array = numbers * rng.uniform(1.0 - SPREAD, 1.0, numbers.shape)
    return moved


def eager_gradient(run: Callable[[int], Any], count: int, reduce: str | None) -> tuple[float, Array]:
    """Value and gradient by the engine itself, one example after the other, when a program gave nan or infinity.

    Raises
    ------
    NonFiniteError
        If an example's value is not finite; the message says which, and where that began.
    """
    total, gradient = 0.0, np.zeros(0)
    for example in range(count):
        root, parameters, _, _ = run(example)
        if not isinstance(root, Value):
            root = Value(float(root))
        if not math.isfinite(root.data):
            raise NonFiniteError(f"example {example}: {non_finite(root)}" if count > 1 else non_finite(root))
        total += root.data
        found = np.array(gradients(root, parameters), dtype=np.float64)
        gradient = found if example == 0 else gradient + found
    weight = 1.0 / count if reduce == "mean" else 1.0
    return total * weight, gradient * weight
