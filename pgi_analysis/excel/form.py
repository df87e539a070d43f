"""The Excel form on which lead units report on their tasks, a row a task, for one quarter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.data import LONGEST, TASK_STATUS, Dataset, Quarter
from pgi_analysis.excel import sheets
from pgi_analysis.faults import refuse
from pgi_analysis.language import capital, say
from pgi_analysis.language import column as column_name
from pgi_analysis.results import tasks
from pgi_analysis.text import tasks as tasks_text
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class Column:
    """A column of the form; ``entry`` tells whether the unit fills it in."""

    name: str
    width: int
    entry: bool = False


COLUMNS = (
    Column("action", 13),
    Column("indicator", 17),
    Column("task", 46),
    Column("lead_unit", 18),
    Column("before", 19),
    Column("status", 16, entry=True),
    Column("percent", 11, entry=True),
    Column("evidence", 28, entry=True),
    Column("obstacle", 24, entry=True),
    Column("interim_value", 11, entry=True),
    Column("reported", 13, entry=True),
)
ENTRIES = tuple(column.name for column in COLUMNS if column.entry)
#: labels of the cells that tell what the form is for; the value stands to the right
MARKS = ("plan", "quarter")


def headers(language: str) -> dict[str, str]:
    """Return what the form heads each column with."""
    return {column.name: column_name(column.name, "form", language) for column in COLUMNS}


def states(language: str) -> list[str]:
    """Return the states of a task as the form's list has them."""
    return [capital(say(f"task.{state}", language)) for state in TASK_STATUS]


def write_form(ds: Dataset, quarter: str | Quarter, path: Path, *, language: str = "vi") -> None:
    """Write the form of a plan for a quarter.

    The last report on each task, however late it came, stands beside it; what the unit enters is a
    report of its own day.

    Parameters
    ----------
    ds : Dataset
        With a plan and all reports on file; `Dataset.at` would leave out late ones.
    quarter : str or Quarter
        The quarter to report on, or the year where the plan has a report of its own on that.
    path : Path
        The ``.xlsx`` file; an existing one is not replaced, since a unit may have filled it in.

    Raises
    ------
    InputError
        The plan has no tasks or no such report, or the file exists.
    """
    import openpyxl

    plan = ds.require_plan()
    ds = replace(ds, quarter=plan.reporting.report(quarter))
    voice = Voice(ds, language)
    if plan.actions.empty:
        raise refuse("form.no_tasks", got=plan.name)
    if path.exists():
        raise refuse("form.exists", got=path)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = voice.say("form.sheet")
    top = _introduce(sheet, voice)
    names = list(headers(language).values())
    sheets.head(sheet, top, names, [column.width for column in COLUMNS])
    earlier = tasks(ds).table.set_index("action")
    for row, task in enumerate(plan.actions.to_dict("records"), start=top + 1):
        _write_row(sheet, row, _known(task, earlier.loc[task["action"]], voice))
    _guard(sheet, top + 1, top + len(plan.actions), voice)
    sheets.on_paper(sheet)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
    except OSError as error:
        raise refuse("file_unwritable", got=path, why=error.strerror) from None


def _introduce(sheet: Worksheet, voice: Voice) -> int:
    """Write what the form is and how to fill it in; give the row of the header."""
    from openpyxl.styles import PatternFill

    ds, plan = voice.ds, voice.ds.require_plan()
    index = plan.text("index", voice.language)
    to = plan.text("reporting.unit", voice.language) or plan.text("agency", voice.language)
    due = plan.reporting.deadline(ds.quarter)
    title = voice.say("form.title", index=index, area=voice.area, quarter=ds.quarter)
    sheets.title(sheet, " ".join(title.split()))
    sheets.put(sheet["A2"], " ".join(part.rstrip(".") + "." for part in _whose(voice)))
    sheets.put(sheet["A3"], voice.say("form.send", to=to, day=due), bold=True)
    sheets.put(sheet["A4"], voice.say("form.fill"))
    for place in range(1, len(COLUMNS) + 1):
        sheet.cell(4, place).fill = PatternFill("solid", fgColor=sheets.INPUT)
    for row, mark, value in ((5, "plan", plan.name), (6, "quarter", str(ds.quarter))):
        sheets.put(sheet.cell(row, 1), voice.column(mark, "form"))
        sheets.put(sheet.cell(row, 2), value, bold=True)
    return 8


