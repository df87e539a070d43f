"""Files as people keep them (CSV from any system, Excel workbooks) to tables of plain text.

Whatever wrote the file, the same content gives the same table: cells are text, an empty cell is
``None``, and the index is the row number that a spreadsheet shows.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from pgi_analysis.faults import Fault, InputError


def clean(text: str) -> str:
    """Normalise to NFC and drop spaces around, whatever kind of space they are."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "").strip()


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file separated by commas, semicolons or tabs, with or without a BOM.

    Raises
    ------
    InputError
        The file is missing, empty, not text in UTF-8, or has rows longer than its header.
    """
    name = path.name
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError([Fault("file_missing", name, values={"folder": path.parent})]) from None
    except OSError as error:
        raise InputError([Fault("file_unreadable", name, values={"got": error.strerror})]) from None
    if raw[:2] == b"PK" or raw[:4] == b"\xd0\xcf\x11\xe0":
        raise InputError([Fault("workbook_named_csv", name)])
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise InputError([Fault("not_utf8", name, row)]) from None
    if "\x00" in text:
        raise InputError([Fault("not_text", name)])
    header_line = text.lstrip("\r\n").splitlines()[:1]
    separator = max(",;\t", key=(header_line or [""])[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    numbered = []
    start = 1
    for cells in reader:  # a quoted cell may span lines: a row is named by its first line
        numbered.append((start, cells))
        start = reader.line_num + 1
    return _to_table(name, numbered)


def read_workbook(path: Path) -> dict[str, pd.DataFrame]:
    """Read every sheet of an Excel workbook; formulas count as the value they last had.

    Raises
    ------
    InputError
        The file is missing or no readable workbook; or a sheet is not a table.
    """
    import openpyxl

    if not path.exists():
        raise InputError([Fault("file_missing", path.name, values={"folder": path.parent})])
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception:  # openpyxl lets errors of zip, XML and its own through
        raise InputError([Fault("workbook_unreadable", path.name)]) from None
    tables, faults = {}, []
    for sheet in book.worksheets:
        rows = [
            (number, [_cell_text(value) for value in cells])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
        try:
            tables[clean(sheet.title).lower()] = _to_table(f"{path.name} [{sheet.title}]", rows)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tables


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _to_table(name: str, numbered: list[tuple[int, list[str]]]) -> pd.DataFrame:
    numbered = [(row, [clean(cell) for cell in cells]) for row, cells in numbered]
    numbered = [(row, cells) for row, cells in numbered if any(cells)]
    if not numbered:
        raise InputError([Fault("file_empty", name)])
    header_row, header = numbered[0]
    header = [cell.lower() for cell in header]
    while header and not header[-1]:
        header.pop()
    faults = [
        Fault("column_twice", name, header_row, column)
        for column in sorted({column for column in header if column and header.count(column) > 1})
    ]
    faults += [
        Fault("column_unnamed", name, header_row, values={"position": position})
        for position, column in enumerate(header, start=1)
        if not column
    ]
    body, rows = [], []
    for row, cells in numbered[1:]:
        if any(cells[len(header) :]):
            counts = {"got": len(cells), "expected": len(header)}
            faults.append(Fault("row_too_long", name, row, values=counts))
            continue
        padded = cells[: len(header)] + [""] * (len(header) - len(cells))
        body.append([cell or None for cell in padded])
        rows.append(row)
    if faults:
        raise InputError(faults)
    table = pd.DataFrame(body, columns=header, index=pd.Index(rows, dtype=int), dtype=object)
    table.index.name = name  # the file, for the faults found later
    return table
