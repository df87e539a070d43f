"""From a tidy panel to the forecast of every area, indicator by indicator, by a named model."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pgi_analysis.panel import (
    Family,
    Forecast,
    PanelFit,
    cautions,
    common_forecast,
    fit_panel,
    fit_siblings,
    pool,
    predict,
    simple,
)

MODELS = ("panel", "ar1", "random_walk")


@dataclass(frozen=True, eq=False)
class IndicatorForecast:
    """The forecast of one indicator for all areas of the panel, or the reason why there is none.

    Attributes
    ----------
    indicator : str
    scores : DataFrame
        Official scores, a row an area and a column a period.
    at : array of shape (horizons,)
        The periods forecast: every one from the first after the last period of the panel.
    forecast : Forecast or None
    common : array of shape (areas, horizons)
        The part of the expected change since an area's last score that all areas share.
    prior_only : bool
    cautions : tuple of str
    reason : str
        ``too_few_areas`` or ``constant``, empty when there is a forecast.
    fit : PanelFit or None
        Of the panel model.
    """

    indicator: str
    scores: pd.DataFrame
    at: np.ndarray
    forecast: Forecast | None = None
    common: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    prior_only: bool = False
    cautions: tuple[str, ...] = ()
    reason: str = ""
    fit: PanelFit | None = None

    @property
    def last(self) -> tuple[np.ndarray, np.ndarray]:
        """Each area's last period and score."""
        y = self.scores.to_numpy(float)
        column = y.shape[1] - 1 - np.argmax(~np.isnan(y[:, ::-1]), axis=1)
        return self.scores.columns.to_numpy()[column], y[np.arange(len(y)), column]


def forecast_all(
    panel: pd.DataFrame,
    until: Mapping[str, int],
    *,
    model: str,
    family: Family,
    scales: Mapping[str, Hashable] | None = None,
) -> dict[str, IndicatorForecast]:
    """Forecast the indicators of a panel.

    Parameters
    ----------
    panel : DataFrame
        area, indicator, period, value, and where there are such status and released.
    until : mapping from an indicator to the last period wanted
    model : {"panel", "ar1", "random_walk"}
    family : Family
    scales : mapping, optional
        The scale of each indicator: those on one scale lend each other their variances.
    """
    panel = panel.dropna(subset=["value"])
    tables = {name: _tables(panel[panel["indicator"] == name]) for name in until}
    usable = {name for name, (official, _) in tables.items() if not _reason(official)}
    fits = _fits(tables, usable, family, scales or {}) if model == "panel" else {}
    common = pool(list(fits.values())) if fits else None
    found = {}
    for name, (official, _) in tables.items():
        start = int(official.columns[-1]) + 1 if official.size else until[name]
        at = np.arange(start, until[name] + 1)
        if name not in usable or not at.size:
            found[name] = IndicatorForecast(name, official, at, reason=_reason(official))
        elif model == "panel":
            fit = fits[name]
            made = predict(fit, at.astype(float), common=common)
            move, _ = common_forecast(fit.moves, common, at - fit.times[fit.official][-1])
            bare = IndicatorForecast(name, official, at)
            found[name] = replace(
                bare,
                forecast=made,
                common=_shared(fit, bare.last[0], move),
                prior_only=fit.prior_only,
                cautions=cautions(fit),
                fit=fit,
            )
        else:
            found[name] = _simple(name, official, at, model, family)
    return found


def _tables(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the official scores by area and period, and the interim ones by area and time."""
    interim = rows["status"].eq("interim") if "status" in rows else pd.Series(False, rows.index)
    official = rows[~interim].pivot(index="area", columns="period", values="value")
    official = official.sort_index().sort_index(axis=1)
    early = rows[interim]
    if early.empty or official.empty:
        return official, pd.DataFrame(index=official.index)
    # a self-assessment inside a year stands at its quarter; without a date, at mid-year
    quarter = early["released"].dt.quarter.fillna(2) if "released" in early else 2
    early = early.assign(time=early["period"] - 1 + quarter / 4)
    early = early[early["time"] > official.columns[-1]]
    wide = early.pivot_table(index="area", columns="time", values="value", aggfunc="last")
    wide = wide.reindex(index=official.index)
    # a column of one area has a mean of its own, and so tells nothing
    return official, wide.loc[:, wide.notna().sum() >= 2]


def _reason(official: pd.DataFrame) -> str:
    """Say why a table cannot be forecast, or nothing."""
    if not official.size or official.notna().sum().max() < 2:
        return "too_few_areas"
    deviation = official - official.mean()
    return "constant" if np.nanmean(deviation.to_numpy() ** 2) < 1e-12 else ""


def _fits(
    tables: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    usable: Iterable[str],
    family: Family,
    scales: Mapping[str, Hashable],
) -> dict[str, PanelFit]:
    """Fit the panel model, indicators on one scale together."""
    groups: dict[Hashable, list[str]] = {}
    for name in tables:
        if name in usable:
            groups.setdefault(scales.get(name, f"only {name}"), []).append(name)
    fits = {}
    for names in groups.values():
        plain = [name for name in names if tables[name][1].shape[1] == 0]
        panels = [_arrays(tables[name][0]) for name in plain]
        fits |= dict(zip(plain, fit_siblings(panels, family), strict=True))
        for name in set(names) - set(plain):
            official, early = tables[name]
            both = pd.concat([official, early], axis=1)
            y, times = _arrays(both)
            interim = np.isin(times, early.columns.to_numpy(float))
            fits[name] = fit_panel(y, times, family, interim=interim)
    return {name: fits[name] for name in tables if name in fits}


def _arrays(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return table.to_numpy(float), table.columns.to_numpy(float)


def _shared(fit: PanelFit, period: np.ndarray, move: np.ndarray) -> np.ndarray:
    """Give the expected common move since each area's own last period."""
    path, times = fit.mean[fit.official], fit.times[fit.official]
    # a period carried forward is not in the fit: the one before it stands for it
    column = np.searchsorted(times, period, side="right") - 1
    return (path[-1] - path[column])[:, None] + move[None, :]


def _simple(
    name: str, official: pd.DataFrame, at: np.ndarray, model: str, family: Family
) -> IndicatorForecast:
    """Forecast by one of the simple models."""
    y, times = _arrays(official)
    known = simple.variances(y, family, times=times)
    forecast = simple.forecast_areas(model, known, y, times, at.astype(float))
    shared = np.zeros((len(official), len(at)))
    return IndicatorForecast(
        name, official, at, forecast=forecast, common=shared, prior_only=known.prior_only
    )
