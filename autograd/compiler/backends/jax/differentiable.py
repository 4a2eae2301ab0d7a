"""Programs that JAX differentiates by our chain rule, to any order: the pullback of a program is one more of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from math import prod
from threading import RLock
from typing import Any

import jax
import jax.numpy as jnp

from autograd import ops
from autograd.compiler.backends.jax.functions import FUNCTIONS
from autograd.compiler.backends.jax.run import run
from autograd.compiler.matrices.array_program import ArrayProgram, find_matrices
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.differentiate import pull_back
from autograd.compiler.scalars.live import live
from autograd.compiler.scalars.normal import Terms
from autograd.compiler.scalars.tape import FIRST_BATCHED, PARAMETER

__all__ = ["Differentiable"]

Array = Any
Parts = Sequence[tuple[int, ...]]

# A program and its derivatives grow together, in whichever thread traces them.
GROWING = RLock()


@jax.custom_jvp  # type: ignore[untyped-decorator]
def zero_wins(a: Array, b: Array) -> Array:
    """The row ``mul_no_nan`` of the table: a product that is 0 where ``a`` is, with the derivatives of that row."""
    return ops.mul_no_nan.value(FUNCTIONS, a, b)


@zero_wins.defjvp  # type: ignore[untyped-decorator]
def _(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    y = zero_wins(*primals)
    by_a, by_b = ops.mul_no_nan.differentiate(FUNCTIONS, y, primals)
    return y, by_a * tangents[0] + by_b * tangents[1]


class Differentiable:
    """Some operands of a program that grows, as a function of some of its leaves.

    Parameters
    ----------
    builder : Builder
        Shared by the function and all its derivatives.
    slots : sequence of int
        Which parameters the entries of the first argument are.
    parts : sequence of shapes
        What that argument was put together from, end to end, as far as it matters for speed.
    places : sequence of (int, int)
        Which places the other arguments are, with the size of an example.
    outputs : sequence of int
        Operands.
    batched : bool
        Whether each example has outputs of its own.
    found : sequence of shapes
        What the outputs will be taken apart to, if they are the same for all examples.
    """

    def __init__(
        self,
        builder: Builder,
        slots: Sequence[int],
        parts: Parts,
        places: Sequence[tuple[int, int]],
        outputs: Sequence[int],
        batched: bool,
        found: Parts = (),
    ) -> None:
        self.builder, self.slots, self.parts, self.places = builder, slots, parts, places
        self.outputs, self.batched = outputs, batched
        self.found = found or [(len(outputs),)]
        self._pullbacks: dict[int, Differentiable] = {}

    @cached_property
    def program(self) -> ArrayProgram:
        """What computes the outputs: as results where all examples share them, else for each example."""
        with GROWING:
            return self._find()

    def _find(self) -> ArrayProgram:
        out = self.builder.out
        moved = {(PARAMETER, slot): (PARAMETER, k) for k, slot in enumerate(self.slots)}
        for k, (place, size) in enumerate(self.places):
            moved |= {(place, slot): (FIRST_BATCHED + k, slot) for slot in range(size)}
        normal = live(out, self.outputs, moved)
        normal.sizes = [len(self.slots), len(normal.constants), 0, *[size for _, size in self.places]]
        if not self.batched:
            normal.derivatives, normal.outputs = normal.outputs, [self.builder.constant(0.0)]
            normal.sizes[1] = len(normal.constants)
            normal.passes = [normal.ops.count(None)]
        arguments = [(f"x{k}", (size,)) for k, (_, size) in enumerate(self.places)]
        return find_matrices(normal, schedule(normal), arguments, self.batched)

    def __call__(self, count: int, vector: Array, *rows: Array) -> Array:
        """Outputs of shape ``(m,)``, or ``(count, m)`` where each example has its own.

        Parameters
        ----------
        count : int
            How many examples there are.
        vector : array
            Shape ``(p,)``.
        *rows : arrays
            Shape ``(count, size)``.
        """

        @jax.custom_vjp  # type: ignore[untyped-decorator]
        def outputs(vector: Array, *rows: Array) -> Array:
            return self._compiled(count, vector, *rows)

        def forward(*args: Any) -> tuple[Array, Any]:
            # What nobody differentiates by is told by None, which has a structure and no number.
            values = [arg.value for arg in args]
            perturbed = [() if arg.perturbed else None for arg in args]
            if self.batched or len(self.outputs) > 1 or perturbed[0] is None:
                return outputs(*values), (values, perturbed, None)
            found = self._with_gradient(count, *values)  # whose forward pass is not run twice then
            return found[:1], (values, perturbed, found[1:])

        def backward(kept: Any, cotangent: Array) -> tuple[Array | None, ...]:
            (vector, *rows), perturbed, gradient = kept
            if self.batched:
                rows = [*rows, cotangent]
            else:
                vector = jnp.concatenate([vector, cotangent])
            return tuple(
                [
                    None if p is None
                    else zero_wins(cotangent, gradient) if k == 0 and gradient is not None
                    else self._pullback(k)(count, vector, *rows)
                    for k, p in enumerate(perturbed)
                ]
            )  # fmt: skip

        outputs.defvjp(forward, backward, symbolic_zeros=True)
        return outputs(vector, *rows)

    @cached_property
    def _with_gradient(self) -> Differentiable:
        """The one output, and its derivatives by the entries of the vector."""
        with GROWING:
            found, zero = pull_back(self.builder, self.outputs[0]), self.builder.constant(0.0)
        gradient = [found.get((PARAMETER, slot), zero) for slot in self.slots]
        return Differentiable(
            self.builder, self.slots, self.parts, self.places, [*self.outputs, *gradient], False, [(1,), *self.parts]
        )

    @cached_property
    def _compiled(self) -> Callable[..., Array]:
        return jax.jit(self._run, static_argnums=0)  # type: ignore[no-any-return]

    def _run(self, count: int, vector: Array, *rows: Array) -> Array:
        outputs, results = run(self.program, _taken_apart(vector, self.parts), rows, count, self.found)
        if not self.batched:
            return results
        if not self.program.outputs.batched:
            outputs = jnp.broadcast_to(outputs[..., None], (*outputs.shape, count))
        return outputs.T

    def _pullback(self, k: int) -> Differentiable:
        """From the arguments and a cotangent of the outputs to the cotangent of argument ``k``."""
        with GROWING:
            if not self._pullbacks:
                self._pull()
        return self._pullbacks[k]

    def _pull(self) -> None:
        builder, m = self.builder, len(self.outputs)
        sizes = builder.out.sizes
        slots, parts, places = list(self.slots), list(self.parts), list(self.places)
        if self.batched:
            place = len(sizes)
            sizes.append(m)
            places.append((place, m))
            leaves = [builder.leaf(place, j) for j in range(m)]
        else:
            first = sizes[PARAMETER]
            sizes[PARAMETER] += m
            slots += range(first, first + m)
            parts.append((m,))
            leaves = [builder.leaf(PARAMETER, first + j) for j in range(m)]
        terms = Terms(*zip(leaves, self.outputs, strict=True))
        total = builder.sum(builder.total(terms) if self.batched else terms)
        builder.out.order += range(len(builder.out.order), len(builder.out.ops))
        found = pull_back(builder, total)
        zero = builder.constant(0.0)
        own = [found.get((PARAMETER, slot), zero) for slot in self.slots]
        self._pullbacks[0] = Differentiable(builder, slots, parts, places, own, False, self.parts)
        for k, (place, size) in enumerate(self.places, 1):
            own = [found.get((place, slot), zero) for slot in range(size)]
            self._pullbacks[k] = Differentiable(builder, slots, parts, places, own, True)


def _taken_apart(vector: Array, parts: Parts) -> list[Array]:
    """The parts of a vector that was put together from them; XLA takes those in its place."""
    ends = list(accumulate(map(prod, parts), initial=0))
    return [vector[start:stop] for start, stop in pairwise(ends)]
