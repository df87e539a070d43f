"""From a tidy panel to the forecast of every area, indicator by indicator, by a named model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from pgi_analysis.panel import (
    CommonPrior,
    Family,
    Forecast,
    PanelFit,
    Scores,
    Transform,
    all_equal,
    cautions,
    choose,
    completed,
    fit_panel,
    fit_siblings,
    last_seen,
    mixed,
    nowcast,
    own_history,
    pool,
    predict,
    shared_change,
    simple,
    unit_of,
    with_band,
    with_self_assessment,
    with_trend,
)
from pgi_analysis.results.background import ALL_SHOWN, NOTHING, Background, Selection

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
    self_assessed : set of str
        Areas whose own assessment of the score to come moved their forecast.
    damping : float
        The factor by which a drift that all areas share falls a period; 1 where none can be told.
    now : IndicatorForecast or None
        Of the last period, for areas without a score in it, given those of the others.
    reason : str
        ``too_few_areas`` or ``constant``, empty when there is a forecast.
    """

    indicator: str
    scores: pd.DataFrame
    at: np.ndarray
    forecast: Forecast | None = None
    common: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    prior_only: bool = False
    cautions: tuple[str, ...] = ()
    self_assessed: frozenset[str] = frozenset()
    damping: float = 1.0
    now: IndicatorForecast | None = None
    reason: str = ""

    @property
    def last(self) -> tuple[np.ndarray, np.ndarray]:
        """Each area's last period and score."""
        y = self.scores.to_numpy(float)
        where = last_seen(y)
        return self.scores.columns.to_numpy()[where[1]], y[where]


def forecast_all(
    panel: pd.DataFrame,
    until: Mapping[str, int],
    *,
    model: str,
    family: Family,
    known: Background = NOTHING,
    lacking: Collection[str] = (),
) -> dict[str, IndicatorForecast]:
    """Forecast the indicators of a panel.

    The panel model is fitted to all indicators of the panel, whichever are wanted, since they tell
    together how common moves go: so a forecast does not depend on what else is asked for. Where no
    period has two areas, each area is projected from its own history by `own_history`; by the model
    ``random_walk`` without trend or return.

    Parameters
    ----------
    panel : DataFrame
        area, indicator, period, value, and where there are such status and released.
    until : mapping from an indicator to the last period wanted
    model : {"panel", "ar1", "random_walk"}
    family : Family
    known : Background
        Of the indicators, beyond their scores.
    lacking : collection of str
        Indicators whose last period is to be told of areas without a score in it, by the panel
        model alone.
    """
    if not until:
        return {}
    panel = panel.dropna(subset=["value"])
    rows = dict(iter(panel.groupby("indicator", sort=True)))
    known = known if model == "panel" else replace(known, selected={})
    rows |= dict.fromkeys(until.keys() - rows.keys(), panel.iloc[:0])
    tables = _read(rows, known)
    basis = {name: _basis(table.official) for name, table in tables.items()}
    areas, single = (
        {name: table for name, table in tables.items() if basis[name] == kind}
        for kind in ("areas", "own_history")
    )
    if model == "panel":
        fits = _fits(areas, family, known)
        common = pool([fit for fit, *_ in fits.values()]) if fits else None
        alone = own_history.pool_series([_arrays(table.official) for table in single.values()])
    else:
        alone = own_history.no_change()
    found = {}
    for name, last in until.items():
        official = tables[name].official
        start = int(official.columns[-1]) + 1 if official.size else last
        bare = IndicatorForecast(name, official, np.arange(start, last + 1))
        if model == "ar1" and name in single:  # there is no mean of areas to return to
            found[name] = replace(bare, reason="too_few_areas")
        elif name not in areas and name not in single:
            found[name] = replace(bare, reason=basis[name])
        elif not bare.at.size:
            found[name] = bare
        elif name in single:
            found[name] = _by_own_history(bare, alone)
        elif model == "panel":
            made = _by_panel(bare, fits[name], common, tables[name].alone)
            found[name] = _with_bands(made, fits[name][0], known.parts)
        else:
            found[name] = _simple(bare, model, family)
        if model == "panel" and name in lacking and name in areas:
            now = _nowcast(name, rows, family, known)
            found[name] = replace(found[name], now=now)
    return found


class _Tables(NamedTuple):
    """Scores of an indicator, a row an area.

    ``official`` by period and ``early``, the interim ones, by time; ``alone`` are the interim ones
    of times at which one area has any, a row each.
    """

    official: pd.DataFrame
    early: pd.DataFrame
    alone: pd.DataFrame

    def of(self, areas: pd.Index) -> _Tables:
        """Return the scores of some areas."""
        return _Tables(self.official.reindex(areas), self.early.reindex(areas), self.alone)


def _read(rows: Mapping[str, pd.DataFrame], known: Background) -> dict[str, _Tables]:
    """Read the scores of each indicator; with all areas that editions show the best of."""
    found = {name: _tables(rows[name]) for name in sorted(rows)}
    for name in known.selected.keys() & found.keys():
        official, _, alone = found[name]
        if _basis(official) == "areas":
            official = official.reindex(sorted({*official.index, *known.selected[name].everyone}))
            found[name] = _Tables(official, pd.DataFrame(index=official.index), alone)
    return found


