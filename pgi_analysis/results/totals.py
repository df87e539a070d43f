"""A total that is out, of an area whose parts are not: the estimates of the parts must sum to it.

    y_i | Σ w_j·y_j = s:   loc_i += w_i·v_i/S · (s − Σ w_j·loc_j),   v_i −= (w_i·v_i)²/S,
    S = Σ w_j²·v_j

with the parts that are known in their place. What parts have in common is left out: it is small
(correlations of .1 and less on the PCI), and the total fixes nearly all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pgi_analysis.data import Dataset
from pgi_analysis.panel import Forecast
from pgi_analysis.results.forecasting import IndicatorForecast


def with_totals(made: Mapping[str, IndicatorForecast], ds: Dataset) -> dict[str, IndicatorForecast]:
    """Return the forecasts, those of parts of an edition partly out in line with its total."""
    found, area = dict(made), ds.require_plan().area
    scores = ds.official()
    scores = scores[(scores["area"] == area) & (scores["status"] != "doubtful")]
    known = scores.set_index(["indicator", "period"])["value"]
    for whole, weights in ds.weights().items():
        told = known[known.index.get_level_values(0) == whole]
        if told.empty:
            continue
        (_, period), total = told.index[-1], float(told.iloc[-1])
        unknown = [part for part in weights if (part, period) not in known.index]
        absent = {part: found[part].now if part in found else None for part in unknown}
        rest = total - sum(w * known.get((part, period), 0.0) for part, w in weights.items())
        if absent and all(_fits(one, area, period) for one in absent.values()):
            for part, one in _in_line(absent, weights, area, rest).items():
                found[part] = replace(found[part], now=one)
    return found


def _fits(one: IndicatorForecast | None, area: str, period: int) -> bool:
    """Tell whether a forecast is of that edition, on the scores' own scale, and of the area."""
    return (
        one is not None
        and one.forecast is not None
        and one.at[0] == period
        and one.forecast.transform.kind == "own"
        and area in one.scores.index
    )


def _in_line(
    absent: Mapping[str, IndicatorForecast],
    weights: Mapping[str, float],
    area: str,
    total: float,
) -> dict[str, IndicatorForecast]:
    """Return the forecasts of parts that sum to what is left of a total."""
    row = {part: one.scores.index.get_loc(area) for part, one in absent.items()}
    location = {part: float(one.forecast.location[row[part], 0]) for part, one in absent.items()}
    variance = {
        part: float(one.forecast.total_variance[row[part], 0]) for part, one in absent.items()
    }
    spread = sum(weights[part] ** 2 * variance[part] for part in absent)
    short = total - sum(weights[part] * location[part] for part in absent)
    found = {}
    for part, one in absent.items():
        lever = weights[part] * variance[part]
        moved = location[part] + lever / spread * short
        left = max(variance[part] - lever**2 / spread, 1e-12 * variance[part])
        alone = _alone(one.forecast)
        forecast = alone.with_area(row[part], np.array([moved]), np.array([[left]]))
        found[part] = replace(one, forecast=forecast, cautions=(*one.cautions, "known_total"))
    return found


def _alone(made: Forecast) -> Forecast:
    """Return the forecast of one horizon with the common variance counted as each area's own."""
    areas = len(made.location)
    return replace(
        made,
        own_unit=made.own + made.common,
        pattern=np.arange(areas),
        variance=np.ones(areas),
        common=np.zeros_like(made.common),
    )
