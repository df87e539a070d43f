"""How scores moved: together with all areas, and apart from them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pgi_analysis.results import Trend
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "trend"
#: a common move of fewer areas than this says little of the country
FEW_AREAS = 10


def answer(found: Trend, voice: Voice) -> list[str]:
    """Say in a sentence or two how the area moved, or why that cannot be told."""
    if found.moves.empty:
        key = "trend_one" if (found["n_obs"] > 0).any() else "trend_none"
        return [voice.say(f"answer.{key}", area=found.area)]
    newest = found.moves["to_period"].max()
    last = found.moves[found.moves["to_period"] == newest]
    counts = {"from_period": last["from_period"].max(), "to_period": newest, "all": len(last)}
    rose = int((last["change"] > 0).sum())
    lines = [voice.say("answer.trend", area=found.area, rose=rose, **counts)]
    own = last["own_move"].dropna()
    if len(own) and (count := few_areas(found, voice)):
        lines.append(voice.say("answer.trend_few", area=found.area, count=count))
    elif len(own):
        more = int((own > 0).sum())
        lines.append(voice.say("answer.trend_own", own=more, known=len(own)))
    return lines


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
    values |= {"period": row.last_period, "rank": _published_rank(row, voice)}
    values |= {"lower": row.pace_lower, "upper": row.pace_upper} | row._asdict()
    if row.n_obs == 0:
        return voice.say("trend.none", **values)
    if row.n_obs == 1:
        return voice.say("trend.one", **values)
    moves = found.moves[found.moves["indicator"] == row.indicator]
    said = [_move(moves.iloc[-1], found, voice)]
    if pd.notna(row.pace_lower):
        said.append(voice.say("trend.pace", **values))
    return " ".join([*said, voice.say("trend.place", **values)])


def _published_rank(row, voice: Voice) -> str:
    """Say the rank that was published, which the place among known areas is not."""
    ranks = voice.ds.official_ranks()
    own = ranks[(ranks["area"] == row.area) & (ranks["indicator"] == row.indicator)]
    known = own.loc[own["period"] == row.last_period, ["rank", "ranked_areas"]]
    if known.empty:
        return ""
    rank, among = known.iloc[0]
    key = "rank" if among == len(voice.ds.provinces) else "rank_among"
    return voice.say(f"trend.{key}", rank=rank, all=among)


def _move(move: pd.Series, found: Trend, voice: Voice) -> str:
    interval = ""
    if pd.notna(move["common_lower"]):
        ends = {"lower": move["common_lower"], "upper": move["common_upper"]}
        interval = voice.say("trend.interval", level=found.level, **ends)
    values = move.to_dict() | {"name": voice.name(move["indicator"]), "area": found.area}
    values |= {"common": move["common_move"], "own": move["own_move"], "interval": interval}
    key = "trend.move_alone" if move["n_areas"] < 2 else "trend.move"
    return voice.say(key, **values | {"change": _changed(move["change"], voice)})


def _changed(change: float, voice: Voice) -> str:
    rounded = round(change, voice.digits)
    key = "trend.rose" if rounded > 0 else "trend.fell" if rounded < 0 else "trend.same"
    return voice.say(key, change=abs(rounded))


def national(found: Trend, voice: Voice) -> list[str]:
    """Say how the score at a published rank moved between comparable editions."""
    segments = found.ds.segments()
    at_rank = found.ds.national.query("statistic == 'value_at_rank'").sort_values("period")
    lines = []
    for (indicator, rank), group in at_rank.groupby(["indicator", "rank"]):
        group = group[group["period"].map(segments) == segments.iloc[-1]]
        if len(group) < 2:
            continue
        first, last = group.iloc[-2], group.iloc[-1]
        key = "trend.national" if last["value"] >= first["value"] else "trend.national_down"
        ends = {"start": first["value"], "end": last["value"]}
        ends |= {"from_period": first["period"], "to_period": last["period"]}
        own = voice.about(indicator)
        change = _changed(last["value"] - first["value"], own)
        lines.append(own.say(key, rank=rank, name=voice.name(indicator), change=change, **ends))
    return lines


def caption(found: Trend, voice: Voice) -> tuple[str, str]:
    """Caption the chart of moves, or of the standing where there are none."""
    said = {"area": found.area, "sentences": " ".join(sentences(found, voice))}
    if found.moves.empty:
        period = voice.whole(found["last_period"].max(skipna=True))
        finding = voice.say("plot.standing_title", period=period, **said)
        return finding, voice.say("plot.standing_alt", **said)
    last = found.moves.drop_duplicates("indicator", keep="last")
    rising = int((last["own_move"] > 0).sum())
    count = few_areas(found, voice)
    key = "plot.trend_title_few" if count else "plot.trend_title"
    finding = voice.say(key, n=rising, all=len(last), count=count, **said)
    return finding, voice.say("plot.trend_alt", **said)


def table(found: Trend, voice: Voice) -> pd.DataFrame:
    """Write the moves between editions, or the standing where there is no move."""
    if found.moves.empty:
        return tables.frame(
            (
                {
                    "indicator": voice.row(row.indicator),
                    "period": voice.whole(row.last_period),
                    "value": own.points(row.value),
                    "place": voice.whole(row.place),
                    "n_known": voice.whole(row.n_known),
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
                "moves": f"{row.from_period}–{row.to_period}",
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
    counts = found.moves["n_areas"]
    few = counts[(counts > 1) & (counts < FEW_AREAS)]
    return span(few, voice) if len(few) else ""


def span(counts: Iterable[int], voice: Voice) -> str:
    """Write the smallest and the largest of some counts, once if they are one."""
    return voice.span(min(counts), max(counts))


def methods(found: Trend, voice: Voice) -> list[str]:
    """Say how it was reckoned."""
    return [voice.say("method.trend")]
