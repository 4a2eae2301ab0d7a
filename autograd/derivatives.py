"""Derivatives of functions: from a function to the function that gives its gradient, Jacobian or Hessian.

The function is ordinary code over numbers. Its arguments may be floats, sequences, dicts or arrays of numbers, nested,
and derivatives come back in the same shape. Each transformation takes what another gives, to any order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import functions
from autograd.derivative import Derivative
from autograd.run_derivatives import as_matrix, differentiate_run, refuse_unused, single
from autograd.sparse import sparse_matrix
from autograd.trees import flatten
from autograd.value import Value
from autograd.variables import as_argnums, as_function, run_on_variables

__all__ = ["check_direction", "grad", "hessian", "hvp", "jacobian", "value_and_grad"]


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
    both = _value_and_gradient(_function(f, "grad", argnums), argnums, strict, "grad")

    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return Derivative(gradient, grad, f, {"argnums": argnums, "strict": strict}, f)


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
    both = _value_and_gradient(_function(f, "value_and_grad", argnums), argnums, strict, "value_and_grad")
    return Derivative(both, value_and_grad, f, {"argnums": argnums, "strict": strict}, f)


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

    call = _compiled(_function(f, "jacobian", argnums), jacobian, argnums, rows, sparse)
    return Derivative(call, jacobian, f, {"argnums": argnums, "sparse": sparse}, f)


def hessian(f: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *, sparse: bool = False) -> Callable[..., Any]:
    """The function that gives the matrix of second derivatives of ``f``, symmetric to the last bit.

    Parameters
    ----------
    f : callable
        Gives one number.
    argnums : int or tuple of int
        As for :func:`grad`.
    sparse : bool
        Whether to give a sparse array of SciPy, as :func:`jacobian` does.

    Returns
    -------
    callable
        For an array of shape ``s``: one array of shape ``(*s, *s)``. Otherwise the shape of the argument, with that
        shape in the place of each number. Of a compiled function with ``reduce=None`` that of each of the n examples:
        ``(n, *s, *s)``, with the shape of one example if the argument is batched. Of the mean or the sum of n examples
        it has ``(n, *s, n, *s)`` then, most of them zero: ``sparse`` leaves those out.

    Notes
    -----
    The gradient is recorded and each of its entries differentiated with respect to the inputs up to its own, below
    which the matrix is mirrored. Only what an entry depends on is visited: a sparse Hessian costs its non-zeros.

    Examples
    --------
    >>> hessian(lambda p: p[0] ** 2 * p[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """

    def matrix(*args: Any, **kwargs: Any) -> Any:
        run = run_on_variables(f, argnums, args, kwargs, "hessian")
        slopes = differentiate_run(single(run, "hessian"), run._replace(keep=True))
        if sparse:
            return sparse_matrix(run, slopes, symmetric=True)
        lower = [differentiate_run(slope, run, upto=i + 1) for i, slope in enumerate(slopes)]
        places = range(len(lower))
        rows = [[lower[max(i, j)][min(i, j)] for j in places] for i in places]
        return as_matrix(rows, run.argument, run.rebuild, run)

    call = _compiled(_function(f, "hessian", argnums), hessian, argnums, matrix, sparse)
    return Derivative(call, hessian, f, {"argnums": argnums, "sparse": sparse}, f)


def hvp(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function ``(x, v, ...) -> H(x) v``, the Hessian of ``f`` times a vector, without forming the Hessian.

    ``v`` has the shape of ``x``, and so has the result; of a compiled function with ``reduce=None`` that of each of the
    n examples, ``(n, *x.shape)``, unless ``x`` are examples itself. What else ``f`` takes, data for instance, follows.

    Raises
    ------
    ValueError
        If ``v`` is not as long as ``x``.
    NonFiniteError
        If ``f`` or its gradient is nan or infinite there.

    References
    ----------
    Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).

    Examples
    --------
    >>> hvp(lambda p: p[0] ** 2 * p[1])([3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]
    """

    def product(x: Any, v: Any, *args: Any, **kwargs: Any) -> Any:
        run = run_on_variables(f, 0, (x, *args), kwargs, "hvp")
        direction, _ = flatten(v, "hvp takes a vector whose every entry is")
        check_direction(direction, len(run.variables))
        slopes = differentiate_run(single(run, "hvp"), run._replace(keep=True))
        along = functions.dot(slopes, direction)
        keep = run.keep or any(isinstance(entry, Value) for entry in direction)
        return run.rebuild(differentiate_run(along, run._replace(keep=keep)))

    return Derivative(_compiled(_function(f, "hvp"), hvp, 0, product), hvp, f, {}, product)


def _function(f: Callable[..., Any], name: str, argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """``f``, unless it is none; ``argnums`` is looked at before any argument comes, too."""
    as_argnums(argnums, name)
    return as_function(f, name)


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

    return both if strict else _compiled(f, value_and_grad, argnums, both)


def _compiled(
    f: Callable[..., Any],
    transform: Callable[..., Any],
    argnums: int | tuple[int, ...],
    general: Callable[..., Any],
    sparse: bool = False,
) -> Callable[..., Any]:
    """``general``, or of a compiled function what runs compiled wherever its arguments are numbers."""
    derivative = getattr(type(f), "_derivative", None)
    return general if derivative is None else derivative(f, transform, argnums, general, sparse)


def check_direction(direction: Sequence[Any], count: int) -> None:
    """Refuse a vector that is not as long as what it is multiplied with."""
    if len(direction) != count:
        raise ValueError(f"hvp takes a vector as long as x, {count} numbers, got {len(direction)}")
