"""The Excel form on which lead units report on their tasks, a row a task, for one quarter."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.data import (
    LONGEST,
    TASK_STATUS,
    Dataset,
    Quarter,
    save_timeless,
    self_assessed,
)
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
    """A column of the form; ``entry`` tells whether the unit fills it in.

    One that is ``optional`` stands only in the form of a plan with a task that needs it.
    """

    name: str
    width: int
    entry: bool = False
    optional: bool = False


COLUMNS = (
    Column("no", 5),
    Column("action", 8),
    Column("indicator", 14),
    Column("task", 38),
    Column("lead_unit", 15),
    Column("cooperating_units", 14),
    Column("deadline", 12),
    Column("planned", 17, optional=True),
    Column("before", 18),
    Column("status", 14, entry=True),
    Column("percent", 9, entry=True),
    Column("quantity", 10, entry=True, optional=True),
    Column("evidence", 22, entry=True),
    Column("obstacle", 20, entry=True),
    Column("cause", 18, entry=True),
    Column("proposal", 19, entry=True),
    Column("interim_value", 9, entry=True, optional=True),
    Column("reported", 12, entry=True),
)
ENTRIES = tuple(column.name for column in COLUMNS if column.entry)
#: entries in words
TEXTS = ("evidence", "obstacle", "cause", "proposal")
#: labels of the cells that tell what the form is for; the value stands to the right
MARKS = ("plan", "quarter")


def headers(language: str) -> dict[str, str]:
    """Return what the form heads each column with."""
    # what the unit enters is named after the column of progress.csv
    keys = {c.name: f"progress.{c.name}" if c.entry else c.name for c in COLUMNS}
    return {name: column_name(key, "form", language) for name, key in keys.items()}


def columns_for(ds: Dataset) -> tuple[Column, ...]:
    """Return the columns that the form of a plan has."""
    asked = {column for entries in _asked(ds).values() for column in entries}
    return tuple(column for column in COLUMNS if not column.optional or column.name in asked)


def _asked(ds: Dataset) -> dict[str, set[str]]:
    """Tell which of the optional columns each task needs."""
    actions = ds.require_plan().actions
    needs = pd.DataFrame(
        {
            "planned": actions[["deliverable_vi", "deliverable_en", "quantity"]]
            .notna()
            .any(axis=1),
            "quantity": actions["quantity"].notna(),
            "interim_value": actions["indicator"].isin(self_assessed(ds.indicators)),
        }
    )
    return {
        action: {name for name in needs if needs.loc[row, name]}
        for row, action in actions["action"].items()
    }


def states(language: str) -> list[str]:
    """Return the states of a task as the form's list has them: without commas, which part it."""
    said = (capital(say(f"task.{state}", language)) for state in TASK_STATUS)
    return [state.replace(",", "") for state in said]


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
    columns, asked = columns_for(ds), _asked(ds)
    names = [headers(language)[column.name] for column in columns]
    sheets.head(sheet, top, names, [column.width for column in columns])
    sheet.freeze_panes = sheet.cell(top + 1, 3)  # number and code stay in view
    for number, task in enumerate(tasks(ds).table.to_dict("records"), start=1):
        open_ = {c.name for c in columns if c.entry and not c.optional} | asked[task["action"]]
        known = {"no": number, **_known(task, voice)}
        _write_row(sheet, top + number, columns, known, open_)
    _guard(sheet, top + 1, columns, asked, voice)
    sheets.on_paper(sheet)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_timeless(book, path)
    except OSError as error:
        raise refuse("file_unwritable", got=path, why=error.strerror) from None


def _introduce(sheet: Worksheet, voice: Voice) -> int:
    """Write what the form is and how to fill it in; give the row of the header."""
    from openpyxl.styles import PatternFill

    ds, plan = voice.ds, voice.ds.require_plan()
    index = voice.index
    to = voice.agency("reporting.unit") or voice.agency()
    due = plan.reporting.deadline(ds.quarter)
    title = voice.say("form.title", index=index, quarter=ds.quarter)
    sheets.title(sheet, " ".join(title.split()).upper())
    sheets.put(sheet["A2"], " ".join(part.rstrip(".") + "." for part in _whose(voice)))
    sheets.put(sheet["A3"], voice.say("form.send", to=to, day=due), bold=True)
    not_started = states(voice.language)[TASK_STATUS.index("not_started")]
    sheets.put(sheet["A4"], voice.say("form.fill", not_started=not_started))
    for place in range(1, len(columns_for(ds)) + 1):
        sheet.cell(4, place).fill = PatternFill("solid", fgColor=sheets.INPUT)
    for row, mark, value in ((5, "plan", plan.name), (6, "quarter", str(ds.quarter))):
        sheets.put(sheet.cell(row, 2), voice.column(mark, "form"))
        sheets.put(sheet.cell(row, 3), value, bold=True)
    return 8


