"""What is due next, and who reports to whom."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pgi_analysis.data import WHOLE_YEAR, Plan, Quarter
from pgi_analysis.language import capital
from pgi_analysis.results import Deadlines
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "calendar"


def answer(found: Deadlines, voice: Voice) -> list[str]:
    """Say which report this is and by when, what is due next, and who reports to whom."""
    own = voice.ds.quarter
    days = borrowed(voice)
    lines = []
    if days:
        key = "assumed" if voice.of_provinces else "assumed_any"
        lines.append(voice.say(f"calendar.{key}", days="; ".join(days)))
    if _open_year(voice):
        return [voice.say("calendar.year_end")]
    if own:
        lines.append(" ".join(_own(own, voice)))
    if len(found.table):
        lines.append(voice.say("calendar.sentence", next=_next(found, voice)))
    if unit := voice.agency("reporting.unit"):
        lines.append(voice.say("calendar.flow", unit=unit, agency=_agency(voice), to=_to(voice)))
    return lines


def due(found: Deadlines, voice: Voice) -> str:
    """Say in a line what is due next; nothing where nothing is."""
    if found.table.empty or _open_year(voice):
        return ""
    key = "due"
    if borrowed(voice):
        key = "due_assumed" if voice.of_provinces else "due_assumed_any"
    return voice.say(f"headline.{key}", next=_next(found, voice))


def _own(report: Quarter, voice: Voice) -> list[str]:
    """Say which report this is, and the deadline of each level."""
    rule = voice.ds.require_plan().reporting
    day, agency_day = rule.deadline(report), rule.agency_deadline(report)
    if not _unit(voice):
        return [voice.say("calendar.own", day=agency_day or day)]
    lines = [voice.say("calendar.units", unit=_unit(voice), day=day)]
    if agency_day:
        about = {"agency": _agency(voice), "to": _to(voice), "day": agency_day}
        lines.append(voice.say("calendar.agency", **about))
    elif voice.ds.require_plan().text("reporting.reports_to", voice.language):
        lines.append(voice.say("calendar.agency_open", agency=_agency(voice), to=_to(voice)))
    return lines


def _next(found: Deadlines, voice: Voice) -> str:
    """Name the report due next, and who sends it where before which day."""
    row = next(found.table.itertuples())
    parts = [voice.say("calendar.report", quarter=row.covers)]
    if not _unit(voice):
        day = row.due if pd.isna(row.agency_due) else row.agency_due
        return " ".join([*parts, voice.say("calendar.before", day=day)])
    parts.append(voice.say("calendar.units_send", unit=_unit(voice), day=row.due))
    if pd.notna(row.agency_due):
        about = {"agency": _agency(voice), "to": _to(voice), "day": row.agency_due}
        parts.append(voice.say("calendar.agency_sends", **about))
    return ", ".join(parts)


def _open_year(voice: Voice) -> bool:
    """Tell whether a plan reports on years, and sets no day for that."""
    plan = voice.ds.require_plan()
    return plan.reporting.yearly and not {"annual_day", "agency_annual_day"} & set(_days(plan))


def _days(plan: Plan) -> Mapping[str, object]:
    """Return what the plan says of its reporting."""
    return plan.about.get("reporting", {})


def borrowed(voice: Voice) -> list[str]:
    """List the days that the plan does not set, so that those of the Lạng Sơn plan stand in."""
    plan = voice.ds.require_plan()
    rule, given = plan.reporting, _days(plan)
    if rule.yearly:
        return []
    days = []
    if "quarter_day" not in given:
        days.append(voice.say("calendar.borrowed_quarter", day=rule.quarter_day))
    if "annual_day" not in given:
        annual = rule.deadline(Quarter(2000, WHOLE_YEAR))
        written = voice.day(annual).replace(str(annual.year), "").strip("/ ")
        days.append(voice.say("calendar.borrowed_annual", day=written))
    return days


def _agency(voice: Voice) -> str:
    return voice.agency()


def _unit(voice: Voice) -> str:
    """Name the unit that consolidates, or else the agency."""
    return voice.agency("reporting.unit") or _agency(voice)


def _to(voice: Voice) -> str:
    """Name the body that the agency reports to."""
    to = voice.agency("reporting.reports_to")
    return to or voice.say("calendar.above")


def table(found: Deadlines, voice: Voice) -> pd.DataFrame:
    """Write what is due when: of the units, and of the agency where it is known to report on."""
    above = voice.ds.require_plan().text("reporting.reports_to", voice.language)
    if _open_year(voice):
        return tables.frame([], voice)
    two = bool(above) or found["agency_due"].notna().any()
    rows = []
    for row in found.table.itertuples():
        what = capital(voice.say("calendar.report", quarter=row.covers))
        own = row.agency_due
        day = voice.say("calendar.not_set") if pd.isna(own) else voice.day(own)
        levels = {"due": voice.day(row.due)} | ({"agency_due": day} if two else {})
        rows.append({"what": what} | levels)
    return tables.frame(rows, voice)
