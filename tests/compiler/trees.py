"""Arguments of any structure, what is computed of them, and how results are compared to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograd import Value, compile, sin

FLOATS = st.floats(-2.0, 2.0)


def arrays(shape):
    count = int(np.prod(shape))
    return st.lists(FLOATS, min_size=count, max_size=count).map(lambda xs: np.array(xs).reshape(shape))


def leaves(ints):
    """Numbers in every form that a caller knows; integers where they are structure."""
    of_one = [FLOATS, arrays((2,)), arrays((2, 1)), st.lists(FLOATS, min_size=1, max_size=3).map(tuple)]
    return st.one_of(*of_one, st.lists(FLOATS, min_size=1, max_size=3), *[st.integers(0, 3)] * ints)


def trees(ints):
    return st.recursive(
        leaves(ints),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3),
            st.lists(inner, min_size=1, max_size=3).map(tuple),
            st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
        ),
        max_leaves=5,
    )


def numbers(tree):
    """The numbers of a tree in order."""
    if isinstance(tree, dict):
        return [x for part in tree.values() for x in numbers(part)]
    if isinstance(tree, np.ndarray):
        return list(tree.ravel())
    return [x for part in tree for x in numbers(part)] if isinstance(tree, list | tuple) else [tree]


def moved(tree, by):
    """A tree of the same structure with other numbers."""
    if isinstance(tree, dict):
        return {key: moved(part, by) for key, part in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(moved(part, by) for part in tree)
    return tree if isinstance(tree, int) else tree * 0.5 + by


def plain(tree):
    """What can be compared: types and numbers, to the last bit."""
    if isinstance(tree, dict):
        return [(key, plain(part)) for key, part in tree.items()]
    if isinstance(tree, list | tuple):
        return type(tree), [plain(part) for part in tree]
    return (tree.shape, tree.dtype.str, tree.tobytes()) if isinstance(tree, np.ndarray) else (type(tree), tree)


def both(f, calls, batched=(), **options):
    """Results of some calls, the later by callers; and what the general way gives."""
    fast, general = compile(f, batched=batched), compile(f, batched=batched)
    found, expected = [], []
    for args, kwargs in calls:
        found.append(plain(fast.value_and_grad(*args, **kwargs, **options)))
        general._programs.direct.callers.clear()
        expected.append(plain(general.value_and_grad(*args, **kwargs, **options)))
    return found, expected, fast


def waves(p, q, x=0.0):
    return sum((0.5 + k) * sin(a) for k, a in enumerate(numbers(p))) + sum(
        sin(a * x) + a for a in numbers(q) if isinstance(a, Value)
    )
