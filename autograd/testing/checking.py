"""Any library's gradient against what the function itself does: right, wrong, or too noisy to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.convert import describe
from autograd.errors import OperandError
from autograd.testing.judging import judged
from autograd.testing.outcomes import Check, Entry
from autograd.testing.points import Point

__all__ = ["check", "entries"]


def check(f: Callable[..., Any], grad: Callable[..., Any], at: Any) -> Check:
    """Whether ``grad`` is the gradient of ``f`` at a point.

    Parameters
    ----------
    f : callable
        From a point to one number. Any library will do: only numbers go in and come out, among them an array, tensor or
        scalar object with one entry.
    grad : callable
        From a point to its derivatives, in the shape of the point. ``None`` for a part stands for zeros.
    at : float, list, array or dict, or a tuple of several arguments
        Where. A tuple is several arguments, ``f(*at)``, and ``grad(*at)`` gives as many parts. Ints become floats.

    Returns
    -------
    Check
        Its ``outcome`` is ``"right"``, ``"wrong"`` or ``"too noisy to tell"``; printed, it is one line.

    Raises
    ------
    GradientError
        If the gradient has another shape than the point.

    Notes
    -----
    *Wrong*: outside the bound of :func:`autograd.testing.slope`, on which noise, rounding, kinks and the width of the
    windows are measured, and half the digits of the gradient's own number type beside it; at a kink, outside the slopes
    to its two sides; and no run in 150 digits says otherwise. *Right*: inside, where bound and allowance together are
    less than a millionth of the steepest secant nearby (a thousandth for single precision). *Too noisy to tell*: the
    rest, with the reason. A derivative that is far smaller than that secant is held to half of its own digits, too,
    unless it strays as far from a smooth curve nearby, by its own rounding; where that may be but does not show, it is
    too noisy to tell. ``grad`` is called twice, and each call must be right, since some libraries add
    up what earlier calls left behind.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.testing import check
    >>> f = lambda x: np.sum(np.sin(x) * x)
    >>> check(f, lambda x: np.sin(x) + x * np.cos(x), at=np.array([0.5, 2.0])).outcome
    'right'
    >>> print(check(lambda x, y: x * y**2, lambda x, y: (y**2, -2 * x * y), at=(3.0, 0.5)))
    wrong: the derivative by y at (3.0, 0.5) is -3, but f changes by 3 ± 2e-16: the sign is wrong
    """
    return Check(at, tuple(entries(f, grad, Point(at, f))))


def entries(
    f: Callable[..., Any], grad: Callable[..., Any], point: Point, closely: bool = True, suspect: str = ""
) -> Iterator[Entry]:
    """What :func:`check` finds, one derivative after the other, that at the place ``suspect`` first.

    Unless ``closely``, those that rounding hides are not looked at so many times that it averages out.
    """
    for name, given in (("f", f), ("grad", grad)):
        if not callable(given):
            raise OperandError(f"a check takes a function for {name}, got {describe(given)}; write lambda x: ...")
    derivatives = [point.gradient(grad), point.gradient(grad)]
    pairs = [*enumerate(zip(*derivatives, strict=True))]
    for k, pair in sorted(pairs, key=lambda item: item[1][0].place != suspect):
        with np.errstate(all="ignore"):  # a step may leave the domain
            entry = judged(f, grad, point, k, pair, closely)
        yield entry
