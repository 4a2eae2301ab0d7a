"""``Module``: a thing with parameters, found by the attributes that hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.convert import as_float, describe
from autograd.shown import Shown
from nn.checks import Array, as_examples
from nn.model.forward import forward
from nn.model.tree import Tree, named_values, parts, values_of

__all__ = ["Module"]


class _NamesItsParts(type):
    """After a module is built, its parts learn their dotted names, which error messages and labels use."""

    if not TYPE_CHECKING:  # for which a class is called with what its __init__ takes

        @property
        def __signature__(cls) -> Signature:
            taken = signature(cls.__init__)
            return Signature(list(taken.parameters.values())[1:])

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            module = super().__call__(*args, **kwargs)
            layers = 0
            for name, part in module.named_modules():
                layers = part._take_place(name, layers)
            return module


class Module(Tree, Shown, metaclass=_NamesItsParts):
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
    _is_unit = False  # shown without its parts

    if TYPE_CHECKING:  # a subclass says what it is called with
        __call__: Callable[..., Any]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter with its dotted name, such as ``layers.0.neurons.2.weights.1``."""
        return [(name, value) for name, value in named_values(self) if value._made_by is None]

    def parameters(self) -> list[Value]:
        """Every parameter, in the order of :meth:`named_parameters`."""
        return [value for value in values_of(self) if value._made_by is None]

    def named_modules(self) -> list[tuple[str, Module]]:
        """The module itself, named ``""``, and every module inside it, a container before its parts."""
        return [(name, part) for name, part in parts(self) if isinstance(part, Module)]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter by its dotted name."""
        return {name: value.data for name, value in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Set every parameter to its number in ``state``, which has exactly the names of :meth:`state_dict`.

        Raises
        ------
        ValueError
            If a name is missing or unknown; nothing is changed then.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"load_state_dict takes a dict of numbers by name, got {describe(state)}")
        parameters = dict(self.named_parameters())
        missing = [name for name in parameters if name not in state]
        unknown = [name for name in state if name not in parameters]
        if missing or unknown:
            faults = [("lacks", missing), ("has the unknown", unknown)]
            found = [f"{verb} {_some(names)}" for verb, names in faults if names]
            raise ValueError(
                f"a state for this {type(self).__name__} has its {len(parameters)} parameter names, got one that "
                f"{' and '.join(found)}; build the model with the sizes it was saved with"
            )
        numbers = {name: as_float(state[name], f"parameter {name!r} takes") for name in parameters}
        for name, value in parameters.items():
            value.data = numbers[name]

    def predict(self, X: Any) -> Array:
        """Outputs for many examples, as plain numbers: what calling the module on each row gives, to rounding.

        Parameters
        ----------
        X : array_like
            Shape (examples, inputs); for a single input (examples,) will do.

        Returns
        -------
        array
            Shape (examples, outputs), and (examples,) where the module gives a single number.

        Notes
        -----
        A few rows are called one by one, more run as a compiled program of ``__call__``, which is held to the call
        itself at the first row each time. A module whose call cannot be compiled, or that replaces its own attributes
        as it is called, is called row by row, in order.
        """
        return forward(self, as_examples(X))

    def __repr__(self) -> str:
        rows: list[tuple[str, str, int]] = []
        unit: str | None = None
        for name, part in self.named_modules():
            if unit is None or not name.startswith(unit):
                unit = f"{name}." * bool(name) if part._is_unit else None
                rows.append((name, part._summary(), len(part.parameters())))
        (_, summary, count), *parts = rows
        names = max((len(name) for name, _, _ in parts), default=0)
        summaries = max((len(text) for _, text, _ in parts), default=0)
        lines = [f"  {name:<{names}}  {summary:<{summaries}}  {size:>6}" for name, summary, size in parts]
        return "\n".join([f"{summary}: {count} parameter{'s' * (count != 1)}", *lines])

    def _summary(self) -> str:
        return type(self).__name__

    def _take_place(self, name: str, layers: int) -> int:
        """Learn a dotted name; give the number of layers so far, itself included if it is one."""
        self._name = name
        return layers


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]!r}{more}"
