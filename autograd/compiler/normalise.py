"""Pass 2, normalise: chains of additions become one sum of products each, and what is computed twice is merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from autograd import floats, ops
from autograd.compiler.tape import CONSTANT, FIRST_BATCHED, PARAMETER, Tape
from autograd.op import Op

__all__ = ["Normal", "Sum", "normalise"]

_ADDITIVE = frozenset((ops.add, ops.sub, ops.neg, ops.sum, ops.dot))
_ABSORBING = frozenset((ops.add, ops.sub, ops.neg, ops.sum))


class Sum(NamedTuple):
    """``± Σ left[k] right[k] + Σ plus − Σ minus``."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    plus: tuple[int, ...]
    minus: tuple[int, ...]
    negative: bool = False


@dataclass(slots=True)
class Normal:
    """Like a :class:`~autograd.compiler.tape.Tape`, with n-ary sums: an entry of ``args`` may be a :class:`Sum`."""

    ops: list[Op | None] = field(default_factory=list)
    args: list[tuple[int, ...] | Sum] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        show = Tape(constants=self.constants).shown
        lines = []
        for i, (op, args) in enumerate(zip(self.ops, self.args, strict=True)):
            if op is None:
                lines.append(f"%{i} = place {args[0]}, slot {args[1]}")
            elif isinstance(args, Sum):
                sign = " - " if args.negative else " + "
                text = "".join(f"{sign}{show(a)}*{show(b)}" for a, b in zip(args.left, args.right, strict=True))
                text += "".join(f" + {show(a)}" for a in args.plus) + "".join(f" - {show(a)}" for a in args.minus)
                lines.append(f"%{i} ={text}")
            else:
                lines.append(f"%{i} = {op.name}({', '.join(map(show, args))})")
        return "\n".join([*lines, f"return {', '.join(map(show, self.outputs))}"])


def normalise(tape: Tape) -> Normal:
    """Flatten sums, pair single-use products under them, fold constants, merge what is identical."""
    return _Normaliser(tape).run()


