"""How the compiler works: one dense layer through every pass, as a page that the code writes.

``python -m examples.compiler_passes`` prints the page; ``examples/compiler.md`` is what it printed last.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent

import numpy as np

from autograd import Value, compile, tanh
from autograd.compiler import record
from autograd.compiler.matrices.array_program import find_matrices
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.scalars.differentiate import differentiate
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.reduction import reduce_examples

ROWS, COLUMNS = 2, 3


def layer(W, b, x):  # type: ignore[no-untyped-def]
    """A dense layer of two neurons, and a sum to have one number."""
    return sum(tanh(sum(w * a for w, a in zip(row, x, strict=True)) + c) for row, c in zip(W, b, strict=True))


def page() -> Iterator[str]:
    """The page, part by part."""
    yield dedent(
        """\
        # How the compiler works

        One dense layer through every pass. `python -m examples.compiler_passes` prints this page; a test compares.

        ```python
        from autograd import compile, tanh


        def layer(W, b, x):
            return sum(tanh(sum(w * a for w, a in zip(row, x)) + c) for row, c in zip(W, b))


        fast = compile(layer, batched="x")
        ```
        """
    )
    W = [[Value(0.1 * (COLUMNS * i + j)) for j in range(COLUMNS)] for i in range(ROWS)]
    b, x = [Value(0.5), Value(-0.5)], [Value(1.0), Value(2.0), Value(3.0)]
    tape = record([layer(W, b, x)], [*[w for row in W for w in row], *b], [], [x])
    yield _part(
        "Record",
        "The function runs once on Values; its graph becomes a flat listing, and the graph may go. Parameters are "
        "place 0, the numbers of an example place 3.",
        str(tape),
    )
    builder = normalise(tape)
    yield _part(
        "Normalise",
        "Chains of additions become one sum of products each; what is computed twice is merged, constants are folded.",
        str(builder.out),
    )
    reduce_examples(builder, "mean")
    forward = len(builder.out.ops)
    builder.out.derivatives = differentiate(builder, builder.out.outputs)
    yield _part(
        "Reduce and differentiate",
        "The mean over the examples is part of the program: `Σₙ`, and `place -4` holds n and 1/n. Then the chain rule, "
        f"from the last node to the first, with the rows of `autograd/ops.py`: nodes from %{forward} on. A derivative "
        "is more of the same program, so it can be differentiated again.",
        str(builder.out),
    )
    plan = schedule(builder.out)
    yield _part(
        "Schedule",
        "Operations of one level and one kind form a group. Derivatives come as late as what reads them allows.",
        str(plan),
    )
    yield _part(
        "Find the matrices",
        "Each group gets one run of slots; operands become views of runs. Sums of products whose rows and columns meet "
        "are one matrix product, in the derivatives too, where the examples are what is summed over. This is the "
        "`ArrayProgram`: data, that prints like this, can be pickled, and is handed to a back end.",
        str(find_matrices(builder.out, plan, [("x", (COLUMNS,))])),
    )
    fast = compile(layer, batched="x")
    fast.value_and_grad(np.ones((ROWS, COLUMNS)), np.ones(ROWS), np.ones((1, COLUMNS)), argnums=(0, 1))
    yield _part(
        "Run",
        "The NumPy back end writes each statement as calls into buffers that are there already: `fast.source`.",
        fast.source,
    )
    yield "Not shown: before a program serves its first call it is held to the graph itself at other numbers.\n"


def _part(title: str, text: str, listing: str) -> str:
    return f"## {title}\n\n{text}\n\n```text\n{listing.strip()}\n```\n"


if __name__ == "__main__":
    print("\n".join(page()), end="")
