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
