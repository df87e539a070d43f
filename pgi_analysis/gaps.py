"""Arithmetic of a target: how far it is, how much of the way is done, what pace it asks for.

Nothing here is estimated. What is likely to come is the job of `projection`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.dataset import Dataset

#: decimals kept: far finer than any score, coarse enough that 6.58 − 4.84 is 1.74
DECIMALS = 9

COLUMNS = (
    "area indicator period value status baseline baseline_period target target_period direction "
    "gap progress required_pace rank state"
).split()


def gap(ds: Dataset) -> pd.DataFrame:
    """Measure the gap of every target of the plan, and of the composite.

    ``gap = direction · (target − value)``, ``progress = (value − baseline) / (target − baseline)``,
    ``required_pace = (target − value) / (target_period − period)``.

    Parameters
    ----------
    ds : Dataset
        With a plan; `Dataset.at` or `Dataset.as_of` decide what is known.

    Returns
    -------
    DataFrame
        One row a target, the composite last.

        - ``period``, ``value``, ``status``: the newest official score not later than the target
          period and comparable with the baseline's edition; empty where there is none. A composite
          without a score of its own is the weighted sum of its sub-indices.
        - ``gap``: in points, positive while the target is unmet, whatever the direction.
        - ``progress``: share of the way, not cut off at 0 or 1; NaN where target = baseline.
        - ``required_pace``: signed change a period from ``period`` on; 0 once the value meets the
          target, NaN when no period is left.
        - ``rank``: of the area in that period, where published.
        - ``state``: ``met`` or ``missed`` once the score of the target period is known; before
          that ``reached`` (the value meets the target already) or ``open``; ``unpublished`` where
          the edition is out but holds no score of this area; ``no_observation``.

    Raises
    ------
    InputError
        The dataset has no plan.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
    >>> pgi.gap(ds).set_index("indicator")["gap"].to_dict()
    {'s1': 1.74, 's2': 1.97, 's3': 0.78, 's4': 0.55, 'total': 5.04}
    """
    plan = ds.require_plan()
    targets = with_composites(plan.targets, ds.indicators)
    direction = ds.indicators.set_index("indicator")["direction"]
    table = targets.assign(area=plan.area, direction=targets["indicator"].map(direction))
    newest = [_newest_comparable(ds, plan.area, row) for row in table.itertuples()]
    table[["period", "value", "status"]] = pd.DataFrame(
        newest, columns=["period", "value", "status"], index=table.index
    )
    table["period"] = table["period"].astype("Int64")
    ranks = ds.official_ranks()
    ranks = ranks[ranks["area"] == plan.area].set_index(["indicator", "period"])["rank"]
    table["rank"] = [
        ranks.get((row.indicator, row.period)) if pd.notna(row.period) else None
        for row in table.itertuples()
    ]
    table["rank"] = table["rank"].astype("Int64")
    table = measure(table)
    out = table["target_period"].isin(ds.releases["period"])
    table["state"] = table["state"].mask(
        out & table["state"].isin(["open", "reached"]), "unpublished"
    )
    return table[COLUMNS]


def measure(table: pd.DataFrame) -> pd.DataFrame:
    """Add gap, progress, required pace and state to rows of values and targets.

    Parameters
    ----------
    table : DataFrame
        Columns ``value``, ``period``, ``baseline``, ``target``, ``target_period``, ``direction``.

    Examples
    --------
    Half of the way done in one of two years; lower is better.

    >>> row = dict(value=8.0, period=2024, baseline=10.0, target=6.0, target_period=2025)
    >>> found = measure(pd.DataFrame([row | {"direction": -1}]))
    >>> found[["gap", "progress", "required_pace", "state"]].to_dict("records")
    [{'gap': 2.0, 'progress': 0.5, 'required_pace': -2.0, 'state': 'open'}]
    """
    value = table["value"].astype(float)
    distance = (table["target"] - value).round(DECIMALS) + 0.0
    way = (table["target"] - table["baseline"]).round(DECIMALS)
    left = (table["target_period"] - table["period"]).astype("Float64").astype(float)
    unmet = table["direction"] * distance > 0
    measured = table.assign(
        gap=(table["direction"] * distance) + 0.0,
        progress=((value - table["baseline"]) / way.where(way != 0)).round(DECIMALS),
        required_pace=(distance / left.where(left > 0)).where(unmet, 0.0).round(DECIMALS),
    )
    measured["required_pace"] = measured["required_pace"].where(value.notna() & (left > 0))
    measured["state"] = np.select(
        [value.isna(), (left <= 0) & unmet, left <= 0, unmet],
        ["no_observation", "missed", "met", "open"],
        "reached",
    )
    return measured


def with_composites(targets: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the target of each composite whose sub-indices all have targets for the same period.

    The composite's target and baseline are the weighted sums of the parts'. A target that the plan
    states itself is kept.
    """
    rows = []
    parts = indicators.dropna(subset=["part_of"])
    for composite, group in parts.groupby("part_of", sort=False):
        weight = group.set_index("indicator")["weight"].astype(float)
        for period, own in targets.groupby("target_period", sort=True):
            stated = (
                (targets["indicator"] == composite) & (targets["target_period"] == period)
            ).any()
            own = own[own["indicator"].isin(weight.index)].set_index("indicator")
            if stated or len(own) < len(weight):
                continue
            same_start = len(set(own["baseline_period"])) == 1
            rows.append(
                {
                    "indicator": composite,
                    "target_period": period,
                    "target": round((own["target"] * weight).sum(), DECIMALS),
                    "baseline": round((own["baseline"] * weight).sum(skipna=False), DECIMALS)
                    if same_start
                    else np.nan,
                    "baseline_period": own["baseline_period"].iloc[0] if same_start else pd.NA,
                }
            )
    columns = ["indicator", "baseline", "baseline_period", "target", "target_period"]
    stated = targets[columns]
    if not rows:
        return stated.reset_index(drop=True)
    added = pd.DataFrame(rows)[columns].astype(stated.dtypes.to_dict())
    return pd.concat([stated, added], ignore_index=True)


