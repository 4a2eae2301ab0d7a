"""Second derivatives of functions: the Hessian, and its product with a vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, overload

from autograd import functions
from autograd.derivative import Derivative, checked, compiled_or
from autograd.run_derivatives import as_matrix, differentiate_run, single
from autograd.signatures import Compiled, Matrix, Product
from autograd.sparse import sparse_matrix
from autograd.trees import flatten
from autograd.value import Value
from autograd.variables import run_on_variables

__all__ = ["check_direction", "hessian", "hvp"]


@overload
def hessian(f: Compiled, argnums: int | tuple[int, ...] = 0, *, sparse: bool = False) -> Callable[..., Any]: ...
@overload
def hessian(f: Callable[..., Any], argnums: Literal[0] = 0, *, sparse: Literal[False] = False) -> Matrix: ...
@overload
def hessian(
    f: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *, sparse: bool = False
) -> Callable[..., Any]: ...
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

    call = compiled_or(checked(f, "hessian", argnums), hessian, argnums, matrix, sparse)
    return Derivative(call, hessian, f, {"argnums": argnums, "sparse": sparse}, f)


@overload
def hvp(f: Compiled) -> Callable[..., Any]: ...
@overload
def hvp(f: Callable[..., Any]) -> Product: ...
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

    return Derivative(compiled_or(checked(f, "hvp"), hvp, 0, product), hvp, f, {}, product)


def check_direction(direction: Sequence[Any], count: int) -> None:
    """Refuse a vector that is not as long as what it is multiplied with."""
    if len(direction) != count:
        raise ValueError(f"hvp takes a vector as long as x, {count} numbers, got {len(direction)}")