def _whose(voice: Voice) -> list[str]:
    plan = voice.ds.require_plan()
    return [voice.agency(), plan.text("title", voice.language)]


def _known(task: dict[str, object], voice: Voice) -> dict[str, object]:
    """Return what the unit does not fill in."""
    before = ""
    if task["status"] != "none":
        said = [voice.say(f"task.{task['status']}"), *tasks_text.details(task, voice)]
        before = f"{'; '.join(said)} ({voice.quarter(task['quarter'])})"
    return {
        "action": task["action"],
        "indicator": voice.name(task["indicator"]),
        "task": task[f"task_{voice.language}"],
        "lead_unit": task[f"lead_unit_{voice.language}"],
        "cooperating_units": voice.either(task, "cooperating_units"),
        "deadline": tasks_text.term(task, voice),
        "planned": tasks_text.planned(task, voice),
        "before": before,
    }


def _write_row(
    sheet: Worksheet,
    row: int,
    columns: tuple[Column, ...],
    values: dict[str, object],
    open_: set[str],
) -> None:
    """Write the row of a task; what is `open_` the unit may fill in."""
    from openpyxl.styles import PatternFill, Protection

    for position, column in enumerate(columns, start=1):
        cell = sheet.cell(row, position)
        sheets.put(cell, values.get(column.name) or None, wrap=True)
        cell.border = sheets.edges()
        if column.entry and column.name in open_:
            cell.fill = PatternFill("solid", fgColor=sheets.INPUT)
            cell.protection = Protection(locked=False)
        if column.name == "interim_value":
            cell.number_format = "0.00"
        elif column.name == "reported":
            cell.number_format = sheets.DATE
    texts = [(str(values.get(column.name) or ""), column.width) for column in columns]
    sheets.heighten(sheet, row, texts)


def _guard(
    sheet: Worksheet,
    first: int,
    columns: tuple[Column, ...],
    asked: dict[str, set[str]],
    voice: Voice,
) -> None:
    """Check entries while they are typed, and lock the rest, without a password."""
    from openpyxl.utils import get_column_letter

    letters = {
        column.name: get_column_letter(place) for place, column in enumerate(columns, start=1)
    }
    last = first + len(asked) - 1
    for name, check in _checks(voice).items():
        check.add(f"{letters[name]}{first}:{letters[name]}{last}")
        sheet.add_data_validation(check)
    scale = voice.ds.indicators.set_index("indicator")[["lower", "upper"]]
    actions = voice.ds.require_plan().actions
    for row, task in enumerate(actions.to_dict("records"), start=first):
        own, needs = voice.about(task["indicator"]), asked[task["action"]]
        checks = {}
        if "interim_value" in needs:
            checks["interim_value"] = _score_check(*scale.loc[task["indicator"]], own)
        if "quantity" in needs:
            checks["quantity"] = _quantity_check(tasks_text.planned(task, voice), voice)
        for name, check in checks.items():
            check.add(f"{letters[name]}{row}")
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
        **{name: _check(name, voice, **long) for name in TEXTS},
        "reported": _check(
            "reported",
            voice,
            type="date",
            operator="greaterThanOrEqual",
            formula1=(begin - date(1899, 12, 30)).days,
            begin=begin,
        ),
    }


def _quantity_check(planned: str, voice: Voice) -> DataValidation:
    above = {"operator": "greaterThanOrEqual", "formula1": 0}
    short = textwrap.shorten(planned, 120, placeholder="…")  # Excel allows a prompt 255 letters
    return _check("quantity", voice, type="decimal", planned=short, **above)


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
    name = headers(voice.language)[key.removesuffix("_free")]
    check.promptTitle = check.errorTitle = name
    check.prompt = voice.say(f"form.check.{key}.prompt", **more)
    wrong = "too_long" if type == "textLength" else f"{key}.error"
    check.error = voice.say(f"form.check.{wrong}", **more)
    check.showInputMessage = check.showErrorMessage = True
    return check
