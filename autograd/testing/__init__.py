"""Proofs for any library's gradients: NumPy by hand, PyTorch, JAX, CasADi, micrograd, or this one.

=====================  ================================================================================================
to check a gradient
---------------------  ------------------------------------------------------------------------------------------------
``check``              one point: each derivative is right, wrong, or too noisy to tell; printed, it is one line
``assert_gradient``    many points, drawn by a Hypothesis strategy; a failure is shrunk to the smallest input
``assert_expressions`` an engine against 50 digits on random expressions; a failure is the smallest, ready to paste
``check_forward``      a forward mode against a reverse mode
``check_symmetry``     a gradient against itself: second derivatives have no order
``remainder_order``    how fast the remainder of Taylor's formula falls: 2 for a gradient, 1 for anything else
``slope``              the derivative by finite differences, with a bound that is computed
---------------------  ------------------------------------------------------------------------------------------------
to draw inputs
---------------------  ------------------------------------------------------------------------------------------------
``expressions``        random expressions over operations you choose, with inputs from their domains
``arguments``          inputs for one operation; ``inside`` for an interval; ``MODERATE``, ``ANY_FLOAT``
``arrays``             of a shape; ``networks``: weights and biases; ``samples``: inputs and targets
``programs``           the module: functions as text, with loops, sharing and closures, for who tests a compiler
---------------------  ------------------------------------------------------------------------------------------------
oracles                none looks at a partial derivative
---------------------  ------------------------------------------------------------------------------------------------
``slope``              floats of any function, windows of many widths
``precise_slope``      150 digits, for a function that is generic in its numbers
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

from autograd.testing.asserting import Count, TooNoisyError, assert_expressions, assert_gradient
from autograd.testing.checking import check
from autograd.testing.consistency import check_forward, check_symmetry, remainder_order
from autograd.testing.estimates import Estimate, slope
from autograd.testing.expressions import Expression, Step
from autograd.testing.oracles import complex_step, finite_difference, high_precision
from autograd.testing.outcomes import Check, Entry, Outcome
from autograd.testing.precise import precise_slope
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
    "Check",
    "Count",
    "Entry",
    "Estimate",
    "Expression",
    "Outcome",
    "Step",
    "TooNoisyError",
    "arguments",
    "arrays",
    "assert_expressions",
    "assert_gradient",
    "check",
    "check_forward",
    "check_symmetry",
    "complex_step",
    "expressions",
    "finite_difference",
    "high_precision",
    "inside",
    "networks",
    "precise_slope",
    "remainder_order",
    "samples",
    "slope",
]
