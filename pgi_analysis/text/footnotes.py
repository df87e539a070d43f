"""What a reader must know to trust a page: caveats, methods, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from pgi_analysis.language import capital
from pgi_analysis.panel import family_named
from pgi_analysis.results import Projection, Trend
from pgi_analysis.voice import Voice

#: a common move of fewer areas than this says little of the country
FEW_AREAS = 10


def caveats(gaps: pd.DataFrame, voice: Voice, projection: Projection | None = None) -> list[str]:
    """Say what is uncertain about the figures that a page uses."""
    ds, lines = voice.ds, []
    doubtful: dict[tuple[object, str], list[str]] = {}
    scores = ds.official().set_index(["area", "indicator", "period"])
    for row in gaps.itertuples():
        for period in dict.fromkeys([row.period, row.baseline_period]):
            key = (row.area, row.indicator, period)
            if pd.isna(period) or key not in scores.index:
                continue
            score = scores.loc[key]
            note = score[f"note_{voice.language}"]
            note = "" if pd.isna(note) else str(note)
            if score["status"] == "doubtful":
                doubtful.setdefault((period, note), []).append(row.indicator)
            elif score["status"] == "derived":
                values = {"name": voice.name(row.indicator), "period": period}
                values |= {"value": float(score["value"]), "note": capital(note)}
                kind = "derived" if note else "summed"
                lines.append(voice.say(f"caveat.{kind}", **values).strip())
    for (period, note), names in doubtful.items():
        values = {"names": voice.listed(names), "period": period, "note": capital(note)}
        lines.append(voice.say("caveat.doubtful", **values).strip())
    stated = set(ds.require_plan().targets["indicator"])
    for row in gaps[~gaps["indicator"].isin(stated)].itertuples():
        lines.append(voice.say("caveat.composite", target=row.target))
    if projection is not None:
        lines += _projection_caveats(projection, voice)
    breaks = ds.releases.loc[ds.releases["series_break"], "period"]
    lines += [voice.say("caveat.series_break", period=period) for period in breaks]
    return lines


def trend_caveats(found: Trend, voice: Voice) -> list[str]:
    """Say so where the common move rests on few areas."""
    count = few_areas(found, voice)
    return [voice.say("caveat.few_moves", area=voice.area, count=count)] if count else []


def few_areas(found: Trend, voice: Voice) -> str:
    """Count the areas that the common moves rest on, where they are few for some indicator."""
    counts = found.moves["n_areas"]
    few = counts[(counts > 1) & (counts < FEW_AREAS)]
    return "" if few.empty else _span(few, voice)


def _span(counts: Iterable[int], voice: Voice) -> str:
    """Write the smallest and the largest of some counts, once if they are one."""
    low, high = min(counts), max(counts)
    to = " đến " if voice.language == "vi" else " to "
    return str(low) if low == high else f"{low}{to}{high}"


def _projection_caveats(projection: Projection, voice: Voice) -> list[str]:
    made = projection.table[projection.table["reason"] == ""]
    lines = []
    if made.empty:
        return lines
    if made["prior_only"].any():
        family = family_named(projection.family)
        label = getattr(family, f"label_{voice.language}")
        lines.append(voice.say("caveat.prior_only", family=label))
    scores = {name: projection.forecasts[name].scores for name in made["indicator"]}
    known = [int(table.iloc[:, -1].notna().sum()) for table in scores.values()]
    every = len(voice.ds.provinces)
    if min(known) < every / 2:
        lines.append(voice.say("caveat.few_areas", count=_span(known, voice), all=every))
    lines += [line for name, table in scores.items() for line in biased(name, table, voice)]
    seen = set(" ".join(made["cautions"]).split())
    named = ("few_periods", "carried", "trending", "shock_driven")
    return lines + [voice.say(f"caveat.{key}") for key in named if key in seen]


def biased(indicator: str, scores: pd.DataFrame, voice: Voice) -> list[str]:
    """Compare the mean of the areas known with the score published for a middle rank."""
    national, every = voice.ds.national, len(voice.ds.provinces)
    period, known = scores.columns[-1], scores.iloc[:, -1].dropna()
    middle = national[
        (national["indicator"] == indicator)
        & (national["period"] == period)
        & (national["statistic"] == "value_at_rank")
        & national["rank"].between(every * 0.4, every * 0.6)
    ]
    if middle.empty or len(known) > every * 0.9 or known.mean() <= middle["value"].iloc[0]:
        return []
    return [
        voice.say(
            "caveat.biased",
            n=len(known),
            name=voice.name(indicator),
            period=period,
            mean=float(known.mean()),
            rank=middle["rank"].iloc[0],
            all=every,
            value=float(middle["value"].iloc[0]),
        )
    ]


def methods(voice: Voice, *sections: str, level: float = 0.8) -> list[str]:
    """Explain the methods of the sections named: gap, trend, ar1, random_walk, interval, scale."""
    return [voice.say(f"method.{name}", level=voice.percent(level)) for name in sections]


def sources(voice: Voice) -> list[str]:
    """List the sources of the plan and of the area's figures, each once."""
    ds, plan = voice.ds, voice.ds.require_plan()
    scores = ds.official()
    own = scores.loc[scores["area"] == plan.area, "source"]
    ranks = ds.official_ranks()
    own_ranks = ranks.loc[ranks["area"] == plan.area, "source"]
    newest = ds.releases.sort_values("period")["source"].tail(2)
    listed = [
        plan.text("source", voice.language),
        *plan.targets["source"],
        *own,
        *own_ranks,
        *newest,
    ]
    split = (
        part.strip()
        for entry in listed
        if isinstance(entry, str)
        for part in re.split(r";\s+", entry)
    )
    return list(dict.fromkeys(part for part in split if part))
