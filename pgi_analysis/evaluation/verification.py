"""Back-tests summed up: skill against a reference model, coverage, reliability, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pgi_analysis.evaluation import scores
from pgi_analysis.evaluation.rolling import Rolled


def summary(
    rolled: Rolled,
    *,
    reference: str,
    seed: int = 0,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    level: float = 0.9,
) -> pd.DataFrame:
    """Sum up a back-test, a row a model.

    Returns
    -------
    DataFrame
        ``model, n, crps, ratio`` (CRPS over that of `reference`), ``ratio_lower, ratio_upper``
        (cluster bootstrap of `level`: clusters of indicator and origin, or of origins, whichever is
        wider), ``coverage_50`` ... and, for 80 % or the middle level, ``coverage_year_05`` and
        ``coverage_year_95``, quantiles of the coverage between periods forecast.
    """
    keys = ["indicator", "area", "origin", "horizon"]
    base = rolled.table[rolled.table["model"] == reference].set_index(keys)["crps"]
    middle = sorted(levels)[len(levels) // 2]
    rows = []
    for name, one in rolled.table.groupby("model", sort=False):
        against = base.reindex(pd.MultiIndex.from_frame(one[keys])).to_numpy()
        crps = one["crps"].to_numpy()
        pairs = one["indicator"] + "@" + one["origin"].astype(str)
        intervals = [
            scores.ratio_interval(
                crps, against, clusters.to_numpy(), np.random.default_rng(seed), level=level
            )
            for clusters in (pairs, one["origin"])
        ]
        low, high = max(intervals, key=lambda ends: ends[1] - ends[0])
        years = one.groupby("period")["pit"].agg(scores.coverage, level=middle)
        rows.append(
            {
                "model": name,
                "n": len(one),
                "crps": crps.mean(),
                "ratio": crps.sum() / against.sum(),
                "ratio_lower": low,
                "ratio_upper": high,
                **{f"coverage_{lv * 100:g}": scores.coverage(one["pit"], lv) for lv in levels},
                "coverage_year_05": years.quantile(0.05),
                "coverage_year_95": years.quantile(0.95),
            }
        )
    return pd.DataFrame(rows)


def event_summary(rolled: Rolled, *, by: Sequence[str] = ("model",)) -> pd.DataFrame:
    """Give the Brier score and its parts for "at" and "by" events, a row a model and kind."""
    rows = []
    for key, one in rolled.events.groupby(list(by), sort=False):
        for kind in ("met", "met_by"):
            if one[f"p_{kind}"].isna().any():  # the model has no joint paths
                continue
            parts = scores.brier(one[f"p_{kind}"].to_numpy(), one[kind].to_numpy())
            rows.append({**dict(zip(by, key, strict=True)), "event": kind, "n": len(one), **parts})
    return pd.DataFrame(rows)


def verdict(summed: pd.DataFrame, *, level: float = 0.8, slack: float = 0.06) -> pd.DataFrame:
    """Judge each model of a `summary`, in keys for the wording: ``model, accuracy, calibration``.

    accuracy: ``better`` or ``worse`` where the interval of the ratio lies on one side of 1, else
    ``no_clear_difference``. calibration: ``too_narrow``, ``fits``, ``too_wide`` where coverage of
    `level` is below, within or above ± `slack`.
    """
    off = summed[f"coverage_{level * 100:g}"] - level
    accuracy = np.select(
        [summed["ratio_upper"] < 1, summed["ratio_lower"] > 1],
        ["better", "worse"],
        "no_clear_difference",
    )
    calibration = np.select([off < -slack, off > slack], ["too_narrow", "too_wide"], "fits")
    return pd.DataFrame(
        {"model": summed["model"], "accuracy": accuracy, "calibration": calibration}
    )
