"""How scores moved: together with all areas, and apart from them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pgi_analysis.data import official_national
from pgi_analysis.language import DASH, small
from pgi_analysis.results import Trend
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "trend"
#: a common move of fewer areas than this, and than half of them, says little of all
FEW_AREAS = 10


def answer(found: Trend, voice: Voice) -> list[str]:
    """Say in a sentence or two how the area moved, or why that cannot be told."""
    if found.moves.empty:
        key = "trend_one" if (found["n_obs"] > 0).any() else "trend_none"
        period = voice.whole(found["last_period"].max())
        return [voice.say(f"answer.{key}", area=found.area, period=period)]
    newest = found.moves["to_period"].max()
    last = found.moves[found.moves["to_period"] == newest]
    periods = {"from_period": last["from_period"].max(), "to_period": newest}
    parts, apart = _parts(last, voice)
    said = []
    if len(parts):
        rose = _better(parts["change"], parts, found)
        key = "trend_all" if rose == len(parts) else "trend_some"
        about = voice.parts(parts["indicator"])
        said.append(voice.say(f"answer.{key}", rose=rose, all=len(parts), **about))
    for row, own in tables.each(apart, voice):
        moved = {"name": small(voice.name(row.indicator)), "change": _changed(row.change, own)}
        said.append(own.say("answer.trend_moved", **moved))
    lines = [voice.say("answer.trend", area=found.area, moved="; ".join(said), **periods)]
    if last["own_move"].notna().any():
        lines += _against_others(found, parts, apart, voice)
    return lines


def _parts(moves: pd.DataFrame, voice: Voice) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part sub-indices to be counted from what is told by itself: composites, a part alone.

    Where improvements are counted, also those that are to lie in a range: neither way is better.
    """
    whole = moves["indicator"].isin(voice.weights)
    if voice.falls and voice.ds:
        aims = voice.ds.require_plan().targets
        whole |= moves["indicator"].isin(aims.loc[aims["target_upper"].notna(), "indicator"])
    return (moves[~whole], moves[whole]) if (~whole).sum() > 1 else (moves[:0], moves)


def _better(moves: pd.Series, rows: pd.DataFrame, found: Trend) -> int:
    """Count the moves to the better: up where nobody said which way that is."""
    way = rows["indicator"].map(dict(found.directions)).astype(float).fillna(1.0)
    return int((moves * way > 0).sum())


def _against_others(
    found: Trend, parts: pd.DataFrame, apart: pd.DataFrame, voice: Voice
) -> list[str]:
    """Say how the area moved against the others, or that too few are known to say so."""
    if count := few_areas(found, voice):
        return [voice.say("answer.trend_few", area=found.area, count=count)]
    if known := int(parts["own_move"].notna().sum()):
        more = _better(parts["own_move"], parts, found)
        about = voice.parts(parts["indicator"])
        return [voice.say("answer.trend_own", own=more, known=known, **about)]
    return [
        own.say(
            "answer.trend_own_one", name=small(voice.name(row.indicator)), apart=_apart(row, own)
        )
        for row, own in tables.each(apart.dropna(subset=["own_move"]), voice)
    ]


def _apart(row, voice: Voice) -> str:
    """Say how far the area's change lies above or below the shared one."""
    rounded = round(row.own_move, voice.digits)
    key = "above" if rounded > 0 else "below" if rounded < 0 else "level"
    return voice.say(f"trend.{key}", own=abs(rounded))


def headline(found: Trend, voice: Voice) -> list[str]:
    """Say in a line what the result shows."""
    if found.ds is not None:
        return answer(found, voice)[:1]
    key = "lab.trend" if len(found.moves) else "lab.standing"
    return [voice.say(key, area=found.area, n=len(found))]


def sentences(found: Trend, voice: Voice) -> list[str]:
    """Say of each indicator how it moved, or that no trend can be told."""
    return [_sentence(row, found, voice) for row in found.table.itertuples()]


def _sentence(row, found: Trend, voice: Voice) -> str:
    voice = voice.about(row.indicator)
    values = {"name": voice.name(row.indicator), "area": found.area, "level": found.level}
    values |= {"period": row.last_period, "place": _place(row, voice)}
    values = row._asdict() | values | {"lower": row.pace_lower, "upper": row.pace_upper}
    if row.n_obs == 0:
        return voice.say("trend.none", **values)
    if row.n_obs == 1:
        return voice.say("trend.one", **values)
    moves = found.moves[found.moves["indicator"] == row.indicator]
    said = [_move(moves.iloc[-1], found, voice)]
    if pd.notna(row.pace_lower):
        said.append(voice.say("trend.pace", **values))
    return " ".join([*said, voice.say("trend.place", **values)] if values["place"] else said)


def _place(row, voice: Voice) -> str:
    """Say where the area stands among those known, which is no rank."""
    place = voice.place(row)
    if not place:
        return ""
    every = voice.ds.n_areas(row.last_period) if voice.ds else row.n_known
    key = "among_all" if row.n_known >= every else "among"
    return voice.say(f"trend.{key}", place=place)


