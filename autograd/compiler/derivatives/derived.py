"""Derivatives of compiled functions: compiled where all arguments are numbers, the function's own elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from autograd.compiler.calls.arguments import holds_values
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.programs import Programs
from autograd.compiler.calls.subject import Subject
from autograd.compiler.derivatives.each import each_example
from autograd.compiler.derivatives.shaped import finishing, pattern_of, shaped
from autograd.compiler.program.entries import Pattern, Wanted
from autograd.derivatives import jacobian, value_and_grad
from autograd.second_derivatives import hessian, hvp
from autograd.tracing import is_recording
from autograd.variables import positions

__all__ = ["Derivable"]


class Derivable(ABC):
    """A compiled function as the transformations see it."""

    _subject: Subject
    _programs: Programs

    @abstractmethod
    def _call(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: int | tuple[int, ...] | None,
        wanted: Wanted | None = None,
    ) -> Call:
        """A call with its program."""

    def pattern(self, *args: Any, argnums: int | tuple[int, ...] = 0, order: int = 1, **kwargs: Any) -> Pattern:
        """Which derivatives are not zero wherever they are, read off the graph; ``viz.plot_pattern`` draws it.

        Parameters
        ----------
        *args, **kwargs, argnums
            As for the function; the numbers in them do not matter, their structure does.
        order : {1, 2}
            1 for the Jacobian, a row for each result; 2 for the Hessian of the one result.

        Examples
        --------
        >>> from autograd import compile
        >>> found = compile(lambda x: [x[0] * x[1], 2.0 * x[1]]).pattern([1.0, 1.0])
        >>> found.shape, found.rows.tolist(), found.columns.tolist(), found.is_constant.tolist()
        ((2, 2), [0, 0, 1], [0, 1, 1], [False, False, True])
        """
        if order not in (1, 2):
            raise ValueError(f"order is 1 for a Jacobian or 2 for a Hessian, got {order!r}")
        call = self._call(args, kwargs, argnums, Wanted(order))
        if order == 2 and not call.recorded.bare:
            raise TypeError(
                f"a Hessian is that of one number, {self._subject.name} gives several; use order=1, or sum them"
            )
        return pattern_of(call, order == 2)

    def _derivative(
        self,
        transform: Callable[..., Any],
        argnums: int | tuple[int, ...],
        general: Callable[..., Any],
        sparse: bool = False,
    ) -> Callable[..., Any]:
        """The derivative that ``transform`` gives of this function: compiled where all arguments are numbers.

        Parameters
        ----------
        transform : callable
            ``value_and_grad``, ``jacobian``, ``hessian`` or ``hvp``. Of a mean or a sum over examples it is one matrix,
            elsewhere one of each example.
        argnums : int or tuple of int
        general : callable
            The same derivative of the function itself, for everything else: Values, results that are not finite.
        sparse : bool
            Whether a matrix is wanted as SciPy's sparse arrays.
        """
        if sparse and self._subject.by_example:
            raise ValueError(
                f"{transform.__name__} with sparse=True gives one matrix, and {self._subject.name} has reduce=None, "
                "one for each example; leave sparse out, or let reduce be 'mean' or 'sum'"
            )

        def derivative(*args: Any, **kwargs: Any) -> Any:
            along = transform is hvp
            if not (along or sparse):
                asked = ((transform, argnums), len(args), *kwargs, *map(type, args))
                known = self._programs.serve(asked, args, kwargs)
                if known is not None:
                    return known
            given, direction = ((args[0], *args[2:]), args[1]) if along and len(args) > 1 else (args, None)
            found = None
            if not along or direction is not None:
                found = self._at_numbers(transform, argnums, sparse, given, kwargs, direction)
            if found is not None:
                return found
            if self._subject.by_example and (direction is not None or not along):
                return each_example(self._subject, transform, argnums, given, kwargs, direction)
            return general(*args, **kwargs)

        return derivative

    def _wanted(self, transform: Callable[..., Any], argnums: Any, sparse: bool = False) -> Wanted | None:
        """What a derivative is recorded as: entries, but for the gradient of one number, which comes with the value."""
        names = [*self._subject.signature.parameters]
        chosen = argnums if isinstance(argnums, tuple) else (argnums,)
        known = [k for k in chosen if isinstance(k, int) and -len(names) <= k < len(names)]
        by_examples = any(names[k] in self._subject.batched for k in known)
        if transform is value_and_grad and not (self._subject.by_example or by_examples):
            return None
        order = 2 if transform in (hessian, hvp) else 1
        return Wanted(order, transform is hvp, not sparse, transform is value_and_grad)

    def _at_numbers(
        self,
        transform: Callable[..., Any],
        argnums: int | tuple[int, ...],
        sparse: bool,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        direction: Any,
    ) -> Any:
        """A derivative where all is numbers, else None."""
        several = isinstance(argnums, tuple)
        chosen = tuple(positions(argnums, len(args), transform.__name__))
        if is_recording() or any(map(holds_values, (args, kwargs, (direction,)))):
            return None
        call = self._call(args, kwargs, chosen, self._wanted(transform, chosen, sparse))
        if not call.gives_numbers() or (transform is not jacobian and not call.recorded.bare):
            return None
        if not sparse and direction is None:
            self._remember(call, args, kwargs, transform, (transform, argnums), several)
        return shaped(call, transform, several, sparse, direction)

    def _remember(
        self,
        call: Call,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        transform: Callable[..., Any],
        asked: Any,
        several: bool,
    ) -> None:
        """Let calls for a derivative, like this one, find their way by themselves."""
        finish = finishing(call, transform, several)
        gradients = None if call.wanted else "tuple" if several else "one"
        if finish or gradients:
            self._programs.remember(call, args, kwargs, asked, gradients, finish)
