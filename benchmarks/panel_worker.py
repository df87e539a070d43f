"""The panel model on the cases of `against_statsforecast`, see `worker`."""

from __future__ import annotations

import numpy as np
from worker import serve

from pgi_analysis.evaluation.predictive import History, Student
from pgi_analysis.evaluation.references import random_walk
from pgi_analysis.panel import family_named, fit_siblings, pool, predict


def forecast(case: dict[str, np.ndarray], model: str, levels: tuple[float, ...]) -> np.ndarray:
    """Forecast all indicators of a panel together, by a prior family or the pooled random walk."""
    which = case["indicator"]
    panels = [(case["y"][which == name], case["times"]) for name in np.unique(which)]
    if model == "pooled random walk":
        histories = [History("", y, times) for y, times in panels]
        made = [_normal(one, levels) for one in random_walk(histories, case["at"])]
    else:
        fits = fit_siblings(panels, family_named(model))
        common = pool(fits)
        forecasts = [predict(fit, case["at"], common=common) for fit in fits]
        made = [np.stack([one.quantile(level) for level in levels]) for one in forecasts]
    found = np.empty((len(levels), len(which), len(case["at"])))
    for name, quantiles in zip(np.unique(which), made, strict=True):
        found[:, which == name] = quantiles
    return found


def _normal(made: Student, levels: tuple[float, ...]) -> np.ndarray:
    from scipy import special

    return made.location + special.ndtri(levels)[:, None, None] * made.scale


if __name__ == "__main__":
    serve(forecast)
