"""What drawings write in Graphviz's HTML-like markup: boxes, the formula above, the legend and notes below."""

from __future__ import annotations

from collections.abc import Sequence

from viz.drawing.boxes import Box, Drawing
from viz.drawing.captions import DECADES_SAID, NOT_FINITE, ZERO, Legend, legend
from viz.drawing.sheets import Placement, Sheet
from viz.letters.labels import markup
from viz.theme import Theme

__all__ = ["box_table", "caption", "heading"]

PLAIN = '<table border="0" cellborder="0" cellspacing="0" cellpadding="{padding}">'


def box_table(box: Box, sheet: Sheet) -> str:
    """A box: its rows, each cell as large as its letters are in the table that comes with the package."""
    style = ' style="dashed"' if box.dashed else ""
    lines: dict[float, str] = {}
    for part in sheet.cells:
        lines[part.y] = lines.get(part.y, "") + _cell(part, style)
    border = 3 if box.thick else 0
    rows = "".join(f"<tr>{line}</tr>" for line in lines.values())
    return f'<table border="{border}" cellborder="1" cellspacing="0" cellpadding="0" color="{box.line}">{rows}</table>'


def heading(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text in columns, over the picture."""
    lines = ["".join(f'<td align="left">{markup(text)}</td>' for text in row) for row in rows]
    return f"<{PLAIN.format(padding=2)}{''.join(f'<tr>{line}</tr>' for line in lines)}</table>>"


def caption(drawing: Drawing) -> str:
    """The legend and the notes, under the picture."""
    lines = [f'<font color="{drawing.theme.muted}">{markup(note)}</font>' for note in drawing.notes]
    colours = legend(drawing)
    if colours is not None:
        lines.insert(0, _legend(colours, drawing.theme))
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in lines)
    return f"<{PLAIN.format(padding=2)}{rows}</table>>" if lines else ""


def _legend(colours: Legend, theme: Theme) -> str:
    broken = f'<td>    </td><td border="2" color="{theme.broken_line}" bgcolor="{theme.broken}">    </td>'
    bar = "".join(f'<td width="16" bgcolor="{fill}"> </td>' for fill in colours.fills)
    return (
        f"{PLAIN.format(padding=3)}<tr><td>{markup(colours.left)} </td>{bar}<td> {markup(colours.right)}</td>"
        f'<td>    </td><td border="1" style="dashed" color="{theme.zero_line}" bgcolor="{theme.zero}">'
        f'<font color="{theme.zero_text}"> 0 </font></td><td> {ZERO}</td>'
        f"{broken + f'<td> {NOT_FINITE}</td>' if colours.broken else ''}"
        f'<td>    </td><td><font color="{theme.muted}">{DECADES_SAID}</font></td></tr></table>'
    )


def _cell(part: Placement, style: str) -> str:
    cell = part.cell
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    size = f'width="{part.width:.0f}" height="{part.height:.0f}" fixedsize="true"'
    return f'<td{span} {size} bgcolor="{cell.fill}"{style}><font color="{cell.colour}">{cell.text}</font></td>'
