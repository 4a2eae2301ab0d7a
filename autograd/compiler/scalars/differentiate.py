"""Pass 3, differentiate: the chain rule on scalars, from a program in normal form to more of the same.

A sum and a product hand on what everybody knows; every other operation writes the partials of its row of the op table
as nodes, see :mod:`~autograd.compiler.scalars.partials`. What comes out is a program like any other, so it can be
differentiated again. There is no second rule for arrays: the passes that follow find the matrices in derivatives too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from math import isfinite
from typing import Any

import numpy as np

from autograd import ops
from autograd.compiler.scalars.adjoints import Adjoints
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Sum, Terms, batch_sum, opened, operands_of
from autograd.compiler.scalars.partials import Rule, flat_operands, literals_of, rule_of
from autograd.compiler.scalars.tape import FIRST_BATCHED, PARAMETER
from autograd.compiler.scalars.undefined import discarded_nan
from autograd.op import Op

__all__ = ["differentiate", "differentiate_entries", "pull_back"]


def differentiate(builder: Builder, outputs: Sequence[int]) -> list[int]:
    """The derivatives of each output by all parameters, as operands of the program, which grows by them.

    Parameters
    ----------
    builder : Builder
    outputs : sequence of int
        Operands; none of them differs by example.
    """
    out = builder.out
    out.passes.append(len(out.ops))
    chain_rule = _ChainRule(builder)
    derivatives: list[int] = []
    for y in outputs:
        found = [builder.constant(0.0)] * out.sizes[PARAMETER]
        for leaf, derivative in chain_rule.pull(y).items():
            found[out.args[leaf][1]] = derivative
        derivatives += found
    return derivatives


def differentiate_entries(
    builder: Builder, outputs: Sequence[int], columns: Mapping[int, int], by_example: bool = False
) -> list[tuple[int, int, int]]:
    """The derivatives that are not always zero: of which output, in which column, and the operand.

    Parameters
    ----------
    builder : Builder
    outputs : sequence of int
        Operands.
    columns : mapping of int to int
        The places to differentiate by, and for each the column of its first number.
    by_example : bool
        Whether outputs differ by example, and so do their derivatives.
    """
    chain_rule = _ChainRule(builder, columns, by_example)
    found = []
    for k, y in enumerate(outputs):
        for leaf, a in chain_rule.pull(y, chain_rule.below(y)).items():
            if a >= 0 or builder.number(a) != 0.0:
                place, slot = builder.out.args[leaf]
                found.append((k, columns[place] + slot, a))
    return found


def pull_back(builder: Builder, output: int) -> dict[tuple[int, int], int]:
    """The derivatives of one output by all numbers there are, those of examples too, by place and slot."""
    batched = range(FIRST_BATCHED, len(builder.out.sizes))
    found = _ChainRule(builder, (PARAMETER, *batched)).pull(output)
    return {builder.out.args[leaf]: a for leaf, a in found.items()}


class _ChainRule:
    """Walks a program backwards, and writes adjoints behind it."""

    def __init__(self, builder: Builder, places: Collection[int] = (PARAMETER,), by_example: bool = False) -> None:
        self.builder = builder
        self.places = places  # of what is differentiated by
        self.by_example = by_example
        self.first = len(builder.out.ops)  # nodes from here on are new
        self.active = self._active()
        self.discarded = discarded_nan(builder)
        # Constants that a zero adjoint has to win over.
        self.infinite = {-1 - k for k, x in enumerate(builder.out.constants) if not isfinite(x)}
        self.adjoints = adjoints = Adjoints(builder)
        # By whether it is summed over the examples: where a node hands on what it does.
        self.ways = [adjoints.own.by_rank(others) for others in (adjoints.own, adjoints.summed)]
        self.rules: dict[object, Rule] = {}  # by which operands are literals, and which matter

    def _active(self) -> list[bool]:
        """Which nodes depend on what is differentiated by, and not only through what is constant where it is smooth.

        Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
        """
        out = self.builder.out
        leaves = [args[0] in self.places for op, args in zip(out.ops, out.args, strict=True) if op is None]
        if all(leaves) and not any(flat_operands(op) for op in {*out.ops} if op):  # every node is computed from some
            return [True] * len(out.ops) + [False] * len(out.constants)
        active = [False] * (len(out.ops) + len(out.constants))
        depends = active.__getitem__
        for i, (op, args) in enumerate(zip(out.ops, out.args, strict=True)):
            if op is None:
                active[i] = args[0] in self.places
            elif args.__class__ is Sum:
                active[i] = any(map(depends, operands_of(args)))
            else:
                if flat := flat_operands(op):
                    args = [a for k, a in enumerate(args) if k not in flat]
                active[i] = any(map(depends, args))
        return active

    def below(self, output: int) -> list[int]:
        """What an output is computed from and depends on what is differentiated by, last first; itself in front."""
        args, ops = self.builder.out.args, self.builder.out.ops
        found = {output}
        stack = [output] if output >= 0 else []
        while stack:
            i = stack.pop()
            if ops[i] is not None:
                more = [a for a in operands_of(args[i]) if a >= 0 and self.active[a] and a not in found]
                found.update(more)
                stack += more
        return sorted(found, reverse=True)

    def pull(self, output: int, through: Sequence[int] | None = None) -> dict[int, int]:
        """The adjoints of the leaves that have one, if that of the output is 1.

        Of many outputs, each is pulled ``through`` the nodes below it alone.
        """
        builder, out, adjoints = self.builder, self.builder.out, self.adjoints
        found: dict[int, int] = {}
        if output < 0 or not self.active[output]:
            return found
        adjoints.own.plus[output].append(builder.constant(1.0))
        nodes, operands, origin, to = out.ops, out.args, out.origin, self.ways[False]
        walked, ends = [], [len(nodes)]  # and how many nodes there are after each
        for i in range(output, -1, -1) if through is None else through:
            g = adjoints.of(i)
            if g is None:
                continue
            op, args = nodes[i], operands[i]
            if op is None:
                found[i] = g
            elif g >= 0 or builder.number(g) != 0.0:  # a zero adjoint goes no further
                if g >= self.first:
                    origin.setdefault(g, i)
                if builder.examples:
                    to = self.ways[self._is_summed(i)]
                guarded = i in self.discarded
                if self.infinite and not guarded:
                    guarded = not self.infinite.isdisjoint(operands_of(args))
                if op is ops.mul or args.__class__ is Sum or op is batch_sum:
                    (self._hand_on_guarded if guarded else self._hand_on)(args, g, to)
                else:
                    self._by_row(op, i, args, g, to, guarded)
            walked.append(i)
            ends.append(len(nodes))
        # The walk is backwards; nodes stand in the order of what they were made for.
        made = np.repeat(np.array(out.order)[walked], np.diff(ends))
        order = np.empty(len(made), dtype=np.int64)
        order[np.argsort(made, kind="stable")] = np.arange(ends[0], ends[-1])
        out.order += order.tolist()
        return found

    def _is_summed(self, i: int) -> bool:
        """Whether what a node hands to numbers that all examples share is summed over the examples."""
        return not self.by_example and (self.builder.rank[i] == 3 or self.builder.out.ops[i] is batch_sum)

    # ── What is handed on ────────────────────────────────────────────────────────────────────────────────────────────

    def _hand_on(self, args: tuple[int, ...] | Sum, g: int, to: Any) -> None:
        """What a sum of products hands on to its operands."""
        active, rank = self.active, self.builder.rank
        pairs, minus_pairs, plus, minus = to
        if args.__class__ is not Sum:
            a, b = args  # type: ignore[misc]
            if active[b]:
                pairs[rank[b]][b].append((g, a))
            if active[a]:
                pairs[rank[a]][a].append((g, b))
            return
        left, right, added, taken, negative = args
        if negative:
            pairs = minus_pairs
        if left:
            for x, other in chain(zip(right, left, strict=True), zip(left, right, strict=True)):
                if active[x]:
                    pairs[rank[x]][x].append((g, other))
        for a in added:
            if active[a]:
                plus[rank[a]][a].append(g)
        for a in taken:
            if active[a]:
                minus[rank[a]][a].append(g)

    def _hand_on_guarded(self, args: tuple[int, ...] | Sum, g: int, to: Any) -> None:
        """What products of numbers that may be nan hand on, where what they make may be discarded."""
        terms = opened(args) if isinstance(args, Sum) else Terms((args[0], args[1]))
        _, _, plus, minus = to
        for pairs, signed in ((terms.pairs, plus), (terms.minus_pairs, minus)):
            for a, b in pairs:
                for x, other in ((a, b), (b, a)):
                    if self.active[x]:
                        product = self.builder.operation(ops.mul_no_nan, (g, other))
                        signed[self.builder.rank[x]][x].append(product)
        self._hand_on(Sum((), (), tuple(terms.plus), tuple(terms.minus), False), g, to)

    def _by_row(self, op: Op, i: int, args: tuple[int, ...], g: int, to: Any, guarded: bool) -> None:
        """What any other operation hands on: its adjoint times what its row says."""
        builder, active, rank = self.builder, self.active, self.builder.rank
        pairs, minus_pairs, plus, minus = to
        literals = None if min(args) >= 0 else literals_of(builder, op, args)
        key = op, literals, *map(active.__getitem__, args)
        rule = self.rules.get(key)
        if rule is None:
            wanted = tuple([k for k, a in enumerate(args) if active[a]])
            rule = self.rules[key] = rule_of(builder, op, literals or (None,) * len(args), wanted)
        masked = (guarded or rule.unbounded) and not self.adjoints.is_nonzero(g)
        nodes = rule.write(args, i)
        for position, node, negative in rule.partials:
            p, a = nodes[node], args[position]
            if masked and (p >= 0 or not isfinite(builder.number(p))):
                (minus if negative else plus)[rank[a]][a].append(builder.operation(ops.mul_no_nan, (g, p)))
            elif p >= 0 or builder.number(p) not in (0.0, 1.0, -1.0):
                (minus_pairs if negative else pairs)[rank[a]][a].append((g, p))
            elif x := builder.number(p):
                (minus if (x < 0.0) != negative else plus)[rank[a]][a].append(g)
