"""``grad`` and its kin as functions of functions: what each says of wrong use, and what may nest in what."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections import Counter, OrderedDict, UserDict, defaultdict, namedtuple
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, grad, hessian, hvp, jacobian, value_and_grad
from autograd.trees import flatten
from autograd.variables import is_variable

#: Each transformation, made to differentiate a function of one argument at a point.
OF_ONE: dict[str, Callable[[Callable[..., Any], Any], Any]] = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x)[1],
    "jacobian": lambda f, x: jacobian(f)(x),
    "hessian": lambda f, x: hessian(f)(x),
    "hvp": lambda f, x: hvp(f)(x, x),
}
EACH = pytest.mark.parametrize("name", OF_ONE)
EACH_OF_ONE_NUMBER = pytest.mark.parametrize("name", [name for name in OF_ONE if name != "jacobian"])


def raised(error: type[Exception], call: Callable[[], Any]) -> str:
    """The message of the error that a call raises."""
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


@EACH
def test_what_is_no_function_is_refused_at_once(name: str) -> None:
    """What a function gave is told from the function, where it is handed over and not where the gradient is called."""
    transform = getattr(autograd, name)
    assert raised(TypeError, lambda: transform(3.0)) == (
        f"{name} takes a function of numbers, got float 3.0; pass the function, not its result"
    )
    assert raised(TypeError, lambda: transform(Value(3.0))) == (
        f"{name} takes a function of numbers, got autograd.value.Value Value(data=3.0, grad=0.0); "
        "gradients(y, xs) differentiates a Value"
    )


@pytest.mark.parametrize("name", [*OF_ONE, "compile"])
@pytest.mark.parametrize("kind", [Value, float, Exception], ids=lambda kind: kind.__name__)
def test_class_is_refused_at_once(name: str, kind: type) -> None:
    """What a class gives is an object and no number; an object of it may be a function, as a model is."""
    assert raised(TypeError, lambda: getattr(autograd, name)(kind)) == (
        f"{name} takes a function of numbers, got the class {kind.__name__}; build one, {kind.__name__}(...), "
        "or pass a function that calls one"
    )


def test_class_that_holds_numbers_may_be_a_result() -> None:
    """A named tuple is one of several numbers, and a function as good as any."""
    pair = namedtuple("pair", "x y")
    assert jacobian(pair)(3.0, 4.0) == pair(1.0, 0.0)
    assert autograd.compile(pair)(3.0, 4.0) == pair(3.0, 4.0)


# ── Structures ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("kind", [dict, OrderedDict, defaultdict, Counter, UserDict, MappingProxyType])
def test_dicts_of_every_kind_are_read_and_given(kind: Any, compiled: bool) -> None:
    """By key and in their order, by the function and by whoever reads the derivative."""
    x = kind(float, b=2.0, a=3.0) if kind is defaultdict else kind({"b": 2.0, "a": 3.0})

    def f(p: Any) -> Any:
        assert list(p) == ["b", "a"] == [key for key, _ in p.items()]
        first, second = p.values()
        return first**2 * second + 0.0 * p["a"]

    function = autograd.compile(f) if compiled else f
    found = grad(function)(x)
    assert isinstance(found, kind if kind not in (UserDict, MappingProxyType) else dict)
    assert (list(found), list(found.values()), list(found.items())) == (
        ["b", "a"],
        [12.0, 4.0],
        [("b", 12.0), ("a", 4.0)],
    )
    assert list(hessian(function)(x)["b"].values()) == [6.0, 4.0]


@EACH
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    "x",
    [[True, 3.0], (3.0, False), [1, 2], {"a": True, "b": [False, 2]}, [np.True_, 0.5], np.array([True, False])],
    ids=str,
)
def test_truth_is_a_number_where_it_is_differentiated(name: str, compiled: bool, x: Any) -> None:
    """As it is in arithmetic: its derivative is that by 1.0 or 0.0, compiled too, and no True stands among them."""
    plain, rebuild = flatten(x, "")
    f = lambda p: (lambda q: q[0] ** 2 * (q[1] + 2.0) ** 3)(flatten(p, "")[0])
    found = flatten(OF_ONE[name](autograd.compile(f) if compiled else f, x), "")[0]
    assert [type(entry) for entry in found] == [float] * len(found)
    floats = rebuild([float(entry) for entry in plain])
    assert found == pytest.approx(flatten(OF_ONE[name](f, floats), "")[0], rel=1e-14)


# ── Wrong use ────────────────────────────────────────────────────────────────────────────────────────────────────────


@EACH
def test_argument_that_is_no_number_is_refused_by_name(name: str) -> None:
    """Each transformation speaks of itself."""
    assert raised(TypeError, lambda: OF_ONE[name](autograd.exp, "1")) == (
        f"{name} differentiates a real number, got str '1'; use float(text) to convert it"
    )


@EACH
def test_result_that_is_no_number_is_refused_by_name(name: str) -> None:
    """A function that forgets its return is the commonest case."""
    assert raised(TypeError, lambda: OF_ONE[name](lambda x: None, 1.0)) == (
        f"{name} takes a function that gives numbers: a real number, got None; did a function forget its return?"
    )


@EACH_OF_ONE_NUMBER
@pytest.mark.parametrize(
    ("f", "kind", "count"),
    [
        (lambda x: [x, x], "list", 2),
        (lambda x: (x,), "tuple", 1),
        (lambda x: {}, "dict", 0),
        (lambda x: MappingProxyType({"y": x}), "mappingproxy", 1),
        (lambda x: x * np.ones(3), "ndarray", 3),
    ],
    ids=["list", "tuple", "dict", "mapping", "array"],
)
def test_container_of_results_is_refused_by_name(name: str, f: Callable[..., Any], kind: str, count: int) -> None:
    """A gradient is that of one number; a list of one number is a list."""
    assert raised(TypeError, lambda: OF_ONE[name](f, 1.0)) == (
        f"{name} takes a function that gives one number, got {kind} of {count} numbers; "
        "use autograd.jacobian, or sum them"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian], ids=lambda t: t.__name__)
@pytest.mark.parametrize("k", [2, -3])
def test_argument_that_is_not_there_is_refused_by_name(transform: Callable[..., Any], k: int) -> None:
    """Positions count from either end, as far as there are arguments."""
    assert raised(ValueError, lambda: transform(lambda x, y: x * y, argnums=k)(1.0, 2.0)) == (
        f"{transform.__name__} differentiates positional argument {k}, but there are 2; "
        "pass it by position, or change argnums"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian], ids=lambda t: t.__name__)
@pytest.mark.parametrize("twice", [(0, 0), (1, -1)])
def test_argument_named_twice_is_refused(transform: Callable[..., Any], twice: tuple[int, ...]) -> None:
    """From either end; the two would share one derivative."""
    assert raised(ValueError, lambda: transform(lambda x, y: x * y, argnums=twice)(1.0, 2.0)) == (
        f"argnums of {transform.__name__} names each argument at most once, got {twice}; drop one"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian], ids=lambda t: t.__name__)
@pytest.mark.parametrize("argnums", [[0, 1], "x", 0.0, ("x",), None, True])
def test_argnums_that_are_no_positions_are_refused(transform: Callable[..., Any], argnums: Any) -> None:
    """Positions are whole numbers, several of them in a tuple; that is said before the first call."""
    assert raised(TypeError, lambda: transform(lambda x, y: x * y, argnums=argnums)) == (
        f"argnums of {transform.__name__} is an int or a tuple of ints, got {argnums!r}; for instance 0 or (0, 1)"
    )


@pytest.mark.parametrize("transform", [grad, value_and_grad], ids=lambda t: t.__name__)
def test_inputs_that_do_not_matter_are_named_on_request(transform: Callable[..., Any]) -> None:
    """With ``strict``; without, their derivatives are 0.0."""
    f = lambda x, y, z: 2.0 * y
    assert transform(f, argnums=(0, 1, 2))(1.0, 1.0, 1.0) in [(0.0, 2.0, 0.0), (2.0, (0.0, 2.0, 0.0))]
    assert raised(ValueError, lambda: transform(f, argnums=(0, 1, 2), strict=True)(1.0, 1.0, 1.0)) == (
        f"{transform.__name__} with strict=True takes a function of all its inputs, but the result does not depend on "
        "input 0, 2; use it, or leave strict out for a derivative of 0.0"
    )


def test_direction_of_a_hessian_vector_product_is_made_of_numbers() -> None:
    """The vector is reported as itself, not as the point."""
    assert raised(TypeError, lambda: hvp(lambda p: p[0] * p[1])([1.0, 2.0], [1.0, "2"])) == (
        "hvp takes a vector whose every entry is a real number, got str '2'; use float(text) to convert it"
    )


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_argument_is_counted_from_the_end_as_well() -> None:
    """``argnums=-2`` of two is the first."""
    f = lambda x, y: x * x * y
    assert (grad(f, argnums=-2)(3.0, 5.0), grad(f, argnums=-1)(3.0, 5.0)) == (30.0, 9.0)


def test_gradient_of_the_identity_is_one_with_a_float_for_a_value() -> None:
    """A function that gives its argument back gives a number, not the variable that stood for it."""
    found = value_and_grad(lambda x: x)(2.0)
    assert found == (2.0, 1.0)
    assert [type(x) for x in found] == [float, float]


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: [x[0], x[1] * x[0]], np.array([2.0, 3.0]), "[array([1., 0.]), array([3., 2.])]"),
        (
            lambda x: np.array([x[0], x[1] * x[0]]),
            [2.0, 3.0],
            "array([list([1.0, 0.0]), list([3.0, 2.0])], dtype=object)",
        ),
        (lambda x: np.array([x, x * x]), 3.0, "array([1., 6.])"),
        (lambda x: x[:1], np.array([2.0, 3.0]), "array([[1., 0.]])"),
        (lambda x: x[:0], np.array([2.0, 3.0]), "array([], shape=(0, 2), dtype=float64)"),
        (lambda x: np.array([1.0]), np.zeros(0), "array([], shape=(1, 0), dtype=float64)"),
    ],
    ids=["array to list", "list to array", "number to array", "one row", "no row", "no column"],
)
def test_jacobian_has_the_argument_in_the_place_of_each_number(f: Callable[..., Any], x: Any, expected: str) -> None:
    """One array for arrays in and out, even empty ones; else the argument's shape inside the result's."""
    assert repr(jacobian(f)(x)) == expected


@pytest.mark.parametrize(
    ("f", "args", "argnums", "expected"),
    [
        (lambda p: p[0] ** 3, (np.array([2.0]),), 0, "array([[12.]])"),
        (lambda p: 1.0, (np.zeros(0),), 0, "array([], shape=(0, 0), dtype=float64)"),
        (lambda p: p**3, (np.array(2.0),), 0, "12.0"),
        (
            lambda p: p["a"] ** 2 * p["b"],
            ({"a": 3.0, "b": 5.0},),
            0,
            "{'a': {'a': 10.0, 'b': 6.0}, 'b': {'a': 6.0, 'b': 0.0}}",
        ),
        (lambda x, y: x * x * y, (3.0, 5.0), (0, 1), "((10.0, 6.0), (6.0, 0.0))"),
    ],
    ids=["one entry", "no entry", "no dimension", "dict", "two arguments"],
)
def test_hessian_has_the_argument_in_the_place_of_each_number(
    f: Callable[..., Any], args: Any, argnums: Any, expected: str
) -> None:
    """One square array for an array, even an empty one; else the argument's shape inside the argument's."""
    assert repr(hessian(f, argnums)(*args)) == expected


def test_hessian_is_differentiated_below_its_diagonal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ``n`` inputs, ``n (n + 1) / 2`` second derivatives are taken; the others are mirrored."""
    taken = []
    adjoints = autograd.recorded.adjoints
    counted = lambda y, xs, *rest, **numbers: taken.append(len(xs)) or adjoints(y, xs, *rest, **numbers)
    monkeypatch.setattr(autograd.recorded, "adjoints", counted)
    hessian(lambda p: autograd.prod(p))([2.0, 3.0, 5.0, 7.0])
    assert taken == [4, 1, 2, 3, 4]


