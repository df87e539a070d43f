"""A plan that was read from a document, as the draft of a plan's folder.

The draft is no plan yet: ``reviewed = "no"`` in its ``plan.toml`` keeps it out of every report
until a person has looked at ``reading.csv``, which says where each value was read.
"""

from __future__ import annotations

import pandas as pd

from pgi_analysis.data import to_csv, to_toml
from pgi_analysis.documents.plan_text import PlanText
from pgi_analysis.documents.reading import Said
from pgi_analysis.language import say

_TARGETS = (
    *("indicator", "measure", "comparison", "baseline", "baseline_period"),
    *("target", "target_upper", "target_period", "planned_rise", "source"),
)
_ACTIONS = ("action", "indicator", "task_vi", "lead_unit_vi", "cooperating_units_vi", "deadline")
_FILES = {"plan": "plan.toml", "targets": "targets.csv", "actions": "actions.csv"}
_WHOLE = ("quarter_day", "annual_month", "annual_day")


def files_of(read: PlanText, name: str, document: str, language: str = "vi") -> dict[str, str]:
    """Write the files of the draft as texts, by their names."""
    about: dict[str, object] = {"name": name}
    groups: dict[str, dict[str, object]] = {}
    for one in read.values:
        if one.table == "plan":
            entry = groups.setdefault(one.row, {}) if one.row else about
            entry.setdefault(one.column, _typed(one))
    about["source"] = document
    about["reviewed"] = "no"
    targets = [row | {"source": document} for row in read.rows("targets").values()]
    actions = [{"action": key} | row for key, row in read.rows("actions").items()]
    files = {
        "plan.toml": to_toml(about | groups),
        "targets.csv": to_csv(_table(targets, _TARGETS)),
        "reading.csv": to_csv(told(read, language)),
    }
    if actions:
        files["actions.csv"] = to_csv(_table(actions, _ACTIONS))
    return files


def told(read: PlanText, language: str) -> pd.DataFrame:
    """Tell where each value was read, and what is doubtful: a row a value, doubts first."""
    head = say("document.head", language).split(" | ")
    rows = [
        (_FILES[one.table], one.row, one.column, one.value, _doubt(one, language), *_where(one))
        for one in read.values
    ]
    why = {kind: say(f"document.doubt.{kind}", language) for kind in ("left", "task")}
    rows += [
        ("", "", "", figures, why["left" if figures else "task"], line.page, line.number, words)
        for line, words, figures in read.left
    ]
    rows.sort(key=lambda row: not row[4])
    return pd.DataFrame(rows, columns=head)


def _doubt(one: Said, language: str) -> str:
    return say(f"document.doubt.{one.doubt}", language, **one.note) if one.doubt else ""


def _where(one: Said) -> tuple[int, int, str]:
    return one.line.page, one.line.number, one.words


def _typed(one: Said) -> object:
    if one.column in _WHOLE:
        return int(one.value)
    return pd.Timestamp(one.value).date() if one.column == "issued" else one.value


def _table(rows: list[dict[str, str]], columns: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return table.dropna(axis=1, how="all").fillna("")
