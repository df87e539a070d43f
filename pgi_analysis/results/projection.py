"""A projection: what can be read off the distribution of scores to come."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pgi_analysis.charts import FAN, Fan
from pgi_analysis.data import Dataset, calendar_of, checked
from pgi_analysis.faults import Fault
from pgi_analysis.results.attainment import first_met_before, likely_by
from pgi_analysis.results.base import PENDING, Result, choose
from pgi_analysis.results.forecasting import IndicatorForecast
from pgi_analysis.results.joint import Joint, joint
from pgi_analysis.results.open_targets import OpenTargets, scale_ends
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: paths of all areas drawn for a rank
RANK_PATHS = 2000

_KEY = ["area", "indicator", "target_period"]


@dataclass(frozen=True, eq=False)
class Projection(Result):
    """Where the scores are heading, and how likely each target is to be met.

    Attributes
    ----------
    table : DataFrame
        One row a target, see `project`.
    targets : DataFrame
        The targets as they were given, ``area, indicator, baseline, baseline_period, target,
        target_upper, target_period, change, change_upper, relative, stated``, with ``direction``,
        ``lower`` and
        ``upper`` (ends of the scale) and ``comparable``: no series break lies between the baseline
        and the newest edition.
    forecasts : mapping from an indicator to its IndicatorForecast
    level, model, family, vintage
        The settings that made it.
    notices : tuple of Fault
        What in the data was accepted, but may be wrong.
    """

    targets: pd.DataFrame
    forecasts: Mapping[str, IndicatorForecast] = field(repr=False)
    level: float
    model: str
    family: str
    vintage: date | None = None
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)
    ds: Dataset | None = field(default=None, repr=False)
    notices: tuple[Fault, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Projection({len(self.table)} targets, {self.model}, {self.level:.0%} interval)"

    @property
    def pending(self) -> Projection:
        """The part of it whose targets are projected: neither decided nor impossible to project."""
        return self.only(self.table.index[self.table["state"].isin(PENDING)])

    def only(self, rows: Sequence[Hashable]) -> Projection:
        """Return the part of it that is on some targets, by their labels in `table`."""
        return replace(self, table=self.table.loc[rows], targets=self.targets.loc[rows])

    @property
    def least_known(self) -> int:
        """The fewest scores of an area behind a target; 0 where nothing is projected."""
        return int(self.pending.table["n_obs"].min()) if len(self.pending.table) else 0

    def ends(self, index: Hashable) -> tuple[float, float]:
        """Return the ends of a target's scale, infinite where there is none."""
        return scale_ends(self.targets.loc[[index]])[:, 0]

    def _open(self) -> Iterator[OpenTargets]:
        """Go through the targets still open, an indicator at a time; their index is their place."""
        pending = self.pending
        places = pd.RangeIndex(len(pending.table))
        targets = pending.targets.assign(p_met=pending.table["p_met"]).set_axis(places)
        now = (pending.table["state"] == "nowcast").to_numpy()
        for (name, told), rows in targets.groupby(["indicator", now], sort=False):
            made = self.forecasts[name]
            yield OpenTargets(made.now if told and made.now is not None else made, rows)

    def _told(self, columns: Sequence, tell: Callable[[OpenTargets], pd.DataFrame]) -> pd.DataFrame:
        """Put together what is told of the targets still open, in their order, after their keys."""
        parts = [tell(one) for one in self._open()] or [pd.DataFrame(columns=list(columns))]
        told = pd.concat(parts).sort_index(kind="stable")
        keys = self.pending.table[_KEY].reset_index(drop=True).loc[told.index]
        found = pd.concat([keys, told], axis=1).reset_index(drop=True)
        return calendar_of(self.table).write(found)

    @checked
    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> pd.DataFrame:
        """Return quantiles of every score to come, up to each target's period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, quantile, value``.
        """
        return self._quantiles(levels, OpenTargets.quantile)

    @checked
    def _quantiles(
        self, levels: Sequence[float], quantile: Callable[[OpenTargets, float], np.ndarray]
    ) -> pd.DataFrame:
        def tell(one: OpenTargets) -> pd.DataFrame:
            parts = [one.up_to_period(quantile(one, q), "value").assign(quantile=q) for q in levels]
            return pd.concat(parts)[["period", "quantile", "value"]]

        return self._told(["period", "quantile", "value"], tell)

    @checked
    def attainable(self, p: float = 0.8) -> pd.DataFrame:
        """Return the value that is reached with probability `p`: what could have been promised.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, target, attainable``.
        """

        def tell(one: OpenTargets) -> pd.DataFrame:
            value = np.where(one.direction > 0, one.quantile(1 - p), one.quantile(p))
            return one.targets[["target"]].assign(attainable=one.at_period(value))

        return self._told(["target", "attainable"], tell)

    def joint(self) -> Joint:
        """Put the targets of each area together: all met, k of them met, the composites.

        Indicators go together: their common shocks correlate by .3, own ones as the panel shows,
        and an odd year is odd for all. Decided targets count as what they are.

        Returns
        -------
        Joint
        """
        return joint(self.table, self.targets, self.forecasts, self.weights, self.level)

    @checked
    def rank(self, *, seed: int = 0) -> pd.DataFrame:
        """Return the distribution of each area's rank in the target period, 1 is best.

        Ranked are the areas with scores in the panel (``n_ranked``), whose own deviations are
        drawn independently; the common move drops out.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, n_ranked, median, lower, upper`` (at `level`).
        """
        from scipy.stats import rankdata

        columns = ["n_ranked", "median", "lower", "upper"]
        cut = [0.5, (1 - self.level) / 2, (1 + self.level) / 2]

        def tell(one: OpenTargets) -> pd.DataFrame:
            found = np.empty((len(one.targets), 3))
            for step, sign in {*zip(one.step, one.direction[:, 0], strict=True)}:
                ahead = one.made.forecast.until(step + 1)
                scores = ahead.paths(np.random.default_rng(seed), RANK_PATHS)[:, :, step]
                if one.made.at[step] in one.made.scores:  # of an edition that is partly out
                    out = one.made.scores[one.made.at[step]].to_numpy(float)
                    scores = np.where(np.isnan(out), scores, out)
                ranks = rankdata(-sign * scores, method="min", axis=1)
                rows = (one.step == step) & (one.direction[:, 0] == sign)
                of_area = np.quantile(ranks, cut, axis=0, method="inverted_cdf")
                found[rows] = of_area.T[one.place[rows]]
            n_ranked = np.full((len(found), 1), len(one.made.scores))
            cells = np.hstack([n_ranked, found]).astype(int)
            return pd.DataFrame(cells, one.targets.index, columns)

        return self._told(columns, tell)

    def first_met(self) -> pd.DataFrame:
        """Return the probability that each target is first met in each year, or not by its period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, probability``; ``period`` is NA for «not by
            the target period». A target that a score has met already has that year for sure.
        """

        def tell(one: OpenTargets) -> pd.DataFrame:
            earlier = first_met_before(one.made, one.place, one.targets)
            met, by = ~np.isnan(earlier), likely_by(one)
            found = one.up_to_period(np.diff(by, prepend=0.0), "probability")
            not_by = {"period": pd.NA, "probability": 1 - one.at_period(by)}
            known = {"period": earlier[met], "probability": 1.0}
            labels = one.targets.index
            parts = [
                found.drop(labels[met]),
                pd.DataFrame(not_by, labels).drop(labels[met]),
                pd.DataFrame(known, labels[met]),
            ]
            return pd.concat([part.astype({"period": "Int64"}) for part in parts])

        return self._told(["period", "probability"], tell)

    def _figures(self) -> dict[str, np.ndarray]:
        targets = self.targets.groupby("indicator")["target"]
        return {
            name: np.append(made.scores.to_numpy(float), targets.get_group(name))
            for name, made in self.forecasts.items()
        }

    def _draw(self, voice: Voice, ax: Axes | None) -> Axes:
        from pgi_analysis.charts import rows

        return rows.intervals(self.table, self.level, voice, ax)

    def figure(self, voice: Voice) -> Figure | None:
        """Draw the prediction intervals of the targets still open, an Axes for each scale."""
        return Result.figure(self.pending, voice)

    def fan(self, index: Hashable) -> Fan:
        """Return what the fan chart of a target draws, by its label in `table`."""
        return self._fan(self.table.loc[index], self.only([index]).quantiles(FAN))

    def _fan(self, row: pd.Series, quantiles: pd.DataFrame) -> Fan:
        """Put a target's scores before quantiles of what is to come."""
        scores = self.forecasts[row["indicator"]].scores
        known = scores.loc[row["area"]].dropna() if row["area"] in scores.index else pd.Series()
        plain = quantiles.assign(period=quantiles["period"].map(int))
        wide = plain.pivot(index="period", columns="quantile", values="value")
        if len(wide):
            wide.loc[int(row["origin"])] = row["value"]
        target, period = float(row["target"]), int(row["target_period"])
        label = calendar_of(self.table).label
        ends = target, period, float(row["target_upper"])
        return Fan(row["indicator"], known, wide.sort_index(), *ends, label)

    def fans(self, voice: Voice) -> Figure | None:
        """Draw the fan chart of every indicator still open, one below the other."""
        from pgi_analysis.charts import fans

        last = self.pending.table.drop_duplicates("indicator", keep="last")
        return fans.fans([self.fan(index) for index in last.index], voice)

    @checked
    def plot(
        self, indicator: str | None = None, *, area: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the fan chart of an indicator of an area, the first of each if none is named.

        Of several target periods the last one is drawn.
        """
        from pgi_analysis.charts import fans

        chosen = choose(self.table[self.table["n_obs"] > 0], indicator, area)
        last = chosen["target_period"].astype(int).idxmax()
        return fans.fan(self.fan(last), self._voice, ax)
