"""``viz.step``: a page on which a person walks through the forward and the backward pass of an expression."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from autograd import Value, floats, gradients, ops
from autograd.graph import topological_order
from autograd.ops import FLAT
from autograd.recorded import recorded_partials
from viz.letters.formulas import function_name
from viz.letters.labels import bracketed, named
from viz.rendering.operations import Operations
from viz.rendering.picture import Picture
from viz.scenes.scene import check_root
from viz.scenes.source import lines_of
from viz.stepper.layout import Edge, layered
from viz.stepper.page import Box, Code, json_number, page
from viz.stepper.pairs import pairs, ports, rows
from viz.theme import Scale, number

__all__ = ["step"]

MAX_NODES = 500
MAX_OPERANDS = 8  # written out in a line of the forward pass
JOINED = {"add": " + ", "sub": " − ", "mul": " · ", "div": " / ", "pow": " ^ ", "sum": " + ", "prod": " · "}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def step(root: Value) -> Picture:
    """A page that steps through the forward and the backward pass of ``root``.

    One HTML file that refers to nothing outside itself. It is given the numbers, the local derivatives and the order
    of the forward pass, and carries out the backward pass itself, one ``+=`` a step. Each step says the rule of its
    operation, and what it speaks of is always in sight. Keys: left and right for a step, space to play, Home and End. A
    click on a box goes to the step that completes it, and ``page.html#step=75`` opens the page at that step. Leaves can
    be given other numbers there: both passes are then carried out anew, by the operations of the table. "Ask me" asks
    for each gradient before it is shown (so does ``page.html#step=0&ask``), and "Embed" gives the line that puts the
    page, at its step, into another one. Where the expression was computed under :func:`viz.source_lines`, the lines of
    your program stand beside the graph.

    Parameters
    ----------
    root : Value
        What is differentiated, made of at most 500 Values, itself included. ``backward()`` need not have been called,
        and no ``grad`` is touched.

    Returns
    -------
    Picture
        ``.html``, ``.save("page.html")``, and the page itself where it is a notebook cell's last line.

    Raises
    ------
    TypeError
        If ``root`` is not a Value.
    ValueError
        If it is made of more than 500 Values.

    Notes
    -----
    Where Values were given other numbers since ``root`` was computed, as by an optimiser, the page says so at each
    operation that it concerns.

    Where an operation of your own cannot be written as JavaScript, steps say no rules, and leaves keep their numbers.

    Values without a label are called v₁, v₂ ... in the order in which they are computed, as in Griewank and Walther,
    "Evaluating Derivatives", SIAM 2008, section 2.2.
    """
    check_root(root)
    order = topological_order(root)
    nodes = list(dict.fromkeys(x for result in order for x in (*_operands(result), result))) or [root]
    if len(nodes) > MAX_NODES:
        raise ValueError(
            f"viz.step shows at most {MAX_NODES} Values, got an expression of {len(nodes)}; step through a smaller one "
            "(one example, fewer neurons), or draw viz.graph(root, level='layer') or viz.chain_rule(root) instead"
        )
    index = {node: i for i, node in enumerate(nodes)}
    name = _names(nodes)
    edges: list[Edge] = []
    partials: list[float] = []
    flat: list[int] = []
    adjoint = dict(zip(nodes, gradients(root, nodes, check=False), strict=True))
    for result in order:
        operands = _operands(result)
        recorded = _partials(result, adjoint[result])
        flat += [len(edges) + place for place, partial in enumerate(recorded) if partial is FLAT]
        edges += [Edge(index[x], index[result], at) for x, at in zip(operands, ports(result), strict=True)]
        partials += recorded
    program, operations = _program(order, index)
    lines, made_by = lines_of(nodes)
    return page(
        boxes=[
            Box(
                name[x],
                x.data,
                "" if x.op is None else _operation(x),
                x.op is None,
                bool(x.label),
                _forward(x, name),
                [[index[a] if isinstance(a, Value) else [json_number(a)] for a in pair] for pair in pairs(x)],
            )
            for x in nodes
        ],
        edges=edges,
        partials=partials,
        flat=flat,
        order=[index[result] for result in order],
        root=index[root],
        program=program,
        operations=operations,
        layout=layered([rows(x) for x in nodes], edges),
        stale=[index[result] for result in order if _is_stale(result)],
        code=Code([[line.line, line.text] for line in lines], made_by),
        scale=Scale(adjoint.values()),
    )


def _program(order: Sequence[Value], index: dict[Value, int]) -> tuple[list[Any], str]:
    """Of every result its operation, its operands (a place, or the number in a list) and its call; the operations.

    Neither where an operation of the user's own cannot be written as JavaScript.
    """
    written = Operations()
    rows: list[Any] = []
    for result in order:
        assert result.op is not None
        constants = [None if isinstance(arg, Value) else arg for arg in result.args]
        try:
            place = written.place(result.op, constants)
        except Exception:  # whatever a function does that was not written over the namespace alone
            return [], "null"
        operands = [index[arg] if isinstance(arg, Value) else [json_number(arg)] for arg in result.args]
        rows.append([place, operands, _call(result, [f"⟦{k}⟧" for k in range(len(operands))], lambda x: f"!{x}")])
    return rows, written.text()


def _partials(result: Value, adjoint: float) -> list[float]:
    """Those recorded. Where the user writes ``_backward``, what it hands on for this adjoint, as a multiple of it."""
    recorded: list[Any] = [partial for _, partial in recorded_partials(result)]
    for k, partial in enumerate(recorded):
        if not isinstance(partial, float):
            recorded[k], handed = 1.0 * partial, adjoint * partial
            if recorded[k] * adjoint != handed and adjoint and math.isfinite(adjoint):
                recorded[k] = handed / adjoint
    return recorded


def _is_stale(result: Value) -> bool:
    """Whether its operands, or itself, were given other numbers since it was computed."""
    assert result.op is not None
    numbers = [arg.data if isinstance(arg, Value) else arg for arg in result.args]
    try:
        now = result.op.value(floats, *numbers)
    except Exception:  # made by hand, as in micrograd: there is no formula
        return False
    return now != result.data and not (math.isnan(now) and math.isnan(result.data))


def _operands(result: Value) -> list[Value]:
    return [arg for arg in result.args if isinstance(arg, Value)]


def _names(nodes: Sequence[Value]) -> dict[Value, str]:
    """Labels, and v₁, v₂ ... for the Values that have none."""
    labelled = named(nodes)
    taken = set(labelled.values())
    free = (name for i in count(1) if (name := "v" + str(i).translate(SUBSCRIPTS)) not in taken)
    return {node: labelled.get(node) or next(free) for node in nodes}


def _operation(node: Value) -> str:
    """What a box calls its operation: the symbol, with a constant operand on its side of it."""
    assert node.op is not None
    if node.op is ops.dot:
        return "dot"  # whose symbol is hardly seen
    if node.op.name not in JOINED or len(node.args) != 2:
        return node.op.symbol
    left, right = (number(arg) if isinstance(arg, float) else "" for arg in node.args)
    return f"{left} {node.op.symbol} {bracketed(right)}".strip()


def _forward(node: Value, name: dict[Value, str]) -> str:
    """The line of the forward pass, in symbols and in numbers: ``z = x · y = 2 · (−3) = −6``."""
    if node.op is None:
        return ""
    symbols = [number(arg) if isinstance(arg, float) else name[arg] for arg in node.args]
    numbers = [number(arg if isinstance(arg, float) else arg.data) for arg in node.args]
    parts = [name[node], _call(node, symbols)]
    if symbols != numbers:
        parts.append(_call(node, numbers))
    return " = ".join([*parts, number(node.data)])


def _call(node: Value, operands: Sequence[str], factor: Callable[[str], str] = bracketed) -> str:
    """An operation on operands already written, as one would on paper; ``factor`` writes one beside a sign."""
    op: Any = node.op
    if op.name == "dot":
        half = len(operands) // 2
        pairs = zip(operands[:half], operands[half:], strict=True)
        return " + ".join(_shortened([f"{factor(a)} · {factor(b)}" for a, b in pairs]))
    if op.name in JOINED:
        return JOINED[op.name].join(_shortened([factor(x) for x in operands]))
    if op.name == "neg":
        return f"−{factor(operands[0])}"
    return f"{function_name(op.name, op.symbol)}({', '.join(_shortened(list(operands)))})"


def _shortened(terms: list[str]) -> list[str]:
    return terms if len(terms) <= MAX_OPERANDS else [*terms[: MAX_OPERANDS - 2], "…", terms[-1]]