# ── Nesting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hessian_vector_product_is_differentiated_with_respect_to_the_point() -> None:
    """Of ``f = x³ y``, the first entry of ``H v`` along (1, 0) is 6xy, whose derivatives are 6y and 6x."""
    product = hvp(lambda p: p[0] ** 3 * p[1])
    assert grad(lambda p: product(p, [1.0, 0.0])[0])([2.0, 5.0]) == [30.0, 12.0]


def test_hessian_vector_product_is_differentiated_with_respect_to_the_vector() -> None:
    """Its derivative along the vector is the Hessian."""
    f = lambda p: p[0] ** 3 * p[1]
    point = [2.0, 5.0]
    assert jacobian(lambda v: hvp(f)(point, v))([0.3, -0.7]) == hessian(f)(point)


def test_hessian_vector_product_of_numbers_is_made_of_floats() -> None:
    """Nothing is recorded where nothing around it differentiates."""
    assert [type(x) for x in hvp(lambda p: p[0] * p[1])([1.0, 2.0], [1.0, 0.0])] == [float, float]


@pytest.mark.parametrize("product", [lambda xs: xs[0] * xs[1], autograd.prod, lambda xs: autograd.dot(xs[:1], xs[1:])])
def test_inner_gradient_sees_the_outer_variable_in_every_kind_of_node(product: Callable[..., Any]) -> None:
    """The derivative of ``x · d(xy)/dy`` is 2x, whether the product is a node of two operands or of many."""
    assert grad(lambda x: x * grad(lambda y: product([x, y]))(3.0))(2.0) == 4.0


