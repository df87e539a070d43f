"""Whether a target will be met: the distribution of the score to come, held against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pgi_analysis import panel as models
from pgi_analysis import schema
from pgi_analysis.dataset import Dataset
from pgi_analysis.faults import InputError, refuse
from pgi_analysis.gaps import DECIMALS, with_composites
from pgi_analysis.trends import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: paths drawn for p_met_by; its Monte Carlo error is at most .5/√DRAWS
DRAWS = 10_000

COLUMNS = (
    "area indicator origin target_period value median lower upper target gap p_met p_met_by "
    "n_obs n_areas prior_only reason"
).split()


@dataclass(frozen=True, eq=False)
class Projection:
    """Where the scores are heading, and how likely each target is to be met.

    Attributes
    ----------
    table : DataFrame
        One row a target, see `project`.
    fan : DataFrame
        One row a target, future period and quantile: ``area, indicator, target_period, period,
        quantile, value``; what the fan chart draws.
    level, model, family, vintage
        The settings that made it.
    """

    table: pd.DataFrame
    fan: pd.DataFrame
    history: pd.DataFrame
    level: float
    model: str
    family: str
    vintage: object = None

    def __repr__(self) -> str:
        return f"Projection({len(self.table)} targets, {self.model}, {self.level:.0%} interval)"

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False)

    @property
    def pending(self) -> Projection:
        """The part of it whose targets are projected: neither decided nor impossible to project."""
        return replace(self, table=self.table[self.table["reason"] == ""])

    def plot(self, indicator: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the fan chart of an indicator, the first if none is named."""
        from pgi_analysis import plots

        return plots.projection(self, indicator or self.table["indicator"].iloc[0], ax=ax)


def project(
    data: Dataset | pd.DataFrame,
    targets: pd.DataFrame | None = None,
    *,
    level: float = 0.8,
    model: str = "ar1",
    family: str = "subnational_survey",
) -> Projection:
    """Project each target's indicator to its period, and tell how likely the target is to be met.

    The variances are pooled over all areas of the panel, since the few scores of one area cannot
    tell a trend from noise; where the panel itself is too short they are those of a prior family.

    Parameters
    ----------
    data : Dataset or DataFrame
        A dataset with a plan, or a panel with the columns area, indicator, period, value.
    targets : DataFrame, optional
        With a panel: area, indicator, target, target_period and where there are such
        baseline_period, direction (1 if left out), lower and upper (the ends of the scale).
    level : float
        Of the prediction interval, in (0, 1).
    model : {"ar1", "random_walk"}
        Return to the panel mean, or no change; see `panel`.
    family : {"subnational_survey", "country_index", "generic"}
        The kind of panel, for what the data cannot tell; see ``families.toml``.

    Returns
    -------
    Projection
        Its table has, a target a row: ``origin`` (period of the last score), ``value`` (that
        score), ``median``, ``lower``, ``upper`` of the score to be published for the target period,
        ``gap`` (direction · (target − value)), ``p_met`` (probability that the target is met at its
        period), ``p_met_by`` (in any period from the baseline's to it), ``n_obs`` (scores of this
        area), ``n_areas``, ``prior_only``, and ``reason``: empty, ``decided`` (the score of the
        target period is known; the interval is that score), ``no_observation``, ``not_comparable``
        (a series break lies between baseline and newest edition), ``too_few_areas`` or
        ``constant``; with the last four the numbers are NaN.

    Raises
    ------
    InputError
        Faulty tables, an unknown model or family, or a level outside (0, 1).

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"area": list("ABCDE"), "indicator": "x", "period": 2023,
    ...                       "value": [4.0, 5.0, 6.0, 7.0, 8.0]})
    >>> targets = pd.DataFrame({"area": ["A"], "indicator": ["x"],
    ...                         "target": [4.0], "target_period": [2024]})
    >>> row = project(panel, targets, model="random_walk").table.iloc[0]
    >>> float(row["median"]), float(row["p_met"]), bool(row["prior_only"])
    (4.0, 0.5, True)
    """
    check_level(level)
    if model not in models.MODELS:
        raise refuse("model_unknown", got=model, known=", ".join(models.MODELS))
    prior = models.family_named(family)
    if isinstance(data, Dataset):
        panel, targets, vintage = data.panel(), _plan_targets(data), data.vintage
    else:
        panel = schema.require("panel", data)
        targets = schema.require("panel_targets", targets)
        vintage = None
    panel = panel.dropna(subset=["value"])
    if panel.empty and not isinstance(data, Dataset):
        raise refuse("panel_empty")
    rows: dict[int, dict[str, object]] = {}
    fans, history = [], []
    for indicator, wanted in targets.groupby("indicator", sort=False):
        scores = panel[panel["indicator"] == indicator]
        found = _project_indicator(scores, wanted, model, prior, level)
        rows |= found[0]
        fans += found[1]
        history.append(scores[scores["area"].isin(wanted["area"])])
    table = pd.DataFrame([rows[i] for i in targets.index]).reindex(columns=COLUMNS)
    whole = ["origin", "target_period", "n_obs", "n_areas"]
    table = table.astype(dict.fromkeys(whole, "Int64") | {"prior_only": "boolean"})
    return Projection(
        table,
        pd.DataFrame(fans, columns=_FAN),
        pd.concat(history, ignore_index=True)[["area", "indicator", "period", "value"]],
        level,
        model,
        family,
        vintage,
    )


