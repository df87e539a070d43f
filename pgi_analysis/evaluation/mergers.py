"""What a forecast of newly merged areas is worth, on a panel whose areas are merged on paper.

From a year on the scores of the parts are replaced by one score of the whole, as a new survey would
give it: their mean, with the noise of one survey in place of the mean of several. Then four ways of
knowing the past are held against what «came»::

    anew     the parts end, the whole begins: what `project` does
    since    only editions since the merger, of all areas
    without  the parts are left out, areas that go on keep their past
    glued    the whole carries on the series of the part whose name it bears
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from pgi_analysis.data import AreaNames
from pgi_analysis.evaluation.evidence import ANEW, MergerRecord
from pgi_analysis.evaluation.predictive import from_forecast
from pgi_analysis.evaluation.scores import coverage, ratio_interval
from pgi_analysis.panel import Family, fit_panel
from pgi_analysis.results import Background, forecast_all

WAYS = (ANEW, "since", "without", "glued")
#: editions before the merger that are known, and periods ahead that are forecast
BEFORE, HORIZONS = 3, (1, 2, 3)


def merged(
    panel: pd.DataFrame,
    parts: Mapping[str, Sequence[str]],
    since: int,
    rng: np.random.Generator,
    family: Family,
) -> pd.DataFrame:
    """Merge areas of a panel from a year on, and survey what they form anew.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``.
    parts : mapping from what is formed to the areas that it is formed from
    since : int
        The first period of the new areas.
    rng : Generator
        Draws the noise of the new survey.
    family : Family
        Of the fit that tells the noise of a survey.
    """
    of = {part: whole for whole, several in parts.items() for part in several}
    late = panel[(panel["period"] >= since) & panel["area"].isin(of)]
    key = [late["area"].map(of), "indicator", "period"]
    means = late.groupby(key)["value"].agg(["mean", "size"]).reset_index()
    means = means[means["size"] == means["area"].map({k: len(v) for k, v in parts.items()})]
    noise = {name: _noise(rows, family) for name, rows in panel.groupby("indicator")}
    lost = means["indicator"].map(noise) * (1 - 1 / means["size"])
    means["value"] = means["mean"] + np.sqrt(lost) * rng.standard_normal(len(means))
    kept = panel.drop(late.index)
    return pd.concat([kept, means[["area", "indicator", "period", "value"]]], ignore_index=True)


def _noise(rows: pd.DataFrame, family: Family) -> float:
    wide = rows.pivot(index="area", columns="period", values="value").sort_index(axis=1)
    fit = fit_panel(wide.to_numpy(float), wide.columns.to_numpy(float), family)
    return fit.components.noise


def repeat_mergers(
    panel: pd.DataFrame,
    areas: pd.DataFrame,
    family: Family,
    *,
    day: str = "2025-12-31",
    name: str = "pci",
    seed: int = 0,
) -> list[MergerRecord]:
    """Merge the areas of a panel in every year that leaves enough on both sides, and forecast.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``.
    areas : DataFrame
        As ``load("data").areas``: who was formed from whom.
    day : str
        The map that the panel's areas are merged to.
    """
    names, rng = AreaNames(areas), np.random.default_rng(seed)
    panel = panel.assign(area=panel["area"].map(names.find))
    whole = names.descent.formed(day)
    bearer = {one: names.find(areas.set_index("area").at[one, "name_vi"]) for one in whole}
    periods = sorted(panel["period"].unique())
    found = []
    for since in periods[BEFORE : -max(HORIZONS)]:
        truth = merged(panel, whole, since, rng, family)
        for editions in (1, 2):
            last = since + editions - 1
            if last + max(HORIZONS) <= periods[-1]:
                known = truth[truth["period"].between(since - BEFORE, last)]
                for way in WAYS:
                    past = _past(known, whole, bearer, way, since)
                    parts = whole if way == ANEW else {}
                    scored = _scored(past, truth, whole, parts, last, family)
                    found += [(way, since, editions, *row) for row in scored]
    case = ["since", "editions", "indicator", "area", "ahead"]
    table = pd.DataFrame(found, columns=["way", *case, "crps", "pit"])
    table = table[table.groupby(case)["way"].transform("size") == len(WAYS)]  # alike for all
    return [
        _record(rows, apart.loc[WAYS[0]], {"panel": name, "family": family.name, "way": way})
        for _, alike in table.groupby("editions")
        for apart in [alike.sort_values(case).set_index("way")]
        for way, rows in apart.groupby(level="way", sort=False)
    ]


def _record(rows: pd.DataFrame, own: pd.DataFrame, about: dict[str, str]) -> MergerRecord:
    """Sum up one way beside our own, case by case."""
    shares = {f"coverage_{n}": round(coverage(rows["pit"], n / 100), 4) for n in (50, 80, 95)}
    clusters = (rows["indicator"] + rows["since"].astype(str)).to_numpy()
    scores = own["crps"].to_numpy(), rows["crps"].to_numpy()
    low, high = ratio_interval(*scores, clusters, np.random.default_rng(0))
    means = [float(one.mean()) for one in scores]
    about |= {"editions": int(rows["editions"].iloc[0]), "n": len(rows)}
    ratio = {"ratio": means[0] / means[1], "ratio_lower": low, "ratio_upper": high}
    rounded = {key: round(value, 4) for key, value in ({"crps": means[1]} | ratio).items()}
    return MergerRecord(**about, **rounded, **shares)


def _past(
    known: pd.DataFrame,
    whole: Mapping[str, Sequence[str]],
    bearer: Mapping[str, str],
    way: str,
    since: int,
) -> pd.DataFrame:
    """Return the scores that one way of knowing the past makes use of."""
    gone = known["area"].isin({part for several in whole.values() for part in several})
    if way == "since":
        return known[known["period"] >= since]
    if way == "without":
        return known[~gone]
    if way == "glued":
        own = known[~gone | known["area"].isin(bearer.values())]
        return own.assign(area=own["area"].replace({part: one for one, part in bearer.items()}))
    return known


def _scored(
    known: pd.DataFrame,
    truth: pd.DataFrame,
    whole: Mapping[str, Sequence[str]],
    parts: Mapping[str, Sequence[str]],
    last: int,
    family: Family,
) -> Iterator[tuple[str, str, int, float, float]]:
    """Forecast what was formed, and score it: indicator, area, periods ahead, CRPS and PIT."""
    until = dict.fromkeys(known["indicator"].unique(), last + max(HORIZONS))
    found = forecast_all(known, until, model="panel", family=family, known=Background(parts=parts))
    for indicator, made in found.items():
        own = truth[(truth["indicator"] == indicator) & truth["area"].isin(whole)]
        came = own.pivot(index="area", columns="period", values="value")
        if made.forecast is None or not came.index.isin(made.scores.index).all():
            continue
        ahead = made.forecast.take(made.scores.index.get_indexer(came.index))
        predictive, y = from_forecast(ahead), came.reindex(columns=made.at).to_numpy(float)
        crps, pit = predictive.crps(y), predictive.cdf(y)
        for h in HORIZONS:
            if last + h not in came:  # the indicator was given up
                continue
            step = int(np.searchsorted(made.at, last + h))
            for area, score, share in zip(came.index, crps[:, step], pit[:, step], strict=True):
                yield indicator, area, h, float(score), float(share)
