"""The annex of a report: its tables as an Excel workbook, with a sheet that explains every column.

The figures are those of the report's CSV tables, unrounded; their number formats round them. Codes
are put into words. Nothing in it is a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.assessment import NONE
from pgi_analysis.data import PERIOD_COLUMNS, plain_text, save_timeless
from pgi_analysis.excel import sheets
from pgi_analysis.language import LANGUAGES, capital, columns, described, words
from pgi_analysis.text import report
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: kind of column: its number format and its width; none is that of a table of somebody's own
KINDS = {
    "points": ("0.00", 11),
    "change": ("+0.00;−0.00;0.00", 11),
    "share": ("0%", 11),
    "number": ("0.00", 11),
    "percent": ('0.##"%"', 11),
    "whole": ("0", 10),
    "date": (sheets.DATE, 13),
    "yes_no": ("@", 11),
    "word": ("@", 22),
    "text": ("@", 40),
    "": ("General", 22),
}
#: letters that Excel has room for in the name of a sheet, and those that it refuses
SHEET_NAME, NOT_IN_SHEET_NAMES = 31, r"[\[\]:*?/\\]"
#: what a target of the plan above is on: its column
_MEASURED = {"score": "value", "rank": "rank"}
#: a number as a table's CSV has it; one that begins with a zero is a code
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-][0-9]+)?")


def kind_of(column: str, table: str = "") -> str:
    """Return how a column is written, as the data dictionary says, of this table if it does."""
    own = columns().get(f"{table}.{column}", {})
    return str({**described(f"annex.{column}"), **own}["kind"])


def write_annex(
    tables: Mapping[str, str], path: Path, voice: Voice, *, answer: Iterable[str] = ()
) -> None:
    """Write the annex.

    Parameters
    ----------
    tables : mapping from a table's name to its CSV
        As `data.to_csv` writes it, in the order of the sheets.
    path : Path
    voice : Voice
        With the dataset that the report is on.
    answer : iterable of str
        The sentences that the report opens with.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator = voice.agency()
    book.properties.title = voice.say("annex.title", area=voice.area, quarter=voice.ds.quarter)
    first, where = book.active, {}
    for name, csv in tables.items():
        sheet, frame = book.create_sheet(_sheet_name(name, voice)), read_back(csv)
        digits = [voice.about(code).digits for code in frame.get("indicator", [""] * len(frame))]
        stem = name.partition("-")[0]
        if stem in words(voice.language)["annex"]["sheet"]:
            frame = _in_words(frame, stem, voice)
            heads = [voice.column(f"annex.{column}", "name") for column in frame]
            _fill(sheet, frame, heads, [kind_of(column, stem) for column in frame], digits)
            for column in frame:
                where.setdefault(column, []).append(sheet.title)
        else:  # of an analyst's own notebook: nobody has said what its columns are
            cells = {column: _as_it_reads(frame[column]) for column in frame}
            frame = pd.DataFrame(cells, dtype=object)
            _fill(sheet, frame, list(frame), [""] * frame.shape[1], digits)
    _overview(first, tables, answer, voice)
    _definitions(book.create_sheet(voice.say("annex.definitions")), where, voice)
    for sheet in book.worksheets:
        sheets.on_paper(sheet)
    save_timeless(book, path)


def read_back(csv: str) -> pd.DataFrame:
    """Read a table that `data.to_csv` wrote: every cell as text, an empty one as None."""
    frame = pd.read_csv(io.StringIO(csv), dtype=str, keep_default_na=False)
    cells = {name: [plain_text(cell) or None for cell in frame[name]] for name in frame}
    return pd.DataFrame(cells, dtype=object)


def _sheet_name(table: str, voice: Voice) -> str:
    """Name the sheet of a table: in words, with the target year where there are several."""
    stem, _, year = table.partition("-")
    known = words(voice.language)["annex"]["sheet"].get(stem, stem)
    year = f" {year}" if year else ""
    return re.sub(NOT_IN_SHEET_NAMES, "-", known[: SHEET_NAME - len(year)].rstrip(" ,") + year)


def _in_words(frame: pd.DataFrame, table: str, voice: Voice) -> pd.DataFrame:
    """Type the cells as the dictionary says, put codes into words, and keep one language."""
    spoken = _spoken(table, voice)
    rows = frame.to_dict("records")
    found = {}
    for column in frame:
        stem, _, language = column.rpartition("_")
        name = stem if language in LANGUAGES else column
        if name != column and language != voice.language:
            continue
        if name in spoken:
            cells = [row[column] and spoken[name](row[column], row) for row in rows]
        else:
            other = {f"{name}_{one}" for one in LANGUAGES if name != column} - {column}
            texts = [row[column] or next(map(row.get, other), None) for row in rows]
            written = name in PERIOD_COLUMNS and not voice.calendar.plain
            kind = "word" if written else kind_of(name, table)
            cells = [_typed(cell, kind, voice) for cell in texts]
        found[name] = cells
    return pd.DataFrame(found, dtype=object)


def _typed(cell: str | None, kind: str, voice: Voice) -> object:
    """Read a cell as what its column is."""
    if cell is None or kind in ("text", "word"):
        return cell
    if kind == "yes_no":
        return voice.say({"True": "annex.yes", "False": "annex.no"}[cell])
    if kind == "date":
        return date.fromisoformat(cell[:10])
    return int(float(cell)) if kind == "whole" else round(float(cell), 10) + 0.0


