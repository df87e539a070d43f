"""Composites as weighted sums of their parts: targets that follow, and scores nobody published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pgi_analysis.kept import by_content

#: what `by_level` sorts composites by: the parts of each
Parts = dict[str, pd.Series]
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


def by_level(indicators: pd.DataFrame) -> Parts:
    """Return the weights of each composite's parts, one that is a part itself before its whole.

    Those in a circle are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"indicator": ["all", "air", "dust"], "weight": [np.nan, 1.0, 0.5],
    ...                       "part_of": [None, "all", "air"]})
    >>> list(by_level(table))
    ['air', 'all']
    """
    rows = indicators.dropna(subset=["part_of"])
    left = {
        str(whole): group.set_index("indicator")["weight"].astype(float)
        for whole, group in rows.groupby("part_of", sort=False)
    }
    found: Parts = {}
    while ready := [whole for whole in left if not left.keys() & set(left[whole].index)]:
        found |= {whole: left.pop(whole) for whole in ready}
    return found


def leaf_weights(weights: Mapping[str, Mapping[str, float]], whole: str) -> dict[str, float]:
    """Return the weights of a composite's parts that are none themselves, over all levels.

    Examples
    --------
    >>> leaf_weights({"all": {"air": 2.0, "water": 1.0}, "air": {"dust": 0.5}}, "all")
    {'dust': 1.0, 'water': 1.0}
    """
    found: dict[str, float] = {}
    for part, weight in weights[whole].items():
        parts = leaf_weights(weights, part) if part in weights else {part: 1.0}
        for leaf, share in parts.items():
            found[leaf] = found.get(leaf, 0.0) + weight * share
    return found


def with_composites(targets: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the target of each composite whose sub-indices all have targets for the same period.

    The composite's target and baseline are the weighted sums of the parts'; ranges have no sum. A
    target that the plan states itself is kept; ``stated`` tells those from the sums that nobody
    promised.
    """
    columns = ["indicator", "baseline", "baseline_period", "target", "target_upper"]
    columns += ["target_period", "change", "change_upper", "relative", "stated"]
    found = targets.assign(stated=True)[columns].reset_index(drop=True)
    for composite, weight in by_level(indicators).items():
        if rows := list(_sums(found, composite, weight)):
            added = pd.DataFrame(rows)[columns].astype(found.dtypes.to_dict())
            found = pd.concat([found, added], ignore_index=True)
    return found


def _sums(targets: pd.DataFrame, composite: str, weight: pd.Series) -> Iterator[dict[str, object]]:
    """Add up the targets of a composite's parts, for each period in which all have one."""
    stated = set(targets.loc[targets["indicator"] == composite, "target_period"])
    for period, own in targets.groupby("target_period", sort=True):
        own = own[own["indicator"].isin(weight.index)].set_index("indicator")
        if period in stated or len(own) < len(weight) or own["target_upper"].notna().any():
            continue
        same_start = len(set(own["baseline_period"])) == 1
        yield {
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


@by_content
def with_composite_scores(scores: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the score of each composite that has none of its own where all its parts are known.

    It is the weighted sum, released with the last of its parts; its status is ``derived``, or
    ``doubtful`` where a part is.
    """
    for composite, weight in by_level(indicators).items():
        own = scores.loc[scores["indicator"] == composite, ["area", "period"]]
        known = set(own.itertuples(index=False, name=None))
        added = []
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
        if added:
            new = pd.DataFrame(added).reindex(columns=scores.columns)
            scores = pd.concat([scores, new.astype(scores.dtypes.to_dict())], ignore_index=True)
    return scores
