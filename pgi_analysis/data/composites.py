"""Composites as weighted sums of their parts: targets that follow, and scores nobody published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.kept import by_content

#: decimals kept: far finer than any score, coarse enough that 6.58 − 4.84 is 1.74
DECIMALS = 9
#: digits kept of a difference, of the larger of its terms: the rest is rounding
DIGITS = 12


def difference(one: np.ndarray | float, other: np.ndarray | float) -> np.ndarray:
    """Return ``one − other``, freed of rounding, in whatever unit they are.

    Examples
    --------
    >>> 6.58 - 4.84, float(difference(6.58, 4.84))
    (1.7400000000000002, 1.74)
    >>> difference(np.array([0.3e9, 0.3e-9]), np.array([0.1e9, 0.1e-9])).tolist()
    [200000000.0, 2e-10]
    """
    one, other = np.asarray(one, float), np.asarray(other, float)
    size = np.maximum(np.abs(one), np.abs(other))
    power = DIGITS - np.ceil(np.log10(np.where(size > 0, size, 1.0)))
    # a power of ten is exact only above one
    up, down = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
    return np.round((one - other) * up / down) * down / up + 0.0  # no −0


def with_composites(targets: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the target of each composite whose sub-indices all have targets for the same period.

    The composite's target and baseline are the weighted sums of the parts'; ranges have no sum. A
    target that the plan states itself is kept; ``stated`` tells those from the sums that nobody
    promised.
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
            if stated or len(own) < len(weight) or own["target_upper"].notna().any():
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
                    "target_upper": np.nan,
                    "change": np.nan,
                    "change_upper": np.nan,
                    "relative": False,
                }
            )
    columns = ["indicator", "baseline", "baseline_period", "target", "target_upper"]
    columns += ["target_period", "change", "change_upper", "relative", "stated"]
    stated = targets.assign(stated=True)[columns]
    if not rows:
        return stated.reset_index(drop=True)
    added = pd.DataFrame(rows)[columns].astype(stated.dtypes.to_dict())
    return pd.concat([stated, added], ignore_index=True)


@by_content
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
                    "series_break": bool(rows["series_break"].eq(True).any()),
                    "status": "doubtful" if doubtful else "derived",
                    "released": rows["released"].max(),
                }
            )
    if not added:
        return scores
    new = pd.DataFrame(added).reindex(columns=scores.columns).astype(scores.dtypes.to_dict())
    return pd.concat([scores, new], ignore_index=True)
