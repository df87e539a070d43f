"""Targets still open, beside the forecasts of their areas: an indicator at a time, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pgi_analysis.panel import Forecast
from pgi_analysis.results.forecasting import IndicatorForecast


@dataclass(frozen=True, eq=False)
class OpenTargets:
    """Targets of one indicator that are projected.

    Attributes
    ----------
    made : IndicatorForecast
    targets : DataFrame
        ``area, target, target_upper, target_period, direction, lower, upper``, a row a target;
        further columns and the index are the caller's.
    """

    made: IndicatorForecast
    targets: pd.DataFrame

    @cached_property
    def place(self) -> np.ndarray:
        """The place of each target's area in `made`."""
        return self.made.scores.index.get_indexer(self.targets["area"])

    @cached_property
    def forecast(self) -> Forecast:
        """The forecast of each target's area, all horizons."""
        return self.made.forecast.take(self.place)

    @cached_property
    def step(self) -> np.ndarray:
        """The place of each target's period in the forecast."""
        return np.searchsorted(self.made.at, self.targets["target_period"].map(int).to_numpy())

    @cached_property
    def ends(self) -> np.ndarray:
        """The ends of each target's scale, of shape (2, targets, 1), infinite where none is."""
        return scale_ends(self.targets)[:, :, None]

    @property
    def goal(self) -> np.ndarray:
        """Each target, of shape (targets, 1)."""
        return self.targets["target"].to_numpy(float)[:, None]

    @property
    def direction(self) -> np.ndarray:
        """The direction of each target, of shape (targets, 1)."""
        return self.targets["direction"].to_numpy(float)[:, None]

    @property
    def event(self) -> dict[str, Any]:
        """What `Forecast.prob_at` and `Forecast.prob_by` ask of targets."""
        lower, upper = self.ends
        until = self.targets["target_upper"].to_numpy(float)
        about = {"target": self.goal, "direction": self.direction, "until": until}
        return about | {"lower": lower, "upper": upper}

    def quantile(self, level: float) -> np.ndarray:
        """Return the quantile at each horizon within the scale, of shape (targets, horizons)."""
        return np.clip(self.forecast.quantile(level), *self.ends)

    def at_period(self, values: np.ndarray) -> np.ndarray:
        """Pick the value at each target's period, of values of shape (targets, horizons)."""
        return values[np.arange(len(self.targets)), self.step]

    def up_to_period(self, values: np.ndarray, name: str) -> pd.DataFrame:
        """Return the values up to each target's period as ``period`` and a column of that name."""
        horizon = np.arange(values.shape[1])
        target, h = np.nonzero(horizon <= self.step[:, None])
        found = {"period": self.made.at[h], name: values[target, h]}
        return pd.DataFrame(found, index=self.targets.index[target])


def scale_ends(targets: pd.DataFrame) -> np.ndarray:
    """Return the ends of each target's scale, of shape (2, targets), infinite where none is."""
    low = targets["lower"].astype(float).fillna(-np.inf)
    high = targets["upper"].astype(float).fillna(np.inf)
    return np.stack([low.to_numpy(), high.to_numpy()])
