"""What a chart shows: the finding that titles it, and the text for those who cannot see it."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import Projection, Trend
from pgi_analysis.text import footnotes, wording
from pgi_analysis.text import work as work_wording
from pgi_analysis.voice import Voice

Caption = tuple[str, str]


def gap(gaps: pd.DataFrame, voice: Voice) -> Caption:
    """Caption the gap chart."""
    own = voice.stated(gaps)
    short = int(own["state"].isin(["open", "missed"]).sum())
    known = short + int(own["state"].isin(["reached", "met"]).sum())
    missed = (own["state"] == "missed").sum() == short
    key = ("gap_title_missed" if missed else "gap_title") if short else "gap_title_none"
    finding = voice.say(f"plot.{key}", area=voice.area, n=short, all=known)
    if not known:
        finding = voice.say("caption.gap")
    elif len(own) == 1:
        row = own.iloc[0]
        name, said = voice.name(row["indicator"]), work_wording.short(row["gap"], voice)
        finding = voice.say("plot.gap_title_one", name=name, gap=said)
    sentences = wording.joined(wording.gap_sentences(gaps, voice))
    return finding, voice.say("plot.gap_alt", sentences=sentences)


def trend(found: Trend, voice: Voice) -> Caption:
    """Caption the chart of moves, or of the standing where there are none."""
    sentences = wording.joined(wording.trend_sentences(found, voice))
    if found.moves.empty:
        seen = found.table["last_period"].dropna()
        period = seen.max() if len(seen) else "–"
        finding = voice.say("plot.standing_title", area=voice.area, period=period)
        return finding, voice.say("plot.standing_alt", area=voice.area, sentences=sentences)
    last = found.moves.drop_duplicates("indicator", keep="last")
    rising = int((last["own_move"] > 0).sum())
    finding = voice.say("plot.trend_title", area=voice.area, n=rising, all=len(last))
    if count := footnotes.few_areas(found, voice):
        finding = voice.say("plot.trend_title_few", area=voice.area, count=count)
    return finding, voice.say("plot.trend_alt", sentences=sentences)


def projection(found: Projection, voice: Voice) -> Caption:
    """Caption the interval chart."""
    sentences = wording.joined(wording.projection_sentences(found, voice))
    alt = voice.say("plot.projection_alt", sentences=sentences)
    made = voice.stated(found.pending.table)
    if made.empty:
        return voice.say("plot.decided_title"), alt
    p, names = wording.extreme(made, voice, best=True)
    key = "projection_title" if len(made) > 1 else "projection_title_one"
    return voice.say(f"plot.{key}", name=names, p=p), alt


def fan(found: Projection, indicator: str, voice: Voice) -> Caption:
    """Caption the fan chart of one indicator."""
    shown = found.table["indicator"] == indicator
    lines = wording.projection_sentences(found, voice)
    own = wording.joined(line for line, of in zip(lines, shown, strict=True) if of)
    p = voice.percent(found.table.loc[shown, "p_met"].iloc[-1])
    finding = voice.say("plot.fan_title", name=voice.name(indicator), p=p)
    return finding, voice.say("plot.fan_alt", sentences=own)


def fans(found: Projection, voice: Voice) -> Caption:
    """Caption the fan charts of all targets still open."""
    finding, _ = projection(found, voice)
    sentences = wording.joined(wording.projection_sentences(found.pending, voice))
    return finding, voice.say("plot.fans_alt", sentences=sentences).strip()
