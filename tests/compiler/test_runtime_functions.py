"""The functions of the C runtime, at every level of vector units that this processor has, against 50 digits."""

from __future__ import annotations

import ctypes
import math
from itertools import product

import numpy as np
import pytest
from mpmath import mp, mpf

from autograd import floats, special
from autograd.compiler.backends.c import library
from autograd.compiler.backends.c.build import LEVELS, LIBRARY
from autograd.testing.references import DIGITS, HIGH_PRECISION
from tests.compiler.runtime import needs_runtime
from tests.rows import SPECIAL

pytestmark = needs_runtime

RUNTIME = library()
ULPS = 1.5
# How many numbers of each sort, for each function.
COUNT = 150

# Computed exactly, or rounded once as Python does: equal to the last bit.
EXACT = {
    "neg", "abs", "step", "stop_gradient", "sqrt", "add", "sub", "mul", "div", "maximum", "minimum", "compare",
    "mul_no_nan", "where",
}  # fmt: skip
# Where the result is an ordinary number, beside which others are 0 or infinite.
REACH = {
    "exp": (-746, 710), "expm1": (-40, 710), "sinh": (-711, 711), "cosh": (-711, 711), "tanh": (-22, 22),
    "asin": (-1, 1), "acos": (-1, 1), "atanh": (-1, 1), "sigmoid": (-746, 40), "softplus": (-746, 40),
    "erf": (-6, 6), "erfc": (-6, 27.3),
}  # fmt: skip


def levels() -> list[int]:
    """Those that are in the library and in the processor."""
    loaded = ctypes.CDLL(str(LIBRARY))
    return [level for level in LEVELS if level <= loaded.runtime_level() and hasattr(loaded, f"evaluate_{level}")]


def evaluate(name: str, level: int, *columns: np.ndarray) -> np.ndarray:
    """A function of the runtime at many points."""
    operands = [np.ascontiguousarray(column, dtype=float) for column in columns]
    operands += [operands[0]] * (3 - len(operands))
    found = np.empty(len(operands[0]))
    address = [ctypes.c_void_p(array.ctypes.data) for array in (*operands, found)]
    ctypes.CDLL(str(LIBRARY))[f"evaluate_{level}"](RUNTIME.codes[name], ctypes.c_int64(len(found)), *address)
    return found


