"""Systematic faults in a source file, one at a time, made on its syntax tree.

The kinds are those that people make in derivatives and in the chain rule: a wrong sign, a lost factor or term, a factor
that is slightly wrong, operands or partials exchanged, the other side of a kink, accumulation replaced by assignment,
an order reversed, a condition dropped.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SLIGHTLY = 1.0 + 1e-9

FLIPPED: dict[type[ast.operator], ast.operator] = {ast.Add: ast.Sub(), ast.Sub: ast.Add()}
SIDES: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Lt: ast.LtE(), ast.LtE: ast.Lt(), ast.Gt: ast.GtE(), ast.GtE: ast.Gt(),
    ast.Eq: ast.NotEq(), ast.NotEq: ast.Eq(), ast.Is: ast.IsNot(), ast.IsNot: ast.Is(),
    ast.In: ast.NotIn(), ast.NotIn: ast.In(),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A source file with one fault.

    Parameters
    ----------
    where : str
        The top-level name it is in: an operation of the table, or a function.
    kind : str
        What was done.
    before, after : str
        The expression, right and wrong.
    source : str
        The whole file.
    """

    where: str
    kind: str
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.before}  ->  {self.after}"


def faults(path: Path) -> Iterator[Fault]:
    """Every fault of every kind in a file, in the order of its lines."""
    tree = ast.parse(path.read_text())
    right = ast.unparse(tree)
    for statement in tree.body:
        if isinstance(statement, (ast.Assign, ast.FunctionDef, ast.ClassDef)):
            name = statement.name if not isinstance(statement, ast.Assign) else ast.unparse(statement.targets[0])
            for node in list(ast.walk(statement))[1:]:
                for kind, wrong in _wrong(node):
                    source = _replaced(tree, node, wrong)
                    if source != right:  # two equal partials exchanged
                        yield Fault(name, kind, _short(node), _short(wrong), source)


def _short(node: ast.AST) -> str:
    text = ast.unparse(node).strip().split("\n")[0]
    return text if len(text) <= 100 else text[:99] + "…"


def _replaced(tree: ast.Module, node: ast.AST, wrong: ast.AST) -> str:
    """The source with one node exchanged."""
    place = next(k for k, other in enumerate(ast.walk(tree)) if other is node)
    twin = copy.deepcopy(tree)
    target = next(other for k, other in enumerate(ast.walk(twin)) if k == place)

    class Exchange(ast.NodeTransformer):
        def visit(self, visited: ast.AST) -> ast.AST:
            return wrong if visited is target else self.generic_visit(visited)

    return ast.unparse(ast.fix_missing_locations(Exchange().visit(twin)))


def _wrong(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What can be wrong at a node."""
    for kind, rule in RULES:
        yield from ((kind, ast.fix_missing_locations(ast.copy_location(wrong, node))) for wrong in rule(node))


def _like(node: ast.AST, **changes: object) -> ast.AST:
    fields = {name: copy.deepcopy(value) for name, value in ast.iter_fields(node)}
    return type(node)(**{**fields, **changes})


def _number(value: float) -> ast.expr:
    return ast.Constant(value)


def _times(factor: float, node: ast.expr) -> ast.expr:
    return ast.BinOp(_number(factor), ast.Mult(), node)


# ── The kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sign_of_a_partial(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Lambda) and not _is_zero(node.body) and not isinstance(node.body, (ast.List, ast.Tuple)):
        yield _like(node, body=ast.UnaryOp(ast.USub(), node.body))


def _slightly_wrong(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Lambda) and not _is_zero(node.body) and not isinstance(node.body, (ast.List, ast.Tuple)):
        yield _like(node, body=_times(SLIGHTLY, node.body))


def _is_zero(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0.0


def _sign_lost(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def _factor_or_term_lost(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        yield node.left
        if not isinstance(node.op, ast.Div):
            yield node.right


def _operator_flipped(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in FLIPPED:
        yield _like(node, op=FLIPPED[type(node.op)])


def _constant_wrong(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield _number(node.value * SLIGHTLY if node.value else 1e-9)
        yield _number(node.value + 1.0)


def _arguments_exchanged(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and len(node.args) >= 2 and not isinstance(node.func, ast.Name):
        *others, last_but_one, last = node.args
        yield _like(node, args=[*others, last, last_but_one])


def _partials_exchanged(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Tuple) and len(node.elts) > 1 and all(isinstance(e, ast.Lambda) for e in node.elts):
        for k in range(len(node.elts) - 1):
            elements = list(node.elts)
            elements[k : k + 2] = elements[k + 1], elements[k]
            yield _like(node, elts=elements)


def _other_side_of_the_kink(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "step":
        mirrored = _like(node, args=[ast.UnaryOp(ast.USub(), node.args[0])])
        yield ast.BinOp(_number(1.0), ast.Sub(), mirrored)  # 1 at zero
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SIDES:
        yield _like(node, ops=[SIDES[type(node.ops[0])]])


def _assigned_not_accumulated(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)


def _order_reversed(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reversed":
        yield ast.Call(ast.Name("list", ast.Load()), node.args, [])
    if isinstance(node, ast.For):
        yield _like(node, iter=ast.Call(ast.Name("reversed", ast.Load()), [_as_list(node.iter)], []))


def _as_list(node: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("list", ast.Load()), [node], [])


def _statement_lost(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Continue, ast.Assign, ast.AugAssign)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield ast.Pass()


def _condition_lost(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If):
        yield _like(node, test=ast.Constant(True))
        yield _like(node, test=ast.Constant(False))


RULES: list[tuple[str, Callable[[ast.AST], Iterator[ast.AST]]]] = [
    ("wrong sign", _sign_of_a_partial),
    ("slightly wrong", _slightly_wrong),
    ("sign lost", _sign_lost),
    ("factor or term lost", _factor_or_term_lost),
    ("operator flipped", _operator_flipped),
    ("constant wrong", _constant_wrong),
    ("arguments exchanged", _arguments_exchanged),
    ("partials exchanged", _partials_exchanged),
    ("other side of the kink", _other_side_of_the_kink),
    ("assigned, not accumulated", _assigned_not_accumulated),
    ("order reversed", _order_reversed),
    ("statement lost", _statement_lost),
    ("condition lost", _condition_lost),
]
