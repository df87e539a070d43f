"""Reference models: simple forecasters that the panel model must beat.

Each takes the histories of a panel's indicators and the times to forecast, see `predictive`. Those
of `panel.simple` lean on a prior family where no change is seen; of the others, which use none, all
but the climatology need two periods.
"""

from __future__ import annotations

import numpy as np

from pgi_analysis.evaluation.predictive import (
    Forecaster,
    History,
    Predictive,
    Sample,
    Student,
    from_forecast,
)
from pgi_analysis.panel import Family, last_seen, own_history, simple, unit_of

#: an area's own drift is not to be had from fewer scores
LEAST_FOR_DRIFT = 8


def simple_model(name: str, family: Family) -> Forecaster:
    """Make a model of `panel.simple` a forecaster: the very one that `project` shows."""

    def forecaster(histories: list[History], at: np.ndarray) -> list[Predictive]:
        made = [simple.forecast_panel(name, one.y, one.times, at, family) for one in histories]
        return [from_forecast(forecast) for forecast, _ in made]

    return forecaster


def single_series(*, changing: bool = True) -> Forecaster:
    """Make the model of single series a forecaster; if not `changing`, the one of no change."""

    def forecaster(histories: list[History], at: np.ndarray) -> list[Predictive]:
        panels = [(one.y, one.times) for one in histories]
        prior = own_history.pool_series(panels) if changing else own_history.no_change()
        return [from_forecast(own_history.forecast_series(*one, at, prior)) for one in panels]

    return forecaster


def _least(history: History) -> float:
    """Return the least scale: a forecast that is quite sure could not be scored."""
    return 1e-6 * unit_of(history.y).size


def climatology(histories: list[History], at: np.ndarray) -> list[Predictive]:
    """Return the areas' distribution in the last period, for every area and horizon.

    Student's t with one degree of freedom less than areas, and 2 at least, so that it has a mean.
    """
    found: list[Predictive] = []
    for one in histories:
        column = one.y[:, -1]
        shape = (len(one.y), len(at))
        n = (~np.isnan(column)).sum()
        location = np.full(shape, np.nanmean(column))
        scale = np.full(shape, max(np.nanstd(column, ddof=1), _least(one)) * np.sqrt(1 + 1 / n))
        found.append(Student(location, scale, np.array([[max(n - 1.0, 2.0)]])))
    return found


def change_bootstrap(
    histories: list[History], at: np.ndarray, *, rng: np.random.Generator, size: int = 400
) -> list[Predictive]:
    """Add to the last score changes drawn from all areas and periods; whole periods ahead."""
    found: list[Predictive] = []
    for one in histories:
        pool = np.diff(one.y, axis=1)
        pool = pool[~np.isnan(pool)]
        h = np.round(at - one.times[-1]).astype(int)
        steps = rng.choice(pool, (size, len(one.y), h.max()))
        found.append(
            Sample(one.y[last_seen(one.y)][:, None] + np.cumsum(steps, axis=2)[:, :, h - 1])
        )
    return found


def own_drift(histories: list[History], at: np.ndarray) -> list[Predictive]:
    """Walk with the area's own drift: ``y_n + h·Δ̄``, variance ``s²·(h + h²/m)``, t(m − 1).

    Raises
    ------
    ValueError
        Fewer than eight periods: a trend is not to be had from one short series.
    """
    found: list[Predictive] = []
    for one in histories:
        if one.y.shape[1] < LEAST_FOR_DRIFT:
            raise ValueError(f"own_drift needs {LEAST_FOR_DRIFT} periods, got {one.y.shape[1]}.")
        h = at - one.times[-1]
        changes = np.diff(one.y, axis=1)
        m = np.maximum((~np.isnan(changes)).sum(axis=1), 3)[:, None]
        drift = np.nan_to_num(np.nansum(changes, axis=1) / m[:, 0])[:, None]
        square = np.nansum((changes - drift) ** 2, axis=1)[:, None] / (m - 1)
        scale = np.sqrt(np.maximum(square, _least(one) ** 2) * (h + h**2 / m))
        found.append(Student(one.y[last_seen(one.y)][:, None] + drift * h, scale, m - 1.0))
    return found
