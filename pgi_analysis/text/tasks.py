"""The tasks of a plan, and what was reported on them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd

from pgi_analysis.data import in_order
from pgi_analysis.language import DASH, capital
from pgi_analysis.results import Tasks
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "tasks"
TABLES = {"states": ("task_states", "")}

#: states in the order of counts: what is finished first
_ORDER = ("done", "in_progress", "blocked", "not_started", "old", "none")
#: letters of a task where it is named in a sentence
_SHORT = 90
#: how a task may begin with its lead unit and those it works with; other leads beside it must stay
_LEADS = {
    "vi": r"(?:giao )?{lead} "
    r"(?:chủ trì,? (?!và |cùng |với )(?:phối hợp với {others} )?|(?=chỉ đạo ))",
    "en": r"(?:the )?{lead} (?:is assigned to )?"
    r"(?:takes? the lead (?:and works? with {others} )?(?:to|in) |(?=direct ))",
}

Row = Mapping[str, object]


def answer(found: Tasks, voice: Voice) -> list[str]:
    """Say how many tasks there are, how far they are, and of when the reports are.

    Nothing of a plan that is one of targets alone.
    """
    table = found.table
    if table.empty:
        return [voice.say("tasks.none")] if found.ds.require_plan().tasked else []
    all_ = {"all": len(table), "units": table[f"lead_unit_{voice.language}"].nunique()}
    if (table["status"] == "none").all():
        lines = [voice.say("tasks.summary", **all_), voice.say("tasks.no_report", day=found.day)]
        late = int((table["timing"] == "late").sum())
        return [*lines, voice.say("tasks.overdue", n=late)] if late else lines
    said = ", ".join(voice.say("tasks.count", state=s, n=n) for s, n in _states(found, voice))
    lines = [voice.say("tasks.counted", day=found.day, states=said, **all_)]
    old = _newest_old(found)
    if old and not old["reported"]:
        lines.append(capital(voice.say("tasks.old", **old)))
    return lines


def counted(found: Tasks, voice: Voice) -> str:
    """Say in a line what is done, and of how much of the rest this report's quarter tells."""
    table = found.table
    if table.empty:
        return ""
    open_ = table[table["status"] != "done"]
    about = {"all": len(table), "done": len(table) - len(open_), "rest": len(open_)}
    about |= {"reported": int(open_["current"].sum()), "quarter": found.quarter}
    old = _newest_old(found)
    if old and not old["reported"]:
        return voice.say("headline.work_old", **about | old)
    known = about["done"] or about["reported"]
    key = "work" if known and len(open_) else "work_done" if known else "work_none"
    return voice.say(f"headline.{key}", **about)


def _states(found: Tasks, voice: Voice) -> list[tuple[str, int]]:
    """Count the tasks by state.

    A report for an earlier quarter tells nothing of this one, but that work is done.
    """
    rows = found.table
    known = rows["current"] | rows["status"].isin(["done", "none"])
    rows = rows.assign(status=rows["status"].where(known, "old"))
    said = rows.apply(_state, axis=1, voice=voice) if len(rows) else pd.Series(dtype="str")
    counts = rows.assign(said=said).groupby(["status", "said"]).size()
    return [
        (name, int(n)) for key in _ORDER for (status, name), n in counts.items() if status == key
    ]


def _newest_old(found: Tasks) -> dict[str, object]:
    """Tell how many tasks have reports for earlier quarters alone, and of when the newest is."""
    table = found.table
    old = table[(table["status"] != "none") & ~table["current"]]
    if old.empty:
        return {}
    newest = in_order(old).iloc[-1]
    return {
        "reported": int(table["current"].sum()),
        "all": len(table),
        "quarter": found.quarter,
        "of": newest["quarter"],
        "day": newest["reported"],
    }


def _state(row: Row, voice: Voice) -> str:
    """Write the state of a task, and where it has a deadline whether that is kept."""
    key = f"task.{row['status']}"
    timed = f"{key}_{row['timing']}"
    return voice.say(timed if voice.knows(timed) else key)


def decisions(found: Tasks, voice: Voice) -> list[str]:
    """Say what is in the way of each task, why, and what is proposed; of any state."""
    lines = reported(found, voice)
    return lines or [voice.say("tasks.no_decisions", day=found.day)] if len(found.table) else []


def reported(
    found: Tasks, voice: Voice, parts: Sequence[str] = ("obstacle", "cause", "proposal")
) -> list[str]:
    """Say of each task, in whatever state, what its report says under some headings."""
    lines = []
    for row in found.table.to_dict("records"):
        said = _hindrances(row, voice, parts)
        if not said and row["status"] == "blocked" and "obstacle" in parts:
            said = [voice.say("tasks.unexplained")]
        if said:
            about = {"task": _short(row, voice), "unit": row[f"lead_unit_{voice.language}"]}
            when = "" if row["current"] else f" ({_when(row, voice)})"
            lines.append(voice.say("tasks.decision", said="; ".join(said) + when, **about))
    return lines


