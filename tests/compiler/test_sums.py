"""What sums become: few terms are written out, many are an axis to add up, and lengths that differ are segments."""

from __future__ import annotations

import pytest

from autograd import dot, tanh
from tests.compiler.equations import forward, together


def products(a, b):
    return together(dot(x, y) for x, y in zip(a, b, strict=True))


def negative_products(a, b):
    return together(-dot(x, y) for x, y in zip(a, b, strict=True))


def rows(a):
    return together(sum(x) for x in a)


def subtracted_pairs(a, b):
    return together(y - x[0] - x[1] + 0.5 for x, y in zip(a, b, strict=True))


def subtracted_rows(a, b):
    return together(x - sum(y) for x, y in zip(a, b, strict=True))


def differences_of_rows(a, b):
    return together(sum(x) - sum(y) for x, y in zip(a, b, strict=True))


def prefixes(a):
    """The first two, three, ... six entries."""
    return [a[:n] for n in range(2, 7)]


def products_of_prefixes(a, b):
    return together(map(dot, prefixes(a), prefixes(b)))


def negative_products_of_prefixes(a, b):
    return together(-dot(x, y) for x, y in zip(prefixes(a), prefixes(b), strict=True))


def prefixes_and_numbers(a, b):
    return together(sum(x) + y for x, y in zip(prefixes(a), b, strict=True))


