"""The tasks of a plan with the state last reported, and what is due when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pgi_analysis.data import Dataset, Plan, Quarter
from pgi_analysis.results.base import Result


@dataclass(frozen=True, eq=False)
class Tasks(Result):
    """The tasks of a plan, see `tasks`."""

    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        reported = int((self.table["status"] != "none").sum())
        return f"Tasks({len(self.table)} tasks, {reported} reported on)"


@dataclass(frozen=True, eq=False)
class Deadlines(Result):
    """The reports due next, see `calendar`."""

    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Deadlines({len(self.table)} reports due)"


def tasks(ds: Dataset) -> Tasks:
    """List the tasks of the plan with the newest report known on each.

    Returns
    -------
    Tasks
        Its table has one row a task: ``action, indicator, task_vi, task_en, lead_unit_vi,
        lead_unit_en, cooperating_units_vi, cooperating_units_en, source`` as in ``actions.csv``,
        then ``status`` (``none`` where no report is on file), ``quarter``, ``reported``,
        ``percent``, ``evidence``, ``obstacle``, ``interim_value``.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> found = pgi.tasks(pgi.load("data", plan="lang-son-transport-2024").at("2024Q4"))
    >>> len(found), found["lead_unit_en"].nunique(), set(found["status"])
    (6, 5, {'none'})
    """
    plan = ds.require_plan()
    newest = plan.progress.sort_values("reported", kind="stable").drop_duplicates(
        "action", keep="last"
    )
    columns = ["action", "status", "quarter", "reported", "percent", "evidence", "obstacle"]
    columns += ["interim_value"]
    table = plan.actions.merge(newest[columns], on="action", how="left")
    return Tasks(table.assign(status=table["status"].fillna("none")), ds)


def late_reports(plan: Plan) -> pd.DataFrame:
    """List the task reports made after the cut-off of the report that they are for.

    They come too late for that report and show up in the next one.

    Returns
    -------
    DataFrame
        ``action, quarter, reported, cut_off``.
    """
    reports = plan.progress["quarter"].map(Quarter.parse)
    cut_off = pd.to_datetime(reports.map(plan.reporting.cut_off))
    late = plan.progress["reported"] > cut_off
    names = ["action", "quarter", "reported", "cut_off"]
    return plan.progress.assign(cut_off=cut_off).loc[late, names].reset_index(drop=True)


def calendar(ds: Dataset, *, quarters: int = 4) -> Deadlines:
    """List the reports due next: after the dataset's own, or after its vintage.

    Returns
    -------
    Deadlines
        Its table has ``due`` (the day *before* which the units report), ``agency_due`` (the same of
        the agency, missing where the plan sets none), ``kind`` (``quarter``, ``quarter_and_year``
        or ``year``) and ``covers`` (2024Q4, or 2024 for a year's own), in the order in which they
        are finished.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
    >>> pgi.calendar(ds, quarters=2)["due"].astype(str).tolist()
    ['2025-03-15', '2025-06-15']
    """
    rule, start = ds.require_plan().reporting, ds.vintage or date.today()
    years = range(start.year - 1, start.year + quarters // 4 + 3)
    near = [report for year in years for report in rule.reports(year)]
    if ds.quarter:
        later = near[near.index(ds.quarter) + 1 :]
    else:
        later = [report for report in near if rule.final_deadline(report) > start]
    listed = [report for report in later if not report.whole_year][:quarters]
    rows = [
        (rule.deadline(one), rule.agency_deadline(one), rule.kind(one), str(one))
        for one in later[: later.index(listed[-1]) + 1]
    ]
    return Deadlines(pd.DataFrame(rows, columns=["due", "agency_due", "kind", "covers"]), ds)
