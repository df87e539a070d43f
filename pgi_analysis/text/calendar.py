"""What is due next, and who reports to whom."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.language import capital
from pgi_analysis.results import Deadlines
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "calendar"


def answer(found: Deadlines, voice: Voice) -> list[str]:
    """Say which report this is, what is due next, and who reports to whom."""
    plan, vintage = voice.ds.require_plan(), voice.ds.vintage
    lines = _this_report(voice)
    later = found.table[found["due"] > vintage]
    if len(later):
        first = next(later.itertuples())
        values = {"quarter": voice.quarter(), "what": report(first, voice), "day": first.due}
        lines.append(voice.say("calendar.sentence", **values))
    if "reporting" not in plan.about:
        rule, year = plan.reporting, vintage.year
        annual = voice.day(rule.annual(year)).replace(str(year), "").strip("/ ")
        lines.append(voice.say("calendar.assumed", day=rule.quarter_day, annual=annual))
    if unit := plan.text("reporting.unit", voice.language):
        to = plan.text("reporting.reports_to", voice.language)
        lines.append(voice.say("calendar.flow", unit=unit, to=to))
    return lines


def _this_report(voice: Voice) -> list[str]:
    """Say which report this is where it is made at a deadline."""
    rule, vintage = voice.ds.require_plan().reporting, voice.ds.vintage
    if vintage == rule.annual(vintage.year):
        what = voice.say("calendar.year", year=vintage.year)
    elif voice.ds.quarter and vintage == rule.quarterly(voice.ds.quarter):
        what = voice.say("calendar.quarter", quarter=voice.ds.quarter)
    else:
        return []
    return [voice.say("calendar.this", what=what, day=vintage)]


def due(found: Deadlines, voice: Voice) -> str:
    """Say in a line what is due next; nothing where nothing is."""
    if found.table.empty:
        return ""
    first = next(found.table.itertuples())
    key = "due" if "reporting" in voice.ds.require_plan().about else "due_assumed"
    return voice.say(f"headline.{key}", what=report(first, voice), day=first.due)


def report(row, voice: Voice) -> str:
    """Name a report of the calendar."""
    if row.kind == "year":
        return voice.say("calendar.year", year=row.covers)
    return voice.say("calendar.quarter", quarter=row.covers)


def table(found: Deadlines, voice: Voice) -> pd.DataFrame:
    """Write what is due when."""
    return tables.frame(
        (
            {"due": voice.day(row.due), "what": capital(report(row, voice))}
            for row in found.table.itertuples()
        ),
        voice,
    )
