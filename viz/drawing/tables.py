"""What drawings write in Graphviz's HTML-like markup: boxes, the formula above, the legend and notes below."""

from __future__ import annotations

from viz.drawing.boxes import Box
from viz.drawing.captions import Block
from viz.drawing.sheets import TILE, Placement, Sheet

__all__ = ["box_table", "caption"]


def box_table(box: Box, sheet: Sheet) -> str:
    """A box: its rows, each cell as large as its letters are in the table that comes with the package."""
    style = ' style="dashed"' if box.dashed else ""
    lines: dict[float, str] = {}
    for part in sheet.cells:
        lines[part.y] = lines.get(part.y, "") + _cell(part, style)
    lines |= {sheet.head: _matrix(box, sheet)} if box.tiles else {}
    border = 3 if box.thick else 0
    rows = "".join(f"<tr>{line}</tr>" for line in lines.values())
    return f'<table border="{border}" cellborder="1" cellspacing="0" cellpadding="0" color="{box.line}">{rows}</table>'


def _matrix(box: Box, sheet: Sheet) -> str:
    """The tiles as a table in a cell below the others."""
    cell = f'width="{TILE:.0f}" height="{TILE:.0f}" fixedsize="true"'
    rows = "".join(
        "<tr>" + "".join(f'<td {cell} bgcolor="{tile.fill}"></td>' for tile in row) + "</tr>" for row in box.tiles
    )
    span = max(sum(cell.span for cell in row) for row in box.rows)
    size = f'width="{sheet.width:.0f}" height="{sheet.height - sheet.head:.0f}"'
    table = f'<table border="0" cellborder="1" cellspacing="0" cellpadding="0">{rows}</table>'
    return f'<td colspan="{span}" {size} bgcolor="{box.rows[-1][0].fill}">{table}</td>'


def caption(block: Block) -> str:
    """The formulas above or the legend and the notes, row by row."""
    rows = "".join(f"<tr>{row}</tr>" for row in block.rows)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="2">{rows}</table>>' if rows else ""


def _cell(part: Placement, style: str) -> str:
    cell = part.cell
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    size = f'width="{part.width:.0f}" height="{part.height:.0f}" fixedsize="true"'
    return f'<td{span} {size} bgcolor="{cell.fill}"{style}><font color="{cell.colour}">{cell.text}</font></td>'
