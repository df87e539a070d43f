"""Files as grids of cells: a CSV file is one, a workbook one a sheet; nothing is understood yet."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pgi_analysis.data import reading, workbooks
from pgi_analysis.data.workbooks import WORKBOOKS
from pgi_analysis.faults import Fault, InputError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | float
Row = tuple[int, list[Cell]]

#: how Eurostat names its first column, which holds several: ``freq,unit,geo\\TIME_PERIOD``
_STACKED = re.compile(r"([\w ]+(?:,[\w ]+)*)\\TIME_PERIOD", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """The rows of a file or sheet that hold something.

    Attributes
    ----------
    label : str
        By which faults name it.
    file, stem, sheet : str
        The file's name, the same without its ending, and the sheet's, empty for a CSV file.
    rows : list
        The number that a spreadsheet shows, and the cells, an empty text where there is nothing; a
        merged cell stands in all its places.
    figures_merged : dict
        By row and column, from 1, the merged cells that hold a number.
    lost : list of Fault
        Formulas without a value.
    hidden : bool
    veiled : tuple of str
        The rows and columns with something in them that are hidden in the sheet: ``3``, ``C``.
    separator : str
        What parts the cells of a CSV file.
    """

    label: str
    file: str
    stem: str
    sheet: str
    rows: list[Row]
    figures_merged: dict[tuple[int, int], str] = field(default_factory=dict)
    lost: list[Fault] = field(default_factory=list)
    hidden: bool = False
    separator: str = ""
    veiled: tuple[str, ...] = ()


def filled(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that hold something; a typed 0 does.

    Examples
    --------
    >>> filled(["", 0, "x"])
    [0, 'x']
    """
    return [cell for cell in cells if cell != ""]


def read_grids(path: Path) -> list[Grid]:
    """Read a file: CSV from any system, also compressed, or a workbook.

    Raises
    ------
    InputError
        There is no such file, or it cannot be read.
    """
    if not path.exists():
        raise InputError([Fault("no_such_file", str(path))])
    suffixes = "".join(path.suffixes[-2:]) if path.suffix.lower() == ".gz" else path.suffix
    stem = path.name.removesuffix(suffixes)
    if path.suffix.lower() in WORKBOOKS:
        return list(_sheets(path, stem))
    raw = reading.unpacked(path)
    text = reading.decode(raw, path.name)
    mark = separator(text)
    rows = _unstacked(list(_lines(text, mark, path.name)))
    return [Grid(path.name, path.name, stem, "", _cleaned(rows), separator=mark)]


def _lines(text: str, mark: str, label: str) -> Iterator[Row]:
    number = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            number += 1
            yield number, list(cells)
    except csv.Error:
        raise InputError([Fault("quotes", label, number + 1)]) from None


def separator(text: str) -> str:
    r"""Tell what separates the cells of a CSV file: the mark that most lines have equally often.

    Examples
    --------
    >>> separator("A title\narea;2022;2023\nA;4,5;4,6\nB;5,1;5,2\n")
    ';'
    """
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in lines if mark in line)
        times, lines_ = max(((n, t) for t, n in counts.items()), default=(0, 0))
        return times, lines_

    first = lines[0] if lines else ""
    return max(",;\t", key=lambda mark: (*agreement(mark), first.count(mark)))


def _unstacked(rows: list[Row]) -> list[Row]:
    """Take the columns apart that Eurostat writes into the first one of its TSV files."""
    head = next((cells for _, cells in rows if filled(cells)), [""])
    stacked = _STACKED.fullmatch(str(head[0]).strip())
    if not stacked:
        return rows
    names = stacked[1].split(",")
    return [
        (number, [*(names if cells is head else str(cells[0]).split(",")), *cells[1:]])
        for number, cells in rows
        if filled(cells)
    ]


def _sheets(path: Path, stem: str) -> Iterator[Grid]:
    sheets = workbooks.open_workbook(path).values()
    for sheet in sheets:
        label = f"{path.name} [{sheet.title}]" if len(sheets) > 1 else path.name
        rows: list[Row] = [
            (number, [workbooks.cell_value(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(), start=1)
        ]
        figures = {}
        for span in sheet.merged_cells.ranges:
            value = rows[span.min_row - 1][1][span.min_col - 1]
            for number in range(span.min_row, span.max_row + 1):
                for column in range(span.min_col, span.max_col + 1):
                    rows[number - 1][1][column - 1] = value
                    if not isinstance(value, str):
                        figures[number, column] = span.coord
        lost = [
            Fault("formula_lost", label, cell.row, values={"got": cell.coordinate})
            for cell in workbooks.lost_formulas(sheet)
        ]
        hidden = sheet.sheet_state != "visible"
        yield Grid(
            label,
            path.name,
            stem,
            reading.clean(sheet.title),
            _cleaned(rows),
            figures,
            lost,
            hidden,
            veiled=tuple(_veiled(sheet)),
        )


def _veiled(sheet: Worksheet) -> Iterator[str]:
    """Find the rows and columns that are hidden in a sheet, by a filter or by hand."""
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    columns = {cell.column: cell.column_letter for cell in cells}
    yield from (
        str(row)
        for row in dict.fromkeys(cell.row for cell in cells)
        if sheet.row_dimensions[row].hidden
    )
    hidden = [one for one in sheet.column_dimensions.values() if one.hidden]
    yield from (
        letter
        for column, letter in columns.items()
        if any(one.min <= column <= one.max for one in hidden)
    )


def _cleaned(rows: list[Row]) -> list[Row]:
    tidy = (
        (number, [reading.clean(cell) if isinstance(cell, str) else cell for cell in cells])
        for number, cells in rows
    )
    rows = [(number, cells) for number, cells in tidy if filled(cells)]
    if rows and str(rows[0][1][0]).startswith("sep="):  # to Excel, not to a reader
        return rows[1:]
    return rows
