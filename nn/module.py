"""``Module``: a thing with parameters, found by the attributes that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd import Value

__all__ = ["Module"]


class _NamesItsParts(type):
    """After a module is built, its parts learn their dotted names, which error messages and labels use."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        module = super().__call__(*args, **kwargs)
        layers = 0
        for name, part in module.named_modules():
            layers = part._take_place(name, layers)
        return module


class Module(metaclass=_NamesItsParts):
    """Base of everything with parameters.

    A subclass assigns Values and modules to attributes, alone or in lists, tuples, dicts and object arrays, and defines
    ``__call__``. Every leaf found so is a parameter; a Value that an operation made is not. The order is that of
    definition, and one that is reached twice counts once, under its first name.

    Examples
    --------
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.intercept = Value(2.0), Value(-1.0)
    ...
    ...     def __call__(self, x):
    ...         return self.slope * x + self.intercept
    >>> line = Line()
    >>> [name for name, _ in line.named_parameters()]
    ['slope', 'intercept']
    >>> line(3.0).data
    5.0
    """

    _name = ""  # its place in the model it is a part of, such as 'layers.0.neurons.2'

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter with its dotted name, such as ``layers.0.neurons.2.weights.1``."""
        return [(name, part) for name, part in _parts(self) if isinstance(part, Value) and part.op is None]

    def parameters(self) -> list[Value]:
        """Every parameter, in the order of :meth:`named_parameters`."""
        return [value for _, value in self.named_parameters()]

    def named_modules(self) -> list[tuple[str, Module]]:
        """The module itself, named ``""``, and every module inside it, a container before its parts."""
        return [(name, part) for name, part in _parts(self) if isinstance(part, Module)]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def _take_place(self, name: str, layers: int) -> int:
        """Learn a dotted name; give the number of layers so far, itself included if it is one."""
        self._name = name
        return layers


def _parts(root: Module) -> Iterator[tuple[str, Any]]:
    """Modules and Values below ``root``, itself first, in definition order, each once, with dotted names."""
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        name, part = stack.pop()
        if id(part) in seen:
            continue
        if isinstance(part, Module):
            inside = vars(part).items()
        elif isinstance(part, dict):
            inside = part.items()
        elif isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.dtype == object and part.ndim):
            inside = enumerate(part)  # type: ignore[assignment]
        else:
            if isinstance(part, Value):
                seen.add(id(part))
                yield name, part
            continue
        seen.add(id(part))
        if isinstance(part, Module):
            yield name, part
        stack.extend(reversed([(f"{name}.{key}" if name else str(key), x) for key, x in inside]))
