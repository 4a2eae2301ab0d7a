"""The text of array programs, in full: what a reader of ``program.source`` and ``program.explain()`` sees."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import compile, dot, exp, sigmoid, softplus, tanh, values
from autograd.compiler import compile_tape, record


def lowered(f, reduce="sum", weights=(1.0, 2.0), image=((1.0,),), others=()):
    """The array program of a function of weights, an image and other numbers."""
    w, x, u = values(np.array(weights)), values(np.array(image)), values(np.array(others))
    outputs = f(w, x, u)
    tape = record(outputs if isinstance(outputs, list) else [outputs], list(w), list(u), [x.ravel()] if x.size else [])
    return compile_tape(tape, [("x", x.shape)] if x.size else [], reduce, kind="arrays")


LAYER = """\
from numpy import add, array, dot, empty, multiply, ones, subtract, tanh

def bind(theta, gradient, fixed, counts, constants, indices, batch_size):
    numbers = empty(2)
    batch = empty((12, batch_size))
    # parameters
    W1 = theta[0:6].reshape(3, 2)
    b1 = theta[6:9][:, None]
    # derivatives
    g_b1 = gradient[6:9]
    g_W1 = gradient[0:6].reshape(3, 2)
    # what is computed
    v1 = batch[0:3]
    v2 = batch[3:6]
    v3 = numbers[0:1]
    v2_1x3 = batch[3:6].reshape(1, 3, batch_size)
    v4 = numbers[1:2]
    v5 = batch[6:9]
    g_v1 = batch[9:12]
    # numbers
    inverse_count = counts[1:2]
    inverse_count_column = counts[1:2][:, None]
    # scratch space, numbers and indices
    one = array(1.0)
    ones_of_batch = ones(batch_size)

    def value(x):
        x = x.T
        dot(W1, x, out=v1)
        add(v1, b1, out=v1)
        tanh(v1, out=v2)
        add.reduce(v2_1x3, (1, 2), None, v3)
        multiply(inverse_count, v3, out=v4)
        return v4.item()

    def value_and_grad(x):
        x = x.T
        x_T = x.T
        dot(W1, x, out=v1)
        add(v1, b1, out=v1)
        tanh(v1, out=v2)
        add.reduce(v2_1x3, (1, 2), None, v3)
        multiply(inverse_count, v3, out=v4)
        # and back
        multiply(v2, v2, out=v5)
        subtract(one, v5, out=v5)
        multiply(inverse_count_column, v5, out=g_v1)
        dot(g_v1, ones_of_batch, out=g_b1)
        dot(g_v1, x_T, out=g_W1)
        return v4.item()

    return value, value_and_grad
"""

EQUATIONS = """\
forward
  v1[3×n] = W1[3×2] @ x[2×n]
  v1[3×n] += b1[3]
  v2[3×n] = tanh(v1[3×n])
  v3[1] = Σ v2[3×n] over axis 1, batch
  v4[1] = mul(inverse_count[1], v3[1])
backward
  v5[3×n] = - v2[3×n] · v2[3×n] + 1
  g_v1[3×n] = mul(inverse_count[3], v5[3×n])
  g_b1[3] = Σ g_v1[3×n] over batch
  g_W1[3×2] = g_v1[3×n] @ x[2×n]ᵀ"""


def test_source_of_a_layer_is_the_program_one_would_write():
    """Views are made once, both passes are calls of NumPy into them, and every line has its heading."""

    def layer(w, b, x):
        return sum(tanh(z) for z in w @ x + b)

    fast = compile(layer, batched="x")
    fast.value_and_grad(np.ones((3, 2)), np.ones(3), np.ones((1, 2)), argnums=(0, 1))
    assert fast.source == LAYER
    assert fast.explain() == EQUATIONS
    assert fast.stats.instructions == 9
    assert fast.stats.matmuls == 1


def test_source_without_examples_and_with_several_results_has_no_backward_pass():
    """Numbers that are no parameters are ``u``; what NumPy lacks is imported from elsewhere."""
    program = lowered(lambda w, x, u: [w[0] * u[0], w[1]], "mean", image=(), others=(3.0,))
    assert (
        program.source
        == """\
from numpy import empty, multiply

def bind(theta, gradient, fixed, counts, constants, indices, batch_size):
    numbers = empty(3)
    batch = empty((0, batch_size))
    # parameters
    p1 = theta[0:1]
    p2 = theta[1:2]
    # what is computed
    v1 = numbers[0:1]
    v2 = numbers[1:3]
    # numbers
    u1 = fixed[0:1]
    # scratch space, numbers and indices
    i1 = indices[0]
    i2 = indices[1]
    i3 = indices[2]
    i4 = indices[3]

    def value():
        multiply(p1, u1, out=v1)
        v2[i2] = v1[i1]
        v2[i4] = p2[i3]
        return v2.copy()

    return value, None
