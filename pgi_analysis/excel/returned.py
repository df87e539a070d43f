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
FIGURES = ("percent", "interim_value")


@dataclass(frozen=True, eq=False)
class Form:
    """A form as it came back: what it is for, and its rows as text, by their numbers."""

    file: str
    language: str
    plan: str
    quarter: str
    rows: pd.DataFrame


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
        (sheet, top, names, language)
        for language, names in expected.items()
        for sheet in sheets
        if (top := _header_row(sheet, names))
    ]
    if not found:
        raise InputError([Fault("form.unknown", path.name)])
    if len(found) > 1:
        values = {"got": ", ".join(sheet.title for sheet, *_ in found)}
        raise InputError([Fault("form.sheets", path.name, values=values)])
    sheet, top, names, language = found[0]
    if lost := list(lost_formulas(sheet)):
        raise InputError(Fault("form.formula", path.name, cell.row) for cell in lost)
    return _read(sheet, top, names, path.name, language)


def _header_row(sheet: Worksheet, names: list[str]) -> int | None:
    """Find the row that is most like the form's header: half of the names at least."""
    found = []
    for row in range(1, min(sheet.max_row, _TOP) + 1):
        cells = {clean(cell_text(cell)) for cell in sheet[row]}
        found.append((len(cells & set(names)), -row))
    most, row = max(found, default=(0, 0))
    return -row if 2 * most >= len(names) else None


def _read(sheet: Worksheet, top: int, names: list[str], file: str, language: str) -> Form:
    header = [clean(cell_text(cell)) for cell in sheet[top]]
    while header and not header[-1]:
        header.pop()
    faults = [*_header_faults(header, names, file, top), *merged_faults(sheet, file, first=top)]
    marks = {}
    for cells in sheet.iter_rows(max_row=top - 1, max_col=2):
        label, value = (clean(cell_text(cell)) for cell in cells)
        marks |= {mark: value for mark in MARKS if label == column(mark, "form", language)}
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
                for column, text, cell in zip(COLUMNS, said, cells, strict=False)
            ]
    if faults:
        raise InputError(gather(faults))
    rows = pd.DataFrame.from_dict(
        body, orient="index", columns=[column.name for column in COLUMNS], dtype=object
    )
    return Form(file, language, marks["plan"], marks["quarter"], rows)


def _header_faults(header: list[str], names: list[str], file: str, top: int) -> Iterator[Fault]:
    from openpyxl.utils import get_column_letter

    if sorted(header) == sorted(names) and header != names:
        moved = [name for name, expected in zip(header, names, strict=True) if name != expected]
        yield Fault("form.columns_moved", file, top, values={"got": ", ".join(moved)})
        return
    if header and set(header) < set(names):
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