def test_inner_value_that_is_an_outer_variable_keeps_its_derivative() -> None:
    """``value_and_grad`` of a function that ignores its argument hands the outer variable through."""
    assert grad(lambda x: value_and_grad(lambda y: x)(1.0)[0])(2.0) == 1.0


def test_value_from_outside_takes_part() -> None:
    """Value and derivative are Values, which depend on it; ``data`` makes numbers of them."""
    w = Value(3.0)
    value, slope = value_and_grad(lambda x: w * x * x)(2.0)
    (value + slope).backward()
    assert (value.data, slope.data, w.grad) == (12.0, 12.0, 8.0)
    assert autograd.data((value, slope))[1] == 12.0


def test_value_made_inside_is_a_constant() -> None:
    """Nobody outside can ask for its derivative."""
    value, slope = value_and_grad(lambda x: Value(3.0) * x)(2.0)
    assert (value, slope, type(value), type(slope)) == (6.0, 3.0, float, float)


@pytest.mark.parametrize(("power", "expected"), [(1, 4.0), (2, 24.0)])
@pytest.mark.parametrize("at", [2.0, Value(2.0), Value(1.0) * 2.0], ids=["number", "leaf", "result"])
def test_nested_derivative_at_a_value_is_that_at_its_number(power: int, expected: float, at: Any) -> None:
    """``d/dx (x · d(x yⁿ)/dy)`` is ``2 n x y**(n-1)``: a float at a float, and a Value at a Value."""
    found = grad(lambda x: x * grad(lambda y: x * y**power)(3.0))(at)
    assert float(f"{found:.17g}") == expected
    assert isinstance(found, Value) == isinstance(at, Value)


