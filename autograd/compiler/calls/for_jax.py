"""A compiled function for JAX: from what JAX hands it to the program, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from math import prod
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograd.compiler.backends.jax import Differentiable
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.programs import KEPT
from autograd.compiler.calls.recordings import Recorded
from autograd.compiler.calls.spread import spread
from autograd.compiler.calls.subject import Subject
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.reduction import reduce_examples
from autograd.compiler.scalars.tape import FIRST_BATCHED, PARAMETER
from autograd.errors import CompileError
from autograd.trees import refill
from autograd.value import Value

__all__ = ["function_of"]

Array = Any

# Arguments of more arrays than this are one vector to XLA.
MOST = 64


def function_of(subject: Subject, compiled: Callable[[Any, Any, tuple[int, ...]], Call]) -> Callable[..., Any]:
    """A function of the same arguments, for JAX.

    Parameters
    ----------
    subject : Subject
    compiled : callable
        From arguments and what to differentiate by to a call with its program, which is verified.
    """
    made: dict[Any, Differentiable] = {}

    def function(*args: Any, **kwargs: Any) -> Any:
        if not jax.config.jax_enable_x64:
            raise CompileError(
                f"the JAX function of {subject.name} computes with float64, which JAX turns to float32 now; begin with "
                "jax.config.update('jax_enable_x64', True)"
            )
        bound = subject.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        found = {name: _numbers(x, name) for name, x in given.items()}
        chosen = tuple([k for k, name in enumerate(given) if name not in subject.batched and found[name]])
        like = subject.signature.bind(*args, **kwargs)
        like.arguments.update({name: _like(x, name) for name, x in like.arguments.items()})
        call = compiled(like.args, like.kwargs, chosen)
        recorded = call.ready()
        if recorded.captured or recorded.differentiated is not None or _modules(call):
            raise CompileError(
                f"the JAX function of {subject.name} takes all numbers as arguments, and {subject.name} finds Values "
                "elsewhere, in a module, or differentiates by itself; pass their numbers as arrays, and leave "
                "derivatives to jax.grad"
            )
        numbers = [n for k in chosen for n in found[[*given][k]]]
        if sum(map(np.size, numbers)) != len(call.parameters()):
            raise CompileError(f"the JAX function of {subject.name} {_OTHERS}")
        program = made.get(call.key)
        if program is None:
            while len(made) >= KEPT:
                made.pop(next(iter(made)), None)
            program = made[call.key] = _differentiable(call, _parts(numbers))
        vector = jnp.concatenate([jnp.ravel(n) for n in numbers]) if numbers else jnp.zeros(0)
        rows = [
            jnp.asarray(given[call.names[k]], dtype=float).reshape(call.count, size)
            for k, (_, size) in zip(call.batches, program.places, strict=True)
        ]
        return _shaped(program(call.count, vector, *rows), recorded, program.batched)

    return function


def _differentiable(call: Call, parts: list[tuple[int, ...]]) -> Differentiable:
    """The program of a call, recorded once more: what was compiled does not keep its graph."""
    tape = call.record(call.point(0)).tape
    builder = normalise(tape)
    by_example = call.subject.by_example
    if call.batches and not by_example:
        reduce_examples(builder, str(call.subject.reduce))
    sizes = builder.out.sizes
    places = [(FIRST_BATCHED + k, size) for k, size in enumerate(sizes[FIRST_BATCHED:])]
    return Differentiable(builder, range(sizes[PARAMETER]), parts, places, list(builder.out.outputs), by_example)


def _parts(numbers: list[Any]) -> list[tuple[int, ...]]:
    """The shapes of arrays that are put end to end; numbers beside each other are one."""
    parts: list[tuple[int, ...]] = []
    for is_number, group in groupby(numbers, key=lambda n: not np.ndim(n)):
        shapes = [*map(np.shape, group)]
        parts += [(len(shapes),)] if is_number else shapes
    return parts if len(parts) <= MOST else [(sum(map(prod, parts)),)]


def _shaped(found: Array, recorded: Recorded, by_example: bool) -> Any:
    """Outputs as the compiled function gives them."""
    if recorded.bare:
        return found[..., 0]
    return found if by_example else spread(recorded.output([0.0] * len(found)), found, 0)


def _modules(call: Call) -> bool:
    return any(argument.leaves for argument in call.arguments.values())


def _numbers(x: Any, name: str) -> list[Any]:
    """What of an argument is real numbers, in order; nothing if it is whole numbers, text or the like alone."""
    found: list[Any] = []
    _collect(x, name, found)
    return found if any(jnp.result_type(n).kind == "f" for n in found) else []


_OTHERS = (
    "takes numbers and arrays of NumPy or JAX, got others among them; give their numbers, autograd.data(...) of Values"
)


def _collect(x: Any, name: str, found: list[Any]) -> None:
    if isinstance(x, Mapping):
        x = x.values()
    elif not isinstance(x, list | tuple):
        if isinstance(x, jax.Array) and x.dtype.kind not in "fiub":
            raise CompileError(f"argument {name!r} takes real numbers, got {x.dtype}; give its real part")
        if isinstance(x, jax.Array) and x.dtype in (jnp.float32, jnp.float16, jnp.bfloat16):
            raise CompileError(
                f"argument {name!r} is of {x.dtype}, and programs compute with float64; convert it, "
                f"{name}.astype(float)"
            )
        if isinstance(x, Value) or (isinstance(x, np.ndarray) and x.dtype == object):
            raise CompileError(f"argument {name!r} {_OTHERS}")
        if isinstance(x, jax.Array | np.ndarray | np.generic | float | int):
            found.append(x)
        return
    for entry in x:
        _collect(entry, name, found)


def _like(x: Any, name: str) -> Any:
    """Numbers that Python knows, in the structure of numbers that JAX may only know the shape of."""
    if isinstance(x, Mapping):
        return refill(x)([(key, _like(entry, name)) for key, entry in x.items()])
    if isinstance(x, list | tuple):
        return refill(x)([_like(entry, name) for entry in x])
    if isinstance(x, jax.Array):
        if x.dtype.kind == "f":
            return np.full(x.shape, 0.5) if x.ndim else 0.5
        if isinstance(x, jax.core.Tracer):
            raise CompileError(
                f"argument {name!r} holds whole numbers, which are part of the program, and is traced; leave it out of "
                "jit and vmap, by static_argnums or a closure, or give float64"
            )
        return np.asarray(x) if x.ndim else x.item()
    return x