"""
    )
    assert program.explain().splitlines() == [
        "forward",
        "  v1[1] = mul(p1[1], u1[1])",
        "  v2[2] = v1[1][1 chosen]",
        "  v2[2] = p2[1][1 chosen]",
    ]
    assert program.value([2.0, 5.0], fixed=[3.0]).tolist() == [6.0, 5.0]


RESULTS = {
    "of an example": lambda w, x, u: w[0] * x[0, 0],
    "the same for all": lambda w, x, u: w[0] * w[1],
    "an argument": lambda w, x, u: x[0, 0],
    "a parameter": lambda w, x, u: w[0],
    "a constant": lambda w, x, u: 3.0,
    "two of an example": lambda w, x, u: [w[0] * x[0, 0], w[1] * x[0, 0]],
    "two the same": lambda w, x, u: [w[0], w[1]],
}
# What is returned, and the last equation before derivatives.
ENDS = {
    ("of an example", "mean"): ("v3.item()", "v3[1] = mul(inverse_count[1], v2[1])"),
    ("of an example", "sum"): ("v2.item()", "v2[1] = Σ v1[1×n] over batch"),
    ("of an example", None): ("v1.T.copy()", "v1[1×n] = mul(p1[1], x[1×n])"),
    ("the same for all", "mean"): ("v1.item()", "v1[1] = mul(p1[1], p2[1])"),
    ("the same for all", "sum"): ("v2.item()", "v2[1] = mul(count[1], v1[1])"),
    ("the same for all", None): ("tile(v1, (batch_size, 1))", "v1[1] = mul(p1[1], p2[1])"),
    ("an argument", "mean"): ("v2.item()", "v2[1] = mul(inverse_count[1], v1[1])"),
    ("an argument", "sum"): ("v1.item()", "v1[1] = Σ x[1×n] over batch"),
    ("an argument", None): ("x.T.copy()", "forward"),
    ("a parameter", "mean"): ("p1.item()", "forward"),
    ("a parameter", "sum"): ("v1.item()", "v1[1] = mul(p1[1], count[1])"),
    ("a constant", "mean"): ("c1.item()", "forward"),
    ("a constant", "sum"): ("v1.item()", "v1[1] = mul(3, count[1])"),
    ("two of an example", "mean"): ("v3.copy()", "v3[2] = mul(inverse_count[2], v2[2])"),
    ("two of an example", "sum"): ("v2.copy()", "v2[2] = Σ v1[2×n] over batch"),
    ("two the same", "mean"): ("p1.copy()", "forward"),
    ("two the same", "sum"): ("v1.copy()", "v1[2] = mul(p1[2], count[2])"),
}


def test_reduction_is_part_of_the_program():
    """A sum, its mean, a multiple where all are the same, or rows; a derivative begins at what it gives."""
    found = {}
    for result, reduce in ENDS:
        program = lowered(RESULTS[result], reduce)
        (returned,) = {line.strip() for line in program.source.splitlines() if line.startswith("        return")}
        last = program.explain().split("\nbackward")[0].splitlines()[-1].strip()
        found[result, reduce] = returned.removeprefix("return "), last
    assert found == ENDS


@pytest.mark.parametrize("image", [(), ((1.0,),)])
def test_result_that_is_given_twice_is_two_numbers(image):
    """Though it is one slot."""
    program = lowered(lambda w, x, u: [w[1], w[1]], "sum", image=image)
    batch = [np.ones((3, 1, 1))] if image else []
    assert program.value([4.0, 5.0], *batch).tolist() == ([15.0, 15.0] if image else [5.0, 5.0])


def test_result_of_no_examples_is_that_of_one():
    """Without batched arguments ``reduce`` has nothing to do."""
    for reduce in ("mean", "sum", None):
        source = lowered(lambda w, x, u: w[0] * w[1], reduce, image=()).source
        assert source.count("return v1.item()\n") == 2
        assert "count" not in source.split("indices, batch_size):")[1]


HEADS = {
    "products": (lambda w, x, u: w[0] * x[0, 0], ["from numpy import array, copyto, dot, empty, multiply, ones"]),
    "a number": (lambda w, x, u: 2.0 * w[0], ["from numpy import array, copyto, empty, multiply"]),
    "infinity": (
        lambda w, x, u: w[0] * float("inf"),
        ["from math import inf", "from numpy import array, copyto, empty, equal, multiply"],
    ),
    "nan": (
        lambda w, x, u: w[0] * float("nan"),
        ["from math import nan", "from numpy import array, copyto, empty, equal, multiply"],
    ),
    "functions that NumPy lacks": (
        lambda w, x, u: [softplus(w[0]), sigmoid(w[1])],
        ["from numpy import empty, multiply", "from autograd.arrays import sigmoid, softplus"],
    ),
    "numbers in reverse": (
        lambda w, x, u: [w[1], w[0]],
        ["from numpy import empty, multiply", "from autograd.compiler.matrices.views import strided"],
    ),
    "products of what depends on the example": (
        lambda w, x, u: sum(exp(dot(a, b)) for a in attend(w, x) for b in attend(w, x)),
        ["from numpy import add, array, empty, exp, matmul, moveaxis, multiply, subtract, take, tanh",
         "from autograd.compiler.matrices.views import strided"],
    ),
}  # fmt: skip


def attend(w, x):
    return [[tanh(w[0] * a), tanh(w[1] * a)] for a in x[0]]


@pytest.mark.parametrize("name", HEADS)
def test_program_imports_just_what_it_calls(name):
    """In alphabetical order; words for numbers that have no digits only where there are any."""
    f, head = HEADS[name]
    assert lowered(f, image=[[1.0, 2.0]]).source.split("\n\n")[0].splitlines() == head


def test_argument_that_begins_like_nan_is_no_number():
    """Nothing is imported for it."""
    fast = compile(lambda w, info, nano: w * info * nano, batched=("info", "nano"))
    assert fast.value_and_grad(2.0, np.ones(2), np.ones(2)) == (2.0, 1.0)
    assert "from math" not in fast.source


def test_images_are_laid_out_by_pixels():
    """An example of two axes is one long column; a vector is one already."""
    assert "        x = x.reshape(batch_size, 6).T\n" in lowered(lambda w, x, u: x[0, 0], image=np.ones((2, 3))).source
    assert "        x = x.T\n" in lowered(lambda w, x, u: x[0], image=np.ones(3)).source
    assert "        x = x.reshape(batch_size, 1).T\n" in lowered(lambda w, x, u: x[()], image=1.0).source
