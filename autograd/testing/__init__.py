"""Strategies and oracles, for this library and for others.

=====================  ================================================================================================
to draw inputs
---------------------  ------------------------------------------------------------------------------------------------
``expressions``        random expressions over operations you choose, with inputs from their domains
``arguments``          inputs for one operation; ``inside`` for an interval; ``MODERATE``, ``ANY_FLOAT``
``arrays``             of a shape; ``networks``: weights and biases; ``samples``: inputs and targets
``programs``           the module: functions as text, with loops, sharing and closures, for who tests a compiler
=====================  ================================================================================================

=====================  ================================================================================================
oracles                none looks at a partial derivative
---------------------  ------------------------------------------------------------------------------------------------
``high_precision``     50 digits, ``complex_step``, ``finite_difference``, and ``exact``, the module: of expressions
=====================  ================================================================================================

It needs Hypothesis and mpmath, ``pip install 'scalar-autograd[testing]'``; ``import autograd`` does not import it.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401
    import mpmath as _mpmath  # noqa: F401
except ImportError as error:
    raise ImportError(
        f"autograd.testing needs hypothesis and mpmath, and there is no {error.name}; "
        "run: pip install 'scalar-autograd[testing]'"
    ) from error

from autograd.testing.expressions import Expression, Step
from autograd.testing.oracles import complex_step, finite_difference, high_precision
from autograd.testing.strategies import (
    ANY_FLOAT,
    DIFFERENTIABLE,
    MODERATE,
    arguments,
    arrays,
    expressions,
    inside,
    networks,
    samples,
)

__all__ = [
    "ANY_FLOAT",
    "DIFFERENTIABLE",
    "MODERATE",
    "Expression",
    "Step",
    "arguments",
    "arrays",
    "complex_step",
    "expressions",
    "finite_difference",
    "high_precision",
    "inside",
    "networks",
    "samples",
]
