"""Where the area ranks, and how likely the ranks aimed at are."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.language import DASH, small
from pgi_analysis.results import PENDING, Ranks, worst_aimed_at
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "ranks"


def answer(found: Ranks, voice: Voice) -> list[str]:
    """Say of each rank aimed at how it ended or how likely it is."""
    rows = (row for year in found.years for row in found.of_year(year).table.itertuples())
    return [told(row, voice) for row in rows]


sentences = answer


def told(row, voice: Voice) -> str:
    """Say of a rank aimed at how it ended or how likely it is."""
    return voice.on(row).say(f"ranks.{_key(row)}", **blanks(row, voice))


def blanks(row, voice: Voice) -> dict[str, object]:
    """Return what a sentence on a rank aimed at is filled with."""
    own = voice.on(row)
    values = {"name": small(voice.name(row.indicator)), "goal": goal(row, voice)} | row._asdict()
    values |= {"now": _now(row, own), "limit": worst_aimed_at(row)}
    values |= {"every": voice.ds.n_areas(row.target_period)}
    if row.state in PENDING:
        values["chance"] = own.say("ranks.chance", p=row.p_met)
    return values


def _key(row) -> str:
    return "open" if row.state in PENDING else row.state


def short_goal(row, voice: Voice) -> str:
    """Write the rank aimed at in a cell."""
    ends = voice.span(int(row.target), worst_aimed_at(row))
    key = "cell" if pd.isna(row.target_upper) else "cell_between"
    return voice.say(f"ranks.{key}", n=worst_aimed_at(row), ends=ends)


def goal(row, voice: Voice) -> str:
    """Write the rank aimed at, and the places to climb where the plan states these."""
    said = {"n": worst_aimed_at(row), "low": int(row.target), "all": row.n_areas}
    text = voice.say("ranks.among" if pd.isna(row.target_upper) else "ranks.between", **said)
    if pd.isna(row.change):
        return text
    about = {"change": int(row.change), "since": row.baseline_period, "goal": text}
    if pd.notna(row.change_upper):
        return voice.say("ranks.climb_between", upper=int(row.change_upper), **about)
    return voice.say("ranks.climb" if row.change else "ranks.keep", **about)


def _now(row, voice: Voice) -> str:
    """Say where the area ranks, as far as that is known."""
    if pd.notna(row.rank):
        return voice.say("ranks.rank", rank=row.rank, all=row.n_areas)
    if row.state == "missed" and pd.notna(row.score) and pd.notna(row.score_at_rank):
        margin = abs(row.score - row.score_at_rank)
        key = "below" if row.score < row.score_at_rank else "above"
        margin = voice.say(f"gap.{key}", margin=margin)
        about = {"score": row.score, "margin": margin, "limit": worst_aimed_at(row)}
        return voice.say("ranks.by_score", at_rank=row.score_at_rank, **about)
    return voice.say("ranks.bounds", best=row.best, worst=row.worst, all=row.n_areas)


def table(found: Ranks, voice: Voice) -> pd.DataFrame:
    """Write each rank aimed at in a row."""
    return tables.frame(
        (
            {
                **tables.which(row, found.table, voice),
                "indicator": voice.name(row.indicator),
                "rank": cell(row, voice),
                "period": voice.whole(row.period),
                "goal_rank": goal(row, voice),
                "p_met": own.chance(row.p_met) if row.state in PENDING else DASH,
                "likelihood": own.likelihood(row.p_met)
                if row.state in PENDING
                else voice.state(row.state),
            }
            for row, own in tables.each(found.table, voice)
        ),
        voice,
    )


def cell(row, voice: Voice) -> str:
    """Write where the area ranks, or between which ranks."""
    if pd.notna(row.rank):
        return f"{row.rank}/{row.n_areas}"
    return DASH if pd.isna(row.best) else f"{voice.span(row.best, row.worst)}/{row.n_areas}"


def methods(found: Ranks, voice: Voice) -> list[str]:
    """Say how it was reckoned."""
    return [voice.say("method.ranks")] if len(found.table) else []
