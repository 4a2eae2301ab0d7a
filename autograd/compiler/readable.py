"""The program of a compiled function, as people read it, as training loops call it and as other languages do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from autograd.compiler.derivatives.derived import Derivable
from autograd.compiler.program.program import Program, Stats
from autograd.errors import CompileError
from autograd.tracing import refuse_while_recording

__all__ = ["NUMBERS", "Readable"]

# What to use in place of the methods that give numbers.
NUMBERS = "use autograd.value_and_grad of it, which gives Values"


class Readable(Derivable):
    """A compiled function to look into, and its program to take elsewhere."""

    @property
    def f(self) -> Callable[..., Any]:
        """The function; compile another anew."""
        return self._subject.f

    @property
    def batched(self) -> tuple[str, ...]:
        """Names of the arguments whose first axis is examples."""
        return self._subject.batched

    @property
    def reduce(self) -> str | None:
        """What becomes of the results of the examples."""
        return self._subject.reduce

    @property
    def verify(self) -> bool:
        """Whether a program is checked when it is made."""
        return self._subject.verify

    @property
    def threads(self) -> int:
        """How many threads share the examples of a call."""
        return self._subject.threads

    @property
    def program(self) -> Program:
        """The program of the last call."""
        if self._programs.last is None:
            raise CompileError(
                f"{self._subject.name} has no program before it knows the shapes of its arguments; call it once"
            )
        return self._programs.last.program

    @property
    def source(self) -> str:
        """The emitted program of the last call."""
        return self.program.source

    @property
    def js_source(self) -> str:
        """The program of the last call as JavaScript: a module without dependencies, for browsers and Node.

        It exports ``program`` (sizes, and the batched arguments with their shapes) and
        ``bind(theta, gradient, fixed, n)``, which gives ``value`` and ``value_and_grad`` on these ``Float64Array``:
        functions of the batched arguments, ``n`` rows in a ``Float64Array`` each. ``theta`` holds all numbers of the
        first argument in a row, ``fixed`` those of the others, and derivatives by ``theta`` are left in ``gradient``.

        Raises
        ------
        CompileError
            If an operation calls a function that JavaScript has no twin of.
        """
        return self.program.js_source

    @property
    def c_source(self) -> str:
        """The program of the last call as one file of C99 that needs the C library alone.

        It defines ``double f(const double *parameters, const double *others)`` and
        ``double f_and_gradient(const double *parameters, const double *others, double *gradient)``, by the function's
        own name, with ``x_`` before it where C or its library has that name already: ``parameters`` are the numbers of
        the first argument in a row, ``others`` those of all others, and ``gradient`` has room for a derivative by each
        parameter. A function of several results leaves them in ``results``, before ``gradient``. Compile it with
        ``-std=c99`` and without ``-ffast-math``.

        Where the program has become matrices they are loops, and between ``others`` and the rest come, if there are
        examples, ``ptrdiff_t n`` and each batched argument, ``n`` rows one after the other; and ``double *workspace``,
        room for ``f_workspace(n)`` numbers. With ``reduce=None`` there are ``n`` rows of ``results``.
        """
        return self.program.c_source(self._subject.name)

    def to_jax(self) -> Callable[..., Any]:
        """The same function for JAX: of the same arguments, for ``jit``, ``vmap``, ``grad`` and ``grad`` of that.

        Returns
        -------
        callable
            Takes JAX's arrays of float64, or numbers, in the structure of the arguments, and gives the same. It is
            recorded for each structure, as the compiled function is; whole numbers, text and booleans belong to that.
            Derivatives are programs of ours, of any order and by every argument, batched ones too, so that a zero
            adjoint wins as it does here. ``jax.jvp``, and with it ``jacfwd`` and ``jax.hessian``, are refused by JAX,
            which has only the pullback: write ``jacrev(jacrev(f))``. Results that are not finite are no errors. What
            the function reads besides its arguments is as it was when JAX traced it.

        Raises
        ------
        ImportError
            If JAX is not installed.
        CompileError
            When it is called: for float32, modules, and Values that the function finds outside.

        Examples
        --------
        >>> import jax
        >>> from autograd import compile
        >>> jax.config.update("jax_enable_x64", True)
        >>> f = compile(lambda w, x: w * x**2, batched="x").to_jax()
        >>> float(jax.jit(jax.grad(f))(2.0, jax.numpy.array([1.0, 3.0])))
        5.0
        """
        try:
            from autograd.compiler.calls.for_jax import function_of
        except ModuleNotFoundError as error:
            if error.name not in ("jax", "jaxlib"):
                raise
            raise ImportError(
                "to_jax gives a function for JAX, which is not installed; pip install 'scalar-autograd[jax]'"
            ) from error
        return wraps(self._subject.f, updated=())(function_of(self._subject, self._call))

    def step(self, *args: Any, argnums: int | tuple[int, ...] = 0, **kwargs: Any) -> Callable[..., tuple[float, Any]]:
        """The program for arguments like these, as a training loop calls it.

        Parameters
        ----------
        *args, **kwargs, argnums
            As for :meth:`value_and_grad`; the numbers in them do not matter, their structure does.

        Returns
        -------
        callable
            From the flat vector of all numbers to differentiate by, in the order of ``argnums``, and the batched
            arguments, to the value and its gradient, a new flat array. Either may hold nan or infinity: that is for
            the loop to judge. Numbers that are neither are those that ``args`` has now, whatever becomes of it; leaves
            that ``f`` finds elsewhere are read anew.
        """
        refuse_while_recording(f"{self._subject.name}.step", NUMBERS)
        call = self._call(args, kwargs, argnums)
        program = call.recorded.program
        if not program.fixed:
            return program.value_and_grad
        fixed = call.fixed().copy()  # an array is changed in place, where a list and a number are not

        def step(parameters: Any, *batch: Any) -> tuple[float, Any]:
            return program.value_and_grad(parameters, *batch, fixed=call.fixed_numbers(fixed=fixed))

        return step

    @property
    def stats(self) -> Stats:
        """What compiling found and cost."""
        return self.program.stats

    def explain(self) -> str:
        """The program of the last call as equations, with shapes."""
        return self.program.explain()
