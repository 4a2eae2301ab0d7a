"""Never silently wrong: a program is checked against the function it came from, and asks it about nan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

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
    at = call.point(0)
    rows = [_perturbed(row, rng) for row in at.rows]
    at = at._replace(parameters=_perturbed(at.parameters, rng), fixed=_perturbed(at.fixed, rng), rows=rows)
    second, _, results, _, leaves, others = call.record(at)
    name = call.owner.__name__
    if _frozen(tape) != _frozen(second):
        raise CompileError(
            f"{name} gave two different graphs for two sets of numbers: its path or a constant in it depends on them, "
            "or on chance; inside a compiled function do not read .data, and pass random numbers in as arguments"
        )
    parameters = np.array([leaf.data for leaf in leaves])  # those of a module stay where they are
    fixed = np.array([leaf.data for leaf in others + tape.captured])
    expected = np.array([y.data if isinstance(y, Value) else y for y in results])
    batch = [row[None] for row in rows]
    found = np.ravel(program.value(parameters, *batch, fixed=fixed))
    _agree(found, expected, "the value", name)
    if bare and (call.owner.reduce is not None or not call.batches) and isinstance(results[0], Value):
        _, gradient = program.value_and_grad(parameters, *batch, fixed=fixed)
        if math.isfinite(expected[0]) and np.isfinite(gradient).all():
            ours = not tape.captured and not any(argument.leaves for argument in call.arguments.values())
            _agree(gradient, _eager(results[0], leaves, ours), "the gradient", name)


def _eager(root: Value, leaves: list[Value], ours: bool) -> Array:
    """Derivatives by the engine; straight into ``grad`` if nobody else sees these leaves, which costs a third."""
    if not ours:
        return np.array(gradients(root, leaves))
    root.backward()
    return np.array([leaf.grad for leaf in leaves])


def _agree(found: Array, expected: Array, what: str, name: str) -> None:
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=1e-3)
    close = np.isclose(found, expected, rtol=0.0, atol=TOLERANCE * scale, equal_nan=True)
    if not close.all():
        k = int(close.argmin())
        raise CompileError(
            f"{what} of the compiled {name} differs from {name} itself at a second point, {found[k]} against "
            f"{expected[k]}; please report this, and leave the function uncompiled"
        )


def _frozen(tape: Tape) -> tuple[object, ...]:
    """What must not depend on the numbers; nan equals nan here."""
    constants = [x.hex() for x in (*tape.constants, *[leaf.data for leaf in tape.captured])]
    return tape.ops, tape.args, tape.outputs, constants


def _perturbed(numbers: Array, rng: np.random.Generator) -> Array:
    """Nearby numbers of the same sign and no larger, so that probabilities stay such and logarithms are real."""
    moved: Array = numbers * rng.uniform(1.0 - SPREAD, 1.0, numbers.shape)
    return moved


def eager_gradient(call: Call) -> tuple[float, Array]:
    """Value and gradient by the engine itself, one example after the other, when a program gave nan or infinity.

    Raises
    ------
    NonFiniteError
        If an example's value is not finite; the message says which, and where that began.
    """
    total, gradient = 0.0, np.zeros(len(call.parameters()))
    for example in range(call.count):
        result, parameters, _, _ = call.run(call.point(example))
        root = result if isinstance(result, Value) else Value(result)
        if not math.isfinite(root.data):
            raise NonFiniteError(f"example {example}: {non_finite(root)}" if call.count > 1 else non_finite(root))
        total += root.data
        gradient += gradients(root, parameters)
    weight = 1.0 / call.count if call.owner.reduce == "mean" else 1.0
    return total * weight, gradient * weight
