"""Levels for a new plan, and how ambitious the old one was."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import Levels
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "levels"
TABLES = {"past": ("levels_past", "past")}


def answer(found: Levels, voice: Voice) -> list[str]:
    """Say what the levels are, and that a level is not yet a target."""
    if found.table.empty:
        ended = voice.ds.beyond(voice.ds.calendar.on(voice.ds.due_day))
        return [voice.say("levels.ended" if ended else "levels.none")]
    shared = [voice.say("levels.common")] if _shared(voice) else []
    return [voice.say("levels.about"), *shared]


def _shared(voice: Voice) -> bool:
    """Tell whether there are areas to share a change."""
    return len(set(voice.ds.scores["area"])) > 1


def table(found: Levels, voice: Voice) -> pd.DataFrame:
    """Write the levels of each indicator, an edition to come a row."""
    return tables.frame(
        (
            {
                "indicator": voice.row(row.indicator),
                "year": voice.whole(row.target_period),
                "value": own.points(row.value),
                **{name: own.points(getattr(row, name)) for name in _LEVELS},
                **({"common_part": own.signed(row.common_part)} if _shared(voice) else {}),
            }
            for row, own in tables.each(found.table, voice)
        ),
        voice,
    )


_LEVELS = ("level_80", "level_50", "level_20")


def past_table(found: Levels, voice: Voice) -> pd.DataFrame:
    """Write how likely each old target was in its own year, and how it ended."""
    return tables.frame(
        (
            {
                "indicator": voice.row(row.indicator),
                "old_target": tables.target(row, own),
                "target_period": voice.whole(row.target_period),
                "p_then": own.chance(row.p_met),
                "state": voice.state("met" if row.met else "missed", stated=row.stated),
            }
            for row, own in tables.each(found.past, voice)
        ),
        voice,
    )
