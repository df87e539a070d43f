"""What one area's self-assessment of a score to come says: a noisy look at it.

    z = y(t) + e,   Var(e) = 4·noise
    location += Cov(y, y(t)) / (Var y(t) + Var e) · (z − location(t))

Where several areas assess themselves, `fitting` learns how noisy that is; of one area alone nothing
can be learned, and the middle of the values that it tries is taken. The common move stays as
uncertain as it was, for this area too: an interval rather too wide than too narrow.
"""

from __future__ import annotations

import numpy as np

from pgi_analysis.panel.fitting import PanelFit
from pgi_analysis.panel.forecast import Forecast

#: noise variance of a self-assessment, over that of a published score
NOISE = 4.0


def with_self_assessment(
    made: Forecast, fit: PanelFit, area: int, step: int, value: float
) -> Forecast:
    """Return the forecasts as they become by what one area says of its own score to come.

    Parameters
    ----------
    made : Forecast
        By `predict`.
    fit : PanelFit
    area, step : int
        The row, and the horizon of the score assessed.
    value : float, points
    """
    own = made.own[area]
    noise = NOISE * fit.components.noise * fit.variance[area] * fit.unit.size**2
    total = own[step, step] + made.common[step, step] + noise
    location = made.location[area]
    gain = (own[:, step] + made.common[:, step]) / total
    moved = location + gain * (made.transform.to(np.array(value)) - location[step])
    return made.with_area(area, moved, own - np.outer(own[:, step], own[:, step]) / total)
