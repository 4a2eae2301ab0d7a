"""``compile``: a function of numbers becomes a program of matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import tracing, variables
from autograd.compiler.calls.arguments import holds_values, values_in
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.compiled import compiled
from autograd.compiler.calls.itself import run_itself
from autograd.compiler.calls.programs import Programs
from autograd.compiler.calls.results import value_of
from autograd.compiler.calls.subject import Subject
from autograd.compiler.derivatives.shaped import shaped
from autograd.compiler.program.entries import Wanted
from autograd.compiler.readable import NUMBERS, Readable
from autograd.derivatives import value_and_grad as autograd_value_and_grad
from autograd.errors import CompileError
from autograd.tracing import is_recording, refuse_while_recording
from autograd.variables import as_function, is_variable, leaves_below

__all__ = ["CompiledFunction", "compile"]


def compile(  # noqa: A001 - named as what it does, like the builtin
    f: Callable[..., Any],
    *,
    batched: str | Sequence[str] = (),
    reduce: str | None = "mean",
    verify: bool = True,
    threads: int = 1,
) -> CompiledFunction:
    """Find the matrices in a function of numbers, and run it as those.

    ``f`` is run once, on Values that do not tell their numbers, and its program serves every call of that structure. A
    program is made anew when anything else changes that ``f`` reads: attributes of objects, classes and modules,
    arrays, closures, defaults, globals, the environment, also of the functions it calls or is given, and of modules
    what functions and texts have names for. Not followed, so that they stay as they were at the first call: what ``f``
    reads from files; what functions of Python and of installed packages read themselves, such as the working directory,
    ``np.errstate`` or the context of ``decimal``, if it is not of the package of ``f``; globals and modules by a name
    that is computed or, of globals, an argument; labels, mutable defaults that ``f`` changes itself, and what it does
    besides. Not noticed, and so to be avoided: numbers read in threads that ``f`` starts, Values looked up in sets and
    dicts (by identity, not by number), and branches on ``isinstance(x, float)``, since ``f`` sees Values.

    Parameters
    ----------
    f : callable
        Ordinary code over numbers, sequences, dicts, arrays or modules; it gives a number, or several.
    batched : str or sequence of str
        Names of the arguments whose first axis is examples. ``f`` itself takes one example.
    reduce : {"mean", "sum", None}
        What becomes of the results of the examples; None keeps each of them.
    verify : bool
        When a program is made, run ``f`` twice and refuse it if anything differs, and compare the program with the
        graph at independent numbers.
    threads : int
        How many threads share the examples of a call, where the C runtime runs it in lanes, or in tiles, see
        ``stats.kind``; of tiles up to eight. Results are the same to the last bit for any number of them. What NumPy
        runs has the threads of its products.

    Returns
    -------
    CompiledFunction
        Called like ``f``, with ``value_and_grad``, ``source``, ``explain()`` and ``stats``. Where Values take part, as
        arguments or found outside, or while another function is recorded, it is ``f`` itself: mapped over the rows and
        reduced, with all derivatives. ``grad``, ``value_and_grad``, ``jacobian``, ``hessian`` and ``hvp`` of it run
        compiled where all arguments are numbers.

    Raises
    ------
    CompileError
        When it is first called: if ``f`` reads a number or compares one, with the line; or if its path or its constants
        depend on what an earlier call left behind, or on chance, as they may where it draws from a random generator.

    Notes
    -----
    ``f`` is recorded once for each structure of its arguments: their nesting and shapes, and the integers, text and
    booleans in arguments that are not differentiated (the first one is, also where only the value is asked for).
    Another batch size does not record again. A leaf Value that ``f`` finds outside its arguments is read anew in each
    call, as are the parameters of a module, which count as numbers where the module is an argument. The programs of the
    last 32 structures are kept.

    Results agree with those of ``f`` to a few units in the last place of the largest term summed: sums are taken in
    another order, and ``prod`` of more than 16 factors. Where that overflows, or makes nan in some other way, a call
    gives what ``f`` does, by the engine; of examples with results of their own those alone are computed there. Where
    sums stay finite in another order alone, or some of more than 16 factors underflow together, nothing is noticed.

    Examples
    --------
    >>> import numpy as np
    >>> def loss(w, x, y):
    ...     return (sum(wi * xi for wi, xi in zip(w, x)) - y) ** 2
    >>> fast = compile(loss, batched=("x", "y"))
    >>> X, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 0.0])
    >>> fast.value_and_grad(np.array([1.0, -1.0]), X, y)
    (2.5, array([-5., -8.]))

    What each example has of its own, by its own numbers too:

    >>> each = compile(loss, batched=("x", "y"), reduce=None)
    >>> each.value_and_grad(np.array([1.0, -1.0]), X, y, argnums=1)
    (array([4., 1.]), array([[-4.,  4.],
           [-2.,  2.]]))
    """
    f = as_function(f, "compile")
    return CompiledFunction(f, (batched,) if isinstance(batched, str) else tuple(batched), reduce, verify, threads)


class CompiledFunction(Readable):
    """What :func:`compile` gives: a function with a program for each structure of its arguments."""

    def __init__(
        self, f: Callable[..., Any], batched: tuple[str, ...], reduce: str | None, verify: bool, threads: int = 1
    ) -> None:
        self._subject = subject = Subject(f, batched, reduce, verify, threads)
        self.__name__ = subject.name
        self.__doc__ = f.__doc__
        self.__signature__ = subject.signature
        self._programs = Programs(self._subject.environment)
        if not subject.signature.parameters and not is_recording():
            self._call((), {}, None)

    def __getstate__(self) -> dict[str, Any]:
        return {name: x for name, x in vars(self).items() if name != "_programs"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._programs = Programs(self._subject.environment)

    def _compiled_parts(self) -> list[Any]:
        """What this depends on, for :mod:`autograd.compiler.captured.state`."""
        return [self.f, self.batched, self.reduce]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value, as ``f`` gives it: a float, or several in the structure of the result; Values if any take part."""
        found = self._programs.serve((None, len(args), *kwargs, *map(type, args)), args, kwargs)
        if found is not None:
            return found
        if holds_values(args) or (kwargs and holds_values(kwargs)) or is_recording():
            return run_itself(self._subject, args, kwargs)
        call = self._call(args, kwargs, None)
        return value_of(call) if call.gives_numbers() else run_itself(self._subject, args, kwargs)

    def _number(self, *args: Any) -> Any:
        """The value as numbers, for those who will not differentiate it."""
        return value_of(self._call(args, {}, None))

    def value_and_grad(self, *args: Any, argnums: int | tuple[int, ...] = 0, **kwargs: Any) -> tuple[Any, Any]:
        """The value and its gradient, as numbers, Values in the arguments being taken for theirs.

        Parameters
        ----------
        *args, **kwargs
            As for the function.
        argnums : int or tuple of int
            Which argument to differentiate; a tuple gives a tuple of gradients.

        Returns
        -------
        value : float
            With ``reduce=None`` an array of shape ``(n,)``, the value of each of n examples.
        gradient
            In the shape of the argument, an array for an array; for a module one array, in the order of its
            ``parameters()``. With ``reduce=None`` every array in it has the n examples as its first axis, and is there
            for a number too: ``(n, *shape)``; of a batched argument ``shape`` is that of an example, since no other
            example's result depends on it.

        Raises
        ------
        NonFiniteError
            If the value is nan or infinite; the message names the example and the operation where that began.
        ValueError
            If ``argnums`` names an argument that there is not, or one twice.
        CompileError
            If a function around it is recorded or differentiated by one of the Values.
        """
        found: tuple[float, Any] | None = self._programs.serve(
            (argnums, len(args), *kwargs, *map(type, args)), args, kwargs
        )
        if found is not None:
            return found
        if tracing.active:
            refuse_while_recording(f"{self.__name__}.value_and_grad", NUMBERS)
        call = self._call(args, kwargs, argnums, self._wanted(autograd_value_and_grad, argnums))
        if variables.active:
            given = leaves_below(values_in([*args, *kwargs.values()]))
            if call.meets_variables() or any(map(is_variable, given)):
                raise CompileError(
                    f"{self.__name__}.value_and_grad gives numbers, and forgets how they depend on the variable of a "
                    f"transformation around it; {NUMBERS}"
                )
        if not call.ready().bare:
            raise CompileError(
                f"value_and_grad takes a function that gives one number, {self.__name__} gives several; "
                "sum them, or let reduce be 'mean' or 'sum'"
            )
        several = isinstance(argnums, tuple)
        self._remember(call, args, kwargs, autograd_value_and_grad, argnums, several)
        value, gradient = shaped(call, autograd_value_and_grad, several)
        return value, gradient

    def _call(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: int | tuple[int, ...] | None,
        wanted: Wanted | None = None,
    ) -> Call:
        call = self._taken_apart(args, kwargs, argnums, wanted)
        recorded = self._programs.get(call.key)
        if recorded is None:
            recorded = compiled(call)
            # What the function changed while it ran has not changed its graph.
            call = self._taken_apart(args, kwargs, argnums, wanted)
            self._programs.add(call, recorded)
        call.recorded = recorded
        if wanted is None:
            self._programs.last = recorded
            if argnums is None:
                self._programs.remember(call, args, kwargs, None, None)
        return call

    def _taken_apart(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: int | tuple[int, ...] | None,
        wanted: Wanted | None,
    ) -> Call:
        call = Call(self._subject, args, kwargs, argnums, wanted)
        while call.brings_names:
            self._subject.look_again()
            call = Call(self._subject, args, kwargs, argnums, wanted)
        return call
