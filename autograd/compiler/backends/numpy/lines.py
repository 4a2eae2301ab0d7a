"""Lines of source: what an emitter of statements has at hand."""

from __future__ import annotations

from autograd.compiler.backends.numpy.views import Views
from autograd.compiler.matrices.statements import Operand
from autograd.compiler.matrices.views import Index, View

__all__ = ["Lines"]


class Lines:
    """Lines of calls, and the names they use: scratch space, numbers and indices."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self.indices: list[Index] = []  # index arrays, which are data and not text
        self.used: set[str] = set()  # functions to import
        self.temporaries: dict[tuple[tuple[int, ...], bool, bool], list[str]] = {}
        self.in_use: dict[tuple[tuple[int, ...], bool, bool], int] = {}
        self.literals: dict[str, str] = {}
        self.lines: list[str] = []

    def call(self, function: str, *args: str, out: str = "") -> None:
        """One line: a call, with its result in ``out``."""
        self.used.add(function.split(".")[0])
        self.lines.append(f"{function}({', '.join([*args, *([f'out={out}'] if out else [])])})")

    def temporary(self, shape: tuple[int, ...], batched: bool = False, mask: bool = False) -> str:
        """Scratch space until the end of the statement."""
        key = (shape, batched, mask)
        pool = self.temporaries.setdefault(key, [])
        k = self.in_use.get(key, 0)
        self.in_use[key] = k + 1
        if k == len(pool):
            number = 1 + sum([len(names) for names in self.temporaries.values()])
            pool.append(f"t{number}")
            size = ", ".join([*map(str, shape), *(["batch_size"] if batched else [])])
            dtype = ", dtype=bool" if mask else ""
            self.views.bind(f"t{number}", f"empty(({size}){dtype})")
        return pool[k]

    def literal(self, x: float) -> str:
        """The name of a number, bound as an array: NumPy takes that twice as fast as a float."""
        name = self.literals.get(x.hex())
        if name is None:
            words = {0.0: "zero", 0.5: "half", 1.0: "one", 2.0: "two"}
            name = "minus_zero" if x.hex() == "-0x0.0p+0" else words.get(x) or f"k{len(self.literals) + 1}"
            self.literals[x.hex()] = name
            self.used.add("array")
            self.used |= {word for word in ("inf", "nan") if word in repr(x)}
            self.views.bind(name, f"array({x!r})")
        return name

    def ones(self, count: int | str) -> str:
        """The name of a vector of ones, to sum with."""
        name = "ones_of_batch" if isinstance(count, str) else f"ones_{count}"
        if name not in self.views.taken:
            self.used.add("ones")
            self.views.bind(name, f"ones({count})")
        return name

    def index(self, index: Index) -> str:
        """The name of an index array."""
        self.indices.append(index)
        name = f"i{len(self.indices)}"
        self.views.bind(name, f"indices[{len(self.indices) - 1}]")
        return name

    def operand(self, operand: Operand, batched: bool) -> str:
        """An operand beside a batch axis, or without one."""
        if not isinstance(operand, View):
            return self.literal(operand)
        return self.views(operand, "column" if batched and not operand.batched else "")

    def whole(self, view: View, form: str = "") -> str:
        """An operand of a function that does not stretch axes of length 1."""
        return self.views(view, form, spread=True)

    def accumulate(self, target: View, mode: str, source: str) -> None:
        """Add to a view, or subtract from it."""
        name = self.views(target)
        self.call("add" if mode == "+=" else "subtract", name, source, out=name)
