"""What has changed since the report before."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import DECIDED, Changes
from pgi_analysis.text import tables
from pgi_analysis.text.gap import short
from pgi_analysis.voice import Voice

NAME = "changes"


def answer(found: Changes, voice: Voice) -> list[str]:
    """Say what was published and reported since the report before."""
    since = {"day": found.since, "quarter": found.before}
    if found.nothing:
        return [voice.say("changes.nothing", **since)]
    lines = [voice.say("changes.since", **since)]
    for row in found.releases.itertuples():
        lines.append(voice.say("changes.release", period=row.period, day=row.released))
    promised = found.table.loc[found["stated"], "indicator"]
    own = found.scores[found.scores["indicator"].isin(promised)]
    new = own[own["before"].isna()]
    for period, rows in new.groupby("period"):
        lines.append(voice.say("changes.scores", area=voice.area, n=len(rows), period=period))
    for row, about in tables.each(own.dropna(subset=["before"]), voice):
        lines.append(about.say("changes.revised", name=voice.name(row.indicator), **row._asdict()))
    if n := len(found.reports):
        counts = {f"{s}": int((found.reports["status"] == s).sum()) for s in ("done", "blocked")}
        lines.append(voice.say("changes.reports", n=n, **counts))
        if own := int(found.reports["interim_value"].notna().sum()):
            lines.append(voice.say("changes.interim", n=own))
    moved = [_moved(row, voice) for row in found.table[found["stated"]].itertuples()]
    return lines + ([line for line in moved if line] or [voice.say("changes.unmoved")])


headline = answer


def table(found: Changes, voice: Voice) -> pd.DataFrame:
    """Leave it at the sentences."""
    return pd.DataFrame()


def _moved(row, voice: Voice) -> str:
    """Say how the gap of a target and its likelihood moved; nothing where they did not."""
    about = voice.about(row.indicator)
    gap_before, gap = (short(gap, about) for gap in (row.gap_before, row.gap_after))
    p_before, p = (
        _outlook(state, p, voice)
        for state, p in ((row.state_before, row.p_before), (row.state_after, row.p_after))
    )
    if (gap, p) == (gap_before, p_before):
        return ""
    said = {"gap": gap, "gap_before": gap_before, "p": p, "p_before": p_before}
    return voice.say("changes.moved", name=voice.name(row.indicator), **said)


def _outlook(state: str, p: float, voice: Voice) -> str:
    """Write how a target ended, or how likely it is to be met."""
    if state in DECIDED:
        return voice.say("changes.outcome", state=voice.say(f"state.{state}"))
    return voice.say("changes.p_none" if pd.isna(p) else "plot.probability", p=p)
