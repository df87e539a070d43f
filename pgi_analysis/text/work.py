"""What has been done and what is due, in sentences: changes, tasks, deadlines, filled-in forms.

As in `wording`, functions take a result and a `Voice`, and return plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.data import Quarter
from pgi_analysis.language import number
from pgi_analysis.results import Changes
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from pgi_analysis.excel import Intake


def change_sentences(found: Changes, voice: Voice) -> list[str]:
    """Say what was published and reported since the quarter before."""
    since = {"day": voice.day(found.since), "quarter": voice.quarter(found.before)}
    if found.nothing:
        return [voice.say("changes.nothing", **since)]
    lines = [voice.say("changes.since", **since)]
    for row in found.releases.itertuples():
        lines.append(voice.say("changes.release", period=row.period, day=voice.day(row.released)))
    own = voice.stated(found.scores)
    new = own[own["before"].isna()]
    for period, rows in new.groupby("period"):
        lines.append(voice.say("changes.scores", area=voice.area, n=len(rows), period=period))
    for row in own.dropna(subset=["before"]).itertuples():
        values = {n: getattr(row, n) for n in ("period", "before", "after")}
        lines.append(voice.say("changes.revised", name=voice.name(row.indicator), **values))
    if len(found.reports):
        states = found.reports["status"].value_counts()
        lines.append(
            voice.say(
                "changes.reports",
                n=len(found.reports),
                done=int(states.get("done", 0)),
                blocked=int(states.get("blocked", 0)),
            )
        )
        if own := int(found.reports["interim_value"].notna().sum()):
            lines.append(voice.say("changes.interim", n=own))
    moved = [_moved(row, voice) for row in voice.stated(found.targets).itertuples()]
    return lines + ([line for line in moved if line] or [voice.say("changes.unmoved")])


def _moved(row, voice: Voice) -> str:
    """Say how the gap of a target and its likelihood moved; nothing where they did not."""
    gap_before, gap = (short(gap, voice) for gap in (row.gap_before, row.gap_after))
    p_before, p = (
        _outlook(state, p, voice)
        for state, p in ((row.state_before, row.p_before), (row.state_after, row.p_after))
    )
    if (gap, p) == (gap_before, p_before):
        return ""
    said = {"gap": gap, "gap_before": gap_before, "p": p, "p_before": p_before}
    return voice.say("changes.moved", name=voice.name(row.indicator), **said)


def short(gap: float, voice: Voice) -> str:
    """Write a gap as what is missing or beyond."""
    if pd.isna(gap):
        return voice.say("changes.gap_none")
    return voice.say("changes.short" if gap > 0 else "changes.beyond", gap=float(abs(gap)))


def _outlook(state: str, p: float, voice: Voice) -> str:
    """Write how a target ended, or how likely it is to be met."""
    if state in ("met", "missed"):
        return voice.say("changes.outcome", state=voice.say(f"state.{state}"))
    return voice.say("changes.p_none" if pd.isna(p) else "changes.p", p=voice.percent(p))


def task_sentences(table: pd.DataFrame, voice: Voice) -> list[str]:
    """Say how many tasks there are, who leads them, and what has been reported."""
    if table.empty:
        return [voice.say("tasks.none")]
    units = table[f"lead_unit_{voice.language}"].nunique()
    lines = [voice.say("tasks.summary", all=len(table), units=units)]
    day, reported = voice.day(voice.ds.vintage), table[table["status"] != "none"]
    if reported.empty:
        return [*lines, voice.say("tasks.no_report", day=day)]
    counts = {"reported": len(reported), "done": int((reported["status"] == "done").sum())}
    lines.append(voice.say("tasks.some", day=day, missing=len(table) - len(reported), **counts))
    blocked = reported[reported["status"] == "blocked"]
    if len(blocked):
        who = blocked[f"lead_unit_{voice.language}"]
        why = [f" ({text})" if isinstance(text, str) else "" for text in blocked["obstacle"]]
        names = "; ".join(unit + reason for unit, reason in zip(who, why, strict=True))
        lines.append(voice.say("tasks.blocked", names=names))
    return lines


def calendar_sentences(table: pd.DataFrame, voice: Voice) -> list[str]:
    """Say what is due next, and who reports to whom."""
    plan = voice.ds.require_plan()
    lines = []
    lines += _this_report(voice)
    later = table[table["due"] > voice.ds.vintage]
    if len(later):
        first = later.iloc[0]
        what, due = due_report(first, voice), voice.day(first["due"])
        lines.append(voice.say("calendar.sentence", quarter=voice.quarter(), what=what, day=due))
    if "reporting" not in plan.about:
        rule, year = plan.reporting, voice.ds.vintage.year
        annual = voice.day(rule.annual(year)).replace(str(year), "").strip("/ ")
        days = {"day": rule.quarter_day, "annual": annual}
        lines.append(voice.say("calendar.assumed", **days))
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
        what = voice.say("calendar.quarter", quarter=voice.quarter())
    else:
        return []
    return [voice.say("calendar.this", what=what, day=voice.day(vintage))]


def due_report(row: pd.Series, voice: Voice) -> str:
    """Name a report of the calendar."""
    if row["kind"] == "year":
        return voice.say("calendar.year", year=row["covers"])
    return voice.say("calendar.quarter", quarter=voice.quarter(row["covers"]))


def task_details(row: Mapping[str, object], voice: Voice) -> list[str]:
    """Write what a task report adds to its state."""
    details = []
    if pd.notna(row["percent"]):
        details.append(voice.share(row["percent"] / 100))
    if pd.notna(row["interim_value"]):
        details.append(voice.say("task.self_assessed", value=float(row["interim_value"])))
    if pd.notna(row["evidence"]):
        details.append(voice.say("task.evidence", text=row["evidence"]))
    if pd.notna(row["obstacle"]):
        details.append(voice.say("task.obstacle", text=row["obstacle"]))
    return details


def intake_sentences(found: Intake, voice: Voice) -> list[str]:
    """Say what forms change, a line a report."""
    counts = {"added": len(found.added), "revised": len(found.revised)}
    counts |= {"same": found.same, "blank": found.blank}
    lines = [voice.say("intake.summary", **counts)]
    units = found.plan.actions.set_index("action")[f"lead_unit_{voice.language}"]

    def who(row) -> dict[str, object]:
        quarter = voice.quarter_name(Quarter.parse(row.quarter))
        day = voice.day(row.reported)
        return {"action": row.action, "unit": units[row.action], "quarter": quarter, "day": day}

    for row in found.added.itertuples():
        said = "; ".join(f"{name}: {text}" for name, text in _content(row, voice).items() if text)
        lines.append(voice.say("intake.added", said=said, **who(row)))
    for row, old in zip(found.revised.itertuples(), found.before.itertuples(), strict=True):
        now, was = _content(row, voice), _content(old, voice)
        moved = [
            voice.say("intake.moved", name=name, old=was[name] or "–", new=now[name] or "–")
            for name in now
            if now[name] != was[name]
        ]
        lines.append(voice.say("intake.revised", said="; ".join(moved), **who(row)))
    return lines


def _content(row, voice: Voice) -> dict[str, str]:
    """Write what a task report says, by the names of the form's columns; empty texts for none."""
    said = {
        "status": voice.say(f"task.{row.status}"),
        "percent": _plain(row.percent, voice),
        "evidence": _quoted(row.evidence),
        "obstacle": _quoted(row.obstacle),
        "interim_value": "" if pd.isna(row.interim_value) else voice.points(row.interim_value),
    }
    return {voice.say(f"form.column.{name}"): text for name, text in said.items()}


def _plain(value: float, voice: Voice) -> str:
    """Write a number with a decimal only where it has one; nothing where there is none."""
    if pd.isna(value):
        return ""
    return number(value, voice.language, digits=0 if float(value).is_integer() else 1)


def _quoted(text: object) -> str:
    """Quote a text on one line; nothing where there is none."""
    return "" if pd.isna(text) else f"“{' '.join(str(text).split())}”"
