"""What filled-in forms change in a plan's task reports: checked, compared, and saved."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pgi_analysis.data import (
    Dataset,
    Plan,
    Quarter,
    clean,
    contracts,
    csv_style,
    locked,
    number_text,
    progress_faults,
    safe_table,
    schema,
    whole_file,
)
from pgi_analysis.excel.form import ENTRIES, columns_for, headers, states
from pgi_analysis.excel.returned import FIGURES, Form
from pgi_analysis.faults import Fault, Hint, InputError, gather, refuse

KEY = ["action", "quarter", "reported"]
CONTENT = [name for name in ENTRIES if name not in KEY]


@dataclass(frozen=True, eq=False)
class Intake:
    """What forms change in the reports on file.

    Attributes
    ----------
    plan : Plan
    added : DataFrame
        New reports, as rows of ``progress.csv``.
    revised, before : DataFrame
        Reports on file whose content a form changes, as they become and as they were.
    same, blank : int
        Reports that are on file as they are; tasks of the forms that are not reported on.
    """

    plan: Plan
    added: pd.DataFrame
    revised: pd.DataFrame
    before: pd.DataFrame
    same: int
    blank: int

    @property
    def nothing(self) -> bool:
        """Whether nothing changes."""
        return self.added.empty and self.revised.empty

    @property
    def changed(self) -> pd.DataFrame:
        """The reports that are new or revised."""
        return pd.concat([self.revised, self.added], ignore_index=True)

    @property
    def merged(self) -> pd.DataFrame:
        """All reports as they become: revised ones in their place, new ones at the end."""
        progress = self.plan.progress.copy()
        progress.loc[self.revised.index] = self.revised
        return pd.concat([progress, self.added], ignore_index=True)


def compare_forms(
    forms: Sequence[Form],
    ds: Dataset,
    *,
    quarter: str | Quarter | None = None,
    today: date | None = None,
) -> Intake:
    """Check forms against their plan, and tell what they change in its reports.

    A report has its task, quarter and day for a key: one of another day is new, and the older stays
    on file; one of the same day replaces it.

    Parameters
    ----------
    forms : sequence of Form
    ds : Dataset
        With the plan, all that is known.
    quarter : str or Quarter, optional
        The quarter that the forms must be for. Without it, reports made after their quarter are
        refused, since the form is then probably an old one.
    today : date, optional
        No report is made later than this.

    Raises
    ------
    InputError
        Naming every fault of every form.
    """
    plan, today = ds.require_plan(), today or date.today()
    expected = None if quarter is None else Quarter.parse(quarter)
    faults: list[Fault] = []
    tables, blank = [], 0
    for form in forms:
        table, wrong = _checked(form, ds, expected, today)
        faults += wrong
        tables.append(table.assign(file=form.file))
        blank += len(form.rows) - len(table)
    together = pd.concat(tables)
    faults += _contradictions(together)
    if faults:
        raise InputError(gather(faults))
    columns = list(contracts()["progress"].columns)
    reports = together.drop_duplicates(KEY)[columns]
    return _compared(reports, plan, blank)


def _checked(
    form: Form, ds: Dataset, expected: Quarter | None, today: date
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the typed reports of a form, and its faults."""
    plan = ds.require_plan()
    filled = form.rows[form.rows[list(ENTRIES)].notna().any(axis=1)]
    table = filled[["action", *ENTRIES]].assign(quarter=form.quarter)
    empty = schema.check("progress", table.iloc[:0])[0]
    if form.plan != plan.name:
        values = {"got": form.plan, "plan": plan.name}
        return empty, [Fault("form.plan", form.file, values=values)]
    try:
        quarter = Quarter.parse(form.quarter)
        plan.reporting.report(quarter)
    except InputError:
        return empty, [Fault("form.quarter", form.file, values={"got": form.quarter})]
    if expected and quarter != expected:
        values = {"got": str(quarter), "quarter": str(expected)}
        return empty, [Fault("form.quarter_other", form.file, values=values)]
    names = headers(form.language)
    lacking = [f"“{names[c.name]}”" for c in columns_for(ds) if c.name in form.lacking]
    if lacking:
        values = {"got": ", ".join(lacking)}
        return empty, [Fault("form.columns_missing", form.file, values=values)]
    most = len(plan.actions)
    if len(form.rows) > 2 * most + 20:
        values = {"got": len(form.rows), "most": most}
        return empty, [Fault("form.rows", form.file, values=values)]
    if filled.empty:
        return empty, [Fault("form.empty", form.file)]
    faults = list(_task_faults(form, plan))
    table.index.name = form.file
    reports, wrong = schema.check("progress", table)
    reports.index.name = form.file
    wrong += progress_faults(
        {"progress": reports, "actions": plan.actions, "indicators": ds.indicators}
    )
    deadline, allow_late = plan.reporting.deadline(quarter), expected is not None
    wrong += _own_faults(reports, quarter, deadline, today, allow_late=allow_late)
    told = {(fault.row, fault.column) for fault in faults}
    astray = {fault.row for fault in faults if fault.rule in ("form.no_code", "row_twice")}
    faults += [
        fault
        for fault in wrong
        if (fault.row, fault.column) not in told and fault.row not in astray
    ]
    return reports, [
        _in_form_words(fault, form.language, ds)
        for fault in faults
        if fault.rule not in ("reported_early", "reported_far")  # said in the form's own words
    ]


