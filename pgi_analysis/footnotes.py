"""What a reader must know to trust a page: caveats, methods, sources."""

from __future__ import annotations

import re

import pandas as pd

from pgi_analysis.panel import family_named
from pgi_analysis.projection import Projection
from pgi_analysis.voice import Voice


def caveats(gaps: pd.DataFrame, voice: Voice, projection: Projection | None = None) -> list[str]:
    """Say what is uncertain about the figures that a page uses."""
    ds, lines = voice.ds, []
    scores = ds.official().set_index(["area", "indicator", "period"])
    for row in gaps.itertuples():
        for period in dict.fromkeys([row.period, row.baseline_period]):
            key = (row.area, row.indicator, period)
            if pd.isna(period) or key not in scores.index:
                continue
            score = scores.loc[key]
            if score["status"] in ("doubtful", "derived"):
                values = {"name": voice.name(row.indicator), "period": period}
                note = score[f"note_{voice.language}"]
                values |= {"value": float(score["value"]), "note": note if pd.notna(note) else ""}
                lines.append(voice.say(f"caveat.{score['status']}", **values).strip())
    stated = set(ds.require_plan().targets["indicator"])
    for row in gaps[~gaps["indicator"].isin(stated)].itertuples():
        lines.append(voice.say("caveat.composite", target=row.target))
    if projection is not None:
        lines += _projection_caveats(projection, voice)
    breaks = ds.releases.loc[ds.releases["series_break"], "period"]
    lines += [voice.say("caveat.series_break", period=period) for period in breaks]
    return lines


def _projection_caveats(projection: Projection, voice: Voice) -> list[str]:
    made = projection.table[projection.table["reason"] == ""]
    lines = []
    if len(made) and made["prior_only"].any():
        family = family_named(projection.family)
        label = getattr(family, f"label_{voice.language}")
        lines.append(voice.say("caveat.prior_only", family=label))
        known = made["n_areas"]
        every = len(voice.ds.provinces)
        if known.min() < every / 2:
            counts = {"low": int(known.min()), "high": int(known.max()), "all": every}
            lines.append(voice.say("caveat.few_areas", **counts))
    seen = set(" ".join(made["cautions"]).split())
    named = ("few_periods", "carried", "trending", "shock_driven")
    return lines + [voice.say(f"caveat.{key}") for key in named if key in seen]


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
    split = (part.strip() for entry in listed for part in re.split(r";\s+", str(entry)))
    return list(dict.fromkeys(part for part in split if part))
