"""A backward pass by hand, right and with three faults: a sign, 0.1 % too much, ``tanh'`` of the wrong number."""

import numpy as np
from hypothesis import settings

from autograd.errors import GradientError
from autograd.testing import arrays, assert_gradient

settings.register_profile("example", derandomize=True)
settings.load_profile("example")

loss = lambda w: np.sum(np.tanh(w) ** 2)
right = lambda w: 2 * np.tanh(w) * (1 - np.tanh(w) ** 2)
print(assert_gradient(loss, right, inputs=arrays(3)))
for wrong in (lambda w: -right(w), lambda w: 1.001 * right(w), lambda w: 2 * np.tanh(w) * (1 - w**2)):
    try:
        assert_gradient(loss, wrong, inputs=arrays(3))
    except GradientError as error:
        print(error)
