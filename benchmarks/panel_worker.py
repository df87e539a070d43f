"""The panel model on the cases of `against_statsforecast`, see `worker`."""

from __future__ import annotations

import numpy as np
from worker import serve

from pgi_analysis.panel import family_named, fit_siblings, pool, predict


def forecast(case: dict[str, np.ndarray], model: str, levels: tuple[float, ...]) -> np.ndarray:
    """Forecast all indicators of a panel together, by a prior family or the pooled random walk."""
    which = case["indicator"]
    panels = [(case["y"][which == name], case["times"]) for name in np.unique(which)]
    if model == "pooled random walk":
        made = [_walk(y, times, case["at"], levels) for y, times in panels]
    else:
        fits = fit_siblings(panels, family_named(model))
        common = pool(fits)
        forecasts = [predict(fit, case["at"], common=common) for fit in fits]
        made = [np.stack([one.quantile(level) for level in levels]) for one in forecasts]
    found = np.empty((len(levels), len(which), len(case["at"])))
    for name, quantiles in zip(np.unique(which), made, strict=True):
        found[:, which == name] = quantiles
    return found


def _walk(
    y: np.ndarray, times: np.ndarray, at: np.ndarray, levels: tuple[float, ...]
) -> np.ndarray:
    """Stay where each area is: a normal with the mean squared change of all areas a period."""
    from scipy import special

    step = np.nanmean(np.diff(y, axis=1) ** 2 / np.diff(times))
    scale = np.sqrt(step * (at - times[-1]))
    seen = ~np.isnan(y)
    last = y[np.arange(len(y)), y.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1)]
    return last[:, None] + special.ndtri(levels)[:, None, None] * scale


if __name__ == "__main__":
    serve(forecast)
