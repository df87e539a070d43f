"""What becomes of a projection under assumptions."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import Scenario
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "projection"


def answer(found: Scenario, voice: Voice) -> list[str]:
    """Say what is assumed."""
    move = found.common_move
    key = "scenario.common_projected" if move is None else "scenario.common"
    voice = voice.about(*found["indicator"])
    said = {"rise": found.own_rise, "success": found.success}
    return [voice.say("scenario.assumed", common=voice.say(key, move=move), **said)]


def table(found: Scenario, voice: Voice) -> pd.DataFrame:
    """Write what becomes of each target, beside the projection without the assumptions."""
    return tables.frame(
        (
            {
                **tables.which(row, found.table, voice),
                "indicator": voice.row(row.indicator),
                "target": own.points(row.target),
                "median": own.points(row.median),
                "interval": tables.interval(row.lower, row.upper, own),
                "p_met": own.chance(row.p_met),
                "p_met_now": own.chance(row.p_met_now),
            }
            for row, (_, own) in zip(
                found.table.itertuples(),
                tables.each(found.projection.pending.table, voice),
                strict=True,
            )
        ),
        voice,
        level=found.level,
    )
