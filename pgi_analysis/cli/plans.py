"""The plans that a command is asked about, as a folder or workbook has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pgi_analysis.faults import refuse

if TYPE_CHECKING:
    from pgi_analysis.data import Dataset


def members(data: Path, plan: str) -> list[str]:
    """List the plans of a plan for many areas; nothing where it is one plan."""
    from pgi_analysis.data import plans_of

    names = plans_of(data, plan)
    return [] if names == [plan] else names


def open_plan(data: Path, plan: str | None, quarter: str | None) -> Dataset:
    """Load a plan as known for a report: by default the only plan, and the report next due."""
    return at_quarter(load_plan(data, plan), quarter)


def at_quarter(ds: Dataset, quarter: str | None) -> Dataset:
    """Return what was known for the report of a quarter, by default the one next due."""
    return ds.at(quarter or ds.require_plan().reporting.due(date.today()))


def load_plan(data: Path, plan: str | None) -> Dataset:
    """Load a plan with all that is known, by default the only plan."""
    from pgi_analysis.data import load, plan_names

    if plan is None and data.is_dir():
        names = plan_names(data)
        if len(names) != 1:
            raise refuse("plan_choose", known=", ".join(names) or "–")
        plan = names[0]
    return load(data, plan=plan)
