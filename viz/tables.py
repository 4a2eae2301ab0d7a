"""What drawings write in Graphviz's HTML-like markup: boxes, the formula above, the legend and notes below."""

from __future__ import annotations

from collections.abc import Sequence

from viz.drawing import Box, Cell, Drawing
from viz.labels import markup
from viz.theme import DECADES, Scale, number

__all__ = ["box_table", "caption", "heading"]

PLAIN = '<table border="0" cellborder="0" cellspacing="0" cellpadding="{padding}">'
STRIPES = (-1.0, -0.1, -0.01, 0.001, 0.01, 0.1, 1.0)  # of the legend, as shares of the largest derivative


def box_table(box: Box, direction: str) -> str:
    """A box: its rows, and along the side where arrows come in a place for each, which is what orders operands."""
    style = ' style="dashed"' if box.dashed else ""
    lines = "".join(f"<tr>{''.join(_cell(cell, style) for cell in row)}</tr>" for row in box.rows)
    border = 3 if box.thick else 0
    table = (
        f'<table border="{border}" cellborder="1" cellspacing="0" cellpadding="4" color="{box.line}">{lines}</table>'
    )
    if box.slots < 2:
        return table
    upright = direction in ("LR", "RL")
    size = f"{min(9.0, 160.0 / box.slots):.0f}"
    cells = [f'<td port="s{i}" {"height" if upright else "width"}="{size}"></td>' for i in range(box.slots)]
    rows = "".join(f"<tr>{cell}</tr>" for cell in cells) if upright else f"<tr>{''.join(cells)}</tr>"
    plain = PLAIN.format(padding=0)
    parts = [f"<td>{plain}{rows}</table></td>", f"<td>{table}</td>"]
    if direction in ("RL", "BT"):
        parts.reverse()
    return f"{plain}<tr>{('' if upright else '</tr><tr>').join(parts)}</tr></table>"


def heading(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text in columns, over the picture."""
    lines = ["".join(f'<td align="left">{markup(text)}</td>' for text in row) for row in rows]
    return f"<{PLAIN.format(padding=2)}{''.join(f'<tr>{line}</tr>' for line in lines)}</table>>"


def caption(drawing: Drawing) -> str:
    """The legend and the notes, under the picture."""
    lines = [f'<font color="{drawing.theme.muted}">{markup(note)}</font>' for note in drawing.notes]
    if drawing.scale is not None and drawing.scale.largest > 0.0:
        lines.insert(0, _legend(drawing, drawing.scale))
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in lines)
    return f"<{PLAIN.format(padding=2)}{rows}</table>>" if lines else ""


def _legend(drawing: Drawing, scale: Scale) -> str:
    """A bar of colours from the most lowering to the most raising derivative, and what grey and dashed mean."""
    theme, root, largest = drawing.theme, markup(drawing.root), number(scale.largest)
    if drawing.measure:
        fills = [theme.shade(share * scale.largest, scale) for share in STRIPES if share > 0.0]
        left, right = f"{drawing.measure} {root} {number(scale.largest / 10**DECADES)}", largest
    else:
        fills = [theme.fill(share * scale.largest, scale) for share in STRIPES]
        left, right = f"lowers {root} −{largest}", f"{largest} raises {root}"
    broken = f'<td>    </td><td border="2" color="{theme.broken_line}" bgcolor="{theme.broken}">    </td>'
    bar = "".join(f'<td width="16" bgcolor="{fill}"> </td>' for fill in fills)
    return (
        f"{PLAIN.format(padding=3)}<tr><td>{left} </td>{bar}<td> {right}</td>"
        f'<td>    </td><td border="1" style="dashed" color="{theme.zero_line}" bgcolor="{theme.zero}">'
        f'<font color="{theme.zero_text}"> 0 </font></td><td> exactly zero</td>'
        f"{broken + '<td> not finite</td>' if any(box.thick for box in drawing.boxes) else ''}"
        f'<td>    </td><td><font color="{theme.muted}">log scale, three decades</font></td></tr></table>'
    )


def _cell(cell: Cell, style: str) -> str:
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f'<td{span} bgcolor="{cell.fill}"{style}><font color="{cell.colour}">{cell.text}</font></td>'
