"""What micrograd gets wrong: a second ``backward()``, two losses over one node, and 2,000 additions in a row."""

from micrograd.engine import Value

from autograd.testing import check


def gradient(losses, x):
    leaf = Value(x)
    [loss.backward() for loss in losses(leaf)]
    return leaf.grad


print(check(lambda x: 2 * x**3, lambda x: gradient(lambda v: [y := v * v * v, y], x), at=3.0))
print(check(lambda x: 5 * x**2, lambda x: gradient(lambda v: [2 * (y := v * v), 3 * y], x), at=3.0))
try:
    check(lambda x: 2000 * x, lambda x: gradient(lambda v: [sum([v] * 2000)], x), at=3.0)
except RecursionError as error:
    print(error)
