"""The adjoints of a program while its backward pass is written: which hold a number already, and which are borrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeGuard

import numpy as np
import numpy.typing as npt

from autograd.compiler.memory import Memory
from autograd.compiler.statements import Fill, Linear, Operand, Put, Statement, Total
from autograd.compiler.views import View

__all__ = ["Adjoints", "is_scaling"]

Flags = dict[int, npt.NDArray[np.bool_]]

NOBODY = -1  # the lender of an adjoint that stands where it belongs


class _Loan(NamedTuple):
    """The adjoint of ``view`` is the same as that of ``source``, and has not been copied."""

    view: View
    source: View


class Adjoints:
    """Where contributions go.

    An adjoint is first assigned, then added to. Where a contribution meets slots some of which were written and some
    not, those not yet written are set to zero before. A first contribution that is another adjoint unchanged, as below
    a ``+``, is lent and not copied, until something is added to it.
    """

    def __init__(self, memory: Memory, wanted: Sequence[int]) -> None:
        self.memory = memory
        self.written: list[Statement] = []
        self.active = self._flags()
        for place in wanted:
            self.active[place][:] = True
        self.touched, self.nonzero = self._flags(), self._flags()
        self.loans: list[_Loan] = []  # all that were ever given
        # For each slot the number of its loan: programs with thousands of loans are common, so none is searched for.
        self.loan_of = {place: np.full(size, NOBODY) for place, size in memory.sizes.items()}

    def _flags(self) -> Flags:
        return {place: np.zeros(size, dtype=bool) for place, size in self.memory.sizes.items()}

    def temporary(self, batched: bool, shape: tuple[int, ...]) -> View:
        """A run of its own for a number on the way."""
        return self.memory.run(batched, *shape)

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def is_active(self, operand: Operand) -> TypeGuard[View]:
        """Whether an operand depends on anything that is differentiated by."""
        return isinstance(operand, View) and bool(self.active[operand.place][_extent(operand)].any())

    def is_reached(self, view: View) -> bool:
        """Whether there is an adjoint."""
        return bool(self.touched[view.place][view.selection].any())

    def surely_nonzero(self, view: View) -> bool:
        """Whether no adjoint of the view can be zero, so that no rule needs a mask."""
        return bool(self.nonzero[view.place][view.selection].all())

    def of(self, view: View) -> View:
        """Where to read the adjoint of a view."""
        self._complete(view)
        number = self.loan_of[view.place][view.selection_start]
        if number != NOBODY:
            whole, source = self.loans[number]
            if view.selection_end <= whole.selection_end:  # both are contiguous: a view of one is one of the other
                start = view.offset - whole.offset
                return replace(view, offset=source.offset + start, adjoint=source.adjoint)
        self._call_in(view)
        return view.gradient

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self, view: View) -> None:
        """The adjoint of a result, which is given and not zero."""
        self.touched[view.place][view.selection] = True
        self.nonzero[view.place][view.selection] = True

    def mode(self, view: View) -> str:
        """``=`` for the first contribution to these slots, else ``+=``."""
        if self.is_reached(view):
            self.prepare(view)
            return "+="
        self.touched[view.place][view.selection] = True
        return "="

    def prepare(self, view: View) -> None:
        """Let every slot of a view hold a number that can be added to."""
        self._call_in(view)
        self._complete(view)
        self.nonzero[view.place][view.selection] = False

    def add(self, sign: int, operand: Operand, adjoint: View, others: tuple[Operand, ...]) -> None:
        """Add ``± adjoint · Π others`` to the adjoint of an operand, summing where it is repeated."""
        if not self.is_active(operand):
            return
        factors = (adjoint, *others)
        batched = any(isinstance(f, View) and f.batched for f in factors)
        axes = operand.repeated
        target = operand.without(axes)
        if target.injective and not axes and batched == operand.batched:
            first = not self.is_reached(operand)
            if others or sign < 0 or not self._lend(operand, adjoint):
                mode = self.mode(operand)
                mode, sign = ("-=", 1) if mode == "+=" and sign < 0 else (mode, sign)
                self.written.append(Linear(operand.gradient, mode, ((sign, factors),)))
            if first and adjoint.adjoint and is_scaling(others):
                self.keep_nonzero(operand, adjoint)
            return
        if target.injective:
            source = self._product(1, factors, batched, operand.shape) if others else adjoint
            self.written.append(Total(target.gradient, self.signed_mode(sign, target), source, axes))
            return
        source = self._product(sign, factors, batched, operand.shape)
        if batched and not operand.batched:
            source, whole = self.temporary(False, operand.shape), source
            self.written.append(Total(source, "=", whole, ()))
        self.put(operand, source)

    def _product(self, sign: int, factors: tuple[Operand, ...], batched: bool, shape: tuple[int, ...]) -> View:
        product = self.temporary(batched, shape)
        self.written.append(Linear(product, "=", ((sign, factors),)))
        return product

    def signed_mode(self, sign: int, target: View) -> str:
        """The mode of a statement that cannot change signs by itself."""
        mode = self.mode(target)
        if sign > 0:
            return mode
        if mode == "=":
            self.written.append(Fill(target.gradient, 0.0))
        return "-="

    def put(self, view: View, source: View) -> None:
        """Add to the adjoint of a view that reads some slots more than once."""
        slots = view.slots().reshape(-1)
        low, high = int(slots.min()), int(slots.max()) + 1
        run = View(view.place, low, (high - low,), (1,))
        self.prepare(run)
        self.written.append(Put(run.gradient, slots - low, self.memory.reshape(source, (len(slots),))))

    def keep_nonzero(self, operand: View, adjoint: View) -> None:
        """The adjoint of the operand is a multiple of this one, by a number that is not zero, and nothing else."""
        if self.surely_nonzero(adjoint):
            self.nonzero[operand.place][operand.selection] = True

    # ── Loans and gaps ───────────────────────────────────────────────────────────────────────────────────────────────

    def _lend(self, operand: View, source: View) -> bool:
        if operand.place >= 0:
            return False  # only what is computed: a gradient has to stand where it is asked for
        if not (operand.contiguous and source.contiguous) or self.is_reached(operand):
            return False
        self.touched[operand.place][operand.selection] = True
        self.loan_of[operand.place][operand.selection] = len(self.loans)
        self.loans.append(_Loan(operand, source))
        return True

    def _call_in(self, view: View) -> None:
        """Copy what was lent of these slots."""
        loan_of = self.loan_of[view.place]
        for number in np.unique(loan_of[view.selection]).tolist():  # the oldest first
            if number != NOBODY:
                whole, source = self.loans[number]
                self.written.append(Linear(whole.gradient, "=", ((1, (source,)),)))
                loan_of[whole.selection] = NOBODY

    def _complete(self, view: View) -> None:
        """Set to zero what of this adjoint nothing has been written to."""
        touched = self.touched[view.place]
        if touched[view.selection].all():
            return
        slots = np.unique(view.slots())
        missing = slots[~touched[slots]]
        for part in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1):
            self.written.append(Fill(View(view.place, int(part[0]), (len(part),), (1,), adjoint=True), 0.0))
        touched[missing] = True


def _extent(view: View) -> slice:
    return slice(view.selection_start, view.selection_end)


def is_scaling(factors: Sequence[Operand]) -> bool:
    """Whether a product with these factors is zero only where the other factor is."""
    return all(isinstance(factor, float) and factor != 0.0 for factor in factors)
