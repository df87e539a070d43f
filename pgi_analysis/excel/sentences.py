"""What filled-in forms change, in sentences."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.excel.form import TEXTS, headers
from pgi_analysis.excel.intake import Intake
from pgi_analysis.language import DASH, number
from pgi_analysis.voice import Voice


def intake_sentences(found: Intake, voice: Voice) -> list[str]:
    """Say what forms change, a line a report."""
    counts = {"added": len(found.added), "revised": len(found.revised)}
    counts |= {"same": found.same, "blank": found.blank}
    lines = [voice.say("intake.summary", **counts)]
    units = found.plan.actions.set_index("action")[f"lead_unit_{voice.language}"]

    def who(row) -> dict[str, object]:
        about = {"quarter": row.quarter, "day": row.reported}
        return {"action": row.action, "unit": units[row.action]} | about

    for row in found.added.itertuples():
        said = "; ".join(f"{name}: {text}" for name, text in _content(row, voice).items() if text)
        lines.append(voice.say("intake.added", said=said, **who(row)))
    for row, old in zip(found.revised.itertuples(), found.before.itertuples(), strict=True):
        now, was = _content(row, voice), _content(old, voice)
        moved = [
            voice.say("intake.moved", name=name, old=was[name] or DASH, new=now[name] or DASH)
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
        "quantity": "" if pd.isna(row.quantity) else voice.quantity(row.quantity),
        **{name: _quoted(getattr(row, name)) for name in TEXTS},
        "interim_value": "" if pd.isna(row.interim_value) else voice.points(row.interim_value),
    }
    heads = headers(voice.language)
    return {heads[name]: text for name, text in said.items()}


def _plain(value: float, voice: Voice) -> str:
    """Write a number with a decimal only where it has one; nothing where there is none."""
    if pd.isna(value):
        return ""
    return number(value, voice.language, digits=0 if float(value).is_integer() else 1)


def _quoted(text: object) -> str:
    """Quote a text on one line; nothing where there is none."""
    return "" if pd.isna(text) else f"“{' '.join(str(text).split())}”"
