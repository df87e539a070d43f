"""How the workbooks that this package writes look: one font, one kind of header, A4 landscape."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"  # what Vietnamese offices write in
DARK, HEADER, INPUT, LINE = "1F4E5F", "DCE9EE", "FFF9DB", "B8C4C9"
#: points that a line of text is high
LINE_HEIGHT = 15.5
#: points that Excel lets a row have
HIGHEST = 409
#: dates as day/month/year whatever the machine's settings
DATE = "dd/mm/yyyy"


def put(
    cell: Cell,
    value: object,
    *,
    bold: bool = False,
    size: int = 12,
    colour: str = "222222",
    wrap: bool = False,
) -> None:
    """Write a value; a text is never taken for a formula."""
    from openpyxl.styles import Alignment, Font

    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)


def title(sheet: Worksheet, text: str) -> None:
    """Write what a sheet is, in large letters at its top."""
    put(sheet["A1"], text, bold=True, size=15, colour=DARK)
    sheet.row_dimensions[1].height = 24


def head(sheet: Worksheet, row: int, names: list[str], widths: list[int]) -> None:
    """Write a header that stays in view, is repeated on every printed page, and filters."""
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter

    for column, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
        cell = sheet.cell(row, column)
        put(cell, name, bold=True, colour=DARK)
        cell.fill = PatternFill("solid", fgColor=HEADER)
        cell.border = edges()
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    heighten(sheet, row, zip(names, widths, strict=True))
    sheet.freeze_panes = sheet.cell(row + 1, 2)
    sheet.print_title_rows = f"{row}:{row}"


def heighten(sheet: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its longest wrapped text, since not every program does by itself.

    Parameters
    ----------
    texts : pairs of a text and the width of its column
    """
    lines = [
        sum(math.ceil(max(len(part), 1) * 1.15 / width) for part in text.split("\n"))
        for text, width in texts
    ]
    sheet.row_dimensions[row].height = min(LINE_HEIGHT * max([*lines, 1]) + 4, HIGHEST)


def edges():
    """Return the thin border of a table's cell."""
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color=LINE)
    return Border(left=side, right=side, top=side, bottom=side)


def on_paper(sheet: Worksheet) -> None:
    """Print on A4 landscape, as wide as the page, pages numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddFooter.right.text = "&P/&N"
    sheet.sheet_view.showGridLines = False
