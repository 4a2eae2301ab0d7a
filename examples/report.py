"""What an example prints and draws, gathered so that it can also become a page."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims import LEAST, VERDICTS, Claims
from options import folder, parser
from sources import Source
from working import working

try:
    from matplotlib import pyplot as plt
except ModuleNotFoundError:
    raise SystemExit("the examples draw with matplotlib, which is not installed: pip install matplotlib") from None


@dataclass(frozen=True)
class Table:
    """Cells as text; ``str`` is Markdown."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [self.head, ["-" * width for width in widths], *self.rows]
        return "\n".join(
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
            for line in lines
        )


@dataclass(frozen=True)
class Picture:
    """A file, and what it shows; ``str`` names both."""

    path: Path
    caption: str

    def __str__(self) -> str:
        return f"{self.caption}: {self.path}"


class Report:
    """Prints as it goes (a notebook shows instead), saves pictures into ``out`` and remembers both for the index page.

    Parameters
    ----------
    name, title : str
        Of the script, and what it shows in one line.
    out : Path
        A folder; it is made.
    quick : bool
        Whether to take the short way: fewer epochs, the same steps.
    seed : int
        Where every random number of the example comes from.
    mnist : Path, optional
        A folder with the files of MNIST.
    """

    def __init__(self, name: str, title: str, out: Path, quick: bool, seed: int, mnist: Path | None = None) -> None:
        self.name = name
        self.title = title
        self.out = out
        self.quick = quick
        self.seed = seed
        self.mnist = mnist
        self.parts: list[str | Table | Picture] = []
        out.mkdir(parents=True, exist_ok=True)

    def say(self, text: str, *, holds: bool = True) -> None:
        """A paragraph; ``holds`` is whether the numbers bear out what it says."""
        if not holds:
            raise AssertionError(f"the numbers of this run do not bear out: {text}")
        self._add(text)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A table; numbers are shown with seven significant digits."""
        self._add(Table(head, [[_cell(cell) for cell in row] for row in rows]))

    def credit(self, source: Source) -> None:
        """Whose document it is."""
        self.say(str(source))

    def claims(self, claims: Claims) -> None:
        """Every claim of the document in a table, with its verdict and what that rests on."""
        found = list(working(claims.judge(), "claims tried", len(claims)))
        counts = {verdict: sum(row.verdict == verdict for row in found) for verdict in VERDICTS}
        left_out = len(claims) - len(found)
        self.say(
            f"The document's claims, each tried from at least {LEAST} starts: "
            f"{', '.join(f'{count} {verdict}' for verdict, count in counts.items())}"
            f"{f', and {left_out} not tried, for want of a package' if left_out else ''}. A claim is right if it held "
            "for nine tenths of the starts, wrong if for one tenth at most; where it speaks of what tends to "
            "happen, for two thirds and one third."
        )
        self.table(["claim", "verdict", "evidence"], [[_quoted(r.quote), r.verdict, str(r.evidence)] for r in found])

    def erratum(self, text: str, *, holds: bool = True) -> None:
        """A sentence on what the document got wrong, with the evidence."""
        self.say(f"Erratum: {text}", holds=holds)

    def picture(self, picture: Any, name: str, caption: str) -> None:
        """Save a picture of ``viz`` as SVG and PNG."""
        path = picture.save(self.out / f"{name}.svg")
        picture.save(self.out / f"{name}.png")
        self._add(Picture(path, caption))

    def figure(self, plot: Any, name: str, caption: str) -> None:
        """Save a plot of matplotlib, a figure or the one that some axes belong to, as PNG."""
        path = self.out / f"{name}.png"
        plot.figure.savefig(path, dpi=120)
        plt.close(plot.figure)
        self._add(Picture(path, caption))

    def film(self, film: Any, name: str, caption: str) -> None:
        """Save a film of ``viz`` as GIF."""
        self._add(Picture(film.save(self.out / f"{name}.gif"), caption))

    def _add(self, part: str | Table | Picture) -> None:
        self.parts.append(part)
        self.show(part)

    def show(self, part: str | Table | Picture) -> None:
        """Print it."""
        print(f"\n{part}")


def run(main: Callable[[Report], None], title: str, seed: int, arguments: Sequence[str] | None = None) -> Report:
    """Run an example with the options that all of them take; ``seed`` is its own, unless another is asked for."""
    options = parser(None, title, seed).parse_args(arguments)
    return report_of(main, title, seed, options)


def report_of(main: Callable[[Report], None], title: str, seed: int, options: argparse.Namespace) -> Report:
    """Run an example with options that have been read."""
    own = seed if options.seed is None else options.seed
    try:
        folder(str(options.out))
    except argparse.ArgumentTypeError as error:  # of the folder that nobody named
        raise SystemExit(str(error)) from None
    report = Report(Path(main.__code__.co_filename).stem, title, options.out, options.quick, own, options.mnist)
    print(f"\n{title}\n{'═' * len(title)}")
    main(report)
    return report


def _quoted(words: str) -> str:
    """In quotation marks, and as code where Markdown would read signs of its own in it."""
    return f"“`{words}`”" if set(words) & set("\\$_*[]=") else f"“{words}”"


def _cell(cell: Any) -> str:
    return cell if isinstance(cell, str) else f"{cell:.7g}"