def _task_faults(form: Form, plan: Plan) -> Iterator[Fault]:
    """Find rows whose task the plan does not have, has in other words, or that stand twice."""
    known = plan.actions.set_index("action")[f"task_{form.language}"]
    seen: dict[str, int] = {}
    for row in form.rows.itertuples():
        if row.action is None:
            yield Fault("form.no_code", form.file, row.Index, "action")
        elif row.action not in known.index:
            values = {"got": row.action, "known": ", ".join(known.index)}
            yield Fault("form.action", form.file, row.Index, "action", values)
        elif " ".join((row.task or "").split()) != " ".join(clean(known[row.action]).split()):
            yield Fault("form.task", form.file, row.Index, "task", {"got": row.action})
        if row.action and seen.setdefault(row.action, row.Index) != row.Index:
            values = {"got": row.action, "first": seen[row.action]}
            yield Fault("row_twice", form.file, row.Index, "action", values)


def _own_faults(
    reports: pd.DataFrame,
    quarter: Quarter,
    deadline: date,
    today: date,
    *,
    allow_late: bool,
) -> Iterator[Fault]:
    """Find days that no report of the quarter can have."""
    file = str(reports.index.name)
    end = max(quarter.after.first, deadline)  # a year's report may be due in January
    for row in reports.itertuples():
        if pd.isna(row.reported):
            continue
        day = row.reported.date()
        values = {"got": f"{day:%d/%m/%Y}", "quarter": str(quarter), "today": f"{today:%d/%m/%Y}"}
        values["hint"] = _swapped(day, quarter)
        early, late = day < quarter.first, day >= end and not allow_late
        if early or late or day > today:
            rule = "form.early" if early else "form.future" if day > today else "form.late"
            yield Fault(rule, file, row.Index, "reported", values)


def _swapped(day: date, quarter: Quarter) -> Hint:
    """Hint at the day that is meant where day and month were probably swapped."""
    if day.day > 12:
        return Hint()
    other = day.replace(month=day.day, day=day.month)
    inside = quarter.first <= other < quarter.after.first and other != day
    return Hint("swapped", {"day": f"{other:%d/%m/%Y}"}) if inside else Hint()


def _in_form_words(fault: Fault, language: str, ds: Dataset) -> Fault:
    """Name the column as the form heads it, and the states as its list has them."""
    if fault.rule == "allowed" and fault.column == "status":
        values = {"got": fault.values["got"], "known": ", ".join(states(language))}
        fault = replace(fault, rule="form.status", values=values)
    if "indicator" in fault.values:
        name = ds.name(str(fault.values["indicator"]), language)
        fault = replace(fault, values={**fault.values, "indicator": f"“{name}”"})
    return replace(fault, column=headers(language).get(fault.column, fault.column))


