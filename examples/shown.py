"""A report in a notebook: what it says and draws is shown below the cell."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from IPython.display import SVG, Image, Markdown, display
from report import Picture, Report, Table


class Shown(Report):
    """Shows its parts instead of printing them; the pictures' files go with it.

    Parameters
    ----------
    title : str
        What it shows in one line.
    seed : int
        Where every random number comes from.
    quick : bool
        Whether to take the short way.
    """

    def __init__(self, title: str, seed: int, quick: bool) -> None:
        self.folder = TemporaryDirectory()
        super().__init__("notebook", title, Path(self.folder.name), quick, seed)

    def show(self, part: str | Table | Picture) -> None:
        """As Markdown, or as the picture itself."""
        if isinstance(part, Picture):
            picture = SVG(str(part.path)) if part.path.suffix == ".svg" else Image(part.path.read_bytes())
            display(picture, Markdown(f"*{part.caption}*"))
        else:
            display(Markdown(str(part)))
