"""Reference models: simple forecasters that the panel model must beat.

Each takes the histories of a panel's indicators and the times to forecast, see `predictive`. None
uses a prior, so that all but the climatology need two periods.
"""

from __future__ import annotations

import numpy as np

from pgi_analysis.evaluation.predictive import History, Predictive, Sample, Student

#: a normal distribution, as a Student's t
NORMAL_DF = np.array([[1e6]])
#: an area's own drift is not to be had from fewer scores
LEAST_FOR_DRIFT = 8


def _last(y: np.ndarray) -> np.ndarray:
    """Give each area's last score, NaN where it has none."""
    seen = ~np.isnan(y)
    column = y.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1)
    return y[np.arange(len(y)), column]


def _changes(history: History) -> np.ndarray:
    """Give changes between columns per root of the periods bridged."""
    return np.diff(history.y, axis=1) / np.sqrt(np.diff(history.times))


def _walk(location: np.ndarray, step: np.ndarray | float, h: np.ndarray) -> Student:
    """Give a normal random walk with `step` as variance a period, and its joint paths."""
    step = np.broadcast_to(step, location.shape[:1])[:, None]
    scale = np.sqrt(np.maximum(step * h, 1e-12))
    gaps = np.sqrt(np.diff(np.r_[0.0, h]))

    def draw(rng: np.random.Generator, size: int) -> np.ndarray:
        shocks = rng.standard_normal((size, *location.shape)) * gaps * np.sqrt(step)
        return location + np.cumsum(shocks, axis=2)

    return Student(location, scale, NORMAL_DF, draw)


def random_walk(histories: list[History], at: np.ndarray) -> list[Predictive]:
    """No change; ``y_h ~ N(y_n, h·s²)``, s² the mean squared one-period change of all areas."""
    found: list[Predictive] = []
    for one in histories:
        h = at - one.times[-1]
        location = np.repeat(_last(one.y)[:, None], len(at), axis=1)
        found.append(_walk(location, np.nanmean(_changes(one) ** 2), h))
    return found


def ar1(histories: list[History], at: np.ndarray) -> list[Predictive]:
    """Return to the panel mean: ``d_h = φ^h·d_n``, φ pooled over areas by least squares in [0, 1].

    The variance is ``s²·(1 − φ^2h)/(1 − φ²)`` of the residuals and ``h`` times the mean squared
    common move. Columns are taken as one period apart.
    """
    found: list[Predictive] = []
    for one in histories:
        h = at - one.times[-1]
        mean = np.nanmean(one.y, axis=0)
        deviation = one.y - mean
        before, after = deviation[:, :-1], deviation[:, 1:]
        both = ~np.isnan(before + after)
        phi = (before[both] @ after[both]) / max(before[both] @ before[both], 1e-12)
        phi = float(np.clip(phi, 0.0, 0.999))
        residual = np.mean((after[both] - phi * before[both]) ** 2)
        common = np.mean(np.diff(mean) ** 2 / np.diff(one.times))
        variance = residual * (1 - phi ** (2 * h)) / (1 - phi**2) + common * h
        location = mean[-1] + phi**h * (_last(one.y) - mean[-1])[:, None]
        found.append(Student(location, np.sqrt(np.maximum(variance, 1e-12))[None, :], NORMAL_DF))
    return found


def climatology(histories: list[History], at: np.ndarray) -> list[Predictive]:
    """Give the areas' distribution in the last period, for every area and horizon.

    Student's t with one degree of freedom less than areas, and 2 at least, so that it has a mean.
    """
    found: list[Predictive] = []
    for one in histories:
        column = one.y[:, -1]
        shape = (len(one.y), len(at))
        n = (~np.isnan(column)).sum()
        location = np.full(shape, np.nanmean(column))
        scale = np.full(shape, max(np.nanstd(column, ddof=1), 1e-6) * np.sqrt(1 + 1 / n))
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
        found.append(Sample(_last(one.y)[:, None] + np.cumsum(steps, axis=2)[:, :, h - 1]))
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
        scale = np.sqrt(np.maximum(square, 1e-12) * (h + h**2 / m))
        found.append(Student(_last(one.y)[:, None] + drift * h, scale, m - 1.0))
    return found
