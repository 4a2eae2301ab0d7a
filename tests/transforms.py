"""The transformations, each as a function of a function of one argument and of a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import grad, hessian, hvp, jacobian, value_and_grad

OF_ONE: dict[str, Callable[[Callable[..., Any], Any], Any]] = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x)[1],
    "jacobian": lambda f, x: jacobian(f)(x),
    "hessian": lambda f, x: hessian(f)(x),
    "hvp": lambda f, x: hvp(f)(x, x),
}
