"""Excel workbooks to tables of cells: typed numbers as numbers, all else as it is shown."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pgi_analysis.data.formats import refuse_format
from pgi_analysis.data.names import fold
from pgi_analysis.data.reading import Read, clean, read_bytes, to_table
from pgi_analysis.faults import Fault, InputError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: files that are opened as workbooks; those of other formats get a message how to save them
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".numbers")
#: sheets that hold targets, as `fold` reduces their names; «Mục tiêu 3» is a goal, not one of them
TARGET_SHEETS = ("targets", "target", "muctieu")
#: what a number format shows as it stands: text in quotes, a letter after a backslash
_LITERAL = re.compile(r'"[^"]*"|\\.')
_FORMULA = re.compile(rb"<(\w+:)?f[ >/]")
#: stands in a cell whose formula has no stored value
LOST = "=LOST"
#: cells in the rectangle of a sheet: at most these, and if nearly all are empty at most those
MOST_CELLS, MOST_EMPTY = 10_000_000, 1_000_000
#: share of cells below which nearly all are empty
SPARSE = 0.05


def open_workbook(path: Path) -> dict[str, Worksheet]:
    """Open an Excel workbook and return its sheets by name, in small letters.

    The cells hold values; a formula without a stored value is found by `lost_formulas`.

    Raises
    ------
    InputError
        The file is missing or no readable workbook.
    """
    raw = read_bytes(path, path.name)
    refuse_format(raw, path.name, "workbook")
    book = _load(raw, path.name, data_only=True)
    if not book.worksheets:
        raise InputError([Fault("workbook_unreadable", path.name)])
    for sheet in book.worksheets:
        _trim(sheet, f"{path.name} [{sheet.title}]")
    if _has_formulas(raw):
        for sheet in _load(raw, path.name, data_only=False).worksheets:
            _trim(sheet, f"{path.name} [{sheet.title}]")
            for cells in sheet.iter_rows():
                for cell in (one for one in cells if one.data_type == "f"):
                    valued = book[sheet.title][cell.coordinate]
                    if valued.value is None:
                        valued.value = LOST
    return {clean(sheet.title).lower(): sheet for sheet in book.worksheets}


def is_of_targets(name: str) -> bool:
    """Tell whether a sheet says by its name that it holds targets.

    Examples
    --------
    >>> is_of_targets("Mục tiêu"), is_of_targets("Targets"), is_of_targets("Mục tiêu 3")
    (True, True, False)
    """
    return fold(name) in TARGET_SHEETS


def _trim(sheet: Worksheet, label: str) -> None:
    """Leave out cells without a value: Excel keeps the look of some far beyond a table.

    Raises
    ------
    InputError
        What remains is spread too far to be a table.
    """
    cells = sheet._cells  # openpyxl has no public way to those that there are
    for place in [place for place, cell in cells.items() if cell.value is None]:
        del cells[place]
    if not cells:
        return
    size = max(row for row, _ in cells) * max(column for _, column in cells)
    if size > MOST_CELLS or (size > MOST_EMPTY and len(cells) < SPARSE * size):
        far = cells[max(cells, key=lambda place: place[0] * place[1])]
        raise InputError([Fault("sheet_far", label, far.row, values={"got": far.coordinate})])


def _load(raw: bytes, label: str, *, data_only: bool) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():  # of what openpyxl drops, such as validation lists
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(io.BytesIO(raw), data_only=data_only)
    except Exception:  # openpyxl lets errors of zip, XML and its own through
        raise InputError([Fault("workbook_unreadable", label)]) from None


def _has_formulas(raw: bytes) -> bool:
    """Tell whether some sheet has a formula, so that the workbook needs a second look."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        sheets = (name for name in parts.namelist() if name.startswith("xl/worksheets/"))
        return any(_FORMULA.search(parts.read(name)) for name in sheets)


def lost_formulas(sheet: Worksheet) -> Iterator[Cell]:
    """Find the cells of a sheet whose formula has no value, as in a file never calculated."""
    for cells in sheet.iter_rows():
        yield from (cell for cell in cells if cell.data_type == "f")


def read_sheet(sheet: Worksheet, label: str) -> Read:
    """Read a sheet as `reading.read_csv` reads a file, its typed numbers as numbers.

    A formula counts as the value it last had.

    Raises
    ------
    InputError
        The sheet is empty, has merged cells or formulas never calculated, or its header does not
        name the columns.
    """
    faults = [*merged_faults(sheet, label)]
    faults += [
        Fault("formula_lost", label, cell.row, values={"got": cell.coordinate})
        for cell in lost_formulas(sheet)
    ]
    if faults:
        raise InputError(faults)
    rows = ([cell_value(cell) for cell in cells] for cells in sheet.iter_rows())
    return to_table(label, enumerate(rows, start=1))


def cell_value(cell: Cell) -> str | float:
    """Return a number that is typed and shown as one, and of all else the text."""
    value = cell.value
    typed = isinstance(value, int | float) and not isinstance(value, bool)
    if not typed or _shown_as_percent(cell):
        return cell_text(cell)
    return int(value) if float(value).is_integer() else value


def merged_faults(sheet: Worksheet, label: str, *, first: int = 1) -> Iterator[Fault]:
    """Find the merged cells of a sheet, from a row on."""
    for cells in sheet.merged_cells.ranges:
        if cells.max_row >= first:
            yield Fault("cells_merged", label, cells.min_row, values={"got": cells.coord})


def cell_text(cell: Cell) -> str:
    """Return what a cell of a workbook says, as text; an empty one as an empty text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and _shown_as_percent(cell):
        return f"{100 * value:.10g}%"  # as it is shown
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _shown_as_percent(cell: Cell) -> bool:
    return "%" in _LITERAL.sub("", cell.number_format)