SUMS = {
    "three products": (products, ((4, 3), (4, 3)), {}, ["v1[4] = p1[4] · p2[4] + p3[4] · p4[4] + p5[4] · p6[4]"]),
    "four products": (products, ((4, 4), (4, 4)), {}, [
        "v1[4×4] = p1[4×4] · p2[4×4]",
        "v2[4] = Σ v1[4×4] over axis 1",
    ]),
    "three negative products": (negative_products, ((4, 3), (4, 3)), {}, [
        "v1[4] = - p1[4] · p2[4] - p3[4] · p4[4] - p5[4] · p6[4]",
    ]),
    "four negative products": (negative_products, ((4, 4), (4, 4)), {}, [
        "v1[4×4] = p1[4×4] · p2[4×4]",
        "v2[4] = 0",
        "v2[4] -= Σ v1[4×4] over axis 1",
    ]),
    "products without examples, and an example": (
        lambda a, b, x: together(dot(p, q) + v for p, q, v in zip(a, b, x, strict=True)),
        ((4, 4), (4, 4)), {"batch": (4,)}, [
        "v1[4×4] = p1[4×4] · p2[4×4]",
        "v2[4] = Σ v1[4×4] over axis 1",
        "v3[4×n] = v2[4]",
        "v3[4×n] += x[4×n]",
    ]),
    "products without examples less those with": (
        lambda a, x: together(-dot(p, p[::-1]) - dot(p, v) for p, v in zip(a, x, strict=True)),
        ((4, 4),), {"batch": (4, 4)}, [
        "v1[4×4] = p1[4×4] · p2[4×4]",
        "v2[4] = Σ v1[4×4] over axis 1",
        "v3[4×n] = - v2[4]",
        "v4[4×4×n] = p1[4×4] · x[4×4×n]",
        "v3[4×n] -= Σ v4[4×4×n] over axis 1",
    ]),
    "few products of two kinds": (
        lambda a, u, x: together(dot(p, p[::-1]) + dot(q, v) for p, q, v in zip(a, u, x, strict=True)),
        ((4, 2),), {"fixed": (4, 1), "batch": (4, 1)}, [
        "v1[4×n] = p1[4] · p2[4] + p2[4] · p1[4] + u1[4] · x[4×n]",
    ]),
    "products of examples with numbers of two kinds": (
        lambda a, u, x: together(dot(p, v) + dot(q, v) for p, q, v in zip(a, u, x, strict=True)),
        ((4, 4),), {"fixed": (4, 4), "batch": (4, 4)}, [
        "v1[4×4×n] = p1[4×4] · x[4×4×n]",
        "v2[4×n] = Σ v1[4×4×n] over axis 1",
        "v3[4×4×n] = u1[4×4] · x[4×4×n]",
        "v2[4×n] += Σ v3[4×4×n] over axis 1",
    ]),
    "a number for each column": (
        lambda a, b: together(p + q for row in a for p, q in zip(row, b, strict=True)), ((2, 3), (3,)), {}, [
        "v1[2×3] = p1[2×3] + p2[2×3]",
    ]),
    "a lone difference": (lambda a: tanh(a[0] - a[1]), ((2,),), {}, ["v1[1] = p1[1] - p2[1]"]),
    "three terms": (rows, ((4, 3),), {}, ["v1[4] = p1[4] + p2[4] + p3[4]"]),
    "four terms": (rows, ((4, 4),), {}, ["v1[4] = Σ p1[4×4] over axis 1"]),
    "four terms, one of them far away": (
        lambda a, b: together(sum(x, y) for x, y in zip(a[:, :3], b, strict=True)), ((4, 4), (4,)), {}, [
        "v1[16] = p1[20][16 chosen]",
        "v2[4] = Σ v1[4×4] over axis 1",
    ]),
    "few terms of either sign": (subtracted_pairs, ((4, 2), (4,)), {}, ["v1[4] = p1[4] + 0.5 - p2[4] - p3[4]"]),
    "many terms of either sign": (differences_of_rows, ((4, 4), (4, 5)), {}, [
        "v1[4] = Σ p1[4×4] over axis 1",
        "v1[4] -= Σ p2[4×5] over axis 1",
    ]),
    "many terms to subtract": (subtracted_rows, ((4,), (4, 5)), {}, [
        "v1[4] = 0",
        "v1[4] -= Σ p1[4×5] over axis 1",
        "v1[4] += p2[4]",
    ]),
    "terms without examples, less than an example": (
        lambda a, x: together(v - sum(p) for p, v in zip(a, x, strict=True)), ((4, 4),), {"batch": (4,)}, [
        "v1[4] = Σ p1[4×4] over axis 1",
        "v2[4×n] = - v1[4]",
        "v2[4×n] += x[4×n]",
    ]),
    "a lone sum of neighbours": (lambda a: tanh(a[0] + a[1]), ((3,),), {}, ["v1[1] = Σ p1[2] over axis 1"]),
    "a lone sum of few others": (lambda a: tanh(a[0] + a[2] + a[4]), ((5,),), {}, ["v1[1] = p1[1] + p2[1] + p3[1]"]),
    "a lone sum of many others": (lambda a: tanh(a[0] + a[2] + a[3] + a[5]), ((6,),), {}, [
        "v1[4] = p1[6][4 chosen]",
        "v2[1] = Σ v1[4] over axis 1",
    ]),
    "products of many lengths": (products_of_prefixes, ((6,), (6,)), {}, [
        "v1[20] = p1[6][20 chosen]",
        "v2[20] = p2[6][20 chosen]",
        "v3[20] = v1[20] · v2[20]",
        "v4[5] = Σ v3[20] in 5 segments",
    ]),
    "negative products of many lengths": (negative_products_of_prefixes, ((6,), (6,)), {}, [
        "v1[20] = p1[6][20 chosen]",
        "v2[20] = p2[6][20 chosen]",
        "v3[20] = v1[20] · v2[20]",
        "v4[5] = 0",
        "v4[5] -= Σ v3[20] in 5 segments",
    ]),
    "terms of many lengths and either sign": (
        lambda a, b: differences_of_rows(prefixes(a), prefixes(b)), ((6,), (6,)), {}, [
        "v1[20] = p1[6][20 chosen]",
        "v2[5] = Σ v1[20] in 5 segments",
        "v3[20] = p2[6][20 chosen]",
        "v2[5] -= Σ v3[20] in 5 segments",
    ]),
    "terms of many lengths, and an example": (prefixes_and_numbers, ((6,),), {"batch": (5,)}, [
        "v1[20] = p1[6][20 chosen]",
        "v2[5] = Σ v1[20] in 5 segments",
        "v3[5×n] = v2[5]",
        "v3[5×n] += x[5×n]",
    ]),
    "products of many lengths, of examples": (products_of_prefixes, ((6,),), {"batch": (6,)}, [
        "v1[20] = p1[6][20 chosen]",
        "v2[20×n] = x[6×n][20 chosen]",
        "v3[20×n] = v1[20] · v2[20×n]",
        "v4[5×n] = Σ v3[20×n] in 5 segments",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", SUMS)
def test_sum_becomes_few_statements(name):
    """Up to three terms are written out; the value and the gradient are those of the engine."""
    f, shapes, others, equations = SUMS[name]
    found = forward(f, *shapes, **others)
    assert found == equations, "\n".join(found)
