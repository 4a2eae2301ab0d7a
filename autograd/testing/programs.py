"""Functions as people write them, generated: source text, so that a failing one can be read and pasted.

Those that never read a number must compile; those that do must be refused or be right.
"""

from __future__ import annotations

import copy
import itertools
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import autograd

__all__ = ["dependent_functions", "independent_functions", "made"]

# Lines with {a}, {b}: values so far; {t}: the new one; {c}: a number. Every line is right for all real numbers.
HARMLESS = [
    "{t} = {a} * {b}",
    "{t} = {a} - {b} * {c}",
    "{t} = {c} / (2.0 + {a} * {a})",
    "{t} = ag.tanh({a} + {b})",
    "{t} = ag.sin({a}) * ag.cos({b})",
    "{t} = {a} / (1.5 + {b} ** 2)",
    "{t} = ag.exp(-({a} * {a}))",
    "{t} = ag.where(ag.step({a} - {b}), {a}, {b} * {c})",
    "{t} = ag.maximum({a}, {b}) + abs({b})",
    "{t} = ag.relu({a} - {c})",
    "{t} = sum(({a}, {b}, {c} * {a}))",
    "{t} = ag.logsumexp([{a}, {b}, {c}])",
    "{t} = ag.dot([{a}, {c}], [{b}, {a}])",
    "{t} = {a}\n    for k in range(3): {t} = {t} * {c} + ag.sigmoid({b}) * k",
    "{t} = [q * q for q in ({a}, {b})][-1]",
    "def inner{n}(q): return q * {b} + {c}\n    {t} = inner{n}({a})",
    "{t} = (lambda q, w={b}: ag.softplus(q - w))({a})",
    "box = Box()\n    box.v = {a}\n    box.w = {b}\n    {t} = box.v * box.w * box.scale",
    "table = dict(p={a}, q=[{b}, {c}])\n    {t} = table['p'] + table['q'][0] * table['q'][1]",
    "{t} = np.tanh(np.array([{a}, {b}], dtype=object)).sum()",
    "{t} = ag.grad(lambda q: q * q * {b})({a})",
    "{t} = ag.grad(lambda q: ag.tanh(q) * {c})({a}) + {b}",
    "{t} = ag.value_and_grad(lambda q: q ** 3 + {b})({a})[1]",
    "{t} = ag.hessian(lambda p: p[0] * p[0] * p[1])([{a}, {b}])[0][1]",
    "{t} = ag.gradients({a} * {b}, [{a}], create_graph=True)[0] if isinstance({a}, ag.Value) else {b}",
    "{t} = fast({a}) * {b}",
    "{t} = ag.stop_gradient({a}) * {b}",
    "assert {a} is not None\n    {t} = {a} if {a} is {a} else {b}",
]

