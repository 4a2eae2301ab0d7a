"""Pass 3, differentiate: the chain rule on scalars, from a program in normal form to more of the same.

A sum and a product hand on what everybody knows; every other operation evaluates its row of the op table, written in
:mod:`~autograd.compiler.expressions`, as nodes. What comes out is a program like any other, so it can be differentiated
again. There is no second rule for arrays: the passes that follow find the matrices in derivatives too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from autograd import ops
from autograd.compiler.expressions import Expression, Term, symbols
from autograd.compiler.normal import Builder, Sum, Terms, batch_sum, operands_of
from autograd.compiler.tape import COUNT, FIRST_BATCHED, PARAMETER
from autograd.compiler.undefined import discarded_nan, may_be_infinite
from autograd.op import Op

__all__ = ["differentiate", "differentiate_entries", "pull_back", "reduce_examples"]

# What is handed on to a node: most have one reader, so that the pair of its adjoint and a partial is all there is.
Contributions = dict[int, "Terms | tuple[int, int]"]


def reduce_examples(builder: Builder, how: str) -> None:
    """Make the results of the examples their "mean" or "sum", as part of the program."""
    out = builder.out
    sums = [y for y in out.outputs if builder.is_batched(y) and isinstance(out.args[y], Sum)]
    read = {a for args in out.args for a in operands_of(args)} if sums else set()
    outputs = []
    for y in out.outputs:
        terms = Terms()
        terms.plus.append(y)
        if y in sums and y not in read and all(map(builder.is_batched, operands_of(out.args[y]))):
            terms = _opened(out.args[y])  # which is one product then, or a few
            out.dropped.add(y)
        if not builder.is_batched(y):
            outputs.append(y if how == "mean" else builder.operation(ops.mul, (builder.count, y)))
            continue
        total = builder.sum(builder.total(terms))
        outputs.append(builder.operation(ops.mul, (builder.inverse, total)) if how == "mean" else total)
    out.outputs = outputs
    out.order += range(len(out.order), len(out.ops))


def _opened(total: Sum) -> Terms:
    """The terms of a sum."""
    terms = Terms()
    (terms.minus_pairs if total.negative else terms.pairs).extend(zip(total.left, total.right, strict=True))
    terms.plus.extend(total.plus)
    terms.minus.extend(total.minus)
    return terms


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
        self.nonzero: set[int] = set()

    def _active(self) -> list[bool]:
        """Which nodes depend on what is differentiated by, and not only through what is constant where it is smooth."""
        active: list[bool] = []
        for op, args in zip(self.builder.out.ops, self.builder.out.args, strict=True):
            if op is None:
                active.append(args[0] in self.places)
            elif args.__class__ is Sum:
                active.append(any(a >= 0 and active[a] for a in operands_of(args)))
            else:
                flat = _flat(op) if op.arity else ()
                active.append(any(a >= 0 and active[a] for k, a in enumerate(args) if k not in flat))
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
        builder, active = self.builder, self.active
        out, rank = builder.out, builder.rank
        # Where there is one contribution of each example to what all share, they are summed.
        own: Contributions = {}
        summed: Contributions = {}
        found: dict[int, int] = {}
        if output < 0 or not active[output]:
            return found
        seed = own[output] = Terms()
        seed.plus.append(builder.constant(1.0))
        start = len(out.ops)
        made_for: list[int] = []  # for each new node the order of what it was made for
        for i in range(output, -1, -1) if through is None else through:
            mine, shared = own.pop(i, None), summed.pop(i, None)
            if mine is None and shared is None:
                continue
            op, args = out.ops[i], out.args[i]
            if (
                mine is None
                and isinstance(shared, tuple)
                and builder.is_batched(shared[0])
                and builder.is_batched(shared[1])
            ):
                g = builder.append(batch_sum, shared, ())  # of weights, most often
            else:
                g = self._adjoint(mine, shared)
            if op is None:
                found[i] = g
            elif g >= 0 or builder.number(g) != 0.0:  # a zero adjoint goes no further
                if g >= self.first:
                    out.origin.setdefault(g, i)
                places = _Places(own, summed if self._is_summed(i) else own, rank)
                if i in self.discarded and op is not ops.neg:
                    self._hand_on_guarded(op, i, args, g, places)
                elif op is ops.mul or args.__class__ is Sum or op is batch_sum:
                    self._hand_on(args, g, places)
                elif op is ops.neg:
                    places.of(args[0]).minus.append(g)
                else:
                    self._by_row(op, i, args, g, places)
            made_for += [out.order[i]] * (len(out.ops) - start - len(made_for))
        # The walk is backwards; nodes stand in the order of what they were made for.
        order = [0] * len(made_for)
        for k, new in enumerate(sorted(range(len(made_for)), key=made_for.__getitem__), start):
            order[new] = k
        out.order += order
        return found

    def _is_summed(self, i: int) -> bool:
        """Whether what a node hands to numbers that all examples share is summed over the examples."""
        return not self.by_example and (self.builder.rank[i] == 3 or self.builder.out.ops[i] is batch_sum)

    def _hand_on(self, args: tuple[int, ...] | Sum, g: int, places: _Places) -> None:
        """What a sum of products hands on to its operands."""
        active = self.active
        if isinstance(args, Sum):
            left, right, plus, minus, negative = args
        else:
            left, right, plus, minus, negative = (args[0],), (args[1],), (), (), False
        own, summed, rank = places
        for x, other in chain(zip(right, left, strict=True), zip(left, right, strict=True)):
            if x < 0 or not active[x]:
                continue
            if negative:
                places.of(x).minus_pairs.append((g, other))
                continue
            where = own if rank[x] == 3 else summed
            before = where.get(x)
            if before is None:
                where[x] = (g, other)
            elif isinstance(before, Terms):
                before.pairs.append((g, other))
            else:
                where[x] = Terms(before, (g, other))
        for a in plus:
            if a >= 0 and active[a]:
                places.of(a).plus.append(g)
        for a in minus:
            if a >= 0 and active[a]:
                places.of(a).minus.append(g)

    def _hand_on_guarded(self, op: Op, i: int, args: tuple[int, ...] | Sum, g: int, places: _Places) -> None:
        """What an operation on numbers that may be nan hands on, where what it makes may be discarded."""
        if not isinstance(args, Sum) and op is not ops.mul and op is not batch_sum:
            self._by_row(op, i, args, g, places, guarded=True)
            return
        terms = _opened(args) if isinstance(args, Sum) else Terms((args[0], args[1]))
        for pairs, negative in ((terms.pairs, False), (terms.minus_pairs, True)):
            for a, b in pairs:
                for x, other in ((a, b), (b, a)):
                    if x >= 0 and self.active[x]:
                        product = self.builder.operation(ops.mul_no_nan, (g, other))
                        (places.of(x).minus if negative else places.of(x).plus).append(product)
        self._hand_on(Sum((), (), tuple(terms.plus), tuple(terms.minus), False), g, places)

    def _by_row(self, op: Op, i: int, args: tuple[int, ...], g: int, places: _Places, guarded: bool = False) -> None:
        """What any other operation hands on: its adjoint times what its row says."""
        builder, active = self.builder, self.active
        literals = [builder.number(a) if a < 0 else None for a in args]
        masked = (guarded or may_be_infinite(op, literals)) and not self._is_nonzero(g)
        wanted = tuple([k for k, a in enumerate(args) if a >= 0 and active[a]])
        shown = tuple([None if x is None else x.hex() for x in literals])  # 0.0 and -0.0 are two numbers
        for k, partial in zip(wanted, _row(op, shown, wanted), strict=True):
            a = args[k]
            negative = isinstance(partial, Expression) and partial.function == "neg" and bool(partial.args)
            if isinstance(partial, Expression) and negative:
                partial = partial.args[0]
            p = self._lower(partial, i, args)
            if p >= 0 and masked:
                product = builder.operation(ops.mul_no_nan, (g, p))
                (places.of(a).minus if negative else places.of(a).plus).append(product)
            elif p >= 0 or builder.number(p) not in (0.0, 1.0, -1.0):
                (places.of(a).minus_pairs if negative else places.of(a).pairs).append((g, p))
            elif builder.number(p):
                (places.of(a).minus if (builder.number(p) < 0.0) != negative else places.of(a).plus).append(g)

    # ── Adjoints ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _adjoint(self, own: Terms | tuple[int, int] | None, summed: Terms | tuple[int, int] | None) -> int:
        """The node of all contributions together."""
        builder = self.builder
        terms = _terms(own)
        if summed:
            both = builder.total(_terms(summed))
            for name in Terms.__slots__:
                getattr(terms, name).extend(getattr(both, name))
        alone = len(terms) == 1
        for found in (terms.pairs, terms.minus_pairs, terms.plus, terms.minus):
            found.reverse()  # the walk met the last reader first
        y = builder.sum(terms)
        if (
            alone
            and y >= 0
            and all(
                map(
                    self._is_nonzero,
                    (*[a for pair in terms.pairs + terms.minus_pairs for a in pair], *terms.plus, *terms.minus),
                )
            )
        ):
            self.nonzero.add(y)
        return y

    def _is_nonzero(self, a: int) -> bool:
        """Whether an adjoint cannot be zero, overflow apart, so that no row needs a mask."""
        if a < 0:
            return self.builder.number(a) != 0.0
        return a in self.nonzero or a in (
            self.builder.seen.get((None, COUNT, 0)),
            self.builder.seen.get((None, COUNT, 1)),
        )

    # ── Rows as nodes ────────────────────────────────────────────────────────────────────────────────────────────────

    def _lower(self, e: Term, y: int, args: tuple[int, ...]) -> int:
        """The node of an expression over a result and its operands."""
        builder = self.builder
        if not isinstance(e, Expression):
            return builder.constant(float(e))
        if not e.args:
            return y if e.function == "y" else args[int(e.function)]
        if e.function in ("add", "sub", "neg"):
            terms = Terms()
            self._spread(e, False, terms, y, args)
            return builder.sum(terms)
        return builder.operation(ops.TABLE[e.function], tuple([self._lower(a, y, args) for a in e.args]))

    def _spread(self, e: Term, negative: bool, terms: Terms, y: int, args: tuple[int, ...]) -> None:
        """Add an expression to terms, opening what is a sum."""
        if not isinstance(e, Expression) or not e.args or e.function not in ("add", "sub", "neg", "mul"):
            (terms.minus if negative else terms.plus).append(self._lower(e, y, args))
        elif e.function == "neg":
            self._spread(e.args[0], not negative, terms, y, args)
        elif e.function == "mul":
            first, second = [self._lower(a, y, args) for a in e.args]
            (terms.minus_pairs if negative else terms.pairs).append((first, second))
        else:
            self._spread(e.args[0], negative, terms, y, args)
            self._spread(e.args[1], negative ^ (e.function == "sub"), terms, y, args)


class _Places(NamedTuple):
    """Where the contributions of one node go."""

    own: Contributions
    summed: Contributions  # what it hands on to numbers that all examples share
    rank: list[int]

    def of(self, a: int) -> Terms:
        """The terms of the adjoint of an operand."""
        where = self.own if self.rank[a] == 3 else self.summed
        terms = where[a] = _terms(where.get(a))
        return terms


def _terms(found: Terms | tuple[int, int] | None) -> Terms:
    """Contributions that may be but a pair, or none, as terms."""
    return found if isinstance(found, Terms) else Terms(found) if found else Terms()


@lru_cache(4096)
def _row(op: Op, literals: tuple[str | None, ...], wanted: tuple[int, ...]) -> Sequence[Term]:
    """The partials of an operation as expressions: operand ``k`` is the leaf of that name, unless it is a constant."""
    leaves = [Expression(str(k)) if x is None else float.fromhex(x) for k, x in enumerate(literals)]
    return op.differentiate(symbols, Expression("y"), leaves, wanted)


@lru_cache(None)
def _flat(op: Op) -> frozenset[int]:
    """Operands that an operation does not depend on at all, wherever it is smooth."""
    leaves = [Expression(str(k)) for k in range(op.arity or 0)]
    partials = op.differentiate(symbols, Expression("y"), leaves)
    return frozenset([k for k, partial in enumerate(partials) if partial is ops.FLAT])
