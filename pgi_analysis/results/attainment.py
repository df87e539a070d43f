"""A forecast held against targets: what is known, what is decided, how likely the rest is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.panel import last_seen
from pgi_analysis.results.base import DECIDED, NOT_COMPARABLE, PENDING
from pgi_analysis.results.forecasting import IndicatorForecast
from pgi_analysis.results.gaps import shortfall
from pgi_analysis.results.open_targets import OpenTargets

#: paths drawn for p_met_by: its Monte Carlo error is at most .5/√PATHS, less for large panels
PATHS = 4000


def hold(made: IndicatorForecast, targets: pd.DataFrame, level: float) -> pd.DataFrame:
    """Hold the forecast of one indicator against its targets, all rows at once."""
    about = ["area", "indicator", "target", "target_upper", "target_period", "direction", "stated"]
    table = targets[about].copy()
    row = made.scores.index.get_indexer(targets["area"])
    period = targets["target_period"].to_numpy(float)
    last = made.scores.columns[-1] if made.scores.size else -np.inf
    table["n_areas"] = len(made.scores)
    table["prior_only"], table["cautions"] = made.prior_only, " ".join(made.cautions)
    moved = table["area"].isin(made.self_assessed)
    table.loc[moved, "cautions"] = " ".join([*made.cautions, "self_assessed"])
    table[["origin", "value", "n_obs"]] = _known(made, row, targets)
    table["gap"] = shortfall(table, table["value"])
    decided = table["origin"].to_numpy(float) == period
    met = table["gap"].to_numpy() <= 0
    table["state"] = np.select(
        [
            ~targets["comparable"].to_numpy(bool),
            table["n_obs"].to_numpy() == 0,
            decided & met,
            decided,
            np.full(len(table), bool(made.reason)),
            (period == last) & (made.now is not None),
            period <= last,
            met,
        ],
        [
            *(NOT_COMPARABLE, "no_observation", *DECIDED, made.reason),
            *("nowcast", "unpublished", "reached"),
        ],
        "open",
    )
    met_before = ~np.isnan(first_met_before(made, row, targets))
    pending = table["state"].isin(PENDING).to_numpy()
    now = (table["state"] == "nowcast").to_numpy()
    for whose, open_ in ((made, pending & ~now), (made.now, now)):
        if whose is None or not open_.any():
            continue
        if whose is made.now:
            table.loc[open_, "prior_only"] = whose.prior_only
            table.loc[open_, "cautions"] = " ".join(whose.cautions)
        held = _read_off(OpenTargets(whose, targets[open_]), level)
        held["p_met_by"] = np.where(met_before[open_], 1.0, held["p_met_by"])
        table.loc[open_, list(held)] = pd.DataFrame(held, index=table.index[open_])
        beyond = open_.copy()
        beyond[open_] = _beyond_zero(made, targets[open_], held)
        table.loc[beyond, "cautions"] += " beyond_zero"
        table["cautions"] = table["cautions"].str.strip()
    known = table["state"].isin(DECIDED).to_numpy()
    if known.any():
        for name in ("median", "lower", "upper"):
            table.loc[known, name] = table.loc[known, "value"]
        table.loc[known, "p_met"] = met[known].astype(float)
        table.loc[known, "p_met_by"] = (met | met_before)[known].astype(float)
    blank = table["state"].isin([NOT_COMPARABLE, "no_observation"])
    table.loc[blank, ["origin", "value", "gap"]] = np.nan
    return table


def enter_outcomes(table: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Enter the outcomes that are known, also those before a later series break."""
    known = gaps["state"].isin(DECIDED).to_numpy()
    table = table.copy()
    table.loc[known, "state"] = gaps.loc[known, "state"]
    # as arrays: pandas would look for a column origin among the gaps, and find none
    outcome = gaps.loc[known, ["period", "value", "gap"]].astype(float).to_numpy()
    table.loc[known, ["origin", "value", "gap"]] = outcome
    for name in ("median", "lower", "upper"):
        table.loc[known, name] = gaps.loc[known, "value"]
    met = (gaps.loc[known, "state"] == "met").astype(float)
    table.loc[known, "p_met"] = met
    table.loc[known, "p_met_by"] = np.maximum(met, table.loc[known, "p_met_by"].fillna(0.0))
    return table


def _known(made: IndicatorForecast, row: np.ndarray, targets: pd.DataFrame) -> np.ndarray:
    """Return the last period and score up to each target's period, and how many there are."""
    periods, y = made.scores.columns.to_numpy(float), _own(made, row)
    if not len(periods):
        return np.tile([np.nan, np.nan, 0.0], (len(row), 1))
    seen = np.where(periods <= targets["target_period"].to_numpy(float)[:, None], y, np.nan)
    count, where = (~np.isnan(seen)).sum(axis=1), last_seen(seen)
    origin = np.where(count > 0, periods[where[1]], np.nan)
    return np.stack([origin, seen[where], count], axis=1)


def _own(made: IndicatorForecast, row: np.ndarray) -> np.ndarray:
    """Return the scores of the area of each target, NaN for an area (row −1) that has none."""
    y = made.scores.to_numpy(float)
    return np.vstack([y, np.full((1, y.shape[1]), np.nan)])[row]


def first_met_before(made: IndicatorForecast, row: np.ndarray, targets: pd.DataFrame) -> np.ndarray:
    """Return the first period, up to the target's, whose score met each target, NaN where none did.

    A score counts after the baseline; without a baseline period only the newest one: what was
    reached before the plan and lost again is not its success.
    """
    y, periods = _own(made, row), made.scores.columns.to_numpy(float)
    if not len(periods):
        return np.full(len(row), np.nan)
    start = targets["baseline_period"].astype("Float64").to_numpy(float, na_value=np.nan)[:, None]
    newest = _known(made, row, targets)[:, [0]]
    end = targets["target_period"].to_numpy(float)[:, None]
    within = np.where(np.isnan(start), periods == newest, (periods > start) & (periods <= end))
    met = within & (shortfall(targets, y) <= 0)
    return np.where(met.any(axis=1), periods[met.argmax(axis=1)], np.nan)


def _beyond_zero(
    made: IndicatorForecast, targets: pd.DataFrame, held: dict[str, np.ndarray]
) -> np.ndarray:
    """Tell which intervals cross zero though no score does and the scale has no end there."""
    y = made.scores.to_numpy(float)
    below = (np.nanmin(y) >= 0) & targets["lower"].isna() & (held["lower"] < 0)
    above = (np.nanmax(y) <= 0) & targets["upper"].isna() & (held["upper"] > 0)
    return (below | above).to_numpy(bool)


def _read_off(one: OpenTargets, level: float) -> dict[str, np.ndarray]:
    """Read interval, probabilities and expected change off the forecast, for targets still open."""
    cut = {"median": 0.5, "lower": (1 - level) / 2, "upper": (1 + level) / 2}
    found = {name: one.at_period(one.quantile(q)) for name, q in cut.items()}
    at = one.forecast.prob_at(**one.event)
    found["p_met"] = one.at_period(at)
    found["p_met_by"] = one.at_period(likely_by(one) if at.shape[1] > 1 else at)
    expected, value = one.at_period(one.forecast.median), one.made.last[1][one.place]
    common = one.at_period(one.made.common[one.place])
    found |= {"expected_change": expected - value, "common_part": common}
    found["own_part"] = expected - value - common
    return found


def likely_by(one: OpenTargets) -> np.ndarray:
    """Return the probability that each target is met by each period that is forecast."""
    return one.forecast.prob_by(**one.event, size=PATHS)
