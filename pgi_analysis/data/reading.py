"""Files as people keep them (CSV from any system, Excel workbooks) to tables of plain text.

Whatever wrote the file, the same content gives the same table: cells are text, an empty cell is
``None``, and the index is the row number that a spreadsheet shows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import warnings
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pgi_analysis.faults import Fault, InputError, closest

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Read = tuple[pd.DataFrame, list[Fault]]

#: how an old ``.xls`` begins, and a workbook that a password encrypts
_OLE = b"\xd0\xcf\x11\xe0"

#: what a number format shows as it stands: text in quotes, a letter after a backslash
_LITERAL = re.compile(r'"[^"]*"|\\.')
#: control characters, soft hyphens and zero-width characters, which come along with copied text
_INVISIBLE = re.compile("[\x01-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]")


def clean(text: str) -> str:
    """Normalise to NFC; drop what cannot be seen, and spaces of any kind around."""
    plain = _INVISIBLE.sub("", text.replace("\u00a0", " "))
    return unicodedata.normalize("NFC", plain).strip()


def read_csv(path: Path, label: str) -> Read:
    """Read a CSV file separated by commas, semicolons or tabs, with or without a BOM.

    Returns
    -------
    DataFrame
        Cells of text; the index's name is ``label``, by which faults name the file.
    list of Fault
        The rows that are longer than the header; the table lacks them.

    Raises
    ------
    InputError
        The file is missing, no text in UTF-8, or its header does not name the columns.
    """
    text = read_text(path, label)
    separator = _separator(text)
    numbered = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for cells in reader:
            numbered.append((len(numbered) + 1, cells))
    except csv.Error:
        raise InputError([Fault("quotes", label, len(numbered) + 1)]) from None
    return _to_table(label, numbered)


def _separator(text: str) -> str:
    header_line = (text.lstrip("\r\n").splitlines() or [""])[0]
    return max(",;\t", key=header_line.count)


class Style(NamedTuple):
    """How a CSV file is written."""

    separator: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    newline: str = "\n"


def csv_style(path: Path) -> Style:
    """Tell how a CSV file is written, so that it can be written again in the same way.

    A file with semicolons comes from an Excel that writes decimal commas.
    """
    if not path.exists():
        return Style()
    text, raw = read_text(path, path.name), path.read_bytes()
    separator = _separator(text)
    plain = not raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return Style(
        separator,
        "," if separator == ";" else ".",
        "utf-8" if plain else "utf-8-sig",
        "\r\n" if "\r\n" in text else "\n",
    )


def read_text(path: Path, label: str) -> str:
    """Read a text file in UTF-8, or in UTF-16 with its mark, as Excel's «Unicode text» has.

    Raises
    ------
    InputError
        The file is missing, cannot be opened, or is no such text.
    """
    raw = _read_bytes(path, label)
    if raw.startswith((b"PK\x03\x04", _OLE)):
        raise InputError([Fault("workbook_named_csv", label)])
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise InputError([Fault("not_utf8", label, row)]) from None
    if "\x00" in text:
        raise InputError([Fault("not_text", label)])
    return text


def _read_bytes(path: Path, label: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        fault = Fault("file_missing", label, values={"folder": path.parent})
    except OSError as error:
        fault = Fault("file_unreadable", label, values={"got": error.strerror})
    raise InputError([fault])


def open_workbook(path: Path) -> dict[str, Worksheet]:
    """Open an Excel workbook and give its sheets by name, in small letters.

    Raises
    ------
    InputError
        The file is missing or no readable workbook.
    """
    import openpyxl

    raw = _read_bytes(path, path.name)
    if raw.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        raise InputError([Fault("workbook_locked" if locked else "workbook_old", path.name)])
    try:
        with warnings.catch_warnings():  # of what openpyxl drops, such as validation lists
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    except Exception:  # openpyxl lets errors of zip, XML and its own through
        raise InputError([Fault("workbook_unreadable", path.name)]) from None
    return {clean(sheet.title).lower(): sheet for sheet in book.worksheets}


def lost_formulas(path: Path, sheet: Worksheet) -> Iterator[Cell]:
    """Find the cells of a sheet whose formula has no value, as in a file never calculated."""
    import openpyxl

    for cells in openpyxl.load_workbook(path)[sheet.title].iter_rows():
        for cell in cells:
            if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                yield cell


def read_sheet(sheet: Worksheet, label: str) -> Read:
    """Read a sheet as `read_csv` reads a file; a formula counts as the value it last had.

    Raises
    ------
    InputError
        The sheet is empty, has merged cells, or its header does not name the columns.
    """
    if merged := list(merged_faults(sheet, label)):
        raise InputError(merged)
    rows = ([cell_text(cell) for cell in cells] for cells in sheet.iter_rows())
    return _to_table(label, list(enumerate(rows, start=1)))


def merged_faults(sheet: Worksheet, label: str, *, first: int = 1) -> Iterator[Fault]:
    """Find the merged cells of a sheet, from a row on."""
    for cells in sheet.merged_cells.ranges:
        if cells.max_row >= first:
            yield Fault("cells_merged", label, cells.min_row, values={"got": cells.coord})


def misnamed(found: Iterable[str], absent: Collection[str]) -> Iterator[tuple[str, str]]:
    """Find the files or sheets that were probably meant to have the name of an absent one.

    Examples
    --------
    >>> list(misnamed(["rank.csv", "Progress.xlsx", "notes.txt"], ["ranks", "progress"]))
    [('rank.csv', 'ranks'), ('Progress.xlsx', 'progress')]
    """
    for name in found:
        if guess := closest(name.split(".")[0], absent):
            yield name, guess


def cell_text(cell: Cell) -> str:
    """Give what a cell of a workbook says, as text; an empty one as an empty text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and "%" in _LITERAL.sub("", cell.number_format):
        return f"{100 * value:.10g}%"  # as it is shown
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _to_table(name: str, numbered: list[tuple[int, list[str]]]) -> Read:
    numbered = [(row, [clean(cell) for cell in cells]) for row, cells in numbered]
    numbered = [(row, cells) for row, cells in numbered if any(cells)]
    if not numbered:
        raise InputError([Fault("file_empty", name)])
    header_row, header = numbered[0]
    width = len(header)
    header = [cell.lower() for cell in header]
    while not header[-1]:
        header.pop()
    if len(header) == 1:
        raise InputError(
            [Fault("header_single", name, header_row, values={"got": numbered[0][1][0]})]
        )
    faults = [
        Fault("column_twice", name, header_row, column)
        for column in dict.fromkeys(header)
        if column and header.count(column) > 1
    ]
    faults += [
        Fault("column_unnamed", name, header_row, values={"position": position})
        for position, column in enumerate(header, start=1)
        if not column
    ]
    if faults:
        raise InputError(faults)
    body, rows = [], []
    for row, cells in numbered[1:]:
        if len(cells) > width or any(cells[len(header) :]):
            counts = {"got": len(cells), "expected": len(header)}
            faults.append(Fault("row_too_long", name, row, values=counts))
            continue
        padded = cells[: len(header)] + [""] * (len(header) - len(cells))
        body.append([cell or None for cell in padded])
        rows.append(row)
    table = pd.DataFrame(body, columns=header, index=pd.Index(rows, dtype=int), dtype=object)
    table.index.name = name  # the file, for the faults found later
    return table, faults