class _Normaliser:
    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.out = Normal(constants=list(tape.constants), sizes=list(tape.sizes))
        self.constant = {x.hex(): -1 - k for k, x in enumerate(tape.constants)}
        self.seen: dict[object, int] = {}
        self.new: list[int] = [0] * len(tape.ops)  # tape index -> new operand, of what is not absorbed
        self.rank: list[int] = []  # of new nodes, to orient products: parameter, fixed, computed, batched
        # Terms of a sum that is still growing, with a sign each relative to ``flipped`` of the owner.
        self.terms: dict[int, tuple[list[int], list[bool], bool]] = {}

    def run(self) -> Normal:
        tape, out = self.tape, self.out
        self.inner, self.product = self._absorbed()
        for i, op in enumerate(tape.ops):
            args = tape.args[i]
            if op is None:
                out.ops.append(None)
                out.args.append(args)
                self.rank.append(0 if args[0] == PARAMETER else 1 if args[0] < FIRST_BATCHED else 3)
                self.new[i] = len(out.ops) - 1
            elif op in _ADDITIVE:
                self._collect(i, op, args)
                if not self.inner[i]:
                    self.new[i] = self._finish(*self.terms.pop(i))
            elif not self.product[i]:
                self.new[i] = self._operation(op, tuple([self._operand(a) for a in args]))
        out.outputs = [self._operand(a) for a in tape.outputs]
        out.sizes[CONSTANT] = len(out.constants)
        return out

    def _absorbed(self) -> tuple[list[bool], list[bool]]:
        """Which additions and which products have one use, and that in a sum."""
        tape = self.tape
        uses, user = [0] * len(tape.ops), [None] * len(tape.ops)
        for op, args in zip(tape.ops, tape.args, strict=True):
            if op is not None:
                for a in args:
                    if a >= 0:
                        uses[a] += 1
                        user[a] = op  # type: ignore[call-overload]
        for a in tape.outputs:
            if a >= 0:
                uses[a] += 1
        single = [n == 1 and u in _ABSORBING for n, u in zip(uses, user, strict=True)]
        inner = [s and op in _ADDITIVE for s, op in zip(single, tape.ops, strict=True)]
        product = [s and op is ops.mul for s, op in zip(single, tape.ops, strict=True)]
        return inner, product

    def _operand(self, a: int) -> int:
        return self.new[a] if a >= 0 else a

    # ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    # A term is a node of the tape, or (dot) a pair of them written as a product that has no node.

    def _collect(self, i: int, op: Op, args: tuple[int, ...]) -> None:
        """Give node ``i`` its terms, taking over the list of an operand that only serves this sum."""
        if op is ops.dot:
            n = len(args) // 2
            self.terms[i] = (list(zip(args[:n], args[n:], strict=True)), [False] * n, False)  # type: ignore[arg-type]
            return
        signs = (False, True) if op is ops.sub else (True,) if op is ops.neg else (False,) * len(args)
        nodes: list[int] = []
        minus: list[bool] = []
        flipped = False
        for a, negative in zip(args, signs, strict=True):
            if a >= 0 and self.inner[a]:
                more, more_minus, more_flipped = self.terms.pop(a)
                more_flipped ^= negative
                if len(more) > len(nodes):  # keep the longer list: a chain of a million terms is copied never
                    nodes, more = more, nodes
                    minus, more_minus = more_minus, minus
                    flipped, more_flipped = more_flipped, flipped
                nodes.extend(more)
                change = flipped ^ more_flipped
                minus.extend([not m for m in more_minus] if change else more_minus)
            else:
                nodes.append(a)
                minus.append(negative ^ flipped)
        self.terms[i] = (nodes, minus, flipped)

    def _finish(self, nodes: list[int], minus: list[bool], flipped: bool) -> int:
        """The finished sum: products apart from other terms, constants added up."""
        tape, product = self.tape, self.product
        left: list[int] = []
        right: list[int] = []
        plain: tuple[list[int], list[int]] = ([], [])
        negative_left: list[int] = []
        negative_right: list[int] = []
        constant = 0.0
        for t, m in zip(nodes, minus, strict=True):
            m ^= flipped
            if isinstance(t, tuple):
                a, b = self._oriented(*t)
            elif t >= 0 and product[t]:
                a, b = self._oriented(*tape.args[t])
            else:
                a = self._operand(t)
                if a >= 0:
                    plain[m].append(a)
                else:
                    constant += -self._number(a) if m else self._number(a)
                continue
            if b < 0:
                constant += -self._number(a) * self._number(b) if m else self._number(a) * self._number(b)
            elif m:
                negative_left.append(a)
                negative_right.append(b)
            else:
                left.append(a)
                right.append(b)
        if left and negative_left:
            plain[1].extend(
                [self._operation(ops.mul, pair) for pair in zip(negative_left, negative_right, strict=True)]
            )
        negative = not left and bool(negative_left)
        if negative:
            left, right = negative_left, negative_right
        if constant != 0.0 or not (left or plain[0] or plain[1]):
            plain[0].append(self._constant(constant))
        return self._sum(Sum(tuple(left), tuple(right), tuple(plain[0]), tuple(plain[1]), negative))

    def _oriented(self, a: int, b: int) -> tuple[int, int]:
        """The factors of a product in canonical order, so that mixed spellings find the same matrices."""
        return self._canonical(self._operand(a), self._operand(b))

    def _canonical(self, a: int, b: int) -> tuple[int, int]:
        """Constants first, then parameters, other numbers, what is computed, and last what differs by example."""
        rank = self.rank
        swap = a >= 0 and (b < 0 or rank[a] > rank[b])
        return (b, a) if swap else (a, b)

    def _sum(self, total: Sum) -> int:
        if len(total.left) + len(total.plus) + len(total.minus) > 1:
            return self._append(ops.sum, total, total.left + total.right + total.plus + total.minus)
        if total.plus:
            return total.plus[0]
        if total.left:
            y = self._operation(ops.mul, (total.left[0], total.right[0]))
            return self._operation(ops.neg, (y,)) if total.negative else y
        return self._operation(ops.neg, total.minus)

    # ── Everything else ──────────────────────────────────────────────────────────────────────────────────────────────

    def _operation(self, op: Op, args: tuple[int, ...]) -> int:
        if op is ops.mul:
            args = self._canonical(*args)
            if args[0] < 0 and self._number(args[0]) == 1.0:
                return args[1]
        elif op is ops.prod:
            return self._product(args)
        elif op is ops.where and args[0] < 0:
            return args[1] if self._number(args[0]) else args[2]
        if all(a < 0 for a in args):
            return self._constant(op.value(floats, *map(self._number, args)))
        return self._append(op, args, args)

    def _product(self, args: tuple[int, ...]) -> int:
        """A product of any number of factors as a balanced tree: its depth is the logarithm of its length."""
        level = list(args)
        while len(level) > 1:
            odd = [level.pop()] if len(level) % 2 else []
            level = [self._operation(ops.mul, pair) for pair in zip(level[::2], level[1::2], strict=True)] + odd
        return level[0]

    def _number(self, a: int) -> float:
        return self.out.constants[-1 - a]

    def _constant(self, x: float) -> int:
        key = x.hex()
        if key not in self.constant:
            self.constant[key] = -1 - len(self.out.constants)
            self.out.constants.append(x)
        return self.constant[key]

    def _append(self, op: Op, args: tuple[int, ...] | Sum, operands: tuple[int, ...]) -> int:
        key = (op, args)
        i = self.seen.get(key)
        if i is None:
            i = self.seen[key] = len(self.out.ops)
            self.out.ops.append(op)
            self.out.args.append(args)
            rank = self.rank
            rank.append(3 if any(a >= 0 and rank[a] == 3 for a in operands) else 2)
        return i
