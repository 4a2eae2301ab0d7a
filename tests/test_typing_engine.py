"""What a user with a type checker sees of the engine: every function of several operands, arrays, derivatives."""

from __future__ import annotations

import inspect

import pytest

from autograd import Value, functions
from autograd.trees import flatten
from tests.test_typing import (
    assert_types_of_results,
    checked_by_mypy,
    checked_by_pyright,
    revealed,
    written,
    wrong_lines,
)

PROGRAM = """
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import NAMES
from autograd import Value, abs, data, grad, gradients, grads, hessian, hvp, jacobian, operation
from autograd import pow, sum, value_and_grad, values

v, w = Value(0.25), Value(0.5)
either: Value | float = v if v > 0.1 else 0.5
some: list[Value | float] = [v, 0.5]
objects, array, whole = values([0.25, 0.5]), np.linspace(0.25, 0.5, 2), np.ones(2, dtype=np.int64)
named = {"v": v, "w": w}


def curve(x: Value) -> Value:
    return x * x


def product(p: list[Value], scale: float = 1.0) -> Value:
    return scale * p[0] * p[1] ** 2


def pair(p: list[Value]) -> list[Value]:
    return [p[0] * p[1], p[0] ** 2]


def squares(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return p * p


@operation(lambda m, y, a, b: b, lambda m, y, a, b: a)
def times(m: Any, a: Any, b: Any) -> Any:
    return a * b


"""

# Of every function of two operands, and of three.
TWO = {
    "{f}(v, w)": "Value",
    "{f}(v, 0.5)": "Value",
    "{f}(1, v)": "Value",
    "{f}(1, 0.5)": "float",
    "{f}(either, 0.5)": "Value | float",
    "{f}(2, either)": "Value | float",
    "{f}({second}=v, {first}=1)": "Value",
}
THREE = {
    "{f}(v, 0.25, 0.5)": "Value",
    "{f}(0.25, v, 0.5)": "Value",
    "{f}(0.25, 0, w)": "Value",
    "{f}(1, 0.25, 0.5)": "float",
    "{f}(either, 0.25, 0.5)": "Value | float",
    "{f}(0.25, either, w)": "Value",
}
# Of every function of many.
MANY = {
    "{f}([v, w])": "Value",
    "{f}((v, w))": "Value",
    "{f}(v * k for k in range(1, 3))": "Value",
    "{f}(named.values())": "Value",
    "{f}(deque([v, w]))": "Value",
    "{f}(objects)": "Value",
    "{f}([1, 0.5])": "float",
    "{f}(range(1, 3))": "float",
    "{f}(array)": "float",
    "{f}(whole)": "float",
    "{f}(array > 0.1)": "float",
    "{f}(some)": "Value | float",
    "{f}([v, 0.5])": "Value | float",
}
OTHERS = {
    "leaky_relu(v)": "Value",
    "leaky_relu(0.5)": "float",
    "elu(v)": "Value",
    "exp(either)": "Value | float",
    "exp(1)": "float",
    "sum([])": "float",
    "dot([v, w], [1.0, 2.0])": "Value",
    "dot([1, 2], [0.5, 1.5])": "float",
    "dot([1, 2], [v, w])": "Value",
    "dot(array, objects)": "Value",
    "dot(objects, some)": "Value",
    "dot(array, whole)": "float",
    "dot([v, w], array)": "Value",
    "dot(some, [1, 2])": "Value | float",
    "softmax([v, w])": "list[Value]",
    "softmax(objects)": "list[Value]",
    "softmax(array)": "list[float]",
    "softmax(some)": "list[Value | float]",
    "gradients(v * w, v)": "float",
    "gradients(v * w, [v, w])": "list[float]",
    "gradients(v * w, v, create_graph=True)": "Value",
    "gradients(v * w, [v, w], create_graph=True)": "list[Value]",
    "gradients(v * w, v, create_graph=v > 0)": "Value | float",
    "data(v).ndim": "int",
    "data(some).ndim": "int",
    "data(objects).ndim": "int",
    "grads(objects).ndim": "int",
    "grads([v, w]).ndim": "int",
    "times(v, 0.5)": "Value",
    "times(0.5, v)": "Value",
    "times(2, 0.5)": "float",
    "times(either, 2)": "Value | float",
    "times.op.symbol": "str",
    "v.tanh()": "Value",
    "2 ** v": "Value",
}

