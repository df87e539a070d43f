"""Levels for a new plan: what the coming editions will show with high, even and small chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pgi_analysis.data import Dataset, checked
from pgi_analysis.results.base import Result
from pgi_analysis.results.projecting import forecasts
from pgi_analysis.results.scorecards import Scorecard
from pgi_analysis.results.trends import indicators_of

#: chances of reaching a level: a safe one, an even one, an ambitious one
CHANCES = (0.8, 0.5, 0.2)
#: editions ahead
AHEAD = 3

COLUMNS = (
    "area indicator target_period origin value level_80 level_50 level_20 common_part prior_only"
).split()


@dataclass(frozen=True, eq=False)
class Levels(Result):
    """Levels that a new plan may aim at, see `levels`.

    Attributes
    ----------
    past : DataFrame
        How ambitious the old targets were on the same scale, a row a target whose outcome is known:
        ``indicator, target, target_upper, target_period, p_met`` (the chance that it had, as far as
        could be known in its own year), ``prior_only``, ``met``, ``stated``.
    """

    past: pd.DataFrame
    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Levels({self.table['indicator'].nunique()} indicators, {AHEAD} editions ahead)"


@checked
def levels(ds: Dataset, scorecard: Scorecard) -> Levels:
    """Tell the score that each indicator of a plan reaches with 80, 50 and 20 % in editions ahead.

    Parameters
    ----------
    ds : Dataset
        With a plan.
    scorecard : Scorecard
        Of the plan, for how likely its old targets were.

    Returns
    -------
    Levels
        Its table has, a row an indicator and year, three from the next edition on or from the
        report's own year, whichever is later: ``area, indicator, target_period,
        origin, value`` (the newest score and its period), ``level_80, level_50, level_20`` (the
        score that is reached or bettered with that chance), ``common_part`` (the move that all
        areas are expected to make, which is in the levels), ``prior_only``. There are none for
        years after the area's own end.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2025Q2")
    >>> found = pgi.levels(ds, pgi.scorecard(ds))
    >>> found.table["target_period"].unique().tolist(), len(found.past)
    ([2025, 2026, 2027], 5)
    """
    area, targets = ds.require_plan().area, ds.require_plan().targets
    ranges = set(targets.loc[targets["target_upper"].notna(), "indicator"])  # more is not better
    wanted = [name for name in indicators_of(ds) if name not in ranges]
    newest = int(ds.releases["period"].max()) if len(ds.releases) else 0
    first = newest + 1
    if ds.quarter and ds.calendar.plain:  # a plan made at the end of a year is for the next
        first = max(first, ds.quarter.year + (ds.quarter.number > 3))
    elif ds.quarter:
        first = max(first, ds.calendar.on(ds.vintage) + 1)
    made = forecasts(ds, dict.fromkeys(wanted, first + AHEAD - 1)) if newest else {}
    scale = ds.indicators.set_index("indicator")
    rows = []
    for indicator, one in made.items():
        if one.forecast is None or area not in one.scores.index:
            continue
        place = one.scores.index.get_loc(area)
        own, about = one.forecast.take(np.array([place])), scale.loc[indicator]
        ends = [np.inf if pd.isna(end) else float(end) for end in (about["lower"], about["upper"])]
        ends = [-ends[0] if np.isinf(ends[0]) else ends[0], ends[1]]
        origin, value = (float(known[place]) for known in one.last)
        reached = {
            f"level_{100 * chance:.0f}": np.clip(
                own.quantile(1 - chance if about["direction"] > 0 else chance)[0], *ends
            )
            for chance in CHANCES
        }
        for step, period in enumerate(one.at):
            if period < first or ds.beyond(period):
                continue
            row = {"area": area, "indicator": indicator, "target_period": int(period)}
            row |= {"origin": origin, "value": value}
            row |= {name: values[step] for name, values in reached.items()}
            rows.append(
                row | {"common_part": one.common[place, step], "prior_only": one.prior_only}
            )
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"origin": "Int64"})
    past = scorecard.table
    past = past[(past["model"] == "panel")].reset_index(drop=True)
    about = [
        "indicator",
        "target",
        "target_upper",
        "target_period",
        "p_met",
        "prior_only",
        "met",
        "stated",
    ]
    return Levels(ds.calendar.write(table), past[about], ds)
