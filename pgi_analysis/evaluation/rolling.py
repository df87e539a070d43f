"""Rolling origins: forecasts from every past period, each scored on what came after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from pgi_analysis.evaluation.predictive import Forecaster, History, Predictive, from_forecast
from pgi_analysis.faults import refuse
from pgi_analysis.panel import Family, all_equal, fit_siblings, pool, predict

COLUMNS = "model indicator area origin period horizon observed centre crps pit".split()
#: paths of a model for ``p_met_by``
MOST_PATHS = 500
EVENTS = "model indicator area origin period step target p_met met p_met_by met_by".split()


def panel_model(family: Family) -> Forecaster:
    """Make the panel model a forecaster, as `project` runs it on a plain panel.

    Parameters
    ----------
    family : Family
        Not learned on the panel under test, or the back-test flatters.
    """

    def forecaster(histories: list[History], at: np.ndarray) -> list[Predictive]:
        scores = [(one.y, one.times) for one in histories]
        fits = fit_siblings(scores, family, scales=range(len(scores)))
        common = pool(fits)
        return [from_forecast(predict(fit, at, common=common)) for fit in fits]

    return forecaster


@dataclass(frozen=True, eq=False)
class Rolled:
    """Every forecast, scored.

    Attributes
    ----------
    table : DataFrame
        A row a ``model, indicator, area, origin`` and ``horizon``, which is that many periods
        after the origin, in ``period``: ``observed``, ``centre`` (median of the
        forecast), ``crps`` (points), ``pit`` (forecast probability of a score below the observed).
    events : DataFrame
        A row a ``model``, target and ``period``: ``step`` (of the target over the last score, in
        standard deviations between areas), ``target``, ``p_met``, ``met``, ``p_met_by`` (missing
        where a model has no joint paths), ``met_by``.
    history : int
    horizons : tuple of int
    """

    table: pd.DataFrame
    events: pd.DataFrame
    history: int
    horizons: tuple[int, ...]

    def __repr__(self) -> str:
        models_ = self.table["model"].nunique()
        return f"Rolled({len(self.table)} forecasts of {models_} models, history {self.history})"


def roll(
    panel: pd.DataFrame,
    forecasters: Mapping[str, Forecaster],
    *,
    history: int,
    horizons: Sequence[int] = (1, 2, 3),
    steps: Sequence[float] = (),
    seed: int = 0,
    least_areas: int = 2,
    progress: Callable[[list[int]], Iterable[int]] = iter,
) -> Rolled:
    """Forecast from every origin with the last `history` periods, and score what came.

    An origin is a period for which an indicator has `history` periods up to it. All models are
    scored on the same rows: areas with a score at the origin and one at the horizon.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``; whole periods.
    forecasters : mapping from a name to a `predictive.Forecaster`
    history : int
        Periods that a forecaster sees.
    horizons : sequence of int
        Periods ahead of the origin.
    steps : sequence of float
        Targets, as steps over an area's last score in standard deviations between areas at the
        origin.
    seed : int
        Of the paths for ``p_met_by``, fewer for large panels, so that memory stays in bounds; a
        model's own paths do not depend on the others tested.
    least_areas : int
        An indicator is left out of an origin where a period of its history has fewer areas, or
        where nothing can be learned: all areas are equal, none has two scores in a row, or every
        period only repeats the first, which is a history of one period.
    progress : callable
        Wraps the list of origins, as ``tqdm`` does.

    Raises
    ------
    InputError
        No origin has that many periods, something to learn from in them, and a later one.
    """
    wide = {
        str(name): rows.pivot(index="area", columns="period", values="value").sort_index(axis=1)
        for name, rows in panel.dropna(subset=["value"]).groupby("indicator", sort=True)
    }
    tables, events = [], []
    rngs = {label: np.random.default_rng([seed, crc32(label.encode())]) for label in forecasters}
    for origin in progress(sorted(int(period) for period in panel["period"].unique())):
        cut = {
            name: seen_from(y, origin, history, horizons, least_areas) for name, y in wide.items()
        }
        cut = {name: one for name, one in cut.items() if one is not None}
        if not cut:
            continue
        histories = [History(n, y.to_numpy(), y.columns.to_numpy(float)) for n, y in cut.items()]
        at = origin + np.asarray(horizons, float)
        for label, forecaster in forecasters.items():
            found = forecaster(histories, at)
            for (name, past), predictive in zip(cut.items(), found, strict=True):
                future = wide[name].reindex(index=past.index, columns=at.astype(int)).to_numpy()
                scored = ~np.isnan(future) & past.iloc[:, -1].notna().to_numpy()[:, None]
                place = {"model": label, "indicator": name, "origin": origin}
                tables.append(_score(predictive, past, future, scored, horizons, place))
                if len(steps):
                    events += _events(
                        predictive, past, future, scored, at, place, steps, rngs[label]
                    )
    scored = [table for table in tables if len(table)]
    if not scored:
        raise refuse("backtest.nothing", got=history)
    return Rolled(
        pd.concat(scored, ignore_index=True)[COLUMNS],
        pd.concat(events, ignore_index=True)[EVENTS] if events else pd.DataFrame(columns=EVENTS),
        history,
        tuple(horizons),
    )


def seen_from(
    y: pd.DataFrame, origin: int, history: int, horizons: Sequence[int], least_areas: int
) -> pd.DataFrame | None:
    """Return the last `history` periods up to `origin`, of areas that have a score in them."""
    columns = y.columns[y.columns <= origin]
    ahead = y.columns.isin(origin + np.asarray(horizons))
    if len(columns) < history or columns[-1] != origin or not ahead.any():
        return None
    past = y[columns[-history:]]
    past = past[past.notna().any(axis=1)]
    if past.notna().sum().min() < least_areas:
        return None
    scores = past.to_numpy()
    seen_to_move = history == 1 or np.nan_to_num(np.diff(scores, axis=1)).any()
    unlike = least_areas == 1 or not all_equal(scores)
    return past if seen_to_move and unlike else None


def _has_paths(predictive: Predictive) -> bool:
    return getattr(predictive, "draw", True) is not None


def _score(predictive, past, future, scored, horizons, place) -> pd.DataFrame:
    row, column = np.nonzero(scored)
    shape = future.shape
    return pd.DataFrame(
        {
            **place,
            "area": past.index.to_numpy()[row],
            "period": place["origin"] + np.asarray(horizons)[column],
            "horizon": np.asarray(horizons)[column],
            "observed": future[row, column],
            "centre": np.broadcast_to(predictive.centre(), shape)[row, column],
            "crps": np.broadcast_to(predictive.crps(future), shape)[row, column],
            "pit": np.broadcast_to(predictive.cdf(future), shape)[row, column],
        }
    )


def _events(predictive, past, future, scored, at, place, steps, rng) -> list[pd.DataFrame]:
    # "by" needs every period on the way
    complete = np.logical_and.accumulate(scored, axis=1)
    row, column = np.nonzero(complete)
    last = past.iloc[:, -1].to_numpy()
    spread = np.nanstd(last, ddof=1)
    paths = None
    if _has_paths(predictive):
        size = int(np.clip(2e6 // len(past), 50, MOST_PATHS))
        paths = np.maximum.accumulate(predictive.paths(rng, size), axis=2)
    so_far = np.maximum.accumulate(future, axis=1)
    found = []
    for step in steps:
        target = (last + step * spread)[:, None]
        by = np.full(future.shape, np.nan) if paths is None else (paths >= target).mean(axis=0)
        found.append(
            pd.DataFrame(
                {
                    **place,
                    "area": past.index.to_numpy()[row],
                    "period": at[column].astype(int),
                    "step": step,
                    "target": target[row, 0],
                    "p_met": (1 - predictive.cdf(np.broadcast_to(target, future.shape)))[
                        row, column
                    ],
                    "met": (future >= target)[row, column],
                    "p_met_by": by[row, column],
                    "met_by": (so_far >= target)[row, column],
                }
            )
        )
    return found
