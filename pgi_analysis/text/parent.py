"""How the targets of the plan above stand."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pgi_analysis.language import DASH
from pgi_analysis.results import PENDING, Parent
from pgi_analysis.text import projection, ranks, tables
from pgi_analysis.voice import Goal, Voice

NAME = "parent"


def answer(found: Parent, voice: Voice, states: Collection[str] | None = None) -> list[str]:
    """Say of each target of the plan above how it ended or how likely it is, by that plan.

    Of some `states` alone, where they are named.
    """
    if found.table.empty:
        return []
    above = Voice(found.ds.of_parent(), voice.language)
    number = found.ds.require_plan().text("carries_out.number", voice.language)
    stated = found.projection.table[found.projection["stated"]]
    ranked = found.ranks.table
    if states is not None:
        stated, ranked = (rows[rows["state"].isin(states)] for rows in (stated, ranked))
    places = [_place(row, number, above) for row in ranked.itertuples()]
    scores = [_sentence(row, found, above) for row in stated.itertuples()]
    return places + [voice.say("parent.of", number=number, text=line) for line in scores]


def _place(row, number: str, voice: Voice) -> str:
    """Say of a rank aimed at how it ended or how likely it is."""
    key = "open" if row.state in PENDING else row.state
    if not voice.knows(f"parent.rank_{key}"):
        return voice.say("parent.of", number=number, text=ranks.told(row, voice))
    return voice.on(row).say(f"parent.rank_{key}", number=number, **ranks.blanks(row, voice))


def _sentence(row, found: Parent, voice: Voice) -> str:
    """Say in short of a target on a score how it ended or how likely it is."""
    if row.state not in PENDING:
        only = found.projection.only([row.Index])
        return projection.sentences(only, voice)[0]
    aim = Goal.of(found.gap.table.loc[row.Index])
    about = {"name": voice.name(row.indicator), "target": aim, "period": row.target_period}
    return voice.on(row).say("parent.open", p=row.p_met, **about)


def table(found: Parent, voice: Voice) -> pd.DataFrame:
    """Write each target of the plan above in a row."""
    rows = []
    for row in found.table.itertuples():
        own = voice.on(row)
        aim = own.amount(Goal.of(row)) if row.measure == "score" else ranks.goal(row, voice)
        rows.append(
            {
                "indicator": voice.name(row.indicator),
                "target_period": voice.whole(row.target_period),
                "target": aim,
                "state": voice.state(row.state),
                "p_met": own.chance(row.p_met) if row.state in PENDING else DASH,
            }
        )
    return tables.frame(rows, voice)
