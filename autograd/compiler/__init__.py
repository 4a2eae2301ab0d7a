"""Write scalars; the engine finds the matrices, differentiates them, and runs them.

A recorded scalar graph becomes a short program for its value and derivatives. One pass a file, in this order:
:mod:`~autograd.compiler.tape` (record), :mod:`~autograd.compiler.normalise` (to the
:mod:`normal form <autograd.compiler.normal>`), :mod:`~autograd.compiler.differentiate` (as often as asked),
:mod:`~autograd.compiler.schedule`, :mod:`~autograd.compiler.memory` (lay out),
:mod:`~autograd.compiler.contractions` (find the matrices), and :mod:`~autograd.compiler.reroll` with
:mod:`~autograd.compiler.sums` (write array statements). What comes out is an
:mod:`ArrayProgram <autograd.compiler.array_program>`, which is data; :mod:`~autograd.compiler.backends` run it. What
passes hand on prints as a listing.
"""

from autograd.compiler.array_program import ArrayProgram
from autograd.compiler.buffers import Step
from autograd.compiler.function import CompiledFunction, compile
from autograd.compiler.passes import compile_tape
from autograd.compiler.program import Program
from autograd.compiler.tape import Tape, record

__all__ = ["ArrayProgram", "CompiledFunction", "Program", "Step", "Tape", "compile", "compile_tape", "record"]
