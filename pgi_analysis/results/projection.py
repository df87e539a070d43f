"""Whether a target will be met: the distribution of the score to come, held against it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pgi_analysis.data import Dataset, schema, with_composites
from pgi_analysis.faults import Fault, InputError, did_you_mean, gather, refuse
from pgi_analysis.panel import family_named
from pgi_analysis.results.attainment import (
    PATHS,
    enter_outcomes,
    first_met_before,
    hold,
    scale_ends,
)
from pgi_analysis.results.forecasting import MODELS, IndicatorForecast, forecast_all
from pgi_analysis.results.gaps import gap
from pgi_analysis.results.joint import Joint, joint
from pgi_analysis.results.trends import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: paths of all areas drawn for a rank
RANK_PATHS = 2000

#: ends of the bands of a fan chart, the widest first
BANDS = ((0.05, 0.95), (0.1, 0.9), (0.25, 0.75))
FAN = (*(level for band in BANDS for level in band), 0.5)

COLUMNS = (
    "area indicator origin target_period value median lower upper target direction gap p_met "
    "p_met_by expected_change common_part own_part n_obs n_areas prior_only cautions reason"
).split()


@dataclass(frozen=True, eq=False)
class Projection:
    """Where the scores are heading, and how likely each target is to be met.

    Attributes
    ----------
    table : DataFrame
        One row a target, see `project`.
    targets : DataFrame
        The targets as they were given, with ``direction``, ``lower`` and ``upper``.
    forecasts : mapping from an indicator to its IndicatorForecast
    level, model, family, vintage
        The settings that made it.
    """

    table: pd.DataFrame
    targets: pd.DataFrame
    forecasts: Mapping[str, IndicatorForecast] = field(repr=False)
    level: float
    model: str
    family: str
    vintage: date | None = None
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)
    ds: Dataset | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"Projection({len(self.table)} targets, {self.model}, {self.level:.0%} interval)"

    def _repr_html_(self) -> str:
        from pgi_analysis.notebook import display

        return display.projection(self)

    @property
    def pending(self) -> Projection:
        """The part of it whose targets are projected: neither decided nor impossible to project."""
        rows = self.table["reason"] == ""
        return replace(self, table=self.table[rows], targets=self.targets[rows])

    def only(self, index: Hashable) -> Projection:
        """Give the part of it that is on one target, by its label in `table`."""
        return replace(self, table=self.table.loc[[index]], targets=self.targets.loc[[index]])

    @property
    def least_known(self) -> int:
        """The fewest scores of an area behind a target; 0 where nothing is projected."""
        return int(self.pending.table["n_obs"].min()) if len(self.pending.table) else 0

    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> pd.DataFrame:
        """Give quantiles of every score to come, up to each target's period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, quantile, value``.
        """
        rows = []
        for row in self.pending.table.itertuples():
            made, place = self.place(row)
            upto = made.at <= row.target_period
            low, high = self.scale(row.Index)
            one = made.forecast.take(place)
            for level in levels:
                check_level(level)
                values = np.clip(one.quantile(level)[0][upto], low, high)
                rows += [
                    (row.area, row.indicator, row.target_period, period, level, value)
                    for period, value in zip(made.at[upto], values, strict=True)
                ]
        names = "area indicator target_period period quantile value".split()
        return pd.DataFrame(rows, columns=names)

    def attainable(self, p: float = 0.8) -> pd.DataFrame:
        """Give the value that is reached with probability `p`: what could have been promised.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, target, attainable``.
        """
        check_level(p)
        found = []
        for row in self.pending.table.itertuples():
            made, place = self.place(row)
            quantile = made.forecast.take(place).quantile(1 - p if row.direction > 0 else p)
            low, high = self.scale(row.Index)
            found.append(np.clip(quantile[0][made.at == row.target_period][0], low, high))
        table = self.pending.table[["area", "indicator", "target_period", "target"]]
        return table.assign(attainable=found).reset_index(drop=True)

    def joint(self) -> Joint:
        """Put the targets of each area together: all met, k of them met, the composites.

        Indicators go together: their common shocks correlate by .3, own ones as the panel shows,
        and an odd year is odd for all. Decided targets count as what they are.

        Returns
        -------
        Joint
        """
        return joint(self.table, self.targets, self.forecasts, self.weights, self.level)

    def rank(self, *, seed: int = 0) -> pd.DataFrame:
        """Give the distribution of each area's rank in the target period, 1 is best.

        Ranked are the areas with scores in the panel (``n_ranked``), whose own deviations are
        drawn independently; the common move drops out.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, n_ranked, median, lower, upper`` (at `level`).
        """
        rows = []
        for row in self.pending.table.itertuples():
            made, place = self.place(row)
            step = int(np.searchsorted(made.at, row.target_period))
            scores = made.forecast.paths(np.random.default_rng(seed), RANK_PATHS)[:, :, step]
            ahead = row.direction * (scores - scores[:, place]) > 0
            cut = [(1 - self.level) / 2, 0.5, (1 + self.level) / 2]
            low, middle, high = np.quantile(1 + ahead.sum(axis=1), cut, method="inverted_cdf")
            start = (row.area, row.indicator, row.target_period, len(made.scores))
            rows.append((*start, int(middle), int(low), int(high)))
        names = "area indicator target_period n_ranked median lower upper".split()
        return pd.DataFrame(rows, columns=names)

    def first_met(self) -> pd.DataFrame:
        """Give the probability that each target is first met in each year, or not by its period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, probability``; ``period`` is NA for «not by
            the target period». A target that a score has met already has that year for sure.
        """
        rows = []
        for row in self.pending.table.itertuples():
            made, place = self.place(row)
            start = (row.area, row.indicator, row.target_period)
            earlier = first_met_before(made, place[0], self.targets.loc[row.Index])
            if earlier is not None:
                rows.append((*start, earlier, 1.0))
                continue
            low, high = self.scale(row.Index)
            one, upto = made.forecast.take(place), made.at <= row.target_period
            by = one.prob_by(
                np.array([row.target]), direction=row.direction, lower=low, upper=high, size=PATHS
            )[0][upto]
            rows += [
                (*start, int(period), p)
                for period, p in zip(made.at[upto], np.diff(by, prepend=0.0), strict=True)
            ]
            rows.append((*start, pd.NA, 1 - by[-1]))
        names = "area indicator target_period period probability".split()
        return pd.DataFrame(rows, columns=names).astype({"period": "Int64"})

    def plot(
        self, indicator: str | None = None, *, area: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the fan chart of an indicator of an area, the first of each if none is named."""
        from pgi_analysis.charts import plots
        from pgi_analysis.voice import own_voice

        chosen = choose(self.table[self.table["n_obs"] > 0], indicator, area)
        return plots.projection(self, *chosen, voice=own_voice(self.ds), ax=ax)

    def place(self, row) -> tuple[IndicatorForecast, np.ndarray]:
        """Give the forecast behind a row of `table`, and the area's place in it."""
        made = self.forecasts[row.indicator]
        return made, np.array([made.scores.index.get_loc(row.area)])

    def scale(self, index: Hashable) -> tuple[float, float]:
        """Give the ends of a target's scale, by its label in `targets`."""
        return scale_ends(self.targets.loc[[index]])[:, 0]