def _tables(rows: pd.DataFrame) -> _Tables:
    interim = rows["status"].eq("interim") if "status" in rows else pd.Series(False, rows.index)
    official = rows[~interim].pivot(index="area", columns="period", values="value")
    official = official.sort_index().sort_index(axis=1)
    early = rows[interim]
    if early.empty or official.empty:
        return _Tables(official, pd.DataFrame(index=official.index), early)
    # a self-assessment inside a year stands at its quarter; without a date, at mid-year
    quarter = early["released"].dt.quarter.fillna(2) if "released" in early else 2
    early = early.assign(time=early["period"] - 1 + quarter / 4)
    early = early[early["time"] > official.columns[-1]]
    wide = early.pivot_table(index="area", columns="time", values="value", aggfunc="last")
    wide = wide.reindex(index=official.index)
    # a column of one area would have a mean of its own, and so tell nothing
    together = wide.notna().sum() >= 2
    alone = early[early["time"].isin(wide.columns[~together])].sort_values("time")
    return _Tables(official, wide.loc[:, together], alone.drop_duplicates("area", keep="last"))


def _basis(official: pd.DataFrame) -> str:
    """Tell what a forecast can rest on: ``areas``, or ``own_history``, or why on nothing."""
    if not official.size:
        return "too_few_areas"
    y, times = _arrays(official)
    if official.notna().sum().max() >= 2:
        return "constant" if all_equal(y) else "areas"
    size, count = own_history.changes(y, times)
    if count < own_history.LEAST_CHANGES:
        return "too_few_areas"
    return "own_history" if size else "constant"