def _as_it_reads(cells: Iterable[str | None]) -> list[object]:
    """Read a column of which nothing is known: as numbers where all its cells are written so."""
    known = list(cells)
    if all(cell is None or _NUMBER.fullmatch(cell) for cell in known):
        return [cell and float(cell) for cell in known]
    return known


def _spoken(table: str, voice: Voice) -> dict[str, Callable[[str, dict], str]]:
    """Return how the codes of a table are put into words, by column; a row tells the context."""

    def from_(group: str) -> Callable[[str, dict], str]:
        return lambda code, _: capital(voice.say(f"{group}.{code}"))

    def verdict(code: str, row: dict) -> str:
        own = f"verdict.{row['method']}"
        return capital(voice.say(f"assess.{'signal' if code == NONE else own}.{code}"))

    return {
        "indicator": lambda code, _: voice.name(code),
        "state": _state(voice),
        **({"measure": lambda code, _: voice.column(_MEASURED[code])} if table == "parent" else {}),
        "status": from_("task" if table == "tasks" else "annex.status"),
        "outcome_status": from_("annex.status"),
        "direction": lambda code, _: voice.say(f"annex.{'up' if code == '1' else 'down'}"),
        "cautions": lambda codes, _: "; ".join(
            voice.say(f"annex.caution.{code}") for code in codes.split()
        ),
        "kind": from_("annex.kind"),
        "timing": from_("annex.timing"),
        "covers": lambda code, _: voice.report(code),
        "quarter": lambda code, _: voice.quarter(code),
        "method": from_("assess.method"),
        "verdict": verdict,
        "signal": from_("assess.signal"),
        "rule": from_("assess.rule"),
        "model": from_("backtest.model"),
    }


def _state(voice: Voice) -> Callable[[str, dict], str]:
    """Put the state of a target into words; a sum that nobody promised is said to be one."""

    def spoken(code: str, row: dict) -> str:
        return capital(voice.state(code, stated=row.get("stated", "True") == "True"))

    return spoken


def _fill(
    sheet: Worksheet, frame: pd.DataFrame, heads: list[str], kinds: list[str], digits: list[int]
) -> None:
    """Write a table from the first cell on, its header in view.

    Parameters
    ----------
    digits : list of int
        The decimals that the scores of each row have.
    """
    from openpyxl.utils import get_column_letter

    widths = [KINDS[kind][1] for kind in kinds]
    sheets.head(sheet, 1, heads, widths)
    for row, (cells, n) in enumerate(zip(frame.itertuples(index=False), digits, strict=True), 2):
        for place, (value, kind) in enumerate(zip(cells, kinds, strict=True), start=1):
            cell = sheet.cell(row, place)
            sheets.put(cell, value, wrap=isinstance(value, str))
            cell.border = sheets.edges()
            if not isinstance(value, str):
                places = "0." + "0" * n if n else "#,##0"
                scores = kind in ("points", "change")
                written = KINDS[kind][0]
                cell.number_format = written.replace("0.00", places) if scores else written
        texts = [value if isinstance(value, str) else "" for value in cells]
        sheets.heighten(sheet, row, zip(texts, widths, strict=True))
    sheet.freeze_panes = "C2" if list(frame)[:2] == ["area", "indicator"] else "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(kinds))}{len(frame) + 1}"


def _overview(sheet: Worksheet, tables: Iterable[str], answer: Iterable[str], voice: Voice) -> None:
    """Write what the workbook holds, with a link to each sheet."""
    plan = voice.ds.require_plan()
    sheet.title = voice.say("annex.overview")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 96
    title = voice.say("annex.title", area=voice.area, quarter=voice.ds.quarter)
    sheets.title(sheet, title)
    known = voice.say("page.as_of", day=voice.ds.vintage, quarter=voice.ds.quarter)
    agency = voice.agency()
    texts = [f"{agency}. {plan.text('title', voice.language)}.", known, *answer]
    texts += [voice.say("annex.note")]
    for row, text in enumerate(texts, start=2):
        sheets.put(sheet.cell(row, 1), text, wrap=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheets.heighten(sheet, row, [(text, 124)])
    top = len(texts) + 3
    for row, name in enumerate([*tables, ""], start=top):
        target = _sheet_name(name, voice) if name else voice.say("annex.definitions")
        known = voice.knows(f"caption.{name.partition('-')[0]}")
        about = report.caption(name, voice) if known else ""
        cell = sheet.cell(row, 1)
        sheets.put(cell, target, colour="0563C1")
        cell.hyperlink = f"#'{target}'!A1"
        sheets.put(sheet.cell(row, 2), about or voice.say("annex.definitions_about"))


def _definitions(sheet: Worksheet, where: Mapping[str, list[str]], voice: Voice) -> None:
    """Explain every column once, with its unit and the sheets that it stands on."""
    units = {"points": voice.unit, "change": voice.step}
    names = [voice.say(f"annex.head.{name}") for name in ("column", "meaning", "unit", "sheets")]
    widths = [30, 80, 22, 40]
    sheets.head(sheet, 1, names, widths)
    for row, (column, on) in enumerate(where.items(), start=2):
        name, meaning = (voice.column(f"annex.{column}", part) for part in ("name", "meaning"))
        kind = kind_of(column)
        unit = units.get(kind) or voice.column(f"kinds.{kind}", "unit")
        texts = [name, meaning, unit, ", ".join(on)]
        for place, text in enumerate(texts, start=1):
            cell = sheet.cell(row, place)
            sheets.put(cell, text, bold=place == 1, wrap=True)
            cell.border = sheets.edges()
        sheets.heighten(sheet, row, zip(texts, widths, strict=True))
