"""How much room letters take: what is too long is broken into lines, or cut with «…»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FONT, SIZE = "DejaVu Sans", 10  # has every Vietnamese letter
#: height of a line of text, in inches
LINE = 0.17


def width(text: str, *, size: float = SIZE, bold: bool = False) -> float:
    """Return the width of a line of text, in inches."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


def fit(text: str, room: float, *, lines: int = 2, size: float = SIZE, bold: bool = False) -> str:
    r"""Break a text into lines that are no wider than `room` inches; cut what is left over.

    Examples
    --------
    >>> fit("Số ngày làm thủ tục", 5), fit("Số ngày làm thủ tục", 1)
    ('Số ngày làm thủ tục', 'Số ngày làm\nthủ tục')
    >>> fit("Số ngày làm thủ tục", 1, lines=1)
    'Số ngày là…'
    """

    def fits(some: str) -> bool:
        return width(some, size=size, bold=bold) <= room

    words, rows = text.split(), []
    while words:
        row = words.pop(0)
        if len(rows) == lines - 1:  # the last line takes all that is left
            row, words = " ".join([row, *words]), []
        while words and fits(f"{row} {words[0]}"):
            row += f" {words.pop(0)}"
        if not fits(row):
            while row and not fits(f"{row}…"):
                row = row[:-1]
            row = f"{row.rstrip()}…"
        rows.append(row)
    return "\n".join(rows)


def room(ax: Axes) -> tuple[float, float]:
    """Return width and height of the part of the figure that an Axes has to itself, in inches."""
    whole = ax.figure.bbox.size / ax.figure.dpi
    place = ax.get_subplotspec()
    if place is None:
        return tuple(whole * ax.get_position().size)
    grid = place.get_gridspec()
    return whole[0] * len(place.colspan) / grid.ncols, whole[1] * len(place.rowspan) / grid.nrows