def caveats(found: Tasks, voice: Voice) -> list[str]:
    """Say where units score an indicator differently."""
    lines, tasks = [], found.table.set_index("action")
    known = found.ds.self_assessments()
    for (indicator, _), rows in known.groupby(["indicator", "period"], sort=False):
        last = rows.drop_duplicates("action", keep="last")
        if last["value"].nunique() < 2:
            continue
        about, units = voice.about(indicator), tasks[f"lead_unit_{voice.language}"]
        said = "; ".join(
            about.say("tasks.assessment", value=r.value, unit=units[r.action], day=r.released)
            for r in last.itertuples()
        )
        used = {"quarter": last["quarter"].iloc[-1], "value": last["value"].iloc[-1]}
        lines.append(about.say("tasks.assessments", name=voice.name(indicator), said=said, **used))
    return lines


def states_table(found: Tasks, voice: Voice) -> pd.DataFrame:
    """Write the state last reported of each unit's tasks, in short; nothing without reports."""
    if (found["status"] == "none").all():
        return pd.DataFrame()
    return tables.frame(
        (
            {
                "lead_unit": row[f"lead_unit_{voice.language}"],
                "indicator": voice.name(row["indicator"]),
                "report_state": _reported(row, _share(row, voice), voice),
            }
            for row in found.table.to_dict("records")
        ),
        voice,
    )


def table(found: Tasks, voice: Voice) -> pd.DataFrame:
    """Write the tasks by lead unit: what is planned, how far it is, and what is in the way.

    Columns in which the plan and its reports have nothing are left out.
    """
    rows = []
    for unit, group in found.table.groupby(f"lead_unit_{voice.language}", sort=False):
        for row in group.to_dict("records"):
            rows.append(
                {
                    "lead_unit": unit,
                    "indicator": voice.name(row["indicator"]),
                    "task": _work(row, voice),
                    "cooperating_units": voice.either(row, "cooperating_units"),
                    "deadline": term(row, voice),
                    "planned": planned(row, voice, reached=True),
                    "report_state": _reported(row, _results(row, voice), voice),
                    "obstacle": "; ".join(_hindrances(row, voice)),
                }
            )
    empty = [name for name in (rows[0] if rows else {}) if not any(row[name] for row in rows)]
    shown = ({n: text or DASH for n, text in row.items() if n not in empty} for row in rows)
    return tables.frame(shown, voice)


def of_indicators(found: Tasks, voice: Voice) -> dict[str, list[str]]:
    """Say how far each task is, by indicator: those that nothing was reported on as well."""
    lines: dict[str, list[str]] = {}
    for row in found.table.to_dict("records"):
        told = _line(_reported(row, _results(row, voice), voice))
        lines.setdefault(voice.name(row["indicator"]), []).append(
            voice.say("draft.task", **_named(row, voice), told=told)
        )
    return lines


def ahead(found: Tasks, voice: Voice) -> list[str]:
    """List the tasks that are not done, what is due first at the top."""
    open_ = found.table[found["status"] != "done"].sort_values("deadline", kind="stable")
    return [
        voice.say("draft.task_due" if term(row, voice) else "draft.task_ahead", **about)
        for row in open_.to_dict("records")
        for about in [_named(row, voice) | {"term": term(row, voice)}]
    ]


def _named(row: Row, voice: Voice) -> dict[str, str]:
    return {"task": _clause(row, voice), "unit": row[f"lead_unit_{voice.language}"]}


def annexed_table(found: Tasks, voice: Voice) -> pd.DataFrame:
    """Write the tasks as a report's annex has them, with columns for all that units report.

    What the plan does not set for any task (deadlines, say) has no column.
    """
    rows = [
        {
            "task": _work(row, voice),
            "lead_unit": row[f"lead_unit_{voice.language}"],
            "cooperating_units": voice.either(row, "cooperating_units"),
            "deadline": term(row, voice),
            "planned": planned(row, voice, reached=True),
            "report_state": _reported(row, _share(row, voice), voice),
            "evidence": _line(row["evidence"]) if _is(row["evidence"]) else "",
            "obstacle": "; ".join(_hindrances(row, voice, ("obstacle", "cause"))),
            "proposal": _line(row["proposal"]) if _is(row["proposal"]) else "",
        }
        for row in found.table.to_dict("records")
    ]
    heads = {name: voice.column(name) for name in (rows[0] if rows else {})}
    heads |= {"obstacle": voice.say("draft.column.obstacle")}
    for name in ("cooperating_units", "deadline", "planned"):
        if not any(row[name] for row in rows):
            heads.pop(name, None)
    number = voice.say("draft.column.number")
    return pd.DataFrame(
        {number: str(n)} | {head: row[name] or DASH for name, head in heads.items()}
        for n, row in enumerate(rows, start=1)
    )


