"""An edition that is partly out: what the published scores say of those that are not.

The common move m of the edition is asked of the areas that are out, and where the edition shows the
best areas only, of the others' absence:

    log p(m) = −m²/2c² − Σ_out (y_i − loc_i − m)²/2own_i + Σ_absent log P(y_i beyond the cutoff | m)

on a grid; an absent score is then ``N(loc_i + m, own_i)``, cut off where the edition is. What is
left of c² after that is what is still not known of the move.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from pgi_analysis.panel.common import CommonPrior
from pgi_analysis.panel.fitting import PanelFit
from pgi_analysis.panel.forecast import Forecast
from pgi_analysis.panel.prediction import predict

#: the grid of the common move, in its standard deviations
GRID = np.linspace(-6, 6, 601)


def nowcast(
    fit: PanelFit,
    at: float,
    out: np.ndarray,
    *,
    common: CommonPrior,
    cutoff: float | None = None,
    best: int = 1,
    there: np.ndarray | bool = True,
) -> tuple[Forecast, float]:
    """Forecast the scores of an edition, given those of its areas that are out.

    Parameters
    ----------
    fit : PanelFit
        Of the editions before.
    at : float
        The time of the edition.
    out : array of shape (areas,), points
        The scores that are out; NaN where one is not.
    common : CommonPrior
    cutoff : float, optional
        In points: the edition shows the best areas only, and all others lie beyond it.
    best : {1, -1}
        Whether the best are the highest, or the lowest.
    there : bool array of shape (areas,), optional
        Which areas are in the edition.

    Returns
    -------
    Forecast
        Of one horizon, for all areas.
    float
        The common move by which it differs from the forecast without the edition, in points of the
        scale of the forecast.
    """
    made = predict(fit, np.array([at]), common=common)
    location, own = made.location[:, 0], made.own[:, 0, 0]
    square = float(made.common[0, 0])
    known = ~np.isnan(out)
    move = GRID * np.sqrt(square)
    log = -(GRID**2) / 2
    apart = made.transform.to(out[known]) - location[known]
    log = log - ((apart[:, None] - move) ** 2 / (2 * own[known, None])).sum(axis=0)
    within = None
    if cutoff is not None:
        limit = float(made.transform.to(np.array(cutoff)))
        absent = ~known & there
        beyond = best * (limit - location[absent, None] - move) / np.sqrt(own[absent, None])
        log = log + special.log_ndtr(beyond).sum(axis=0)
        within = np.tile([[-np.inf], [np.inf]], len(out))
        within[1 if best > 0 else 0, absent] = limit
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    moved = float(weight @ move)
    left = float(weight @ (move - moved) ** 2)
    common = np.array([[left]])
    return replace(made, location=made.location + moved, common=common, within=within), moved
