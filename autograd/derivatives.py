"""Derivatives of functions: from a function to the function that gives its gradient or its Jacobian.

The function is ordinary code over numbers. Its arguments may be floats, sequences, dicts or arrays of numbers, nested,
and derivatives come back in the same shape. Each transformation takes what another gives, to any order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, overload

import numpy.typing as npt

from autograd.derivative import Derivative, checked, compiled_or
from autograd.run_derivatives import as_matrix, differentiate_run, refuse_unused, single
from autograd.signatures import (
    ArrayJacobian,
    Compiled,
    Gradient,
    ListJacobian,
    ValueAndGradient,
)
from autograd.sparse import sparse_matrix
from autograd.value import Value
from autograd.variables import run_on_variables

__all__ = ["grad", "jacobian", "value_and_grad"]


@overload
def grad(f: Compiled, argnums: int | tuple[int, ...] = 0, *, strict: bool = False) -> Callable[..., Any]: ...
@overload
def grad(f: Callable[..., Any], argnums: Literal[0] = 0, *, strict: bool = False) -> Gradient: ...
@overload
def grad(
    f: Callable[..., Any], argnums: tuple[int, ...], *, strict: bool = False
) -> Callable[..., tuple[Any, ...]]: ...
@overload
def grad(f: Callable[..., Any], argnums: int, *, strict: bool = False) -> Callable[..., Any]: ...
def grad(f: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *, strict: bool = False) -> Callable[..., Any]:
    """The function that gives the gradient of ``f``.

    Parameters
    ----------
    f : callable
        Gives one number. Its arguments may be numbers, sequences, dicts or arrays, nested.
    argnums : int or tuple of int
        Which positional argument to differentiate, the first by default; a tuple gives a tuple of gradients.
    strict : bool
        Refuse an input that the result does not depend on, instead of giving 0.0 for it.

    Returns
    -------
    callable
        Takes what ``f`` takes, and gives the derivative in the shape of the argument: floats; or Values where a Value
        takes part that ``f`` did not make, as an argument or found outside. Where numbers are wanted all the same, as
        by SciPy, ``autograd.data(grad(f)(x))`` gives them. It has the name and the signature of ``f``. Of a compiled
        function it runs compiled, by batched arguments too; with ``reduce=None`` it gives that of each of the n
        examples, ``(n, *input.shape)``, where the input, if it is batched, is one example.

    Raises
    ------
    TypeError
        If the result is not one number; use :func:`jacobian`.
    NonFiniteError
        If the result is nan or infinite; the message names the operation where that began.

    Examples
    --------
    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda p: p["a"] * p["b"][1])({"a": 2.0, "b": [5.0, 7.0]})
    {'a': 7.0, 'b': [0.0, 2.0]}
    """
    both = _value_and_gradient(checked(f, "grad", argnums), argnums, strict, "grad")

    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return Derivative(gradient, grad, f, {"argnums": argnums, "strict": strict}, f)


@overload
def value_and_grad(
    f: Compiled, argnums: int | tuple[int, ...] = 0, *, strict: bool = False
) -> Callable[..., tuple[Any, Any]]: ...
@overload
def value_and_grad(f: Callable[..., Any], argnums: Literal[0] = 0, *, strict: bool = False) -> ValueAndGradient: ...
@overload
def value_and_grad(
    f: Callable[..., Any], argnums: tuple[int, ...], *, strict: bool = False
) -> Callable[..., tuple[Any, tuple[Any, ...]]]: ...
@overload
def value_and_grad(f: Callable[..., Any], argnums: int, *, strict: bool = False) -> Callable[..., tuple[Any, Any]]: ...
def value_and_grad(
    f: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *, strict: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """The function that gives the value of ``f`` and its gradient, for the price of one.

    Parameters
    ----------
    f, argnums, strict
        As for :func:`grad`.

    Returns
    -------
    callable
        Gives the pair ``(value, gradient)``; errors are those of :func:`grad`.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.optimize import minimize
    >>> rosenbrock = lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    >>> found = minimize(value_and_grad(rosenbrock), np.array([-1.2, 1.0]), jac=True)
    >>> bool(np.allclose(found.x, [1.0, 1.0]))
    True
    """
    both = _value_and_gradient(checked(f, "value_and_grad", argnums), argnums, strict, "value_and_grad")
    return Derivative(both, value_and_grad, f, {"argnums": argnums, "strict": strict}, f)


@overload
def jacobian(f: Compiled, argnums: int | tuple[int, ...] = 0, *, sparse: bool = False) -> Callable[..., Any]: ...
@overload
def jacobian(
    f: Callable[..., npt.NDArray[Any]], argnums: Literal[0] = 0, *, sparse: Literal[False] = False
) -> ArrayJacobian: ...
@overload
def jacobian(
    f: Callable[..., Value | float], argnums: Literal[0] = 0, *, sparse: Literal[False] = False
) -> Gradient: ...
@overload
def jacobian(
    f: Callable[..., list[Value] | list[float] | list[Value | float]],
    argnums: Literal[0] = 0,
    *,
    sparse: Literal[False] = False,
) -> ListJacobian: ...
@overload
def jacobian(
    f: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *, sparse: bool = False
) -> Callable[..., Any]: ...
def jacobian(f: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *, sparse: bool = False) -> Callable[..., Any]:
    """The function that gives the derivative of every number in the result of ``f``.

    Parameters
    ----------
    f : callable
        Gives numbers: one, or a sequence, dict or array of them, nested.
    argnums : int or tuple of int
        As for :func:`grad`.
    sparse : bool
        Whether to give a sparse array of SciPy, which then has to be installed.

    Returns
    -------
    callable
        For arrays in and out: one array of shape ``(*output.shape, *input.shape)``. Otherwise the shape of the
        result, with the shape of the argument in the place of each number. Of a compiled function with ``reduce=None``
        that of each of the n examples: ``(n, *input.shape)`` if it gives a number, ``(n, m, *input.shape)`` if it gives
        m of them; the input, if it is batched, is one example.

        If ``sparse``: a ``scipy.sparse.csr_array`` with a row for each number of the result and a column for each
        number of the arguments, both in order. It holds the entries that are not zero wherever they are: those that
        happen to be zero at some numbers too, so that its pattern is always the same.

    Notes
    -----
    Each row is a pass of its own, through nothing but what that number is computed from.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])

    It is the ``jac`` of SciPy's ``least_squares``:

    >>> from scipy.optimize import least_squares
    >>> t, y = np.linspace(0, 1, 5), 3 * np.exp(-2 * np.linspace(0, 1, 5))
    >>> residuals = lambda p: p[0] * np.exp(p[1] * t) - y
    >>> fit = least_squares(residuals, [1.0, -1.0], jac=jacobian(residuals))
    >>> bool(np.allclose(fit.x, [3.0, -2.0]))
    True
    """

    def rows(*args: Any, **kwargs: Any) -> Any:
        run = run_on_variables(f, argnums, args, kwargs, "jacobian")
        if sparse:
            return sparse_matrix(run, run.outputs)
        return as_matrix([differentiate_run(y, run) for y in run.outputs], run.output, run.shape, run)

    call = compiled_or(checked(f, "jacobian", argnums), jacobian, argnums, rows, sparse)
    return Derivative(call, jacobian, f, {"argnums": argnums, "sparse": sparse}, f)


def _value_and_gradient(
    f: Callable[..., Any], argnums: int | tuple[int, ...], strict: bool, name: str
) -> Callable[..., tuple[Any, Any]]:
    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = run_on_variables(f, argnums, args, kwargs, name)
        y = single(run, name)
        if strict:
            refuse_unused(y, run, name)
        value = y._data if isinstance(y, Value) and not run.keep else y
        return value, run.rebuild(differentiate_run(y, run))

    return both if strict else compiled_or(f, value_and_grad, argnums, both)