def _refuse_unknown(targets: pd.DataFrame, panel: pd.DataFrame) -> None:
    """Refuse targets of areas or indicators that the panel has nowhere: they are misspelt."""
    faults = []
    for column in ("area", "indicator"):
        known = set(panel[column])
        for row, name in targets.loc[~targets[column].isin(known), column].items():
            values = {"got": name, "hint": did_you_mean(str(name), known)}
            faults.append(Fault("target_unknown", "targets", row, column, values))
    if faults:
        raise InputError(gather(faults))


def choose(table: pd.DataFrame, indicator: str | None, area: str | None) -> tuple[str, str]:
    """Give an indicator and an area of a table of targets, the first ones where none is named.

    Raises
    ------
    InputError
        The table does not have them.
    """
    for name, wanted in (("indicator", indicator), ("area", area)):
        if wanted is None and len(table):
            wanted = table[name].iloc[0]
        if wanted not in set(table[name]):
            known = ", ".join(dict.fromkeys(table[name])) or "–"
            raise refuse("not_projected", got=wanted or "–", known=known)
        table = table[table[name] == wanted]
    return table["indicator"].iloc[0], table["area"].iloc[0]


def project(
    data: Dataset | pd.DataFrame,
    targets: pd.DataFrame | None = None,
    *,
    level: float = 0.8,
    model: str = "panel",
    family: str = "subnational_survey",
) -> Projection:
    """Project each target's indicator to its period, and tell how likely the target is to be met.

    Variances are learned from all areas of the panel, since the few scores of one area cannot tell
    a trend from noise; where the panel itself is too short they are those of a prior family. How
    common moves go is learned from all indicators of the panel, so that a row does not depend on
    which other targets are asked for. Indicators of a dataset that have the same ends lend each
    other the size of the differences between areas; those of a plain panel, whose scales are not
    known, do not. An indicator without two areas in any period is projected from its own history,
    which its ``cautions`` say.

    Parameters
    ----------
    data : Dataset or DataFrame
        A dataset with a plan, or a panel with the columns area, indicator, period, value and where
        there are such status (``interim`` for self-assessments) and released.
    targets : DataFrame, optional
        With a panel: area, indicator, target, target_period and where there are such
        baseline_period, direction (1 if left out), lower and upper (the ends of the scale).
    level : float
        Of the prediction interval, in (0, 1).
    model : {"panel", "ar1", "random_walk"}
        The panel model, or one of the simple ones to compare with: a return to the panel mean, or
        no change. See the modules of `panel`.
    family : {"subnational_survey", "country_index", "generic"}
        The kind of panel, for what the data cannot tell; see ``panel/families.toml``.

    Returns
    -------
    Projection
        Its table has, a target a row: ``origin`` (period of the last score), ``value`` (that
        score), ``median``, ``lower``, ``upper`` of the score to be published for the target period,
        ``gap`` (direction · (target − value)), ``p_met`` (probability that the target is met at its
        period), ``p_met_by`` (in any period after the baseline's up to it; without a baseline
        period, from the newest score on), ``expected_change`` from value to median and its parts,
        ``common_part`` (the move of all areas) and ``own_part`` (return to the area's usual place),
        ``n_obs`` (scores of this area), ``n_areas``, ``prior_only``, ``cautions`` (keys, separated
        by spaces: those of `panel.cautions`, ``own_history`` and ``beyond_zero``, an interval that
        reaches beyond zero though no score does), and ``reason``: empty,
        ``decided`` (the score of the target period is known; the interval is that score),
        ``unpublished`` (that edition is out, without this area's score), ``no_observation``,
        ``not_comparable`` (a series break lies between baseline and newest edition),
        ``too_few_areas`` (no period has two areas, and there are fewer than three scores) or
        ``constant``; with the last five the numbers are NaN.

    Raises
    ------
    InputError
        Faulty tables, targets whose area or indicator the panel has nowhere, an unknown model or
        family, or a level outside (0, 1).

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
    if model not in MODELS:
        raise refuse("model_unknown", got=model, known=", ".join(MODELS))
    prior = family_named(family)
    vintage, weights, ds, scales = None, {}, None, {}
    if isinstance(data, Dataset):
        panel, targets, vintage = data.panel(), plan_targets(data), data.vintage
        ends = data.indicators.dropna(subset=["lower", "upper"])
        scales = {row.indicator: (row.lower, row.upper) for row in ends.itertuples()}
        weights, ds = data.weights(), data
    else:
        panel = schema.require("panel", data)
        targets = schema.require("panel_targets", targets).assign(comparable=True)
        targets["direction"] = targets["direction"].fillna(1)
        if panel["value"].isna().all():
            raise refuse("panel_empty")
        _refuse_unknown(targets, panel)
    panel = panel.dropna(subset=["value"])
    until = targets.groupby("indicator", sort=False)["target_period"].max().to_dict()
    made = forecast_all(panel, until, model=model, family=prior, scales=scales)
    parts = [
        hold(made[name], rows, level) for name, rows in targets.groupby("indicator", sort=False)
    ]
    table = pd.concat(parts).loc[targets.index] if parts else pd.DataFrame()
    table = table.reindex(columns=COLUMNS)
    if isinstance(data, Dataset):
        table = enter_outcomes(table, gap(data).table)
    whole = dict.fromkeys(["origin", "target_period", "direction", "n_obs", "n_areas"], "Int64")
    table = table.astype(whole | {"prior_only": "boolean"})
    return Projection(table, targets, made, level, model, family, vintage, weights, ds)


def plan_targets(ds: Dataset) -> pd.DataFrame:
    """Give the plan's targets with area, direction, ends of the scale, and comparability."""
    plan = ds.require_plan()
    targets = with_composites(plan.targets, ds.indicators).assign(area=plan.area)
    scale = ds.indicators.set_index("indicator")
    for column in ("direction", "lower", "upper"):
        targets[column] = targets["indicator"].map(scale[column])
    segments = ds.segments()
    newest = segments.index[segments == segments.iloc[-1]] if len(segments) else []
    start = targets["baseline_period"]
    return targets.assign(comparable=start.isna() | start.isin(newest))
