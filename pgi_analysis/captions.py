"""What a chart shows: the finding that titles it, and the text for those who cannot see it."""

from __future__ import annotations

import pandas as pd

from pgi_analysis import wording
from pgi_analysis.projection import Projection
from pgi_analysis.trends import Trend
from pgi_analysis.voice import Voice

Caption = tuple[str, str]


def gap(gaps: pd.DataFrame, voice: Voice) -> Caption:
    """Caption the gap chart."""
    short = int(gaps["state"].isin(["open", "missed"]).sum())
    known = short + int(gaps["state"].isin(["reached", "met"]).sum())
    key = "plot.gap_title" if short else "plot.gap_title_none"
    finding = voice.say(key, area=voice.area, n=short, all=known)
    if not known:
        finding = voice.say("caption.gap")
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
    return finding, voice.say("plot.trend_alt", sentences=sentences)


def projection(found: Projection, voice: Voice) -> Caption:
    """Caption the interval chart."""
    sentences = wording.joined(wording.projection_sentences(found, voice))
    alt = voice.say("plot.projection_alt", sentences=sentences)
    made = found.table[found.table["reason"] == ""]
    if made.empty:
        return voice.say("plot.decided_title"), alt
    best = made.loc[made["p_met"].idxmax()]
    name, p = voice.name(best["indicator"]), voice.percent(best["p_met"])
    return voice.say("plot.projection_title", name=name, p=p), alt


def fan(found: Projection, indicator: str, voice: Voice) -> Caption:
    """Caption the fan chart of one indicator."""
    shown = found.table["indicator"] == indicator
    lines = wording.projection_sentences(found, voice)
    own = wording.joined(line for line, of in zip(lines, shown, strict=True) if of)
    return own, voice.say("plot.fan_alt", sentences=own)


def fans(found: Projection, voice: Voice) -> Caption:
    """Caption the fan charts of all targets still open."""
    finding, _ = projection(found, voice)
    sentences = wording.joined(wording.projection_sentences(found.pending, voice))
    return finding, voice.say("plot.fans_alt", sentences=sentences).strip()
