"""Write scalars; the engine finds the matrices.

A recorded scalar graph becomes a short array program for its value and gradient. One pass a file, in this order:
:mod:`~autograd.compiler.tape` (record), :mod:`~autograd.compiler.normalise`, :mod:`~autograd.compiler.schedule`,
:mod:`~autograd.compiler.memory` (lay out), :mod:`~autograd.compiler.contractions` (find the matrices),
:mod:`~autograd.compiler.reroll` and :mod:`~autograd.compiler.sums` (write array statements),
:mod:`~autograd.compiler.differentiate` with its ledger :mod:`~autograd.compiler.adjoints`, and
:mod:`~autograd.compiler.emit_arrays` or :mod:`~autograd.compiler.emit_python`. What passes hand on prints as a listing.
"""

from autograd.compiler.function import CompiledFunction, compile
from autograd.compiler.program import Program, Step, compile_tape
from autograd.compiler.tape import Tape, record

__all__ = ["CompiledFunction", "Program", "Step", "Tape", "compile", "compile_tape", "record"]
