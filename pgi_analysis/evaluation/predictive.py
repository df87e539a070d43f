"""What a forecaster hands to the back-test: distributions for areas and horizons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from pgi_analysis.evaluation.scores import crps_sample, crps_student
from pgi_analysis.panel import Forecast


@dataclass(frozen=True, eq=False)
class History:
    """The scores of one indicator up to an origin: y (areas, periods), times (periods,)."""

    indicator: str
    y: np.ndarray
    times: np.ndarray


class Predictive(Protocol):
    """Distributions of shape (areas, horizons)."""

    def cdf(self, value: np.ndarray) -> np.ndarray:
        """Return the probability of a score below `value`."""

    def crps(self, observed: np.ndarray) -> np.ndarray:
        """Return the continuous ranked probability score of what came, in points."""

    def centre(self) -> np.ndarray:
        """Return the median."""

    def paths(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw joint paths, of shape (size, areas, horizons)."""


#: the histories of a panel's indicators and the times to forecast, to one Predictive an indicator
Forecaster = Callable[[list[History], np.ndarray], list[Predictive]]


@dataclass(frozen=True, eq=False)
class Student:
    """Student's t at each area and horizon: location, scale, df, all broadcastable.

    ``draw(rng, size)`` gives joint paths where a model has them.
    """

    location: np.ndarray
    scale: np.ndarray
    df: np.ndarray
    draw: Callable[[np.random.Generator, int], np.ndarray] | None = None

    def cdf(self, value: np.ndarray) -> np.ndarray:
        """Return the probability of a score below `value`."""
        return special.stdtr(self.df, (value - self.location) / self.scale)

    def crps(self, observed: np.ndarray) -> np.ndarray:
        """Return the continuous ranked probability score of what came, in points."""
        return crps_student(observed, self.location, self.scale, self.df)

    def centre(self) -> np.ndarray:
        """Return the median."""
        return self.location

    def paths(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw joint paths, of shape (size, areas, horizons)."""
        if self.draw is None:
            raise NotImplementedError("this model has no joint paths.")
        return self.draw(rng, size)


@dataclass(frozen=True, eq=False)
class Sample:
    """Joint draws, of shape (size, areas, horizons)."""

    draws: np.ndarray

    def cdf(self, value: np.ndarray) -> np.ndarray:
        """Return the probability of a score below `value`."""
        below = (self.draws < value).mean(axis=0)
        return below + (self.draws == value).mean(axis=0) / 2

    def crps(self, observed: np.ndarray) -> np.ndarray:
        """Return the continuous ranked probability score of what came, in points."""
        return crps_sample(observed, self.draws)

    def centre(self) -> np.ndarray:
        """Return the median."""
        return np.median(self.draws, axis=0)

    def paths(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw joint paths, of shape (size, areas, horizons)."""
        return self.draws[rng.integers(len(self.draws), size=size)]


#: levels of the quantiles whose loss is averaged where there is no formula
LEVELS = (np.arange(60) + 0.5) / 60


@dataclass(frozen=True, eq=False)
class Transformed:
    """Student's t on another scale than the scores', see `panel.transforms`."""

    forecast: Forecast

    def cdf(self, value: np.ndarray) -> np.ndarray:
        """Return the probability of a score below `value`."""
        return self.forecast.prob_at(value, direction=-1)

    def crps(self, observed: np.ndarray) -> np.ndarray:
        """Return twice the mean pinball loss at `LEVELS`, in points."""
        loss = np.zeros(observed.shape)
        for level in LEVELS:
            over = observed - self.forecast.quantile(level)
            loss += np.where(over >= 0, level * over, (level - 1) * over)
        return 2 * loss / len(LEVELS)

    def centre(self) -> np.ndarray:
        """Return the median."""
        return self.forecast.median

    def paths(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw joint paths, of shape (size, areas, horizons)."""
        return self.forecast.paths(rng, size)


def from_forecast(forecast: Forecast) -> Student | Transformed:
    """Turn a panel forecast into what the back-test scores."""
    if forecast.transform.kind != "own":
        return Transformed(forecast)
    return Student(forecast.location, forecast.scale, forecast.tail, forecast.paths)
