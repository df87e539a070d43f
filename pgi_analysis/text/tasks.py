"""The tasks of a plan, and what was reported on them."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.data import TASK_STATUS
from pgi_analysis.language import DASH
from pgi_analysis.results import Tasks
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "tasks"
TABLES = {"states": ("task_states", "")}


def answer(found: Tasks, voice: Voice) -> list[str]:
    """Say how many tasks there are, who leads them, and what has been reported."""
    tasks, lead = found.table, f"lead_unit_{voice.language}"
    if tasks.empty:
        return [voice.say("tasks.none")]
    lines = [voice.say("tasks.summary", all=len(tasks), units=tasks[lead].nunique())]
    day, reported = voice.ds.vintage, tasks[tasks["status"] != "none"]
    if reported.empty:
        return [*lines, voice.say("tasks.no_report", day=day)]
    counts = {"reported": len(reported), "done": int((reported["status"] == "done").sum())}
    lines.append(voice.say("tasks.some", day=day, missing=len(tasks) - len(reported), **counts))
    blocked = reported[reported["status"] == "blocked"]
    if len(blocked):
        why = [f" ({text})" if isinstance(text, str) else "" for text in blocked["obstacle"]]
        names = "; ".join(unit + reason for unit, reason in zip(blocked[lead], why, strict=True))
        lines.append(voice.say("tasks.blocked", names=names))
    return lines


def counted(found: Tasks, voice: Voice) -> str:
    """Say in a line how many tasks have been reported on, by their state; nothing without any."""
    if found.table.empty:
        return ""
    states = found["status"].value_counts()
    said = [f"{voice.say(f'task.{s}')} {states[s]}" for s in TASK_STATUS if s in states]
    listed = f" ({', '.join(said)})" if said else ""
    reported = len(found) - int(states.get("none", 0))
    return voice.say("headline.work", reported=reported, all=len(found), states=listed)


def states_table(found: Tasks, voice: Voice) -> pd.DataFrame:
    """Write the state last reported of each unit's tasks, in short."""
    return tables.frame(
        (
            {
                "lead_unit": row[f"lead_unit_{voice.language}"],
                "indicator": voice.name(row["indicator"]),
                "report_state": voice.say(f"task.{row['status']}")
                + ("" if pd.isna(row["percent"]) else f", {voice.share(row['percent'] / 100)}"),
            }
            for row in found.table.to_dict("records")
        ),
        voice,
    )


def table(found: Tasks, voice: Voice) -> pd.DataFrame:
    """Write the tasks by lead unit, with the state last reported."""
    rows = []
    for unit, group in found.table.groupby(f"lead_unit_{voice.language}", sort=False):
        for row in group.to_dict("records"):
            with_whom = row[f"cooperating_units_{voice.language}"]
            state = [voice.say(f"task.{row['status']}"), *details(row, voice)]
            rows.append(
                {
                    "lead_unit": unit,
                    "indicator": voice.name(row["indicator"]),
                    "task": row[f"task_{voice.language}"],
                    "cooperating_units": DASH if pd.isna(with_whom) else with_whom,
                    "report_state": "; ".join(state),
                }
            )
    return tables.frame(rows, voice)


def details(row: dict[str, object] | pd.Series, voice: Voice) -> list[str]:
    """Write what a task report adds to its state."""
    said = []
    if pd.notna(row["percent"]):
        said.append(voice.share(row["percent"] / 100))
    if pd.notna(row["interim_value"]):
        own = voice.about(row["indicator"])
        said.append(own.say("task.self_assessed", value=row["interim_value"]))
    for name in ("evidence", "obstacle"):
        if pd.notna(row[name]):
            said.append(voice.say(f"task.{name}", text=row[name]))
    return said