def _whose(voice: Voice) -> list[str]:
    plan = voice.ds.require_plan()
    return [plan.text("agency", voice.language), plan.text("title", voice.language)]


def _known(task: dict[str, object], earlier: pd.Series, voice: Voice) -> dict[str, object]:
    """Return what the unit does not fill in."""
    before = ""
    if earlier["status"] != "none":
        said = [voice.say(f"task.{earlier['status']}"), *tasks_text.details(earlier, voice)]
        before = f"{'; '.join(said)} ({voice.quarter(earlier['quarter'])})"
    return {
        "action": task["action"],
        "indicator": voice.name(task["indicator"]),
        "task": task[f"task_{voice.language}"],
        "lead_unit": task[f"lead_unit_{voice.language}"],
        "before": before,
    }


def _write_row(sheet: Worksheet, row: int, values: dict[str, object]) -> None:
    from openpyxl.styles import PatternFill, Protection

    for position, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(row, position)
        sheets.put(cell, values.get(column.name), wrap=True)
        cell.border = sheets.edges()
        if column.entry:
            cell.fill = PatternFill("solid", fgColor=sheets.INPUT)
            cell.protection = Protection(locked=False)
        if column.name == "interim_value":
            cell.number_format = "0.00"
        elif column.name == "reported":
            cell.number_format = sheets.DATE
    texts = [(str(values.get(column.name) or ""), column.width) for column in COLUMNS]
    sheets.heighten(sheet, row, texts)


def _guard(sheet: Worksheet, first: int, last: int, voice: Voice) -> None:
    """Check entries while they are typed, and lock the rest, without a password."""
    from openpyxl.utils import get_column_letter

    letters = {
        column.name: get_column_letter(place) for place, column in enumerate(COLUMNS, start=1)
    }
    for name, check in _checks(voice).items():
        check.add(f"{letters[name]}{first}:{letters[name]}{last}")
        sheet.add_data_validation(check)
    scale = voice.ds.indicators.set_index("indicator")[["lower", "upper"]]
    actions = voice.ds.require_plan().actions
    for row, indicator in enumerate(actions["indicator"], start=first):
        check = _score_check(*scale.loc[indicator], voice.about(indicator))
        check.add(f"{letters['interim_value']}{row}")
        sheet.add_data_validation(check)
    sheet.auto_filter.ref = f"A{first - 1}:{letters['reported']}{last}"
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # these are allowed
    protection.autoFilter = protection.sort = False


def _checks(voice: Voice) -> dict[str, DataValidation]:
    quarter = voice.ds.quarter
    listed = ",".join(states(voice.language))
    begin = quarter.first
    long = {"type": "textLength", "operator": "lessThanOrEqual", "formula1": LONGEST}
    return {
        "status": _check("status", voice, type="list", formula1=f'"{listed}"'),
        "percent": _check("percent", voice, type="decimal", formula1=0, formula2=100),
        "evidence": _check("evidence", voice, **long),
        "obstacle": _check("obstacle", voice, **long),
        "reported": _check(
            "reported",
            voice,
            type="date",
            operator="greaterThanOrEqual",
            formula1=(begin - date(1899, 12, 30)).days,
            begin=begin,
        ),
    }


def _score_check(low: float, high: float, voice: Voice) -> DataValidation:
    """Check a self-assessed score against the indicator's scale, where that has two ends."""
    if pd.isna(low) or pd.isna(high):
        return _check("interim_value_free", voice, type="decimal", formula1=-1e9, formula2=1e9)
    ends = {"low": low, "high": high}
    return _check(
        "interim_value", voice, type="decimal", formula1=f"{low:g}", formula2=f"{high:g}", **ends
    )


def _check(key: str, voice: Voice, *, type: str, operator: str = "between", **more: object):
    """Make a check with what it says beforehand and on a wrong entry."""
    from openpyxl.worksheet.datavalidation import DataValidation

    formulas = {name: more.pop(name) for name in ("formula1", "formula2") if name in more}
    check = DataValidation(type=type, operator=operator, allow_blank=True, **formulas)
    check.promptTitle = check.errorTitle = voice.column(key.removesuffix("_free"), "name")
    check.prompt = voice.say(f"form.check.{key}.prompt", **more)
    wrong = "too_long" if type == "textLength" else f"{key}.error"
    check.error = voice.say(f"form.check.{wrong}", **more)
    check.showInputMessage = check.showErrorMessage = True
    return check