def _move(move: pd.Series, found: Trend, voice: Voice) -> str:
    interval = ""
    if pd.notna(move["common_lower"]):
        ends = {"lower": move["common_lower"], "upper": move["common_upper"]}
        interval = voice.say("trend.interval", level=found.level, **ends)
    values = move.to_dict() | {"name": voice.name(move["indicator"]), "area": found.area}
    values |= {"change": _changed(move["change"], voice), "interval": interval}
    if move["n_areas"] < 2:
        return voice.say("trend.move_alone", **values)
    values |= {"common": _changed(move["common_move"], voice), "apart": _apart(move, voice)}
    key = "move_selected" if move["n_estimated"] else "move"
    return voice.say(f"trend.{key}", **values)


def _changed(change: float, voice: Voice) -> str:
    rounded = round(change, voice.digits)
    key = "trend.rose" if rounded > 0 else "trend.fell" if rounded < 0 else "trend.same"
    return voice.say(key, change=abs(rounded))


def national(found: Trend, voice: Voice) -> list[str]:
    """Say how the score at a published rank moved between comparable editions."""
    segments = found.ds.segments()
    at_rank = (
        official_national(found.ds).query("statistic == 'value_at_rank'").sort_values("period")
    )
    lines = []
    for (indicator, rank), group in at_rank.groupby(["indicator", "rank"]):
        group = group[group["period"].map(segments) == segments.iloc[-1]]
        if len(group) < 2:
            continue
        first, last = group.iloc[-2], group.iloc[-1]
        key = "trend.national" if last["value"] >= first["value"] else "trend.national_down"
        ends = {"start": first["value"], "end": last["value"]}
        periods = (voice.calendar.period(one["period"]) for one in (first, last))
        ends |= dict(zip(("from_period", "to_period"), periods, strict=True))
        own = voice.about(indicator)
        change = _changed(last["value"] - first["value"], own)
        name = small(voice.name(indicator))
        lines.append(own.say(key, rank=rank, name=name, change=change, **ends))
    return lines


def caption(found: Trend, voice: Voice) -> tuple[str, str]:
    """Caption the chart of moves, or of the standing where there are none.

    Nothing is said, and so nothing drawn, where no score is known.
    """
    if not (found["n_obs"] > 0).any():
        return "", ""
    said = {"area": found.area, "sentences": " ".join(sentences(found, voice))}
    if found.moves.empty:
        period = voice.whole(found["last_period"].max(skipna=True))
        finding = voice.say("plot.standing_title", period=period, **said)
        return finding, voice.say("plot.standing_alt", **said)
    return _finding(found, voice), voice.say("plot.trend_alt", **said)


def _finding(found: Trend, voice: Voice) -> str:
    """Say how the newest moves compare with the shared ones, where enough areas are known."""
    last = found.moves.drop_duplicates("indicator", keep="last")
    parts, apart = _parts(last, voice)
    if few_areas(found, voice) or last["own_move"].isna().all():
        return voice.say("plot.trend_title_few", area=found.area)
    if len(parts):
        rising = _better(parts["own_move"], parts, found)
        about = voice.parts(parts["indicator"])
        return voice.say("plot.trend_title", area=found.area, n=rising, all=len(parts), **about)
    row, own = next(tables.each(apart.dropna(subset=["own_move"]), voice))
    said = {"change": _changed(row.change, own), "apart": _apart(row, own), "area": found.area}
    return own.say("plot.trend_title_one", name=voice.name(row.indicator), **said)


def table(found: Trend, voice: Voice) -> pd.DataFrame:
    """Write the moves between editions, or the standing where there is no move."""
    if found.moves.empty:
        return tables.frame(
            (
                {
                    "indicator": voice.row(row.indicator),
                    "period": voice.whole(row.last_period),
                    "value": own.points(row.value),
                    "place": voice.place(row) or DASH,
                    "n_obs": voice.whole(row.n_obs),
                }
                for row, own in tables.each(found.table, voice)
            ),
            voice,
        )
    return tables.frame(
        (
            {
                "indicator": voice.row(row.indicator),
                "moves": f"{voice.whole(row.from_period)}–{voice.whole(row.to_period)}",
                "change": own.signed(row.change),
                "common_move": own.signed(row.common_move),
                "interval": tables.interval(row.common_lower, row.common_upper, own, sign=True),
                "own_move": own.signed(row.own_move),
                "n_areas": voice.whole(row.n_areas),
            }
            for row, own in tables.each(found.moves, voice)
        ),
        voice,
        level=found.level,
    )


def caveats(found: Trend, voice: Voice) -> list[str]:
    """Say so where the common move rests on few areas."""
    count = few_areas(found, voice)
    return [voice.say("caveat.few_moves", area=found.area, count=count)] if count else []


def few_areas(found: Trend, voice: Voice) -> str:
    """Count the areas that the common moves rest on, where they are few for some indicator."""
    counts = found.moves["n_areas"] - found.moves["n_estimated"]
    there = voice.ds.n_areas if voice.ds else lambda _: counts.max()  # plain tables list no areas
    half = found.moves["to_period"].map(there) / 2
    few = counts[(counts > 1) & (counts < FEW_AREAS) & (counts < half)]
    return span(few, voice) if len(few) else ""


def span(counts: Iterable[int], voice: Voice) -> str:
    """Write the smallest and the largest of some counts, once if they are one."""
    return voice.span(min(counts), max(counts))


def methods(found: Trend, voice: Voice) -> list[str]:
    """Say how it was reckoned."""
    alone = found.moves["n_areas"].max() == 1  # without moves it is NaN
    return [voice.say("method.trend_alone" if alone else "method.trend")]
