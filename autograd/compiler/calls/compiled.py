"""From a call to its program: recorded, put through the passes, verified."""

from __future__ import annotations

from autograd.compiler.calls.call import Call
from autograd.compiler.calls.recordings import Recorded
from autograd.compiler.calls.verify import verify
from autograd.compiler.program.collector import collector_at_rest
from autograd.compiler.program.entries import compile_entries
from autograd.compiler.program.passes import compile_tape

__all__ = ["compiled"]


@collector_at_rest()
def compiled(call: Call) -> Recorded:
    """What serves a call, and others of its structure."""
    subject = call.subject
    first = call.record(call.point(0))
    arguments = [(call.names[k], array.shape[1:]) for k, array in call.batches.items()]
    entries = None
    if call.wanted:
        entries = compile_entries(first.tape, call.wanted, arguments, subject.reduce, call.number_names(), call.places)
        program = entries.program
    else:
        program = compile_tape(first.tape, arguments, subject.reduce, names=call.number_names())
    program.code.threads = subject.threads
    if subject.verify:
        verify(call, first, program, entries)
    roots = None
    if first.differentiated is not None:
        checks = compile_tape(first.differentiated, arguments, None)
        roots = Recorded(checks, first.rebuild, first.differentiated.captured, False, None, None, {})
    return Recorded(program, first.rebuild, first.tape.captured, first.bare, roots, entries, {})
