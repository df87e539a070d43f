"""What has changed since the report before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pgi_analysis.data import TASK_STATUS
from pgi_analysis.language import small
from pgi_analysis.results import DECIDED, Changes
from pgi_analysis.text import ranks, tables
from pgi_analysis.text.gap import short
from pgi_analysis.voice import Voice

NAME = "changes"


def answer(found: Changes, voice: Voice) -> list[str]:
    """Say what was published and reported since the report before."""
    since = {"day": found.since, "quarter": found.before}
    if found.nothing:
        key = "nothing" if voice.ds.require_plan().tasked else "nothing_untasked"
        return [voice.say(f"changes.{key}", **since)]
    lines = [voice.say("changes.since", **since)]
    for day, rows in found.releases.groupby("released"):
        for periods in _runs(rows["period"], voice):
            lines.append(voice.say("changes.release", periods=periods, day=day))
    promised = found.table.loc[found["stated"], "indicator"]
    own = found.scores[found.scores["indicator"].isin(promised)]
    new = own[own["before"].isna()]
    known = new.groupby("period")["indicator"].agg(frozenset)
    for indicators in dict.fromkeys(known):
        composites = [name for name in new["indicator"].unique() if name in indicators]
        parts = [name for name in composites if name not in voice.weights]
        composites = [name for name in composites if name in voice.weights]
        for periods in _runs(known.index[known == indicators], voice):
            if parts:
                about = {"n": len(parts), "periods": periods, **voice.parts(parts)}
                lines.append(voice.say("changes.scores", **about))
            if composites:
                lines.append(voice.say("changes.totals", names=composites, periods=periods))
    for row, about in tables.each(own.dropna(subset=["before"]), voice):
        lines.append(about.say("changes.revised", name=voice.name(row.indicator), **row._asdict()))
    if n := len(found.reports):
        counts = {one: int((found.reports["status"] == one).sum()) for one in TASK_STATUS}
        said = [
            voice.say("tasks.count", state=voice.say(f"task.{one}"), n=count)
            for one, count in counts.items()
            if count
        ]
        lines.append(voice.say("changes.reports", n=n, states=", ".join(said)))
        if own := int(found.reports["interim_value"].notna().sum()):
            lines.append(voice.say("changes.interim", n=own))
    stated = found.table[found["stated"]]
    lost = (stated["state_after"] == "unpublished") & (stated["state_before"] != "unpublished")
    told = stated["p_after"].notna()
    moved = [_moved(row, voice) for row in stated[~lost | told].itertuples()]
    for key, some in (("unpublished", lost & ~told), ("partly_out", lost & told)):
        for period, rows in stated[some].groupby("target_period"):
            moved.append(voice.say(f"changes.{key}", names=rows["indicator"], period=period))
    pairs = zip(*(one.table.itertuples() for one in found.ranks), strict=True)
    moved += [_rank_moved(*pair, voice) for pair in pairs]
    return lines + ([line for line in moved if line] or [voice.say("changes.unmoved")])


headline = answer


def table(found: Changes, voice: Voice) -> pd.DataFrame:
    """Leave it at the sentences."""
    return pd.DataFrame()


def _runs(periods: Iterable[object], voice: Voice) -> list[str]:
    """Write periods: those between which no edition lies in one go, from the first to the last."""
    order = sorted(voice.calendar.write(voice.ds.releases)["period"])
    places = {period: place for place, period in enumerate(order)}
    runs: list[list[object]] = []
    for period in sorted(periods):
        if runs and places[period] == places[runs[-1][-1]] + 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    return [
        voice.say(f"changes.period{'s' if len(run) > 1 else ''}", first=run[0], last=run[-1])
        for run in runs
    ]


def _moved(row, voice: Voice) -> str:
    """Say how the gap of a target and its likelihood moved; nothing where they did not."""
    about = voice.about(row.indicator)
    gap_before, gap = (_short(gap, row, about) for gap in (row.gap_before, row.gap_after))
    outlooks = []
    for side in ("before", "after"):
        known = (getattr(row, f"{what}_{side}") for what in ("state", "p", "prior_only"))
        outlooks.append(_outlook(*known, voice))
    p_before, p = outlooks
    if (gap, p) == (gap_before, p_before):
        return ""
    said = {"gap": gap, "gap_before": gap_before, "p": p, "p_before": p_before}
    return _in_year(row, voice.say("changes.moved", name=voice.name(row.indicator), **said), voice)


def _rank_moved(before, after, voice: Voice) -> str:
    """Say how a rank and its likelihood moved; nothing where they did not."""
    was, now = (
        (ranks.cell(row, voice), _outlook(row.state, row.p_met, row.prior_only, voice))
        for row in (before, after)
    )
    if now == was:
        return ""
    name = voice.say("ranks.row", name=small(voice.name(after.indicator)))
    said = {"gap": now[0], "gap_before": was[0], "p": now[1], "p_before": was[1]}
    return _in_year(after, voice.say("changes.moved", name=name, **said), voice)


def _in_year(row, line: str, voice: Voice) -> str:
    """Say of which target year a line is, where the plan has several."""
    plan = voice.ds.require_plan()
    years = {*plan.targets["target_period"], *plan.rank_targets["target_period"]}
    several = len(years) > 1
    return voice.say("page.in_year", year=row.target_period, text=line) if several else line


def _short(gap: float, row, voice: Voice) -> str:
    """Write a gap; of a range on which side it was is not kept, only whether it was inside."""
    targets = voice.ds.require_plan().targets
    same = targets["indicator"] == row.indicator
    same &= targets["target_period"] == row.target_period
    if targets.loc[same, "target_upper"].notna().any() and pd.notna(gap):
        return voice.say("gap.outside" if gap > 0 else "gap.inside", gap=gap)
    best = voice.ds.indicators.set_index("indicator")["direction"][row.indicator]
    return short(gap, best, voice)


def _outlook(state: str, p: float, rough: bool, voice: Voice) -> str:
    """Write how a target ended, or how likely it is to be met."""
    if state in DECIDED:
        return voice.say("changes.outcome", state=voice.say(f"state.{state}"))
    if pd.isna(p):
        return voice.say("changes.p_none")
    return replace(voice, rough=bool(pd.notna(rough) and rough)).say("plot.probability", p=p)
