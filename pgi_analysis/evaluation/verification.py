"""Back-tests summed up: skill against a reference model, coverage, reliability, and a verdict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.evaluation import scores
from pgi_analysis.evaluation.rolling import Rolled

#: the intervals whose coverage is told
LEVELS = (0.5, 0.8, 0.95)
#: an 80 % interval fits where it holds 80 % of the outcomes, give or take this
SLACK = 0.06


def summary(
    rolled: Rolled,
    *,
    reference: str,
    seed: int = 0,
) -> pd.DataFrame:
    """Sum up a back-test, a row a model.

    Returns
    -------
    DataFrame
        ``model, n, crps, ratio`` (CRPS over that of `reference`), ``ratio_lower, ratio_upper``
        (90 % cluster bootstrap: clusters of indicator and origin, or of origins, whichever is
        wider), ``coverage_50``, ``coverage_80``, ``coverage_95`` and ``coverage_year_05``,
        ``coverage_year_95``, quantiles of the 80 % coverage between periods forecast.
    """
    keys = ["indicator", "area", "origin", "horizon"]
    base = rolled.table[rolled.table["model"] == reference].set_index(keys)["crps"]
    rows = []
    for name, one in rolled.table.groupby("model", sort=False):
        against = base.reindex(pd.MultiIndex.from_frame(one[keys])).to_numpy()
        crps = one["crps"].to_numpy()
        pairs = one["indicator"] + "@" + one["origin"].astype(str)
        intervals = [
            scores.ratio_interval(crps, against, clusters.to_numpy(), np.random.default_rng(seed))
            for clusters in (pairs, one["origin"])
        ]
        low, high = max(intervals, key=lambda ends: ends[1] - ends[0])
        years = one.groupby("period")["pit"].agg(scores.coverage, level=0.8)
        rows.append(
            {
                "model": name,
                "n": len(one),
                "crps": crps.mean(),
                "ratio": crps.sum() / against.sum(),
                "ratio_lower": low,
                "ratio_upper": high,
                **{f"coverage_{lv * 100:g}": scores.coverage(one["pit"], lv) for lv in LEVELS},
                "coverage_year_05": years.quantile(0.05),
                "coverage_year_95": years.quantile(0.95),
            }
        )
    return pd.DataFrame(rows)


def event_summary(rolled: Rolled) -> pd.DataFrame:
    """Return the Brier score and its parts for "at" and "by" events, a row a model and kind."""
    rows = []
    for name, one in rolled.events.groupby("model", sort=False):
        for kind in ("met", "met_by"):
            if one[f"p_{kind}"].isna().any():  # the model has no joint paths
                continue
            parts = scores.brier(one[f"p_{kind}"].to_numpy(), one[kind].to_numpy())
            rows.append({"model": name, "event": kind, "n": len(one), **parts})
    return pd.DataFrame(rows)


def verdict(summed: pd.DataFrame) -> pd.DataFrame:
    """Judge each model of a `summary`, in keys for the wording: ``model, accuracy, calibration``.

    accuracy: ``better`` or ``worse`` where the interval of the ratio lies on one side of 1, else
    ``no_clear_difference``. calibration: ``too_narrow``, ``fits``, ``too_wide`` where the
    80 % coverage is below, within or above .8 ± .06.
    """
    off = summed["coverage_80"] - 0.8
    accuracy = np.select(
        [summed["ratio_upper"] < 1, summed["ratio_lower"] > 1],
        ["better", "worse"],
        "no_clear_difference",
    )
    calibration = np.select([off < -SLACK, off > SLACK], ["too_narrow", "too_wide"], "fits")
    return pd.DataFrame(
        {"model": summed["model"], "accuracy": accuracy, "calibration": calibration}
    )