def test_function_that_fails_leaves_no_variable_behind() -> None:
    """What it kept of its argument is a leaf like others."""
    kept: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: kept.append(x) or 1 / 0)(3.0)  # type: ignore[func-returns-value]
    slope = grad(lambda x: x * kept[0])(2.0)
    slope.backward()
    assert (slope.data, kept[0].grad, is_variable(kept[0])) == (3.0, 1.0, False)


# ── As objects ───────────────────────────────────────────────────────────────────────────────────────────────────────


def cubic(p: Any, scale: float = 2.0) -> Any:
    """Of the module, so that it can be pickled by its name."""
    return scale * p[0] ** 2 * p[1]


MADE = {
    "grad": grad(cubic),
    "by the second": grad(lambda a, b: a * cubic(b), argnums=1),
    "strict": value_and_grad(cubic, strict=True),
    "jacobian": jacobian(cubic),
    "hessian": hessian(cubic),
    "nested": grad(lambda p: grad(cubic)(p)[0]),
    "hvp": hvp(cubic),
    "of a compiled function": hessian(autograd.compile(cubic)),
    "compiled": autograd.compile(grad(cubic)),
}


@pytest.mark.parametrize("name", [name for name in MADE if name not in ("by the second", "nested")])
def test_derivative_is_pickled_and_copied_as_what_it_was_made_of(name: str) -> None:
    """Into another process, for instance: the transformation, its settings, and the function by its name."""
    derivative = MADE[name]
    at = ([3.0, 5.0], [1.0, 0.0]) if name == "hvp" else ([3.0, 5.0],)
    for other in (pickle.loads(pickle.dumps(derivative)), copy.deepcopy(derivative), copy.copy(derivative)):
        assert other(*at) == derivative(*at)
        assert inspect.signature(other) == inspect.signature(derivative)


def test_settings_are_kept_by_a_copy() -> None:
    """By which argument, and whether an input may be left out."""
    assert copy.deepcopy(MADE["by the second"])(2.0, [3.0, 5.0]) == MADE["by the second"](2.0, [3.0, 5.0])
    strict = pickle.loads(pickle.dumps(MADE["strict"]))
    assert "strict=True" in raised(ValueError, lambda: strict([1.0, 2.0, 3.0]))


def test_derivative_says_what_it_is_of() -> None:
    """Its name and signature are those of the function, its text names the transformation."""
    assert repr(grad(cubic)) == f"grad({cubic!r})"
    assert (grad(cubic).__name__, str(inspect.signature(hessian(cubic)))) == (
        "cubic",
        "(p: 'Any', scale: 'float' = 2.0) -> 'Any'",
    )
    assert grad(cubic).__doc__ == "``grad`` of ``cubic``."


def test_derivative_in_a_class_is_a_method() -> None:
    """As a function is, so that what is differentiated may be the second argument."""

    class Spring:
        stiffness = 3.0

        def energy(self, x: Any) -> Any:
            return self.stiffness * x**2 / 2

        force = grad(energy, argnums=1)

    assert Spring().force(2.0) == 6.0
    assert Spring.force(Spring(), 2.0) == 6.0


def test_compiled_derivative_follows_what_its_function_reads() -> None:
    """A number in the closure of the function that is differentiated, two transformations down."""
    scale = 2.0
    fast = autograd.compile(grad(grad(lambda x: scale * x**3)))
    assert fast(1.0) == 12.0
    scale = 3.0
    assert fast(1.0) == 18.0
