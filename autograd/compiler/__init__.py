"""Write scalars; the engine finds the matrices, differentiates them, and runs them.

A recorded scalar graph becomes a short program for its value and derivatives. Rooms, in this order:

- :mod:`~autograd.compiler.scalars`: the graph as a list of numbers: ``tape`` (record), ``normalise`` (to the form of
  ``normal``), ``differentiate`` (as often as asked).
- :mod:`~autograd.compiler.matrices`: ``schedule``, ``memory`` (lay out), ``contractions`` (find the matrices), and
  ``reroll`` with ``sums`` (write array statements). What comes out is an ``ArrayProgram``, which is data.
- :mod:`~autograd.compiler.backends`: what runs it.
- :mod:`~autograd.compiler.program`: ``passes``, the passes in a row, and the ``Program`` that they make.
- :mod:`~autograd.compiler.captured`: what a function depends on besides its arguments.
- :mod:`~autograd.compiler.calls`: from a call to its result.
- :mod:`~autograd.compiler.derivatives`: those of a compiled function, in the shape of its arguments.

``function`` has what users call: ``compile``. What passes hand on prints as a listing.
"""

from autograd.compiler.function import CompiledFunction, compile
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.program.buffers import Step
from autograd.compiler.program.passes import compile_tape
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.tape import Tape, record

__all__ = ["ArrayProgram", "CompiledFunction", "Program", "Step", "Tape", "compile", "compile_tape", "record"]