def _arrays(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return table.to_numpy(float), table.columns.to_numpy(float)


def _fits(
    tables: Mapping[str, _Tables],
    family: Family,
    known: Background,
) -> dict[str, list[PanelFit]]:
    """Fit the panel model to all indicators together, interim scores after the official ones.

    An indicator with editions that show the best areas only is fitted by itself, several times.
    """
    scores, whole = [], [name for name in tables if name not in known.selected]
    for name in whole:
        official, early, _ = tables[name]
        y = np.hstack([official.to_numpy(float), early.to_numpy(float)])
        times = np.r_[official.columns.to_numpy(float), early.columns.to_numpy(float)]
        interim = np.arange(len(times)) >= official.shape[1]
        mean = np.array(
            [known.means.get((name, int(period)), np.nan) for period in official.columns]
        )
        mean = np.r_[mean, np.full(early.shape[1], np.nan)]
        scores.append(Scores(y, times, interim, known.ends.get(name), mean))
    fits = fit_siblings(scores, family, scales=[known.scales.get(name, name) for name in whole])
    found = {name: [fit] for name, fit in zip(whole, fits, strict=True)}
    for name in tables.keys() & known.selected.keys():
        found[name] = _selective(
            tables[name].official, family, known.ends.get(name), known.selected[name]
        )
    return found


def _selective(
    official: pd.DataFrame,
    family: Family,
    ends: tuple[float, float] | None,
    selection: Selection,
) -> list[PanelFit]:
    """Fit an indicator with editions that show the best areas only, once a draw of the others."""
    times = official.columns.to_numpy(float)
    transform, draws = _drawn(official, family, ends, selection)
    fits = [with_trend(fit_panel(z, times, family, unit=unit_of(z))) for z in draws]
    return [replace(fit, transform=transform) for fit in fits]


def _drawn(
    official: pd.DataFrame,
    family: Family,
    ends: tuple[float, float] | None,
    selection: Selection,
) -> tuple[Transform, list[np.ndarray]]:
    """Draw the scores that editions do not show, on the scale on which they are modelled."""
    y, times = _arrays(official)
    transform = choose(y, ends)
    cutoffs = transform.to(selection.at(official.columns))
    there = selection.there(official.index, official.columns)
    return transform, completed(
        transform.to(y), times, family, cutoffs, best=selection.best, there=there
    )


def with_those_not_shown(
    official: pd.DataFrame, name: str, family: Family, known: Background
) -> list[pd.DataFrame]:
    """Return the scores of an indicator, several times with draws of those that are not shown.

    Once, as they are, where its editions show all areas or nothing can be learned from them.
    """
    if name not in known.selected or _basis(official) != "areas":
        return [official]
    selection = known.selected[name]
    everyone = official.reindex(sorted({*official.index, *selection.everyone}))
    transform, draws = _drawn(everyone, family, known.ends.get(name), selection)
    about = {"index": everyone.index, "columns": everyone.columns}
    return [everyone.fillna(pd.DataFrame(transform.back(z), **about)) for z in draws]


def _nowcast(
    name: str,
    rows: Mapping[str, pd.DataFrame],
    family: Family,
    known: Background,
) -> IndicatorForecast | None:
    """Forecast the last edition of an indicator for the areas without a score in it.

    From the editions before it, the interim scores of it and the scores that are out; None where
    there are no editions before.
    """
    official = _read({name: rows[name]}, known)[name].official
    last = official.columns[-1]
    earlier = _read({one: _before(table, int(last)) for one, table in rows.items()}, known)
    earlier = {one: table for one, table in earlier.items() if _basis(table.official) == "areas"}
    if name not in earlier:
        return None
    earlier[name] = earlier[name].of(official.index)
    fits = _fits(earlier, family, known)
    common = pool([fit for fit, *_ in fits.values()])
    selection = known.selected.get(name, ALL_SHOWN)
    about = {
        "cutoff": selection.cutoffs.get(int(last)),
        "best": selection.best,
        "there": selection.there(official.index, [last])[:, 0],
    }
    before = IndicatorForecast(name, earlier[name].official, np.array([last]))
    out = official[last].to_numpy(float)
    told = [nowcast(fit, float(last), out, common=common, **about) for fit in fits[name]]
    made = mixed([forecast for forecast, _ in told])
    made, assessed = _self_assessed(before, made, fits[name][0], earlier[name].alone)
    moves = [
        shared_change(fit, before.at, before.last[0], common=common) + moved
        for fit, (_, moved) in zip(fits[name], told, strict=True)
    ]
    shared = fits[name][0].transform.moved(before.last[1][:, None], np.mean(moves, axis=0))
    return replace(
        before,
        scores=official,
        forecast=made,
        self_assessed=assessed,
        common=shared,
        prior_only=fits[name][0].prior_only,
        cautions=(*cautions(fits[name][0]), *(["selective"] if len(told) > 1 else [])),
    )


def _before(rows: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return what was there before an edition came out: its interim scores are."""
    kept = rows["period"] < last
    if "status" in rows:
        kept |= rows["status"].eq("interim").fillna(False) & (rows["period"] == last)
    return rows[kept]


def _self_assessed(
    bare: IndicatorForecast, made: Forecast, fit: PanelFit, alone: pd.DataFrame
) -> tuple[Forecast, frozenset[str]]:
    """Move the forecast of areas that alone assess themselves by that, and tell which they are."""
    moved = set()
    for area, period, value in zip(alone["area"], alone["period"], alone["value"], strict=True):
        if area in bare.scores.index and period in bare.at:
            place, step = bare.scores.index.get_loc(area), int(period - bare.at[0])
            made = with_self_assessment(made, fit, place, step, float(value))
            moved.add(area)
    return made, frozenset(moved)


def _by_panel(
    bare: IndicatorForecast, fits: Sequence[PanelFit], common: CommonPrior, alone: pd.DataFrame
) -> IndicatorForecast:
    """Forecast by the panel model; an area that alone assesses itself by that as well."""
    at, fit = bare.at.astype(float), fits[0]
    made = mixed([predict(one, at, common=common) for one in fits])
    made, assessed = _self_assessed(bare, made, fit, alone)
    shared = [shared_change(one, at, bare.last[0], common=common) for one in fits]
    return replace(
        bare,
        forecast=made,
        self_assessed=assessed,
        common=fit.transform.moved(bare.last[1][:, None], np.mean(shared, axis=0)),
        damping=fit.moves.damping if fit.moves.may_drift else 1.0,
        prior_only=fit.prior_only,
        cautions=(*cautions(fit), *(["selective"] if len(fits) > 1 else [])),
    )


def _with_bands(
    found: IndicatorForecast, fit: PanelFit, parts: Mapping[str, Sequence[str]]
) -> IndicatorForecast:
    """Let newly formed areas be moved by the last scores of their parts, all of one edition."""
    made, scores, at = found.forecast, found.scores, found.at.astype(float)
    for area in scores.index.intersection(list(parts)):
        old = scores.reindex(list(parts[area])).dropna(axis=1)
        begun = scores.loc[area].first_valid_index()
        if old.shape[1] and begun is not None and old.columns[-1] < begun:
            last = old.iloc[:, -1]
            row, ends = scores.index.get_loc(area), (last.min(), last.max())
            made = with_band(made, fit, at, row, float(old.columns[-1]), ends)
    return replace(found, forecast=made)


def _by_own_history(bare: IndicatorForecast, prior: CommonPrior) -> IndicatorForecast:
    """Forecast each area from its own scores."""
    made = own_history.forecast_series(*_arrays(bare.scores), bare.at.astype(float), prior)
    shared = np.zeros((len(bare.scores), len(bare.at)))
    return replace(bare, forecast=made, common=shared, cautions=("own_history",))


def _simple(bare: IndicatorForecast, model: str, family: Family) -> IndicatorForecast:
    """Forecast by one of the simple models."""
    y, times = _arrays(bare.scores)
    made, known = simple.forecast_panel(model, y, times, bare.at.astype(float), family)
    shared = np.zeros((len(y), len(bare.at)))
    return replace(bare, forecast=made, common=shared, prior_only=known.prior_only)
