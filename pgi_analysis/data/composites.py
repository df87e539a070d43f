"""Composites as weighted sums of their parts: targets that follow, and scores nobody published."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: decimals kept: far finer than any score, coarse enough that 6.58 − 4.84 is 1.74
DECIMALS = 9


def with_composites(targets: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the target of each composite whose sub-indices all have targets for the same period.

    The composite's target and baseline are the weighted sums of the parts'. A target that the plan
    states itself is kept; ``stated`` tells those from the sums that nobody promised.
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
                    "stated": False,
                }
            )
    columns = ["indicator", "baseline", "baseline_period", "target", "target_period", "stated"]
    stated = targets.assign(stated=True)[columns]
    if not rows:
        return stated.reset_index(drop=True)
    added = pd.DataFrame(rows)[columns].astype(stated.dtypes.to_dict())
    return pd.concat([stated, added], ignore_index=True)


def with_composite_scores(scores: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the score of each composite that has none of its own where all its parts are known.

    It is the weighted sum, released with the last of its parts; its status is ``derived``, or
    ``doubtful`` where a part is.
    """
    added = []
    parts = indicators.dropna(subset=["part_of"])
    for composite, group in parts.groupby("part_of", sort=False):
        weight = group.set_index("indicator")["weight"].astype(float)
        own = scores.loc[scores["indicator"] == composite, ["area", "period"]]
        known = set(own.itertuples(index=False, name=None))
        of_parts = scores[scores["indicator"].isin(weight.index)]
        for (area, period), rows in of_parts.groupby(["area", "period"], sort=False):
            if (area, period) in known or len(rows) < len(weight):
                continue
            doubtful = (rows["status"] == "doubtful").any()
            value = (rows["value"] * rows["indicator"].map(weight)).sum()
            added.append(
                {
                    "area": area,
                    "indicator": composite,
                    "period": period,
                    "value": round(float(value), DECIMALS),
                    "status": "doubtful" if doubtful else "derived",
                    "released": rows["released"].max(),
                }
            )
    if not added:
        return scores
    new = pd.DataFrame(added).reindex(columns=scores.columns).astype(scores.dtypes.to_dict())
    return pd.concat([scores, new], ignore_index=True)