def _contradictions(together: pd.DataFrame) -> Iterator[Fault]:
    """Find tasks on which two forms say different things of one day."""
    complete = together.dropna(subset=KEY)
    for _, rows in complete.groupby(KEY):
        first = rows.iloc[0]
        for row, other in zip(rows.index[1:], rows.iloc[1:].to_dict("records"), strict=True):
            if other["file"] != first["file"] and not _alike(first, other):
                values = {"got": first["action"], "other": first["file"], "row": rows.index[0]}
                yield Fault("form.contradiction", other["file"], row, "", values)


def _alike(one, other) -> bool:
    """Tell whether two reports have the same content."""
    return all(
        (pd.isna(one[name]) and pd.isna(other[name])) or one[name] == other[name]
        for name in CONTENT
    )


def _compared(reports: pd.DataFrame, plan: Plan, blank: int) -> Intake:
    on_file = {
        tuple(row[name] for name in KEY): index for index, row in plan.progress[KEY].iterrows()
    }
    places = [on_file.get(tuple(key)) for key in reports[KEY].itertuples(index=False)]
    new = [place is None for place in places]
    known = reports[[not one for one in new]].set_axis(
        [place for place in places if place is not None], axis=0
    )
    old = plan.progress.loc[known.index]
    changed = [not _alike(known.loc[place], old.loc[place]) for place in known.index]
    return Intake(
        plan=plan,
        added=reports[new].reset_index(drop=True),
        revised=known[changed],
        before=old[changed],
        same=len(known) - sum(changed),
        blank=blank,
    )


def save(found: Intake, path: Path, *, seen: bytes | None = None) -> Path | None:
    """Write the merged reports to ``progress.csv``, whole or not at all.

    The file keeps its separator, its decimal mark and its byte order mark, and gets the optional
    columns that it lacks only where they hold something. Where a report on file is replaced, the
    file as it was stays beside it.

    Parameters
    ----------
    found : Intake
    path : Path
    seen : bytes, optional
        What the file held when `found` was made; where it holds something else by now, nothing is
        written.

    Returns
    -------
    Path or None
        Where the file as it was is kept.

    Raises
    ------
    InputError
        The file cannot be written, or has changed meanwhile.
    """
    try:
        with locked(path):
            return _save(found, path, seen)
    except OSError as error:
        raise refuse("file_unwritable", got=path, why=error.strerror) from None


def _save(found: Intake, path: Path, seen: bytes | None) -> Path | None:
    if seen is not None and content(path) != seen:
        raise refuse("form.meanwhile", got=path)
    style = csv_style(path)
    table = found.merged.astype(dict.fromkeys(FIGURES, object))
    table = safe_table(table[_columns(table, path)])
    for name in table.columns.intersection(FIGURES):
        table[name] = [
            None if pd.isna(value) else number_text(value, style.decimal) for value in table[name]
        ]
    text = table.to_csv(
        index=False, sep=style.separator, lineterminator=style.newline, date_format="%Y-%m-%d"
    )
    kept = None
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with whole_file(path) as aside:
        aside.write_text(text, style.encoding, newline="")
        if len(found.revised) and path.exists():
            kept = _unused(path)
            with whole_file(kept) as copy:
                copy.write_bytes(path.read_bytes())
    return kept


def _columns(table: pd.DataFrame, path: Path) -> list[str]:
    """List the columns that the file of reports has or needs."""
    there: set[str] = set()
    if path.exists():
        style = csv_style(path)
        header = pd.read_csv(path, sep=style.separator, encoding=style.encoding, nrows=0)
        there = {clean(name) for name in header.columns}
    contract = contracts()["progress"].columns
    return [
        name
        for name in table
        if contract[name].required or name in there or table[name].notna().any()
    ]


def content(path: Path) -> bytes:
    """Return what a file holds; nothing where there is none."""
    return path.read_bytes() if path.exists() else b""


def _unused(path: Path) -> Path:
    """Name a copy that does not exist yet: progress-1.csv, progress-2.csv and so on."""
    folder = path.parent / "history"
    folder.mkdir(exist_ok=True)
    numbers = (folder / f"{path.stem}-{n}{path.suffix}" for n in range(1, 10**6))
    return next(one for one in numbers if not one.exists())
