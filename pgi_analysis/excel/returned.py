"""Filled-in forms as they come back: what each is for, and its rows, once its layout is sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.data import (
    cell_text,
    cell_value,
    clean,
    lost_formulas,
    merged_faults,
    open_workbook,
)
from pgi_analysis.excel.form import COLUMNS, MARKS, headers
from pgi_analysis.faults import Fault, InputError, gather
from pgi_analysis.language import LANGUAGES, column

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: a form's header stands within so many rows
_TOP = 40
#: columns of numbers, where a typed one tells nothing of how texts are written
FIGURES = ("percent", "quantity", "interim_value")


@dataclass(frozen=True, eq=False)
class Form:
    """A form as it came back: what it is for, and its rows as text, by their numbers.

    ``rows`` has every column that a form may have; ``lacking`` names those that this one has not.
    """

    file: str
    language: str
    plan: str
    quarter: str
    rows: pd.DataFrame
    lacking: frozenset[str] = frozenset()


def read_forms(paths: Iterable[Path]) -> list[Form]:
    """Read forms that `form.write_form` made, in either language.

    Raises
    ------
    InputError
        A file is no readable workbook or no such form; every fault of every layout is named.
    """
    forms, faults = [], []
    for path in paths:
        try:
            forms.append(_read_form(path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return forms


def _read_form(path: Path) -> Form:
    if not path.exists():
        raise InputError([Fault("no_such_file", str(path))])
    sheets = open_workbook(path).values()
    expected = {language: list(headers(language).values()) for language in LANGUAGES}
    found = [
        (sheet, top, language)
        for language, names in expected.items()
        for sheet in sheets
        if (top := _header_row(sheet, names))
    ]
    if not found:
        raise InputError([Fault("form.unknown", path.name)])
    if len(found) > 1:
        values = {"got": ", ".join(sheet.title for sheet, *_ in found)}
        raise InputError([Fault("form.sheets", path.name, values=values)])
    sheet, top, language = found[0]
    if lost := list(lost_formulas(sheet)):
        raise InputError(Fault("form.formula", path.name, cell.row) for cell in lost)
    return _read(sheet, top, path.name, language)


def _header_row(sheet: Worksheet, names: list[str]) -> int | None:
    """Find the row that is most like the form's header, of which older forms have a third."""
    found = []
    for row in range(1, min(sheet.max_row, _TOP) + 1):
        cells = {clean(cell_text(cell)) for cell in sheet[row]}
        found.append((len(cells & set(names)), -row))
    most, row = max(found, default=(0, 0))
    needed = sum(not column.optional for column in COLUMNS)
    return -row if 3 * most >= needed else None


def _read(sheet: Worksheet, top: int, file: str, language: str) -> Form:
    header = [clean(cell_text(cell)) for cell in sheet[top]]
    while header and not header[-1]:
        header.pop()
    head = headers(language)
    columns = [one for one in COLUMNS if not one.optional or head[one.name] in header]
    names = [head[column.name] for column in columns]
    faults = [*_header_faults(header, names, file, top), *merged_faults(sheet, file, first=top)]
    marks = {}
    for cells in sheet.iter_rows(max_row=top - 1, min_col=2, max_col=3):
        label, value = (clean(cell_text(cell)) for cell in cells)
        marks |= {mark: value for mark in MARKS if label == column(mark, "form", language)}
    if not any(fault.rule == "form.columns_missing" for fault in faults):
        faults += [
            Fault("form.mark", file, values={"mark": column(mark, "form", language)})
            for mark in MARKS
            if not marks.get(mark)
        ]
    if faults:
        raise InputError(faults)
    body = {}
    for row, cells in enumerate(sheet.iter_rows(min_row=top + 1), top + 1):
        said = [clean(cell_text(cell)) or None for cell in cells]
        if any(said[len(names) :]):
            faults.append(Fault("form.beyond", file, row))
        if any(said):
            body[row] = [
                cell_value(cell) if text and column.name in FIGURES else text
                for column, text, cell in zip(columns, said, cells, strict=False)
            ]
    if faults:
        raise InputError(gather(faults))
    there = [column.name for column in columns]
    rows = pd.DataFrame.from_dict(body, orient="index", columns=there, dtype=object)
    every = [column.name for column in COLUMNS]
    rows = rows.reindex(columns=every).astype(object).where(lambda cells: cells.notna(), None)
    return Form(
        *(file, language, marks["plan"], marks["quarter"], rows),
        lacking=frozenset(every) - frozenset(there),
    )


def _header_faults(header: list[str], names: list[str], file: str, top: int) -> Iterator[Fault]:
    from openpyxl.utils import get_column_letter

    if sorted(header) == sorted(names) and header != names:
        moved = [name for name, expected in zip(header, names, strict=True) if name != expected]
        yield Fault("form.columns_moved", file, top, values={"got": ", ".join(moved)})
        return
    if header and len(header) < len(names):
        lacking = ", ".join(f"“{name}”" for name in names if name not in header)
        yield Fault("form.columns_missing", file, top, values={"got": lacking})
        return
    for place in range(max(len(header), len(names))):
        got = header[place] if place < len(header) else ""
        expected = names[place] if place < len(names) else ""
        if got != expected:
            rule = "form.column" if expected else "form.column_added"
            values = {"letter": get_column_letter(place + 1), "got": got, "expected": expected}
            yield Fault(rule, file, top, values=values)