_FAN = "area indicator target_period period quantile value".split()
_QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def _plan_targets(ds: Dataset) -> pd.DataFrame:
    plan = ds.require_plan()
    targets = with_composites(plan.targets, ds.indicators).assign(area=plan.area)
    scale = ds.indicators.set_index("indicator")
    for column in ("direction", "lower", "upper"):
        targets[column] = targets["indicator"].map(scale[column])
    segments = ds.segments()
    newest = segments.index[segments == segments.iloc[-1]] if len(segments) else []
    start = targets["baseline_period"]
    targets["comparable"] = start.isna() | start.isin(newest)
    return targets


def _project_indicator(
    scores: pd.DataFrame, targets: pd.DataFrame, model: str, family: models.Family, level: float
) -> tuple[dict[int, dict[str, object]], list[dict[str, object]]]:
    rows, fans = {}, []
    known, reason = None, ""
    wide = scores.pivot(index="area", columns="period", values="value")
    if wide.size:
        periods = range(int(wide.columns.min()), int(wide.columns.max()) + 1)
        wide = wide.reindex(columns=periods)
        try:
            known = models.variances(wide.to_numpy(float), family)
        except InputError as error:
            rule = error.faults[0].rule
            reason = {"panel_too_small": "too_few_areas", "panel_constant": "constant"}[rule]
    for row in targets.itertuples():
        own = wide.loc[row.area].dropna() if row.area in wide.index else pd.Series(dtype=float)
        own = own[own.index <= row.target_period]
        entry: dict[str, object] = {
            "area": row.area,
            "indicator": row.indicator,
            "target": row.target,
            "target_period": row.target_period,
            "n_obs": len(own),
            "reason": reason,
        }
        direction = 1 if pd.isna(row.direction) else int(row.direction)
        if known:
            entry |= {"n_areas": known.n_areas, "prior_only": known.prior_only}
        if not getattr(row, "comparable", True):
            entry["reason"] = "not_comparable"
        elif not len(own):
            entry["reason"] = "no_observation"
        else:
            origin, value = int(own.index[-1]), float(own.iloc[-1])
            gap = round(direction * (row.target - value), DECIMALS) + 0.0
            entry |= {"origin": origin, "value": value, "gap": gap}
            met_before = _met_before(own, row, direction)
            if origin == row.target_period:
                met = float(gap <= 0)
                entry |= dict.fromkeys(("median", "lower", "upper"), value)
                entry |= {"p_met": met, "p_met_by": float(met_before), "reason": "decided"}
            elif known:
                forecast = _forecast(wide, own, int(row.target_period), model, known)
                found, fan = _read_off(forecast, row, direction, level)
                if met_before:
                    found["p_met_by"] = 1.0
                entry |= found
                future = range(origin + 1, int(row.target_period) + 1)
                fans += [
                    {
                        **{name: entry[name] for name in _FAN[:3]},
                        "period": p,
                        "quantile": q,
                        "value": v,
                    }
                    for q, values in fan.items()
                    for p, v in zip(future, values, strict=True)
                ]
        rows[row.Index] = entry
    return rows, fans


def _met_before(own: pd.Series, row, direction: int) -> bool:
    """Tell whether a score after the baseline has met the target already."""
    start = row.baseline_period
    later = own[own.index > start] if pd.notna(start) else own
    return bool((direction * (row.target - later).round(DECIMALS) <= 0).any())


def _forecast(
    wide: pd.DataFrame, own: pd.Series, until: int, model: str, known: models.Variances
) -> models.Forecast:
    origin = own.index[-1]
    column = wide[origin].dropna()
    return models.forecast(
        model,
        known,
        last=np.array([own.iloc[-1]]),
        steps=np.arange(1, until - origin + 1, dtype=float)[None, :],
        centre=np.array([column.mean()]),
        centre_n=np.array([float(len(column))]),
    )


def _read_off(
    forecast: models.Forecast, row, direction: int, level: float
) -> tuple[dict[str, float], dict[float, np.ndarray]]:
    """Hold a forecast against a target: probabilities, interval and fan, within the scale."""
    low = -np.inf if pd.isna(row.lower) else float(row.lower)
    high = np.inf if pd.isna(row.upper) else float(row.upper)

    def quantile(q: float) -> np.ndarray:
        return np.clip(forecast.quantile(q)[0], low, high)

    sure = row.target <= low if direction > 0 else row.target >= high
    impossible = row.target > high if direction > 0 else row.target < low
    if sure or impossible:
        at = by = float(sure)
    else:
        above = float(forecast.above(np.array(row.target))[0, -1])
        at = by = above if direction > 0 else 1 - above
        if forecast.mean.shape[1] > 1:
            paths = direction * forecast.paths(np.random.default_rng(0), DRAWS)[:, 0]
            by = max(at, float((paths.max(axis=1) >= direction * row.target).mean()))
    found = {
        "median": float(quantile(0.5)[-1]),
        "lower": float(quantile((1 - level) / 2)[-1]),
        "upper": float(quantile((1 + level) / 2)[-1]),
        "p_met": at,
        "p_met_by": by,
    }
    return found, {q: quantile(q) for q in _QUANTILES}
