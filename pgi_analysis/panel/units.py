"""The origin and the size by which scores are measured while a model is fitted to them.

    z = (y − origin) / size,        size² about the mean of (y − mean of its period)²

A prior family speaks of ratios alone: of v to V0, of noise to v, of c² to v. V0 itself has no prior
but what siblings on the same scale lend, and they share one size. So the fit of z, scaled back, is
the fit of y, in whatever unit and from whatever zero y is measured; and what has to be absolute in
arithmetic (the bounds of a search, the ridge of a matrix) means the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pgi_analysis.panel.forecast import Forecast

#: areas whose scores differ by less than this share of the largest are equal, rounding apart
EQUAL = 1e-12


@dataclass(frozen=True)
class Unit:
    """The origin and the size of the scores of an indicator, both in points."""

    origin: float
    size: float

    def strip(self, y: np.ndarray) -> np.ndarray:
        """Return scores in units of `size` from `origin`."""
        return (y - self.origin) / self.size

    def restore(self, made: Forecast) -> Forecast:
        """Return a forecast of stripped scores in points."""
        return replace(
            made,
            location=made.location * self.size + self.origin,
            own_unit=made.own_unit * self.size**2,
            common=made.common * self.size**2,
        )


#: scores as they are
POINTS = Unit(0.0, 1.0)


def spread(y: np.ndarray) -> float:
    """Return the root mean square distance of scores from the mean of their period, in points."""
    return float(np.sqrt(np.nanmean((y - np.nanmean(y, axis=0)) ** 2)))


def all_equal(y: np.ndarray) -> bool:
    """Tell whether in each period all areas have the same score.

    Examples
    --------
    >>> all_equal(np.array([[3.0, 4.0], [3.0, 4.0]])), all_equal(np.array([[3e-9], [4e-9]]))
    (True, False)
    """
    return bool(spread(y) <= EQUAL * np.nanmax(np.abs(y)))


def unit_of(y: np.ndarray, size: float | None = None) -> Unit:
    """Return the unit of scores of shape (areas, periods), of their own spread if none is given.

    The size is the power of two next to it, which scales without rounding.
    """
    size = size or spread(y) or 1.0  # of scores that do not differ, any will do
    return Unit(float(np.nanmean(y)), 2.0 ** np.round(np.log2(size)))
