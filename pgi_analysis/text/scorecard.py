"""Earlier projections, and what came."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import Scorecard
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "scorecard"


def answer(found: Scorecard, voice: Voice) -> list[str]:
    """Say how the panel model would have done, from what was known before the outcome."""
    made = found.table[found["stated"].astype(bool) & (found["model"] == "panel")]
    if made.empty:
        return [voice.say("scorecard.none")]
    lines = [
        voice.say(
            "scorecard.summary",
            period=period,
            day=day,
            model=voice.say("backtest.model.panel").lower(),
            inside=int(group["inside"].sum()),
            all=len(group),
            level=found.level,
        )
        for (period, day), group in made.groupby(["target_period", "as_of"], sort=False)
    ]
    return [*lines, voice.say("scorecard.few")]


def table(found: Scorecard, voice: Voice) -> pd.DataFrame:
    """Write the projections of every model beside the outcome."""
    rows, several = [], len(set(found.table["target_period"])) > 1
    for (indicator, _), group in found.table.groupby(["indicator", "target_period"], sort=False):
        first = next(group.itertuples())
        own = voice.about(indicator)
        row = {"target_period": voice.whole(first.target_period)} if several else {}
        row |= {"indicator": voice.row(indicator), "target": tables.target(first, own)}
        for made in group.itertuples():
            interval = tables.interval(made.lower, made.upper, own)
            model = voice.say(f"backtest.model.{made.model}")
            row[model] = f"{voice.on(made).chance(made.p_met)} ({interval})"
        star = " *" if first.outcome_status == "doubtful" else ""
        row["outcome"] = own.points(first.outcome) + star
        row["state"] = voice.state("met" if first.met else "missed", stated=first.stated)
        rows.append(row)
    return tables.frame(rows, voice)