def _newest_comparable(ds: Dataset, area: str, target) -> tuple[object, float, object]:
    """Find the newest score that the target can be held against: (period, value, status)."""
    segments = ds.segments()
    usable = segments.index[segments.index <= target.target_period]
    if pd.notna(target.baseline_period):
        start = segments.get(target.baseline_period)
        usable = usable[segments[usable] == start] if start is not None else usable[:0]
    elif len(usable):
        usable = usable[segments[usable] == segments[usable[-1]]]
    scores = ds.official()
    scores = scores[(scores["area"] == area) & scores["period"].isin(usable)]
    own = scores[scores["indicator"] == target.indicator].sort_values("period")
    composed = _composed(scores, target.indicator, ds.indicators)
    if len(own) and (composed is None or own["period"].iloc[-1] >= composed[0]):
        last = own.iloc[-1]
        return last["period"], last["value"], last["status"]
    return composed or (pd.NA, np.nan, None)


def _composed(
    scores: pd.DataFrame, composite: str, indicators: pd.DataFrame
) -> tuple[int, float, str] | None:
    """Sum the sub-indices of the newest period in which all are known."""
    parts = indicators[indicators["part_of"] == composite].set_index("indicator")["weight"]
    own = scores[scores["indicator"].isin(parts.index)]
    complete = own.groupby("period")["indicator"].nunique() == len(parts)
    if not len(parts) or not complete.any():
        return None
    period = int(complete[complete].index.max())
    last = own[own["period"] == period]
    value = (last["value"] * last["indicator"].map(parts)).sum()
    doubtful = (last["status"] == "doubtful").any()
    return period, round(float(value), DECIMALS), "doubtful" if doubtful else "derived"