# Lines that read a number somehow, and by it choose a path or make a constant.
READING = [
    "{t} = {a} if {a} > {b} else {b} * {c}",
    "{t} = {a} * 2.0 if {a} else {b}",
    "{t} = {a} * 2.0 if {b} == 0.0 else {a}",
    "{t} = {a} if {b} != {c} else {a} * 3.0",
    "{t} = {a} * (2.0 if {b} in [0.0, 1.0] else 1.0)",
    "{t} = max({a}, {b}) * {a}",
    "{t} = sorted([{a}, {b}, {a} * {b}])[1]",
    "{t} = {a} * {b}.data",
    "{t} = {a} + abs({b}.data)",
    "{t} = {a} * float({b}.data > 0)",
    "{t} = {a} * math.exp(-abs({b}.data))",
    "{t} = {a} * copy.copy({b}).data",
    "{t} = {a} * copy.deepcopy([{b}])[0].data",
    "{t} = {a} * copy.deepcopy({b})",
    "{t} = {a} * pickle.loads(pickle.dumps({b})).data",
    "{t} = {a} * len(repr({b}))",
    "{t} = {a} * float(f'{{{b}:.3f}}')",
    "{t} = {a} + float(str({b}).split('data=')[1].split(',')[0])",
    "{t} = {a} * ag.data([{b}, {a}])[0]",
    "{t} = {a} * sum(p for p in ({b} * {b}).partials)",
    "y{n} = {b} * {b}\n    y{n}.backward()\n    {t} = {a} * y{n}.grad",
    "{t} = {a} * ag.gradients({b} * {b}, {b})",
    "{t} = {a} * len(ag.paths({b} * {b} + {b}, {b}))",
    "{t} = {a} * (2.0 if ag.diagnose(ag.relu({b})).dead else 3.0)",
    "try:\n        {t} = {a} if {b} > 0 else -{a}\n    except Exception:\n        {t} = {a} * 5.0",
    "try:\n        {t} = {a} * math.sqrt({b}.data)\n    except ValueError:\n        {t} = {a}",
    "try:\n        {t} = {a} * {b}.data\n    except BaseException:\n        {t} = {a} * 7.0",
    "box = Box()\n    box.scale = {b}.data\n    {t} = {a} * box.scale",
    "SHARED.scale = {b}\n    {t} = {a} * SHARED.scale.data",
    "def peek{n}(): return {b}.data\n    {t} = {a} * peek{n}()",
    "{t} = {a} * ag.grad(lambda q: q * q if q.data > 0 else q)({b})",
    "{t} = {a} * ag.compile(lambda q: q * q).value_and_grad({b})[1]",
    "{t} = {a} * ag.compile(lambda q: q * {b}.data)(2.0)",
    "{t} = {a} * np.array([{b}.data, 1.0]).max()",
    "{t} = {a} * int(np.sign({b}.data))",
    "{t} = {a} * next(iter([{b}])).data",
    "{t} = {a} * (1.0 if min({b}, 0.5) is {b} else 2.0)",
    "{t} = {a}\n    while {t} < 3.0 and {c}: {t} = {t} + 1.0",
    "{t} = [{a}, {b}][int({a}.data > {b}.data)]",
    "{t} = dict(zip([{a}.data, 9.5], [{a}, {b}]))[{a}.data]",
    "{t} = {a} * next(COUNTER)",
    "SHARED.seen.append({a})\n    {t} = {a} * len(SHARED.seen)",
    "{t} = MEMO.setdefault('y', {a} * {b}) + {a}",
    "{t} = {a} * {b}.data if False or {b}.data > 1 else {a}",
    "{a}.data = {c}\n    {t} = {a} * {b}",
    "{t} = {a} * ag.check_gradient(lambda q: q * {b}.data, 1.0).gradient[0]",
]

ARGUMENTS = ("x", "y", "z")


class Box:
    """Something with attributes."""

    scale = 1.5


def made(source: str) -> Callable[..., Any]:
    """The function of a source text, in a world of its own."""
    shared = Box()
    shared.seen = []  # type: ignore[attr-defined]
    world: dict[str, Any] = {
        "ag": autograd, "np": np, "math": math, "copy": copy, "pickle": pickle, "Box": Box, "SHARED": shared,
        "MEMO": {}, "COUNTER": itertools.count(2), "fast": autograd.compile(lambda z: z * z - z),
    }  # fmt: skip
    exec(source, world)  # it is our own text
    return world["f"]  # type: ignore[no-any-return]


@st.composite
def _sources(draw: DrawFn, reading: bool) -> str:
    count = draw(st.integers(1, 6))
    place = draw(st.integers(0, count - 1)) if reading else -1
    names, lines = list(ARGUMENTS), []
    for n in range(count):
        template = draw(st.sampled_from(READING if n == place else HARMLESS))
        a, b = draw(st.tuples(*[st.sampled_from(names[-4:])] * 2))
        c = draw(st.sampled_from(["0.5", "2.0", "-1.5", "3.0"]))
        lines.append(template.format(a=a, b=b, c=c, n=n, t=f"t{n}"))
        names.append(f"t{n}")
    result = " + ".join([*draw(st.permutations(names))[:2], names[-1]])
    return "\n    ".join(["def f(x, y, z):", *lines, f"return {result}"])


def independent_functions() -> st.SearchStrategy[str]:
    """Functions of three numbers that never read one."""
    return _sources(reading=False)


def dependent_functions() -> st.SearchStrategy[str]:
    """Functions of three numbers that read one, or depend on what an earlier call left behind."""
    return _sources(reading=True)
