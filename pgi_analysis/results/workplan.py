"""The tasks of a plan with the state last reported, and what is due when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from pgi_analysis.data import Dataset, Plan, Quarter, checked, in_order
from pgi_analysis.results.base import Result


@dataclass(frozen=True, eq=False)
class Tasks(Result):
    """The tasks of a plan, see `tasks`."""

    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        reported = int(self.table["current"].sum())
        return f"Tasks({len(self.table)} tasks, {reported} reported on for {self.quarter})"

    @property
    def day(self) -> date:
        """The day whose knowledge it holds."""
        return self.ds.vintage or date.today()

    @property
    def quarter(self) -> Quarter:
        """The quarter that a report must be for to be of now."""
        return _quarter(self.ds)


@dataclass(frozen=True, eq=False)
class Deadlines(Result):
    """The reports due next, see `calendar`."""

    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Deadlines({len(self.table)} reports due)"


@checked
def tasks(ds: Dataset) -> Tasks:
    """List the tasks of the plan with the newest report known on each.

    Returns
    -------
    Tasks
        Its table has one row a task: ``action, indicator, task_vi, task_en, lead_unit_vi,
        lead_unit_en, cooperating_units_vi, cooperating_units_en, start, deadline, deliverable_vi,
        deliverable_en, quantity, unit_vi, unit_en, source`` as in ``actions.csv``; then of the
        newest report ``status`` (``none`` where none is on file), ``quarter, reported, percent,
        evidence, obstacle, interim_value, cause, proposal`` as in ``progress.csv``, and its
        quantity as ``quantity_done``; then

        - ``current``: whether that report is for the dataset's own quarter, not for an earlier one;
        - ``timing``: ``on_time`` or ``late`` for a task with a deadline. Work that is done is held
          against the day of the first report that says so and that no later one takes back, other
          work against the dataset's vintage.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> found = pgi.tasks(pgi.load("data", plan="lang-son-transport-2024").at("2024Q4"))
    >>> len(found), found["lead_unit_en"].nunique(), set(found["status"])
    (6, 5, {'none'})
    """
    plan = ds.require_plan()
    reports = in_order(plan.progress)
    newest = reports.drop_duplicates("action", keep="last")
    newest = newest.rename(columns={"quantity": "quantity_done"})
    table = plan.actions.merge(newest, on="action", how="left")
    undone = (reports["status"] != "done").groupby(reports["action"]).transform(_since_last)
    done = reports[~undone.astype(bool)].groupby("action")["reported"].min()
    now = pd.Timestamp(ds.vintage or date.today())
    first = done.reindex(table["action"]).set_axis(table.index)
    held = first.where(table["status"] == "done", now)
    timing = np.where(held > table["deadline"], "late", "on_time")
    table = table.assign(
        status=table["status"].fillna("none"),
        current=table["quarter"] == str(_quarter(ds)),
        timing=pd.Series(timing, table.index, dtype="str").where(table["deadline"].notna()),
    )
    return Tasks(table, ds)


def _since_last(undone: pd.Series) -> pd.Series:
    """Mark what was reported undone, and all before it, of a task's reports in order."""
    return undone[::-1].cummax()[::-1]


def _quarter(ds: Dataset) -> Quarter:
    return ds.quarter or ds.require_plan().reporting.current(ds.vintage or date.today())


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


@checked
def calendar(ds: Dataset, *, quarters: int = 4) -> Deadlines:
    """List the reports due next: after the dataset's own, or after its vintage.

    Returns
    -------
    Deadlines
        Its table has ``due`` (the day *before* which the units report), ``agency_due`` (the same of
        the agency, missing where the plan sets none), ``kind`` (``quarter``, ``quarter_and_year``
        or ``year``) and ``covers`` (2024Q4, or 2024 for a year's own), in the order in which they
        are finished. None is due after the end of the plan's area.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
    >>> pgi.calendar(ds, quarters=2)["due"].astype(str).tolist()
    ['2025-03-15', '2025-06-15']
    """
    rule, start = ds.require_plan().reporting, ds.vintage or date.today()
    end = ds.descent.life(ds.require_plan().area)[1]
    ahead = quarters if rule.yearly else quarters // 4
    years = range(start.year - 1, start.year + ahead + 3)
    near = [report for year in years for report in rule.reports(year)]
    if ds.quarter:
        later = near[near.index(ds.quarter) + 1 :]
    else:
        later = [report for report in near if rule.final_deadline(report) > start]
    listed = [report for report in later if rule.yearly or not report.whole_year][:quarters]
    rows = [
        (rule.deadline(one), rule.agency_deadline(one), rule.kind(one), str(one))
        for one in later[: later.index(listed[-1]) + 1]
        if pd.Timestamp(rule.deadline(one)) <= end
    ]
    return Deadlines(pd.DataFrame(rows, columns=["due", "agency_due", "kind", "covers"]), ds)