def _work(row: Row, voice: Voice) -> str:
    """Write what is to be done.

    A Vietnamese task that begins with its lead unit («Giao … chủ trì, phối hợp với …») loses what
    stands in columns of its own.

    Examples
    --------
    >>> row = {"task_vi": "Giao Văn phòng Sở chủ trì, phối hợp với các phòng tuyên truyền.",
    ...        "lead_unit_vi": "Văn phòng Sở", "cooperating_units_vi": "các phòng"}
    >>> _work(row, Voice(None, "vi"))
    'Tuyên truyền.'
    """
    # in English the verbs that follow hang on the unit
    return _bare(row, "vi") if voice.language == "vi" else str(row[f"task_{voice.language}"])


def _bare(row: Row, language: str) -> str:
    """Write a task without the lead unit that it begins with."""
    text = str(row[f"task_{language}"])
    lead, others = (row[f"{name}_{language}"] for name in ("lead_unit", "cooperating_units"))
    with_whom = re.escape(others) if _is(others) else "(?!)"
    opening = _LEADS[language].format(lead=re.escape(str(lead)), others=with_whom)
    return capital(re.sub(f"^{opening}", "", text, flags=re.IGNORECASE))


def _short(row: Row, voice: Voice) -> str:
    """Name a task by its first clause, in a line at most."""
    return textwrap.shorten(_clause(row, voice), _SHORT, placeholder="…")


def _clause(row: Row, voice: Voice) -> str:
    return re.split(r";\s", _bare(row, voice.language))[0].rstrip(" .")


def term(row: Row, voice: Voice) -> str:
    """Write from when to when a task is to be done; nothing where the plan does not say."""
    start, end = (row[name] for name in ("start", "deadline"))
    if pd.isna(end):
        return "" if pd.isna(start) else voice.say("tasks.from_day", day=start)
    return voice.day(end) if pd.isna(start) else voice.span(voice.day(start), voice.day(end))


def planned(row: Row, voice: Voice, *, reached: bool = False) -> str:
    """Write what must come of a task, and how much; nothing where the plan does not say."""
    said = [voice.either(row, "deliverable")]
    if pd.notna(row["quantity"]):
        much = voice.say("tasks.planned", quantity=row["quantity"], unit=voice.either(row, "unit"))
        if reached and pd.notna(row["quantity_done"]):
            much = voice.say("tasks.done", planned=much, done=row["quantity_done"])
        said.append(much)
    return "; ".join(filter(None, said))


def details(row: Row, voice: Voice) -> list[str]:
    """Write what a task report adds to its state."""
    said = _results(row, voice)
    if pd.notna(row["quantity_done"]):
        unit = voice.either(row, "unit")
        said.append(voice.say("task.quantity", quantity=row["quantity_done"], unit=unit))
    labelled = [voice.say("task.obstacle", text=row["obstacle"])] if _is(row["obstacle"]) else []
    return [*said, *labelled, *_hindrances({**row, "obstacle": None}, voice)]


def _reported(row: Row, said: list[str], voice: Voice) -> str:
    """Write the state of a task with what is said of it, and of when the report is."""
    told = "; ".join([_state(row, voice), *said])
    return told if row["status"] == "none" else f"{told} ({_when(row, voice)})"


def _when(row: Row, voice: Voice) -> str:
    """Write the day of a report, and its quarter where that is an earlier one."""
    key = "tasks.of_day" if row["current"] else "tasks.of_quarter"
    return voice.say(key, quarter=row["quarter"], day=row["reported"])


def _share(row: Row, voice: Voice) -> list[str]:
    return [voice.share(row["percent"] / 100)] if pd.notna(row["percent"]) else []


def _results(row: Row, voice: Voice) -> list[str]:
    said = _share(row, voice)
    if pd.notna(row["interim_value"]):
        own = voice.about(row["indicator"])
        said.append(own.say("task.self_assessed", value=row["interim_value"]))
    if _is(row["evidence"]):
        said.append(voice.say("task.evidence", text=row["evidence"]))
    return said


def _hindrances(
    row: Row, voice: Voice, parts: Sequence[str] = ("obstacle", "cause", "proposal")
) -> list[str]:
    """Write what is in the way, why, and what is proposed."""
    said = [_line(row["obstacle"])] if "obstacle" in parts and _is(row["obstacle"]) else []
    for name in ("cause", "proposal"):
        if name in parts and _is(row[name]):
            said.append(voice.say(f"task.{name}", text=_line(row[name])))
    return said


def _is(text: object) -> bool:
    return isinstance(text, str)


def _line(text: str) -> str:
    r"""Write an entry of several lines or points on one line, to stand inside a sentence.

    Examples
    --------
    >>> _line("- Thiếu kinh phí.\n- Mưa lũ.")
    'Thiếu kinh phí; Mưa lũ'
    """
    parts = (part.strip(" -–•+.;") for part in text.splitlines())
    return "; ".join(filter(None, parts))
