"""Why nothing observes these changes in Value and in the graph."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

ROW = "speed only: an operator beside its written-out case evaluates the table's row, to the same numbers"
FLOAT = "speed only: float() of a float is that float"
AGAIN = "speed only: _number asks once more what the operand is"
DOWN = "speed only: the walk goes down to an operand that it could take at once"

EQUIVALENT: list[Entry] = [
    ("autograd.value.Value.__*__", "kind = None", ROW),
    ("autograd.value.Value.__*__", "kind is float and kind is int", ROW),
    ("autograd.value.Value.__*__", "other if (kind is float) and False else _whole", FLOAT),
    ("autograd.value.Value.__pow__", "_slope_of_power(floats, None, a, b)", "this partial does not read the result"),
    ("autograd.value.Value.__init__", "(data.__class__ is float) and False", FLOAT),
    ("autograd.value.Value.__init__", '= self._db = ""', "what has no operation has no operands that anyone reads"),
    ("autograd.value.node", "out._mark = 1", "marks of passes begin at 2"),
    ("autograd.value.apply_binary", "(first) and False else _number", AGAIN),
    ("autograd.value.apply_binary", "(second) and False else _number", AGAIN),
    ("autograd.value.apply_many", "(x.__class__ is Value) and False", AGAIN),
    ("autograd.value.apply_many", "(x.__class__ is float) and False", AGAIN),
    ("autograd.graph.topological_order", "c._mark <= epoch", DOWN),
    ("autograd.graph.topological_order", "d._mark <= epoch", DOWN),
    ("autograd.graph.topological_order", "condition lost: if c is None or …  ->  if True:", DOWN),
    ("autograd.graph.accumulate_gradients", "order reversed: for node in order:", "all are set to zero, in any order"),
    ("autograd.graph.Shadow", "statement lost: __slots__", "memory only: half as much again for a stand-in"),
]