def points(name: str, rng: np.random.Generator) -> np.ndarray:
    """Numbers of all sizes, subnormal ones too, where the function is neither 0 nor infinite, and near 0 and 1."""
    low, high = REACH.get(name, (-1000.0, 1000.0))
    bits = rng.integers(0, 2**64, COUNT, dtype=np.uint64).view(np.float64)
    near = np.ldexp(rng.uniform(0.5, 1.0, 2 * COUNT), rng.integers(-60, 3, 2 * COUNT))
    sign = rng.choice([-1.0, 1.0], 2 * COUNT)
    found = [
        bits, rng.uniform(low, high, COUNT), sign * near, 1.0 + sign * near, sign[:COUNT] - near[:COUNT],
        rng.integers(1, 2**52, COUNT // 5) * 5e-324, np.ldexp(1.0, np.arange(-1074, 1024, 30)), 10.0 ** np.arange(23),
        np.linspace(low, low + 40, COUNT), np.linspace(high - 40, high, COUNT),
    ]  # fmt: skip
    numbers = np.concatenate(found)
    return numbers[np.isfinite(numbers)]


def error(found: float, exact: mpf) -> float:
    """In units in the last place; 0 where the exact value is too large for a float and so is what was found."""
    nearest = float(exact)
    if math.isinf(nearest):
        return 0.0 if found == nearest else math.inf
    return float(abs(mpf(found) - exact) / math.ulp(nearest)) if math.isfinite(found) else math.inf


def names(arity: int) -> list[str]:
    return [name for name, n in RUNTIME.arities.items() if n == arity] if RUNTIME else []


@pytest.mark.parametrize("name", [name for name in names(1) if name not in EXACT])
def test_function_is_within_a_unit_and_a_half_in_the_last_place(name: str):
    """Over its whole domain."""
    numbers = [x for x in points(name, np.random.default_rng(0)).tolist() if not math.isnan(getattr(floats, name)(x))]
    numbers = [
        x for x in numbers if math.isfinite(getattr(floats, name)(x)) or name in ("exp", "expm1", "sinh", "cosh")
    ]
    if name in ("lgamma", "digamma"):  # it has roots below
        numbers = [x for x in numbers if x > 0.0]
    assert len(numbers) > COUNT
    with mp.workdps(DIGITS):
        exact = [HIGH_PRECISION[name](mpf(x)) for x in numbers]
        for level in levels():
            found = evaluate(name, level, numbers).tolist()
            worst = max(zip(map(error, found, exact), numbers, strict=True))
            assert worst[0] <= ULPS, f"level {level}: {worst[0]} units in the last place at {worst[1]!r}"


# Beyond this, numbers are left to the C library, one by one: NEAR of functions.h.
NEAR = 2.0**20


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_function_of_an_angle_is_too_next_to_its_roots_and_to_where_a_quarter_begins(name: str):
    """Where what is left of the angle has few digits, and in vectors, which no large number keeps from being used."""
    rng = np.random.default_rng(0)
    turns = np.concatenate([np.arange(300), rng.integers(300, int(NEAR / np.pi * 4) - 1, COUNT)])
    eighths = turns * (np.pi / 4.0)
    below, above = np.nextafter(eighths, 0.0), np.nextafter(eighths, np.inf)
    numbers = np.concatenate([eighths, -below, above, rng.uniform(-NEAR, NEAR, COUNT), [NEAR, -NEAR]])
    assert abs(numbers).max() == NEAR
    with mp.workdps(DIGITS):
        exact = [HIGH_PRECISION[name](mpf(x)) for x in numbers.tolist()]
    for level in levels():
        found = evaluate(name, level, numbers)
        worst = max(zip(map(error, found.tolist(), exact), numbers, strict=True))
        assert worst[0] <= ULPS, f"level {level}: {worst[0]} units in the last place at {worst[1]!r}"
        beside = evaluate(name, level, np.append(numbers, 2.0 * NEAR))  # a large one, which is in no vector
        assert (beside[:-1] == found).all()
        assert beside[-1] == getattr(math, name)(2.0 * NEAR)


def test_hyperbolic_tangent_is_too_on_both_sides_of_where_another_power_is_looked_up():
    """Where what is left of the argument is largest, and where it is next to nothing."""
    places = np.concatenate([np.arange(1, 64), np.random.default_rng(0).integers(64, 1800, COUNT)]) * (math.log(2) / 64)
    numbers = np.concatenate([places, -np.nextafter(places, 0.0), np.nextafter(places, np.inf)])
    with mp.workdps(DIGITS):
        exact = [HIGH_PRECISION["tanh"](mpf(x)) for x in numbers.tolist()]
    for level in levels():
        worst = max(zip(map(error, evaluate("tanh", level, numbers).tolist(), exact), numbers, strict=True))
        assert worst[0] <= ULPS, f"level {level}: {worst[0]} units in the last place at {worst[1]!r}"


@pytest.mark.parametrize("name", ["sin", "cos", "tanh"])
def test_function_of_many_numbers_is_that_of_each(name: str):
    """However many there are, vectors being full or not."""
    numbers = np.random.default_rng(0).normal(size=25)
    for level in levels():
        alone = [evaluate(name, level, numbers[k : k + 1])[0] for k in range(25)]
        for count in range(1, 26):
            assert evaluate(name, level, numbers[:count]).tolist() == alone[:count]


def wide(rng: np.random.Generator, low: float = -1074, high: float = 1024) -> np.ndarray:
    """Numbers of both signs between powers of two."""
    return rng.choice([-1.0, 1.0], COUNT) * np.ldexp(rng.uniform(0.5, 1.0, COUNT), rng.integers(low, high, COUNT))


def pairs(name: str, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of numbers of all sizes, subnormal ones too, where the result of the function is an ordinary number."""
    if name in ("polygamma", "mills"):
        orders = rng.choice([0, 1, 2, 3, 7, 20, 50, 99, 100], COUNT).astype(float)
        low = [rng.uniform(-38.0, 0.0, COUNT), -np.exp2(rng.uniform(-30, 5, COUNT))] if name == "mills" else []
        high = [np.exp2(rng.uniform(*reach, COUNT)) for reach in ((-10, 20), (-4, 3), (-300, 300))]
        return [(orders, x) for x in (*high, *low)]
    near = rng.choice([-1.0, 1.0], COUNT) * np.exp2(rng.uniform(-53, 0, COUNT))
    tiny = rng.integers(1, 2**52, COUNT) * 5e-324
    if name == "pow":
        bases = [abs(wide(rng)), abs(1.0 + near), abs(wide(rng, -20, 20)), tiny, abs(wide(rng, -1, 2))]
        with np.errstate(all="ignore"):  # results from the smallest number to the largest, and subnormal ones
            whole = [(a, rng.uniform(-1074.0, 1024.0, COUNT) / np.log2(a)) for a in bases]
            small = [(a, rng.uniform(-1074.0, -1022.0, COUNT) / np.log2(a)) for a in bases]
        return [*whole, *small, (-abs(wide(rng, -40, 40)), rng.integers(-26, 26, COUNT) + 0.0), (bases[0], near)]
    places = rng.integers(-1074, 1024, COUNT)
    a = rng.choice([-1.0, 1.0], COUNT) * np.ldexp(rng.uniform(0.5, 1.0, COUNT), places)
    found = [(wide(rng), wide(rng)), (tiny, rng.permutation(tiny)), (a, a * (1.0 + near)), (tiny, wide(rng, -60, 60))]
    for apart in (2, 30, 60):
        places_of_b = np.clip(places + rng.integers(-apart, apart, COUNT), -1074, 1023)
        found.append((a, rng.choice([-1.0, 1.0], COUNT) * np.ldexp(rng.uniform(0.5, 1.0, COUNT), places_of_b)))
    return found


@pytest.mark.parametrize("name", [name for name in names(2) if name not in EXACT])
def test_function_of_two_numbers_is_too(name: str):
    """Over its whole domain."""
    a, b = np.concatenate(pairs(name, np.random.default_rng(0)), axis=1)
    with mp.workdps(DIGITS):
        exact = [HIGH_PRECISION[name](mpf(x), mpf(y)) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
        for level in levels():
            worst = max(zip(map(error, evaluate(name, level, a, b).tolist(), exact), a, b, strict=True))
            assert worst[0] <= ULPS, f"level {level}: {worst[0]} units in the last place at {worst[1:]!r}"


@pytest.mark.parametrize("name", ["lgamma", "digamma", "polygamma"])
def test_function_of_the_gamma_function_is_right_between_its_poles_below_zero(name: str):
    """Within as much of the larger of the two sides of its reflection, which cancel next to its roots."""
    rng = np.random.default_rng(0)
    sizes = [rng.uniform(0.0, 30.0, 60), np.exp2(rng.uniform(-60, 0, 60)), np.exp2(rng.uniform(4, 30, 60))]
    a = -np.concatenate(sizes)
    orders = rng.choice([1, 2, 3, 8, 21, 50], len(a)).astype(float)
    columns = [orders, a] if name == "polygamma" else [a]
    with mp.workdps(90):
        exact = [reflected(name, *map(mpf, row)) for row in np.transpose(columns).tolist()]
        for level in levels():
            for x, (y, other), at in zip(evaluate(name, level, *columns).tolist(), exact, a, strict=True):
                assert abs(x - y) <= ULPS * math.ulp(float(max(abs(y), abs(other)))), (level, at)


def reflected(name: str, *row: mpf) -> tuple[mpf, mpf]:
    """The function below zero, and one of two sides that it is the difference of: DLMF 5.5.3, 5.5.4 and 5.15.6."""
    *order, a = row
    if name == "lgamma":
        other = mp.loggamma(-a)
        return mp.log(abs(mp.pi / (a * mp.sinpi(a)))) - other, other
    if name == "digamma":
        other = mp.digamma(1 - a)
        return other - mp.pi * mp.cospi(a) / mp.sinpi(a), other
    n, above = int(order[0]), mp.ceil(a) - a
    up, down = mp.zeta(n + 1, 1 - above), mp.zeta(n + 1, above) - mp.zeta(n + 1, 1 - a)
    return mp.factorial(n) * (up + down if n % 2 else down - up), mp.factorial(n) * up


@pytest.mark.parametrize("name", sorted(name for n in (1, 2, 3) for name in names(n)))
def test_function_is_that_of_floats_at_every_special_number(name: str):
    """Zeros with their sign, infinities, nan, the smallest number, and what overflows."""
    plain = {"add": "__add__", "sub": "__sub__", "mul": "__mul__", "neg": "__neg__"}
    rows = list(product(SPECIAL, repeat=RUNTIME.arities[name]))
    expected = [
        getattr(row[0], plain[name])(*row[1:]) if name in plain else getattr(floats, name)(*row) for row in rows
    ]
    for level in levels():
        for row, x, y in zip(rows, evaluate(name, level, *zip(*rows, strict=True)).tolist(), expected, strict=True):
            same = repr(x) == repr(y) if name in EXACT or x == 0.0 or not math.isfinite(y) else None
            units = 8 if name in special.__all__ else 2  # Python's own are right to some units
            assert same or (same is None and abs(x - y) <= units * math.ulp(y)), (level, row, x, y)
