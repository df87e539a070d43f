"""The tasks of a plan with the state last reported, and what is due when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from pgi_analysis.data import Dataset, Plan, Quarter
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
          against the day of the first report that says so, other work against the dataset's
          vintage.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> found = pgi.tasks(pgi.load("data", plan="lang-son-transport-2024").at("2024Q4"))
    >>> len(found), found["lead_unit_en"].nunique(), set(found["status"])
    (6, 5, {'none'})
    """
    plan = ds.require_plan()
    # a late report on a quarter before does not undo one on this quarter
    reports = plan.progress.sort_values(["quarter", "reported"], kind="stable")
    newest = reports.drop_duplicates("action", keep="last")
    newest = newest.rename(columns={"quantity": "quantity_done"})
    table = plan.actions.merge(newest, on="action", how="left")
    done = reports[reports["status"] == "done"].groupby("action")["reported"].min()
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


def _quarter(ds: Dataset) -> Quarter:
    day = ds.vintage or date.today()
    return ds.quarter or Quarter(day.year, (day.month - 1) // 3 + 1)


def late_reports(plan: Plan) -> pd.DataFrame:
    """List the task reports made after the day whose knowledge their quarter's report uses.

    They come too late for that report and show up in the next one.

    Returns
    -------
    DataFrame
        ``action, quarter, reported, deadline``.
    """
    quarters = plan.progress["quarter"].map(Quarter.parse)
    deadline = pd.to_datetime(quarters.map(plan.reporting.deadline))
    late = plan.progress["reported"] > deadline
    names = ["action", "quarter", "reported", "deadline"]
    return plan.progress.assign(deadline=deadline).loc[late, names].reset_index(drop=True)


def calendar(ds: Dataset, *, quarters: int = 4) -> Deadlines:
    """List the reports due after the dataset's vintage.

    Returns
    -------
    Deadlines
        Its table has ``due`` (the last day; the plan asks for reports *before* it), ``kind``
        (``quarter`` or ``year``) and ``covers`` (2024Q4 or 2024), in order of ``due``.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
    >>> pgi.calendar(ds, quarters=2)["due"].astype(str).tolist()
    ['2024-12-15', '2025-03-15']
    """
    rule, start = ds.require_plan().reporting, ds.vintage or date.today()
    quarter = Quarter(start.year, (start.month - 1) // 3 + 1)
    rows = []
    for _ in range(quarters + 1):
        rows.append((rule.quarterly(quarter), "quarter", str(quarter)))
        annual = rule.annual(quarter.year)
        if (annual.month - 1) // 3 + 1 == quarter.number:
            rows.append((annual, "year", str(quarter.year)))
        quarter = quarter.after
    table = pd.DataFrame(rows, columns=["due", "kind", "covers"])
    table = table[table["due"] > start].sort_values("due", ignore_index=True)
    last = table.index[table["kind"] == "quarter"][:quarters][-1]
    return Deadlines(table.loc[:last], ds)