# Of derivatives: the type of the argument, wherever Values are seen to take part.
DERIVATIVES = {
    "grad(curve)(0.5)": "float",
    "grad(curve)(2)": "float",
    "grad(curve)(v)": "Value",
    "grad(curve)(either)": "Value | float",
    "grad(grad(curve))(0.5)": "float",
    "grad(lambda x: x * x)(0.5)": "float",
    "grad(lambda p, q: p * q, argnums=0)(0.5, 0.25)": "float",
    "grad(product)([0.25, 0.5])": "list[float]",
    "grad(product)([1, 2])": "list[float]",
    "grad(product)([v, w])": "list[Value]",
    "grad(lambda p: p['a'] * p['b'])({'a': 0.25, 'b': 0.5})": "dict[str, float]",
    "grad(lambda p: p['a'] * p['b'])({'a': 1, 'b': 2})": "dict[str, float]",
    "grad(lambda p: p[0][0] * p[1][0])([[0.25], [0.5]])": "list[list[float]]",
    "grad(lambda p: p[0] * p[1])((1, 2))[0]": "float",
    "grad(product)(array).ndim": "int",
    "grad(product)(whole).ndim": "int",
    "grad(product)(objects).ndim": "int",
    "value_and_grad(curve)(0.5)[0]": "float",
    "value_and_grad(curve)(v)[0]": "Value",
    "value_and_grad(product)([0.25, 0.5])[0]": "float",
    "value_and_grad(product)([v, w])[0]": "Value",
    "value_and_grad(product)([v, w])[1]": "list[Value]",
    "value_and_grad(product)(array)[0]": "float",
    "value_and_grad(product)(objects)[0]": "Value",
    "value_and_grad(product)(whole)[1].ndim": "int",
    "hessian(curve)(0.5)": "float",
    "hessian(curve)(v)": "Value",
    "hessian(product)([0.25, 0.5])": "list[list[float]]",
    "hessian(product)([v, w])": "list[list[Value]]",
    "hessian(lambda p: p['a'] * p['b'])({'a': 0.25, 'b': 0.5})": "dict[str, dict[str, float]]",
    "hessian(product)(array).ndim": "int",
    "hvp(product)([0.25, 0.5], [1.0, 0.0])": "list[float]",
    "hvp(product)(array, whole).ndim": "int",
    "jacobian(curve)(0.5)": "float",
    "jacobian(curve)(v)": "Value",
    "jacobian(pair)([0.25, 0.5])": "list[list[float]]",
    "jacobian(pair)([1, 2])": "list[list[float]]",
    "jacobian(pair)([v, w])": "list[list[Value]]",
    "jacobian(pair)(array)[0].ndim": "int",
    "jacobian(squares)(array).ndim": "int",
}


def calls() -> dict[str, str]:
    """Expressions of a user's with what a type checker should make of them."""
    found = OTHERS | DERIVATIVES
    for name in [*functions.__all__, "pow", "sum"]:
        parameters = list(inspect.signature(getattr(functions, name)).parameters)
        if parameters == ["xs"] and name != "softmax":
            found |= {form.format(f=name): kind for form, kind in MANY.items()}
        elif len(parameters) == 2 and name != "dot":
            first, second = parameters
            found |= {form.format(f=name, first=first, second=second): kind for form, kind in TWO.items()}
        elif len(parameters) == 3:
            found |= {form.format(f=name): kind for form, kind in THREE.items()}
    return found


def program() -> str:
    """What comes before."""
    return PROGRAM.replace("NAMES", ", ".join(sorted(functions.__all__)))


def test_result_is_a_value_where_a_value_takes_part(tmp_path):
    """Of every function the type is known, never Any, and it is that of what comes out."""
    expected = calls()
    code = program() + "\n".join(f"reveal_type({call})" for call in expected)
    code += "\nmaximum(0.5, 1.0).backward()  # wrong\nsum([v, 0.5]).backward()  # wrong\nmean(['0.5'])  # wrong\n"
    code += "grad(curve)(0.5).backward()  # wrong\ngrad(product)([0.25, 0.5]) + 1.0  # wrong\ngrad(3.0)  # wrong\n"
    file = written(tmp_path, code)
    found = checked_by_mypy(file)
    assert dict(zip(expected, revealed(found), strict=True)) == expected
    assert [number for number, text in found if text.startswith("error")] == wrong_lines(file)
    assert_types_of_results(program(), expected)


def test_numbers_in_derivatives_are_of_the_type_that_is_told():
    """In lists and dicts too: floats are floats, whole numbers have none that are whole, and Values are Values."""
    names: dict[str, object] = {}
    exec(program(), names)
    for call, kind in DERIVATIVES.items():
        if kind.endswith("]"):
            expected = Value if "Value" in kind else float
            numbers, _ = flatten(eval(call, names), "")
            assert {type(x) for x in numbers} == {expected}, call


def test_pyright_agrees(tmp_path):
    """The other checker finds the same types, where it is installed."""
    expected = calls()
    file = written(tmp_path, program() + "\n".join(f"reveal_type({call})" for call in expected))
    types, _ = checked_by_pyright(file)
    assert dict(zip(expected, types, strict=True)) == expected


@pytest.mark.parametrize("name", ["plot_loss", "plot_data", "animate_training"])
def test_what_is_loaded_later_has_a_type_now(tmp_path, name):
    """Functions of viz that take matplotlib are no Any, and a name that is none of them is an error."""
    found = checked_by_mypy(written(tmp_path, f"import viz\n\nreveal_type(viz.{name})\nviz.{name}s\n"))
    assert revealed(found)[0].startswith("def (")
    assert [number for number, text in found if text.startswith("error")] == [4]
